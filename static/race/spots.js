/** @import {Offset, Pair, Point, RaceFrame, RaceScene} from "./types.js" */
/** @import {Plane} from "./plane.js" */
/** @import {Track} from "./track.js" */

/** @typedef {Point & {ended: boolean}} Spot where a racer is on the map in px, and whether it has ended there */
/** @typedef {(racer: number) => Spot} Spots */

const BORDER = 8; // px from the rim at which a head stays that has left the map
const NEAR = 11; // px at which the pointer is on a head or a star

/**
 * Where the racers are at the cursor, on the way from the step before; those that have ended stay inside the map.
 *
 * @param {RaceFrame | null} frame
 * @param {{cursor: number, glide: number}} view
 * @param {Track} track
 * @param {Plane} plane
 * @returns {Spots}
 */
export function spotsOf(frame, view, track, plane) {
  /** @param {number} value @param {number} size */
  const inside = (value, size) => Math.min(size - BORDER, Math.max(BORDER, value));
  return (racer) => {
    const head = frame?.heads[racer];
    const end = head?.ending && view.cursor >= head.ended ? head.ended : null;
    const ended = end !== null;
    const step = lastKnown(track, racer, ended ? Math.min(view.cursor, end, track.length - 1) : view.cursor);
    const before = Math.max(0, step - 1);
    /** @param {number} from @param {number} to */
    const between = (from, to) => from + (to - from) * (ended ? 1 : view.glide);
    const x = plane.across(between(track.x(before, racer), track.x(step, racer)));
    const y = plane.down(between(track.y(before, racer), track.y(step, racer)));
    return {x: ended ? inside(x, plane.width) : x, y: ended ? inside(y, plane.height) : y, ended};
  };
}

/** @param {Track} track @param {number} racer @param {number} step */
function lastKnown(track, racer, step) {
  while (step > 0 && !Number.isFinite(track.x(step, racer) + track.y(step, racer))) step--;
  return step;
}

/**
 * The racers that are shown, from the lowest to the one on top, which is the selected one.
 *
 * @param {RaceScene} scene
 * @param {number} selected
 */
export function shownRacers({racers}, selected) {
  const shown = racers.map((_, racer) => racer).filter((racer) => racers[racer].shown);
  return shown.sort((a, b) => Number(a === selected) - Number(b === selected));
}

/** @param {Point} place @param {Offset} pointer */
const isNear = ({x, y}, {offsetX, offsetY}) => Math.hypot(x - offsetX, y - offsetY) < NEAR;

/**
 * The uppermost of these racers whose head is under the pointer.
 *
 * @param {number[]} order from the lowest up
 * @param {Spots} spots
 * @param {Offset} pointer
 */
export const racerAt = (order, spots, pointer) => order.findLast((racer) => isNear(spots(racer), pointer));

/**
 * The minimum under the pointer.
 *
 * @param {Pair[]} minima
 * @param {Plane} plane
 * @param {Offset} pointer
 */
export const minimumAt = (minima, plane, pointer) =>
  minima.find(([x, y]) => isNear({x: plane.across(x), y: plane.down(y)}, pointer));
