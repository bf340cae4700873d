/** @import {Settings, Store, ThemeName} from "./types.js" */
import {element} from "./dom.js";
import {recall, remember} from "./storage.js";

const KEY = "playground-theme";

/** @typedef {{dark?: boolean}} Darkness */

/**
 * The button between light and dark. The person's choice is kept for the next visit.
 *
 * @param {Pick<Store, "look" | "refresh"> & {settings: Settings<Darkness>}} store
 * @param {(name: ThemeName) => void} apply
 */
export function createTheme({look, settings, refresh}, apply) {
  const button = element("button", {
    type: "button", class: "ghost", "aria-label": "Dark mode", title: "Switch between light and dark.", onclick: toggle,
  }, "\u25d0");
  const isDark = () => look.theme === "dark";

  /** @param {boolean} dark */
  function show(dark) {
    apply(dark ? "dark" : "light");
    button.setAttribute("aria-pressed", String(dark));
  }

  function toggle() {
    const dark = !isDark();
    remember(() => localStorage, KEY, dark ? "dark" : "light");
    show(dark);
    settings.set({dark});
    refresh();
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
      if (dark === isDark()) return;
      show(dark);
      settings.set({dark});
    },
    /**
     * Python may have changed the theme.
     *
     * @param {Darkness} settings
     */
    adopt({dark}) {
      if (dark !== undefined && dark !== isDark()) show(dark);
    },
  };
}
