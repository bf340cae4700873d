/** @import {Entry, Settings} from "./types.js" */
import {element} from "./dom.js";

/**
 * A labelled checkbox for a setting that is on or off.
 *
 * @template {string} Name
 * @param {{settings: Settings<{[name in Name]: boolean}>}} store
 * @param {Entry & {name: Name}} entry What Python says of the setting.
 */
export function createSwitch({settings}, {name, label, doc}) {
  const input = element("input", {
    type: "checkbox",
    onchange: () => settings.set(/** @type {{[name in Name]: boolean}} */ ({[name]: input.checked})),
  });
  return {
    element: element("label", {class: "check", title: doc}, input, label),
    update() { input.checked = settings.now[name]; },
  };
}
