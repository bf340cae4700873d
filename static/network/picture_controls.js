/** @import {Frame, Picture, PictureControls, Store} from "./types.js" */
import {element} from "../runtime/dom.js";
import {createSwitch} from "../runtime/switches.js";
import {createChoice, optionsOf} from "./choice.js";

/**
 * What the large picture is; of all pictures' own controls only those of the chosen one are to be seen.
 *
 * @param {Store} store
 * @param {{[name: string]: Picture}} pictures
 */
export function createPictureControls(store, pictures) {
  const picture = createChoice(store, store.host.catalog.selects.picture, optionsOf(store.host.catalog.pictures));
  const test = createSwitch(store, store.host.catalog.switches.show_test);
  const all = Object.values(pictures).map(({controls}) => controls);
  const chosen = () => pictures[store.settings.now.picture];
  const own = all.map((controls) => ({controls, elements: elementsOf(controls)}));
  return {
    choice: picture.element,
    beside: all.flatMap(({beside = []}) => beside),
    below: [
      element("div", {class: "display"}, test.element, ...all.flatMap(({inRow = []}) => inRow)),
      element("div", {class: "picture-controls"}, ...all.flatMap(({below = []}) => below)),
    ],
    update() {
      picture.update();
      test.update();
      test.element.hidden = !chosen().hasPoints;
      for (const {controls, elements} of own) {
        for (const each of elements) each.hidden = controls !== chosen().controls;
        controls.update();
      }
    },
    /** @param {Frame} frame */
    paint(frame) { chosen().controls.paint?.(frame); },
    /** @param {Frame} frame */
    read(frame) { chosen().controls.read?.(frame); },
  };
}

/** @param {PictureControls} controls */
const elementsOf = ({beside = [], inRow = [], below = []}) => [...beside, ...inRow, ...below];
