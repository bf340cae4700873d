import {element, fitCanvas} from "./dom.js";
import {brief} from "./format.js";

const WIDTH = 196;
const HEIGHT = 132;
const PLOT = {top: 4, bottom: 84}; // the function and its slope
const BARS = {top: 90, bottom: 116}; // the distribution of what the function is applied to
const FONT = "10px Roboto, Helvetica Neue, Arial, sans-serif";
const ENDS = 3; // values before the samples: layer, low, high

/** A small picture of one layer's activation: f, its slope, and the pre-activations it is applied to. */
export function createCurve(store) {
  const canvas = element("canvas", {
    class: "curve", role: "img", style: `width: ${WIDTH}px; height: ${HEIGHT}px`,
    "aria-label": "The activation function, its slope, and the distribution of this layer's pre-activations.",
  });

  function draw({curve, curveHeights}) {
    const {colors} = store;
    const context = fitCanvas(canvas, WIDTH, HEIGHT);
    const [, low, high] = curve;
    const count = (curve.length - ENDS) / 2;
    const f = curve.subarray(ENDS, ENDS + count);
    const slope = curve.subarray(ENDS + count);
    const across = (z) => ((z - low) / (high - low)) * WIDTH;
    const [bottom, top] = extent(f, slope);
    const down = (y) => PLOT.bottom - ((y - bottom) / (top - bottom)) * (PLOT.bottom - PLOT.top);

    context.fillStyle = colors.line;
    context.fillRect(0, down(0), WIDTH, 1);
    context.fillRect(across(0), PLOT.top, 1, BARS.bottom - PLOT.top);
    drawLine(context, slope, colors.gradient, down);
    drawLine(context, f, colors.activation, down);
    drawBars(context, curveHeights, colors);
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
    /** Draw when the frame shows the activation of this layer, counted from 0. */
    paint(frame, index) {
      if (frame?.curve?.[0] === index + 1) draw(frame);
    },
  };
}

/** The range of all finite values with zero in it, never empty. */
function extent(...lists) {
  const values = lists.flatMap((list) => Array.from(list)).filter(Number.isFinite);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  return high > low ? [low, high] : [low, low + 1];
}

function drawLine(context, values, color, down) {
  context.strokeStyle = color;
  context.lineWidth = 1.75;
  context.beginPath();
  values.forEach((value, k) => {
    if (Number.isFinite(value)) context.lineTo((k / (values.length - 1)) * WIDTH, down(value));
  });
  context.stroke();
}

function drawBars(context, heights, colors) {
  const step = WIDTH / heights.length;
  context.fillStyle = colors.edge;
  heights.forEach((height, k) => {
    const size = (height / 255) * (BARS.bottom - BARS.top);
    if (height) context.fillRect(k * step, BARS.bottom - size, step - 0.8, size);
  });
  context.fillRect(0, BARS.bottom, WIDTH, 1);
}
