import {cased} from "./strokes.js";

/** @import {Pair, Point} from "./types.js" */
/** @import {Scales} from "./arrows.js" */
/** @typedef {(p: number, q: number) => Pair} Directions p and q along two directions as px across and down */

const LEAST = 14; // px, the least extent of a local model
const FAR = 5000; // px from the head at which a model's centre is not drawn
const POINTS = 64; // of one curve of a model

/**
 * The parabola that a rule takes the surface for at its head, g'd + d'Bd / 2: ellipses of equal height around its
 * lowest point; the outer one goes through the head. B is positive definite.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Scales} plane
 * @param {Point} spot where the head is
 * @param {number[]} model B as xx, xy, yy
 * @param {Pair | null} gradient
 * @param {string} color
 */
export function drawModel(context, plane, spot, [a, b, c], gradient, color) {
  const {values, vectors} = eigen(a, b, c);
  const most = values[0];
  if (!(most > 0) || !Number.isFinite(most)) return;
  // A flat direction would have its centre infinitely far away.
  const [bendP, bendQ] = values.map((value) => Math.max(value, 1e-6 * most));
  const [slopeP, slopeQ] = gradient ? vectors.map(([x, y]) => x * gradient[0] + y * gradient[1]) : [0, 0];
  const [p, q] = [-slopeP / bendP, -slopeQ / bendQ]; // to the centre
  const onMap = directions(plane, vectors);
  const [dx, dy] = onMap(p, q);
  const centre = {x: spot.x + dx, y: spot.y + dy};
  if (!(Math.hypot(dx, dy) < FAR)) return;
  const radius = Math.sqrt(bendP * p ** 2 + bendQ * q ** 2);
  const [axisP, axisQ] = [1 / Math.sqrt(bendP), 1 / Math.sqrt(bendQ)];
  const least = LEAST / Math.max(Math.hypot(...onMap(axisP, 0)), Math.hypot(...onMap(0, axisQ)));
  const outer = Math.max(radius, least);
  context.beginPath();
  for (const share of [1 / 3, 2 / 3, 1]) ellipse(context, centre, onMap, axisP * share * outer, axisQ * share * outer);
  cased(context, color);
  context.beginPath();
  cross(context, centre);
  cased(context, color);
}

/**
 * Eigenvalues of [[a, b], [b, c]], the larger one first, and their directions.
 *
 * @param {number} a
 * @param {number} b
 * @param {number} c
 * @returns {{values: Pair, vectors: [Pair, Pair]}}
 */
export function eigen(a, b, c) {
  const [mean, half] = [(a + c) / 2, Math.hypot((a - c) / 2, b)];
  const angle = Math.atan2(2 * b, a - c) / 2;
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  return {values: [mean + half, mean - half], vectors: [[x, y], [-y, x]]};
}

/** @param {Scales} plane @param {[Pair, Pair]} vectors @returns {Directions} */
function directions({perX, perY}, [[x0, y0], [x1, y1]]) {
  return (p, q) => [(p * x0 + q * x1) * perX, -(p * y0 + q * y1) * perY];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point} centre
 * @param {Directions} onMap
 * @param {number} a
 * @param {number} b
 */
function ellipse(context, {x, y}, onMap, a, b) {
  for (let k = 0; k <= POINTS; k++) {
    const turn = (2 * Math.PI * k) / POINTS;
    const [dx, dy] = onMap(a * Math.cos(turn), b * Math.sin(turn));
    if (k) context.lineTo(x + dx, y + dy);
    else context.moveTo(x + dx, y + dy);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Point} centre */
function cross(context, {x, y}) {
  context.moveTo(x - 4, y);
  context.lineTo(x + 4, y);
  context.moveTo(x, y - 4);
  context.lineTo(x, y + 4);
}
