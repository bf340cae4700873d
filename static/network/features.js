/** @import {Colors} from "../runtime/types.js" */
/** @import {Focus} from "./focus.js" */
/** @import {Feature, Geometry, Store} from "./types.js" */
import {contextOf, element} from "../runtime/dom.js";

/**
 * The inputs: one toggle per feature with its map, placed in the network's first column.
 *
 * @param {Store} store
 * @param {Focus} focus
 */
export function createFeatures(store, focus) {
  const {features} = store.host.catalog;
  const tiles = features.map((feature) => featureTile(feature, toggle, look));
  const box = element("div", {class: "features", role: "group", "aria-label": "Inputs"},
    ...tiles.map((tile) => tile.element));

  /**
   * The order of the catalog is the order of the inputs, however they were chosen.
   *
   * @param {string} name
   */
  function toggle(name) {
    const chosen = new Set(store.settings.now.features);
    if (!chosen.delete(name)) chosen.add(name);
    const names = features.map((feature) => feature.name);
    store.settings.set({features: names.filter((other) => chosen.has(other))});
  }

  /**
   * An input that is on is a unit of layer 0, to be seen large like any other.
   *
   * @param {string | null} name
   */
  function look(name) {
    const {generation} = store.shown;
    const i = name === null || generation === undefined ? -1 : store.shown.scene.layers[0].features.indexOf(name);
    focus.hover(i < 0 ? null : {kind: "unit", layer: 0, i, j: 0});
  }

  return {
    element: box,
    /** @param {Geometry} geometry */
    place({inputs}) {
      const active = new Set(store.shown.scene.layers[0].features);
      box.style.setProperty("--tile", `${inputs.tile}px`);
      tiles.forEach((tile, k) => {
        tile.element.style.left = `${inputs.right + 1}px`;
        tile.element.style.top = `${inputs.allYs[k]}px`;
        tile.update(active, store.look.colors);
      });
    },
  };
}

/**
 * @param {Feature} feature
 * @param {(name: string) => void} toggle
 * @param {(name: string | null) => void} look
 */
function featureTile({name, label, doc, map}, toggle, look) {
  const bytes = Uint8Array.from(atob(map), (letter) => letter.charCodeAt(0));
  const side = Math.round(Math.sqrt(bytes.length));
  const canvas = element("canvas", {width: side, height: side});
  const context = contextOf(canvas);
  const image = context.createImageData(side, side);
  const pixels = new Uint32Array(image.data.buffer);
  const seen = () => look(name);
  const left = () => look(null);
  const button = element("button", {
    class: "feature", type: "button", "aria-label": `Input ${name.replaceAll("_", " ")}`, title: doc,
    onclick: () => toggle(name), onpointerenter: seen, onpointerleave: left, onfocus: seen, onblur: left,
  }, element("span", {}, label), canvas);
  return {
    element: button,
    /**
     * @param {Set<string>} active
     * @param {Colors} colors
     */
    update(active, colors) {
      button.setAttribute("aria-pressed", String(active.has(name)));
      bytes.forEach((byte, k) => { pixels[k] = colors.signed[byte]; });
      context.putImageData(image, 0, 0);
    },
  };
}
