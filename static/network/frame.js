// @ts-nocheck
import {bytesOf, named, textOf, unpack} from "../runtime/container.js";
import {STATUS} from "../runtime/wire.js";
import {FOCUS, FOCUS_KINDS, PLACE_UNIT, SCALARS, SECTIONS, VALUE_UNIT} from "./wire.js";

const ALWAYS = ["scalars", "histograms", "stats", "saturation", "firstHistograms", "firstStats"];
const UNITS = ["maps", "silenced", "weights", "biases"];
const PICTURES = {output: ["boundary"], hidden: ["mesh", "places", "line"], landscape: ["heights", "landscapeView", "path"]};
/** Unpack one frame; sections it does not carry are taken from `previous` when both show the same network. */
export function decodeFrame(data, previous) {
  const {generation, seq, sections} = unpack(data, SECTIONS);
  return spelled({...(previous?.generation === generation ? previous : {}), ...sections, generation, seq});
}

/** Replace the arrays that have a meaning per position by objects that say it. */
function spelled(frame) {
  if (ArrayBuffer.isView(frame.scalars)) {
    const scalars = named(SCALARS, frame.scalars);
    frame.scalars = {...scalars, status: STATUS[scalars.status]};
  }
  if (ArrayBuffer.isView(frame.focus)) {
    const target = named(FOCUS, frame.focus);
    frame.focus = {...target, kind: FOCUS_KINDS[target.kind]};
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
  const scale = scene.task === "regression" ? VALUE_UNIT : 1;
  return Array.from(labels, (label, k) => ({
    x: coordinates[2 * k] * PLACE_UNIT,
    y: coordinates[2 * k + 1] * PLACE_UNIT,
    label: label * scale,
    test: k >= scene.train,
  }));
}
