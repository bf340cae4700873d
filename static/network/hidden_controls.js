/** @import {PictureControls, Store} from "./types.js" */
import {element} from "../runtime/dom.js";
import {createChoice, optionsOf} from "./choice.js";
import {layerName} from "./names.js";
import {isOfUnits} from "./views.js";

/** @typedef {import("./types.js").Settings["hidden_units"]} Units Two units of a layer, counted from 1. */

/**
 * Which layer's space is shown, and along which axes.
 *
 * @param {Store} store
 * @returns {PictureControls}
 */
export function createHiddenControls(store) {
  const {selects, axes: entries} = store.host.catalog;
  const layer = createChoice(store, selects.hidden_layer, [], Number);
  const axes = createChoice(store, selects.hidden_axes, optionsOf(entries));
  const units = createUnits(store);
  const box = element("div", {class: "display"}, layer.element, axes.element, ...units.elements);
  return {
    below: [box],
    update() {
      const {layers} = store.shown.scene;
      const {layer: shown, units: chosen} = store.shown.scene.hidden_space;
      axes.update();
      layer.fill(layers.slice(0, -1).map((_, k) => [k, layerName(store.shown.scene, k)]));
      layer.update(shown);
      units.fill(layers[shown].units, chosen);
    },
  };
}

/**
 * The two units that are the axes.
 *
 * @param {Pick<Store, "host" | "settings">} store
 */
function createUnits(store) {
  const {settings} = store;
  const selects = ["Unit across", "Unit upwards"].map((label, k) => {
    const select = element("select", {
      "aria-label": label, title: `${label}.`,
      onchange: () => settings.set({hidden_units: withUnit(settings.now.hidden_units, k, Number(select.value))}),
    });
    return select;
  });
  return {
    elements: selects,
    /**
     * @param {number} count How many units the layer has.
     * @param {[number, number]} chosen Two of them.
     */
    fill(count, chosen) {
      selects.forEach((select, k) => {
        if (select.length !== count) select.replaceChildren(...unitOptions(count));
        select.value = String(chosen[k]);
        // The same unit on both axes would be a line.
        for (const option of select.options) option.disabled = count > 1 && option.value === String(chosen[1 - k]);
        select.hidden = !isOfUnits(store);
      });
    },
  };
}

/** @type {(units: Units, k: number, unit: number) => Units} */
const withUnit = ([first, second], k, unit) => (k ? [first, unit] : [unit, second]);

/** @param {number} count */
const unitOptions = (count) =>
  Array.from({length: count}, (_, i) => element("option", {value: i + 1}, `unit ${i + 1}`));
