/** @import {Colors} from "../runtime/types.js" */
/** @import {Quantity, StripFrame, StripGeometry} from "./types.js" */
import {contextOf} from "../runtime/dom.js";
import {FONT, indexOf, statsOf} from "./histograms.js";
import {BINS} from "./wire.js";

const NUMBER_ROOM = 17; // pixels between the numbers of two layers, at least

/** @typedef {{troubled: Set<number>, selected: number}} Marks The layers in trouble; the one seen in detail, or 0. */

/** Draws the distributions of every layer side by side, dark where values are dense. */
export function createStrip() {
  const brush = contextOf(document.createElement("canvas"));
  const picture = brush.canvas;

  /**
   * One pixel for each bin of a row, a column for each layer: far quicker to draw than as many rectangles.
   *
   * @param {Uint8Array} histograms
   * @param {number} count
   * @param {number} row
   * @param {Uint32Array} table
   */
  function colorize(histograms, count, row, table) {
    const image = brush.createImageData(count, BINS);
    const pixels = new Uint32Array(image.data.buffer);
    for (let layer = 0; layer < count; layer++) {
      const first = indexOf(layer, row) * BINS;
      for (let k = 0; k < BINS; k++) pixels[(BINS - 1 - k) * count + layer] = table[histograms[first + k]];
    }
    brush.putImageData(image, 0, 0);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {StripGeometry} geometry
   * @param {StripFrame} frame
   * @param {Quantity[]} kinds
   * @param {Marks} marks
   * @param {Colors} colors
   */
  function draw(context, geometry, frame, kinds, marks, colors) {
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
  }

  return draw;
}

/**
 * The layers' numbers between strip and chart; in trouble red.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {StripGeometry} geometry
 * @param {Marks} marks
 * @param {Colors} colors
 */
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
