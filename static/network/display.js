// @ts-nocheck
import {element, setText} from "../runtime/dom.js";
import {signed} from "../runtime/format.js";
import {createSwitch} from "../runtime/switches.js";

/** The switches and the colour scale below the large map. */
export function createDisplay(store) {
  const test = createSwitch(store, "show_test", "Test points", "Show the test points, with a dark rim.");
  const discretize = createSwitch(store, "discretize", "Discretise", "Show only the sign, or the class, of every value.");
  const scale = element("div", {class: "scale"});
  const view = element("select", {
    "aria-label": "View", title: "How the network is used for these pictures and those of the units.",
    onchange: () => store.set({view: view.value}),
  }, ...store.catalog.views.map(({name, label, doc}) => element("option", {value: name, title: doc}, label)));

  const low = element("span");
  const high = element("span");

  /** One swatch per class, or the range of the values from orange to blue. */
  function renewScale({task, classes, palette}) {
    const swatches = palette.slice(0, classes).map((color, k) =>
      element("span", {class: "swatch", style: `--swatch: ${color}`}, `${k + 1}`));
    scale.title = task === "multiclass" ? "The colours of the classes." : "The colours of the values.";
    scale.replaceChildren(...(task === "multiclass" ? swatches : [low, element("i", {class: "ramp"}), high]));
  }

  /** A probability has its own ends; other values are stretched to the largest one. */
  function nameEnds({scalars, focus}) {
    const spread = store.catalog.views.find(({name}) => name === store.settings.view)?.spread && focus?.kind !== "unit";
    const probability = store.scene.task === "binary" && focus?.kind !== "unit" && !spread;
    row.classList.toggle("spreads", Boolean(spread));
    if (spread) {
      setText(low, "0");
      setText(high, signed(scalars.scale, 2));
      return;
    }
    setText(low, probability ? "0" : ends(-scalars.scale));
    setText(high, probability ? "1" : ends(scalars.scale));
  }

  const row = element("div", {class: "display"}, test.element, discretize.element, scale);
  const choice = element("label", {class: "view"}, element("span", {class: "caption"}, "View"), view);
  return {
    view: choice,
    element: row,
    update() {
      const {picture} = store.settings;
      choice.hidden = discretize.element.hidden = scale.hidden = picture !== "output";
      test.element.hidden = picture === "landscape";
      view.value = store.settings.view;
      test.update();
      discretize.update();
      renewScale(store.scene);
    },
    paint: nameEnds,
  };
}

const ends = (value) => signed(value, Math.abs(value) < 10 ? 1 : 0);
