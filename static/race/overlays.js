import {element} from "../runtime/dom.js";
import {createSwitch} from "../runtime/switches.js";

/** @import {RaceStore} from "./types.js" */

/**
 * What is drawn at the heads of the racers.
 *
 * @param {RaceStore} store
 */
export function createOverlays(store) {
  const switches = store.host.catalog.overlays.map((entry) => createSwitch(store, entry));
  return {
    element: element("div", {class: "display overlays", role: "group", "aria-label": "Inside the rules"},
      element("span", {class: "soft"}, "At each head:"), ...switches.map((part) => part.element)),
    update: () => switches.forEach((part) => part.update()),
  };
}
