/** @import {PageLink, Store} from "./types.js" */
import {element} from "./dom.js";

/**
 * Links to the pages of the window; Python shows the one that is wanted. Nothing where there is only this one.
 *
 * @param {Store} store
 * @param {PageLink[]} pages
 */
export function createNav(store, pages) {
  const here = store.host.page;
  return {
    element: element("nav", {class: "nav", "aria-label": "Pages", hidden: pages.length < 2},
      ...pages.map(({name, label}) => element("button", {
        type: "button", "aria-current": name === here ? "page" : false, title: `Go to the page: ${label}.`,
        onclick: () => name !== here && goTo(store, name),
      }, label))),
  };
}

/**
 * Go to another page, with choices for it; its address stays in the window's, so that a reload comes back to it.
 *
 * @param {Pick<Store, "host">} store
 * @param {string} page
 * @param {object | null} [values]
 */
export function goTo({host}, page, values = null) {
  const address = new URL(location.href);
  address.searchParams.set("page", page);
  address.searchParams.delete("experiment");
  history.replaceState(history.state, "", address);
  host.send({type: "goto", page, values});
}
