// @ts-nocheck
import {element} from "../runtime/dom.js";
import {createSwitch} from "../runtime/switches.js";

const SWITCHES = [
  ["gradient_vectors", "Gradient", "An arrow down the gradient that the racer sees; its length is logarithmic."],
  ["velocity_vectors", "Velocity", "The displacement that the memory of former gradients brings."],
  ["lookahead", "Look-ahead", "Nesterov: the ball itself (small ring), and the point it looks ahead to (head)."],
  ["rate_ellipses", "Rates", "Effective learning rate along x and y: AdaGrad, RMSProp, Adam and their kin."],
  ["local_model", "Model", "The parabola that Newton, BFGS and L-BFGS take the surface for, as contours."],
];

/** What is drawn at the heads of the racers. */
export function createOverlays(store) {
  const switches = SWITCHES.map((names) => createSwitch(store, ...names));
  return {
    element: element("div", {class: "display overlays", role: "group", "aria-label": "Inside the rules"},
      element("span", {class: "soft"}, "At each head:"), ...switches.map((part) => part.element)),
    update: () => switches.forEach((part) => part.update()),
  };
}
