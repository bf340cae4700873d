/** @import {Tips, TipLines} from "../runtime/types.js" */
/** @import {Editable, Editor} from "./editor.js" */
/** @import {Focus} from "./focus.js" */
/** @import {Inspector} from "./inspector.js" */
/** @import {Network} from "./network.js" */
/** @import {Frame, Store, Target, TargetKind} from "./types.js" */
import {signed} from "../runtime/format.js";
import {exactValue} from "./focus.js";
import {describeHistogram, statsOf} from "./histograms.js";
import {kindsOf} from "./inside.js";
import {layerName, ownerName, unitTitle} from "./names.js";
import {describeProfile} from "./profile.js";

/**
 * What the mouse or a finger does on the network's canvas.
 *
 * @param {Store} store
 * @param {Network} network
 * @param {Focus} focus
 * @param {Tips} tips
 * @param {Editor} editor
 * @param {Inspector} inspector
 * @param {AbortSignal} signal
 */
export function createPointer(store, network, focus, tips, editor, inspector, signal) {
  const {canvas} = network;
  /** @type {Target | null} */
  let target = null;

  /** @param {MouseEvent} event */
  function look(event) {
    const {frame} = store.shown;
    if (!frame || editor.isOpen) return;
    target = network.hit(event.offsetX, event.offsetY);
    focus.hover(target);
    canvas.style.cursor = target ? "pointer" : "default";
    if (target) tips.show(event, describe(store, frame, target));
    else tips.hide();
  }

  function leave() {
    target = null;
    focus.hover(null);
    tips.hide();
  }

  /** @param {MouseEvent} event */
  function click(event) {
    look(event);
    if (!target) return;
    clicks[target.kind]?.(target, event);
  }

  /** @param {Target} chosen */
  const inspect = ({layer}) => inspector.select(layer);

  /** @type {(chosen: Target, event: MouseEvent) => void} */
  function edit(chosen, event) {
    tips.hide();
    editor.open(/** @type {Editable} */ (chosen), event);
  }

  /** @type {{[kind in TargetKind]?: (chosen: Target, event: MouseEvent) => void}} */
  const clicks = {unit: focus.pin, histogram: inspect, profile: inspect, link: edit, bias: edit};

  canvas.addEventListener("pointermove", look);
  canvas.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && leave());
  document.addEventListener("pointerdown", (event) => event.composedPath()[0] !== canvas && leave(), {signal});
  canvas.addEventListener("click", click);

  return {
    /** A new network may have something else under the cursor. */
    renew: leave,
    /** @param {Frame} frame */
    read(frame) { if (target && !editor.isOpen) tips.write(describe(store, frame, target)); },
  };
}

/**
 * @param {Frame} frame
 * @param {Target} target
 */
function exactText(frame, target) {
  const value = exactValue(frame, target);
  return value === null ? "\u2026" : signed(value);
}

/**
 * What the card beside the cursor says of a part of the network.
 *
 * @param {Store} store
 * @param {Frame} frame
 * @param {Target} target
 * @returns {TipLines}
 */
const describe = (store, frame, target) => DESCRIPTIONS[target.kind](store, frame, target);

/** @type {{[kind in TargetKind]: typeof describe}} */
const DESCRIPTIONS = {
  none: () => ["", ""],
  unit({shown: {scene}}, frame, target) {
    return [unitTitle(scene, target), `bias ${exactText(frame, target)}; click to keep its map`];
  },
  link({shown: {scene}, host: {catalog}}, frame, target) {
    return [`Weight ${exactText(frame, target)}`, ownerName(scene, catalog, target)];
  },
  bias({shown: {scene}, host: {catalog}}, frame, target) {
    return [`Bias ${exactText(frame, target)}`, ownerName(scene, catalog, target)];
  },
  histogram(store, frame, {layer, i}) {
    const kind = kindsOf(store)[i];
    const {low, high} = statsOf(frame.stats, layer, i);
    const words = low === high ? `Inputs have no ${kind.label}.` : describeHistogram(frame.stats, layer, i, kind);
    return [`${layerName(store.shown.scene, layer)}: ${kind.label}`, words];
  },
  profile({shown: {scene}}, frame, {layer}) {
    return [layerName(scene, layer), frame.profile ? describeProfile(frame.profile, layer) : ""];
  },
};
