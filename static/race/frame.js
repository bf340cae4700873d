import {named, textOf, unpack} from "../runtime/container.js";
import {STATUS} from "../runtime/wire.js";
import {HEAD, SCALARS, SECTIONS} from "./wire.js";

/** @import {Bytes} from "../runtime/types.js" */
/** @import {Head, RaceFrame} from "./types.js" */
/** @import {Track} from "./track.js" */
/** @import {Sections} from "./wire.js" */

const WIDTH = Object.values(HEAD).reduce((sum, count) => sum + count, 0);

/**
 * Unpack one frame of a race. What is new of the way goes into the track at once: it comes only this time.
 *
 * @param {Bytes} data
 * @param {Track} track
 * @param {number | undefined} generation the race that the track belongs to
 * @returns {RaceFrame}
 */
export function decodeRace(data, track, generation) {
  const {sections: given, ...frame} = unpack(data, SECTIONS);
  const sections = /** @type {Sections} */ (given); // a frame of a race always has all of them
  const numbers = named(SCALARS, sections.scalars);
  const scalars = {...numbers, status: STATUS[numbers.status]};
  if (frame.generation === generation && track.n) track.splice(scalars.first, sections.positions, sections.values);
  return {
    ...frame,
    scalars,
    heads: Array.from({length: sections.heads.length / WIDTH}, (_, racer) =>
      headOf(sections.heads.subarray(racer * WIDTH, (racer + 1) * WIDTH), scalars.cursor)),
    card: JSON.parse(textOf(sections.card)),
    fates: JSON.parse(textOf(sections.fates)),
    text: textOf(sections.text),
  };
}

/**
 * What is known of one racer: numbers, and vectors that are null where its rule has none.
 *
 * @param {Float64Array} row
 * @param {number} step
 */
function headOf(row, step) {
  /** @type {{[name: string]: number | number[] | null}} */
  const head = {step};
  let at = 0;
  for (const [name, count] of Object.entries(HEAD)) {
    const values = Array.from(row.subarray(at, at + count));
    head[name] = count === 1 ? values[0] : values.every(Number.isFinite) ? values : null;
    at += count;
  }
  return /** @type {Head} */ (head);
}
