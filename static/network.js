import {element, fitCanvas} from "./dom.js";
import {layOut, minimalWidth} from "./geometry.js";
import {hitTest} from "./hits.js";
import {captionsOf, drawHistograms} from "./histograms.js";
import {drawLinks, highlightLink, linksOf} from "./links.js";
import {drawUnits, ringUnit} from "./units.js";

const CAPTION_INTERVAL = 120; // ms: digits that change faster cannot be read
const FLOW_STEP = 0.7;

/** The network: one canvas with links, units and histograms, below the DOM controls of `overlays`. */
export function createNetwork(store, focus, atlas, overlays) {
  const canvas = element("canvas", {class: "net", role: "application", tabindex: 0});
  const legend = createLegend();
  const field = element("div", {class: "field"}, canvas, legend, ...overlays.map((overlay) => overlay.element));
  const scroller = element("div", {class: "scroller"}, field);

  let context = null;
  let links = [];
  let captions = [];
  let captionTime = 0;
  let flow = null;
  let flowStep = 0;

  function resize() {
    const {layers} = store.scene;
    const width = Math.max(scroller.clientWidth, minimalWidth(layers));
    const height = scroller.clientHeight;
    field.style.width = `${width}px`;
    store.geometry = layOut({width, height, layers, features: store.catalog.features});
    context = fitCanvas(canvas, width, height, {alpha: false});
    links = linksOf(store.geometry);
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
    if (calm && captions.length === stats.length / 4) return;
    captionTime = now;
    captions = captionsOf(stats);
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
    canvas,
    hit: (x, y) => hitTest(store.geometry, store.frame.weights, x, y),

    update() {
      resize();
      canvas.setAttribute("aria-label", describe(store.scene));
      legend.style.top = `${store.geometry.divider}px`;
      captionTime = -Infinity;
      for (const overlay of overlays) overlay.place(store.geometry);
    },

    paint(frame) {
      const {geometry, colors, scene} = store;
      advance(frame);
      caption(frame);
      atlas.fill(frame.maps, scene.tile, colors.signed);
      context.imageSmoothingEnabled = !scene.settings.discretize;
      context.fillStyle = colors.paper;
      context.fillRect(0, 0, geometry.width, geometry.height);
      drawLinks(context, links, frame.weights, colors.links, {straight: geometry.straight, flow});
      paintTarget(focus.marked, frame.weights, false);
      paintTarget(focus.pinned, frame.weights, true);
      drawUnits(context, geometry, atlas, frame.biases, colors);
      drawHistograms(context, geometry, frame.histograms, captions, colors);
    },
  };
}

function createLegend() {
  const key = (name, title) => element("span", {class: `${name}-key`, title}, name);
  return element("div", {class: "legend-row"}, element("h2", {}, "Inside each layer"),
    key("activation", "How the layer's outputs are distributed over the training points."),
    key("gradient", "How each point's derivatives of the loss with respect to the layer's pre-activations are distributed."));
}

function describe({layers}) {
  const hidden = layers.slice(1, -1).map((layer) => layer.units);
  const middle = hidden.length ? `hidden layers of ${hidden.join(", ")} units` : "no hidden layer";
  return `The network: ${layers[0].units} inputs, ${middle}, ${layers.at(-1).units} outputs. `
    + "Arrow keys walk through the units, Enter edits one.";
}
