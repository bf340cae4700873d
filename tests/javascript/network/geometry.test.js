import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {biasBox, courseAt, layOut, linkIndex, minimalWidth} from "../../../static/network/geometry.js";
import {FEATURES, layersOf} from "./networks.js";

const lay = (layers, {width = 900, height = 700, strip = false} = {}) =>
  layOut({width, height, layers, features: FEATURES, strip});
const SIZES = [[380, 560], [620, 700], [900, 700], [1600, 1100]];

describe("a network unit by unit", () => {
  it("has a column for each layer, from left to right at equal distances", () => {
    const {columns, columnWidth, inputs} = lay(layersOf(2, 4, 3, 1));
    assert.deepEqual(columns.map(({ys}) => ys.length), [2, 4, 3, 1]);
    const gaps = columns.slice(1).map(({x}, k) => x - columns[k].x);
    assert.ok(gaps.every((gap) => Math.abs(gap - columnWidth) <= 1), String(gaps));
    assert.equal(columns[0].x, inputs.x);
  });

  it("keeps every unit above the histograms and within the canvas, at any size", () => {
    for (const [width, height] of SIZES) {
      for (const layers of [layersOf(3, 8, 8, 1), layersOf(1, 2), layersOf(3, 48, 48, 8)]) {
        const {columns, divider, rows} = lay(layers, {width, height});
        for (const {left, right, tile, ys} of columns) {
          assert.ok(left >= 0 && right <= width, `${width}: ${left} to ${right}`);
          assert.ok(ys.every((y) => y - tile / 2 >= 0 && y + tile / 2 <= divider), `${height}: ${ys}`);
        }
        assert.ok(divider < rows[0].top && rows[0].base < rows[1].top && rows[1].base < height);
      }
    }
  });

  it("shares one tile size among the hidden layers", () => {
    const [, first, second] = lay(layersOf(2, 8, 2, 1)).columns;
    assert.equal(first.tile, second.tile);
  });

  it("has the units of a layer in the middle of its height", () => {
    const {columns} = lay(layersOf(3, 5, 1));
    const [middle] = columns[2].ys;
    assert.ok(Math.abs(columns[1].ys[2] - middle) <= 1);
  });

  it("has a place for every feature; only those that are on have links", () => {
    const [input, ...others] = layersOf(2, 4, 1);
    const {inputs, columns} = lay([{...input, features: ["x1_squared", "x1"]}, ...others]);
    assert.equal(inputs.allYs.length, FEATURES.length);
    assert.deepEqual(columns[0].ys, [inputs.allYs[2], inputs.allYs[0]]);
  });

  it("draws straight links where there are more than 600", () => {
    assert.equal(lay(layersOf(3, 8, 64, 1)).straight, false); // 24 + 512 + 64 = 600
    assert.equal(lay(layersOf(3, 3, 148, 1)).straight, true); // 9 + 444 + 148 = 601
  });

  it("gives the row between units and histograms more height on a narrow canvas", () => {
    assert.equal(lay(layersOf(2, 1), {width: 619}).legend, 2 * lay(layersOf(2, 1), {width: 620}).legend);
  });

  it("can be read at its least width", () => {
    const layers = layersOf(3, 2, 2, 2, 2, 2, 2, 1);
    const {columnWidth} = lay(layers, {width: minimalWidth({layers, strip: false})});
    assert.ok(columnWidth >= 50, String(columnWidth));
  });
});

describe("the order of a frame", () => {
  it("counts hidden and output units through all layers", () => {
    assert.deepEqual(lay(layersOf(2, 4, 3, 1)).columns.map(({firstUnit}) => firstUnit), [0, 0, 4, 7]);
  });

  it("counts links layer by layer, by the unit they lead from, then by the one they lead to", () => {
    const {columns} = lay(layersOf(2, 4, 3, 1));
    const indices = [];
    for (let layer = 1; layer < columns.length; layer++) {
      columns[layer - 1].ys.forEach((_, i) => columns[layer].ys.forEach((__, j) => {
        indices.push(linkIndex(columns[layer], i, j));
      }));
    }
    assert.deepEqual(indices, Array.from({length: 2 * 4 + 4 * 3 + 3}, (_, k) => k));
  });
});

describe("a strip", () => {
  const layers = layersOf(3, ...Array(40).fill(30), 2);

  it("has a narrow column for each layer, side by side within the canvas", () => {
    for (const [width, height] of SIZES) {
      const {columns, pitch, barWidth, chart, rows, divider, numbers} = lay(layers, {width, height, strip: true});
      assert.equal(columns.length, 42);
      assert.ok(columns[0].x - pitch / 2 >= chart.left - 1e-9 && columns[41].x + pitch / 2 <= chart.right + 1e-9);
      assert.ok(barWidth > 0 && barWidth <= Math.max(pitch, 1));
      assert.ok(rows[0].base < rows[1].top && rows[1].base < numbers && numbers < divider);
      assert.ok(divider < chart.top && chart.top < chart.bottom && chart.bottom < height);
    }
  });

  it("keeps the inputs where they can be chosen", () => {
    const {inputs, chart} = lay(layers, {strip: true});
    assert.equal(inputs.allYs.length, FEATURES.length);
    assert.ok(inputs.right < chart.left);
  });
});

describe("the course of a link", () => {
  it("begins and ends with its units, and passes the middle in the middle", () => {
    for (const straight of [true, false]) {
      for (const share of [0, 0.5, 1]) {
        assert.ok(Math.abs(courseAt(share, straight).height - share) < 1e-9);
      }
    }
  });

  it("is the curve that is drawn", () => {
    // A Bezier curve from 0, 0 by 1/2, 0 and 1/2, 1 to 1, 1 at its parameter t.
    for (const t of [0.1, 0.25, 0.4, 0.7, 0.9]) {
      const x = 1.5 * t * (1 - t) + t ** 3;
      const y = 3 * t * t * (1 - t) + t ** 3;
      assert.ok(Math.abs(courseAt(x, false).height - y) < 1e-6, `at ${t}`);
    }
  });

  it("knows how steep it is", () => {
    for (const share of [0.2, 0.5, 0.8]) {
      const step = 1e-5;
      const slope = (courseAt(share + step, false).height - courseAt(share - step, false).height) / (2 * step);
      assert.ok(Math.abs(courseAt(share, false).slope - slope) < 1e-4);
    }
  });
});

describe("the square of a bias", () => {
  it("touches the lower left corner of its unit's tile", () => {
    const {x, y, side} = biasBox({tile: 40, left: 100}, 200);
    assert.equal(y + side, 220);
    assert.ok(x + side < 100 && side >= 3 && side <= 8);
  });
});
