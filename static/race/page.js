import {element} from "../runtime/dom.js";

/** @typedef {{element: HTMLElement}} Placed */


/**
 * Arrange the parts; the stylesheet decides where they go at each width.
 *
 * @param {HTMLElement} root
 * @param {Record<"nav" | "speed" | "theme" | "transport" | "scrubber" | "map" | "formula" | "overlays" | "banner"
 *   | "racers" | "curves" | "card", Placed> & {help: {button: HTMLElement, dialog: HTMLElement}}} parts
 * @param {(slot: string) => HTMLElement[]} children Panel's widgets
 */
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
