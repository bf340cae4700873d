import {recall, remember} from "./storage.js";

const KEY = "playground-theme";

/** Whether the person wants it dark: what was chosen last, here or on another page, or what the system says. */
export function isDarkChosen() {
  const saved = recall(() => localStorage, KEY);
  return saved ? saved === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/**
 * Keep the choice for the next visit.
 *
 * @param {boolean} dark
 */
export function chooseTheme(dark) {
  remember(() => localStorage, KEY, dark ? "dark" : "light");
}
