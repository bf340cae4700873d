import {fitCanvas} from "../runtime/dom.js";
import {DARK} from "./strokes.js";

/** @import {Pair, SceneRacer} from "./types.js" */
/** @import {Plane} from "./plane.js" */
/** @import {Track} from "./track.js" */

/** @typedef {(x0: number, y0: number, x1: number, y1: number) => boolean} IsNew whether a line can be seen */
/** @typedef {(x0: number, y0: number, x1: number, y1: number, bit: number) => boolean} Cover */
/** @typedef {Pick<SceneRacer, "color" | "shown">} Look */

const NEAR = 0.7; // px; a point nearer than this to the last drawn one would not be seen
const TAIL = 60; // steps before the cursor that are drawn fully opaque
const OLD = 0.88; // opacity of what is older
const CASING = 0.4; // opacity of the dark line below a path
const LINE = 2.2;
const PIECE = 100; // points in one stroke: a long line that crosses itself costs more than its pieces do
const BLOCK = 100; // steps that are drawn before time is looked at
const WORK = 150_000; // what one refresh may draw, see workOf: 20 to 30 ms without a graphics card
const CELL = 1.5; // px; less than a line is wide, so that lines that end in a cell meet
const FAR = 4000; // px beyond the map at which lines are cut, because a canvas computes in single precision

/**
 * The paths up to the cursor. All steps are kept on two canvases, so that a refresh draws only what is new: the dark
 * casings on one and the lines on the other, for a casing must never cover an older piece of line.
 *
 * @param {Track} track
 */
export function createPaths(track) {
  const kept = createKeptPaths(track);
  let known = "";
  /** @type {Plane | null} */
  let fitted = null;

  return {
    /**
     * Whether all of it could be drawn; if not, the next refresh goes on.
     *
     * @param {CanvasRenderingContext2D} context
     * @param {Plane} plane
     * @param {Look[]} racers
     * @param {number} cursor
     */
    paint(context, plane, racers, cursor) {
      const wanted = [track.version, ...racers.map(({color, shown}) => color + shown)].join();
      if (wanted !== known || plane !== fitted || cursor < kept.drawn) kept.clear(plane, racers);
      [known, fitted] = [wanted, plane];
      kept.extend(plane, racers, cursor);
      kept.blendInto(context, plane);
      Object.assign(context, {lineJoin: "round", lineCap: "round"});
      racers.forEach(({color, shown}, racer) => {
        if (!shown) return;
        trace(track, plane, racer, [Math.max(0, cursor - TAIL), cursor], null, () => true, (points) => {
          stroke(context, points, color, LINE);
        });
      });
      return kept.drawn === cursor;
    },
    /**
     * The piece of the newest step that a gliding head has gone.
     *
     * @param {CanvasRenderingContext2D} context
     * @param {string} color
     * @param {number[]} points
     */
    begin(context, color, points) {
      context.globalAlpha = CASING;
      stroke(context, points, DARK, LINE + 2);
      context.globalAlpha = 1;
      stroke(context, points, color, LINE);
    },
  };
}

/**
 * What has been drawn so far, on two canvases of the size of the map.
 *
 * @param {Track} track
 */
function createKeptPaths(track) {
  const casings = createLayer();
  const lines = createLayer();
  /** @type {Plane | null} */
  let fitted = null;
  /** @type {Cover} */
  let cover = () => true;
  /** @type {(Pair | null)[]} */
  let pens = [];
  let drawn = -1;

  return {
    /** The last step that is drawn. */
    get drawn() { return drawn; },
    /** Start over on empty canvases. @param {Plane} plane @param {Look[]} racers */
    clear(plane, racers) {
      for (const layer of [casings, lines]) {
        if (fitted !== plane) Object.assign(plane.fit(layer.canvas), {lineJoin: "round", lineCap: "round"});
        else layer.clearRect(0, 0, plane.width, plane.height);
      }
      fitted = plane;
      cover = createCover(plane);
      pens = racers.map(() => null);
      drawn = -1;
    },
    /**
     * Draw on up to the cursor, or as far as one refresh has time for.
     *
     * @param {Plane} plane
     * @param {Look[]} racers
     * @param {number} cursor
     */
    extend(plane, racers, cursor) {
      let work = 0;
      while (drawn < cursor && work < WORK) {
        const next = Math.min(cursor, drawn + BLOCK);
        racers.forEach(({color, shown}, racer) => {
          if (!shown) return;
          /** @type {IsNew} */
          const isNew = (x0, y0, x1, y1) => cover(x0, y0, x1, y1, 1 << racer);
          pens[racer] = trace(track, plane, racer, [drawn + 1, next], pens[racer], isNew, (points) => {
            stroke(casings, points, DARK, LINE + 2);
            stroke(lines, points, color, LINE);
            work += workOf(points);
          });
        });
        drawn = next;
      }
    },
    /** @param {CanvasRenderingContext2D} context @param {Plane} plane */
    blendInto(context, plane) {
      blend(context, casings.canvas, plane, CASING);
      blend(context, lines.canvas, plane, OLD);
    },
  };
}

