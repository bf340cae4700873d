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

  const saved = recall(() => localStorage, KEY);
  show(saved ? saved === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  return {
    element: button,
    /** Python may have changed the theme. */
    adopt({dark}) {
      if (dark !== undefined && dark !== (store.theme === "dark")) show(dark);
    },
  };
}
