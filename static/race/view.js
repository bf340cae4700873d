/** @import {RaceFrame} from "./types.js" */
/** @import {Command} from "./wire.js" */

/**
 * @typedef {object} ViewStore
 * @property {{send(command: Command): void, calm: {matches: boolean}}} host
 * @property {{now: {speed: number}}} settings
 * @property {() => void} repaint
 */
/** @typedef {ReturnType<typeof createView>} RaceView */

const GLIDING = 40; // steps a second up to which heads glide, for there are refreshes between the steps
const LONGEST = 250; // ms that a head glides at most; then there is time to look

/**
 * Which step is shown: what was chosen here at once, and Python's step as soon as it has heard of that choice.
 *
 * @param {ViewStore} store
 * @param {{length: number}} track
 */
export function createView(store, track) {
  let cursor = 0;
  let sought = 0;
  let since = 0; // when the heads set out for it
  let span = 0; // ms that they take
  let glide = 1;

  return {
    get cursor() { return cursor; },
    /** How much of the newest step the heads have gone: while it plays slowly they glide from one place to the next. */
    get glide() { return glide; },
    /** Let the heads glide on; once for every refresh. */
    advance() {
      glide = span && !store.host.calm.matches ? Math.min(1, (performance.now() - since) / span) : 1;
    },
    /** @param {number} step */
    seek(step) {
      cursor = step;
      span = 0;
      store.host.send({type: "seek", step, id: ++sought});
      store.repaint();
    },
    /** @param {Pick<RaceFrame["scalars"], "cursor" | "sought" | "status">} scalars */
    adopt({cursor: shown, sought: heard, status}) {
      if (heard < sought && shown < track.length) return;
      if (shown !== cursor) {
        const {speed} = store.settings.now;
        const follows = shown === cursor + 1 && status === "playing";
        span = follows && speed <= GLIDING ? Math.min(1000 / speed, LONGEST) : 0;
        since = performance.now();
      }
      cursor = shown;
    },
  };
}
