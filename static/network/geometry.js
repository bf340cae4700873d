/** @import {Column, Feature, Geometry, InputColumn, InputLayer, Layers, Link} from "./types.js" */
import {clamp} from "../runtime/dom.js";
import {layOutStrip} from "./strip_layout.js";

const HEADERS = 78;
const OUTPUT_LIKE = 10; // the output's tiles are never smaller than if the largest layer had so many units
const MIN_COLUMN = 58;
const MIN_STRIP = 4;
const CHIPS = 20;
const CAPTION = 17;
const LEGEND = 30;
const NARROW = 620; // has no room for the legend in one row
const CURVED_LINKS = 600;
const MAX_PITCH = 1.45; // in tiles: a lone pair of units should still read as a pair

/** @typedef {{top: number, bottom: number}} Area */
/** @typedef {Pick<Feature, "name">[]} Features */
/** @typedef {{width: number, height: number, layers: Layers, features: Features, strip: boolean}} Wanted */

/**
 * The least width at which every column of `layers` can still be read and clicked.
 *
 * @param {{layers: readonly unknown[], strip: boolean}} scene
 */
export const minimalWidth = ({layers, strip}) =>
  (strip ? 160 + MIN_STRIP * layers.length : 110 + MIN_COLUMN * (layers.length - 1));

/**
 * Where everything on the network's canvas is, in CSS pixels.
 *
 * @param {Wanted} wanted
 * @returns {Geometry}
 */
export function layOut(wanted) {
  const {width, height} = wanted;
  const legend = width < NARROW ? 2 * LEGEND : LEGEND;
  const divider = Math.round(height - clamp(0.37 * height, 160 + legend, 320));
  const area = {top: HEADERS, bottom: divider - 12};
  const frame = {width, height, divider, legend};
  return wanted.strip ? layersOnly(wanted, frame, area) : allUnits(wanted, frame, area);
}

/** @typedef {{width: number, height: number, divider: number, legend: number}} Frame */

/**
 * @param {Wanted} wanted
 * @param {Frame} frame
 * @param {Area} area
 * @returns {Geometry}
 */
function allUnits({width, height, layers, features}, frame, area) {
  const xs = columnCentres(width, layers.length);
  const columnWidth = xs[1] - xs[0];
  const largest = Math.min(clamp(Math.round(0.064 * height), 24, 56), Math.round(0.46 * columnWidth));
  const sizes = tileSizes(area, layers, features, largest);
  const inputs = inputColumn(xs[0], sizes.input, area, layers[0], features);
  const others = layers.slice(1).map((layer, k) => unitColumn(xs[k + 1], sizes[layer.kind], area, layer.units));
  const {columns, links} = numbered([inputs, ...others]);
  const margin = width - xs[xs.length - 1];
  return {
    ...frame, strip: false, inputs, columns, columnWidth,
    straight: links > CURVED_LINKS,
    barWidth: Math.floor(Math.min(columnWidth - 9, 136, 2 * margin - 12)),
    rows: histogramRows(frame.divider + frame.legend, height),
  };
}

/**
 * Inputs as ever; all else as a strip.
 *
 * @param {Wanted} wanted
 * @param {Frame} frame
 * @param {Area} area
 * @returns {Geometry}
 */
function layersOnly({width, height, layers, features}, frame, area) {
  const x = width < 520 ? 74 : 92;
  const size = tiling(area, features.length, clamp(Math.round(0.064 * height), 24, 56));
  const inputs = inputColumn(x, size, area, layers[0], features);
  const strip = layOutStrip({...frame, left: inputs.right, top: 20, count: layers.length});
  return {...frame, strip: true, inputs, columnWidth: 0, ...strip};
}

/**
 * Hidden layers share one size, so that they can be compared.
 *
 * @param {Area} area
 * @param {Layers} layers
 * @param {Features} features
 * @param {number} largest
 */
function tileSizes(area, layers, features, largest) {
  const units = layers.slice(1).map((layer) => layer.units);
  const most = Math.max(...units);
  return {
    input: tiling(area, features.length, largest),
    hidden: tiling(area, most, largest),
    output: tiling(area, Math.max(units[units.length - 1], Math.min(most, OUTPUT_LIKE)), largest),
  };
}

/**
 * @param {number} width
 * @param {number} count
 */
