import {element} from "./dom.js";

/** Number fields for the knobs of one activation, in a box that follows the activation. */
export function createKnobs(changed) {
  const box = element("div", {class: "knobs"});
  let shown = null;
  let inputs = new Map();

  function renew(entry) {
    shown = entry.name;
    inputs = new Map(entry.knobs.map((knob) => [knob.name, field(knob, changed)]));
    const rows = entry.knobs.map(({label, name}) =>
      element("label", {class: "field"}, element("span", {}, label), inputs.get(name)));
    box.replaceChildren(...rows);
  }

  return {
    element: box,
    /** Show the knobs of a catalog entry with these values. */
    fill(entry, values, layer) {
      if (entry.name !== shown) renew(entry);
      for (const knob of entry.knobs) {
        const input = inputs.get(knob.name);
        input.setAttribute("aria-label", `${layer} ${knob.label}`);
        // What is being typed is not overwritten.
        if (!input.matches(":focus")) input.value = values[knob.name] ?? knob.default;
      }
    },
  };
}

function field({name, doc, low, high, integer}, changed) {
  const range = `${doc} From ${low} to ${high}.`;
  const input = element("input", {
    type: "number", min: low, max: high, step: integer ? 1 : "any", title: range,
    onchange: () => Number.isFinite(input.valueAsNumber) && changed(name, input.valueAsNumber),
  });
  return input;
}
