import {element} from "../runtime/dom.js";

/** @import {Entry} from "../runtime/types.js" */
/** @import {RaceStore} from "./types.js" */

const STEP_BY_STEP = "update";
/** @type {Entry} */
const UPDATE = {
  name: STEP_BY_STEP, label: "Step by step", doc: "The next update of one racer with its numbers, phase by phase.",
};

/**
 * What stands below the racers: one of the curves, or one racer's update written out.
 *
 * @param {RaceStore} store
 */
export function createCurves(store) {
  const tabs = [...store.host.catalog.curves, UPDATE].map(({name, label, doc}) => ({
    name,
    button: element("button", {type: "button", role: "tab", title: doc, onclick: () => choose(name)}, label),
  }));

  /** @param {string} name */
  function choose(name) {
    if (name === STEP_BY_STEP) store.settings.set({selected: Math.max(0, store.settings.now.selected)});
    else store.settings.set({curve: name, selected: -1});
    store.refresh();
  }

  return {
    element: element("div", {class: "tabs", role: "tablist", "aria-label": "Below"}, ...tabs.map(({button}) => button)),
    update() {
      const {settings, shown: {scene: {surface, curves}}, host: {root}} = store;
      const isOut = settings.now.selected >= 0 && surface !== null;
      root.classList.toggle("writes", isOut);
      for (const {name, button} of tabs) {
        button.setAttribute("aria-selected", String(name === (isOut ? STEP_BY_STEP : surface?.curve ?? curves[0])));
        button.hidden = !(name === STEP_BY_STEP ? surface : curves.includes(name));
      }
    },
  };
}
