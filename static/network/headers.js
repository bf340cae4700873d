/** @import {LayerMenu} from "./layer_menu.js" */
/** @import {Geometry, HiddenLayer, OutputLayer, Store} from "./types.js" */
import {clamp, element, setAttribute, setText} from "../runtime/dom.js";
import {withLayerAdded, withLayerChanged, withLayerRemoved} from "./layers.js";
import {LEAST_UNITS} from "./wire.js";

/**
 * Controls above the columns. Headers are kept and re-labelled, so that a pressed button keeps the focus.
 *
 * @param {Store} store
 * @param {LayerMenu} menu
 */
export function createHeaders(store, menu) {
  const inputs = plainHeader("Inputs", "Which properties of a point the network is fed with.");
  const output = plainHeader("Output", "The last layer and the function that links it to the answer.");
  const box = element("div", {class: "headers"}, inputs.element, output.element);
  /** @type {ReturnType<typeof hiddenHeader>[]} */
  const hidden = [];

  /** @param {number} count */
  function reconcile(count) {
    while (hidden.length < count) {
      const header = hiddenHeader(store, menu, hidden.length);
      hidden.push(header);
      output.element.before(header.element);
    }
    for (const gone of hidden.splice(count).reverse()) {
      const hadFocus = gone.element.matches(":focus-within");
      gone.element.remove();
      if (hadFocus) hidden.at(-1)?.chip.focus();
    }
  }

  return {
    element: box,
    /** @param {Geometry} geometry */
    place({columns, columnWidth, strip}) {
      box.hidden = strip;
      if (strip) return reconcile(0);
      box.classList.toggle("tight", columnWidth < 70);
      const {layers} = store.shown.scene;
      reconcile(layers.length - 2);
      hidden.forEach((header, k) => header.update(/** @type {HiddenLayer} */ (layers[k + 1])));
      inputs.say(`${layers[0].units} of ${store.host.catalog.features.length}`);
      output.say(/** @type {OutputLayer} */ (layers.at(-1)).label);
      [inputs, ...hidden, output].forEach((header, k) => {
        header.element.style.left = `${columns[k].x}px`;
        header.element.style.width = `${Math.min(columnWidth - 2, 118)}px`;
      });
    },
  };
}

/**
 * @param {string} name
 * @param {string} title
 */
function plainHeader(name, title) {
  const detail = element("span", {class: "detail"});
  return {
    element: element("div", {class: "header", title}, element("b", {}, name), detail),
    say: (/** @type {string} */ text) => setText(detail, text),
  };
}

/**
 * @param {Store} store
 * @param {LayerMenu} menu
 * @param {number} index The hidden layer, counted from 0.
 */
function hiddenHeader({host, settings}, menu, index) {
  const number = index + 1;
  const most = host.catalog.limits.units;
  const units = element("output", {title: `Units in layer ${number}.`});
  const fewer = stepButton("\u2212", `Remove a unit from layer ${number}`, () => resize(-1));
  const more = stepButton("+", `Add a unit to layer ${number}`, () => resize(1));
  const chip = element("button", {
    class: "chip", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false",
    onclick: () => menu.toggle(index, chip),
  });

  /** @param {number} change */
  function resize(change) {
    const count = clamp(settings.now.hidden[index] + change, LEAST_UNITS, most);
    settings.set(withLayerChanged(settings.now, index, {hidden: count}));
  }

  return {
    chip,
    element: element("div", {class: "header"}, element("b", {}, `Layer ${number}`),
      element("div", {class: "stepper"}, fewer, units, more), chip),
    /** @param {HiddenLayer} layer */
    update(layer) {
      setText(units, String(layer.units));
      setAttribute(fewer, "aria-disabled", layer.units <= LEAST_UNITS);
      setAttribute(more, "aria-disabled", layer.units >= most);
      setText(chip, summary(layer));
      setAttribute(chip, "aria-label", `Layer ${number}: ${summary(layer)}. Change this layer`);
      setAttribute(chip, "title", `${summary(layer)}: change what the units of layer ${number} do.`);
    },
  };
}

/**
 * "ReLU · BN · drop 0.2".
 *
 * @param {HiddenLayer} layer
 */
function summary({activation_label: activation, norm_label: norm, dropout, drop_connect: dropConnect}) {
  const parts = [
    activation,
    norm,
    dropout > 0 && `drop ${dropout}`,
    dropConnect > 0 && `DC ${dropConnect}`,
  ];
  return parts.filter(Boolean).join(" \u00b7 ");
}

/**
 * A button that, at its limit, ignores presses instead of being disabled: a disabled one would lose the focus.
 *
 * @param {string} sign
 * @param {string} label
 * @param {() => void} action
 */
function stepButton(sign, label, action) {
  const button = element("button", {
    class: "step", type: "button", "aria-label": label, title: `${label}.`, "aria-disabled": "true",
    onclick: () => button.getAttribute("aria-disabled") !== "true" && action(),
  }, sign);
  return button;
}

/**
 * "− 2 hidden layers +".
 *
 * @param {Pick<Store, "host" | "settings" | "shown">} store
 */
export function createDepth({host, settings, shown}) {
  const count = element("output");
  const fewer = stepButton("\u2212", "Remove a hidden layer", () => {
    settings.set(withLayerRemoved(settings.now, settings.now.hidden.length - 1));
  });
  const more = stepButton("+", "Add a hidden layer", () => 
    settings.set(withLayerAdded(settings.now, shown.scene.new_layer)));
  return {
    element: element("div", {class: "stepper depth"}, fewer, count, more),
    update() {
      const layers = shown.scene.layers.length - 2;
      setText(count, `${layers} hidden layer${layers === 1 ? "" : "s"}`);
      setAttribute(fewer, "aria-disabled", layers === 0);
      setAttribute(more, "aria-disabled", layers >= host.catalog.limits.layers);
    },
  };
}
