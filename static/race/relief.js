import {HEIGHTS} from "../runtime/wire.js";

/** The bands that the lowest and the highest place of a map are apart. */
export const BANDS = 14;
const STEP = BANDS / HEIGHTS; // bands that a byte of the map stands for

/** @typedef {ReturnType<typeof createRelief>} Relief */

/**
 * Heights of the map, in bands; `known` is 0 where there is none. A byte is a step, and on gentle slopes a wide one,
 * so that contours would follow cells: means over ever farther neighbours that differ by one step at most undo this.
 *
 * @param {Uint8Array} bytes
 * @param {number} size bytes along each edge
 */
export function createRelief(bytes, size) {
  const heights = Float32Array.from(bytes, (byte) => Math.max(0, byte - 1) * STEP);
  const known = Float32Array.from(bytes, (byte) => (byte ? 1 : 0));
  const whole = !bytes.includes(0);
  if (!whole) spread(heights, known, size);
  for (const reach of [1, 2, 4]) {
    level(heights, known, reach, 1, (k) => k % size, size);
    level(heights, known, reach, size, (k) => Math.floor(k / size), size);
  }
  return {heights, known, size, whole};
}

/**
 * Give unknown cells beside known ones a height, so that pixels between the two have one.
 *
 * @param {Float32Array} heights
 * @param {Float32Array} known
 * @param {number} size
 */
function spread(heights, known, size) {
  for (let k = 0; k < heights.length; k++) {
    if (known[k]) continue;
    const beside = [k - size - 1, k - size, k - size + 1, k - 1, k + 1, k + size - 1, k + size, k + size + 1];
    const found = beside.filter((cell) => known[cell] && Math.abs((cell % size) - (k % size)) <= 1);
    if (found.length) heights[k] = found.reduce((sum, cell) => sum + heights[cell], 0) / found.length;
  }
}

/**
 * Replace every height by the mean of it and two others (1, 2, 1), as far as these are about as high.
 *
 * @param {Float32Array} heights
 * @param {Float32Array} known
 * @param {number} reach how far away the others are
 * @param {number} stride from a cell to the next one in this direction
 * @param {(cell: number) => number} placeOf which of `size` cells in this direction a cell is
 * @param {number} size
 */
function level(heights, known, reach, stride, placeOf, size) {
  const old = heights.slice();
  for (let k = 0; k < old.length; k++) {
    const place = placeOf(k);
    const offset = stride * Math.min(reach, place, size - 1 - place); // less near the rim
    const [before, after] = [old[k - offset] - old[k], old[k + offset] - old[k]];
    if (Math.abs(before) > 1.5 * STEP || Math.abs(after) > 1.5 * STEP) continue;
    if (known[k] && known[k - offset] && known[k + offset]) heights[k] = old[k] + (before + after) / 4;
  }
}
