/** @import {Shown} from "./types.js" */

/**
 * What is on the screen. `part` is for everybody to read; adopt and show are for the inbox.
 *
 * @template Scene, Frame
 */
export function createShown() {
  /** @type {Scene | null} */
  let scene = null;
  /** @type {number | undefined} */
  let generation;
  /** @type {Frame | null} */
  let frame = null;

  /** @type {Shown<Scene, Frame>} */
  const part = {
    get scene() {
      if (scene === null) throw new Error("Python has not sent a scene yet.");
      return scene;
    },
    get generation() { return generation; },
    get frame() { return frame; },
  };

  return {
    part,
    /**
     * Another scene, or the same one with other settings, in which case its frame stays.
     *
     * @param {Scene & {generation: number}} next
     */
    adopt(next) {
      if (next.generation !== generation) frame = null;
      scene = next;
      generation = next.generation;
    },
    /** @param {Frame} next */
    show(next) { frame = next; },
  };
}
