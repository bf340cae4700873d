/** @import {Frame, Scene, Target, TargetKind} from "./types.js" */
/** @import {Command} from "./wire.js" */
import {FOCUS_KINDS, KIND} from "./wire.js";

/** @typedef {Target & {kind: typeof FOCUS_KINDS[number]}} Watched What Python can look at, or nothing. */

/** @type {Watched} */
const NOTHING = {kind: KIND.none, layer: 0, i: 0, j: 0};
/** @type {Set<TargetKind>} */
const ON_SERVER = new Set(FOCUS_KINDS.slice(1));

/** @type {(target: Target) => target is Watched} */
const isWatched = (target) => ON_SERVER.has(target.kind);

/**
 * Whether two targets are the same part of the network.
 *
 * @param {Target} a
 * @param {Target} b
 */
export const sameTarget = (a, b) => a.kind === b.kind && a.layer === b.layer && a.i === b.i && a.j === b.j;

/**
 * The exact value of a target, when the frame was made while looking at it.
 *
 * @param {Pick<Frame, "focus"> | null} frame
 * @param {Target} target
 */
export function exactValue(frame, target) {
  return frame?.focus && sameTarget(frame.focus, target) ? frame.focus.value : null;
}

/** @typedef {ReturnType<typeof createFocus>} Focus */

/**
 * What the person looks at: hovered, pinned by a click, or held while its value is being edited.
 *
 * @param {(command: Command) => void} send
 * @param {() => void} changed
 */
export function createFocus(send, changed) {
  /** @type {Target} */
  let hovered = NOTHING;
  /** @type {Target} */
  let pinned = NOTHING;
  /** @type {Target} */
  let held = NOTHING;
  let told = NOTHING;
  let due = 0;

  const wanted = () => [held, hovered, pinned].find(isWatched) ?? NOTHING;

  function tell() {
    due = 0;
    const {kind, layer, i, j} = wanted();
    if (sameTarget(wanted(), told)) return;
    told = {kind, layer, i, j};
    send({type: "focus", ...told});
  }

  /** @param {() => void} change */
  function update(change) {
    change();
    due ||= requestAnimationFrame(tell);
    changed();
  }

  return {
    /** What is to stand out: the thing being edited, else the thing below the cursor. */
    get marked() { return isWatched(held) ? held : hovered; },
    get pinned() { return pinned; },
    /** The unit whose map is to be large, if any. */
    get unit() { return [hovered, pinned].find(({kind}) => kind === KIND.unit) ?? null; },
    /** @param {Target | null} target */
    hover(target) {
      const next = target ?? NOTHING;
      if (!sameTarget(next, hovered)) update(() => { hovered = next; });
    },
    /** @param {Target} target */
    pin(target) { update(() => { pinned = sameTarget(pinned, target) ? NOTHING : target; }); },
    unpin() { update(() => { pinned = NOTHING; }); },
    /** @param {Target} target */
    hold(target) { update(() => { held = target; }); },
    release() { update(() => { held = NOTHING; }); },
    /**
     * A new network: forget what it may not have, and tell its trainer about the rest.
     *
     * @param {Pick<Scene, "layers">} scene
     */
    renew({layers}) {
      const kept = pinned.i < (layers[pinned.layer]?.units ?? 0) ? pinned : NOTHING;
      told = NOTHING;
      update(() => { [hovered, held, pinned] = [NOTHING, NOTHING, kept]; });
    },
  };
}
