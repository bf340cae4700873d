import assert from "node:assert/strict";
import {beforeEach, describe, it} from "node:test";

import {decodeRace} from "../../../static/race/frame.js";
import {createTrack} from "../../../static/race/track.js";
import {packed} from "../packing.js";

const {NaN: none} = Number;
const SECTION = {scalars: 1, positions: 2, values: 3, heads: 4, card: 5, fates: 6, text: 7};
const FULL = [1, 2, 3, 4, 5, 6, 0.1, 0.2, 7, 8, 9, 2, 40, 30, 0.25, 0.5, 0.125];
const BARE = [1, 2, none, none, none, none, none, none, none, none, none, 0, -1, -1, Infinity, none, 0.01];

const bytes = (value) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

function message(changes = {}) {
  const content = {
    scalars: Float64Array.of(41, 50, 1, 60, 0, 1, 3),
    positions: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7),
    values: Float32Array.of(10, 20, 30, 40),
    heads: Float64Array.from([...FULL, ...BARE]),
    card: bytes(null),
    fates: bytes(["left the map", ""]),
    text: bytes("\u2212 done"),
    ...changes,
  };
  return packed(9, 5, Object.fromEntries(Object.entries(content).map(([name, array]) => [SECTION[name], array])));
}

describe("a frame of a race", () => {
  let track;

  beforeEach(() => {
    track = createTrack();
    track.reset(2);
  });

  it("says which one it is and how the race stands", () => {
    const frame = decodeRace(message(), track, 5);
    assert.deepEqual([frame.seq, frame.generation, frame.text], [9, 5, "\u2212 done"]);
    assert.deepEqual(frame.scalars, {
      cursor: 41, length: 50, status: "playing", speed: 60, first: 0, winner: 1, sought: 3,
    });
    assert.deepEqual(frame.fates, ["left the map", ""]);
  });

  it("says whether it plays", () => {
    const status = (code) => {
      const scalars = Float64Array.of(0, 0, code, 0, 0, -1, 0);
      return decodeRace(message({scalars}), track, 4).scalars.status;
    };
    assert.deepEqual([0, 1].map(status), ["paused", "playing"]);
  });

  it("says what is known of each racer at the cursor", () => {
    assert.deepEqual(decodeRace(message(), track, 5).heads[0], {
      step: 41, gradient: [1, 2], velocity: [3, 4], home: [5, 6], rates: [0.1, 0.2], model: [7, 8, 9],
      ending: 2, ended: 40, reached: 30, value: 0.25, distance: 0.5, rate: 0.125,
    });
  });

  it("has null for vectors that a rule does not have, and numbers as they are", () => {
    assert.deepEqual(decodeRace(message(), track, 5).heads[1], {
      step: 41, gradient: [1, 2], velocity: null, home: null, rates: null, model: null,
      ending: 0, ended: -1, reached: -1, value: Infinity, distance: NaN, rate: 0.01,
    });
  });

  it("brings new steps into the track", () => {
    decodeRace(message(), track, 5);
    assert.equal(track.length, 2);
    assert.deepEqual([track.x(1, 1), track.y(1, 1), track.value(1, 1)], [6, 7, 40]);
  });

  it("goes on where the track was", () => {
    decodeRace(message(), track, 5);
    decodeRace(message({scalars: Float64Array.of(3, 3, 0, 60, 2, -1, 0)}), track, 5);
    assert.equal(track.length, 4);
    assert.deepEqual([track.x(2, 0), track.x(3, 1)], [0, 6]);
  });

  it("leaves the track of another race alone", () => {
    decodeRace(message(), track, 6);
    decodeRace(message(), track, undefined);
    assert.equal(track.length, 0);
  });

  it("of a network has no track", () => {
    track.reset(0);
    const nothing = new Float32Array(0);
    const frame = decodeRace(message({positions: nothing, values: nothing}), track, 5);
    assert.equal(track.length, 0);
    assert.equal(frame.heads.length, 2);
  });

  it("may have an update written out", () => {
    const trace = {racer: 1, step: 41, lines: [
      {title: "Gradient", formula: "g", numbers: "(1, 2)", says: "", role: "gradient", vector: [1, 2]},
    ]};
    assert.deepEqual(decodeRace(message({card: bytes(trace)}), track, 5).card, trace);
    assert.equal(decodeRace(message(), track, 5).card, null);
  });
});
