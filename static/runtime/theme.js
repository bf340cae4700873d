// @ts-nocheck
import {applyTheme} from "./colors.js";
import {element} from "./dom.js";
import {recall, remember} from "./storage.js";

const KEY = "playground-theme";

/** The button between light and dark. The person's choice is kept for the next visit. */
export function createTheme(store) {
  const button = element("button", {
    type: "button", class: "ghost", "aria-label": "Dark mode", title: "Switch between light and dark.", onclick: toggle,
  }, "\u25d0");

  function show(dark) {
    store.theme = dark ? "dark" : "light";
    button.setAttribute("aria-pressed", dark);
    applyTheme(store.root, store.theme);
  }

  function toggle() {
    const dark = store.theme !== "dark";
    remember(() => localStorage, KEY, dark ? "dark" : "light");
    show(dark);
    store.set({dark});
    store.refresh();
  }

  /** What was chosen last, here or on another page. */
  function chosen() {
    const saved = recall(() => localStorage, KEY);
    return saved ? saved === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  show(chosen());
  return {
    element: button,
    /** Another page of the window may have changed the theme. */
    recall() {
      const dark = chosen();
      if (dark === (store.theme === "dark")) return;
      show(dark);
      store.set({dark});
    },
    /** Python may have changed the theme. */
    adopt({dark}) {
      if (dark !== undefined && dark !== (store.theme === "dark")) show(dark);
    },
  };
}
