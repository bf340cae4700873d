// @ts-nocheck
import {createCurve} from "./curve.js";
import {clamp, element, setText} from "../runtime/dom.js";
import {createHyperparameters} from "../runtime/hyperparameters.js";
import {withLayerChanged, withLayerRemoved} from "./layers.js";
import {createPopover} from "../runtime/popover.js";

/** The choices of one hidden layer, opened by the chip in its header. */
export function createLayerMenu(store, signal) {
  const {activations, placements, dropout} = store.catalog;
  const rates = dropout.map((value) => [value, String(value)]);
  const named = (entries) => entries.map(({name, label, doc}) => [name, label, doc]);
  let index = 0;
  const change = (choices) => store.set(withLayerChanged(store.settings, index, choices));
  const title = element("b");
  const selects = {
    activation: select("Activation", named(activations),
      "The function every unit of this layer applies to its weighted sum.", (activation) => change({activation})),
    batch_norm: select("Batch norm", named(placements),
      "Whether and where the signal is shifted and scaled to mean 0 and deviation 1 over the batch.",
      (batch_norm) => change({batch_norm})),
    dropout: select("Dropout", rates,
      "The share of this layer's units that is switched off at random in each training step.",
      (value) => change({dropout: Number(value)})),
    drop_connect: select("DropConnect", rates,
      "The share of the weights into this layer that is switched off at random in each training step.",
      (value) => change({drop_connect: Number(value)})),
  };
  const units = element("input", {
    type: "number", min: 1, max: store.catalog.limits.units, step: 1, title: "How many units the layer has.",
    onchange: () => change({hidden: clamp(Math.round(Number(units.value)) || 1, 1, store.catalog.limits.units)}),
  });
  const hyperparameters = createHyperparameters((name, value) =>
    change({activation_params: {...store.settings.activation_params[index], [name]: value}}));
  const curve = createCurve(store);
  const legend = element("div", {class: "curve-legend"},
    element("span", {class: "activation-key"}, "f"), element("span", {class: "gradient-key"}, "f\u2032"),
    element("span", {}, "over this layer\u2019s z"));
  const box = element("div", {class: "popover menu", role: "dialog"},
    title, element("div", {class: "field"}, element("span", {}, "Units"), units), selects.activation.row, hyperparameters.element, curve.element, legend,
    selects.batch_norm.row, selects.dropout.row, selects.drop_connect.row,
    element("button", {type: "button", class: "plain", onclick: remove, title: "Take this layer out of the network."},
      "Remove layer"));
  const popover = createPopover(store.root, box, signal, () => watch(0));

  /** Tell Python which layer's activation is looked at: it is computed for no other. */
  const watch = (layer) => store.tell({type: "watch", layer});

  function remove() {
    popover.close({refocus: true});
    store.set(withLayerRemoved(store.settings, index));
  }

  function fill() {
    const {settings} = store;
    const layer = `Layer ${index + 1}`;
    setText(title, layer);
    box.setAttribute("aria-label", layer);
    for (const [name, {control, label}] of Object.entries(selects)) {
      // The top bar has the same choices for all layers: here each is called by its layer's name.
      control.setAttribute("aria-label", `${layer} ${label.toLowerCase()}`);
      show(control, settings[name][index]);
    }
    units.setAttribute("aria-label", `${layer} units`);
    if (!units.matches(":focus")) units.value = String(settings.hidden[index]);
    const entry = activations.find(({name}) => name === settings.activation[index]);
    hyperparameters.fill(entry, settings.activation_params[index], layer);
  }

  return {
    toggle(next, chip) {
      if (popover.isOpen && index === next) return popover.close({refocus: true});
      index = next;
      fill();
      curve.clear();
      const {left, bottom} = chip.getBoundingClientRect();
      popover.open({clientX: left - 14, clientY: bottom - 8}, {opener: chip, first: selects.activation.control});
      watch(index + 1);
    },
    /** Another network: Python has forgotten what was looked at. */
    renew() {
      if (popover.isOpen && index < store.scene.layers.length - 2) watch(index + 1);
    },
    /** Stays open while other settings change, unless its layer is gone. */
    update() {
      if (!popover.isOpen) return;
      if (index >= store.settings.hidden.length) popover.close();
      else {
        fill();
        popover.settle();
      }
    },
    paint(frame) {
      if (popover.isOpen) curve.paint(frame, index);
    },
  };
}

/** Select a value; one that was set elsewhere, between those on offer, joins them. */
function show(control, value) {
  control.value = value;
  if (control.selectedIndex >= 0) return;
  control.append(element("option", {value}, String(value)));
  control.value = value;
}

function select(label, options, title, changed) {
  const choices = options.map(([value, name, doc]) => element("option", {value, title: doc}, name));
  const control = element("select", {title, onchange: (event) => changed(event.target.value)}, ...choices);
  return {label, control, row: element("div", {class: "field"}, element("span", {}, label), control)};
}
