// @ts-nocheck
import {exactValue} from "./focus.js";
import {signed} from "../runtime/format.js";
import {describeHistogram, statsOf} from "./histograms.js";
import {kindsOf} from "./inside.js";
import {layerName, ownerName, unitTitle} from "./names.js";
import {describeProfile} from "./strip.js";

const CURSORS = {unit: "pointer", link: "pointer", bias: "pointer", histogram: "pointer", profile: "pointer"};

/** What the mouse or a finger does on the network's canvas. */
export function createPointer(store, network, focus, tips, editor, inspector, signal) {
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
    if (target?.kind === "histogram" || target?.kind === "profile") inspector.select(target.layer);
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
  histogram(store, {layer, i}) {
    const {scene, frame} = store;
    const kind = kindsOf(store)[i];
    const {low, high} = statsOf(frame.stats, layer, i);
    const words = low === high ? `Inputs have no ${kind.label}.` : describeHistogram(frame.stats, layer, i, kind);
    return [`${layerName(scene, layer)}: ${kind.label}`, words];
  },
  profile({scene, frame}, {layer}) {
    return [layerName(scene, layer), describeProfile(frame.profile, layer)];
  },
};
