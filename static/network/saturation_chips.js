/** @import {SaturationCard} from "./saturation_card.js" */
/** @import {Saturation} from "./saturation.js" */
/** @import {Frame, Geometry, Store} from "./types.js" */
import {element, setAttribute, setText} from "../runtime/dom.js";
import {percentOf, saturationOf} from "./saturation.js";

const WIDE = 104; // pixels from which a chip has room for words

/**
 * One chip over each layer's histograms: the share of saturated values and the number of dead units.
 *
 * @param {Pick<Store, "shown">} store
 * @param {SaturationCard} card
 */
export function createSaturationChips({shown}, card) {
  const box = element("div", {class: "saturations"});
  /** @type {HTMLElement[]} */
  const chips = [];
  let wide = false;

  /** @param {number} layer */
  function createChip(layer) {
    const chip = element("button", {
      class: "saturation", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false",
      onclick: () => card.open(layer, chip),
    });
    return chip;
  }

  /** @param {number} count */
  function reconcile(count) {
    while (chips.length < count) {
      const chip = createChip(chips.length + 1);
      chips.push(chip);
      box.append(chip);
    }
    for (const gone of chips.splice(count)) gone.remove();
  }

  return {
    element: box,
    /** @param {Geometry} geometry */
    place({columns, columnWidth, divider, strip, legend}) {
      reconcile(strip ? 0 : shown.scene.layers.length - 2);
      card.update();
      wide = columnWidth >= WIDE;
      chips.forEach((chip, k) => {
        chip.style.left = `${columns[k + 1].x}px`;
        chip.style.top = `${divider + legend}px`;
        chip.style.maxWidth = `${columnWidth - 2}px`;
      });
    },
    /** @param {Frame} frame */
    read(frame) {
      chips.forEach((chip, k) => {
        const state = saturationOf(frame, shown.scene, k + 1);
        const saturated = percentOf(state.saturated || 0);
        setText(chip, chipText(state, wide));
        setAttribute(chip, "data-trouble", state.isTrouble);
        setAttribute(chip, "aria-label",
          `Saturation of layer ${k + 1}: ${saturated} saturated, ${state.deadUnits} units dead`);
      });
      card.read();
    },
  };
}

/**
 * "12% saturated · 3 dead", or without words where there is no room for them.
 *
 * @param {Saturation} state
 * @param {boolean} wide
 */
export function chipText({saturated, deadUnits}, wide) {
  const parts = [];
  if (!Number.isNaN(saturated)) parts.push(wide ? `${percentOf(saturated)} saturated` : percentOf(saturated));
  if (!Number.isNaN(deadUnits) && (deadUnits || !wide || !parts.length)) {
    parts.push(wide ? `${deadUnits} dead` : `${deadUnits}`);
  }
  return parts.join(" \u00b7 ");
}
