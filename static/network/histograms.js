// @ts-nocheck
import {brief} from "../runtime/format.js";

const FONT = "10px Roboto, Helvetica Neue, Arial, sans-serif";
const BINS = 32;
export const STATS = 5; // numbers per histogram: low, high, mean, deviation, how many are not finite
const EDGES_FROM = 120; // narrower histograms have no room for the ends of their axis
const CAPTION_FROM = 70;
const EASE = 0.22; // share of the way that an axis goes in one picture
const NEAR = 0.005;
const FAINT = 0.7;

/** The numbers of one histogram. */
export function statsOf(stats, layer, row) {
  const [low, high, mean, std, nonfinite] = stats.subarray((2 * layer + row) * STATS, (2 * layer + row + 1) * STATS);
  return {low, high, mean, std, nonfinite};
}

const binsOf = (histograms, layer, row) => histograms.subarray((2 * layer + row) * BINS, (2 * layer + row + 1) * BINS);

/** Axes that glide to where the histograms' edges are, instead of jumping. */
export function createAxes() {
  let axes = [];
  return {
    /** Forget where the axes were: another network, another quantity. */
    clear() { axes = []; },
    /** Move all axes a bit; returns whether they have arrived. */
    glide(stats, calm) {
      let arrived = true;
      for (let k = 0; k < stats.length / STATS; k++) {
        const [low, high] = [stats[k * STATS], stats[k * STATS + 1]];
        const axis = axes[k];
        if (calm || !axis || Math.sign(axis.high - axis.low) <= 0) axes[k] = {low, high};
        else arrived = approach(axis, low, high) && arrived;
      }
      axes.length = stats.length / STATS;
      return arrived;
    },
    at: (layer, row) => axes[2 * layer + row],
  };
}

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

/** Draw both histograms of every column, faintly around them the run's first ones, with their captions. */
export function drawHistograms(context, geometry, frame, axes, captions, kinds, colors) {
  context.font = FONT;
  geometry.columns.forEach((column, layer) => kinds.forEach((kind, row) => {
    const stats = statsOf(frame.stats, layer, row);
    if (stats.low === stats.high) return;
    const box = {left: column.x - geometry.barWidth / 2, width: geometry.barWidth, ...geometry.rows[row]};
    const axis = axes.at(layer, row);
    drawBars(context, binsOf(frame.histograms, layer, row), stats, axis, box, colorOf(kind, colors));
    const first = statsOf(frame.firstStats, layer, row);
    drawOutline(context, binsOf(frame.firstHistograms, layer, row), first, axis, box, colors.edge);
    drawAxis(context, captions[2 * layer + row], box, colors);
  }));
}

/** Teal on the way in, violet on the way back. */
const colorOf = ({backward}, colors) => (backward ? colors.gradient : colors.activation);

/** Where a value lies on an axis drawn in a box. */
const across = (value, axis, {left, width}) => left + ((value - axis.low) / (axis.high - axis.low)) * width;

function drawBars(context, bins, {low, high}, axis, box, color) {
  const start = across(low, axis, box);
  const step = (across(high, axis, box) - start) / BINS;
  const gap = step > 3 ? 0.8 : 0;
  const right = box.left + box.width;
  context.fillStyle = color;
  context.beginPath();
  bins.forEach((bin, k) => {
    const from = Math.max(start + k * step, box.left);
    const to = Math.min(start + (k + 1) * step - gap, right);
    const height = (bin / 255) * (box.base - box.top);
    if (bin && to > from) context.rect(from, box.base - height, to - from, height);
  });
  context.fill();
}

function drawOutline(context, bins, {low, high}, axis, box, color) {
  const start = across(low, axis, box);
  const step = (across(high, axis, box) - start) / BINS;
  const inside = (x) => Math.min(Math.max(x, box.left), box.left + box.width);
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(inside(start), box.base);
  bins.forEach((bin, k) => {
    const y = box.base - (bin / 255) * (box.base - box.top);
    context.lineTo(inside(start + k * step), y);
    context.lineTo(inside(start + (k + 1) * step), y);
  });
  context.lineTo(inside(start + BINS * step), box.base);
  context.globalAlpha = FAINT;
  context.stroke();
  context.globalAlpha = 1;
}

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

/** The words below every histogram, in the frame's order. */
export function captionsOf(stats, kinds) {
  return Array.from({length: stats.length / STATS}, (_, k) => {
    const {low, high, mean, std, nonfinite} = statsOf(stats, k >> 1, k & 1);
    const {sizes, symbol} = kinds[k & 1];
    const ends = {low: brief(low), high: brief(high)};
    if (nonfinite) return {...ends, trouble: true, text: `${nonfinite} not finite`, short: `${nonfinite} \u221e`};
    const spread = brief(std);
    const centre = Math.abs(mean) < std / 100 ? "0" : brief(mean);
    if (sizes) return {...ends, text: `|${symbol}| ${brief(mean)}`, short: brief(mean)};
    return {...ends, text: `\u03bc ${centre} \u03c3 ${spread}`, short: `\u03c3 ${spread}`};
  });
}

/** One histogram in a sentence, for the tooltip. */
export function describeHistogram(stats, layer, row, {sizes}) {
  const {low, high, mean, std, nonfinite} = statsOf(stats, layer, row);
  const odd = nonfinite ? `, ${nonfinite} values not finite and left out` : "";
  return `${brief(low)} to ${brief(high)}, ${sizes ? "mean size" : "mean"} ${brief(mean)}, `
    + `standard deviation ${brief(std)}${odd}; click to see the layer in detail`;
}
