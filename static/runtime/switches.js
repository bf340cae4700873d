/** @import {Settings} from "./types.js" */
import {element} from "./dom.js";

/**
 * A labelled checkbox for a setting that is on or off.
 *
 * @template {string} Name
 * @param {{settings: Settings<{[name in Name]: boolean}>}} store
 * @param {Name} name
 * @param {string} label
 * @param {string} title
 */
export function createSwitch({settings}, name, label, title) {
  const input = element("input", {
    type: "checkbox",
    onchange: () => settings.set(/** @type {{[name in Name]: boolean}} */ ({[name]: input.checked})),
  });
  return {
    element: element("label", {class: "check", title}, input, label),
    update() { input.checked = settings.now[name]; },
  };
}
