/** @import {Colors, Store as AnyStore} from "../runtime/types.js" */
/** @import {Frame} from "./types.js" */
import {named} from "../runtime/container.js";
import {element, fitCanvas} from "../runtime/dom.js";
import {brief} from "../runtime/format.js";
import {HIGHEST} from "../runtime/wire.js";
import {FONT} from "./histograms.js";
import {CURVE_ENDS} from "./wire.js";

const WIDTH = 196;
const HEIGHT = 132;
const VALUE = {top: 3, bottom: 58}; // the function
const SLOPE = {top: 65, bottom: 92}; // its derivative, on a scale of its own
const BARS = {top: 97, bottom: 117}; // the distribution of what the function is applied to
const ENDS = CURVE_ENDS.length;

/**
 * A small picture of one layer's activation: f, its slope, and the pre-activations it is applied to.
 *
 * @param {Pick<AnyStore, "look">} store
 */
export function createCurve({look}) {
  const canvas = element("canvas", {
    class: "curve", role: "img", style: `width: ${WIDTH}px; height: ${HEIGHT}px`,
    "aria-label": "The activation function, its slope, and the distribution of this layer's pre-activations.",
  });

  /**
   * @param {Float32Array} curve
   * @param {Uint8Array} heights
   */
  function draw(curve, heights) {
    const {colors} = look;
    const context = fitCanvas(canvas, WIDTH, HEIGHT);
    const {low, high} = named(CURVE_ENDS, curve);
    const count = (curve.length - ENDS) / 2;
    const f = curve.subarray(ENDS, ENDS + count);
    const slope = curve.subarray(ENDS + count);
    context.fillStyle = colors.line;
    context.fillRect((-low / (high - low)) * WIDTH, VALUE.top, 1, BARS.bottom - VALUE.top);
    drawLine(context, f, VALUE, colors.activation, colors);
    drawLine(context, slope, SLOPE, colors.gradient, colors);
    drawBars(context, heights, colors);
    context.font = FONT;
    context.fillStyle = colors.soft;
    context.fillText(brief(low), 0, HEIGHT - 4);
    context.textAlign = "center";
    context.fillText("z", WIDTH / 2, HEIGHT - 4);
    context.textAlign = "right";
    context.fillText(brief(high), WIDTH, HEIGHT - 4);
  }

  return {
    element: canvas,
    clear: () => fitCanvas(canvas, WIDTH, HEIGHT),
    /**
     * Draw when the frame shows the activation of this layer.
     *
     * @param {Frame} frame
     * @param {number} index The hidden layer, counted from 0.
     */
    paint({curve, curveHeights}, index) {
      if (curve && curveHeights && named(CURVE_ENDS, curve).layer === index + 1) draw(curve, curveHeights);
    },
  };
}

/**
 * The range of all finite values with zero in it, never empty.
 *
 * @param {Float32Array} values
 */
function extent(values) {
  const finite = Array.from(values).filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const high = Math.max(0, ...finite);
  return high > low ? [low, high] : [low, low + 1];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} values
 * @param {{top: number, bottom: number}} box
 * @param {string} color
 * @param {Colors} colors
 */
function drawLine(context, values, {top, bottom}, color, colors) {
  const [low, high] = extent(values);
  const down = (/** @type {number} */ y) => bottom - ((y - low) / (high - low)) * (bottom - top);
  context.fillStyle = colors.line;
  context.fillRect(0, down(0), WIDTH, 1);
  context.strokeStyle = color;
  context.lineWidth = 1.75;
  context.beginPath();
  values.forEach((value, k) => {
    if (Number.isFinite(value)) context.lineTo((k / (values.length - 1)) * WIDTH, down(value));
  });
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Uint8Array} heights
 * @param {Colors} colors
 */
function drawBars(context, heights, colors) {
  const step = WIDTH / heights.length;
  context.fillStyle = colors.edge;
  heights.forEach((height, k) => {
    const size = (height / HIGHEST) * (BARS.bottom - BARS.top);
    if (height) context.fillRect(k * step, BARS.bottom - size, step - 0.8, size);
  });
  context.fillRect(0, BARS.bottom, WIDTH, 1);
}
