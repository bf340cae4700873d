/** @import {Colors} from "../runtime/types.js" */
/** @import {Dataset, Store} from "./types.js" */
import {element, fitCanvas, setAttribute} from "../runtime/dom.js";
import {EXTENT} from "./wire.js";

/** @type {{[key: string]: number}} */
const ARROWS = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1};

/**
 * The choice of data: one thumbnail per data set, a group of radio buttons to the keyboard.
 *
 * @param {Pick<Store, "host" | "settings" | "look">} store
 */
export function createDatasets({host, settings, look}) {
  const tiles = host.catalog.datasets.map((dataset) => thumbnail(dataset, choose));
  const box = element("div", {
    class: "datasets", role: "radiogroup", "aria-label": "Pictures of the data", onkeydown: walk,
  }, ...tiles.map((tile) => tile.element));

  /** @param {string} name */
  function choose(name) {
    if (name !== settings.now.dataset) settings.set({dataset: name});
    update();
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const change = ARROWS[event.key];
    const index = tiles.findIndex((tile) => tile.element === event.target);
    if (!change || index < 0) return;
    event.preventDefault();
    const next = tiles[(index + change + tiles.length) % tiles.length];
    next.element.focus();
    choose(next.name);
  }

  function update() {
    const known = tiles.some((tile) => tile.name === settings.now.dataset);
    tiles.forEach((tile, k) => {
      const chosen = tile.name === settings.now.dataset;
      setAttribute(tile.element, "aria-checked", chosen);
      tile.element.tabIndex = chosen || (!known && k === 0) ? 0 : -1;
      tile.draw(look.colors);
    });
  }

  return {element: box, update};
}

/**
 * @param {Dataset} dataset
 * @param {(name: string) => void} choose
 */
function thumbnail({name, label, doc, task, points}, choose) {
  const canvas = element("canvas");
  const button = element("button", {
    class: "thumbnail", type: "button", role: "radio", "aria-label": label, title: `${label}: ${doc}`,
    onclick: () => choose(name),
  }, canvas);
  return {
    name,
    element: button,
    /** @param {Colors} colors */
    draw(colors) {
      const side = canvas.clientWidth;
      const context = fitCanvas(canvas, side, side);
      const dot = Math.max(1.5, side / 18);
      const place = (/** @type {number} */ value) => (side * (0.92 * value / EXTENT + 1) - dot) / 2;
      for (const [x, y, value] of points) {
        context.fillStyle = colors.point(value, task);
        context.fillRect(place(x), place(-y), dot, dot);
      }
    },
  };
}
