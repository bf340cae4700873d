import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {downhill, traceArrow, velocityArrow} from "../../../static/race/arrows.js";
import {eigen} from "../../../static/race/local_model.js";
import {createCover, trace} from "../../../static/race/paths.js";
import {createPlane} from "../../../static/race/plane.js";
import {createRelief} from "../../../static/race/relief.js";
import {nearest, pointsOf} from "../../../static/race/sweep.js";

const near = (found, wanted, within = 1e-9) => assert.ok(Math.abs(found - wanted) <= within, `${found}, not ${wanted}`);
const PLANE = createPlane([[0, 100], [0, 100]], 100, 100);

describe("arrows", () => {
  const square = {perX: 10, perY: 10};

  it("point downhill, by powers of ten of the gradient", () => {
    for (const [size, length] of [[1e-2, 15], [1, 30], [100, 45], [1e4, 60], [1e9, 60], [6e-3, 15]]) {
      const [dx, dy] = downhill(square, [size, 0]);
      near(dx, -length);
      near(dy, 0);
    }
    assert.equal(downhill(square, [1e-4, 0]), null);
    assert.equal(downhill(square, [0, 0]), null);
    assert.equal(downhill(square, [NaN, 0]), null);
  });

  it("point down on the map where y grows", () => {
    const [dx, dy] = velocityArrow({perX: 10, perY: 2}, [3, 20]);
    assert.deepEqual([dx, dy], [30, -40]);
  });

  it("are neither too short to be seen nor too long", () => {
    near(Math.hypot(...velocityArrow(square, [0.01, 0.01])), 15);
    near(Math.hypot(...velocityArrow(square, [1000, 0])), 90);
    assert.equal(velocityArrow(square, [0.004, 0]), null);
    near(Math.hypot(...traceArrow(square, [1e-9, 0])), 22.5);
    near(Math.hypot(...traceArrow(square, [1000, 0])), 120);
    assert.equal(traceArrow(square, [0, 0]), null);
    assert.equal(traceArrow(square, [Infinity, 0]), null);
  });
});

describe("eigenvalues", () => {
  it("and directions make up the matrix again, the larger one first", () => {
    for (const [a, b, c] of [[2, 1, 2], [1, 0, 5], [5, 0, 1], [3, -2, 7], [1, 0, 1], [0, 4, 0]]) {
      const {values: [large, small], vectors: [[x0, y0], [x1, y1]]} = eigen(a, b, c);
      assert.ok(large >= small);
      near(large * x0 * x0 + small * x1 * x1, a);
      near(large * x0 * y0 + small * x1 * y1, b);
      near(large * y0 * y0 + small * y1 * y1, c);
      near(x0 * x1 + y0 * y1, 0);
    }
  });
});

describe("a path", () => {
  const draw = (places, isNew = () => true, pen = null, first = 0) => {
    const pieces = [];
    const track = {x: (step) => places[step][0], y: (step) => 100 - places[step][1]};
    const last = trace(track, PLANE, 0, [first, places.length - 1], pen, isNew, (points) => pieces.push([...points]));
    return {pieces, last};
  };

  it("is one line through all places", () => {
    assert.deepEqual(draw([[0, 0], [10, 0], [10, 20]]), {pieces: [[0, 0, 10, 0, 10, 20]], last: [10, 20]});
  });

  it("goes on from where it was", () => {
    assert.deepEqual(draw([[0, 0], [10, 0]], () => true, [5, 5], 1), {pieces: [[5, 5, 10, 0]], last: [10, 0]});
  });

  it("leaves out what would not be seen and what is not finite", () => {
    assert.deepEqual(draw([[0, 0], [0.5, 0.5], [NaN, 3], [10, 0]]).pieces, [[0, 0, 10, 0]]);
    assert.deepEqual(draw([[0, 0], [0.1, 0]]), {pieces: [], last: [0, 0]});
    assert.deepEqual(draw([[NaN, NaN]]), {pieces: [], last: null});
  });

  it("leaves out lines that add nothing", () => {
    const isNew = (x0) => x0 !== 10;
    assert.deepEqual(draw([[0, 0], [10, 0], [20, 0], [30, 0]], isNew).pieces, [[0, 0, 10, 0], [20, 0, 30, 0]]);
  });

  it("is cut where it is far off the map", () => {
    assert.deepEqual(draw([[0, 0], [1e9, 0]]), {pieces: [[0, 0, 4000, 0]], last: [4000, 0]});
  });

  it("comes in pieces that follow upon one another", () => {
    const {pieces} = draw(Array.from({length: 350}, (_, k) => [k, k % 2]));
    assert.ok(pieces.length > 1);
    assert.ok(pieces.every((points) => points.length <= 204));
    pieces.slice(1).forEach((points, k) => assert.deepEqual(points.slice(0, 2), pieces[k].slice(-2)));
    assert.deepEqual(pieces.at(-1).slice(-2), [349, 1]);
  });
});

