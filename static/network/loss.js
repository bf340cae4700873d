/** @import {Store} from "./types.js" */
import {element} from "../runtime/dom.js";
import {createSwitch} from "../runtime/switches.js";

/**
 * The heading of the loss chart; the chart itself is Bokeh's.
 *
 * @param {Pick<Store, "host" | "settings">} store
 */
export function createLoss(store) {
  const log = createSwitch(store, store.host.catalog.switches.log_loss);
  return {
    element: element("div", {class: "title-row"}, element("h2", {}, "Loss"), log.element),
    update: log.update,
  };
}
