// @ts-nocheck
import {bytesOf, textOf, unpack} from "../runtime/container.js";

const SECTIONS = {
  1: "scalars", 2: "boundary", 3: "maps", 4: "weights", 5: "biases",
  6: "histograms", 7: "stats", 8: "focus", 9: "text", 10: "curve", 11: "curveHeights", 12: "silenced", 13: "saturation",
  14: "profile", 15: "firstHistograms", 16: "firstStats", 17: "mesh", 18: "places", 19: "line", 20: "heights",
  21: "landscapeView", 22: "path",
};
const ALWAYS = ["scalars", "histograms", "stats", "saturation", "firstHistograms", "firstStats"];
const UNITS = ["maps", "silenced", "weights", "biases"];
const PICTURES = {output: ["boundary"], hidden: ["mesh", "places", "line"], landscape: ["heights", "landscapeView", "path"]};
const SCALARS = [
  "step", "epoch", "status", "trainLoss", "testLoss", "regularization",
  "trainAccuracy", "testAccuracy", "speed", "learningRate", "scale",
];
const STATUS = ["paused", "playing", "diverged"];
const FOCUS_KINDS = ["none", "unit", "link", "bias"];
const COORDINATE_SCALE = 12 / 32767;
const REGRESSION_SCALE = 1 / 100;

/** Unpack one frame; sections it does not carry are taken from `previous` when both show the same network. */
export function decodeFrame(data, previous) {
  const {generation, seq, sections} = unpack(data, SECTIONS);
  return named({...(previous?.generation === generation ? previous : {}), ...sections, generation, seq});
}

/** Replace the arrays that have a meaning per position by objects that say it. */
function named(frame) {
  if (ArrayBuffer.isView(frame.scalars)) {
    const values = frame.scalars;
    frame.scalars = Object.fromEntries(SCALARS.map((name, k) => [name, values[k]]));
    frame.scalars.status = STATUS[frame.scalars.status] ?? "paused";
  }
  if (ArrayBuffer.isView(frame.focus)) {
    const [kind, layer, i, j, value] = frame.focus;
    frame.focus = {kind: FOCUS_KINDS[kind] ?? "none", layer, i, j, value};
  }
  if (ArrayBuffer.isView(frame.text)) frame.text = textOf(frame.text);
  return frame;
}

/** Whether a frame, with what it kept from earlier ones, has all that painting a network needs. */
export const isComplete = (frame, {strip}) =>
  ALWAYS.every((name) => frame[name]) && (strip ? Boolean(frame.profile) : UNITS.every((name) => frame[name]));

/** Whether a frame has what one of the large pictures is made of. */
export const hasPicture = (frame, picture) => PICTURES[picture].every((name) => frame[name]);

/** Unpack the data points: coordinates, labels, and where the test points begin. */
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
