// @ts-nocheck
import {element} from "./dom.js";

/** A labelled checkbox for a setting that is on or off. */
export function createSwitch(store, name, label, title) {
  const input = element("input", {type: "checkbox", onchange: () => store.set({[name]: input.checked})});
  return {
    element: element("label", {class: "check", title}, input, label),
    update() { input.checked = store.settings[name]; },
  };
}
