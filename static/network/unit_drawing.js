/** @import {Focus} from "./focus.js" */
/** @import {Caption, Frame, Geometry, Link, Quantity, Store, Target, UnitFrame, UnitGeometry} from "./types.js" */
/** @import {Atlas} from "./units.js" */
import {createAxes} from "./axes.js";
import {linkIndex} from "./geometry.js";
import {captionsOf, countOf, drawHistograms} from "./histograms.js";
import {drawLinks, highlightLink, linksOf} from "./links.js";
import {drawUnits, ringUnit} from "./units.js";

const CAPTION_INTERVAL = 120; // ms: digits that change faster cannot be read
const FLOW_STEP = 0.7;

/**
 * Draws a network unit by unit, with its links and its histograms.
 *
 * @param {Store} store
 * @param {Focus} focus
 * @param {Atlas} atlas
 */
export function createUnitDrawing(store, focus, atlas) {
  const axes = createAxes();
  const captions = createCaptions();
  const flow = createFlow(store.host.calm);
  /** @type {Link[]} */
  let links = [];

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {UnitGeometry} geometry
   * @param {Target} target
   * @param {Int8Array} weights
   * @param {boolean} pinned
   */
  function paintTarget(context, geometry, {kind, layer, i, j}, weights, pinned) {
    const {colors} = store.look;
    const column = geometry.columns[layer];
    if (kind === "unit") ringUnit(context, column, i, colors.accent, pinned);
    if (kind !== "link") return;
    const index = linkIndex(column, i, j);
    highlightLink(context, links[index], colors.links[weights[index] & 255], colors.ink, geometry.straight);
  }

  return {
    /** Another network: nothing is where it was. */
    forget: axes.clear,
    /**
     * Another size or other settings.
     *
     * @param {Geometry} geometry
     * @param {boolean} otherKinds Whether histograms show other quantities than before.
     */
    arrange(geometry, otherKinds) {
      links = geometry.strip ? [] : linksOf(geometry);
      if (otherKinds) axes.clear();
      captions.hurry();
    },
    /**
     * @param {CanvasRenderingContext2D} context
     * @param {UnitGeometry} geometry
     * @param {UnitFrame} frame
     * @param {Quantity[]} kinds
     */
    paint(context, geometry, frame, kinds) {
      const {colors} = store.look;
      const {scene} = store.shown;
      const words = captions.of(frame, kinds);
      atlas.fill(frame.maps, scene.tile, colors.signed);
      context.imageSmoothingEnabled = !scene.settings.discretize;
      const how = {straight: geometry.straight, flow: flow.advance(frame)};
      drawLinks(context, links, frame.weights, colors.links, how);
      paintTarget(context, geometry, focus.marked, frame.weights, false);
      paintTarget(context, geometry, focus.pinned, frame.weights, true);
      drawUnits(context, geometry, atlas, frame, colors);
      if (store.settings.now.layer_detail > 0) return; // the histograms are covered
      const arrived = axes.glide(frame.stats, store.host.calm.matches);
      drawHistograms(context, geometry, frame, axes, words, kinds, colors);
      if (!arrived) store.repaint();
    },
  };
}

/**
 * How far the sparks on the links have come.
 *
 * @param {{readonly matches: boolean}} calm Whether nothing is to move by itself.
 */
function createFlow(calm) {
  /** @type {number | null} */
  let flow = null;
  let last = 0;
  return {
    /**
     * The way so far, or null while nothing flows.
     *
     * @param {Frame} frame
     */
    advance({scalars: {status, step}}) {
      if (status !== "playing" || calm.matches) flow = null;
      else if (step !== last) flow = (flow ?? 0) + FLOW_STEP;
      last = step;
      return flow;
    },
  };
}

/** The words below the histograms, which change slowly while training goes on. */
function createCaptions() {
  /** @type {Caption[]} */
  let captions = [];
  let time = -Infinity;
  return {
    /** Say the next ones at once. */
    hurry() { time = -Infinity; },
    /**
     * @param {Frame} frame
     * @param {Quantity[]} kinds
     */
    of({stats, scalars}, kinds) {
      const now = performance.now();
      const early = scalars.status === "playing" && now - time < CAPTION_INTERVAL;
      if (early && captions.length === countOf(stats)) return captions;
      time = now;
      captions = captionsOf(stats, kinds);
      return captions;
    },
  };
}
