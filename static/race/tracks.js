// @ts-nocheck
const NEAR = 0.7; // px; a point nearer than this to the last drawn one would not be seen
const TAIL = 60; // steps before the cursor that are drawn fully opaque
const OLD = 0.88; // opacity of what is older
const CASING = 0.4; // opacity of the dark line below a path
const CASING_COLOR = "#0b1622";
const LINE = 2.2;
const PIECE = 100; // points in one stroke: a long line that crosses itself costs more than its pieces do
const BLOCK = 100; // steps that are drawn before time is looked at
const WORK = 150_000; // what one refresh may draw, see workOf: 20 to 30 ms without a graphics card
const CELL = 1.5; // px; less than a line is wide, so that lines that end in a cell meet
const FAR = 4000; // px beyond the map at which lines are cut, because a canvas computes in single precision

/** Where every racer was and how high, step by step; step 0 is the start. */
export function createTrack() {
  let n = 0;
  let length = 0;
  let places = new Float32Array(0);
  let values = new Float32Array(0);
  let version = 0;

  function grow(steps) {
    if (steps * n <= values.length) return;
    const capacity = Math.max(steps, 2 * Math.floor(values.length / n), 256) * n;
    places = resized(places, 2 * capacity);
    values = resized(values, capacity);
  }

  return {
    get n() { return n; },
    get length() { return length; },
    /** Changes whenever a step that was known is no longer what it was. */
    get version() { return version; },
    reset(racers) {
      n = racers;
      length = 0;
      version++;
    },
    /** Forget the steps from `first` on and append others in their place. */
    splice(first, newPlaces, newValues) {
      if (first > length) throw new Error("a track has no gaps");
      if (first < length) version++;
      length = first + (n ? newValues.length / n : 0);
      grow(length);
      places.set(newPlaces, 2 * first * n);
      values.set(newValues, first * n);
    },
    x: (step, racer) => places[2 * (step * n + racer)],
    y: (step, racer) => places[2 * (step * n + racer) + 1],
    value: (step, racer) => values[step * n + racer],
  };
}

function resized(array, size) {
  const larger = new Float32Array(size);
  larger.set(array);
  return larger;
}

/**
 * The paths up to the cursor. All steps are kept on two canvases, so that a refresh draws only what is new: the dark
 * casings on one and the lines on the other, for a casing must never cover an older piece of line.
 */
export function createPaths(track) {
  const casings = createLayer();
  const lines = createLayer();
  let cover = null;
  let pens = [];
  let drawn = -1;
  let known = "";
  let fitted = 0;

  /** Start over on empty canvases. */
  function clear(plane, racers) {
    for (const layer of [casings, lines]) {
      if (fitted !== plane.id) Object.assign(plane.fit(layer.canvas), {lineJoin: "round", lineCap: "round"});
      else layer.clearRect(0, 0, plane.width, plane.height);
    }
    fitted = plane.id;
    cover = createCover(plane);
    pens = racers.map(() => null);
    drawn = -1;
  }

  /** Draw on up to the cursor, or as far as one refresh has time for. */
  function extend(plane, racers, cursor) {
    let work = 0;
    while (drawn < cursor && work < WORK) {
      const next = Math.min(cursor, drawn + BLOCK);
      racers.forEach(({color, shown}, racer) => {
        if (!shown) return;
        const isNew = (x0, y0, x1, y1) => cover(x0, y0, x1, y1, 1 << racer);
        pens[racer] = trace(track, plane, racer, [drawn + 1, next], pens[racer], isNew, (points) => {
          stroke(casings, points, CASING_COLOR, LINE + 2);
          stroke(lines, points, color, LINE);
          work += workOf(points);
        });
      });
      drawn = next;
    }
  }

  return {
    /** Whether all of it could be drawn; if not, the next refresh goes on. */
    paint(context, plane, racers, cursor) {
      const wanted = [track.version, plane.id, ...racers.map(({color, shown}) => color + shown)].join();
      if (wanted !== known || cursor < drawn) clear(plane, racers);
      known = wanted;
      extend(plane, racers, cursor);
      blend(context, casings.canvas, plane, CASING);
      blend(context, lines.canvas, plane, OLD);
      Object.assign(context, {lineJoin: "round", lineCap: "round"});
      racers.forEach(({color, shown}, racer) => {
        if (!shown) return;
        trace(track, plane, racer, [Math.max(0, cursor - TAIL), cursor], null, () => true, (points) => {
          stroke(context, points, color, LINE);
        });
      });
      return drawn === cursor;
    },
    /** The piece of the newest step that a gliding head has gone. */
    begin(context, color, points) {
      context.globalAlpha = CASING;
      stroke(context, points, CASING_COLOR, LINE + 2);
      context.globalAlpha = 1;
      stroke(context, points, color, LINE);
    },
  };
}

const createLayer = () => document.createElement("canvas").getContext("2d");

function blend(context, canvas, {width, height}, opacity) {
  context.globalAlpha = opacity;
  context.drawImage(canvas, 0, 0, width, height);
  context.globalAlpha = 1;
}

/**
 * Which parts of the map each path has covered. The function that is returned says whether a line adds to what the
 * path with this bit has covered, and counts it in. A racer that shakes around a minimum for thousands of steps adds
 * nothing soon, and drawing lines over lines is what takes time.
 */
function createCover({width, height}) {
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
 */
function trace(track, plane, racer, [first, last], pen, isNew, draw) {
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

/** The point towards (x, y) that is not too far away to be drawn. */
function shorten(x0, y0, x, y) {
  const share = FAR / Math.max(Math.abs(x - x0), Math.abs(y - y0));
  return share < 1 ? [x0 + share * (x - x0), y0 + share * (y - y0)] : [x, y];
}

/** What lines cost: their length in px, and as much as 10 px for each. */
function workOf(points) {
  let work = 5 * points.length;
  for (let k = 2; k < points.length; k += 2) {
    work += Math.hypot(points[k] - points[k - 2], points[k + 1] - points[k - 1]);
  }
  return work;
}

function stroke(context, points, color, width) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(points[0], points[1]);
  for (let k = 2; k < points.length; k += 2) context.lineTo(points[k], points[k + 1]);
  context.stroke();
}
