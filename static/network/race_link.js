/** @import {PageLink} from "../runtime/types.js" */
/** @import {Store} from "./types.js" */
import {element} from "../runtime/dom.js";
import {goTo} from "../runtime/nav.js";

/**
 * A way to see how every rule trains the network that is set up here.
 *
 * @param {Pick<Store, "host">} store
 * @param {PageLink[]} pages
 */
export function createRaceLink(store, pages) {
  return {
    element: element("button", {
      type: "button", class: "plain small race-on", hidden: pages.length < 2,
      title: "Train this very network with several optimizers, side by side.",
      onclick: () => goTo(store, "optimizers", {surface: "network"}),
    }, "Race optimizers"),
  };
}
