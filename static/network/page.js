/** @import {Parts} from "./stage.js" */
import {element} from "../runtime/dom.js";

/**
 * Arrange the parts; the stylesheet decides where they go at each width.
 *
 * @param {HTMLElement} root
 * @param {Parts} parts
 * @param {(slot: string) => HTMLElement[]} children
 */
export function buildPage(root, parts, children) {
  /** @type {(name: string, label: string) => HTMLElement} */
  const slot = (name, label) =>
    element("div", {class: `slot ${name}`, role: "group", "aria-label": label}, ...children(name));
  root.append(element("div", {class: "page"},
    element("header", {class: "head"},
      element("h1", {}, "Neural Network Playground"),
      parts.nav.element, parts.experiments.element, parts.speed.element, parts.theme.element, parts.help.button),
    element("div", {class: "bar"}, parts.transport.element, slot("controls", "Training")),
    element("section", {class: "data", "aria-label": "Data"},
      element("h2", {}, "Data"), parts.datasets.element, slot("choices", "Data choices"), parts.sections.element),
    element("section", {class: "network", "aria-label": "Network"},
      element("div", {class: "title-row"},
        element("h2", {}, "Network"), parts.depth.element, ...parts.invitations.elements),
      parts.experiments.notice,
      element("div", {class: "network-body"}, parts.network.element, parts.inspector.element), parts.banner.element),
    element("div", {class: "side"},
      output(parts),
      element("section", {class: "loss", "aria-label": "Loss over time"},
        parts.loss.element, element("div", {class: "slot chart"}, ...children("chart"))))),
  parts.help.dialog);
}

/** @param {Parts} parts */
function output({readouts, pictureControls, boundary}) {
  return element("section", {class: "output", "aria-label": "Output"},
    readouts.element,
    element("div", {class: "view-row"}, pictureControls.choice, boundary.heading, ...pictureControls.beside),
    boundary.canvas, ...pictureControls.below);
}
