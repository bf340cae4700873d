import {element} from "./dom.js";

/**
 * The "?" button and what it explains.
 *
 * @param {[key: string, text: string][]} lines What each key or gesture does.
 */
export function createHelp(lines) {
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
