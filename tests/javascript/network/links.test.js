import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {layOut, linkIndex} from "../../../static/network/geometry.js";
import {faintestDrawn, linksOf} from "../../../static/network/links.js";
import {FEATURES, layersOf} from "./networks.js";

const STRAIGHT = layOut({width: 900, height: 700, layers: layersOf(3, 25, 25, 1), features: FEATURES, strip: false});

describe("links", () => {
  it("stand where the weight of the same place belongs", () => {
    const links = linksOf(STRAIGHT);
    const {columns} = STRAIGHT;
    assert.equal(links.length, 3 * 25 + 25 * 25 + 25);
    for (const [layer, i, j] of [[1, 0, 0], [1, 2, 24], [2, 7, 3], [3, 24, 0]]) {
      const link = links[linkIndex(columns[layer], i, j)];
      assert.deepEqual(link, {
        x0: columns[layer - 1].right, y0: columns[layer - 1].ys[i], x1: columns[layer].left, y1: columns[layer].ys[j],
      });
    }
  });

  it("are all drawn where there are few of them", () => {
    assert.equal(faintestDrawn(Int8Array.of(0, 1, 127), false), 0);
  });

  it("are drawn from the strength on that leaves at most 700", () => {
    const weights = Int8Array.from({length: 5000}, (_, k) => (k % 2 ? 1 : -1) * ((k * 37) % 128));
    const faintest = faintestDrawn(weights, true);
    const drawn = (least) => weights.filter((code) => Math.abs(code) >= least).length;
    assert.ok(drawn(faintest) <= 700 && drawn(faintest - 1) > 700, `${drawn(faintest)} from ${faintest}`);
  });

  it("without any strength are never drawn among many", () => {
    assert.equal(faintestDrawn(new Int8Array(100), true), 1);
  });
});
