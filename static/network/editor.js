/** @import {Point} from "../runtime/types.js" */
/** @import {Focus} from "./focus.js" */
/** @import {Store, Target} from "./types.js" */
import {element, setText} from "../runtime/dom.js";
import {createPopover} from "../runtime/popover.js";
import {exactValue} from "./focus.js";
import {unitName} from "./names.js";
import {KIND} from "./wire.js";

/** @typedef {Target & {kind: "link" | "bias"}} Editable */
/** @typedef {ReturnType<typeof createEditor>} Editor */

/**
 * The small form that changes the bias of a unit or one of the weights that lead to it.
 *
 * @param {Store} store
 * @param {Focus} focus
 * @param {AbortSignal} signal
 */
export function createEditor(store, focus, signal) {
  const {form, title, choice, caption, input} = createForm(choose);
  const popover = createPopover(store.host.root, form, signal, focus.release);
  /** @type {Editable} */
  let target = {kind: "bias", layer: 0, i: 0, j: 0};
  let untouched = true;

  /** @param {Editable} next */
  function aim(next) {
    target = next;
    untouched = true;
    input.value = "";
    setText(caption, target.kind === KIND.bias ? "Bias" : "Weight");
    focus.hold(target);
    fill();
  }

  function choose() {
    const {layer} = target;
    const unit = unitOf(target);
    const source = Number(choice.value);
    aim(source < 0 ? {kind: "bias", layer, i: unit, j: 0} : {kind: "link", layer, i: source, j: unit});
  }

  /** The exact number may arrive only now; it must not replace what the person has typed. */
  function fill() {
    const value = exactValue(store.shown.frame, target);
    if (value === null || !untouched || input.value === rounded(value)) return;
    input.value = rounded(value);
    input.select();
  }

  input.addEventListener("input", () => { untouched = false; });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!Number.isFinite(input.valueAsNumber)) return;
    if (!untouched) store.tell({...target, type: "edit", value: input.valueAsNumber});
    popover.close({refocus: true});
  });

  return {
    get isOpen() { return popover.isOpen; },
    /**
     * Open for a link or bias next to a point of the window; `opener`, if any, gets the focus back.
     *
     * @type {(next: Editable, point: Point, opener?: HTMLElement) => void}
     */
    open(next, point, opener) {
      const unit = unitOf(next);
      setText(title, unitName(store.shown.scene, store.host.catalog, next.layer, unit));
      choice.replaceChildren(...sourcesOf(store, next.layer));
      choice.value = String(next.kind === KIND.bias ? -1 : next.i);
      popover.open(point, {opener, first: input});
      aim(next);
    },
    renew() { popover.close(); },
    paint() { if (popover.isOpen) fill(); },
  };
}

/** @param {() => void} choose Another of the unit's numbers. */
function createForm(choose) {
  const title = element("b");
  const choice = element("select", {title: "Which of the unit's numbers to change.", onchange: choose});
  const caption = element("span");
  const input = element("input", {type: "number", step: "any", title: "Its value; training goes on from the new one."});
  const form = element("form", {class: "popover editor", novalidate: true},
    title,
    element("label", {}, element("span", {}, "From"), choice),
    element("label", {}, caption, input),
    element("small", {}, "Enter applies, Esc cancels."));
  return {form, title, choice, caption, input};
}

/**
 * What leads to the units of a layer: one entry for the bias, then one per unit of the layer before.
 *
 * @param {Store} store
 * @param {number} layer
 */
function sourcesOf({shown: {scene}, host: {catalog}}, layer) {
  const before = {length: scene.layers[layer - 1].units};
  const names = ["bias", ...Array.from(before, (_, i) => unitName(scene, catalog, layer - 1, i))];
  return names.map((name, k) => element("option", {value: k - 1}, name));
}

/** @type {(target: Target) => number} */
const unitOf = ({kind, i, j}) => (kind === KIND.bias ? i : j);
/** @type {(value: number) => string} */
const rounded = (value) => String(Number(value.toPrecision(6)));
