import {fitCanvas, setAttribute} from "../runtime/dom.js";

/** @import {RaceStore, SweepOutcome} from "./types.js" */

const [WIDTH, HEIGHT, ROOM] = [84, 26, 3];

/**
 * What every learning rate came to: the loss after the sweep against the rate, both logarithmic; the best one marked.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {SweepOutcome} outcome
 * @param {Pick<RaceStore, "shown" | "look">} store
 * @param {number} racer
 */
export function drawSweep(canvas, {rates, values, best}, {shown: {scene}, look: {colors}}, racer) {
  const context = fitCanvas(canvas, WIDTH, HEIGHT);
  const lowest = scene.surface?.lowest ?? Math.min(...values.flat().filter((value) => value !== null));
  const points = pointsOf(rates, values[racer], lowest);

  context.clearRect(0, 0, WIDTH, HEIGHT);
  context.strokeStyle = colors.line;
  context.strokeRect(0.5, 0.5, WIDTH - 1, HEIGHT - 1);
  context.strokeStyle = colors.soft;
  context.lineWidth = 1.4;
  context.beginPath();
  points.forEach((point, k) => {
    if (point) context[points[k - 1] ? "lineTo" : "moveTo"](...point);
  });
  context.stroke();
  const chosen = best[racer];
  const mark = chosen !== null && points[nearest(rates, chosen)];
  if (mark) {
    context.fillStyle = colors.ink;
    context.beginPath();
    context.arc(...mark, 2.6, 0, 2 * Math.PI);
    context.fill();
  }
  const words = chosen === null ? "No learning rate stays on the map"
    : `Best of ${rates.length} learning rates: ${Number(chosen.toPrecision(3))}`;
  const across = `rates from ${short(rates[0])} to ${short(rates[rates.length - 1])}`;
  setAttribute(canvas, "aria-label", `${words}.`);
  setAttribute(canvas, "title",
    `${words}. Across: ${across}; up: loss after the sweep; a gap is a rate that diverges.`);
}

/**
 * A rate as short as it can be written: 1e-6, 10.
 *
 * @param {number} rate
 */
const short = (rate) => (rate < 1e-3 ? rate.toExponential() : String(rate));

/**
 * Where the rates come to lie, in px; null for those that diverge.
 *
 * @param {number[]} rates
 * @param {(number | null)[]} values
 * @param {number} lowest
 * @returns {([number, number] | null)[]}
 */
export function pointsOf(rates, values, lowest) {
  /** @param {number} value */
  const height = (value) => Math.log10(Math.max(value - lowest, 1e-12));
  const heights = values.filter((value) => value !== null).map(height);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  return values.map((value, k) => (value === null ? null : [
    ROOM + ((WIDTH - 2 * ROOM) * k) / (rates.length - 1),
    HEIGHT - ROOM - ((HEIGHT - 2 * ROOM) * (height(value) - low)) / (high - low || 1),
  ]));
}

/**
 * The index of the rate that is the nearest one by its ratio.
 *
 * @param {number[]} rates
 * @param {number} wanted
 */
export const nearest = (rates, wanted) => rates.reduce((found, rate, k) =>
  (Math.abs(Math.log(rate / wanted)) < Math.abs(Math.log(rates[found] / wanted)) ? k : found), 0);
