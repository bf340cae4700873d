// @ts-nocheck
import {fitCanvas, setAttribute} from "../runtime/dom.js";

const [WIDTH, HEIGHT, ROOM] = [84, 26, 3];

/** What every learning rate came to: the loss after the sweep against the rate, both logarithmic; the best one marked. */
export function drawSweep(canvas, {sweep, colors, scene}, racer) {
  const context = fitCanvas(canvas, WIDTH, HEIGHT);
  const {rates, values, best} = sweep;
  const own = values[racer];
  const known = own.filter((value) => value !== null);
  const lowest = scene.surface?.lowest ?? Math.min(...values.flat().filter((value) => value !== null));
  const height = (value) => Math.log10(Math.max(value - lowest, 1e-12));
  const heights = known.map(height);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  const across = (k) => ROOM + ((WIDTH - 2 * ROOM) * k) / (rates.length - 1);
  const down = (value) => HEIGHT - ROOM - ((HEIGHT - 2 * ROOM) * (height(value) - low)) / (high - low || 1);

  context.clearRect(0, 0, WIDTH, HEIGHT);
  context.strokeStyle = colors.line;
  context.strokeRect(0.5, 0.5, WIDTH - 1, HEIGHT - 1);
  context.strokeStyle = colors.soft;
  context.lineWidth = 1.4;
  context.beginPath();
  let pen = false;
  own.forEach((value, k) => {
    if (value !== null) context[pen ? "lineTo" : "moveTo"](across(k), down(value));
    pen = value !== null;
  });
  context.stroke();
  const chosen = best[racer];
  if (chosen !== null) {
    const k = rates.reduce((nearest, rate, at) =>
      (Math.abs(Math.log(rate / chosen)) < Math.abs(Math.log(rates[nearest] / chosen)) ? at : nearest), 0);
    context.fillStyle = colors.ink;
    context.beginPath();
    context.arc(across(k), down(own[k]), 2.6, 0, 2 * Math.PI);
    context.fill();
  }
  const words = chosen === null ? "No learning rate stays on the map" : `Best of 40 learning rates: ${Number(chosen.toPrecision(3))}`;
  setAttribute(canvas, "aria-label", `${words}.`);
  setAttribute(canvas, "title", `${words}. Across: rates from 1e-6 to 10; up: loss after the sweep; a gap is a rate that diverges.`);
}
