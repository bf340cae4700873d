const EASE = 0.3; // share of the way that points go in one picture
const NEAR = 0.002; // of the window
const MARGIN = 0.07;
const FLATTEST = 4; // times that one axis may be stretched more than the other

/** @typedef {{x: number, y: number, width: number, height: number}} Window Its centre, half its width and height. */
/** @typedef {{mesh: Float32Array, points: Float32Array, box: Window}} State */

/**
 * Positions and a window around them that glide to where they should be, instead of jumping.
 *
 * @param {{readonly matches: boolean}} calm Whether they are to jump after all.
 */
export function createGliding(calm) {
  /** @type {State | null} */
  let shown = null;

  /**
   * @param {State} now
   * @param {State} wanted
   */
  function glide(now, wanted) {
    const near = NEAR * Math.min(wanted.box.width, wanted.box.height);
    const arrived = [
      approach(now.mesh, wanted.mesh, near),
      approach(now.points, wanted.points, near),
      approachWindow(now.box, wanted.box, near),
    ];
    return arrived.every(Boolean);
  }

  return {
    get shown() { return shown; },
    /**
     * Move what is shown towards what is wanted; returns it, and whether it has arrived.
     *
     * @param {Float32Array} mesh
     * @param {Float32Array} points
     */
    towards(mesh, points) {
      const wanted = {mesh, points, box: windowOf(mesh, points)};
      if (shown && !calm.matches && shown.mesh.length === mesh.length && shown.points.length === points.length) {
        return {shown, arrived: glide(shown, wanted)};
      }
      shown = {mesh: mesh.slice(), points: points.slice(), box: wanted.box};
      return {shown, arrived: true};
    },
  };
}

/**
 * @param {Float32Array} from
 * @param {Float32Array} to
 * @param {number} near
 */
function approach(from, to, near) {
  let arrived = true;
  for (let k = 0; k < from.length; k++) {
    const way = to[k] - from[k];
    if (Math.abs(way) <= near) from[k] = to[k];
    else {
      from[k] += EASE * way;
      arrived = false;
    }
  }
  return arrived;
}

/**
 * @param {Window} from
 * @param {Window} to
 * @param {number} near
 */
function approachWindow(from, to, near) {
  let arrived = true;
  for (const key of /** @type {(keyof Window)[]} */ (["x", "y", "width", "height"])) {
    const way = to[key] - from[key];
    if (Math.abs(way) > near) arrived = false;
    from[key] += Math.abs(way) > near ? EASE * way : way;
  }
  return arrived;
}

/**
 * What holds everything, with a margin.
 *
 * @param {Float32Array[]} parts x and y in turn.
 * @returns {Window}
 */
export function windowOf(...parts) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const part of parts) {
    for (let k = 0; k < part.length; k++) {
      low[k & 1] = Math.min(low[k & 1], part[k]);
      high[k & 1] = Math.max(high[k & 1], part[k]);
    }
  }
  const spans = [0, 1].map((k) => (high[k] - low[k]) / 2);
  const least = Math.max(...spans, 1e-9) / FLATTEST;
  const [width, height] = spans.map((span) => (1 + 2 * MARGIN) * Math.max(span, least));
  return {x: (low[0] + high[0]) / 2, y: (low[1] + high[1]) / 2, width, height};
}
