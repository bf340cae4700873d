/** @import {Made, Message, Model, Owners} from "./types.js" */
import {createLook} from "./look.js";
import {createSettings} from "./settings.js";
import {createShown} from "./shown.js";

/**
 * What the parts of a page share, and beside it, for the shell alone, what may change it.
 *
 * @template Scene, Values, Frame, Catalog
 * @template {Message} Command
 * @param {Model<Catalog>} model
 * @param {HTMLElement} root
 * @param {{refresh(): void, repaint(): void}} drawing
 * @returns {Made<Scene, Values, Frame, Catalog, Command>}
 */
export function createStore(model, root, {refresh, repaint}) {
  /** @param {Message} message */
  const send = (message) => model.send_msg(message);
  const host = {
    root, send,
    page: model.page,
    fullPage: model.full_page,
    calm: matchMedia("(prefers-reduced-motion: reduce)"),
    catalog: model.catalog,
  };
  /** @type {Owners<Scene, Values, Frame>["settings"]} */
  const settings = createSettings(send);
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
      tell: (message) => send({...message, generation: shown.part.generation}),
    },
  };
}
