/** @import {Editor} from "./editor.js" */
/** @import {Focus} from "./focus.js" */
/** @import {Inspector} from "./inspector.js" */
/** @import {Network} from "./network.js" */
/** @import {Store} from "./types.js" */
import {clamp} from "../runtime/dom.js";

/** @type {{[key: string]: [across: number, down: number]}} */
const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

/**
 * The network by keyboard: arrows walk from unit to unit, Enter edits the unit's bias and weights.
 *
 * @param {Pick<Store, "settings" | "shown">} store
 * @param {Network} network
 * @param {Focus} focus
 * @param {Pick<Editor, "open">} editor
 * @param {Pick<Inspector, "select">} inspector
 */
export function listenToArrows({settings, shown}, network, focus, editor, inspector) {
  const {canvas} = network;
  let layer = 1;
  let i = 0;
  let clicked = false; // after a click the arrow keys still belong to the page

  function look() {
    if (network.geometry.strip) return;
    const {layers} = shown.scene;
    layer = clamp(layer, 1, layers.length - 1);
    i = clamp(i, 0, layers[layer].units - 1);
    focus.hover({kind: "unit", layer, i, j: 0});
  }

  function edit() {
    if (network.geometry.strip) return;
    const {left, top} = canvas.getBoundingClientRect();
    const {right, ys} = network.geometry.columns[layer];
    editor.open({kind: "bias", layer, i, j: 0}, {clientX: left + right, clientY: top + ys[i]}, canvas);
  }

  canvas.addEventListener("pointerdown", () => { clicked = true; });
  canvas.addEventListener("focus", () => { if (!clicked && shown.generation !== undefined) look(); });
  canvas.addEventListener("blur", () => {
    clicked = false;
    focus.hover(null);
  });
  canvas.addEventListener("keydown", (event) => {
    if (clicked || !shown.frame || (!STEPS[event.key] && event.key !== "Enter")) return;
    event.preventDefault();
    const [across, down] = STEPS[event.key] ?? [0, 0];
    if (network.geometry.strip) {
      inspector.select(clamp(settings.now.layer_detail + across, 1, shown.scene.layers.length - 1));
      return;
    }
    layer += across;
    i += down;
    look();
    if (event.key === "Enter") edit();
  });
}
