import {element, setAttribute, setText} from "./dom.js";
import {counter, grouped} from "./format.js";

const GRACE = 400; // ms in which frames made before a press may still contradict it

/** Reset, play, step, and the counters. */
export function createTransport(store) {
  const sendReset = () => store.send({type: "reset"});
  const sendStep = () => store.send({type: "step"});
  const reset = button("Reset", "\u21ba", "Go back to step 0 and the same initial weights (R).", sendReset);
  const play = button("Play", "", "Start or stop training (Space).", toggle);
  const step = button("Step", "\u25b8|", "Train one step (right arrow).", sendStep);
  const epoch = element("span", {class: "number"}, counter(0));
  const steps = element("span", {class: "soft"}, "step 0");
  let playing = false;
  let trusted = 0;
  let doubt = 0;

  play.classList.add("primary");
  play.append(element("span", {class: "icon", "aria-hidden": "true"}));

  function show(state) {
    playing = state;
    setAttribute(play, "aria-label", playing ? "Pause" : "Play");
  }

  function toggle() {
    show(!playing);
    trusted = performance.now() + GRACE;
    store.send({type: playing ? "play" : "pause"});
  }

  show(false);
  return {
    element: element("div", {class: "transport"}, reset, play, step,
      element("div", {class: "epoch", title: "How often training has gone through all training points."},
        element("span", {class: "caption"}, "Epoch"), epoch, steps)),
    toggle,
    step: sendStep,
    reset: sendReset,
    paint({scalars}) {
      const truth = scalars.status === "playing";
      clearTimeout(doubt);
      if (truth === playing) trusted = 0;
      // The frame may be older than the press, or the last one for a long time: look again when it can be neither.
      else doubt = setTimeout(() => show(truth), Math.max(0, trusted - performance.now()));
    },
    read({scalars}) {
      setText(epoch, counter(scalars.epoch));
      setText(steps, `step ${grouped(scalars.step)}`);
    },
  };
}

function button(label, sign, title, onclick) {
  return element("button", {type: "button", class: "round", "aria-label": label, title, onclick}, sign);
}
