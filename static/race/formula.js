// @ts-nocheck
import {element, setAttribute, setText} from "../runtime/dom.js";

const MINUS = "\u2212";
const UNKNOWN = "f(x, y)"; // what the text of a function is that cannot be written down
const number = (value) => (Math.abs(value) < 1e-12 ? "0" : String(Number(value.toPrecision(5))).replace("-", MINUS));
const place = ([x, y]) => `(${number(x)}, ${number(y)})`;

/** The surface as a formula; of one's own it can be typed. Where the minima are, and where the race begins. */
export function createFormula(store) {
  const text = element("span", {class: "formula"});
  const facts = element("span", {class: "soft"});
  const input = element("input", {
    type: "text", spellcheck: "false", autocomplete: "off", "aria-label": "Your formula in x and y",
    title: "sin, cos, exp, log, sqrt, abs, powers with ^; Enter takes it.",
    onchange: () => store.set({formula: input.value}),
  });
  const own = element("label", {class: "own"}, element("span", {}, "f(x, y) ="), input);
  let known = null;

  return {
    element: element("div", {class: "about"}, own, text, facts),
    update() {
      const {scene, settings} = store;
      const {surface, mode} = scene;
      const isOwn = settings.surface === "own";
      own.hidden = !isOwn;
      text.hidden = isOwn && !scene.given;
      const typed = scene.given ? "" : settings.formula;
      if (typed !== known) input.value = known = typed;
      if (mode !== "surface") {
        setText(text, "Your network");
        setText(facts, "The same first weights and the same batches for every racer: training loss against steps.");
        return;
      }
      setText(text, surface.text === UNKNOWN ? `${surface.label}. ${surface.doc}` : `f(x, y) = ${surface.text}`);
      setAttribute(text, "title", `${surface.doc} ${surface.source}`);
      const {minima, lowest} = surface;
      const lows = minima.length
        ? `minimum ${number(lowest)} at ${minima.slice(0, 4).map(place).join(", ")} \u2605` : "no single lowest point";
      setText(facts, `${lows} \u00b7 start ${place(settings.start)}: click the map, or drag the ring`);
    },
  };
}
