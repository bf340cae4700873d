/** @import {Colors, Coloring, Look, ThemeName} from "./types.js" */
import {applyTheme, createColors} from "./colors.js";

/**
 * The colours of everything. `part` is for everybody to read; show is for the theme's button, color for the shell.
 *
 * @param {HTMLElement} root
 */
export function createLook(root) {
  /** @type {ThemeName} */
  let theme = "light";
  /** @type {Coloring} */
  let coloring = {palette: [], certainties: 2, discretize: false};
  /** @type {Colors | null} */
  let colors = null;

  /** @type {Look} */
  const part = {
    get theme() { return theme; },
    get colors() { return (colors ??= createColors({theme, ...coloring})); },
  };

  return {
    part,
    /** @param {ThemeName} name */
    show(name) {
      theme = name;
      colors = null;
      applyTheme(root, theme);
    },
    /** @param {Coloring} wanted */
    color(wanted) {
      coloring = wanted;
      colors = null;
    },
  };
}
