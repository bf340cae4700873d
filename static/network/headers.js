// @ts-nocheck
import {clamp, element, setAttribute, setText} from "../runtime/dom.js";
import {withLayerAdded, withLayerChanged, withLayerRemoved} from "./layers.js";

/** Controls above the columns. Headers are kept and re-labelled, so that a pressed button keeps the focus. */
export function createHeaders(store, menu) {
  const inputs = plainHeader("Inputs", "Which properties of a point the network is fed with.");
  const output = plainHeader("Output", "The last layer and the function that links it to the answer.");
  const box = element("div", {class: "headers"}, inputs.element, output.element);
  const hidden = [];

  function reconcile(count) {
    while (hidden.length < count) {
      hidden.push(hiddenHeader(store, menu, hidden.length));
      output.element.before(hidden.at(-1).element);
    }
    while (hidden.length > count) {
      const gone = hidden.pop();
      const hadFocus = gone.element.matches(":focus-within");
      gone.element.remove();
      if (hadFocus) hidden.at(-1)?.chip.focus();
    }
  }

  return {
    element: box,
    place({columns, columnWidth, strip}) {
      box.hidden = Boolean(strip);
      if (strip) return reconcile(0);
      box.classList.toggle("tight", columnWidth < 70);
      const {layers} = store.scene;
      reconcile(layers.length - 2);
      hidden.forEach((header, k) => header.update(layers[k + 1]));
      inputs.say(`${layers[0].units} of ${store.catalog.features.length}`);
      output.say(layers.at(-1).label);
      [inputs, ...hidden, output].forEach((header, k) => {
        header.element.style.left = `${columns[k].x}px`;
        header.element.style.width = `${Math.min(columnWidth - 2, 118)}px`;
      });
    },
  };
}

function plainHeader(name, title) {
  const detail = element("span", {class: "detail"});
  return {
    element: element("div", {class: "header", title}, element("b", {}, name), detail),
    say: (text) => setText(detail, text),
  };
}

function hiddenHeader(store, menu, index) {
  const number = index + 1;
  const units = element("output", {title: `Units in layer ${number}.`});
  const fewer = stepButton("\u2212", `Remove a unit from layer ${number}`, () => resize(-1));
  const more = stepButton("+", `Add a unit to layer ${number}`, () => resize(1));
  const chip = element("button", {
    class: "chip", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false",
    onclick: () => menu.toggle(index, chip),
  });

  function resize(change) {
    const count = clamp(store.settings.hidden[index] + change, 1, store.catalog.limits.units);
    store.set(withLayerChanged(store.settings, index, {hidden: count}));
  }

  return {
    chip,
    element: element("div", {class: "header"}, element("b", {}, `Layer ${number}`),
      element("div", {class: "stepper"}, fewer, units, more), chip),
    update(layer) {
      setText(units, String(layer.units));
      setAttribute(fewer, "aria-disabled", layer.units <= 1);
      setAttribute(more, "aria-disabled", layer.units >= store.catalog.limits.units);
      setText(chip, summary(layer));
      setAttribute(chip, "aria-label", `Layer ${number}: ${summary(layer)}. Change this layer`);
      setAttribute(chip, "title", `${summary(layer)}: change what the units of layer ${number} do.`);
    },
  };
}

/** "ReLU · BN · drop 0.2". */
function summary({activation_label, batch_norm, dropout, drop_connect}) {
  const parts = [
    activation_label, batch_norm && (batch_norm === "after" ? "BN after" : "BN"), dropout > 0 && `drop ${dropout}`, drop_connect > 0 && `DC ${drop_connect}`,
  ];
  return parts.filter(Boolean).join(" \u00b7 ");
}

/** A button that, at its limit, ignores presses instead of being disabled: a disabled one would lose the focus. */
function stepButton(sign, label, action) {
  const button = element("button", {
    class: "step", type: "button", "aria-label": label, title: `${label}.`, "aria-disabled": "true",
    onclick: () => button.getAttribute("aria-disabled") !== "true" && action(),
  }, sign);
  return button;
}

/** "− 2 hidden layers +". */
export function createDepth(store) {
  const count = element("output");
  const fewer = stepButton("\u2212", "Remove a hidden layer", () => {
    store.set(withLayerRemoved(store.settings, store.settings.hidden.length - 1));
  });
  const more = stepButton("+", "Add a hidden layer", () => store.set(withLayerAdded(store.settings)));
  return {
    element: element("div", {class: "stepper depth"}, fewer, count, more),
    update() {
      const layers = store.scene.layers.length - 2;
      setText(count, `${layers} hidden layer${layers === 1 ? "" : "s"}`);
      setAttribute(fewer, "aria-disabled", layers === 0);
      setAttribute(more, "aria-disabled", layers >= store.catalog.limits.layers);
    },
  };
}
