/** @import {NumberField, TunableEntry} from "./types.js" */
/** @typedef {Pick<TunableEntry, "name" | "hyperparameters">} Tuned */
import {createDraft} from "./draft.js";
import {element} from "./dom.js";

/** @typedef {(name: string, value: number) => void} Changed */

/**
 * Number fields for the hyperparameters of one entry, in a box that follows the entry.
 *
 * @param {Changed} changed
 */
export function createHyperparameters(changed) {
  const box = element("div", {class: "hyperparameters"});
  /** @type {string | null} */
  let shown = null;
  /** @type {ReturnType<typeof createField>[]} */
  let fields = [];

  /** @param {Tuned} entry */
  function renew(entry) {
    shown = entry.name;
    fields = entry.hyperparameters.map((hyperparameter) => createField(hyperparameter, changed));
    box.replaceChildren(...fields.map((field) => field.element));
  }

  return {
    element: box,
    /**
     * Show the hyperparameters of a catalog entry with these values.
     *
     * @param {Tuned} entry
     * @param {{[name: string]: number}} values
     * @param {string} owner Whose they are, for their names to a screen reader.
     */
    fill(entry, values, owner) {
      if (entry.name !== shown) renew(entry);
      entry.hyperparameters.forEach((hyperparameter, k) => fields[k].fill(hyperparameter, values, owner));
    },
  };
}

/**
 * A field that says the number in force, but for while another one is typed into it.
 *
 * @param {NumberField} hyperparameter
 * @param {Changed} changed
 */
function createField({name, label, doc, low, high, integer}, changed) {
  const draft = createDraft((text) => { input.value = text; }, (value) => changed(name, value));
  const input = element("input", {
    type: "number", min: low, max: high, step: integer ? 1 : "any", title: `${doc} From ${low} to ${high}.`,
    oninput: draft.type, onchange: () => draft.take(input.valueAsNumber), onblur: draft.restore,
    onkeydown: ({key}) => key === "Escape" && draft.restore(),
  });
  return {
    element: element("label", {class: "field"}, element("span", {}, label), input),
    /**
     * @param {NumberField} hyperparameter
     * @param {{[name: string]: number}} values
     * @param {string} owner
     */
    fill({default: usual}, values, owner) {
      input.setAttribute("aria-label", `${owner} ${label.toLowerCase()}`);
      draft.show(values[name] ?? usual);
    },
  };
}
