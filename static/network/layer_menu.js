/** @import {Frame, LayerChoices, Store} from "./types.js" */
import {element, setText} from "../runtime/dom.js";
import {createPopover} from "../runtime/popover.js";
import {createCurve} from "./curve.js";
import {createLayerFields} from "./layer_fields.js";
import {withLayerChanged, withLayerRemoved} from "./layers.js";

/** @typedef {ReturnType<typeof createLayerMenu>} LayerMenu */

/**
 * The choices of one hidden layer, opened by the chip in its header.
 *
 * @param {Store} store
 * @param {AbortSignal} signal
 */
export function createLayerMenu(store, signal) {
  const {settings} = store;
  let index = 0;

  /** @param {Partial<LayerChoices>} choices */
  const change = (choices) => settings.set(withLayerChanged(settings.now, index, choices));

  const fields = createLayerFields(store, change, () => settings.now.activation_params[index]);
  const curve = createCurve(store);
  const {box, name} = createBox([...fields.above, curve.element, curveLegend(), ...fields.below], removeLayer);
  const popover = createPopover(store.host.root, box, signal, () => watch(0));

  /** @type {(layer: number) => void} Tell Python whose activation is looked at: it is computed for no other. */
  const watch = (layer) => store.tell({type: "watch", layer});

  function removeLayer() {
    popover.close({refocus: true});
    settings.set(withLayerRemoved(settings.now, index));
  }

  function fill() {
    const layer = `Layer ${index + 1}`;
    name(layer);
    fields.fill(index, layer);
  }

  return {
    /** @type {(next: number, chip: HTMLElement) => void} Open for a hidden layer, from 0, below its chip, or close. */
    toggle(next, chip) {
      if (popover.isOpen && index === next) return popover.close({refocus: true});
      index = next;
      fill();
      curve.clear();
      const {left, bottom} = chip.getBoundingClientRect();
      popover.open({clientX: left - 14, clientY: bottom - 8}, {opener: chip, first: fields.first});
      watch(index + 1);
    },
    /** Another network: Python has forgotten what was looked at. */
    renew() {
      if (popover.isOpen && index < store.shown.scene.layers.length - 2) watch(index + 1);
    },
    /** Stays open while other settings change, unless its layer is gone. */
    update() {
      if (!popover.isOpen) return;
      if (index >= settings.now.hidden.length) popover.close();
      else {
        fill();
        popover.settle();
      }
    },
    /** @param {Frame} frame */
    paint(frame) {
      if (popover.isOpen) curve.paint(frame, index);
    },
  };
}

/**
 * The menu around the choices.
 *
 * @param {HTMLElement[]} choices
 * @param {() => void} removeLayer
 */
function createBox(choices, removeLayer) {
  const title = element("b");
  const remove = element("button", {
    type: "button", class: "plain", onclick: removeLayer, title: "Take this layer out of the network.",
  }, "Remove layer");
  const box = element("div", {class: "popover menu", role: "dialog"}, title, ...choices, remove);
  return {
    box,
    /** @param {string} layer */
    name(layer) {
      setText(title, layer);
      box.setAttribute("aria-label", layer);
    },
  };
}

function curveLegend() {
  return element("div", {class: "curve-legend"},
    element("span", {class: "activation-key"}, "f"), element("span", {class: "gradient-key"}, "f\u2032"),
    element("span", {}, "over this layer\u2019s z"));
}
