/** @import {StripGeometry} from "./types.js" */

const LEFT = 46; // for the scale of the chart and the names of the rows
const TITLE = 16;

/** @typedef {{left: number, width: number, top: number, divider: number, height: number, legend: number}} Room */

/**
 * Where everything is when a network is drawn as a strip: one narrow column a layer, the chart of depth below.
 *
 * @param {Room & {count: number}} room `left` is where the inputs end.
 * @returns {Pick<StripGeometry, "pitch" | "columns" | "barWidth" | "rows" | "numbers" | "chart">}
 */
export function layOutStrip({left, width, top, divider, height, legend, count}) {
  const first = left + LEFT;
  const pitch = (width - first - 14) / count;
  const columns = Array.from({length: count}, (_, k) => ({x: first + (k + 0.5) * pitch}));
  const room = (divider - 26 - top) / 2;
  return {
    pitch, columns, barWidth: Math.max(pitch - (pitch > 5 ? 2 : 0.5), 1),
    rows: [0, 1].map((row) => ({top: top + row * room + TITLE, base: top + (row + 1) * room - 6})),
    numbers: divider - 12,
    chart: {left: first, right: width - 14, top: divider + legend + 4, bottom: height - 26},
  };
}
