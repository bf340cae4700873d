// @ts-nocheck
import {element, setAttribute, setText} from "../runtime/dom.js";
import {saturationOf} from "./saturation.js";
import {layerName} from "./names.js";

/** One layer in detail, in place of the histograms: Bokeh's charts and how the layer fares. */
export function createInspector(store, menu, saturation, children) {
  const title = element("b");
  const told = element("button", {
    type: "button", class: "saturation told", "aria-haspopup": "dialog", "aria-expanded": "false",
    title: "How this layer fares; press to have it explained.", onclick: () => saturation.open(store.settings.layer_detail, told),
  });
  const tabs = [["Distribution", "layer_detail"], ["Batch norm", "norms"]].map(([name, slot]) => {
    const panel = element("div", {class: "slot charts", role: "group", "aria-label": `${name} charts`}, ...children(slot));
    const button = element("button", {type: "button", class: "chip", onclick: () => show(slot)}, name);
    return {slot, panel, button};
  });
  const quantity = element("select", {
    "aria-label": "Quantity", title: "What the distribution is of; the upper histograms of all layers show the same.",
    onchange: () => store.set({upper: quantity.value}),
  }, ...store.catalog.quantities.map((entry) => element("option", {value: entry.name, title: entry.doc}, entry.label)));
  const change = element("button", {
    type: "button", class: "chip", "aria-haspopup": "dialog", "aria-expanded": "false",
    title: "Change what the units of this layer do.", onclick: () => menu.toggle(store.settings.layer_detail - 1, change),
  }, "Change\u2026");
  const close = element("button", {
    type: "button", class: "step", "aria-label": "Back to all layers", title: "Back to the histograms of all layers.",
    onclick: () => store.set({layer_detail: 0}),
  }, "\u00d7");
  const steps = [[-1, "\u2039", "Layer before"], [1, "\u203a", "Next layer"]].map(([by, sign, label]) => element("button", {
    type: "button", class: "step", "aria-label": label, title: `${label}.`,
    onclick: () => select(store.settings.layer_detail + by),
  }, sign));
  const box = element("section", {class: "inspector", "aria-label": "One layer in detail", hidden: true},
    element("div", {class: "inspector-row"}, steps[0], title, steps[1], quantity, ...tabs.map(({button}) => button), change, told, close),
    ...tabs.map(({panel}) => panel));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.stopPropagation();
    store.set({layer_detail: 0});
    store.refresh();
  });
  let tab = "layer_detail";

  function select(layer) {
    if (layer < 1 || layer > store.scene.layers.length - 1) return;
    store.set({layer_detail: layer});
    store.refresh();
  }

  function show(slot) {
    tab = slot;
    update();
  }

  const hasNorm = (layer) => store.settings.batch_norm[layer - 1] !== undefined && store.settings.batch_norm[layer - 1] !== "off";

  function update() {
    const layer = store.settings.layer_detail;
    const {layers} = store.scene;
    box.hidden = !(layer > 0 && layer < layers.length);
    if (box.hidden) return;
    const {height, divider} = store.geometry;
    box.style.height = `${height - divider}px`;
    setText(title, layerName(store.scene, layer));
    quantity.value = store.settings.upper;
    const norm = hasNorm(layer);
    const shown = norm ? tab : "layer_detail";
    for (const {slot, panel, button} of tabs) {
      panel.hidden = slot !== shown;
      button.hidden = !norm;
      setAttribute(button, "aria-pressed", slot === shown);
    }
    // The output's function is the loss's own: nothing to choose, and neither flat parts nor dead units are counted.
    change.hidden = told.hidden = layer === layers.length - 1;
  }

  return {
    element: box,
    select,
    update,
    read(frame) {
      const layer = store.settings.layer_detail;
      if (box.hidden || told.hidden || !frame.saturation) return;
      const {saturated, deadUnits, saturatedTrouble, deadTrouble} = saturationOf(frame, store.scene, layer);
      const parts = [`${deadUnits} of ${store.scene.layers[layer].units} units dead`];
      if (!Number.isNaN(saturated)) parts.unshift(`${(100 * saturated).toFixed(1)}% saturated`);
      setText(told, parts.join(", "));
      setAttribute(told, "data-trouble", saturatedTrouble || deadTrouble);
    },
  };
}
