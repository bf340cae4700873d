/** @import {Made, Message, Model, Owners} from "./types.js" */
import {createLook} from "./look.js";
import {createSettings} from "./settings.js";
import {createShown} from "./shown.js";

/**
 * What the parts of a page share, and beside it, for the shell alone, what may change it.
 *
 * @template Scene, Values, Frame, Catalog
 * @param {Model<Catalog>} model
 * @param {HTMLElement} root
 * @param {string} page As in the window's address.
 * @param {{refresh(): void, repaint(): void}} drawing
 * @returns {Made<Scene, Values, Frame, Catalog>}
 */
export function createStore(model, root, page, {refresh, repaint}) {
  const host = {
    root, page,
    fullPage: model.full_page,
    calm: matchMedia("(prefers-reduced-motion: reduce)"),
    catalog: model.catalog,
    /** @param {Message} message */
    send: (message) => model.send_msg(message),
  };
  /** @type {Owners<Scene, Values, Frame>["settings"]} */
  const settings = createSettings(host.send);
  /** @type {Owners<Scene, Values, Frame>["shown"]} */
  const shown = createShown();
  const look = createLook(root);
  return {
    owners: {settings, shown, look},
    store: {
      host, refresh, repaint,
      settings: settings.part,
      shown: shown.part,
      look: look.part,
      tell: (message) => host.send({...message, generation: shown.part.generation}),
    },
  };
}
