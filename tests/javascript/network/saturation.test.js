import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {explain, percentOf, saturationOf} from "../../../static/network/saturation.js";
import {chipText} from "../../../static/network/saturation_chips.js";
import {layersOf} from "./networks.js";

const SCENE = {
  layers: layersOf(2, 8, 4, 1), usual: [null, 0.8, null, null], thresholds: [null, 0.9, null, null],
  train: 1500, seen: 1000,
};
// Of every layer the shares of saturated values and of dead units.
const of = (...shares) => ({saturation: Float32Array.of(NaN, NaN, ...shares, NaN, NaN)});

it("a percentage is 0 or 100 only when it really is", () => {
  assert.deepEqual([0, 0.004, 0.01, 0.5, 0.99, 0.996, 1].map(percentOf),
    ["0%", "<1%", "1%", "50%", "99%", ">99%", "100%"]);
});

describe("a layer", () => {
  it("is in trouble when more of it is saturated than usual", () => {
    const frame = of(0.95, 0, NaN, 0);
    assert.equal(saturationOf(frame, SCENE, 1).saturatedTrouble, true);
    assert.equal(saturationOf(of(0.85, 0, NaN, 0), SCENE, 1).isTrouble, false);
  });

  it("is in trouble when more than a quarter of its units are dead", () => {
    assert.equal(saturationOf(of(0, 0.25, NaN, 0), SCENE, 1).deadTrouble, false);
    const {deadTrouble, deadUnits, isTrouble} = saturationOf(of(0, 0.375, NaN, 0), SCENE, 1);
    assert.deepEqual([deadTrouble, deadUnits, isTrouble], [true, 3, true]);
  });

  it("without flat parts is never saturated", () => {
    assert.equal(saturationOf(of(0, 0, NaN, 0), SCENE, 2).saturatedTrouble, false);
    assert.equal(saturationOf(of(0, 0, 1, 0), SCENE, 2).saturatedTrouble, false);
  });
});

describe("in words", () => {
  const words = (frame, layer) => explain(saturationOf(frame, SCENE, layer), SCENE, layer);

  it("numbers are explained, with advice for what is trouble", () => {
    const [saturated, dead, ...advice] = words(of(0.95, 0.5, NaN, 0), 1);
    assert.match(saturated, /^95% saturated: .*1,000 of the 1,500 training points.*tanh.*give 80%; red from 90%\.$/);
    assert.match(dead, /^4 of 8 units dead: .*1,500 training points/);
    assert.equal(advice.length, 2);
    assert.deepEqual(words(of(0, 0, NaN, 0), 1).length, 2);
  });

  it("an activation may have no flat parts", () => {
    assert.equal(words(of(0, 0, NaN, 0), 2)[0], "tanh has no flat parts of its own.");
  });

  it("a chip has words where there is room, and is empty when nothing is meant", () => {
    assert.equal(chipText({saturated: 0.12, deadUnits: 3}, true), "12% saturated \u00b7 3 dead");
    assert.equal(chipText({saturated: 0.12, deadUnits: 0}, true), "12% saturated");
    assert.equal(chipText({saturated: 0.12, deadUnits: 0}, false), "12% \u00b7 0");
    assert.equal(chipText({saturated: NaN, deadUnits: 0}, true), "0 dead");
    assert.equal(chipText({saturated: NaN, deadUnits: NaN}, true), "");
  });
});
