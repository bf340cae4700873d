/** @import {Colors} from "../runtime/types.js" */
/** @import {LandscapeSections, Picture, Store} from "./types.js" */
/** @import {Piece} from "./landscape.js" */
import {contextOf} from "../runtime/dom.js";
import {loss} from "../runtime/format.js";
import {contoursOf, landscapeOf, lossAt} from "./landscape.js";
import {createLandscapeControls} from "./landscape_controls.js";
import {PICTURES} from "./wire.js";

const HATCH = 8;

/**
 * The loss around the present weights as a map with contours, and on it the path that training took.
 *
 * @param {Store} store
 * @returns {Picture}
 */
export function createLandscapePicture(store) {
  const map = createMap();
  return {
    sections: PICTURES.landscape,
    hasPoints: false,
    controls: createLandscapeControls(store),
    paint(context, side, frame) {
      const {heights, landscapeView, path} = /** @type {LandscapeSections} */ (frame);
      const {colors} = store.look;
      const {left, right, bottom, top, a, b} = landscapeOf(landscapeView);
      /** @type {Way} */
      const across = (u) => (side * (u - left)) / (right - left);
      /** @type {Way} */
      const down = (v) => side * (1 - (v - bottom) / (top - bottom));
      map.paint(context, side, heights, colors);
      drawPath(context, path, across, down, [a, b], colors);
    },
    describe(u, v, frame) {
      if (!frame) return ["\u2026", ""];
      const {heights, landscapeView} = /** @type {LandscapeSections} */ (frame);
      const {low, high, left, right, bottom, top} = landscapeOf(landscapeView);
      const side = Math.round(Math.sqrt(heights.length));
      const at = (/** @type {number} */ share) => Math.min(side - 1, Math.max(0, Math.round(share * (side - 1))));
      const value = lossAt(heights[at(v) * side + at(u)], {low, high});
      const place = [left + u * (right - left), top - v * (top - bottom)];
      return [
        value === null ? "Loss not finite" : `Training loss ${loss(value)}`,
        `${place[0].toFixed(2)}, ${place[1].toFixed(2)} on the plane`.replaceAll("-", "\u2212"),
      ];
    },
  };
}

/** @typedef {(share: number) => number} Way From the plane to pixels. */

/** Heights as colours with contours, made anew when they have changed. */
function createMap() {
  const brush = contextOf(document.createElement("canvas"));
  const map = brush.canvas;
  /** @type {{heights: Uint8Array, colors: Colors} | null} */
  let drawn = null;
  /** @type {Piece[]} */
  let contours = [];

  /**
   * @param {Uint8Array} heights
   * @param {Colors} colors
   */
  function draw(heights, colors) {
    const side = Math.round(Math.sqrt(heights.length));
    map.width = map.height = side;
    const image = brush.createImageData(side, side);
    const pixels = new Uint32Array(image.data.buffer);
    heights.forEach((code, k) => { pixels[k] = colors.heights[code]; });
    brush.putImageData(image, 0, 0);
    contours = contoursOf(heights, side);
    drawn = {heights, colors};
  }

  return {
    /**
     * @param {CanvasRenderingContext2D} context
     * @param {number} side
     * @param {Uint8Array} heights
     * @param {Colors} colors
     */
    paint(context, side, heights, colors) {
      if (drawn?.colors !== colors || !same(drawn.heights, heights)) draw(heights, colors);
      const cells = map.width;
      context.imageSmoothingEnabled = true;
      // Pixels stand for the points of the grid: the outermost ones lie on the rim.
      const inset = side / (cells - 1) / 2;
      context.drawImage(map, -inset, -inset, side + 2 * inset, side + 2 * inset);
      hatch(context, heights, cells, side, colors.soft);
      drawContours(context, contours, side / (cells - 1), colors.contour);
    },
  };
}

/** @type {(a: Uint8Array, b: Uint8Array) => boolean} */
const same = (a, b) => a === b || (a.length === b.length && a.every((value, k) => value === b[k]));

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Piece[]} contours
 * @param {number} step Pixels from one point of the grid to the next.
 * @param {string} color
 */
function drawContours(context, contours, step, color) {
  context.strokeStyle = color;
  context.lineWidth = 0.75;
  context.beginPath();
  for (const [x0, y0, x1, y1] of contours) {
    context.moveTo(x0 * step, y0 * step);
    context.lineTo(x1 * step, y1 * step);
  }
  context.stroke();
}

/**
 * Strokes where the loss is not finite.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Uint8Array} heights
 * @param {number} cells
 * @param {number} side
 * @param {string} color
 */
function hatch(context, heights, cells, side, color) {
  if (!heights.includes(0)) return;
  const step = side / (cells - 1);
  context.strokeStyle = color;
  context.lineWidth = 0.75;
  context.beginPath();
  heights.forEach((code, k) => {
    if (code) return;
    const [x, y] = [(k % cells) * step, Math.floor(k / cells) * step];
    context.moveTo(x - HATCH / 2, y + HATCH / 2);
    context.lineTo(x + HATCH / 2, y - HATCH / 2);
  });
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} path
 * @param {Way} across
 * @param {Way} down
 * @param {[number, number]} end
 * @param {Colors} colors
 */
function drawPath(context, path, across, down, [a, b], colors) {
  context.strokeStyle = colors.path;
  context.lineWidth = 2;
  context.lineJoin = "round";
  context.beginPath();
  for (let k = 0; k < path.length; k += 2) context.lineTo(across(path[k]), down(path[k + 1]));
  context.lineTo(across(a), down(b));
  context.stroke();
  dot(context, across(path[0]), down(path[1]), 3, colors.path, colors.paper);
  dot(context, across(a), down(b), 6, colors.paper, colors.path);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {string} fill
 * @param {string} rim
 */
function dot(context, x, y, radius, fill, rim) {
  context.fillStyle = fill;
  context.strokeStyle = rim;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}
