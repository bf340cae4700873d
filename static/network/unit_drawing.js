/** @import {Focus} from "./focus.js" */
/** @import {Caption, Frame, Geometry, Link, Quantity, Store, Target, UnitFrame, UnitGeometry} from "./types.js" */
/** @import {Atlas} from "./units.js" */
/** @import {Colors} from "../runtime/types.js" */
import {createAxes} from "./axes.js";
import {linkIndex} from "./geometry.js";
import {captionsOf, countOf, drawHistograms} from "./histograms.js";
import {drawLinks, highlightLink, linksOf} from "./links.js";
import {drawUnits, ringUnit} from "./units.js";
import {KIND} from "./wire.js";

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
      markUnit(context, geometry, focus.marked, colors, false);
      markLink(context, geometry, links, focus.marked, frame.weights, colors);
      markUnit(context, geometry, focus.pinned, colors, true);
      markLink(context, geometry, links, focus.pinned, frame.weights, colors);
      drawUnits(context, geometry, atlas, frame, colors);
      if (store.settings.now.layer_detail > 0) return; // the histograms are covered
      const arrived = axes.glide(frame.stats, store.host.calm.matches);
      drawHistograms(context, geometry, frame, axes, words, kinds, colors);
      if (!arrived) store.repaint();
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {UnitGeometry} geometry
 * @param {Target} target
 * @param {Colors} colors
 * @param {boolean} pinned
 */
function markUnit(context, {columns}, {kind, layer, i}, colors, pinned) {
  if (kind === KIND.unit) ringUnit(context, columns[layer], i, colors.accent, pinned);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {UnitGeometry} geometry
 * @param {Link[]} links
 * @param {Target} target
 * @param {Int8Array} weights
 * @param {Colors} colors
 */
function markLink(context, {columns, straight}, links, {kind, layer, i, j}, weights, colors) {
  if (kind !== KIND.link) return;
  const index = linkIndex(columns[layer], i, j);
  highlightLink(context, links[index], colors.links[weights[index] & 255], colors.ink, straight);
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
