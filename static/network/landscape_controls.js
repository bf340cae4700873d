/** @import {Frame, PictureControls, Store} from "./types.js" */
import {element, setText} from "../runtime/dom.js";
import {grouped} from "../runtime/format.js";
import {createChoice, optionsOf} from "./choice.js";
import {landscapeOf} from "./landscape.js";

const EVERY = [0, 50, 200, 1000, 5000];

/**
 * Along which directions the landscape lies, and how often it is drawn anew.
 *
 * @param {Store} store
 * @returns {PictureControls}
 */
export function createLandscapeControls(store) {
  const {catalog} = store.host;
  const directions = createChoice(store, catalog.selects.directions, optionsOf(catalog.directions));
  const every = createChoice(store, catalog.selects.landscape_every,
    EVERY.map((steps) => [steps, steps ? `every ${grouped(steps)} steps` : "on request"]), Number);
  const refresh = element("button", {
    type: "button", class: "plain small", title: "Draw the landscape around the present weights.",
    onclick: () => store.tell({type: "redraw_landscape"}),
  }, "Draw anew");
  const told = element("span", {class: "soft"});
  return {
    below: [element("div", {class: "display"}, directions.element, every.element, refresh, told)],
    update() {
      directions.update();
      every.update();
    },
    /** @param {Frame} frame */
    read({landscapeView}) {
      if (!landscapeView) return;
      const {distance, step, kind} = landscapeOf(landscapeView);
      const other = catalog.directions[kind]?.name !== store.settings.now.directions;
      const remark = other ? "; too short a path, so random" : "";
      setText(told, `As of step ${grouped(step)}; ${distance.toPrecision(2)} away from it now${remark}`);
    },
  };
}
