import assert from "node:assert/strict";
import {beforeEach, describe, it} from "node:test";

import {createSettings} from "../../../static/runtime/settings.js";

describe("settings", () => {
  let sent;
  let settings;

  beforeEach(() => {
    sent = [];
    settings = createSettings((message) => sent.push(message));
    settings.adopt({units: 2, dropout: 0}, 0);
  });

  it("count from the moment they are set, so that quick presses add up", () => {
    const {part} = settings;
    part.set({units: part.now.units + 1});
    part.set({units: part.now.units + 1});
    assert.equal(part.now.units, 4);
    assert.deepEqual(sent, [
      {type: "set", id: 1, values: {units: 3}}, {type: "set", id: 2, values: {units: 4}},
    ]);
  });

  it("stay on top of what Python said before it heard of them", () => {
    settings.part.set({units: 3});
    settings.part.set({dropout: 0.5});
    settings.adopt({units: 3, dropout: 0}, 1);
    assert.deepEqual(settings.part.now, {units: 3, dropout: 0.5});
    settings.adopt({units: 3, dropout: 0.4}, 2); // Python knows better
    assert.deepEqual(settings.part.now, {units: 3, dropout: 0.4});
  });

  it("go back to what is known when something was refused", () => {
    settings.part.set({units: 99});
    settings.retreat();
    assert.deepEqual(settings.part.now, {units: 2, dropout: 0});
    settings.adopt({units: 2, dropout: 0.1}, 0);
    assert.deepEqual(settings.part.now, {units: 2, dropout: 0.1});
  });

  it("may be taken for granted without a word to Python, until it says otherwise", () => {
    settings.part.assume({units: 5});
    assert.equal(settings.part.now.units, 5);
    assert.deepEqual(sent, []);
    settings.adopt({units: 2, dropout: 0}, 0);
    assert.equal(settings.part.now.units, 2);
  });

  it("do not write into what Python sent", () => {
    const values = {units: 2, dropout: 0};
    settings.adopt(values, 0);
    settings.part.set({units: 3});
    assert.equal(values.units, 2);
  });
});
