/** @import {Store} from "./types.js" */
import {element} from "../runtime/dom.js";
import {createSwitch} from "../runtime/switches.js";

/**
 * The heading of the loss chart; the chart itself is Bokeh's.
 *
 * @param {Pick<Store, "settings">} store
 */
export function createLoss(store) {
  const log = createSwitch(store, "log_loss", "Log scale", "Show the losses on a logarithmic axis.");
  return {
    element: element("div", {class: "title-row"}, element("h2", {}, "Loss"), log.element),
    update: log.update,
  };
}
