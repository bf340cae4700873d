/** @import {Catalog, Layers, Target} from "./types.js" */
import {KIND} from "./wire.js";

/**
 * "Layer 2", "Output", "Inputs".
 *
 * @param {{layers: Layers}} scene
 * @param {number} layer Counted from 0, the inputs.
 */
export function layerName({layers}, layer) {
  if (layer === 0) return "Inputs";
  return layer === layers.length - 1 ? "Output" : `Layer ${layer}`;
}

/**
 * "x₁", "layer 2 unit 3", "output".
 *
 * @param {{layers: Layers}} scene
 * @param {Pick<Catalog, "features">} catalog
 * @param {number} layer
 * @param {number} i
 */
export function unitName(scene, catalog, layer, i) {
  if (layer === 0) {
    const name = scene.layers[0].features[i];
    return catalog.features.find((feature) => feature.name === name)?.label ?? name;
  }
  return layerName(scene, layer).toLowerCase() + (isOnlyOutput(scene, layer) ? "" : ` unit ${i + 1}`);
}

/**
 * "Layer 2, unit 3": a unit as a heading.
 *
 * @param {{layers: Layers}} scene
 * @param {Pick<Target, "layer" | "i">} unit
 */
export function unitTitle(scene, {layer, i}) {
  if (layer === 0) return `Input ${scene.layers[0].features[i].replaceAll("_", " ")}`;
  return isOnlyOutput(scene, layer) ? "Output" : `${layerName(scene, layer)}, unit ${i + 1}`;
}

/** @type {(scene: {layers: Layers}, layer: number) => boolean} */
const isOnlyOutput = ({layers}, layer) => layer === layers.length - 1 && layers[layer].units === 1;

/**
 * What a weight or bias belongs to: "x₁ → layer 1 unit 3".
 *
 * @param {{layers: Layers}} scene
 * @param {Pick<Catalog, "features">} catalog
 * @param {Target} target
 */
export function ownerName(scene, catalog, {kind, layer, i, j}) {
  if (kind === KIND.bias) return unitName(scene, catalog, layer, i);
  return `${unitName(scene, catalog, layer - 1, i)} \u2192 ${unitName(scene, catalog, layer, j)}`;
}
