import {element} from "../runtime/dom.js";
import {createSwitch} from "../runtime/switches.js";

/** @import {RaceStore} from "./types.js" */

/** @typedef {"gradient_vectors" | "velocity_vectors" | "lookahead" | "rate_ellipses" | "local_model"} Name */

/** @type {[name: Name, label: string, title: string][]} */
const SWITCHES = [
  ["gradient_vectors", "Gradient", "An arrow down the gradient that the racer sees; its length is logarithmic."],
  ["velocity_vectors", "Velocity", "The displacement that the memory of former gradients brings."],
  ["lookahead", "Look-ahead", "Nesterov: the ball itself (small ring), and the point it looks ahead to (head)."],
  ["rate_ellipses", "Rates", "Effective learning rate along x and y: AdaGrad, RMSProp, Adam and their kin."],
  ["local_model", "Model", "The parabola that Newton, BFGS and L-BFGS take the surface for, as contours."],
];

/**
 * What is drawn at the heads of the racers.
 *
 * @param {RaceStore} store
 */
export function createOverlays(store) {
  const switches = SWITCHES.map((names) => createSwitch(store, ...names));
  return {
    element: element("div", {class: "display overlays", role: "group", "aria-label": "Inside the rules"},
      element("span", {class: "soft"}, "At each head:"), ...switches.map((part) => part.element)),
    update: () => switches.forEach((part) => part.update()),
  };
}
