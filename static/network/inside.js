/** @import {GradientCheck} from "./gradient_check.js" */
/** @import {Geometry, Quantity, Store} from "./types.js" */
import {element} from "../runtime/dom.js";
import {createSwitch} from "../runtime/switches.js";

/**
 * The line between units and histograms: what both rows show, on which scale.
 *
 * @param {Pick<Store, "host" | "settings">} store
 * @param {Pick<GradientCheck, "button">} check
 */
export function createInside(store, check) {
  const {host, settings} = store;
  const {upper, lower} = host.catalog.selects;
  const rows = [upper, lower].map(({name, label}) => {
    const select = element("select", {"aria-label": label, onchange: () => settings.set({[name]: select.value})},
      ...quantityOptions(host.catalog.quantities));
    return {name, select, key: element("label", {class: "key"}, select)};
  });
  const log = createSwitch(store, host.catalog.switches.log_counts);
  const bar = element("div", {class: "legend-row"}, element("h2", {}, "Inside each layer"),
    ...rows.map(({key}) => key), log.element, check.button);
  return {
    element: bar,
    /** @param {Geometry} geometry */
    place({divider, legend}) {
      bar.style.top = `${divider}px`;
      bar.style.height = `${legend}px`;
    },
    update() {
      log.update();
      for (const {name, select, key} of rows) {
        select.value = settings.now[name];
        const entry = kindOf(store, name);
        key.title = entry.doc;
        key.dataset.way = entry.backward ? "back" : "in";
      }
    },
  };
}

/** @param {Quantity[]} quantities */
export const quantityOptions = (quantities) =>
  quantities.map(({name, label, doc}) => element("option", {value: name, title: doc}, label));

/**
 * @param {Pick<Store, "host" | "settings">} store
 * @param {"upper" | "lower"} row
 */
function kindOf({host, settings}, row) {
  const {quantities} = host.catalog;
  return quantities.find((entry) => entry.name === settings.now[row]) ?? quantities[0];
}

/**
 * The quantities of the upper and the lower row.
 *
 * @param {Pick<Store, "host" | "settings">} store
 */
export const kindsOf = (store) => [kindOf(store, "upper"), kindOf(store, "lower")];
