// @ts-nocheck
import {element, fitCanvas} from "../runtime/dom.js";
import {layOut, minimalWidth} from "./geometry.js";
import {hitTest} from "./hit_test.js";
import {saturationOf} from "./saturation.js";
import {captionsOf, createAxes, drawHistograms, STATS} from "./histograms.js";
import {kindsOf} from "./inside.js";
import {drawLinks, highlightLink, linksOf} from "./links.js";
import {createStrip, drawProfile} from "./strip.js";
import {drawUnits, ringUnit} from "./units.js";

const CAPTION_INTERVAL = 120; // ms: digits that change faster cannot be read
const FLOW_STEP = 0.7;

/** The network: one canvas with links, units and histograms, below the DOM controls of `overlays`. */
export function createNetwork(store, focus, atlas, overlays) {
  const canvas = element("canvas", {class: "net", role: "application", tabindex: 0});
  const field = element("div", {class: "field"}, canvas, ...overlays.map((overlay) => overlay.element));
  const scroller = element("div", {class: "scroller"}, field);

  let context = null;
  let links = [];
  const axes = createAxes();
  const drawStrip = createStrip();
  let kinds = [];
  let captions = [];
  let captionTime = 0;
  let flow = null;
  let flowStep = 0;
  let firstProfile = null; // where the run began, if it was seen

  function resize() {
    const {layers, strip} = store.scene;
    const width = Math.max(scroller.clientWidth, minimalWidth(store.scene));
    const height = scroller.clientHeight;
    field.style.width = `${width}px`;
    store.geometry = layOut({width, height, layers, strip, features: store.catalog.features});
    context = fitCanvas(canvas, width, height, {alpha: false});
    links = strip ? [] : linksOf(store.geometry);
  }

  function advance({scalars}) {
    const flows = scalars.status === "playing" && !store.calm.matches;
    if (!flows) flow = null;
    else if (scalars.step !== flowStep) flow += FLOW_STEP;
    flowStep = scalars.step;
  }

  function caption({stats, scalars}) {
    const now = performance.now();
    const calm = scalars.status === "playing" && now - captionTime < CAPTION_INTERVAL;
    if (calm && captions.length === stats.length / STATS) return;
    captionTime = now;
    captions = captionsOf(stats, kinds);
  }

  function paintUnits(frame) {
    const {geometry, colors, scene} = store;
    atlas.fill(frame.maps, scene.tile, colors.signed);
    context.imageSmoothingEnabled = !scene.settings.discretize;
    drawLinks(context, links, frame.weights, colors.links, {straight: geometry.straight, flow});
    paintTarget(focus.marked, frame.weights, false);
    paintTarget(focus.pinned, frame.weights, true);
    drawUnits(context, geometry, atlas, frame, colors);
    if (store.settings.layer_detail > 0) return; // the histograms are covered
    const arrived = axes.glide(frame.stats, store.calm.matches);
    drawHistograms(context, geometry, frame, axes, captions, kinds, colors);
    if (!arrived) store.repaint();
  }

  function paintStrip(frame) {
    const {geometry, colors, scene} = store;
    const troubled = new Set();
    for (let layer = 1; layer < scene.layers.length - 1; layer++) {
      const {saturatedTrouble, deadTrouble} = saturationOf(frame, scene, layer);
      if (saturatedTrouble || deadTrouble) troubled.add(layer);
    }
    drawStrip(context, geometry, frame, kinds, {troubled, selected: store.settings.layer_detail}, colors);
    if (frame.scalars.step === 0) firstProfile = frame.profile;
    if (!(store.settings.layer_detail > 0)) drawProfile(context, geometry, frame.profile, firstProfile, colors);
  }

  function paintTarget({kind, layer, i, j}, weights, pinned) {
    const {geometry, colors} = store;
    const column = geometry.columns[layer];
    if (kind === "unit") ringUnit(context, column, i, colors.accent, pinned);
    if (kind !== "link") return;
    const index = column.firstLink + i * column.ys.length + j;
    highlightLink(context, links[index], colors.links[weights[index] & 255], colors.ink, geometry.straight);
  }

  return {
    element: scroller,
    renew() {
      axes.clear();
      firstProfile = null;
    },
    canvas,
    hit: (x, y) => hitTest(store.geometry, store.frame.weights, x, y),

    update() {
      resize();
      canvas.setAttribute("aria-label", describe(store.scene));
      const next = kindsOf(store);
      if (next.some((kind, row) => kind !== kinds[row])) axes.clear();
      kinds = next;
      captionTime = -Infinity;
      for (const overlay of overlays) overlay.place(store.geometry);
    },

    paint(frame) {
      const {geometry, colors} = store;
      advance(frame);
      caption(frame);
      context.fillStyle = colors.paper;
      context.fillRect(0, 0, geometry.width, geometry.height);
      if (geometry.strip) paintStrip(frame);
      else paintUnits(frame);
    },
  };
}

function describe({layers, strip}) {
  if (strip) {
    return `The network: ${layers[0].units} inputs, ${layers.length - 2} hidden layers, ${layers.at(-1).units} outputs, `
      + "each hidden layer as a narrow column of distributions. Arrow keys walk through the layers and show one in detail.";
  }
  const hidden = layers.slice(1, -1).map((layer) => layer.units);
  const middle = hidden.length ? `hidden layers of ${hidden.join(", ")} units` : "no hidden layer";
  return `The network: ${layers[0].units} inputs, ${middle}, ${layers.at(-1).units} outputs. `
    + "Arrow keys walk through the units, Enter edits one.";
}
