/** @import {LayerChoices, Store} from "./types.js" */
/** @import {Option} from "./choice.js" */
/** @import {Entry} from "../runtime/types.js" */
import {clamp, element} from "../runtime/dom.js";
import {createHyperparameters} from "../runtime/hyperparameters.js";
import {optionsOf} from "./choice.js";
import {LEAST_UNITS} from "./wire.js";

/** @typedef {(choices: Partial<LayerChoices>) => void} Change */

/**
 * The fields of one hidden layer's choices; those above and those below the picture of its activation.
 *
 * @param {Pick<Store, "host" | "settings">} store
 * @param {Change} change
 * @param {() => LayerChoices["activation_params"]} paramsNow The layer's own numbers of its activation.
 */
export function createLayerFields({host: {catalog}, settings}, change, paramsNow) {
  const selects = createSelects(catalog, change);
  const units = createUnits(catalog.limits.units, change);
  const hyperparameters = createHyperparameters((name, value) =>
    change({activation_params: {...paramsNow(), [name]: value}}));
  return {
    first: selects.activation.control,
    above: [units.row, selects.activation.row, hyperparameters.element],
    below: [selects.batch_norm.row, selects.dropout.row, selects.drop_connect.row],
    /**
     * Show the choices of one layer.
     *
     * @param {number} index
     * @param {string} layer What the layer is called.
     */
    fill(index, layer) {
      const {now} = settings;
      for (const name of /** @type {(keyof typeof selects)[]} */ (Object.keys(selects))) {
        const {control, label} = selects[name];
        // The top bar has the same choices for all layers: here each is called by its layer's name.
        control.setAttribute("aria-label", `${layer} ${label.toLowerCase()}`);
        show(control, String(now[name][index]));
      }
      units.show(now.hidden[index], layer);
      const entry = catalog.activations.find(({name}) => name === now.activation[index]);
      if (entry) hyperparameters.fill(entry, now.activation_params[index], layer);
    },
  };
}

/**
 * @param {Store["host"]["catalog"]} catalog
 * @param {Change} change
 */
function createSelects({activations, placements, dropout, selects}, change) {
  /** @type {Option[]} */
  const rates = dropout.map((value) => [value, String(value)]);
  return {
    activation: createSelect(selects.activation, optionsOf(activations),
      "The function every unit of this layer applies to its weighted sum.", (activation) => change({activation})),
    batch_norm: createSelect(selects.batch_norm, optionsOf(placements),
      "Whether and where the signal is shifted and scaled to mean 0 and deviation 1 over the batch.",
      (placement) => change({batch_norm: placement})),
    dropout: createSelect(selects.dropout, rates,
      "The share of this layer's units that is switched off at random in each training step.",
      (value) => change({dropout: Number(value)})),
    drop_connect: createSelect(selects.drop_connect, rates,
      "The share of the weights into this layer that is switched off at random in each training step.",
      (value) => change({drop_connect: Number(value)})),
  };
}

/**
 * @param {number} most
 * @param {Change} change
 */
function createUnits(most, change) {
  const input = element("input", {
    type: "number", min: LEAST_UNITS, max: most, step: 1, title: "How many units the layer has.",
    onchange: () => change({hidden: clamp(Math.round(Number(input.value)) || LEAST_UNITS, LEAST_UNITS, most)}),
  });
  return {
    row: element("div", {class: "field"}, element("span", {}, "Units"), input),
    /**
     * @param {number} count
     * @param {string} layer
     */
    show(count, layer) {
      input.setAttribute("aria-label", `${layer} units`);
      if (!input.matches(":focus")) input.value = String(count);
    },
  };
}

/**
 * Select a value; one that was set elsewhere, between those on offer, joins them.
 *
 * @param {HTMLSelectElement} control
 * @param {string} value
 */
function show(control, value) {
  control.value = value;
  if (control.selectedIndex >= 0) return;
  control.append(element("option", {value}, value));
  control.value = value;
}

/**
 * @param {Entry} setting
 * @param {Option[]} options
 * @param {string} title
 * @param {(value: string) => void} changed
 */
function createSelect({label}, options, title, changed) {
  const choices = options.map(([value, name, doc]) => element("option", {value, title: doc}, name));
  const control = element("select", {title, onchange: () => changed(control.value)}, ...choices);
  return {label, control, row: element("div", {class: "field"}, element("span", {}, label), control)};
}
