/** @import {LayerMenu} from "./layer_menu.js" */
/** @import {SaturationCard} from "./saturation_card.js" */
/** @import {Network} from "./network.js" */
/** @import {Frame, Layer, Scene, Store} from "./types.js" */
import {element, setAttribute, setText} from "../runtime/dom.js";
import {quantityOptions} from "./inside.js";
import {layerName} from "./names.js";
import {saturationOf} from "./saturation.js";

/** @typedef {ReturnType<typeof createInspector>} Inspector */

/**
 * One layer in detail, in place of the histograms: Bokeh's charts, and its saturated values and dead units.
 *
 * @param {Store} store
 * @param {Pick<Network, "geometry">} network
 * @param {LayerMenu} menu
 * @param {SaturationCard} card
 * @param {(slot: string) => HTMLElement[]} children
 */
export function createInspector(store, network, menu, card, children) {
  const {settings, shown} = store;
  const told = createTold(store, card);
  const tabs = createTabs(children);
  const heading = createHeading(store, menu, select);
  const close = element("button", {
    type: "button", class: "step", "aria-label": "Back to all layers", title: "Back to the histograms of all layers.",
    onclick: () => settings.set({layer_detail: 0}),
  }, "\u00d7");
  const box = element("section", {class: "inspector", "aria-label": "One layer in detail", hidden: true},
    element("div", {class: "inspector-row"},
      ...heading.elements, ...tabs.buttons, heading.change, told.element, close),
    ...tabs.panels);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.stopPropagation();
    settings.set({layer_detail: 0});
    store.refresh();
  });

  /** @param {number} layer */
  function select(layer) {
    if (layer < 1 || layer > shown.scene.layers.length - 1) return;
    settings.set({layer_detail: layer});
    store.refresh();
  }

  return {
    element: box,
    select,
    update() {
      const layer = settings.now.layer_detail;
      const last = shown.scene.layers.length - 1;
      box.hidden = !(layer > 0 && layer <= last);
      if (box.hidden) return;
      const {height, divider} = network.geometry;
      box.style.height = `${height - divider}px`;
      heading.update(shown.scene, layer);
      tabs.update(hasNorm(shown.scene.layers[layer]));
      // The output's function is the loss's own: nothing to choose, and neither flat parts nor dead units are counted.
      heading.change.hidden = told.element.hidden = layer === last;
    },
    /** @param {Frame} frame */
    read(frame) {
      if (!box.hidden && !told.element.hidden) told.read(frame, shown.scene, settings.now.layer_detail);
    },
  };
}

/** @type {(layer: Layer) => boolean} */
const hasNorm = (layer) => "norm_label" in layer && layer.norm_label !== "";

/**
 * Which layer is seen, of which quantity, and the ways to the layers beside it.
 *
 * @param {Pick<Store, "host" | "settings">} store
 * @param {LayerMenu} menu
 * @param {(layer: number) => void} select
 */
function createHeading({host, settings}, menu, select) {
  const title = element("b");
  const quantity = element("select", {
    "aria-label": "Quantity", title: "What the distribution is of; the upper histograms of all layers show the same.",
    onchange: () => settings.set({upper: quantity.value}),
  }, ...quantityOptions(host.catalog.quantities));
  const change = element("button", {
    type: "button", class: "chip", "aria-haspopup": "dialog", "aria-expanded": "false",
    title: "Change what the units of this layer do.",
    onclick: () => menu.toggle(settings.now.layer_detail - 1, change),
  }, "Change\u2026");

  /** @type {(by: number, sign: string, label: string) => HTMLElement} */
  const step = (by, sign, label) => element("button", {
    type: "button", class: "step", "aria-label": label, title: `${label}.`,
    onclick: () => select(settings.now.layer_detail + by),
  }, sign);

  return {
    elements: [step(-1, "\u2039", "Layer before"), title, step(1, "\u203a", "Next layer"), quantity],
    change,
    /**
     * @param {Scene} scene
     * @param {number} layer
     */
    update(scene, layer) {
      setText(title, layerName(scene, layer));
      quantity.value = settings.now.upper;
    },
  };
}

/**
 * The charts: of the distribution, and of batch norm where there is any.
 *
 * @param {(slot: string) => HTMLElement[]} children
 */
function createTabs(children) {
  const tabs = [["Distribution", "layer_detail"], ["Batch norm", "norms"]].map(([name, slot], k) => {
    const panel = element("div", {class: "slot charts", role: "group", "aria-label": `${name} charts`},
      ...children(slot));
    const button = element("button", {type: "button", class: "chip", onclick: () => show(k)}, name);
    return {panel, button};
  });
  let wanted = 0;
  let norm = false;

  /** @param {number} index */
  function show(index) {
    wanted = index;
    arrange();
  }

  function arrange() {
    tabs.forEach(({panel, button}, k) => {
      const isShown = k === (norm ? wanted : 0);
      panel.hidden = !isShown;
      button.hidden = !norm;
      setAttribute(button, "aria-pressed", isShown);
    });
  }

  return {
    buttons: tabs.map(({button}) => button),
    panels: tabs.map(({panel}) => panel),
    /** @param {boolean} hasNorm Whether the layer has batch norm. */
    update(hasNorm) {
      norm = hasNorm;
      arrange();
    },
  };
}

/**
 * The layer's saturated values and dead units in words, explained on a press.
 *
 * @param {Pick<Store, "settings">} store
 * @param {SaturationCard} card
 */
function createTold({settings}, card) {
  const told = element("button", {
    type: "button", class: "saturation told", "aria-haspopup": "dialog", "aria-expanded": "false",
    title: "Saturated and dead units of this layer; press for an explanation.",
    onclick: () => card.open(settings.now.layer_detail, told),
  });
  return {
    element: told,
    /**
     * @param {Frame} frame
     * @param {Scene} scene
     * @param {number} layer
     */
    read(frame, scene, layer) {
      const {saturated, deadUnits, isTrouble} = saturationOf(frame, scene, layer);
      const parts = [`${deadUnits} of ${scene.layers[layer].units} units dead`];
      if (!Number.isNaN(saturated)) parts.unshift(`${(100 * saturated).toFixed(1)}% saturated`);
      setText(told, parts.join(", "));
      setAttribute(told, "data-trouble", isTrouble);
    },
  };
}
