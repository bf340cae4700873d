// @ts-nocheck
import {element, setText} from "./dom.js";
import {grouped} from "./format.js";

/** How fast it goes, in the page's header. */
export function createSpeed() {
  const chip = element("span", {class: "speed", title: "Training steps per second."});
  return {
    element: chip,
    read({scalars: {status, speed}}) {
      setText(chip, status === "playing" ? `${grouped(speed)} steps/s` : status);
    },
  };
}