describe("what paths have covered", () => {
  it("is known for each path by itself", () => {
    const cover = createCover({width: 100, height: 50});
    assert.equal(cover(0, 0, 60, 30, 1), true);
    assert.equal(cover(0, 0, 60, 30, 1), false);
    assert.equal(cover(10, 5, 20, 10, 1), false);
    assert.equal(cover(0, 0, 60, 30, 2), true);
    assert.equal(cover(0, 0, 60, 40, 1), true);
  });

  it("is nothing off the map", () => {
    const cover = createCover({width: 100, height: 50});
    assert.equal(cover(-30, -5, -10, -5, 1), false);
    assert.equal(cover(200, 10, 90, 10, 1), true);
  });
});

describe("a relief", () => {
  it("keeps a plain and a steep step as they are", () => {
    const plain = createRelief(new Uint8Array(16).fill(128), 4);
    assert.ok(plain.heights.every((height) => Math.abs(height - 7) < 1e-6));
    assert.equal(plain.whole, true);
    const cliff = createRelief(Uint8Array.from({length: 64}, (_, k) => (k % 8 < 4 ? 1 : 255)), 8);
    assert.ok(cliff.heights.every((height, k) => Math.abs(height - (k % 8 < 4 ? 0 : 14)) < 1e-6));
  });

  it("makes a slope of steps of one byte smooth", () => {
    const size = 32;
    const steps = Uint8Array.from({length: size * size}, (_, k) => 100 + Math.floor((k % size) / 4));
    const {heights} = createRelief(steps, size);
    const row = heights.slice(15 * size + 10, 15 * size + 22);
    const exact = 14 / 254 / 4;
    for (let k = 1; k < row.length; k++) assert.ok(Math.abs(row[k] - row[k - 1] - exact) < 0.6 * exact);
  });

  it("knows where there is no height, and goes on a little beyond what is known", () => {
    const bytes = new Uint8Array(25).fill(128);
    bytes[12] = 0;
    const {heights, known, whole} = createRelief(bytes, 5);
    assert.equal(whole, false);
    assert.deepEqual(known.reduce((sum, cell) => sum + cell, 0), 24);
    near(heights[12], 7, 1e-6);
  });
});

describe("the outcome of a sweep", () => {
  it("is drawn logarithmic, with gaps where a rate diverges", () => {
    const points = pointsOf([1, 10, 100], [0.01, null, 100], 0);
    assert.deepEqual(points, [[3, 23], null, [81, 3]]);
    near(pointsOf([1, 10, 100], [0.01, 1, 100], 0)[1][1], 13);
  });

  it("is flat where all rates come to the same", () => {
    assert.deepEqual(pointsOf([1, 10], [5, 5], 5).map(([, y]) => y), [23, 23]);
  });

  it("is marked at the rate that is nearest by its ratio", () => {
    const rates = [0.001, 0.01, 0.1, 1];
    assert.deepEqual([0.0001, 0.01, 0.04, 0.025, 5].map((rate) => nearest(rates, rate)), [0, 1, 2, 1, 3]);
  });
});
