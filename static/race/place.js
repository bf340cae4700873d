import {clamp} from "../runtime/dom.js";

/** @import {Pair, RaceScene} from "./types.js" */
/** @import {Command} from "./wire.js" */

/** @typedef {ReturnType<typeof createPlace>} Place */
/**
 * @typedef {object} PlaceStore
 * @property {{send(command: Command): void}} host
 * @property {{now: {start: Pair}, assume(values: {start: Pair}): void}} settings
 * @property {{scene: Pick<RaceScene, "surface">}} shown
 * @property {() => void} repaint
 */

/**
 * Where the start is. It follows a hand at once; Python hears of it at most once for every refresh, and of the next
 * place only when it has answered.
 *
 * @param {PlaceStore} store
 */
export function createPlace(store) {
  /** @type {Pair | null} */
  let place = null; // until Python knows
  let waiting = false;
  /** @type {{place: Pair, done: boolean} | null} */
  let next = null; // what Python is to hear
  let planned = 0;

  function flush() {
    planned = 0;
    if (!waiting) send();
  }

  function send() {
    if (!next) return;
    const [x, y] = next.place;
    if (next.done) store.settings.assume({start: next.place});
    store.host.send({type: "start", x, y});
    next = null;
    waiting = true;
  }

  return {
    get current() { return place ?? store.settings.now.start; },
    /**
     * Move the start, but not off the map.
     *
     * @param {Pair} wanted
     * @param {boolean} done whether the hand lets go there; then Python hears of it at once
     */
    put([wantedX, wantedY], done) {
      const {surface} = store.shown.scene;
      if (!surface) return;
      const [[left, right], [bottom, top]] = surface.box;
      place = [clamp(wantedX, left, right), clamp(wantedY, bottom, top)];
      next = {place, done};
      if (done) send();
      else planned ||= requestAnimationFrame(flush);
      store.repaint();
    },
    /**
     * Python has a picture of the last place it was told.
     *
     * @param {boolean} isHeld whether a hand still holds the start
     */
    answered(isHeld) {
      waiting = false;
      if (next) flush();
      else if (!isHeld) place = null;
    },
  };
}
