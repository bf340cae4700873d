import {element} from "./dom.js";
import {createSwitch} from "./switches.js";

/** The switches and the colour scale below the large map. */
export function createDisplay(store) {
  const test = createSwitch(store, "show_test", "Test points", "Show the test points, with a dark rim.");
  const discretize = createSwitch(store, "discretize", "Discretise", "Show only the sign, or the class, of every value.");
  const scale = element("div", {class: "scale"});

  /** One swatch per class, or the range from -1 to 1. */
  function updateScale({task, classes, palette}) {
    const swatches = palette.slice(0, classes).map((color, k) =>
      element("span", {class: "swatch", style: `--swatch: ${color}`}, `${k + 1}`));
    const range = [element("span", {}, "\u22121"), element("i", {class: "ramp"}), element("span", {}, "1")];
    scale.title = task === "multiclass" ? "The colours of the classes." : "The colours of values from \u22121 to 1.";
    scale.replaceChildren(...(task === "multiclass" ? swatches : range));
  }

  return {
    element: element("div", {class: "display"}, test.element, discretize.element, scale),
    update() {
      test.update();
      discretize.update();
      updateScale(store.scene);
    },
  };
}
