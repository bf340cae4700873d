// @ts-nocheck
import {element} from "../runtime/dom.js";

const STEP_BY_STEP = "update";

/** What stands below the racers: one of the curves, or one racer's update written out. */
export function createCurves(store) {
  const tabs = [
    ["loss", "Loss", "Height above the lowest point of the surface, against the steps."],
    ["distance", "Distance", "Distance to the nearest global minimum, against the steps."],
    ["length", "Step length", "Length of each step."],
    [STEP_BY_STEP, "Step by step", "The next update of one racer with its numbers, phase by phase."],
  ].map(([name, label, title]) => ({
    name,
    button: element("button", {type: "button", role: "tab", title, onclick: () => choose(name)}, label),
  }));

  function choose(name) {
    if (name === STEP_BY_STEP) return store.set({selected: Math.max(0, store.settings.selected)}), store.refresh();
    store.set({curve: name, selected: -1});
    store.refresh();
  }

  return {
    element: element("div", {class: "tabs", role: "tablist", "aria-label": "Below"}, ...tabs.map(({button}) => button)),
    update() {
      const {settings, scene, root} = store;
      const isOut = settings.selected >= 0 && scene.mode === "surface";
      root.classList.toggle("writes", isOut);
      for (const {name, button} of tabs) {
        button.setAttribute("aria-selected", name === (isOut ? STEP_BY_STEP : scene.surface?.curve ?? "loss"));
        button.hidden = scene.mode === "surface" ? name === "distance" && !scene.surface.minima.length : name !== "loss";
      }
    },
  };
}
