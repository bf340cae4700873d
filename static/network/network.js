/** @import {Focus} from "./focus.js" */
/** @import {Frame, Geometry, Layers, Overlay, Quantity, Store} from "./types.js" */
/** @import {Atlas} from "./units.js" */
import {contextOf, element, fitCanvas} from "../runtime/dom.js";
import {hasProfile, hasUnits} from "./frame.js";
import {layOut, minimalWidth} from "./geometry.js";
import {hitTest} from "./hit_test.js";
import {kindsOf} from "./inside.js";
import {createLayerDrawing} from "./layer_drawing.js";
import {createUnitDrawing} from "./unit_drawing.js";

/** @typedef {ReturnType<typeof createNetwork>} Network */

/**
 * The network: one canvas with links, units and histograms, below the DOM controls of `overlays`.
 *
 * @param {Store} store
 * @param {Focus} focus
 * @param {Atlas} atlas
 * @param {Overlay[]} overlays
 */
export function createNetwork(store, focus, atlas, overlays) {
  const canvas = element("canvas", {class: "net", role: "application", tabindex: 0});
  const field = element("div", {class: "field"}, canvas, ...overlays.map((overlay) => overlay.element));
  const scroller = element("div", {class: "scroller"}, field);
  const units = createUnitDrawing(store, focus, atlas);
  const layers = createLayerDrawing(store);
  let context = contextOf(canvas, {alpha: false});
  /** @type {Geometry | null} */
  let geometry = null;
  /** @type {Quantity[]} */
  let kinds = [];

  function resize() {
    const {scene} = store.shown;
    const width = Math.max(scroller.clientWidth, minimalWidth(scene));
    const height = scroller.clientHeight;
    field.style.width = `${width}px`;
    context = fitCanvas(canvas, width, height, {alpha: false});
    const {features} = store.host.catalog;
    return layOut({width, height, layers: scene.layers, strip: scene.strip, features});
  }

  function known() {
    if (!geometry) throw new Error("The network has not been laid out yet.");
    return geometry;
  }

  return {
    element: scroller,
    canvas,
    /** Where everything on the canvas is; written here only. */
    get geometry() { return known(); },
    /** @type {(x: number, y: number) => ReturnType<typeof hitTest>} */
    hit: (x, y) => hitTest(known(), store.shown.frame?.weights, x, y),
    renew() {
      units.forget();
      layers.forget();
    },

    update() {
      const placed = resize();
      geometry = placed;
      canvas.setAttribute("aria-label", describe(store.shown.scene));
      const next = kindsOf(store);
      units.arrange(placed, next.some((kind, row) => kind !== kinds[row]));
      kinds = next;
      for (const overlay of overlays) overlay.place(placed);
    },

    /** @param {Frame} frame */
    paint(frame) {
      const placed = known();
      context.fillStyle = store.look.colors.paper;
      context.fillRect(0, 0, placed.width, placed.height);
      if (placed.strip && hasProfile(frame)) layers.paint(context, placed, frame, kinds);
      if (!placed.strip && hasUnits(frame)) units.paint(context, placed, frame, kinds);
    },
  };
}

/** @param {{layers: Layers, strip: boolean}} scene */
function describe({layers, strip}) {
  const outputs = layers[layers.length - 1].units;
  if (strip) {
    return `The network: ${layers[0].units} inputs, ${layers.length - 2} hidden layers, ${outputs} outputs, `
      + "each hidden layer as a narrow column of distributions. "
      + "Arrow keys walk through the layers and show one in detail.";
  }
  const hidden = layers.slice(1, -1).map((layer) => layer.units);
  const middle = hidden.length ? `hidden layers of ${hidden.join(", ")} units` : "no hidden layer";
  return `The network: ${layers[0].units} inputs, ${middle}, ${outputs} outputs. `
    + "Arrow keys walk through the units, Enter edits one.";
}
