import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {biasBox, courseAt, layOut, linkIndex} from "../../../static/network/geometry.js";
import {hitTest} from "../../../static/network/hit_test.js";
import {FEATURES, layersOf} from "./networks.js";

const lay = (layers, strip = false) => layOut({width: 900, height: 700, layers, features: FEATURES, strip});
const GEOMETRY = lay(layersOf(2, 4, 3, 1));
const {columns, rows} = GEOMETRY;
const WEIGHTS = new Int8Array(23).fill(20);
const hit = (x, y, weights = WEIGHTS, geometry = GEOMETRY) => hitTest(geometry, weights, x, y);

/** A place on a link, at a share of its way. */
function onLink(layer, i, j, share, {columns: all, straight} = GEOMETRY) {
  const [from, to] = [all[layer - 1], all[layer]];
  const {height} = courseAt(share, straight);
  return [from.right + share * (to.left - from.right), from.ys[i] + height * (to.ys[j] - from.ys[i])];
}

describe("under the cursor", () => {
  it("is a unit all over its tile", () => {
    for (const [layer, i] of [[1, 0], [1, 3], [2, 1], [3, 0]]) {
      const {left, right, tile, ys} = columns[layer];
      for (const [x, y] of [[left, ys[i] - tile / 2], [columns[layer].x, ys[i]], [right, ys[i] + tile / 2 - 1]]) {
        assert.deepEqual(hit(x, y), {kind: "unit", layer, i, j: 0});
      }
    }
  });

  it("is a bias in its square, even where that touches the tile", () => {
    const box = biasBox(columns[2], columns[2].ys[1]);
    assert.deepEqual(hit(box.x + box.side / 2, box.y + box.side / 2), {kind: "bias", layer: 2, i: 1, j: 0});
  });

  it("is a link on its course", () => {
    for (const share of [0.1, 0.3, 0.8]) {
      assert.deepEqual(hit(...onLink(2, 3, 0, share)), {kind: "link", layer: 2, i: 3, j: 0});
    }
  });

  it("is the nearer of two links", () => {
    const [x, y] = onLink(1, 0, 0, 0.6);
    assert.deepEqual(hit(x, y), {kind: "link", layer: 1, i: 0, j: 0});
    assert.deepEqual(hit(...onLink(1, 1, 0, 0.6)), {kind: "link", layer: 1, i: 1, j: 0});
  });

  it("is the stronger of two links that cross", () => {
    // From 0 to 1 and from 1 to 0 cross in the middle.
    for (const [strong, weak] of [[[0, 1], [1, 0]], [[1, 0], [0, 1]]]) {
      const weights = new Int8Array(23);
      weights[linkIndex(columns[1], ...strong)] = -120;
      weights[linkIndex(columns[1], ...weak)] = 5;
      assert.deepEqual(hit(...onLink(1, 0, 1, 0.5), weights), {kind: "link", layer: 1, i: strong[0], j: strong[1]});
    }
  });

  it("is no link that is not drawn, as the weak ones of very many", () => {
    const many = lay(layersOf(3, 40, 40, 1));
    assert.equal(many.straight, true);
    const weights = new Int8Array(3 * 40 + 40 * 40 + 40).fill(1);
    const [x, y] = onLink(1, 1, 20, 0.5, many);
    const strong = linkIndex(many.columns[1], 1, 20);
    weights[strong] = 100;
    assert.deepEqual(hit(x, y, weights, many), {kind: "link", layer: 1, i: 1, j: 20});
    weights.fill(100);
    weights[strong] = 1;
    assert.notDeepEqual(hit(x, y, weights, many), {kind: "link", layer: 1, i: 1, j: 20});
  });

  it("is a histogram in the lower half", () => {
    for (const [layer, row] of [[0, 0], [1, 1], [3, 0]]) {
      const y = (rows[row].top + rows[row].base) / 2;
      assert.deepEqual(hit(columns[layer].x, y), {kind: "histogram", layer, i: row, j: 0});
    }
  });

  it("is nothing beside all that", () => {
    assert.equal(hit(columns[1].x, 1), null);
    assert.equal(hit(columns[1].x + GEOMETRY.columnWidth / 2, rows[0].base), null);
    assert.equal(hit(899, 300), null);
  });
});

describe("under the cursor in a strip", () => {
  const strip = lay(layersOf(3, ...Array(30).fill(40), 2), true);

  it("are a layer's distributions, above, and its place on the chart, below", () => {
    for (const layer of [0, 7, 31]) {
      const {x} = strip.columns[layer];
      for (const row of [0, 1]) {
        const y = strip.rows[row].top + 5;
        assert.deepEqual(hit(x, y, undefined, strip), {kind: "histogram", layer, i: row, j: 0});
      }
      assert.deepEqual(hit(x, strip.chart.bottom - 9, undefined, strip), {kind: "profile", layer, i: 0, j: 0});
    }
  });

  it("is nothing left of the first layer", () => {
    assert.equal(hit(strip.chart.left - 5, strip.rows[0].base, undefined, strip), null);
  });
});
