import {element} from "../runtime/dom.js";

/** @import {RaceStore} from "./types.js" */

const STEP_BY_STEP = "update";
const TABS = [
  ["loss", "Loss", "Height above the lowest point of the surface, against the steps."],
  ["distance", "Distance", "Distance to the nearest global minimum, against the steps."],
  ["length", "Step length", "Length of each step."],
  [STEP_BY_STEP, "Step by step", "The next update of one racer with its numbers, phase by phase."],
];

/**
 * What stands below the racers: one of the curves, or one racer's update written out.
 *
 * @param {RaceStore} store
 */
export function createCurves(store) {
  const tabs = TABS.map(([name, label, title]) => ({
    name,
    button: element("button", {type: "button", role: "tab", title, onclick: () => choose(name)}, label),
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
      const {settings, shown: {scene: {surface}}, host: {root}} = store;
      const isOut = settings.now.selected >= 0 && surface !== null;
      root.classList.toggle("writes", isOut);
      for (const {name, button} of tabs) {
        button.setAttribute("aria-selected", String(name === (isOut ? STEP_BY_STEP : surface?.curve ?? "loss")));
        button.hidden = surface ? name === "distance" && !surface.minima.length : name !== "loss";
      }
    },
  };
}
