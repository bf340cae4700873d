// @ts-nocheck
import {named, textOf, unpack} from "../runtime/container.js";
import {STATUS} from "../runtime/wire.js";
import {HEAD, SCALARS, SECTIONS} from "./wire.js";

const WIDTH = Object.values(HEAD).reduce((sum, count) => sum + count);

/** Unpack one frame of a race. What is new of the way goes into the track at once: it comes only this time. */
export function decodeRace(data, track, generation) {
  const {sections, ...frame} = unpack(data, SECTIONS);
  const scalars = named(SCALARS, sections.scalars);
  frame.scalars = {...scalars, status: STATUS[scalars.status]};
  if (frame.generation === generation && track.n) track.splice(frame.scalars.first, sections.places, sections.values);
  frame.heads = Array.from({length: sections.heads.length / WIDTH}, (_, racer) =>
    headOf(sections.heads.subarray(racer * WIDTH, (racer + 1) * WIDTH), frame.scalars.cursor));
  frame.card = JSON.parse(textOf(sections.card));
  frame.fates = JSON.parse(textOf(sections.fates));
  frame.text = textOf(sections.text);
  return frame;
}

/** What is known of one racer: numbers, and vectors that are null where its rule has none. */
function headOf(row, step) {
  const head = {step};
  let at = 0;
  for (const [name, count] of Object.entries(HEAD)) {
    const values = Array.from(row.subarray(at, at + count));
    head[name] = count === 1 ? values[0] : values.every(Number.isFinite) ? values : null;
    at += count;
  }
  return head;
}
