import {clamp, element, setAttribute} from "../runtime/dom.js";
import {grouped} from "../runtime/format.js";

/** @import {RaceView} from "./view.js" */

/**
 * The way through all steps that are known: a slider, and buttons for one step back and forward.
 *
 * @param {{repaint(): void}} store
 * @param {{length: number}} track
 * @param {RaceView} view
 */
export function createScrubber(store, track, view) {
  const slider = element("input", {
    type: "range", min: 0, max: 0, step: 1, value: 0, "aria-label": "Step", title: "Go to any step of the race.",
    oninput: () => go(Number(slider.value)),
    onpointerdown: () => { held = true; },
    onpointerup: release,
    onpointercancel: release,
    onlostpointercapture: release,
    onblur: release,
  });
  const back = button("Step back", "\u25c2", -1);
  const forward = button("Step forward", "\u25b8", 1);
  let held = false;

  const last = () => Math.max(0, track.length - 1);

  /** @param {number} step */
  function go(step) {
    view.seek(clamp(step, 0, last()));
    describe();
  }

  function release() {
    held = false;
    store.repaint();
  }

  /** @param {string} label @param {string} sign @param {number} change */
  function button(label, sign, change) {
    const onclick = () => go(view.cursor + change);
    return element("button", {type: "button", "aria-label": label, title: `${label}.`, onclick}, sign);
  }

  function describe() {
    const {cursor} = view;
    setAttribute(slider, "aria-valuetext", `Step ${grouped(cursor)} of ${grouped(last())}`);
    // Not `disabled`: a button that has the focus would lose it at the end of the way.
    setAttribute(back, "aria-disabled", cursor <= 0);
    setAttribute(forward, "aria-disabled", cursor >= last());
  }

  return {
    element: element("div", {class: "scrubber"}, back, slider, forward),
    paint() {
      if (held) return; // a longer way would pull the thumb from under the finger
      setAttribute(slider, "max", last());
      if (Number(slider.value) !== view.cursor) slider.value = String(view.cursor);
      describe();
    },
  };
}
