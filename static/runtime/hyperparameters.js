// @ts-nocheck
import {element} from "./dom.js";

/** Number fields for the hyperparameters of one activation, in a box that follows the activation. */
export function createHyperparameters(changed) {
  const box = element("div", {class: "hyperparameters"});
  let shown = null;
  let fields = new Map();

  function renew(entry) {
    shown = entry.name;
    fields = new Map(entry.hyperparameters.map((one) => [one.name, createField(one, changed)]));
    box.replaceChildren(...entry.hyperparameters.map(({label, name}) =>
      element("label", {class: "field"}, element("span", {}, label), fields.get(name).input)));
  }

  return {
    element: box,
    /** Show the hyperparameters of a catalog entry with these values. */
    fill(entry, values, layer) {
      if (entry.name !== shown) renew(entry);
      for (const {name, label, default: usual} of entry.hyperparameters) {
        const {input, show} = fields.get(name);
        input.setAttribute("aria-label", `${layer} ${label.toLowerCase()}`);
        show(values[name] ?? usual);
      }
    },
  };
}

/** A field that says the number in force, but for while another one is typed into it. */
function createField({name, doc, low, high, integer}, changed) {
  let known = "";
  let typing = false;

  function show(value) {
    known = value;
    if (!typing) input.value = known;
  }

  function restore() {
    typing = false;
    input.value = known;
  }

  function take() {
    const value = input.valueAsNumber;
    // What is no number is not worth a question to Python.
    if (Number.isFinite(value)) {
      known = value;
      changed(name, value);
    }
    restore();
  }

  const input = element("input", {
    type: "number", min: low, max: high, step: integer ? 1 : "any", title: `${doc} From ${low} to ${high}.`,
    oninput: () => { typing = true; }, onchange: take, onblur: restore,
    onkeydown: ({key}) => key === "Escape" && restore(),
  });
  return {input, show};
}
