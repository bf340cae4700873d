import {pair, rounded} from "./numbers.js";
import {minimumAt, racerAt, shownRacers, spotsOf} from "./spots.js";
import {heightOf} from "../runtime/container.js";
import {grouped} from "../runtime/format.js";

/** @import {Offset, Pair, RaceFrame, RaceSettings, SurfaceScene} from "./types.js" */
/** @import {Plane} from "./plane.js" */
/** @import {Track} from "./track.js" */

/** @typedef {[string, string]} Words what matters, and what explains it */

/**
 * What is under the pointer: a head, a star, or a place of the surface.
 *
 * @param {{scene: SurfaceScene, settings: Pick<RaceSettings, "selected">, frame: RaceFrame | null}} shown
 * @param {{cursor: number, glide: number}} view
 * @param {Track} track
 * @param {Plane} plane
 * @param {Offset} pointer
 * @returns {Words}
 */
export function describe({scene, settings, frame}, view, track, plane, pointer) {
  const spots = spotsOf(frame, view, track, plane);
  const racer = racerAt(shownRacers(scene, settings.selected), spots, pointer);
  if (racer !== undefined) {
    const words = spots(racer).ended ? frame?.fates[racer] : `step ${grouped(view.cursor)}`;
    return [scene.racers[racer].label, `${words}, loss ${rounded(track.value(view.cursor, racer))}`];
  }
  const star = minimumAt(scene.surface.minima, plane, pointer);
  if (star) return [`Global minimum ${pair(star, rounded)}`, heightText(scene, plane, star)];
  const {offsetX, offsetY} = pointer;
  return [
    heightTextAt(scene, offsetX / plane.width, offsetY / plane.height),
    pair([plane.x(offsetX), plane.y(offsetY)], rounded),
  ];
}

/**
 * Where the race begins, and how high that is.
 *
 * @param {SurfaceScene} scene
 * @param {Plane} plane
 * @param {Pair} start
 * @returns {Words}
 */
export const describeStart = (scene, plane, start) =>
  [`Start ${pair(start, rounded)}`, heightText(scene, plane, start)];

/** @param {SurfaceScene} scene @param {Plane} plane @param {Pair} place */
const heightText = (scene, plane, [x, y]) =>
  heightTextAt(scene, plane.across(x) / plane.width, plane.down(y) / plane.height);

/** @param {SurfaceScene} scene @param {number} u @param {number} v */
function heightTextAt(scene, u, v) {
  const value = heightAt(scene, u, v);
  return value === null ? "f is not finite here" : `f \u2248 ${rounded(value, 2)}`;
}

/**
 * The height at a place of the map, both shares from the upper left; null where it is not finite.
 *
 * @param {Pick<SurfaceScene, "map" | "surface">} scene
 * @param {number} u
 * @param {number} v
 */
export function heightAt({map, surface: {scale: {low, unit, span}, size}}, u, v) {
  /** @param {number} share */
  const cell = (share) => Math.min(size - 1, Math.max(0, Math.round(share * (size - 1))));
  const byte = map[cell(v) * size + cell(u)];
  if (!byte) return null;
  const share = heightOf(byte);
  return unit > 0 && span > 0 ? low + unit * Math.expm1(share * span) : low + share * span;
}
