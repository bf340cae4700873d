import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {decodeFrame, decodePoints, hasAll, isComplete} from "../../../static/network/frame.js";
import {packed} from "../packing.js";

const SCALARS = Float64Array.of(120, 3, 1, 0.5, 0.25, 0.125, 0.75, NaN, 60, 0.03, 2);
const ALWAYS = {
  1: SCALARS, 6: Uint8Array.of(255), 7: Float32Array.of(-1, 1, 0, 0.5, 0), 13: Float32Array.of(NaN, 0),
  15: Uint8Array.of(0), 16: Float32Array.of(0, 0, 0, 0, 0),
};
const UNITS = {3: Uint8Array.of(128), 4: Int8Array.of(-127, 5), 5: Int8Array.of(0), 12: Uint8Array.of(1)};
const decode = (sections, previous = null, {seq = 1, generation = 4} = {}) =>
  decodeFrame(packed(seq, generation, sections), previous);

describe("a frame", () => {
  it("says its numbers by name", () => {
    assert.deepEqual(decode(ALWAYS).scalars, {
      step: 120, epoch: 3, status: "playing", trainLoss: 0.5, testLoss: 0.25, regularization: 0.125,
      trainAccuracy: 0.75, testAccuracy: NaN, speed: 60, learningRate: 0.03, scale: 2,
    });
  });

  it("says what it was made while looking at", () => {
    assert.deepEqual(decode({8: Float64Array.of(2, 1, 3, 0, -0.5)}).focus,
      {kind: "link", layer: 1, i: 3, j: 0, value: -0.5});
    assert.equal(decode({8: Float64Array.of(0, 0, 0, 0, NaN)}).focus.kind, "none");
  });

  it("says its text, which may be empty", () => {
    assert.equal(decode({9: new TextEncoder().encode("Diverged \u2212 at last")}).text, "Diverged \u2212 at last");
    assert.equal(decode({9: new Uint8Array(0)}, {text: "before", generation: 4}).text, "");
  });

  it("keeps arrays as they come", () => {
    const {weights, maps, stats} = decode({...ALWAYS, ...UNITS});
    assert.deepEqual([weights, maps, stats], [UNITS[4], UNITS[3], ALWAYS[7]]);
  });
});

describe("a section that a frame does not carry", () => {
  const before = decode({...ALWAYS, ...UNITS}, null, {seq: 8});

  it("is as it was in the frame before", () => {
    const next = decode({4: Int8Array.of(1, 2)}, before, {seq: 9});
    assert.deepEqual(next, {...before, weights: Int8Array.of(1, 2), seq: 9});
  });

  it("is not taken from another network", () => {
    const next = decode({4: Int8Array.of(1, 2)}, before, {generation: 5});
    assert.deepEqual(next, {weights: Int8Array.of(1, 2), seq: 1, generation: 5});
  });

  it("does not change the frame before", () => {
    const copy = {...before};
    decode({4: Int8Array.of(1, 2), 1: SCALARS}, before);
    assert.deepEqual(before, copy);
  });
});

describe("a frame is complete", () => {
  it("with all units, or with the profile of a strip", () => {
    const units = decode({...ALWAYS, ...UNITS});
    const strip = decode({...ALWAYS, 14: Float64Array.of(1, NaN)});
    assert.equal(isComplete(units, {strip: false}), true);
    assert.equal(isComplete(strip, {strip: true}), true);
    assert.equal(isComplete(units, {strip: true}), false);
    assert.equal(isComplete(strip, {strip: false}), false);
  });

  it("not without any one of them", () => {
    const all = {...ALWAYS, ...UNITS};
    for (const missing of Object.keys(all)) {
      const rest = Object.fromEntries(Object.entries(all).filter(([number]) => number !== missing));
      assert.equal(isComplete(decode(rest), {strip: false}), false, `without ${missing}`);
    }
  });

  it("for a picture when all its sections have come", () => {
    const frame = decode({17: Float32Array.of(0, 0), 18: Float32Array.of(1, 1)});
    assert.equal(hasAll(frame, ["mesh", "hiddenPoints"]), true);
    assert.equal(hasAll(frame, ["mesh", "hiddenPoints", "line"]), false);
  });

  it("even when a section has nothing in it", () => {
    assert.equal(hasAll(decode({19: new Float32Array(0)}), ["line"]), true);
  });
});

describe("data points", () => {
  const bytes = (places, labels) => packed(0, 0, {23: Int16Array.from(places), 24: Int8Array.from(labels)});

  it("come as coordinates, where 32767 is 12, and classes; test points last", () => {
    assert.deepEqual(decodePoints(bytes([32767, -32767, 0, 0], [1, 7]), {train: 1, label_unit: 1}), [
      {x: 12, y: -12, label: 1, test: false}, {x: 0, y: 0, label: 7, test: true},
    ]);
  });

  it("have values in hundredths where the scene says so", () => {
    const [point] = decodePoints(bytes([0, 0], [-50]), {train: 1, label_unit: 0.01});
    assert.equal(point.label, -0.5);
  });
});
