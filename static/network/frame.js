/** @import {Bytes, Unpacked} from "../runtime/types.js" */
/** @import {DataPoint, Exact, Frame, FrameSections, Scalars, Scene, StripFrame, UnitFrame} from "./types.js" */
/** @import {Sections} from "./wire.js" */
import {named, textOf, unpack} from "../runtime/container.js";
import {STATUS} from "../runtime/wire.js";
import {ALWAYS, FOCUS, FOCUS_KINDS, OF_STRIP, OF_UNITS, COORDINATE_UNIT, SCALARS, SECTIONS} from "./wire.js";

/**
 * Unpack one frame; sections it does not carry are taken from `previous` when both show the same network.
 *
 * @param {Bytes} data
 * @param {Frame | null} previous
 */
export function decodeFrame(data, previous) {
  /** @type {Unpacked<Sections>} */
  const {generation, seq, sections: {scalars, focus, text, ...arrays}} = unpack(data, SECTIONS);
  return /** @type {Frame} */ ({
    ...(previous?.generation === generation ? previous : {}), ...arrays, generation, seq,
    ...(scalars && {scalars: scalarsOf(scalars)}),
    ...(focus && {focus: exactOf(focus)}),
    ...(text && {text: textOf(text)}),
  });
}

/**
 * @param {Float64Array} values
 * @returns {Scalars}
 */
function scalarsOf(values) {
  const scalars = named(SCALARS, values);
  return {...scalars, status: STATUS[scalars.status]};
}

/**
 * @param {Float64Array} values
 * @returns {Exact}
 */
function exactOf(values) {
  const focus = named(FOCUS, values);
  return {...focus, kind: FOCUS_KINDS[focus.kind]};
}

/**
 * Whether a frame, with what it kept from earlier ones, has all of some sections.
 *
 * @param {Frame} frame
 * @param {readonly (keyof FrameSections)[]} names
 */
export const hasAll = (frame, names) => names.every((name) => frame[name]);

/** @type {(frame: Frame) => frame is UnitFrame} */
export const hasUnits = (frame) => hasAll(frame, OF_UNITS);

/** @type {(frame: Frame) => frame is StripFrame} */
export const hasProfile = (frame) => hasAll(frame, OF_STRIP);

/**
 * Whether a frame has all that painting a network needs.
 *
 * @param {Frame} frame
 * @param {Pick<Scene, "strip">} scene
 */
export const isComplete = (frame, {strip}) =>
  hasAll(frame, ALWAYS) && (strip ? hasProfile(frame) : hasUnits(frame));

/**
 * Unpack the data points of a scene, the test points last.
 *
 * @param {Bytes} data
 * @param {Pick<Scene, "train" | "label_unit">} scene
 * @returns {DataPoint[]}
 */
export function decodePoints(data, {train, label_unit: unit}) {
  /** @type {Unpacked<Sections>} */
  const {sections} = unpack(data, SECTIONS);
  const {points, labels} = /** @type {Sections} */ (sections);
  return Array.from(labels, (label, k) => ({
    x: points[2 * k] * COORDINATE_UNIT,
    y: points[2 * k + 1] * COORDINATE_UNIT,
    label: label * unit,
    test: k >= train,
  }));
}
