/** @import {Frame, HiddenLayer, Scene} from "./types.js" */
import {named} from "../runtime/container.js";
import {grouped} from "../runtime/format.js";
import {FLAT, SATURATION} from "./wire.js";

const FEW_DEAD = 0.25; // more of a layer's units without any gradient are trouble

/** @typedef {ReturnType<typeof saturationOf>} Saturation */

/**
 * A share as a whole percentage that is 0 or 100 only when it really is.
 *
 * @param {number} share
 */
export function percentOf(share) {
  if (share > 0 && share < 0.01) return "<1%";
  return share < 1 && share > 0.99 ? ">99%" : `${Math.round(100 * share)}%`;
}

/**
 * Which shares of a layer are saturated and dead, and whether these are trouble.
 *
 * @param {Pick<Frame, "saturation">} frame
 * @param {Pick<Scene, "thresholds" | "layers">} scene
 * @param {number} layer
 */
export function saturationOf({saturation}, {thresholds, layers}, layer) {
  const {saturated, dead} = named(SATURATION, saturation, SATURATION.length * layer);
  const saturatedTrouble = saturated > (thresholds[layer] ?? NaN);
  const deadTrouble = dead > FEW_DEAD;
  return {
    /** NaN where the activation has no flat parts. */
    saturated,
    deadUnits: Math.round(dead * layers[layer].units),
    saturatedTrouble, deadTrouble,
    isTrouble: saturatedTrouble || deadTrouble,
  };
}

/**
 * What a layer's numbers mean, and what may help.
 *
 * @param {Saturation} state
 * @param {Scene} scene
 * @param {number} layer A hidden one.
 */
export function explain(state, {layers, thresholds, usual, train, seen}, layer) {
  const {activation_label: activation, units} = /** @type {HiddenLayer} */ (layers[layer]);
  const from = thresholds[layer] ?? NaN;
  const points = seen < train ? `${grouped(seen)} of the ${grouped(train)} training points` : "training points";
  const saturated = Number.isNaN(state.saturated)
    ? `${activation} has no flat parts of its own.`
    : `${percentOf(state.saturated)} saturated: at so many of its sums, over units and ${points}, the slope of `
      + `${activation} is below ${percentOf(FLAT)} of its largest, so almost no gradient passes. `
      + `Standard normal sums would give ${percentOf(usual[layer] ?? NaN)}; red from ${percentOf(from)}.`;
  const dead = `${state.deadUnits} of ${units} units dead: their gradient is exactly zero for all `
    + `${grouped(train)} training points, so the data do not change their weights. Red above ${percentOf(FEW_DEAD)}.`;
  const advice = [];
  if (state.saturatedTrouble) advice.push("Try smaller first weights, batch norm, or another activation.");
  if (state.deadTrouble) advice.push("Try a lower learning rate, leaky ReLU, or first weights that are not all alike.");
  return [saturated, dead, ...advice];
}
