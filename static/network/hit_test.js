/** @import {Geometry, StripGeometry, Target, UnitGeometry} from "./types.js" */
import {biasBox, courseAt, linkIndex} from "./geometry.js";
import {faintestDrawn} from "./links.js";

const REACH = 6;

/**
 * What lies under a point of the network's canvas: a unit, bias, link or histogram, or null.
 *
 * @param {Geometry} geometry
 * @param {Int8Array | undefined} weights Codes; not needed where no unit is drawn.
 * @param {number} x
 * @param {number} y
 * @returns {Target | null}
 */
export function hitTest(geometry, weights, x, y) {
  if (geometry.strip) return layerAt(geometry, x, y);
  if (y > geometry.divider) return histogramAt(geometry, x, y);
  return biasAt(geometry, x, y) ?? unitAt(geometry, x, y) ?? (weights ? linkAt(geometry, weights, x, y) : null);
}

/** @type {(geometry: UnitGeometry, x: number, y: number) => Target | null} */
function unitAt({columns}, x, y) {
  for (let layer = 1; layer < columns.length; layer++) {
    const {left, right, tile, ys} = columns[layer];
    if (x < left - 1 || x > right + 1) continue;
    const i = ys.findIndex((middle) => Math.abs(y - middle) <= tile / 2 + 1);
    if (i >= 0) return {kind: "unit", layer, i, j: 0};
  }
  return null;
}

/** @type {(geometry: UnitGeometry, x: number, y: number) => Target | null} */
function biasAt({columns}, x, y) {
  for (let layer = 1; layer < columns.length; layer++) {
    const column = columns[layer];
    const i = column.ys.findIndex((middle) => {
      const box = biasBox(column, middle);
      const slack = box.side > 4 ? 3 : 1;
      return x >= box.x - slack && x <= box.x + box.side && y >= box.y - slack && y <= box.y + box.side + slack;
    });
    if (i >= 0) return {kind: "bias", layer, i, j: 0};
  }
  return null;
}

/**
 * In a strip: a layer's distributions, or its place on the chart below.
 *
 * @type {(geometry: StripGeometry, x: number, y: number) => Target | null}
 */
function layerAt({columns, pitch, rows, chart}, x, y) {
  const layer = columns.findIndex((column) => Math.abs(x - column.x) <= pitch / 2);
  if (layer < 0) return null;
  if (y >= chart.top - 6) return {kind: "profile", layer, i: 0, j: 0};
  const row = rows.findIndex(({top, base}) => y >= top && y <= base + 14);
  return row < 0 ? null : {kind: "histogram", layer, i: row, j: 0};
}

/** @type {(geometry: UnitGeometry, x: number, y: number) => Target | null} */
function histogramAt({columns, rows, barWidth}, x, y) {
  const layer = columns.findIndex((column) => Math.abs(x - column.x) <= barWidth / 2);
  const row = rows.findIndex(({top, base}) => y >= top && y <= base + 14);
  return layer < 0 || row < 0 ? null : {kind: "histogram", layer, i: row, j: 0};
}

/**
 * The nearest link. All links between two columns have the same horizontal course, so a cursor lies at the same
 * share of every one of them and only heights need comparing. Strong links win over weak ones at equal distance.
 *
 * @type {(geometry: UnitGeometry, weights: Int8Array, x: number, y: number) => Target | null}
 */
function linkAt({columns, straight}, weights, x, y) {
  const layer = columns.findIndex((column, k) => k > 0 && x > columns[k - 1].right && x < column.left);
  if (layer < 1) return null;
  const from = columns[layer - 1];
  const to = columns[layer];
  const span = to.left - from.right;
  const faintest = faintestDrawn(weights, straight);
  const {height, slope} = courseAt((x - from.right) / span, straight);
  /** @type {Target | null} */
  let best = null;
  let nearest = REACH;
  for (const [i, start] of from.ys.entries()) {
    for (const [j, end] of to.ys.entries()) {
      const drop = end - start;
      const distance = Math.abs(start + drop * height - y) / Math.hypot(1, (drop * slope) / span);
      const strength = Math.abs(weights[linkIndex(to, i, j)]);
      const cost = distance - strength / 64;
      if (distance > REACH || cost >= nearest || strength < faintest) continue;
      nearest = cost;
      best = {kind: "link", layer, i, j};
    }
  }
  return best;
}
