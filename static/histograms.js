import {brief} from "./format.js";

const FONT = "10px Roboto, Helvetica Neue, Arial, sans-serif";
const BINS = 32;
const ROWS = ["activation", "gradient"];
const EDGES_FROM = 120; // narrower histograms have no room for the ends of their axis
const CAPTION_FROM = 70;

/** Draw both histograms of every column with their captions. */
export function drawHistograms(context, geometry, histograms, captions, colors) {
  context.font = FONT;
  geometry.columns.forEach((column, layer) => {
    ROWS.forEach((name, row) => {
      if (layer === 0 && row === 1) return;
      const bins = histograms.subarray((2 * layer + row) * BINS, (2 * layer + row + 1) * BINS);
      const box = {left: column.x - geometry.barWidth / 2, width: geometry.barWidth, ...geometry.rows[row]};
      drawBars(context, bins, box, colors[name]);
      drawAxis(context, captions[2 * layer + row], box, colors);
    });
  });
}

function drawBars(context, bins, {left, width, top, base}, color) {
  const step = width / BINS;
  const bar = step - (step > 3 ? 0.8 : 0);
  context.fillStyle = color;
  context.beginPath();
  bins.forEach((bin, k) => {
    const height = (bin / 255) * (base - top);
    if (bin) context.rect(left + k * step, base - height, bar, height);
  });
  context.fill();
}

function drawAxis(context, caption, {left, width, base}, colors) {
  context.fillStyle = colors.edge;
  context.fillRect(left, base, width, 1);
  context.fillStyle = colors.soft;
  context.textAlign = "center";
  context.fillText(width < CAPTION_FROM ? caption.short : caption.text, left + width / 2, base + 13);
  if (width < EDGES_FROM) return;
  context.textAlign = "left";
  context.fillText(caption.low, left, base + 13);
  context.textAlign = "right";
  context.fillText(caption.high, left + width, base + 13);
}

/** The words below every histogram, in the frame's order: activation and gradient of each column. */
export function captionsOf(stats) {
  return Array.from({length: stats.length / 4}, (_, k) => {
    const [low, high, mean, deviation] = stats.subarray(4 * k, 4 * k + 4);
    const ends = {low: brief(low), high: brief(high)};
    const spread = brief(deviation);
    const centre = Math.abs(mean) < deviation / 100 ? "0" : brief(mean);
    if (k % 2) return {...ends, text: `|g| ${brief(mean)}`, short: brief(mean)};
    return {...ends, text: `\u03bc ${centre} \u03c3 ${spread}`, short: `\u03c3 ${spread}`};
  });
}

/** One histogram in a sentence, for the tooltip. */
export function describeHistogram(stats, layer, row) {
  const [low, high, mean, deviation] = stats.subarray(8 * layer + 4 * row, 8 * layer + 4 * row + 4);
  const centre = row ? "mean size" : "mean";
  return `${brief(low)} to ${brief(high)}, ${centre} ${brief(mean)}, standard deviation ${brief(deviation)}`;
}
