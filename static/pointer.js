import {exactValue} from "./focus.js";
import {signed} from "./format.js";
import {describeHistogram} from "./histograms.js";
import {layerName, ownerName, unitTitle} from "./names.js";

const CURSORS = {unit: "pointer", link: "pointer", bias: "pointer", histogram: "help"};

/** What the mouse or a finger does on the network's canvas. */
export function createPointer(store, network, focus, tips, editor, signal) {
  const {canvas} = network;
  let target = null;

  const describe = () => DESCRIPTIONS[target.kind](store, target);

  function look(event) {
    if (!store.frame || editor.isOpen) return;
    target = network.hit(event.offsetX, event.offsetY);
    focus.hover(target);
    canvas.style.cursor = CURSORS[target?.kind] ?? "default";
    if (target) tips.show(event, describe());
    else tips.hide();
  }

  function leave() {
    target = null;
    focus.hover(null);
    tips.hide();
  }

  canvas.addEventListener("pointermove", look);
  canvas.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && leave());
  document.addEventListener("pointerdown", (event) => event.composedPath()[0] !== canvas && leave(), {signal});
  canvas.addEventListener("click", (event) => {
    look(event);
    if (target?.kind === "unit") focus.pin(target);
    if (target?.kind !== "link" && target?.kind !== "bias") return;
    tips.hide();
    editor.open(target, event);
  });

  return {
    /** A new network may have something else under the cursor. */
    renew: leave,
    read() { if (target && !editor.isOpen) tips.write(describe()); },
  };
}

const exactText = (frame, target) => {
  const value = exactValue(frame, target);
  return value === null ? "\u2026" : signed(value);
};

const DESCRIPTIONS = {
  unit({scene, frame}, target) {
    return [unitTitle(scene, target), `bias ${exactText(frame, target)}; click to keep its map`];
  },
  link({scene, frame, catalog}, target) {
    return [`Weight ${exactText(frame, target)}`, ownerName(scene, catalog, target)];
  },
  bias({scene, frame, catalog}, target) {
    return [`Bias ${exactText(frame, target)}`, ownerName(scene, catalog, target)];
  },
  histogram({scene, frame}, {layer, i}) {
    return [`${layerName(scene, layer)}: ${i ? "gradients" : "activations"}`, describeHistogram(frame.stats, layer, i)];
  },
};
