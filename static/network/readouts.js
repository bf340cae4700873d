/** @import {Frame} from "./types.js" */
import {element, setAttribute, setText} from "../runtime/dom.js";
import {counter, grouped, loss, percent} from "../runtime/format.js";

/** @type {["testLoss" | "trainLoss" | "regularization", string, string][]} */
const LOSSES = [
  ["testLoss", "Test loss", "Mean loss over the test points, which training never sees."],
  ["trainLoss", "Train loss", "Mean loss over the training points."],
  ["regularization", "Penalty", "What the weights' size adds to the loss."],
];

/** The numbers above the large map. */
export function createReadouts() {
  const losses = LOSSES.map(([key, label, title]) => ({key, ...readout(label, title)}));
  const accuracy = readout("Accuracy", "");
  losses[0].element.classList.add("test");
  return {
    element: element("div", {class: "readouts"}, ...losses.map((item) => item.element), accuracy.element),
    /** @param {Frame} frame */
    read({scalars}) {
      for (const {key, number} of losses) setText(number, loss(scalars[key]));
      setText(accuracy.number, percent(scalars.testAccuracy));
      setAttribute(accuracy.element, "title", Number.isNaN(scalars.testAccuracy)
        ? "Accuracy has no meaning for regression."
        : `Share of test points classified correctly; ${percent(scalars.trainAccuracy)} of the training points.`);
    },
  };
}

/**
 * @param {string} label
 * @param {string} title
 */
function readout(label, title) {
  const number = element("span", {class: "number"}, "\u2013");
  const box = element("div", {class: "readout", title}, element("span", {class: "caption"}, label), number);
  return {element: box, number};
}

/** How far training is: epochs large, steps small. */
export function createEpoch() {
  const epoch = element("span", {class: "number"}, counter(0));
  const steps = element("span", {class: "soft"}, "step 0");
  return {
    element: element("div", {class: "epoch", title: "How often training has gone through all training points."},
      element("span", {class: "caption"}, "Epoch"), epoch, steps),
    /** @param {Frame} frame */
    read({scalars}) {
      setText(epoch, counter(scalars.epoch));
      setText(steps, `step ${grouped(scalars.step)}`);
    },
  };
}
