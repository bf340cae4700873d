import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {heightAt, describe as words, describeStart} from "../../../static/race/map_words.js";
import {createPlane} from "../../../static/race/plane.js";
import {minimumAt, racerAt, shownRacers, spotsOf} from "../../../static/race/spots.js";
import {ticksOf} from "../../../static/race/ticks.js";
import {createTrack} from "../../../static/race/track.js";

const PLANE = createPlane([[-2, 2], [0, 10]], 400, 200); // 100 px for 1 along x, 20 along y

/** A track of racers from their places step by step. */
function trackOf(...racers) {
  const track = createTrack();
  track.reset(racers.length);
  const steps = racers[0].map((_, step) => racers.map((places) => places[step]));
  track.splice(0, Float32Array.from(steps.flat(2)), Float32Array.from(steps.flat(), ([x]) => x / 4));
  return track;
}

const frameOf = (...heads) => ({heads, fates: heads.map(({ending}) => (ending ? "left the map" : ""))});
const GOING = {ending: 0, ended: -1};
const at = (cursor, glide = 1) => ({cursor, glide});

describe("a plane", () => {
  it("is drawn with y upwards", () => {
    assert.deepEqual([PLANE.across(-2), PLANE.across(0), PLANE.across(2)], [0, 200, 400]);
    assert.deepEqual([PLANE.down(0), PLANE.down(5), PLANE.down(10)], [200, 100, 0]);
  });

  it("is found back from the map", () => {
    for (const value of [-2, -0.3, 1.7]) {
      assert.ok(Math.abs(PLANE.x(PLANE.across(value)) - value) < 1e-12);
      assert.ok(Math.abs(PLANE.y(PLANE.down(value)) - value) < 1e-12);
    }
  });
});

describe("a racer's spot", () => {
  const track = trackOf([[0, 0], [1, 5], [NaN, NaN]], [[0, 0], [30, 5], [40, 10]]);

  it("is its place at the cursor", () => {
    assert.deepEqual(spotsOf(frameOf(GOING), at(1), track, PLANE)(0), {x: 300, y: 100, ended: false});
  });

  it("is on the way from the step before while heads glide", () => {
    assert.deepEqual(spotsOf(frameOf(GOING), at(1, 0.25), track, PLANE)(0), {x: 225, y: 175, ended: false});
  });

  it("is the start at step 0", () => {
    assert.deepEqual(spotsOf(null, at(0, 0.25), track, PLANE)(0), {x: 200, y: 200, ended: false});
  });

  it("is the last place that is finite", () => {
    assert.deepEqual(spotsOf(frameOf(GOING), at(2), track, PLANE)(0), {x: 300, y: 100, ended: false});
  });

  it("may be off the map while it goes on, and is at its rim once it has ended", () => {
    const left = {ending: 1, ended: 1};
    assert.equal(spotsOf(frameOf(GOING, GOING), at(1), track, PLANE)(1).x, 3200);
    assert.deepEqual(spotsOf(frameOf(GOING, left), at(2), track, PLANE)(1), {x: 392, y: 100, ended: true});
    assert.deepEqual(spotsOf(frameOf(GOING, left), at(0), track, PLANE)(1), {x: 200, y: 200, ended: false});
  });

  it("does not glide where it has ended", () => {
    const ended = {ending: 2, ended: 1};
    assert.equal(spotsOf(frameOf(ended), at(1, 0.25), track, PLANE)(0).x, 300);
  });
});

describe("hit testing", () => {
  const scene = {racers: [true, false, true, true].map((shown) => ({shown}))};
  const places = [{x: 100, y: 100}, {x: 100, y: 100}, {x: 105, y: 100}, {x: 300, y: 50}];
  const spots = (racer) => ({...places[racer], ended: false});
  const find = (selected, offsetX, offsetY) => racerAt(shownRacers(scene, selected), spots, {offsetX, offsetY});

  it("knows only racers that are shown, the selected one on top", () => {
    assert.deepEqual(shownRacers(scene, -1), [0, 2, 3]);
    assert.deepEqual(shownRacers(scene, 0), [2, 3, 0]);
    assert.deepEqual(shownRacers(scene, 1), [0, 2, 3]);
  });

  it("finds the uppermost head under the pointer", () => {
    assert.equal(find(-1, 101, 100), 2);
    assert.equal(find(0, 101, 100), 0);
    assert.equal(find(-1, 300, 60.9), 3);
  });

  it("reaches 11 px", () => {
    assert.equal(find(-1, 300, 61), undefined);
    assert.equal(find(-1, 200, 100), undefined);
  });

  it("finds a minimum", () => {
    assert.deepEqual(minimumAt([[0, 0], [1, 5]], PLANE, {offsetX: 305, offsetY: 95}), [1, 5]);
    assert.equal(minimumAt([[0, 0], [1, 5]], PLANE, {offsetX: 311, offsetY: 100}), undefined);
    assert.equal(minimumAt([], PLANE, {offsetX: 0, offsetY: 0}), undefined);
  });
});

