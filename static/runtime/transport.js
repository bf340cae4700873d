/** @import {FrameBase, Host} from "./types.js" */
import {element, setAttribute} from "./dom.js";

const GRACE = 400; // ms in which frames made before a press may still contradict it

/**
 * Reset, play, step, and a counter.
 *
 * @template {FrameBase} Frame
 * @param {{host: Pick<Host<unknown>, "send">}} store
 * @param {{element: Element, read?(frame: Frame): void}} counter
 * @param {{resets: string, plays: string, steps: string}} titles What each button does.
 */
export function createTransport({host}, counter, {resets, plays, steps}) {
  const sendReset = () => host.send({type: "reset"});
  const sendStep = () => host.send({type: "step"});
  const reset = button("Reset", "\u21ba", `${resets} (R).`, sendReset);
  const play = button("Play", "", `${plays} (Space).`, toggle);
  const step = button("Step", "\u25b8|", `${steps} (right arrow).`, sendStep);
  let playing = false;
  let trusted = 0;
  let doubt = 0;

  play.classList.add("primary");
  play.append(element("span", {class: "icon", "aria-hidden": "true"}));

  /** @param {boolean} state */
  function show(state) {
    playing = state;
    setAttribute(play, "aria-label", playing ? "Pause" : "Play");
  }

  function toggle() {
    show(!playing);
    trusted = performance.now() + GRACE;
    host.send({type: playing ? "play" : "pause"});
  }

  show(false);
  return {
    element: element("div", {class: "transport"}, reset, play, step, counter.element),
    toggle,
    step: sendStep,
    reset: sendReset,
    /** @param {Frame} frame */
    paint({scalars}) {
      const truth = scalars.status === "playing";
      clearTimeout(doubt);
      if (truth === playing) trusted = 0;
      // The frame may be older than the press, or the last one for a long time: look again when it can be neither.
      else doubt = setTimeout(() => show(truth), Math.max(0, trusted - performance.now()));
    },
    /** @param {Frame} frame */
    read: (frame) => counter.read?.(frame),
  };
}

/**
 * @param {string} label
 * @param {string} sign
 * @param {string} title
 * @param {() => void} onclick
 */
function button(label, sign, title, onclick) {
  return element("button", {type: "button", class: "round", "aria-label": label, title, onclick}, sign);
}
