/** @import {LayerChoices, LayerLists} from "./types.js" */

import {LAYER_CHOICES} from "./wire.js";

/**
 * The settings that have one value for each hidden layer, each list changed by `edit`.
 *
 * @param {LayerLists} settings
 * @param {<Value>(list: Value[], name: keyof LayerChoices) => unknown[]} edit
 */
const edited = (settings, edit) =>
  /** @type {LayerLists} */ (Object.fromEntries(LAYER_CHOICES.map((name) => [name, edit([...settings[name]], name)])));

/**
 * The settings with one more hidden layer.
 *
 * @param {LayerLists} settings
 * @param {LayerChoices} layer
 */
export function withLayerAdded(settings, layer) {
  return edited(settings, (list, name) => [...list, layer[name]]);
}

/**
 * The settings without one hidden layer, counted from 0.
 *
 * @param {LayerLists} settings
 * @param {number} index
 */
export function withLayerRemoved(settings, index) {
  return edited(settings, (list) => list.toSpliced(index, 1));
}

/**
 * The settings with some choices of one hidden layer changed.
 *
 * @param {LayerLists} settings
 * @param {number} index Counted from 0.
 * @param {Partial<LayerChoices>} choices
 */
export function withLayerChanged(settings, index, choices) {
  const lists = /** @type {{[name: string]: unknown[]}} */ (settings);
  return /** @type {Partial<LayerLists>} */ (
    Object.fromEntries(Object.entries(choices).map(([name, value]) => [name, lists[name].with(index, value)])));
}
