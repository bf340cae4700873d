import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {withLayerAdded, withLayerChanged, withLayerRemoved} from "../../../static/network/layers.js";

const SETTINGS = {
  hidden: [4, 3], activation: ["tanh", "relu"], activation_params: [{}, {slope: 0.1}], batch_norm: ["off", "after"],
  dropout: [0, 0.2], drop_connect: [0.1, 0],
};
const EMPTY = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, []]));

describe("one more layer", () => {
  it("is made like the last one", () => {
    assert.deepEqual(withLayerAdded(SETTINGS), {
      hidden: [4, 3, 3], activation: ["tanh", "relu", "relu"], activation_params: [{}, {slope: 0.1}, {slope: 0.1}],
      batch_norm: ["off", "after", "after"], dropout: [0, 0.2, 0.2], drop_connect: [0.1, 0, 0],
    });
  });

  it("has two units at least", () => {
    assert.deepEqual(withLayerAdded({...SETTINGS, hidden: [4, 1]}).hidden, [4, 1, 2]);
  });

  it("after none has two units of tanh and nothing else", () => {
    assert.deepEqual(withLayerAdded(EMPTY), {
      hidden: [2], activation: ["tanh"], activation_params: [{}], batch_norm: ["off"], dropout: [0], drop_connect: [0],
    });
  });
});

describe("one layer less", () => {
  it("takes all its choices away", () => {
    assert.deepEqual(withLayerRemoved(SETTINGS, 0), {
      hidden: [3], activation: ["relu"], activation_params: [{slope: 0.1}], batch_norm: ["after"], dropout: [0.2],
      drop_connect: [0],
    });
  });

  it("undoes one more", () => assert.deepEqual(withLayerRemoved(withLayerAdded(SETTINGS), 2), SETTINGS));
});

describe("another choice of one layer", () => {
  it("changes only its own place in its own list", () => {
    assert.deepEqual(withLayerChanged(SETTINGS, 1, {hidden: 8, dropout: 0}), {hidden: [4, 8], dropout: [0, 0]});
  });
});

it("the settings that are changed stay as they were", () => {
  const before = structuredClone(SETTINGS);
  withLayerAdded(SETTINGS);
  withLayerRemoved(SETTINGS, 1);
  withLayerChanged(SETTINGS, 0, {activation: "elu"});
  assert.deepEqual(SETTINGS, before);
});
