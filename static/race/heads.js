import {downhill, drawArrow, traceArrow, velocityArrow} from "./arrows.js";
import {drawModel} from "./local_model.js";
import {shownRacers} from "./spots.js";
import {DARK, HALO, cased} from "./strokes.js";

/** @import {Head, Highlight, Pair, Point, RaceSettings, RaceStore} from "./types.js" */
/** @import {Plane} from "./plane.js" */
/** @import {Spot, Spots} from "./spots.js" */

const RADIUS = 6;
const SELECTED = 8;
const ELLIPSE = 26; // px, the longer half axis of the rates

/**
 * Every racer's head at the cursor and what goes on inside its rule; the selected racer lies on top.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Plane} plane
 * @param {RaceStore} store
 * @param {Spots} spots
 * @param {number} cursor
 * @param {Highlight | null} highlight
 */
export function drawHeads(context, plane, store, spots, cursor, highlight) {
  const {shown: {scene, frame}, settings: {now: settings}} = store;
  const order = shownRacers(scene, settings.selected).map((racer) => ({racer, spot: spots(racer)}));
  for (const {racer, spot} of order) {
    const head = frame?.heads[racer];
    // What is known about the rule belongs to one step: at any other it would be wrong.
    if (!head || head.step !== cursor || spot.ended) continue;
    drawInside(context, plane, settings, spot, head, scene.racers[racer].color);
  }
  const pointed = highlight && order.find(({racer}) => racer === highlight.racer);
  if (pointed) drawHighlight(context, plane, store, pointed.spot, highlight);
  for (const {racer, spot} of order) {
    drawHead(context, spot, scene.racers[racer].color, racer === settings.selected ? SELECTED : RADIUS);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Plane} plane
 * @param {RaceSettings} settings
 * @param {Spot} spot
 * @param {Head} head
 * @param {string} color
 */
function drawInside(context, plane, settings, spot, head, color) {
  if (settings.local_model && head.model) drawModel(context, plane, spot, head.model, head.gradient, color);
  if (settings.rate_ellipses && head.rates) drawRates(context, spot, head.rates, color);
  if (settings.lookahead && head.home) drawLookahead(context, plane, spot, head.home, color);
  if (settings.gradient_vectors && head.gradient) {
    drawArrow(context, spot, downhill(plane, head.gradient), {color: "#ffffff", width: 1.6});
  }
  if (settings.velocity_vectors && head.velocity) {
    drawArrow(context, spot, velocityArrow(plane, head.velocity), {color, width: 2.2});
  }
}

/** @param {CanvasRenderingContext2D} context @param {Spot} spot @param {string} color @param {number} radius */
function drawHead(context, {x, y, ended}, color, radius) {
  if (ended) {
    drawCross(context, x, y, color, radius - 1);
    return;
  }
  disc(context, x, y, radius + 2, HALO);
  disc(context, x, y, radius + 0.6, DARK);
  disc(context, x, y, radius - 0.7, color);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {string} color
 * @param {number} size
 */
function drawCross(context, x, y, color, size) {
  context.lineCap = "round";
  for (const [stroke, width] of [[HALO, 7.5], [DARK, 5.5], [color, 3]]) {
    Object.assign(context, {strokeStyle: stroke, lineWidth: width});
    context.beginPath();
    context.moveTo(x - size, y - size);
    context.lineTo(x + size, y + size);
    context.moveTo(x - size, y + size);
    context.lineTo(x + size, y - size);
    context.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {string} color
 */
function disc(context, x, y, radius, color) {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/**
 * Nesterov's rule: where the weights are, a ring, and where the gradient is measured, the head.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Plane} plane
 * @param {Point} spot
 * @param {Pair} home
 * @param {string} color
 */
function drawLookahead(context, plane, {x, y}, [homeX, homeY], color) {
  const [x0, y0] = [plane.across(homeX), plane.down(homeY)];
  for (const [stroke, width] of [[DARK, 3.4], [color, 1.6]]) {
    Object.assign(context, {strokeStyle: stroke, lineWidth: width, lineCap: "butt"});
    context.setLineDash([5, 4]);
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x, y);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.arc(x0, y0, 4.5, 0, 2 * Math.PI);
    context.stroke();
  }
}

/**
 * How long a step is along either axis for the same gradient: the half axes of an ellipse.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Point} spot
 * @param {Pair} rates
 * @param {string} color
 */
function drawRates(context, {x, y}, rates, color) {
  const most = Math.max(...rates);
  if (!(most > 0) || !Number.isFinite(most)) return;
  const [a, b] = rates.map((rate) => (ELLIPSE * Math.max(0, rate)) / most);
  context.beginPath();
  context.ellipse(x, y, a, b, 0, 0, 2 * Math.PI);
  context.moveTo(x - a, y);
  context.lineTo(x + a, y);
  context.moveTo(x, y - b);
  context.lineTo(x, y + b);
  cased(context, color);
}

/**
 * Arrows of the roles that are no displacement; all others are.
 *
 * @type {{[role in Highlight["role"]]?: typeof downhill}}
 */
const ARROWS = {gradient: downhill};

/**
 * The vector that the update card speaks of.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Plane} plane
 * @param {Pick<RaceStore, "shown" | "look">} store
 * @param {Point} spot
 * @param {Highlight} highlight
 */
function drawHighlight(context, plane, {shown, look}, spot, {racer, vector, role}) {
  const color = {
    gradient: look.colors.gradient, velocity: shown.scene.racers[racer].color, change: "#ffffff", state: "#c8d2dc",
  }[role];
  const arrow = (ARROWS[role] ?? traceArrow)(plane, vector);
  drawArrow(context, spot, arrow, {color, width: 4.5, casing: "#ffffff", rim: 6});
  drawArrow(context, spot, arrow, {color, width: 4.5});
}
