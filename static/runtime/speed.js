/** @import {FrameBase} from "./types.js" */
import {element, setText} from "./dom.js";
import {grouped} from "./format.js";

/** How fast it goes, in the page's header. */
export function createSpeed() {
  const chip = element("span", {class: "speed", title: "Training steps per second."});
  return {
    element: chip,
    /** @param {FrameBase} frame */
    read({scalars: {status, speed}}) {
      setText(chip, status === "playing" ? `${grouped(speed)} steps/s` : status);
    },
  };
}
