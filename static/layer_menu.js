import {element, setText} from "./dom.js";
import {withLayerChanged, withLayerRemoved} from "./layers.js";
import {createPopover} from "./popover.js";

/** The choices of one hidden layer, opened by the chip in its header. */
export function createLayerMenu(store, signal) {
  const {activations, dropout} = store.catalog;
  let index = 0;
  const change = (choices) => store.set(withLayerChanged(store.settings, index, choices));
  const title = element("b");
  const activation = select(activations.map(({name, label, doc}) => [name, label, doc]),
    "The function every unit of this layer applies to its weighted sum.",
    (value) => change({activation: value}));
  const rate = select(dropout.map((value) => [value, String(value)]),
    "The share of this layer's units that is switched off at random in each training step.",
    (value) => change({dropout: Number(value)}));
  const norm = element("input", {
    type: "checkbox", title: "Shift and scale each unit's sum to mean 0 and deviation 1 over the batch.",
    onchange: () => change({batch_norm: norm.checked}),
  });
  const box = element("div", {class: "popover menu", role: "dialog"},
    title,
    element("div", {class: "field"}, element("span", {}, "Activation"), activation),
    element("div", {class: "field"}, element("span", {}, "Dropout"), rate),
    element("div", {class: "field"}, element("span", {}, "Batch norm"), norm),
    element("button", {type: "button", class: "plain", onclick: remove, title: "Take this layer out of the network."},
      "Remove layer"));
  const popover = createPopover(store.root, box, signal);

  function remove() {
    popover.close({refocus: true});
    store.set(withLayerRemoved(store.settings, index));
  }

  function fill() {
    const {settings} = store;
    setText(title, `Layer ${index + 1}`);
    box.setAttribute("aria-label", `Layer ${index + 1}`);
    // The top bar has the same choices for all layers: here each is called by its layer's name.
    activation.setAttribute("aria-label", `Layer ${index + 1} activation`);
    rate.setAttribute("aria-label", `Layer ${index + 1} dropout`);
    norm.setAttribute("aria-label", `Layer ${index + 1} batch norm`);
    activation.value = settings.activation[index];
    rate.value = settings.dropout[index];
    norm.checked = settings.batch_norm[index];
  }

  return {
    toggle(next, chip) {
      if (popover.isOpen && index === next) return popover.close({refocus: true});
      index = next;
      fill();
      const {left, bottom} = chip.getBoundingClientRect();
      popover.open({clientX: left - 14, clientY: bottom - 8}, {opener: chip, first: activation});
    },
    /** Stays open while other settings change, unless its layer is gone. */
    update() {
      if (!popover.isOpen) return;
      if (index >= store.settings.hidden.length) popover.close();
      else fill();
    },
  };
}

function select(options, title, changed) {
  const choices = options.map(([value, label, doc]) => element("option", {value, title: doc}, label));
  return element("select", {title, onchange: (event) => changed(event.target.value)}, ...choices);
}
