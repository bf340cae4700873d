import {element, setText} from "../runtime/dom.js";
import {counter} from "../runtime/format.js";

/** @import {RaceFrame, RaceStore} from "./types.js" */
/** @import {RaceView} from "./view.js" */

/**
 * The counter of steps.
 *
 * @param {Pick<RaceStore, "shown">} store
 * @param {RaceView} view
 */
export function createSteps({shown}, view) {
  const steps = element("span", {class: "number"}, counter(0));
  return {
    element: element("div", {class: "epoch", title: "Steps that every racer has made."},
      element("span", {class: "caption"}, "Step"), steps),
    /** @param {RaceFrame} frame */
    read({scalars}) {
      setText(steps, counter(shown.scene.surface ? view.cursor : scalars.cursor));
    },
  };
}
