// @ts-nocheck
import {element} from "../runtime/dom.js";

/** Arrange the parts; the stylesheet decides where they go at each width. */
export function buildRace(root, parts, children) {
  root.append(element("div", {class: "page"},
    element("header", {class: "head"},
      element("h1", {}, "Neural Network Playground"),
      parts.nav.element, parts.speed.element, parts.theme.element, parts.help.button),
    element("div", {class: "bar"}, parts.transport.element,
      element("div", {class: "slot controls", role: "group", "aria-label": "Race"}, ...children("bar")),
      parts.scrubber.element),
    element("section", {class: "ground", "aria-label": "Map"},
      parts.map.element, parts.formula.element, parts.overlays.element, parts.banner.element),
    element("section", {class: "racing", "aria-label": "Racers"},
      parts.racers.element,
      element("div", {class: "below"},
        parts.curves.element,
        element("div", {class: "slot chart"}, ...children("chart")),
        parts.card.element))),
  parts.help.dialog);
}
