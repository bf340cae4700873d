import assert from "node:assert/strict";
import {it} from "node:test";

import {layerName, ownerName, unitName, unitTitle} from "../../../static/network/names.js";
import {FEATURES, layersOf} from "./networks.js";

const ONE = {layers: layersOf(3, 4, 2, 1)};
const THREE = {layers: layersOf(3, 4, 3)};
const CATALOG = {features: FEATURES};

it("layers are called inputs, output, and by their numbers between", () => {
  assert.deepEqual([0, 1, 2, 3].map((layer) => layerName(ONE, layer)), ["Inputs", "Layer 1", "Layer 2", "Output"]);
});

it("units are called by layer and number, inputs by their feature, a lone output by nothing more", () => {
  assert.equal(unitName(ONE, CATALOG, 0, 1), "f1");
  assert.equal(unitName(ONE, CATALOG, 2, 1), "layer 2 unit 2");
  assert.equal(unitName(ONE, CATALOG, 3, 0), "output");
  assert.equal(unitName(THREE, CATALOG, 2, 0), "output unit 1");
});

it("a unit as a heading", () => {
  assert.equal(unitTitle(ONE, {layer: 0, i: 2}), "Input x1 squared");
  assert.equal(unitTitle(ONE, {layer: 1, i: 3}), "Layer 1, unit 4");
  assert.equal(unitTitle(ONE, {layer: 3, i: 0}), "Output");
  assert.equal(unitTitle(THREE, {layer: 2, i: 2}), "Output, unit 3");
});

it("a bias belongs to a unit, a weight to two", () => {
  assert.equal(ownerName(ONE, CATALOG, {kind: "bias", layer: 1, i: 2, j: 0}), "layer 1 unit 3");
  assert.equal(ownerName(ONE, CATALOG, {kind: "link", layer: 1, i: 0, j: 2}), "f0 \u2192 layer 1 unit 3");
});
