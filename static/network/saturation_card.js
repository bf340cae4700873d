/** @import {Store} from "./types.js" */
import {element, setText} from "../runtime/dom.js";
import {createPopover} from "../runtime/popover.js";
import {layerName} from "./names.js";
import {explain, saturationOf} from "./saturation.js";

/** @typedef {ReturnType<typeof createSaturationCard>} SaturationCard */

/**
 * A card that explains one layer's saturated values and dead units.
 *
 * @param {Store} store
 * @param {AbortSignal} signal
 */
export function createSaturationCard(store, signal) {
  const title = element("b");
  const words = element("div", {class: "explained"});
  const inspect = element("button", {type: "button", class: "plain", onclick: seeInDetail}, "See this layer in detail");
  const close = element("button", {
    type: "button", class: "plain", onclick: () => popover.close({refocus: true}),
  }, "Close");
  const card = element("div", {class: "popover", role: "dialog"}, title, words, inspect, close);
  const popover = createPopover(store.host.root, card, signal);
  let layer = 0;

  function seeInDetail() {
    popover.close();
    store.settings.set({layer_detail: layer});
    store.refresh();
  }

  function fill() {
    const {frame, scene} = store.shown;
    if (!frame) return;
    setText(title, layerName(scene, layer));
    card.setAttribute("aria-label", `Saturated and dead units of layer ${layer}`);
    const sentences = explain(saturationOf(frame, scene, layer), scene, layer);
    words.replaceChildren(...sentences.map((text) => element("p", {}, text)));
  }

  return {
    /**
     * Explain a layer below the button that was pressed.
     *
     * @param {number} next
     * @param {HTMLElement} opener
     */
    open(next, opener) {
      layer = next;
      fill();
      inspect.hidden = store.settings.now.layer_detail === layer;
      const {left, bottom} = opener.getBoundingClientRect();
      popover.open({clientX: left - 14, clientY: bottom - 8}, {opener, first: close});
    },
    /** Another network: it may not have this layer. */
    update() {
      if (popover.isOpen && layer > store.shown.scene.layers.length - 2) popover.close();
    },
    read() { if (popover.isOpen) fill(); },
  };
}
