import {traceLink} from "./geometry.js";

const DASH = [10, 3];
const DASHED_FROM = 20; // thinner links look frayed when dashed
const STRONGEST = 1200;
const LEVELS = 8;

/** Every link of a layout, in the order of the frame's weights. */
export function linksOf({columns, straight}) {
  return columns.slice(1).flatMap((to, k) => {
    const from = columns[k];
    return from.ys.flatMap((y0) => to.ys.map((y1) => {
      const link = {x0: from.right, y0, x1: to.left, y1};
      if (straight) return link;
      link.path = new Path2D();
      traceLink(link.path, link, false);
      return link;
    }));
  });
}

/** Draw all links; `flow` moves the dashes along. */
export function drawLinks(context, links, weights, styles, {straight, flow}) {
  if (straight) drawMany(context, links, weights, styles);
  else drawFew(context, links, weights, styles, flow);
}

/** One stroke per link, the strongest on top. */
function drawFew(context, links, weights, styles, flow) {
  const order = Uint16Array.from(links.keys()).sort((a, b) => Math.abs(weights[a]) - Math.abs(weights[b]));
  let dashed = false;
  context.lineDashOffset = -flow;
  for (const index of order) {
    const code = weights[index];
    if (!dashed && Math.abs(code) >= DASHED_FROM) {
      dashed = true;
      context.setLineDash(DASH);
    }
    context.strokeStyle = styles[code & 255].color;
    context.lineWidth = styles[code & 255].width;
    context.stroke(links[index].path);
  }
  context.setLineDash([]);
}

/** Only the strongest links, one stroke for all of about the same weight: thousands would be a grey mass anyway. */
function drawMany(context, links, weights, styles) {
  const faintest = strengthOfRank(weights, STRONGEST);
  const groups = Array.from({length: 2 * LEVELS}, () => []);
  links.forEach((link, index) => {
    const strength = Math.abs(weights[index]);
    if (strength >= faintest) groups[2 * ((strength * LEVELS) >> 7) + (weights[index] > 0)].push(link);
  });
  groups.forEach((group, k) => {
    const code = Math.round((((k >> 1) + 0.5) * 127) / LEVELS) * (k & 1 ? 1 : -1);
    context.strokeStyle = styles[code & 255].color;
    context.lineWidth = 0.6 * styles[code & 255].width;
    context.beginPath();
    for (const link of group) traceLink(context, link, true);
    context.stroke();
  });
}

/** The least strength that at most about `rank` links reach. */
function strengthOfRank(weights, rank) {
  const counts = new Uint32Array(129);
  for (const code of weights) counts[Math.abs(code)]++;
  let strength = 128;
  for (let seen = 0; strength > 1 && seen + counts[strength - 1] <= rank; strength--) seen += counts[strength - 1];
  return strength;
}

/** Draw one link so that it stands out from its neighbours. */
export function highlightLink(context, link, style, ink, straight) {
  for (const [color, extra] of [[ink, 4], [style.color, 1.5]]) {
    context.strokeStyle = color;
    context.lineWidth = style.width + extra;
    context.beginPath();
    traceLink(context, link, straight);
    context.stroke();
  }
}