const scene = (changes = {}) => ({
  racers: [{label: "Adam", shown: true}],
  map: Uint8Array.of(1, 128, 255, 0),
  surface: {minima: [[-1, 5]], size: 2, scale: {low: 10, unit: 0, span: 254}, ...changes},
});

describe("the height at a place", () => {
  it("is between the lowest and the highest one", () => {
    assert.deepEqual([[0, 0], [1, 0], [0, 1]].map(([u, v]) => heightAt(scene(), u, v)), [10, 137, 264]);
  });

  it("is that of the nearest cell, also beyond the rim", () => {
    assert.deepEqual([[0.49, 0.2], [0.51, -3], [-1, 7]].map(([u, v]) => heightAt(scene(), u, v)), [10, 137, 264]);
  });

  it("grows by powers where low ground has more of the bytes", () => {
    const logarithmic = scene({scale: {low: 0, unit: 2, span: Math.log(101)}});
    assert.equal(heightAt(logarithmic, 0, 0), 0);
    assert.ok(Math.abs(heightAt(logarithmic, 0, 1) - 200) < 1e-9);
    assert.ok(Math.abs(heightAt(logarithmic, 1, 0) - 2 * (101 ** 0.5 - 1)) < 1e-9);
  });

  it("is unknown where it is not finite", () => assert.equal(heightAt(scene(), 1, 1), null));
});

describe("words beside the pointer", () => {
  const track = trackOf([[0, 0], [1, 5]]);
  const say = (offsetX, offsetY, frame = frameOf(GOING)) =>
    words({scene: scene(), settings: {selected: -1}, frame}, at(1), track, PLANE, {offsetX, offsetY});

  it("say of a head who it is, how far and how high", () => {
    assert.deepEqual(say(302, 99), ["Adam", "step 1, loss 0.25"]);
    assert.deepEqual(say(302, 99, frameOf({ending: 1, ended: 1})), ["Adam", "left the map, loss 0.25"]);
  });

  it("say of a star where it is", () => {
    assert.deepEqual(say(100, 100), ["Global minimum (\u22121, 5)", "f \u2248 260"]);
  });

  it("say of any other place how high it is and where", () => {
    assert.deepEqual(say(50, 20), ["f \u2248 10", "(\u22121.5, 9)"]);
    assert.deepEqual(say(390, 190), ["f is not finite here", "(1.9, 0.5)"]);
  });

  it("say where the race begins", () => {
    assert.deepEqual(describeStart(scene(), PLANE, [-2, 10]), ["Start (\u22122, 10)", "f \u2248 10"]);
  });
});

describe("numbers along an edge", () => {
  it("are round, about seven, and inside", () => {
    assert.deepEqual(ticksOf(-4.5, 4.5).map(([, text]) => text), ["\u22124", "\u22122", "0", "2", "4"]);
    assert.deepEqual(ticksOf(0, 1).map(([, text]) => text), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    assert.deepEqual(ticksOf(0, 700).map(([value]) => value), [0, 100, 200, 300, 400, 500, 600, 700]);
  });

  it("are few for any limits", () => {
    for (let power = -3; power <= 5; power++) {
      for (const width of [1, 1.7, 2.9, 4.4, 6.3, 9.9]) {
        const [low, high] = [-0.37 * width * 10 ** power, 0.63 * width * 10 ** power];
        const ticks = ticksOf(low, high);
        assert.ok(ticks.length >= 2 && ticks.length <= 8, `${low} to ${high}: ${ticks}`);
        assert.ok(ticks.every(([value]) => low <= value && value <= high));
        assert.equal(new Set(ticks.map(([, text]) => text)).size, ticks.length);
      }
    }
  });
});
