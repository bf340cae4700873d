/** @import {Colors} from "../runtime/types.js" */
/** @import {Axis, Caption, Frame, Quantity, Row, Stats, UnitGeometry} from "./types.js" */
import {named} from "../runtime/container.js";
import {brief} from "../runtime/format.js";
import {HIGHEST} from "../runtime/wire.js";
import {BINS, ROWS, STATISTICS} from "./wire.js";

const FAMILY = "Roboto, Helvetica Neue, Arial, sans-serif";
export const FONT = `10px ${FAMILY}`;
const EDGES_FROM = 120; // narrower histograms have no room for the ends of their axis
const CAPTION_FROM = 70;
const FAINT = 0.7;

/** @typedef {Row & {left: number, width: number}} Box */

/**
 * Which of a frame's histograms that of a layer in the upper or lower row is.
 *
 * @type {(layer: number, row: number) => number}
 */
export const indexOf = (layer, row) => ROWS * layer + row;

/**
 * How many histograms a frame has.
 *
 * @type {(stats: Float32Array) => number}
 */
export const countOf = (stats) => stats.length / STATISTICS.length;

/**
 * The numbers of one histogram, by its index.
 *
 * @type {(stats: Float32Array, index: number) => Stats}
 */
export const statsAt = (stats, index) => named(STATISTICS, stats, index * STATISTICS.length);

/**
 * The numbers of one histogram.
 *
 * @type {(stats: Float32Array, layer: number, row: number) => Stats}
 */
export const statsOf = (stats, layer, row) => statsAt(stats, indexOf(layer, row));

/** @type {(histograms: Uint8Array, layer: number, row: number) => Uint8Array} */
const binsOf = (histograms, layer, row) => histograms.subarray(indexOf(layer, row) * BINS).subarray(0, BINS);

/**
 * Draw both histograms of every column, faintly around them the run's first ones, with their captions.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {UnitGeometry} geometry
 * @param {Frame} frame
 * @param {{at(layer: number, row: number): Axis}} axes
 * @param {Caption[]} captions
 * @param {Quantity[]} kinds
 * @param {Colors} colors
 */
export function drawHistograms(context, geometry, frame, axes, captions, kinds, colors) {
  context.font = FONT;
  geometry.columns.forEach((column, layer) => kinds.forEach((kind, row) => {
    const stats = statsOf(frame.stats, layer, row);
    if (stats.low === stats.high) return;
    const box = boxOf(geometry, column, row);
    const axis = axes.at(layer, row);
    drawBars(context, binsOf(frame.histograms, layer, row), stats, axis, box, colorOf(kind, colors));
    const first = statsOf(frame.firstStats, layer, row);
    drawOutline(context, binsOf(frame.firstHistograms, layer, row), first, axis, box, colors.edge);
    drawAxis(context, captions[indexOf(layer, row)], box, colors);
  }));
}

/**
 * Where one histogram is.
 *
 * @param {Pick<UnitGeometry, "barWidth" | "rows">} geometry
 * @param {{x: number}} column
 * @param {number} row
 * @returns {Box}
 */
export function boxOf({barWidth, rows}, column, row) {
  return {left: column.x - barWidth / 2, width: barWidth, ...rows[row]};
}

/**
 * Teal on the way in, violet on the way back.
 *
 * @type {(kind: Quantity, colors: Colors) => string}
 */
const colorOf = ({backward}, colors) => (backward ? colors.gradient : colors.activation);

/**
 * Where the bins of a histogram from `low` to `high` begin on an axis drawn in a box, and how wide each is.
 *
 * @param {Axis} range
 * @param {Axis} axis
 * @param {Pick<Box, "left" | "width">} box
 */
export function binsOn({low, high}, axis, {left, width}) {
  const start = left + ((low - axis.low) / (axis.high - axis.low)) * width;
  const end = left + ((high - axis.low) / (axis.high - axis.low)) * width;
  return {start, step: (end - start) / BINS};
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Uint8Array} bins
 * @param {Stats} range
 * @param {Axis} axis
 * @param {Box} box
 * @param {string} color
 */