function columnCentres(width, count) {
  const first = width < 520 ? 74 : 92;
  const margin = clamp((width - first) / (2 * count), 32, 80);
  const step = (width - first - margin) / (count - 1);
  return Array.from({length: count}, (_, k) => Math.round(first + k * step));
}

/** @typedef {{tile: number, pitch: number}} Tiling */

/**
 * Tile size and distance such that `count` tiles fit the area.
 *
 * @param {Area} area
 * @param {number} count
 * @param {number} largest
 * @returns {Tiling}
 */
function tiling(area, count, largest) {
  const room = (area.bottom - area.top) / count;
  const tile = Math.floor(clamp(room - clamp(0.2 * room, 1.5, 12), 5, largest));
  return {tile, pitch: Math.min(room, MAX_PITCH * tile)};
}

/**
 * @param {number} x
 * @param {Tiling} tiling
 * @param {Area} area
 * @param {number} units
 */
function unitColumn(x, {tile, pitch}, area, units) {
  const middle = (area.top + area.bottom) / 2;
  const ys = Array.from({length: units}, (_, i) => Math.round(middle + (i - (units - 1) / 2) * pitch));
  return {x, tile, pitch, ys, left: x - tile / 2, right: x + tile / 2};
}

/**
 * Every feature has a place; `ys` are those that feed the network, `allYs` those of all.
 *
 * @param {number} x
 * @param {Tiling} size
 * @param {Area} area
 * @param {InputLayer} layer
 * @param {Features} features
 * @returns {InputColumn}
 */
function inputColumn(x, size, area, layer, features) {
  const column = unitColumn(x, size, area, features.length);
  const found = new Map(features.map((feature, k) => [feature.name, column.ys[k]]));
  return {...column, allYs: column.ys, ys: layer.features.map((name) => found.get(name) ?? NaN)};
}

/**
 * Frames store units and links one after another; remember where each column's begin, and count the links.
 *
 * @param {Omit<Column, "firstUnit" | "firstLink">[]} columns
 * @returns {{columns: Column[], links: number}}
 */
function numbered(columns) {
  let units = 0;
  let links = 0;
  const placed = columns.map((column, k) => {
    const first = {firstUnit: units, firstLink: links};
    if (k > 0) {
      units += column.ys.length;
      links += columns[k - 1].ys.length * column.ys.length;
    }
    return {...column, ...first};
  });
  return {columns: placed, links};
}

/**
 * Where the link from unit `i` of the column before to unit `j` of this one stands in a frame's weights.
 *
 * @param {Pick<Column, "firstLink" | "ys">} column
 * @param {number} i
 * @param {number} j
 */
export const linkIndex = ({firstLink, ys}, i, j) => firstLink + i * ys.length + j;

/**
 * @param {number} start
 * @param {number} height
 */
function histogramRows(start, height) {
  const top = start + CHIPS;
  const pitch = (height - top - 4) / 2;
  return [0, 1].map((row) => ({top: top + row * pitch, base: Math.round(top + (row + 1) * pitch - CAPTION)}));
}

/**
 * The square of a unit's bias, at the lower left of its tile.
 *
 * @param {Pick<Column, "tile" | "left">} column
 * @param {number} y The unit's centre.
 */
export function biasBox(column, y) {
  const side = clamp(Math.round(0.18 * column.tile), 3, 8);
  return {x: column.left - side - 1, y: y + column.tile / 2 - side, side};
}

/**
 * Add one link to a path: an S between two tiles, or a straight line where there are too many to tell apart.
 *
 * @param {CanvasPath} path
 * @param {Link} link
 * @param {boolean} straight
 */
export function traceLink(path, link, straight) {
  const middle = (link.x0 + link.x1) / 2;
  path.moveTo(link.x0, link.y0);
  if (straight) path.lineTo(link.x1, link.y1);
  else path.bezierCurveTo(middle, link.y0, middle, link.y1, link.x1, link.y1);
}

/**
 * At a share of a link's horizontal way: the share of its vertical way, and how fast that grows there.
 *
 * @param {number} share
 * @param {boolean} straight
 */
export function courseAt(share, straight) {
  if (straight) return {height: share, slope: 1};
  let t = share;
  for (let k = 0; k < 4; k++) t -= (t * (1.5 + t * (t - 1.5)) - share) / (1.5 + t * (3 * t - 3)); // Newton
  return {height: t * t * (3 - 2 * t), slope: (6 * t * (1 - t)) / (1.5 + t * (3 * t - 3))};
}
