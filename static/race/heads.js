// @ts-nocheck
const DARK = "#0b1622";
const SHADE = "rgb(11 22 34 / 55%)";
const HALO = "rgb(255 255 255 / 85%)";
const RADIUS = 6;
const SELECTED = 8;
const GRADIENT = 60; // px, the longest gradient arrow
const VELOCITY = 90;
const CHANGE = 120; // px, the longest arrow of the step-by-step card
const UNSEEN = 0.05; // px; a displacement below this has no arrow
const SHORTEST = 15; // px, so that 6 of them stand out from below the head
const ELLIPSE = 26; // px, the longer half axis of the rates
const BORDER = 8; // px from the rim at which a head stays that has left the map
const MODEL = 14; // px, the least extent of a local model
const FAR = 5000; // px from the head at which a model's centre is not drawn
const POINTS = 64; // of one curve of a model

/** Where a racer is at the cursor in px, inside the map, and whether it has ended there. */
export function headOf({frame, view}, track, plane, racer) {
  const head = frame?.heads?.[racer];
  const ended = Boolean(head?.ending) && view.cursor >= head.ended;
  let step = ended ? Math.min(view.cursor, head.ended, track.length - 1) : view.cursor;
  while (step > 0 && !Number.isFinite(track.x(step, racer) + track.y(step, racer))) step--;
  const before = Math.max(0, step - 1);
  const between = (from, to) => from + (to - from) * (ended ? 1 : view.glide);
  const x = plane.across(between(track.x(before, racer), track.x(step, racer)));
  const y = plane.down(between(track.y(before, racer), track.y(step, racer)));
  const inside = (value, size) => Math.min(size - BORDER, Math.max(BORDER, value));
  return {x: ended ? inside(x, plane.width) : x, y: ended ? inside(y, plane.height) : y, ended};
}

/** Every racer's head at the cursor and what goes on inside its rule; the selected racer lies on top. */
export function drawHeads(context, plane, store, track) {
  const {scene, settings, frame, view, line} = store;
  const order = scene.racers.map((_, racer) => racer).filter((racer) => scene.racers[racer].shown);
  order.sort((a, b) => (a === settings.selected) - (b === settings.selected));
  const spots = new Map(order.map((racer) => [racer, headOf(store, track, plane, racer)]));
  for (const racer of order) {
    const head = frame?.heads?.[racer];
    // What is known about the rule belongs to one step: at any other it would be wrong.
    if (!head || head.step !== view.cursor || spots.get(racer).ended) continue;
    drawInside(context, plane, store, spots.get(racer), head, scene.racers[racer].color);
  }
  if (spots.has(line?.racer)) drawLine(context, plane, store, spots.get(line.racer), line);
  for (const racer of order) {
    drawHead(context, spots.get(racer), scene.racers[racer].color, racer === settings.selected ? SELECTED : RADIUS);
  }
}

function drawInside(context, plane, {settings}, spot, head, color) {
  if (settings.local_model && head.model) drawModel(context, plane, spot, head, color);
  if (settings.rate_ellipses && head.rates) drawRates(context, spot, head.rates, color);
  if (settings.lookahead && head.home) drawLookahead(context, plane, spot, head.home, color);
  if (settings.gradient_vectors && head.gradient) {
    drawArrow(context, spot, downhill(plane, head.gradient), {color: "#ffffff", width: 1.6});
  }
  if (settings.velocity_vectors && head.velocity) {
    drawArrow(context, spot, fitted(displacement(plane, head.velocity), SHORTEST, VELOCITY), {color, width: 2.2});
  }
}

function drawHead(context, {x, y, ended}, color, radius) {
  if (ended) {
    drawCross(context, x, y, color, radius - 1);
    return;
  }
  disc(context, x, y, radius + 2, HALO);
  disc(context, x, y, radius + 0.6, DARK);
  disc(context, x, y, radius - 0.7, color);
}

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

