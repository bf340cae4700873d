import {DARK} from "./strokes.js";

/** @import {Pair, Point} from "./types.js" */
/** @typedef {{perX: number, perY: number}} Scales px that stand for 1 along x and along y */
/** @typedef {{color: string, width: number, casing?: string, rim?: number}} Look the casing adds rim px to the width */

const GRADIENT = 60; // px, the longest gradient arrow
const VELOCITY = 90;
const CHANGE = 120; // px, the longest arrow of the update card
const UNSEEN = 0.05; // px; a displacement below this has no arrow
const SHORTEST = 15; // px, so that 6 of them stand out from below the head

/**
 * A step in the plane as px on the map.
 *
 * @param {Scales} plane
 * @param {Pair} step
 * @returns {Pair}
 */
const displacement = ({perX, perY}, [dx, dy]) => [dx * perX, -dy * perY];

/**
 * The same direction, not shorter and not longer than this; nothing where there is no direction.
 *
 * @param {Pair} vector in px
 * @param {number} shortest
 * @param {number} longest
 * @param {number} [unseen]
 * @returns {Pair | null}
 */
function fitted([dx, dy], shortest, longest, unseen = UNSEEN) {
  const length = Math.hypot(dx, dy);
  if (!(length > unseen) || !Number.isFinite(length)) return null;
  const scale = Math.min(longest, Math.max(shortest, length)) / length;
  return [dx * scale, dy * scale];
}

/**
 * The way down, against the gradient. Gradients differ by many powers of ten along one path, so the length counts
 * these: 7.5 px for each power of ten above 1e-4, and 60 px from 1e4 on. At 1e-4 and below there is nothing to show.
 *
 * @param {Scales} plane
 * @param {Pair} gradient
 */
export function downhill(plane, [gx, gy]) {
  const powers = Math.log10(Math.hypot(gx, gy)) + 4;
  if (!(powers > 0)) return null;
  const length = Math.min(GRADIENT, Math.max(SHORTEST, (GRADIENT / 8) * powers));
  return fitted(displacement(plane, [-gx, -gy]), length, length);
}

/**
 * A velocity in px.
 *
 * @param {Scales} plane
 * @param {Pair} vector
 */
export const velocityArrow = (plane, vector) => fitted(displacement(plane, vector), SHORTEST, VELOCITY);

/**
 * A vector of the update trace in px; however short, it is shown.
 *
 * @param {Scales} plane
 * @param {Pair} vector
 */
export const traceArrow = (plane, vector) => fitted(displacement(plane, vector), 1.5 * SHORTEST, CHANGE, 0);

/**
 * An arrow; `vector` in px, or null for none.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Point} from
 * @param {Pair | null} vector
 * @param {Look} look
 */
export function drawArrow(context, {x, y}, vector, {color, width, casing = DARK, rim = 2}) {
  if (!vector) return;
  const length = Math.hypot(...vector);
  const [u, v] = [vector[0] / length, vector[1] / length];
  const [tipX, tipY] = [x + vector[0], y + vector[1]];
  const size = Math.min(3 * width + 2, length);
  const [baseX, baseY] = [tipX - size * u, tipY - size * v];
  const half = 0.5 * size;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(baseX, baseY);
  const tip = new Path2D();
  tip.moveTo(tipX, tipY);
  tip.lineTo(baseX - half * v, baseY + half * u);
  tip.lineTo(baseX + half * v, baseY - half * u);
  tip.closePath();
  Object.assign(context, {lineCap: "butt", lineJoin: "round", strokeStyle: casing, lineWidth: width + rim});
  context.stroke();
  context.lineWidth = rim;
  context.stroke(tip);
  Object.assign(context, {strokeStyle: color, fillStyle: color, lineWidth: width});
  context.stroke();
  context.fill(tip);
}
