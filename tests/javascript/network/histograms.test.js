import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {createAxes} from "../../../static/network/axes.js";
import {
  binsOn, boxOf, captionsOf, describeHistogram, statsOf,
} from "../../../static/network/histograms.js";

const KINDS = [{symbol: "a", sizes: false}, {symbol: "g", sizes: true}];
// Of two layers the upper and the lower row: low, high, mean, standard deviation, not finite.
const STATS = Float32Array.of(-1, 3, 0.5, 0.25, 0, 0, 2, 1, 1, 0, -2, 2, 0.001, 1, 0, 0, 0, 0, 0, 3);

describe("the statistics of a histogram", () => {
  it("are found by layer and row", () => {
    assert.deepEqual(statsOf(STATS, 0, 0), {low: -1, high: 3, mean: 0.5, std: 0.25, nonfinite: 0});
    assert.equal(statsOf(STATS, 0, 1).high, 2);
    assert.equal(statsOf(STATS, 1, 0).low, -2);
    assert.equal(statsOf(STATS, 1, 1).nonfinite, 3);
  });

  it("are its caption, mean and spread, or the mean size", () => {
    const captions = captionsOf(STATS, KINDS);
    assert.deepEqual(captions[0], {low: "\u22121.0", high: "3.0", text: "\u03bc .50 \u03c3 .25", short: "\u03c3 .25"});
    assert.deepEqual(captions[1], {low: "0", high: "2.0", text: "|g| 1.0", short: "1.0"});
  });

  it("have no mean to speak of when it is far smaller than the spread", () => {
    assert.equal(captionsOf(STATS, KINDS)[2].text, "\u03bc 0 \u03c3 1.0");
  });

  it("warn of values that are not finite", () => {
    const {text, short, trouble} = captionsOf(STATS, KINDS)[3];
    assert.deepEqual([text, short, trouble], ["3 not finite", "3 \u221e", true]);
    assert.match(describeHistogram(STATS, 1, 1, KINDS[1]), /3 values not finite and left out/);
  });

  it("are a sentence", () => {
    assert.equal(describeHistogram(STATS, 0, 0, KINDS[0]),
      "\u22121.0 to 3.0, mean .50, standard deviation .25; click to see the layer in detail");
  });
});

describe("a histogram's place", () => {
  const box = boxOf({barWidth: 80, rows: [{top: 10, base: 50}, {top: 60, base: 100}]}, {x: 200}, 1);

  it("is below its column", () => assert.deepEqual(box, {left: 160, width: 80, top: 60, base: 100}));

  it("fills its box when its edges are the axis's", () => {
    assert.deepEqual(binsOn({low: -1, high: 3}, {low: -1, high: 3}, box), {start: 160, step: 80 / 32});
  });

  it("is a part of the box on a wider axis", () => {
    assert.deepEqual(binsOn({low: 0, high: 2}, {low: -1, high: 3}, box), {start: 180, step: 40 / 32});
  });
});

describe("axes", () => {
  const to = (low, high) => Float32Array.of(low, high, 0, 0, 0, low, high, 0, 0, 0);

  it("are where the edges are at first", () => {
    const axes = createAxes();
    assert.equal(axes.glide(to(-1, 1), false), true);
    assert.deepEqual(axes.at(0, 1), {low: -1, high: 1});
  });

  it("glide to where the edges have gone, and arrive", () => {
    const axes = createAxes();
    axes.glide(to(-1, 1), false);
    assert.equal(axes.glide(to(-3, 1), false), false);
    const {low} = axes.at(0, 0);
    assert.ok(low < -1 && low > -3);
    let pictures = 0;
    while (!axes.glide(to(-3, 1), false) && pictures < 100) pictures++;
    assert.deepEqual(axes.at(0, 0), {low: -3, high: 1});
    assert.ok(pictures < 100);
  });

  it("jump when nothing is to move by itself, or when they are cleared", () => {
    const axes = createAxes();
    axes.glide(to(-1, 1), false);
    assert.equal(axes.glide(to(-3, 1), true), true);
    assert.equal(axes.at(0, 0).low, -3);
    axes.clear();
    assert.equal(axes.glide(to(5, 6), false), true);
    assert.equal(axes.at(0, 0).low, 5);
  });

  it("jump from an axis that had no width", () => {
    const axes = createAxes();
    axes.glide(to(0, 0), false);
    assert.equal(axes.glide(to(-1, 1), false), true);
  });
});
