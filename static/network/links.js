/** @import {Link, LinkStyle, UnitGeometry} from "./types.js" */
import {STRONGEST} from "../runtime/wire.js";
import {traceLink} from "./geometry.js";

const SPARKS = [3, 21]; // the dashes that run along a link while it learns
const SPARKS_FROM = 36; // weight code: on thinner links they would only flicker
const MOST = 700; // links that are drawn where there are many
const LEVELS = 8;

/** @typedef {Link & {path: Path2D}} CurvedLink */

/**
 * Every link of a layout, in the order of the frame's weights. Curved ones bring their paths.
 *
 * @param {Pick<UnitGeometry, "columns" | "straight">} geometry
 * @returns {Link[]}
 */
export function linksOf({columns, straight}) {
  return columns.slice(1).flatMap((to, k) => {
    const from = columns[k];
    return from.ys.flatMap((y0) => to.ys.map((y1) => {
      const link = {x0: from.right, y0, x1: to.left, y1};
      return straight ? link : {...link, path: pathOf(link)};
    }));
  });
}

/** @param {Link} link */
function pathOf(link) {
  const path = new Path2D();
  traceLink(path, link, false);
  return path;
}

/**
 * Draw all links. `flow` is how far the sparks on them have come, or null when nothing flows.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Link[]} links
 * @param {Int8Array} weights
 * @param {LinkStyle[]} styles
 * @param {{straight: boolean, flow: number | null}} how
 */
export function drawLinks(context, links, weights, styles, {straight, flow}) {
  if (straight) drawMany(context, links, weights, styles);
  else drawFew(context, /** @type {CurvedLink[]} */ (links), weights, styles, flow);
}

/**
 * One stroke per link, the strongest on top.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {CurvedLink[]} links
 * @param {Int8Array} weights
 * @param {LinkStyle[]} styles
 * @param {number | null} flow
 */
function drawFew(context, links, weights, styles, flow) {
  const order = Uint16Array.from(links.keys()).sort((a, b) => Math.abs(weights[a]) - Math.abs(weights[b]));
  for (const index of order) {
    const style = styles[weights[index] & 255];
    context.strokeStyle = style.color;
    context.lineWidth = style.width;
    context.stroke(links[index].path);
    if (flow !== null && Math.abs(weights[index]) >= SPARKS_FROM) drawSparks(context, links[index], style, flow);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {CurvedLink} link
 * @param {LinkStyle} style
 * @param {number} flow
 */
function drawSparks(context, link, style, flow) {
  context.setLineDash(SPARKS);
  context.lineDashOffset = -flow;
  context.strokeStyle = style.spark;
  context.lineWidth = 0.6 * style.width;
  context.stroke(link.path);
  context.setLineDash([]);
}

/**
 * Only the strongest links, one stroke for all of about the same weight: thousands would be a grey mass anyway.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Link[]} links
 * @param {Int8Array} weights
 * @param {LinkStyle[]} styles
 */
function drawMany(context, links, weights, styles) {
  const faintest = faintestDrawn(weights, true);
  const groups = Array.from({length: 2 * LEVELS}, () => /** @type {Link[]} */ ([]));
  links.forEach((link, index) => {
    const strength = Math.abs(weights[index]);
    const level = Math.floor((strength * LEVELS) / (STRONGEST + 1));
    if (strength >= faintest) groups[2 * level + (weights[index] > 0 ? 1 : 0)].push(link);
  });
  groups.forEach((group, k) => {
    const code = Math.round((((k >> 1) + 0.5) * STRONGEST) / LEVELS) * (k & 1 ? 1 : -1);
    context.strokeStyle = styles[code & 255].color;
    context.lineWidth = 0.4 * styles[code & 255].width;
    context.beginPath();
    for (const link of group) traceLink(context, link, true);
    context.stroke();
  });
}

/**
 * The least strength of a weight code whose link is drawn.
 *
 * @param {Int8Array} weights
 * @param {boolean} straight
 */
export function faintestDrawn(weights, straight) {
  if (!straight) return 0;
  const counts = new Uint32Array(STRONGEST + 2);
  for (const code of weights) counts[Math.abs(code)]++;
  let strength = STRONGEST + 1;
  for (let seen = 0; strength > 1 && seen + counts[strength - 1] <= MOST; strength--) seen += counts[strength - 1];
  return strength;
}

/**
 * Draw one link so that it stands out from its neighbours.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Link} link
 * @param {LinkStyle} style
 * @param {string} ink
 * @param {boolean} straight
 */
export function highlightLink(context, link, style, ink, straight) {
  /** @type {[string, number][]} */
  const strokes = [[ink, 4], [style.color, 1.5]];
  for (const [color, extra] of strokes) {
    context.strokeStyle = color;
    context.lineWidth = style.width + extra;
    context.beginPath();
    traceLink(context, link, straight);
    context.stroke();
  }
}
