/** @import {Colors} from "../runtime/types.js" */
/** @import {Chart, StripGeometry} from "./types.js" */
import {named} from "../runtime/container.js";
import {brief} from "../runtime/format.js";
import {FONT} from "./histograms.js";
import {PROFILE} from "./wire.js";

const LEAST_DECADES = 2;
const MOST_DECADES = 330; // what double precision reaches
const LABEL_ROOM = 15; // pixels between the chart's horizontal lines, at least
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200]; // decades from one line to the next

/** @typedef {(power: number) => number} Down Pixels from the top of the canvas. */

/**
 * Spread of the signal and norm of the gradient of every layer, on a logarithmic scale; faintly where they began.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {StripGeometry} geometry
 * @param {Float64Array} profile
 * @param {Float64Array | null} first
 * @param {Colors} colors
 */
export function drawProfile(context, geometry, profile, first, colors) {
  const {chart, columns} = geometry;
  const series = seriesOf(profile);
  const began = first ? seriesOf(first) : [];
  const scale = scaleOf([...series, ...began].flat().filter(Number.isFinite));
  /** @type {Down} */
  const down = (power) => chart.bottom - ((power - scale.low) / (scale.high - scale.low)) * (chart.bottom - chart.top);
  const shades = PROFILE.map((name) => ({spread: colors.activation, norm: colors.gradient})[name]);
  context.font = FONT;
  drawScale(context, chart, scale, down, colors);
  drawKey(context, chart, colors);
  context.globalAlpha = 0.4;
  began.forEach((line, which) => drawCurve(context, columns, line, down, shades[which], 1));
  context.globalAlpha = 1;
  series.forEach((line, which) => {
    drawCurve(context, columns, line, down, shades[which], 2);
    line.forEach((power, layer) => {
      // No signal at all: a mark on the floor.
      if (power === -Infinity) context.fillRect(columns[layer].x - 2, chart.bottom - 4, 4, 4);
      if (!Number.isFinite(power) || geometry.pitch < 6) return;
      context.beginPath();
      context.arc(columns[layer].x, down(power), 2, 0, 2 * Math.PI);
      context.fill();
    });
  });
}

/** @type {(profile: Float64Array, layer: number) => {[name in typeof PROFILE[number]]: number}} */
const numbersOf = (profile, layer) => named(PROFILE, profile, PROFILE.length * layer);

/**
 * Powers of ten of a profile's two numbers, layer by layer.
 *
 * @param {Float64Array} profile
 */
function seriesOf(profile) {
  const count = profile.length / PROFILE.length;
  return PROFILE.map((name) => Array.from({length: count}, (_, layer) => Math.log10(numbersOf(profile, layer)[name])));
}

/**
 * A line through all layers that have a finite power, with gaps where others are.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number}[]} columns
 * @param {number[]} powers
 * @param {Down} down
 * @param {string} color
 * @param {number} width
 */
function drawCurve(context, columns, powers, down, color, width) {
  context.strokeStyle = context.fillStyle = color;
  context.lineWidth = width;
  context.beginPath();
  powers.forEach((power, layer) => {
    if (!Number.isFinite(power)) return;
    if (Number.isFinite(powers[layer - 1])) context.lineTo(columns[layer].x, down(power));
    else context.moveTo(columns[layer].x, down(power));
  });
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Chart} chart
 * @param {Colors} colors
 */
function drawKey(context, {left, bottom}, colors) {
  context.textAlign = "left";
  const entries = [["spread of the activations", colors.activation], ["norm of the gradient", colors.gradient]];
  entries.reduce((x, [text, color]) => {
    context.fillStyle = color;
    context.fillRect(x, bottom + 9, 9, 9);
    context.fillStyle = colors.soft;
    context.fillText(text, x + 14, bottom + 17);
    return x + 30 + context.measureText(text).width;
  }, left);
}

/**
 * Whole decades around all powers.
 *
 * @param {number[]} powers
 */
export function scaleOf(powers) {
  let low = Math.floor(Math.min(0, ...powers));
  let high = Math.ceil(Math.max(0, ...powers));
  while (high - low < LEAST_DECADES) [low, high] = [low - 1, high + 1];
  return {low: Math.max(low, -MOST_DECADES), high: Math.min(high, MOST_DECADES)};
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Chart} chart
 * @param {{low: number, high: number}} scale
 * @param {Down} down
 * @param {Colors} colors
 */
function drawScale(context, chart, {low, high}, down, colors) {
  const lines = Math.max(Math.floor((chart.bottom - chart.top) / LABEL_ROOM), 1);
  const every = STEPS.find((step) => (high - low) / step <= lines) ?? NaN; // where no step fits, no line is drawn
  context.textAlign = "right";
  for (let power = Math.ceil(low / every) * every; power <= high; power += every) {
    context.fillStyle = power === 0 ? colors.edge : colors.line;
    context.fillRect(chart.left, Math.round(down(power)), chart.right - chart.left, 1);
    context.fillStyle = colors.soft;
    context.fillText(power === 0 ? "1" : `1e${power}`.replace("-", "\u2212"), chart.left - 5, down(power) + 3);
  }
}

/**
 * Both curves at one layer, in a sentence.
 *
 * @param {Float64Array} profile
 * @param {number} layer
 */
export function describeProfile(profile, layer) {
  const {spread, norm} = numbersOf(profile, layer);
  const signal = `signal spread ${exponent(spread)}`;
  return Number.isNaN(norm) ? signal : `${signal}, gradient norm ${exponent(norm)}`;
}

/** @type {(value: number) => string} */
const exponent = (value) => (value !== 0 && (value < 0.01 || value >= 1e4)
  ? value.toExponential(1).replace("-", "\u2212").replace("e+", "e") : brief(value));