const createLayer = () => fitCanvas(document.createElement("canvas"), 1, 1);

/**
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLCanvasElement} canvas
 * @param {{width: number, height: number}} size
 * @param {number} opacity
 */
function blend(context, canvas, {width, height}, opacity) {
  context.globalAlpha = opacity;
  context.drawImage(canvas, 0, 0, width, height);
  context.globalAlpha = 1;
}

/**
 * Which parts of the map each path has covered. The function that is returned says whether a line adds to what the
 * path with this bit has covered, and counts it in. A racer that shakes around a minimum for thousands of steps adds
 * nothing soon, and drawing lines over lines is what takes time.
 *
 * @param {{width: number, height: number}} size
 * @returns {Cover}
 */
export function createCover({width, height}) {
  const [columns, rows] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
  const cells = new Uint16Array(columns * rows);
  return (x0, y0, x1, y1, bit) => {
    const count = Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)) / CELL);
    const [dx, dy] = [(x1 - x0) / count / CELL, (y1 - y0) / count / CELL];
    let isNew = false;
    for (let k = 0, x = x0 / CELL, y = y0 / CELL; k <= count; k++, x += dx, y += dy) {
      if (!(x >= 0 && y >= 0 && x < columns && y < rows)) continue;
      const cell = Math.floor(y) * columns + Math.floor(x);
      if (cells[cell] & bit) continue;
      cells[cell] |= bit;
      isNew = true;
    }
    return isNew;
  };
}

/**
 * Hand the path of one racer between two steps to `draw`, in pieces of few points, going on from `pen`, the last
 * place that was reached; returns the new one. Lines that are not new and places that are not finite are left out.
 *
 * @param {Pick<Track, "x" | "y">} track
 * @param {Pick<Plane, "across" | "down">} plane
 * @param {number} racer
 * @param {Pair} steps the first and the last one
 * @param {Pair | null} pen
 * @param {IsNew} isNew
 * @param {(points: number[]) => void} draw
 * @returns {Pair | null}
 */
export function trace(track, plane, racer, [first, last], pen, isNew, draw) {
  let [x0, y0] = pen ?? [NaN, NaN];
  let points = pen ? [x0, y0] : [];
  for (let step = first; step <= last; step++) {
    let x = plane.across(track.x(step, racer));
    let y = plane.down(track.y(step, racer));
    if (Math.abs(x - x0) < NEAR && Math.abs(y - y0) < NEAR) continue;
    if (!Number.isFinite(x + y)) continue;
    if (Math.abs(x) > FAR || Math.abs(y) > FAR) [x, y] = shorten(x0, y0, x, y);
    const skipped = points.length && !isNew(x0, y0, x, y);
    if (skipped || points.length > 2 * PIECE) {
      if (points.length > 2) draw(points);
      points = skipped ? [] : [x0, y0];
    }
    points.push(x, y);
    [x0, y0] = [x, y];
  }
  if (points.length > 2) draw(points);
  return Number.isFinite(x0) ? [x0, y0] : null;
}

/**
 * The point towards (x, y) that is not too far away to be drawn.
 *
 * @param {number} x0
 * @param {number} y0
 * @param {number} x
 * @param {number} y
 * @returns {Pair}
 */
function shorten(x0, y0, x, y) {
  const share = FAR / Math.max(Math.abs(x - x0), Math.abs(y - y0));
  return share < 1 ? [x0 + share * (x - x0), y0 + share * (y - y0)] : [x, y];
}

/**
 * What lines cost: their length in px, and as much as 10 px for each.
 *
 * @param {number[]} points
 */
function workOf(points) {
  let work = 5 * points.length;
  for (let k = 2; k < points.length; k += 2) {
    work += Math.hypot(points[k] - points[k - 2], points[k + 1] - points[k - 1]);
  }
  return work;
}

/** @param {CanvasRenderingContext2D} context @param {number[]} points @param {string} color @param {number} width */
function stroke(context, points, color, width) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(points[0], points[1]);
  for (let k = 2; k < points.length; k += 2) context.lineTo(points[k], points[k + 1]);
  context.stroke();
}
