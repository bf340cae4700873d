/** @import {Bytes, Status, Unpacked} from "../runtime/types.js" */
/** @import {DataPoint, Exact, Frame, Scalars, Scene, StripFrame, TargetKind, UnitFrame} from "./types.js" */
import {bytesOf, textOf, unpack} from "../runtime/container.js";

const SECTIONS = {
  1: "scalars", 2: "boundary", 3: "maps", 4: "weights", 5: "biases",
  6: "histograms", 7: "stats", 8: "focus", 9: "text", 10: "curve", 11: "curveHeights", 12: "silenced", 13: "saturation",
  14: "profile", 15: "firstHistograms", 16: "firstStats", 17: "mesh", 18: "places", 19: "line", 20: "heights",
  21: "landscapeView", 22: "path",
};
/** @typedef {keyof Frame} SectionName */
/** @type {SectionName[]} */
const ALWAYS = ["scalars", "histograms", "stats", "saturation", "firstHistograms", "firstStats"];
/** @type {SectionName[]} */
const UNITS = ["maps", "silenced", "weights", "biases"];
const SCALARS = [
  "step", "epoch", "status", "trainLoss", "testLoss", "regularization",
  "trainAccuracy", "testAccuracy", "speed", "learningRate", "scale",
];
/** @type {Status[]} */
const STATUS = ["paused", "playing", "diverged"];
/** @type {TargetKind[]} */
const FOCUS_KINDS = ["none", "unit", "link", "bias"];
const COORDINATE_SCALE = 12 / 32767;
const REGRESSION_SCALE = 1 / 100;

/**
 * A frame as it is packed: these three have a meaning per position.
 *
 * @typedef {Omit<Frame, "scalars" | "focus" | "text">
 *   & {scalars: Float64Array, focus: Float64Array, text: Uint8Array}} Packed
 */

/**
 * Unpack one frame; sections it does not carry are taken from `previous` when both show the same network.
 *
 * @param {Bytes} data
 * @param {Frame | null} previous
 */
export function decodeFrame(data, previous) {
  /** @type {Unpacked<Packed>} */
  const {generation, seq, sections: {scalars, focus, text, ...arrays}} = unpack(data, SECTIONS);
  return /** @type {Frame} */ ({
    ...(previous?.generation === generation ? previous : {}), ...arrays, generation, seq,
    ...(scalars && {scalars: scalarsOf(scalars)}),
    ...(focus && {focus: exactOf(focus)}),
    ...(text && {text: textOf(text)}),
  });
}

/** @param {Float64Array} values */
function scalarsOf(values) {
  const scalars = Object.fromEntries(SCALARS.map((name, k) => [name, values[k]]));
  return /** @type {Scalars} */ (/** @type {unknown} */ ({...scalars, status: STATUS[scalars.status] ?? "paused"}));
}

/**
 * @param {Float64Array} values
 * @returns {Exact}
 */
function exactOf([kind, layer, i, j, value]) {
  return {kind: FOCUS_KINDS[kind] ?? "none", layer, i, j, value};
}

/**
 * Whether a frame, with what it kept from earlier ones, has all of some sections.
 *
 * @param {Frame} frame
 * @param {SectionName[]} names
 */
export const hasAll = (frame, names) => names.every((name) => frame[name]);

/** @type {(frame: Frame) => frame is UnitFrame} */
export const hasUnits = (frame) => hasAll(frame, UNITS);

/** @type {(frame: Frame) => frame is StripFrame} */
export const hasProfile = (frame) => Boolean(frame.profile);

/**
 * Whether a frame has all that painting a network needs.
 *
 * @param {Frame} frame
 * @param {Pick<Scene, "strip">} scene
 */
export const isComplete = (frame, {strip}) =>
  hasAll(frame, ALWAYS) && (strip ? hasProfile(frame) : hasUnits(frame));

/**
 * Unpack the data points: coordinates, labels, and where the test points begin.
 *
 * @param {Bytes} data
 * @param {Pick<Scene, "train" | "test" | "task">} scene
 * @returns {DataPoint[]}
 */
export function decodePoints(data, scene) {
  const bytes = bytesOf(data);
  const count = scene.train + scene.test;
  const coordinates = new Int16Array(bytes.buffer, bytes.byteOffset, 2 * count);
  const labels = new Int8Array(bytes.buffer, bytes.byteOffset + 4 * count, count);
  const scale = scene.task === "regression" ? REGRESSION_SCALE : 1;
  return Array.from(labels, (label, k) => ({
    x: coordinates[2 * k] * COORDINATE_SCALE,
    y: coordinates[2 * k + 1] * COORDINATE_SCALE,
    label: label * scale,
    test: k >= scene.train,
  }));
}
