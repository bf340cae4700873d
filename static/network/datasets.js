// @ts-nocheck
import {element, fitCanvas, setAttribute} from "../runtime/dom.js";

const EXTENT = 6;
const ARROWS = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1};

/** The choice of data: one thumbnail per data set, a group of radio buttons to the keyboard. */
export function createDatasets(store) {
  const tiles = store.catalog.datasets.map((dataset) => thumbnail(dataset, choose));
  const box = element("div", {
    class: "datasets", role: "radiogroup", "aria-label": "Pictures of the data", onkeydown: walk,
  }, ...tiles.map((tile) => tile.element));

  function choose(name) {
    if (name !== store.settings.dataset) store.set({dataset: name});
    update();
  }

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
    const known = tiles.some((tile) => tile.name === store.settings.dataset);
    tiles.forEach((tile, k) => {
      const chosen = tile.name === store.settings.dataset;
      setAttribute(tile.element, "aria-checked", chosen);
      tile.element.tabIndex = chosen || (!known && k === 0) ? 0 : -1;
      tile.draw(store.colors);
    });
  }

  return {element: box, update};
}

function thumbnail({name, label, doc, task, points}, choose) {
  const canvas = element("canvas");
  const button = element("button", {
    class: "thumbnail", type: "button", role: "radio", "aria-label": label, title: `${label}: ${doc}`,
    onclick: () => choose(name),
  }, canvas);
  return {
    name,
    element: button,
    draw(colors) {
      const side = canvas.clientWidth;
      const context = fitCanvas(canvas, side, side);
      const dot = Math.max(1.5, side / 18);
      const place = (value) => (side * (0.92 * value / EXTENT + 1) - dot) / 2;
      for (const [x, y, value] of points) {
        context.fillStyle = colors.point(value, task);
        context.fillRect(place(x), place(-y), dot, dot);
      }
    },
  };
}
