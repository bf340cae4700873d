// @ts-nocheck
import {clamp} from "../runtime/dom.js";

const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

/** The network by keyboard: arrows walk from unit to unit, Enter edits the unit's bias and weights. */
export function listenToArrows(store, canvas, focus, editor, inspector) {
  let layer = 1;
  let i = 0;
  let clicked = false; // after a click the arrow keys still belong to the page

  function look() {
    if (store.geometry.strip) return;
    const {layers} = store.scene;
    layer = clamp(layer, 1, layers.length - 1);
    i = clamp(i, 0, layers[layer].units - 1);
    focus.hover({kind: "unit", layer, i, j: 0});
  }

  function edit() {
    const {left, top} = canvas.getBoundingClientRect();
    const {right, ys} = store.geometry.columns[layer];
    editor.open({kind: "bias", layer, i, j: 0}, {clientX: left + right, clientY: top + ys[i]}, canvas);
  }

  canvas.addEventListener("pointerdown", () => { clicked = true; });
  canvas.addEventListener("focus", () => !clicked && store.scene && look());
  canvas.addEventListener("blur", () => {
    clicked = false;
    focus.hover(null);
  });
  canvas.addEventListener("keydown", (event) => {
    if (clicked || !store.frame || (!STEPS[event.key] && event.key !== "Enter")) return;
    event.preventDefault();
    const [across, down] = STEPS[event.key] ?? [0, 0];
    if (store.geometry.strip) return inspector.select(clamp(store.settings.layer_detail + across, 1, store.scene.layers.length - 1));
    layer += across;
    i += down;
    look();
    if (event.key === "Enter") edit();
  });
}
