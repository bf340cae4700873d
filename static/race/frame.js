// @ts-nocheck
import {textOf, unpack} from "../runtime/container.js";

const SECTIONS = {1: "scalars", 2: "places", 3: "values", 4: "heads", 5: "card", 6: "fates", 7: "text"};
const SCALARS = ["cursor", "length", "status", "speed", "first", "winner", "sought"];
const STATUS = ["paused", "playing"];
const HEAD = {
  gradient: 2, velocity: 2, home: 2, rates: 2, model: 3, ending: 1, ended: 1, reached: 1, value: 1, distance: 1, rate: 1,
};
const WIDTH = Object.values(HEAD).reduce((sum, count) => sum + count);

/** Unpack one frame of a race. What is new of the way goes into the track at once: it comes only this time. */
export function decodeRace(data, track, generation) {
  const {sections, ...frame} = unpack(data, SECTIONS);
  frame.scalars = Object.fromEntries(SCALARS.map((name, k) => [name, sections.scalars[k]]));
  frame.scalars.status = STATUS[frame.scalars.status] ?? "paused";
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
