/** @import {Properties} from "./types.js" */

/**
 * Create an element; properties named on… are listeners, all others attributes (false and null are left out).
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Properties} [properties]
 * @param {(Node | string)[]} children
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children);
  return node;
}

/**
 * Write text only when it differs: an equal write would still cost a layout.
 *
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Write an attribute only when it differs.
 *
 * @param {Element} node
 * @param {string} name
 * @param {string | number | boolean} value
 */
export function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value));
}

/**
 * What draws on a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [options]
 */
export function contextOf(canvas, options) {
  const context = canvas.getContext("2d", options);
  if (!context) throw new Error("This browser does not draw on a canvas.");
  return context;
}

/**
 * Give a canvas one backing pixel per device pixel; returns its context scaled to CSS pixels.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} width In CSS pixels.
 * @param {number} height
 * @param {CanvasRenderingContext2DSettings} [options]
 */
export function fitCanvas(canvas, width, height, options) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  const context = contextOf(canvas, options);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/**
 * Limit an action to one run per interval; a call that came too early runs when the interval is over.
 *
 * @param {() => void} action
 * @param {number} interval In ms.
 */
export function throttle(action, interval) {
  let last = -Infinity;
  let timer = 0;
  const run = () => {
    timer = 0;
    last = performance.now();
    action();
  };
  return () => {
    if (timer) return;
    const wait = last + interval - performance.now();
    if (wait > 0) timer = setTimeout(run, wait);
    else run();
  };
}

/**
 * The value, or the nearer of the two limits.
 *
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
