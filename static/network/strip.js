// @ts-nocheck
import {brief} from "../runtime/format.js";
import {statsOf} from "./histograms.js";

const FONT = "10px Roboto, Helvetica Neue, Arial, sans-serif";
const BINS = 32;
const LEFT = 46; // for the scale of the chart and the names of the rows
const TITLE = 16;
const LEAST_DECADES = 2;
const MOST_DECADES = 330; // what double precision reaches
const NUMBER_ROOM = 17; // pixels between the numbers of two layers, at least
const LABEL_ROOM = 15; // pixels between the chart's horizontal lines, at least

/** Where everything is when a network is drawn as a strip: one narrow column a layer, the chart of depth below. */
export function layOutStrip({left, width, top, divider, height, legend, count}) {
  const first = left + LEFT;
  const pitch = (width - first - 14) / count;
  const columns = Array.from({length: count}, (_, k) => ({x: first + (k + 0.5) * pitch}));
  const room = (divider - 26 - top) / 2;
  return {
    strip: true, pitch, columns, barWidth: Math.max(pitch - (pitch > 5 ? 2 : 0.5), 1),
    rows: [0, 1].map((row) => ({top: top + row * room + TITLE, base: top + (row + 1) * room - 6})),
    numbers: divider - 12,
    chart: {left: first, right: width - 14, top: divider + legend + 4, bottom: height - 26},
  };
}

/** Draws the distributions of every layer side by side, dark where values are dense. */
export function createStrip() {
  const picture = document.createElement("canvas");
  const brush = picture.getContext("2d");

  /** One pixel for each bin of a row, a column for each layer: far quicker to draw than as many rectangles. */
  function colorize(histograms, count, row, table) {
    const image = brush.createImageData(count, BINS);
    const pixels = new Uint32Array(image.data.buffer);
    for (let layer = 0; layer < count; layer++) {
      const first = (2 * layer + row) * BINS;
      for (let k = 0; k < BINS; k++) pixels[(BINS - 1 - k) * count + layer] = table[histograms[first + k]];
    }
    brush.putImageData(image, 0, 0);
  }

  return (context, geometry, frame, kinds, marks, colors) => {
    const {columns, pitch, barWidth} = geometry;
    if (picture.width !== columns.length) [picture.width, picture.height] = [columns.length, BINS];
    context.font = FONT;
    context.textAlign = "left";
    context.imageSmoothingEnabled = false;
    kinds.forEach((kind, row) => {
      const {top, base} = geometry.rows[row];
      context.fillStyle = colors.soft;
      context.fillText(kind.label, columns[0].x - pitch / 2, top - 5);
      colorize(frame.histograms, columns.length, row, colors.densities[kind.backward ? "gradient" : "activation"]);
      columns.forEach(({x}, layer) => {
        const {low, high, nonfinite} = statsOf(frame.stats, layer, row);
        if (low === high) return;
        context.fillStyle = colors.wash;
        context.fillRect(x - barWidth / 2, top, barWidth, base - top);
        context.drawImage(picture, layer, 0, 1, BINS, x - barWidth / 2, top, barWidth, base - top);
        if (!nonfinite) return;
        context.fillStyle = colors.trouble;
        context.fillRect(x - barWidth / 2, top, barWidth, 3);
      });
    });
    drawNumbers(context, geometry, marks, colors);
  };
}

/** The layers' numbers between strip and chart; in trouble red. */
function drawNumbers(context, {columns, pitch, numbers, barWidth}, {troubled, selected}, colors) {
  const every = Math.ceil(NUMBER_ROOM / pitch);
  context.textAlign = "center";
  columns.forEach(({x}, layer) => {
    if (troubled.has(layer)) {
      context.fillStyle = colors.trouble;
      context.fillRect(x - barWidth / 2, numbers - 13, barWidth, 3);
    }
    if (selected > 0 && layer === selected) {
      context.fillStyle = colors.accent;
      context.fillRect(x - barWidth / 2, numbers - 9, barWidth, 2);
    }
    const toEnd = columns.length - 1 - layer;
    const fits = layer % every === 0 && toEnd * pitch > NUMBER_ROOM;
    const name = layer === 0 ? "in" : toEnd === 0 ? "out" : fits ? String(layer) : "";
    context.fillStyle = troubled.has(layer) ? colors.trouble : colors.soft;
    if (name) context.fillText(name, x, numbers + 4);
  });
}

/** Spread of the signal and norm of the gradient of every layer, on a logarithmic scale; faintly where they began. */
export function drawProfile(context, geometry, profile, first, colors) {
  const {chart, columns} = geometry;
  const powers = (numbers, which) => columns.map((_, layer) => Math.log10(numbers[2 * layer + which]));
  const series = [0, 1].map((which) => powers(profile, which));
  const began = first ? [0, 1].map((which) => powers(first, which)) : [];
  const scale = scaleOf([...series, ...began].flat().filter(Number.isFinite));
  const down = (power) => chart.bottom - ((power - scale.low) / (scale.high - scale.low)) * (chart.bottom - chart.top);
  context.font = FONT;
  drawScale(context, chart, scale, down, colors);
  drawKey(context, chart, colors);
  context.globalAlpha = 0.4;
  began.forEach((line, which) => drawCurve(context, columns, line, down, which ? colors.gradient : colors.activation, 1));
  context.globalAlpha = 1;
  series.forEach((line, which) => {
    drawCurve(context, columns, line, down, which ? colors.gradient : colors.activation, 2);
    line.forEach((power, layer) => {
      // No signal at all: a mark on the floor.
      if (profile[2 * layer + which] === 0) context.fillRect(columns[layer].x - 2, chart.bottom - 4, 4, 4);
      if (!Number.isFinite(power) || geometry.pitch < 6) return;
      context.beginPath();
      context.arc(columns[layer].x, down(power), 2, 0, 2 * Math.PI);
      context.fill();
    });
  });
}

/** A line through all layers that have a finite power, with gaps where others are. */
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

/** Whole decades around all powers. */
function scaleOf(powers) {
  let low = Math.floor(Math.min(0, ...powers));
  let high = Math.ceil(Math.max(0, ...powers));
  while (high - low < LEAST_DECADES) [low, high] = [low - 1, high + 1];
  return {low: Math.max(low, -MOST_DECADES), high: Math.min(high, MOST_DECADES)};
}

function drawScale(context, chart, {low, high}, down, colors) {
  const lines = Math.max(Math.floor((chart.bottom - chart.top) / LABEL_ROOM), 1);
  const every = [1, 2, 5, 10, 20, 50, 100, 200].find((step) => (high - low) / step <= lines);
  context.textAlign = "right";
  for (let power = Math.ceil(low / every) * every; power <= high; power += every) {
    context.fillStyle = power === 0 ? colors.edge : colors.line;
    context.fillRect(chart.left, Math.round(down(power)), chart.right - chart.left, 1);
    context.fillStyle = colors.soft;
    context.fillText(power === 0 ? "1" : `1e${power}`.replace("-", "\u2212"), chart.left - 5, down(power) + 3);
  }
}

/** Both curves at one layer, in a sentence. */
export function describeProfile(profile, layer) {
  const norm = profile[2 * layer + 1];
  const spread = `signal spread ${exponent(profile[2 * layer])}`;
  return Number.isNaN(norm) ? spread : `${spread}, gradient norm ${exponent(norm)}`;
}

const exponent = (value) => (value !== 0 && (value < 0.01 || value >= 1e4)
  ? value.toExponential(1).replace("-", "\u2212").replace("e+", "e") : brief(value));
