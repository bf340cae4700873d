/** @import {Coloring, ThemeName} from "./types.js" */
import {classOf, heightOf, valueOf} from "./container.js";
import {contextOf} from "./dom.js";
import {HIGHEST, NEGATIVE, POSITIVE, STRONGEST, WAYS} from "./wire.js";

/** @typedef {[red: number, green: number, blue: number]} Rgb */

/** Every colour of the page, by theme; the stylesheet sees them as custom properties. */
const THEMES = {
  light: {
    ...WAYS.light,
    paper: "#ffffff", wash: "#f5f7f9", raised: "#ffffff", chip: "#e9eef3", ink: "#1d2733", soft: "#55636f",
    line: "#dfe4ea", edge: "#8b98a5", middle: "#e8eaeb", outline: "#1d2733", head: "#17324d", accent: "#17324d",
    onAccent: "#ffffff", test: "#0769a6", trouble: "#a8201a",
    troubleWash: "#fde7e5", infoWash: "#e4eff7", trainRim: "#ffffff", testRim: "#17212b",
    deep: "#1f6f86", path: "#b3261e", contour: "rgb(20 40 55 / 30%)",
  },
  dark: {
    ...WAYS.dark,
    paper: "#151b21", wash: "#1b232b", raised: "#222c35", chip: "#2b3742", ink: "#e7ecf1", soft: "#a3b1be",
    line: "#2d3842", edge: "#6b7a88", middle: "#262e36", outline: "#93a1ae", head: "#0e1b28", accent: "#8cc4f2",
    onAccent: "#0e1b28", test: "#64b5ee", trouble: "#ffb0a8",
    troubleWash: "#4a2320", infoWash: "#1f3446", trainRim: "#f2f5f7", testRim: "#0b1016",
    deep: "#5cc6d6", path: "#ffb0a8", contour: "rgb(230 240 245 / 26%)",
  },
};

/**
 * Hand a theme to the stylesheet.
 *
 * @param {HTMLElement} root
 * @param {ThemeName} name
 */
export function applyTheme(root, name) {
  root.dataset.theme = name;
  const colors = {...THEMES[name], negative: css(NEGATIVE), positive: css(POSITIVE)};
  for (const [key, value] of Object.entries(colors)) {
    root.style.setProperty(`--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value);
  }
}

/**
 * All look-up tables for one theme, palette and display mode; built once, read for every pixel.
 *
 * @param {Coloring & {theme: ThemeName}} choices
 */
export function createColors({theme, palette, certainties, discretize}) {
  const parse = createParser();
  const middle = parse(THEMES[theme].middle);
  return {
    ...THEMES[theme],
    signed: signedTable(middle, discretize),
    classes: classTable(middle, palette.map(parse), certainties, discretize),
    heights: heightTable(parse(THEMES[theme].deep), parse(THEMES[theme].paper), parse(THEMES[theme].line)),
    densities: {
      activation: densityTable(parse(THEMES[theme].activation)), gradient: densityTable(parse(THEMES[theme].gradient)),
    },
    links: linkTable(parse(THEMES[theme].paper)),
    /**
     * The colour of a data point.
     *
     * @param {number} label Its class, or its value from -1 to 1.
     * @param {{exclusive: boolean, probabilities: boolean}} task
     */
    point: (label, {exclusive, probabilities}) =>
      (exclusive ? palette[label] : css(diverge(middle, probabilities ? 2 * label - 1 : label))),
  };
}

/** Reads any CSS colour: a canvas returns the opaque ones as #rrggbb. */
function createParser() {
  const context = contextOf(document.createElement("canvas"));
  return (/** @type {string} */ color) => {
    context.fillStyle = color;
    const number = parseInt(context.fillStyle.slice(1), 16);
    return /** @type {Rgb} */ ([number >> 16, (number >> 8) & 255, number & 255]);
  };
}

/**
 * @param {Readonly<Rgb>} from
 * @param {Readonly<Rgb>} to
 * @param {number} share
 */
const mix = (from, to, share) =>
  /** @type {Rgb} */ (from.map((value, k) => Math.round(value + (to[k] - value) * share)));

/** @param {Readonly<Rgb>} color */
const css = ([r, g, b]) => `rgb(${r},${g},${b})`;

/**
 * A colour as one pixel of an image.
 *
 * @param {Rgb} color
 */
const pack = ([r, g, b]) => (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;

/**
 * @param {Rgb} middle
 * @param {number} value From -1 to 1.
 */
const diverge = (middle, value) => mix(middle, value < 0 ? NEGATIVE : POSITIVE, Math.min(1, Math.abs(value)));

/**
 * @param {Rgb} middle
 * @param {boolean} discretize
 */
function signedTable(middle, discretize) {
  return Uint32Array.from({length: 256}, (_, byte) => {
    const value = valueOf(byte);
    return pack(diverge(middle, discretize ? Math.sign(value) : value));
  });
}

/**
 * The colour of a class, the paler the less certain it is.
 *
 * @param {Rgb} middle
 * @param {Rgb[]} classes
 * @param {number} certainties
 * @param {boolean} discretize
 */
function classTable(middle, classes, certainties, discretize) {
  return Uint32Array.from({length: 256}, (_, byte) => {
    const {number, certainty} = classOf(byte, certainties);
    return pack(mix(middle, classes[number] ?? middle, discretize ? 1 : certainty));
  });
}

/**
 * A loss from the lowest, in deep colour, to the highest; 0 for one that is not finite.
 *
 * @param {Rgb} deep
 * @param {Rgb} pale
 * @param {Rgb} none
 */
function heightTable(deep, pale, none) {
  return Uint32Array.from({length: 256}, (_, code) => pack(code ? mix(deep, pale, heightOf(code) ** 0.8) : none));
}

/**
 * One colour by how dense values are, the more the less transparent; nothing where there are none.
 *
 * @param {Rgb} color
 */
function densityTable([r, g, b]) {
  return Uint32Array.from({length: 256}, (_, height) => {
    const opacity = Math.round(255 * (0.12 + (0.88 * height) / HIGHEST));
    return height ? ((opacity << 24) | (b << 16) | (g << 8) | r) >>> 0 : 0;
  });
}

/**
 * Colours and width per weight code, indexed by the code's unsigned byte.
 *
 * @param {Rgb} paper
 */
function linkTable(paper) {
  return Array.from({length: 256}, (_, byte) => {
    const code = (byte << 24) >> 24;
    const strength = Math.abs(code) / STRONGEST;
    const hue = code < 0 ? NEGATIVE : POSITIVE;
    return {
      color: css(mix(paper, hue, 0.22 + 0.78 * strength)),
      spark: css(mix(paper, hue, 0.35 * strength)),
      width: 0.6 + 5 * strength ** 1.5,
    };
  });
}
