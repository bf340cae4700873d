/** @import {Axis} from "./types.js" */
import {countOf, indexOf, statsAt} from "./histograms.js";

const EASE = 0.22; // share of the way that an axis goes in one picture
const NEAR = 0.005;

/** Axes that glide to where the histograms' edges are, instead of jumping. */
export function createAxes() {
  /** @type {Axis[]} */
  let axes = [];
  return {
    /** Forget where the axes were: another network, another quantity. */
    clear() { axes = []; },
    /**
     * Move all axes a bit; returns whether they have arrived.
     *
     * @param {Float32Array} stats
     * @param {boolean} calm Whether they are to jump after all.
     */
    glide(stats, calm) {
      let arrived = true;
      const count = countOf(stats);
      for (let k = 0; k < count; k++) {
        const {low, high} = statsAt(stats, k);
        const axis = axes[k];
        if (calm || !axis || Math.sign(axis.high - axis.low) <= 0) axes[k] = {low, high};
        else arrived = approach(axis, low, high) && arrived;
      }
      axes.length = count;
      return arrived;
    },
    /** @type {(layer: number, row: number) => Axis} */
    at: (layer, row) => axes[indexOf(layer, row)],
  };
}

/**
 * @param {Axis} axis
 * @param {number} low
 * @param {number} high
 */
function approach(axis, low, high) {
  const reach = Math.max(high - low, axis.high - axis.low);
  if (Math.abs(axis.low - low) + Math.abs(axis.high - high) < NEAR * reach) {
    [axis.low, axis.high] = [low, high];
    return true;
  }
  axis.low += EASE * (low - axis.low);
  axis.high += EASE * (high - axis.high);
  return false;
}
