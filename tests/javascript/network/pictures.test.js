import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {createGliding, windowOf} from "../../../static/network/gliding.js";
import {contoursOf, landscapeOf, lossAt} from "../../../static/network/landscape.js";
import {coordinateText, valueText} from "../../../static/network/output_picture.js";

describe("a pixel of the output", () => {
  const BINARY = {exclusive: false, probabilities: true};
  const MULTICLASS = {exclusive: true, probabilities: true};
  const VALUES = {exclusive: false, probabilities: false};
  const scene = (task, classes, certainties, names = []) => ({task, classes, certainties, class_names: names});
  const meaning = (task, more = {}) => ({scene: scene(task, 4, 32), isUnit: false, spread: false, ...more});

  it("is a probability of two classes", () => {
    assert.equal(valueText(255, 1, meaning(BINARY)), "Probability of blue 100.0%");
    assert.equal(valueText(128, 1, meaning(BINARY)), "Probability of blue 50.0%");
    assert.equal(valueText(1, 1, meaning(BINARY)), "Probability of blue 0.0%");
  });

  it("is a class and its probability of several, from an even chance to certainty", () => {
    assert.equal(valueText(2 << 5, 1, meaning(MULTICLASS)), "Class 3, probability 25.0%");
    assert.equal(valueText((2 << 5) | 31, 1, meaning(MULTICLASS)), "Class 3, probability 100.0%");
    const many = meaning(MULTICLASS, {scene: scene(MULTICLASS, 20, 12)});
    assert.equal(valueText(19 * 12, 1, many), "Class 20, probability 5.0%");
    assert.equal(valueText(19 * 12 + 11, 1, many), "Class 20, probability 100.0%");
  });

  it("calls the classes of one's own data by their names", () => {
    const species = meaning(MULTICLASS, {scene: scene(MULTICLASS, 3, 32, ["ash", "elm", "oak"])});
    assert.equal(valueText((1 << 5) | 31, 1, species), "Class elm, probability 100.0%");
    const answer = meaning(BINARY, {scene: scene(BINARY, 2, 32, ["no", "yes"])});
    assert.equal(valueText(255, 1, answer), "Probability of yes (blue) 100.0%");
  });

  it("is a value in a regression, in a unit, and where outputs spread", () => {
    assert.equal(valueText(1, 2.5, meaning(VALUES)), "Value \u22122.50");
    assert.equal(valueText(255, 3, meaning(BINARY, {isUnit: true, spread: true})), "Value 3.00");
    assert.equal(valueText(255, 0.5, meaning(MULTICLASS, {spread: true})), "Spread 0.50");
  });
});

describe("the coordinates under the pointer", () => {
  it("are those of the square, or of the columns that are its axes", () => {
    assert.equal(coordinateText({label: "x\u2081", middle: 0, step: 1, digits: 2}, -3), "x\u2081 \u22123.00");
    assert.equal(coordinateText({label: "income", middle: 1000, step: 40, digits: 0}, 5.5), "income 1220");
  });
});

describe("the window of hidden space", () => {
  it("holds everything, with a margin", () => {
    const {x, y, width, height} = windowOf(Float32Array.of(-1, 0, 3, 2), Float32Array.of(1, 4));
    assert.deepEqual([x, y], [1, 2]);
    assert.ok(width > 2 && width < 2.5 && height > 2 && height < 2.5);
  });

  it("stretches no axis more than four times as much as the other", () => {
    const {width, height} = windowOf(Float32Array.of(-1, 0, 1, 0));
    assert.ok(Math.abs(width / height - 4) < 1e-9);
  });

  it("has a size even around a single place", () => {
    const {width, height} = windowOf(Float32Array.of(2, 2));
    assert.ok(width > 0 && height > 0);
  });
});

describe("what glides", () => {
  const at = (value) => [Float32Array.of(value, 0, value + 1, 1), Float32Array.of(value, value)];

  it("begins where it should be, goes a part of the way, and arrives", () => {
    const gliding = createGliding({matches: false});
    assert.equal(gliding.shown, null);
    assert.equal(gliding.towards(...at(0)).arrived, true);
    const {shown, arrived} = gliding.towards(...at(1));
    assert.equal(arrived, false);
    assert.ok(shown.mesh[0] > 0 && shown.mesh[0] < 1);
    let pictures = 0;
    while (!gliding.towards(...at(1)).arrived && pictures < 100) pictures++;
    assert.deepEqual(gliding.shown.mesh, at(1)[0]);
    assert.ok(pictures < 100);
  });

  it("leaves the arrays of the frame alone", () => {
    const gliding = createGliding({matches: false});
    const [mesh, places] = at(0);
    gliding.towards(mesh, places);
    gliding.towards(...at(5));
    assert.deepEqual([mesh, places], at(0));
  });

  it("jumps when nothing is to move by itself, or when there is another number of places", () => {
    const calm = createGliding({matches: true});
    calm.towards(...at(0));
    assert.equal(calm.towards(...at(9)).shown.mesh[0], 9);
    const gliding = createGliding({matches: false});
    gliding.towards(...at(0));
    assert.equal(gliding.towards(at(9)[0], Float32Array.of(9, 9, 9, 9)).arrived, true);
  });
});

describe("the landscape of the loss", () => {
  it("names its numbers", () => {
    const {low, high, top, a, step, kind} = landscapeOf(Float32Array.of(0.1, 2, -1, 1, -3, 3, 0.5, 0, 4, 900, 1));
    assert.ok(Math.abs(low - 0.1) < 1e-7);
    assert.deepEqual({high, top, a, step, kind}, {high: 2, top: 3, a: 0.5, step: 900, kind: 1});
  });

  it("has heights on a logarithmic scale; 0 is not finite", () => {
    const range = {low: 0.01, high: 100};
    assert.deepEqual([1, 255, 0].map((code) => lossAt(code, range)), [0.01, 100, null]);
    assert.ok(Math.abs(lossAt(128, range) - 1) < 1e-9);
  });

  it("has contours where heights pass a level, at the right share of a cell", () => {
    // A slope from left to right: every contour is an upright line.
    const side = 5;
    const heights = Uint8Array.from({length: side * side}, (_, k) => 1 + 63 * (k % side));
    const pieces = contoursOf(heights, side);
    for (const [x0, y0, x1, y1] of pieces) {
      assert.ok(Math.abs(x0 - x1) < 1e-9 && Math.abs(y0 - y1) === 1);
      const level = ((1 + 63 * x0 - 1) * 12) / 254;
      assert.ok(Math.abs(level - Math.round(level)) < 1e-9, `${x0} is at ${level}`);
    }
    assert.equal(pieces.length, 11 * (side - 1));
  });

  it("has no contours around what is not finite, nor on a plain", () => {
    assert.deepEqual(contoursOf(new Uint8Array(9).fill(80), 3), []);
    assert.deepEqual(contoursOf(Uint8Array.of(0, 255, 255, 0), 2), []);
  });
});
