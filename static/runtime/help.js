import {element} from "./dom.js";

const LINES = [
  ["Space", "play or pause"],
  ["\u2192", "train one step"],
  ["R", "go back to step 0 and the same initial weights"],
  ["Esc", "let go of a pinned unit, close a menu"],
  ["Tab", "reach every control; in the network, arrows walk from unit to unit and Enter edits one"],
  ["Hover", "a unit shows its map large; a link, a bias (the small square) or a histogram says its numbers"],
  ["Click", "a unit keeps its map; a link or bias can be changed; an input is switched on or off; a histogram, or a "
    + "column of a deep network, shows that layer in detail; a chip above histograms explains how the layer fares"],
];

/** The "?" button and what it explains: pairs of a key and what it does. */
export function createHelp(lines = LINES) {
  const dialog = element("dialog", {class: "help", "aria-label": "Help"},
    element("h2", {}, "Keys and gestures"),
    element("dl", {}, ...lines.flatMap(([key, text]) => [element("dt", {}, key), element("dd", {}, text)])),
    element("form", {method: "dialog"}, element("button", {class: "plain"}, "Close")));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  const button = element("button", {
    type: "button", class: "ghost", "aria-label": "Help", title: "What the keys and the mouse do.",
    onclick: () => dialog.showModal(),
  }, "?");
  return {button, dialog};
}
