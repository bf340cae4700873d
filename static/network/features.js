// @ts-nocheck
import {element} from "../runtime/dom.js";

const SIDE = 20;

/** The inputs: one toggle per feature with its map, placed in the network's first column. */
export function createFeatures(store, focus) {
  const tiles = store.catalog.features.map((feature) => featureTile(feature, toggle, look));
  const box = element("div", {class: "features", role: "group", "aria-label": "Inputs"},
    ...tiles.map((tile) => tile.element));

  /** The order of the catalog is the order of the inputs, however they were chosen. */
  function toggle(name) {
    const chosen = new Set(store.settings.features);
    if (!chosen.delete(name)) chosen.add(name);
    const names = store.catalog.features.map((feature) => feature.name);
    store.set({features: names.filter((other) => chosen.has(other))});
  }

  /** An input that is on is a unit of layer 0, to be seen large like any other. */
  function look(name) {
    const i = store.scene?.layers[0].features.indexOf(name) ?? -1;
    focus.hover(i < 0 ? null : {kind: "unit", layer: 0, i, j: 0});
  }

  return {
    element: box,
    place({columns: [first], inputs}) {
      const column = inputs ?? first;
      const active = new Set(store.scene.layers[0].features);
      box.style.setProperty("--tile", `${column.tile}px`);
      tiles.forEach((tile, k) => {
        tile.element.style.left = `${column.right + 1}px`;
        tile.element.style.top = `${column.places[k]}px`;
        tile.update(active, store.colors);
      });
    },
  };
}

function featureTile({name, label, doc, map}, toggle, look) {
  const canvas = element("canvas", {width: SIDE, height: SIDE});
  const context = canvas.getContext("2d");
  const image = context.createImageData(SIDE, SIDE);
  const pixels = new Uint32Array(image.data.buffer);
  const bytes = Uint8Array.from(atob(map), (letter) => letter.charCodeAt(0));
  const button = element("button", {
    class: "feature", type: "button", "aria-label": `Input ${name.replaceAll("_", " ")}`, title: doc,
    onclick: () => toggle(name),
    onpointerenter: () => look(name), onpointerleave: () => look(null), onfocus: () => look(name), onblur: () => look(null),
  }, element("span", {}, label), canvas);
  return {
    element: button,
    update(active, colors) {
      button.setAttribute("aria-pressed", active.has(name));
      bytes.forEach((byte, k) => { pixels[k] = colors.signed[byte]; });
      context.putImageData(image, 0, 0);
    },
  };
}
