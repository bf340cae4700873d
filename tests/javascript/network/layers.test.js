import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {withLayerAdded, withLayerChanged, withLayerRemoved} from "../../../static/network/layers.js";

const SETTINGS = {
  hidden: [4, 3], activation: ["tanh", "relu"], activation_params: [{}, {slope: 0.1}], batch_norm: ["off", "after"],
  dropout: [0, 0.2], drop_connect: [0.1, 0],
};
const EMPTY = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, []]));

const LAYER = {
  hidden: 5, activation: "elu", activation_params: {alpha: 2}, batch_norm: "before", dropout: 0.3, drop_connect: 0.4,
};

describe("one more layer", () => {
  it("has its place at the end of every list", () => {
    assert.deepEqual(withLayerAdded(SETTINGS, LAYER), {
      hidden: [4, 3, 5], activation: ["tanh", "relu", "elu"], activation_params: [{}, {slope: 0.1}, {alpha: 2}],
      batch_norm: ["off", "after", "before"], dropout: [0, 0.2, 0.3], drop_connect: [0.1, 0, 0.4],
    });
  });

  it("may be the first", () => {
    assert.deepEqual(withLayerAdded(EMPTY, LAYER).hidden, [5]);
  });
});

describe("one layer less", () => {
  it("takes all its choices away", () => {
    assert.deepEqual(withLayerRemoved(SETTINGS, 0), {
      hidden: [3], activation: ["relu"], activation_params: [{slope: 0.1}], batch_norm: ["after"], dropout: [0.2],
      drop_connect: [0],
    });
  });

  it("undoes one more", () => assert.deepEqual(withLayerRemoved(withLayerAdded(SETTINGS, LAYER), 2), SETTINGS));
});

describe("another choice of one layer", () => {
  it("changes only its own place in its own list", () => {
    assert.deepEqual(withLayerChanged(SETTINGS, 1, {hidden: 8, dropout: 0}), {hidden: [4, 8], dropout: [0, 0]});
  });
});

it("the settings that are changed stay as they were", () => {
  const before = structuredClone(SETTINGS);
  withLayerAdded(SETTINGS, LAYER);
  withLayerRemoved(SETTINGS, 1);
  withLayerChanged(SETTINGS, 0, {activation: "elu"});
  assert.deepEqual(SETTINGS, before);
});
