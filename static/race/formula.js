import {exact, pair} from "./numbers.js";
import {element, setAttribute, setText} from "../runtime/dom.js";

/** @import {Pair, RaceStore, SurfaceEntry} from "./types.js" */

/**
 * The surface as a formula; of one's own it can be typed. Where the minima are, and where the race begins.
 *
 * @param {RaceStore} store
 */
export function createFormula(store) {
  const text = element("span", {class: "formula"});
  const facts = element("span", {class: "soft"});
  const input = element("input", {
    type: "text", spellcheck: "false", autocomplete: "off", "aria-label": "Your formula in x and y",
    title: "sin, cos, exp, log, sqrt, abs, powers with ^; Enter takes it.",
    onchange: () => store.settings.set({formula: input.value}),
  });
  const own = element("label", {class: "own"}, element("span", {}, "f(x, y) ="), input);
  /** @type {string | null} */
  let known = null;

  return {
    element: element("div", {class: "about"}, own, text, facts),
    update() {
      const {shown: {scene}, settings: {now: settings}} = store;
      own.hidden = !scene.own;
      text.hidden = scene.own && !scene.given;
      const typed = scene.given ? "" : settings.formula;
      if (typed !== known) input.value = known = typed;
      if (!scene.surface) {
        setText(text, scene.ground);
        setText(facts, "The same first weights and the same batches for every racer: training loss against steps.");
        return;
      }
      const {surface} = scene;
      setText(text, formulaText(surface));
      setAttribute(text, "title", `${surface.doc} ${surface.source}`);
      setText(facts, factsText(surface, settings.start));
    },
  };
}

/** @param {Pick<SurfaceEntry, "text" | "written" | "label" | "doc">} surface */
export const formulaText = ({text, written, label, doc}) =>
  (written ? `f(x, y) = ${text}` : `${label}. ${doc}`);

/** @param {Pick<SurfaceEntry, "minima" | "lowest">} surface @param {Pair} start */
export function factsText({minima, lowest}, start) {
  const lows = minima.length && lowest !== null
    ? `minimum ${exact(lowest)} at ${minima.slice(0, 4).map((place) => pair(place, exact)).join(", ")} \u2605`
    : "no single lowest point";
  return `${lows} \u00b7 start ${pair(start, exact)}: click the map, or drag the ring`;
}
