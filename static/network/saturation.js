// @ts-nocheck
import {element, setAttribute, setText} from "../runtime/dom.js";
import {grouped} from "../runtime/format.js";
import {layerName} from "./names.js";
import {createPopover} from "../runtime/popover.js";

const FEW_DEAD = 0.25; // more of a layer's units without any gradient are trouble
const WIDE = 104; // pixels from which a chip has room for words

/** A share as a whole percentage that is 0 or 100 only when it really is. */
const percentOf = (share) => (share > 0 && share < 0.01 ? "<1%" : share < 1 && share > 0.99 ? ">99%" : `${Math.round(100 * share)}%`);

/** How a layer fares: which shares of it are saturated and dead, and whether these are trouble. */
export function saturationOf({saturation}, {thresholds, layers}, layer) {
  const [saturated, dead] = saturation.subarray(2 * layer, 2 * layer + 2);
  return {
    saturated, dead,
    deadUnits: Math.round(dead * layers[layer].units),
    saturatedTrouble: saturated > thresholds[layer],
    deadTrouble: dead > FEW_DEAD,
  };
}

/** One chip over each layer's histograms: the share of saturated values and the number of dead units; a card explains. */
export function createSaturation(store, signal) {
  const box = element("div", {class: "saturations"});
  const title = element("b");
  const words = element("div", {class: "explained"});
  const inspect = element("button", {type: "button", class: "plain", onclick: seeInDetail}, "See this layer in detail");
  const close = element("button", {type: "button", class: "plain", onclick: () => popover.close({refocus: true})}, "Close");
  const card = element("div", {class: "popover", role: "dialog"}, title, words, inspect, close);
  const popover = createPopover(store.root, card, signal);
  const chips = [];
  let shown = 0;

  function chip(layer) {
    const node = element("button", {
      class: "saturation", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false",
      onclick: () => open(layer, node),
    });
    return node;
  }

  function open(layer, opener) {
    shown = layer;
    explain();
    inspect.hidden = store.settings.layer_detail === layer;
    const {left, bottom} = opener.getBoundingClientRect();
    popover.open({clientX: left - 14, clientY: bottom - 8}, {opener, first: close});
  }

  function seeInDetail() {
    popover.close();
    store.set({layer_detail: shown});
    store.refresh();
  }

  function explain() {
    const {frame, scene} = store;
    const state = saturationOf(frame, scene, shown);
    setText(title, layerName(scene, shown));
    card.setAttribute("aria-label", `How layer ${shown} fares`);
    words.replaceChildren(...sentences(state, scene, shown).map((text) => element("p", {}, text)));
  }

  return {
    element: box,
    open,
    place({columns, columnWidth, divider, strip, legend}) {
      const {layers} = store.scene;
      const count = strip ? 0 : layers.length - 2;
      while (chips.length < count) {
        chips.push(chip(chips.length + 1));
        box.append(chips.at(-1));
      }
      while (chips.length > count) chips.pop().remove();
      if (popover.isOpen && shown > layers.length - 2) popover.close();
      chips.forEach((node, k) => {
        node.style.left = `${columns[k + 1].x}px`;
        node.style.top = `${divider + legend}px`;
        node.style.maxWidth = `${columnWidth - 2}px`;
        node.wide = columnWidth >= WIDE;
      });
    },
    read(frame) {
      if (!frame.saturation) return;
      chips.forEach((node, k) => {
        const {saturated, dead, deadUnits, saturatedTrouble, deadTrouble} = saturationOf(frame, store.scene, k + 1);
        const parts = [];
        if (!Number.isNaN(saturated)) parts.push(node.wide ? `${percentOf(saturated)} saturated` : percentOf(saturated));
        if (!Number.isNaN(dead) && (deadUnits || !node.wide || !parts.length)) parts.push(node.wide ? `${deadUnits} dead` : `${deadUnits}`);
        setText(node, parts.join(" \u00b7 "));
        setAttribute(node, "data-trouble", saturatedTrouble || deadTrouble);
        setAttribute(node, "aria-label", `How layer ${k + 1} fares: ${percentOf(saturated || 0)} saturated, ${deadUnits} units dead`);
      });
      if (popover.isOpen) explain();
    },
  };
}

function sentences(state, {layers, thresholds, train, seen}, layer) {
  const {activation_label: activation, units} = layers[layer];
  const from = thresholds[layer];
  const points = seen < train ? `${grouped(seen)} of the ${grouped(train)} training points` : "training points";
  const saturated = Number.isNaN(state.saturated)
    ? `${activation} has no flat parts of its own.`
    : `${percentOf(state.saturated)} saturated: at so many of its sums, over units and ${points}, the slope of `
      + `${activation} is below 1% of its largest, so almost no gradient passes. `
      + `Standard normal sums would give ${percentOf(2 * from - 1)}; red from ${percentOf(from)}.`;
  const dead = `${state.deadUnits} of ${units} units dead: their gradient is exactly zero for all ${grouped(train)} training points, `
    + "so the data do not change their weights. Red above 25%.";
  const advice = [];
  if (state.saturatedTrouble) advice.push("Try smaller first weights, batch norm, or another activation.");
  if (state.deadTrouble) advice.push("Try a lower learning rate, leaky ReLU, or first weights that are not all alike.");
  return [saturated, dead, ...advice];
}