function disc(context, x, y, radius, color) {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** A step in the plane as px on the map. */
const displacement = ({perX, perY}, [dx, dy]) => [dx * perX, -dy * perY];

/** The same direction, not shorter and not longer than this; nothing where there is no direction. */
function fitted([dx, dy], shortest, longest, unseen = UNSEEN) {
  const length = Math.hypot(dx, dy);
  if (!(length > unseen) || !Number.isFinite(length)) return null;
  const scale = Math.min(longest, Math.max(shortest, length)) / length;
  return [dx * scale, dy * scale];
}

/**
 * The way down, against the gradient. Gradients differ by many powers of ten along one path, so the length counts
 * these: 7.5 px for each power of ten above 1e-4, and 60 px from 1e4 on. At 1e-4 and below there is nothing to show.
 */
function downhill(plane, [gx, gy]) {
  const powers = Math.log10(Math.hypot(gx, gy)) + 4;
  if (!(powers > 0)) return null;
  const length = Math.min(GRADIENT, Math.max(SHORTEST, (GRADIENT / 8) * powers));
  return fitted(displacement(plane, [-gx, -gy]), length, length);
}

/** An arrow with a casing that adds `rim` px to its width; `vector` in px, or null for none. */
function drawArrow(context, {x, y}, vector, {color, width, casing = DARK, rim = 2}) {
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

/** Nesterov's rule: where the weights are, a ring, and where the gradient is measured, the head. */
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

/** How long a step is along either axis for the same gradient: the half axes of an ellipse. */
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

/** The vector that the step-by-step card speaks of. */
function drawLine(context, plane, {scene, colors}, spot, {racer, vector, role}) {
  const tones = {gradient: colors.gradient, velocity: scene.racers[racer].color, change: "#ffffff", state: "#c8d2dc"};
  const color = tones[role];
  const arrow = role === "gradient" ? downhill(plane, vector)
    : fitted(displacement(plane, vector), 1.5 * SHORTEST, CHANGE, 0);
  drawArrow(context, spot, arrow, {color, width: 4.5, casing: "#ffffff", rim: 6});
  drawArrow(context, spot, arrow, {color, width: 4.5});
}

/**
 * The parabola that a rule takes the surface for at its head, g'd + d'Bd / 2: ellipses of equal height around its lowest
 * point; the outer one goes through the head. B is positive definite.
 */
function drawModel(context, plane, spot, {model: [a, b, c], gradient}, color) {
  const {values, vectors} = eigen(a, b, c);
  const most = values[0];
  if (!(most > 0) || !Number.isFinite(most)) return;
  // A flat direction would have its centre infinitely far away.
  const bends = values.map((value) => Math.max(value, 1e-6 * most));
  const along = gradient ? vectors.map(([x, y]) => x * gradient[0] + y * gradient[1]) : [0, 0];
  const steps = along.map((slope, k) => -slope / bends[k]); // to the centre, along the eigenvectors
  const place = (p, q) => onMap(plane, vectors, p, q);
  const [dx, dy] = place(...steps);
  const centre = [spot.x + dx, spot.y + dy];
  if (!(Math.hypot(dx, dy) < FAR)) return;
  const radius = Math.sqrt(bends[0] * steps[0] ** 2 + bends[1] * steps[1] ** 2);
  const axes = bends.map((bend) => 1 / Math.sqrt(bend));
  const least = MODEL / Math.max(Math.hypot(...place(axes[0], 0)), Math.hypot(...place(0, axes[1])));
  const outer = Math.max(radius, least);
  context.beginPath();
  for (const share of [1 / 3, 2 / 3, 1]) ellipse(context, centre, place, axes.map((axis) => axis * share * outer));
  cased(context, color);
  context.beginPath();
  cross(context, centre);
  cased(context, color);
}

/** Eigenvalues of [[a, b], [b, c]], the larger one first, and their directions. */
function eigen(a, b, c) {
  const [mean, half] = [(a + c) / 2, Math.hypot((a - c) / 2, b)];
  const angle = Math.atan2(2 * b, a - c) / 2;
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  return {values: [mean + half, mean - half], vectors: [[x, y], [-y, x]]};
}

/** p and q along the eigenvectors as px across and down. */
function onMap({perX, perY}, [[x0, y0], [x1, y1]], p, q) {
  return [(p * x0 + q * x1) * perX, -(p * y0 + q * y1) * perY];
}

function ellipse(context, [x, y], place, [a, b]) {
  for (let k = 0; k <= POINTS; k++) {
    const turn = (2 * Math.PI * k) / POINTS;
    const [dx, dy] = place(a * Math.cos(turn), b * Math.sin(turn));
    if (k) context.lineTo(x + dx, y + dy);
    else context.moveTo(x + dx, y + dy);
  }
}

function cross(context, [x, y]) {
  context.moveTo(x - 4, y);
  context.lineTo(x + 4, y);
  context.moveTo(x, y - 4);
  context.lineTo(x, y + 4);
}

function cased(context, color) {
  for (const [stroke, width] of [[SHADE, 3], [color, 1.3]]) {
    Object.assign(context, {strokeStyle: stroke, lineWidth: width});
    context.stroke();
  }
}
