/** @import {Store} from "./types.js" */

/**
 * Whether the output's map shows how far the outputs of several masks spread.
 *
 * @param {Pick<Store, "host" | "settings">} store
 */
export function isSpread({host, settings}) {
  return host.catalog.views.find(({name}) => name === settings.now.view)?.spread ?? false;
}

/**
 * Whether the axes of hidden space are two of a layer's units.
 *
 * @param {Pick<Store, "host" | "settings">} store
 */
export function isOfUnits({host, settings}) {
  return host.catalog.axes.find(({name}) => name === settings.now.hidden_axes)?.of_units ?? false;
}