function drawBars(context, bins, range, axis, box, color) {
  const {start, step} = binsOn(range, axis, box);
  const gap = step > 3 ? 0.8 : 0;
  const right = box.left + box.width;
  context.fillStyle = color;
  context.beginPath();
  bins.forEach((bin, k) => {
    const from = Math.max(start + k * step, box.left);
    const to = Math.min(start + (k + 1) * step - gap, right);
    const height = (bin / HIGHEST) * (box.base - box.top);
    if (bin && to > from) context.rect(from, box.base - height, to - from, height);
  });
  context.fill();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Uint8Array} bins
 * @param {Stats} range
 * @param {Axis} axis
 * @param {Box} box
 * @param {string} color
 */
function drawOutline(context, bins, range, axis, box, color) {
  const {start, step} = binsOn(range, axis, box);
  /** @type {(x: number) => number} */
  const inside = (x) => Math.min(Math.max(x, box.left), box.left + box.width);
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(inside(start), box.base);
  bins.forEach((bin, k) => {
    const y = box.base - (bin / HIGHEST) * (box.base - box.top);
    context.lineTo(inside(start + k * step), y);
    context.lineTo(inside(start + (k + 1) * step), y);
  });
  context.lineTo(inside(start + BINS * step), box.base);
  context.globalAlpha = FAINT;
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Caption} caption
 * @param {Box} box
 * @param {Colors} colors
 */
function drawAxis(context, caption, {left, width, base}, colors) {
  context.fillStyle = colors.edge;
  context.fillRect(left, base, width, 1);
  context.fillStyle = caption.trouble ? colors.trouble : colors.soft;
  context.textAlign = "center";
  context.fillText(width < CAPTION_FROM ? caption.short : caption.text, left + width / 2, base + 13);
  if (width < EDGES_FROM || caption.trouble) return;
  context.textAlign = "left";
  context.fillText(caption.low, left, base + 13);
  context.textAlign = "right";
  context.fillText(caption.high, left + width, base + 13);
}

/**
 * The words below every histogram, in the frame's order.
 *
 * @param {Float32Array} stats
 * @param {Pick<Quantity, "sizes" | "symbol">[]} kinds Of the upper and the lower row.
 * @returns {Caption[]}
 */
export function captionsOf(stats, kinds) {
  return Array.from({length: countOf(stats)}, (_, k) => {
    const {low, high, mean, std, nonfinite} = statsAt(stats, k);
    const {sizes, symbol} = kinds[k % ROWS];
    const ends = {low: brief(low), high: brief(high)};
    if (nonfinite) return {...ends, trouble: true, text: `${nonfinite} not finite`, short: `${nonfinite} \u221e`};
    const spread = brief(std);
    const centre = Math.abs(mean) < std / 100 ? "0" : brief(mean);
    if (sizes) return {...ends, text: `|${symbol}| ${brief(mean)}`, short: brief(mean)};
    return {...ends, text: `\u03bc ${centre} \u03c3 ${spread}`, short: `\u03c3 ${spread}`};
  });
}

/**
 * One histogram in a sentence, for the tooltip.
 *
 * @param {Float32Array} stats
 * @param {number} layer
 * @param {number} row
 * @param {Pick<Quantity, "sizes">} kind
 */
export function describeHistogram(stats, layer, row, {sizes}) {
  const {low, high, mean, std, nonfinite} = statsOf(stats, layer, row);
  const odd = nonfinite ? `, ${nonfinite} values not finite and left out` : "";
  return `${brief(low)} to ${brief(high)}, ${sizes ? "mean size" : "mean"} ${brief(mean)}, `
    + `standard deviation ${brief(std)}${odd}; click to see the layer in detail`;
}
