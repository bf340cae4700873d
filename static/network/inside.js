// @ts-nocheck
import {element} from "../runtime/dom.js";
import {createSwitch} from "../runtime/switches.js";

/** The line between units and histograms: what both rows show, on which scale. */
export function createInside(store, check) {
  const rows = [["upper", "Upper histograms"], ["lower", "Lower histograms"]].map(([name, label]) => {
    const select = element("select", {"aria-label": label, onchange: () => store.set({[name]: select.value})},
      ...store.catalog.quantities.map((entry) => element("option", {value: entry.name, title: entry.doc}, entry.label)));
    return {name, select, key: element("label", {class: "key"}, select)};
  });
  const log = createSwitch(store, "log_counts", "Log counts", "Logarithmic heights: a lone value among thousands shows.");
  const bar = element("div", {class: "legend-row"}, element("h2", {}, "Inside each layer"),
    ...rows.map(({key}) => key), log.element, check.button);
  return {
    element: bar,
    place({divider, legend}) {
      bar.style.top = `${divider}px`;
      bar.style.height = `${legend}px`;
    },
    update() {
      log.update();
      for (const {name, select, key} of rows) {
        select.value = store.settings[name];
        const entry = kindOf(store, name);
        key.title = entry.doc;
        key.dataset.way = entry.backward ? "back" : "in";
      }
    },
  };
}

const kindOf = ({catalog, settings}, name) => catalog.quantities.find((entry) => entry.name === settings[name]);

/** The quantities of the upper and the lower row. */
export const kindsOf = (store) => [kindOf(store, "upper"), kindOf(store, "lower")];
