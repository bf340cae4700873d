import assert from "node:assert/strict";
import {beforeEach, describe, it} from "node:test";

import {createTrack} from "../../../static/race/track.js";

/** Steps of two racers: racer k at step t is at (10 t + k, -t), as high as t + k / 10. */
function steps(first, last) {
  const all = Array.from({length: last - first + 1}, (_, k) => first + k);
  return [
    Float32Array.from(all.flatMap((t) => [10 * t, -t, 10 * t + 1, -t])),
    Float32Array.from(all.flatMap((t) => [t, t + 0.5])),
  ];
}

const placesOf = (track) => Array.from({length: track.length}, (_, step) =>
  [0, 1].map((racer) => [track.x(step, racer), track.y(step, racer), track.value(step, racer)]));

describe("a track", () => {
  let track;

  beforeEach(() => {
    track = createTrack();
    track.reset(2);
  });

  it("begins with nothing", () => assert.deepEqual([track.n, track.length], [2, 0]));

  it("knows where each racer was at each step", () => {
    track.splice(0, ...steps(0, 2));
    assert.deepEqual(placesOf(track), [
      [[0, 0, 0], [1, 0, 0.5]], [[10, -1, 1], [11, -1, 1.5]], [[20, -2, 2], [21, -2, 2.5]],
    ].map((step) => step.map(([x, y, value]) => [x, y || -0, value])));
  });

  it("is the same however it comes, and keeps what it knows when it grows", () => {
    track.splice(0, ...steps(0, 3000));
    const other = createTrack();
    other.reset(2);
    for (let first = 0; first <= 3000; first += 7) other.splice(first, ...steps(first, Math.min(3000, first + 6)));
    assert.equal(other.length, 3001);
    assert.deepEqual(placesOf(other), placesOf(track));
  });

  it("has a new version only when steps that were known are no longer what they were", () => {
    track.splice(0, ...steps(0, 4));
    const {version} = track;
    track.splice(5, ...steps(5, 6));
    assert.equal(track.version, version);
    track.splice(3, ...steps(103, 103));
    assert.notEqual(track.version, version);
    assert.equal(track.length, 4);
    assert.deepEqual([track.x(2, 0), track.x(3, 0)], [20, 1030]);
  });

  it("takes nothing new for nothing new", () => {
    track.splice(0, ...steps(0, 4));
    const {version} = track;
    track.splice(5, new Float32Array(0), new Float32Array(0));
    assert.deepEqual([track.length, track.version], [5, version]);
  });

  it("has no gaps", () => {
    track.splice(0, ...steps(0, 4));
    assert.throws(() => track.splice(6, ...steps(6, 6)), /no gaps/);
  });

  it("forgets all for another race, of another number of racers", () => {
    track.splice(0, ...steps(0, 4));
    const {version} = track;
    track.reset(3);
    assert.deepEqual([track.n, track.length], [3, 0]);
    assert.notEqual(track.version, version);
    track.splice(0, Float32Array.of(1, 2, 3, 4, 5, 6), Float32Array.of(7, 8, 9));
    assert.deepEqual([track.length, track.x(0, 2), track.y(0, 2), track.value(0, 2)], [1, 5, 6, 9]);
  });
});
