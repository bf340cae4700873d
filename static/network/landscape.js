/** @import {LandscapeNumbers} from "./wire.js" */
import {heightOf, named} from "../runtime/container.js";
import {HEIGHTS} from "../runtime/wire.js";
import {LANDSCAPE} from "./wire.js";

const LEVELS = 12;

/**
 * The numbers of a landscape's view by their names.
 *
 * @type {(view: Float64Array) => LandscapeNumbers}
 */
export const landscapeOf = (view) => named(LANDSCAPE, view);

/**
 * The loss that a code stands for, or null where it is not finite.
 *
 * @param {number} code
 * @param {{low: number, high: number}} range
 */
export const lossAt = (code, {low, high}) => (code ? low * (high / low) ** heightOf(code) : null);

/** @typedef {[x0: number, y0: number, x1: number, y1: number]} Piece */

/**
 * Straight pieces of the lines of equal height, in cells of the grid; corners without a height have none.
 *
 * @param {Uint8Array} heights
 * @param {number} side
 */
export function contoursOf(heights, side) {
  /** @type {Piece[]} */
  const lines = [];
  for (let level = 1; level < LEVELS; level++) {
    const limit = 1 + (HEIGHTS * level) / LEVELS;
    for (let row = 0; row + 1 < side; row++) {
      for (let k = 0; k + 1 < side; k++) lines.push(...piecesOf(heights, side, k, row, limit));
    }
  }
  return lines;
}

/**
 * The pieces within one cell.
 *
 * @param {Uint8Array} heights
 * @param {number} side
 * @param {number} x
 * @param {number} y
 * @param {number} limit
 */
function piecesOf(heights, side, x, y, limit) {
  const corners = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]];
  const values = corners.map(([column, row]) => heights[row * side + column]);
  if (values.includes(0)) return [];
  const cuts = [];
  for (let edge = 0; edge < 4; edge++) {
    const [from, to] = [values[edge], values[(edge + 1) % 4]];
    if (from < limit === to < limit) continue;
    const share = (limit - from) / (to - from);
    const [[x0, y0], [x1, y1]] = [corners[edge], corners[(edge + 1) % 4]];
    cuts.push([x0 + share * (x1 - x0), y0 + share * (y1 - y0)]);
  }
  /** @type {Piece[]} */
  const pieces = [];
  for (let k = 0; k + 1 < cuts.length; k += 2) pieces.push([cuts[k][0], cuts[k][1], cuts[k + 1][0], cuts[k + 1][1]]);
  return pieces;
}
