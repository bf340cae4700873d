/** @import {PageLink} from "../runtime/types.js" */
/** @import {Store} from "./types.js" */
import {element} from "../runtime/dom.js";
import {goTo} from "../runtime/nav.js";

/**
 * Ways to the pages that have something to do with the network that is set up here.
 *
 * @param {Pick<Store, "host">} store
 * @param {PageLink[]} pages
 */
export function createInvitations(store, pages) {
  const elements = pages.flatMap(({name, invitation}) => (invitation ? [element("button", {
    type: "button", class: "plain small invitation", title: invitation.doc,
    onclick: () => goTo(store, name, invitation.values),
  }, invitation.label)] : []));
  return {elements};
}
