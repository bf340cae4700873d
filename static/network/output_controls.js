/** @import {Frame, PictureControls, Scene, Store} from "./types.js" */
import {element, setText} from "../runtime/dom.js";
import {signed} from "../runtime/format.js";
import {createSwitch} from "../runtime/switches.js";
import {isSpread} from "./views.js";
import {KIND} from "./wire.js";

/**
 * What can be chosen of the output's map, and what its colours mean.
 *
 * @param {Store} store
 * @returns {PictureControls}
 */
export function createOutputControls(store) {
  const discretize = createSwitch(store, store.host.catalog.switches.discretize);
  const scale = createScale(store);
  const view = createView(store);
  return {
    beside: [view.element],
    inRow: [discretize.element, scale.element],
    update() {
      view.update();
      discretize.update();
      scale.renew(store.shown.scene);
    },
    paint: scale.nameEnds,
  };
}

/**
 * How the network is used for the maps: a choice.
 *
 * @param {Pick<Store, "host" | "settings">} store
 */
function createView({host, settings}) {
  const {label: caption, doc: title} = host.catalog.selects.view;
  const select = element("select", {
    "aria-label": caption, title, onchange: () => settings.set({view: select.value}),
  }, ...host.catalog.views.map(({name, label, doc}) => element("option", {value: name, title: doc}, label)));
  return {
    element: element("label", {class: "view"}, element("span", {class: "caption"}, caption), select),
    update() { select.value = settings.now.view; },
  };
}

/**
 * What the colours of the large map mean.
 *
 * @param {Store} store
 */
function createScale(store) {
  const scale = element("div", {class: "scale"});
  const low = element("span");
  const high = element("span");

  /**
   * One swatch per class, or the range of the values from orange to blue.
   *
   * @param {Scene} scene
   */
  function renew({task: {exclusive}, classes, class_names: names, palette}) {
    const swatches = palette.slice(0, classes).map((color, k) =>
      element("span", {class: "swatch", style: `--swatch: ${color}`, title: names[k] ?? ""}, names[k] ?? `${k + 1}`));
    scale.title = exclusive ? "The colours of the classes." : "The colours of the values.";
    scale.replaceChildren(...(exclusive ? swatches : [low, element("i", {class: "ramp"}), high]));
  }

  /**
   * A probability has its own ends; other values are stretched to the largest one.
   *
   * @param {Frame} frame
   */
  function nameEnds({scalars, focus}) {
    const ofUnit = focus?.kind === KIND.unit;
    const spread = !ofUnit && isSpread(store);
    // Of classes that exclude each other there are swatches, and these ends are not to be seen.
    const probability = !ofUnit && !spread && store.shown.scene.task.probabilities;
    scale.classList.toggle("spreads", spread);
    if (spread) {
      setText(low, "0");
      setText(high, signed(scalars.scale, 2));
      return;
    }
    setText(low, probability ? "0" : ends(-scalars.scale));
    setText(high, probability ? "1" : ends(scalars.scale));
  }

  return {element: scale, renew, nameEnds};
}

/** @type {(value: number) => string} */
const ends = (value) => signed(value, Math.abs(value) < 10 ? 1 : 0);
