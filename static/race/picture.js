import {BANDS, createRelief} from "./relief.js";
import {ticksOf} from "./ticks.js";

/** @import {Box, SurfaceEntry} from "./types.js" */
/** @import {Look} from "../runtime/types.js" */
/** @import {Plane} from "./plane.js" */
/** @import {Relief} from "./relief.js" */

/** @typedef {[number, number, number]} Color red, green and blue, from 0 to 255 */
/** @typedef {{low: Color, high: Color, line: Color, share: number, none: [Color, Color]}} Theme */

const EDGE = 1.35; // device pixels from a contour line at which nothing of it is seen
const HATCH = 7; // px between the lines over places where the surface is not finite
const STAR = 10;

/**
 * From the lowest band to the highest; contour lines are of another tone; hatching is two tones of grey.
 *
 * @type {Record<"light" | "dark", Theme>}
 */
const THEMES = {
  light: {
    low: [33, 64, 95], high: [236, 242, 246], line: [20, 40, 55], share: 0.22,
    none: [[223, 228, 234], [176, 186, 196]],
  },
  dark: {
    low: [8, 20, 33], high: [104, 127, 147], line: [225, 238, 246], share: 0.16,
    none: [[38, 46, 54], [70, 82, 94]],
  },
};

/**
 * A surface: bands of one hue with thin lines between them, stars at the minima, numbers along two edges.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function createPicture(canvas) {
  /** @type {{map: Uint8Array, relief: Relief} | null} */
  let latest = null; // the relief that was drawn last

  return {
    /**
     * @param {Plane} plane
     * @param {SurfaceEntry} surface
     * @param {Uint8Array} map
     * @param {Pick<Look, "theme" | "colors">} look
     */
    draw(plane, surface, map, {theme, colors}) {
      const context = plane.fit(canvas, {alpha: false});
      if (latest?.map !== map) latest = {map, relief: createRelief(map, surface.size)};
      context.putImageData(shade(canvas, latest.relief, THEMES[theme], context), 0, 0);
      drawTicks(context, plane, surface.box, colors);
      for (const [x, y] of surface.minima) drawStar(context, plane.across(x), plane.down(y));
    },
  };
}

/**
 * One colour for every device pixel, between the four cells around it.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Relief} relief
 * @param {Theme} theme
 * @param {CanvasRenderingContext2D} context
 */
function shade(canvas, {heights, known, size, whole}, theme, context) {
  const {width, height} = canvas;
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const color = createPalette(theme);
  const none = theme.none.map(pack);
  const gap = Math.round(HATCH * (window.devicePixelRatio || 1));
  const [perX, perY] = [(size - 1) / Math.max(1, width - 1), (size - 1) / Math.max(1, height - 1)];
  for (let row = 0; row < height; row++) {
    const top = Math.min(size - 2, Math.floor(row * perY));
    const v = row * perY - top;
    for (let column = 0; column < width; column++) {
      const left = Math.min(size - 2, Math.floor(column * perX));
      const u = column * perX - left;
      const k = top * size + left;
      if (!whole && blendOf(known, k, size, u, v) < 0.5) {
        pixels[row * width + column] = none[(row + column) % gap < gap / 4 ? 1 : 0];
        continue;
      }
      const upper = heights[k + 1] - heights[k];
      const lower = heights[k + size + 1] - heights[k + size];
      const above = heights[k] + u * upper;
      const drop = heights[k + size] + u * lower - above;
      const slopeX = (upper + v * (lower - upper)) * perX;
      const slopeY = drop * perY;
      pixels[row * width + column] = color(above + v * drop, Math.sqrt(slopeX * slopeX + slopeY * slopeY));
    }
  }
  return image;
}

/**
 * Between the four cells from cell `k` on, `u` across and `v` down.
 *
 * @param {Float32Array} cells
 * @param {number} k
 * @param {number} size
 * @param {number} u
 * @param {number} v
 */
function blendOf(cells, k, size, u, v) {
  const above = cells[k] + u * (cells[k + 1] - cells[k]);
  return above + v * (cells[k + size] + u * (cells[k + size + 1] - cells[k + size]) - above);
}

/**
 * The colour of a height, in bands, where it changes by `slope` bands a pixel.
 *
 * @param {Theme} theme
 * @returns {(height: number, slope: number) => number}
 */
function createPalette({low, high, line, share}) {
  const bands = Array.from({length: BANDS}, (_, k) => mix(low, high, k / (BANDS - 1)));
  const packed = Uint32Array.from(bands, pack);
  return (height, slope) => {
    const nearest = Math.round(height);
    const distance = (height - nearest) / slope; // px to the nearest contour line
    if (!(Math.abs(distance) < EDGE) || nearest < 1 || nearest >= BANDS) {
      return packed[Math.min(BANDS - 1, Math.max(0, Math.floor(height)))];
    }
    // Where bands are narrow, lines would be all there is.
    const room = limit((1 / slope - 2) / 4);
    const opacity = share * room * limit(EDGE - Math.abs(distance));
    return pack(mix(mix(bands[nearest - 1], bands[nearest], limit(distance + 0.5)), line, opacity));
  };
}

/** @param {number} share */
const limit = (share) => Math.min(1, Math.max(0, share));

/** @param {Color} from @param {Color} to @param {number} share @returns {Color} */
const mix = ([r, g, b], to, share) => [r + (to[0] - r) * share, g + (to[1] - g) * share, b + (to[2] - b) * share];

/** @param {Color} color */
const pack = ([r, g, b]) => (0xff000000 | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;

/**
 * White with a dark rim, so that it stands out from deep and from pale ground.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 */
function drawStar(context, x, y) {
  context.beginPath();
  for (let k = 0; k < 10; k++) {
    const radius = k % 2 ? 0.42 * STAR : STAR;
    context.lineTo(x + radius * Math.sin((k * Math.PI) / 5), y - radius * Math.cos((k * Math.PI) / 5));
  }
  context.closePath();
  Object.assign(context, {strokeStyle: "#10202f", lineWidth: 2.5, lineJoin: "round", fillStyle: "#ffffff"});
  context.stroke();
  context.fill();
}

/**
 * A few round numbers along the left and the bottom edge, clear of the corner where the two meet.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Plane} plane
 * @param {Box} box
 * @param {{ink: string, paper: string}} colors
 */
function drawTicks(context, plane, [[left, right], [bottom, top]], {ink, paper}) {
  Object.assign(context, {
    font: "11px Roboto, 'Helvetica Neue', Arial, sans-serif", lineWidth: 2.5, lineJoin: "round",
    fillStyle: ink, strokeStyle: paper,
  });
  Object.assign(context, {textAlign: "center", textBaseline: "bottom"});
  for (const [value, text] of ticksOf(left, right)) {
    const x = plane.across(value);
    if (x < 34 || x > plane.width - 14) continue;
    context.fillRect(x - 0.5, plane.height - 4, 1, 4);
    write(context, text, x, plane.height - 4);
  }
  Object.assign(context, {textAlign: "left", textBaseline: "middle"});
  for (const [value, text] of ticksOf(bottom, top)) {
    const y = plane.down(value);
    if (y < 10 || y > plane.height - 24) continue;
    context.fillRect(0, y - 0.5, 4, 1);
    write(context, text, 6, y);
  }
}

/**
 * Text with a rim, so that it can be read on any ground.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} x
 * @param {number} y
 */
function write(context, text, x, y) {
  context.globalAlpha = 0.75;
  context.strokeText(text, x, y);
  context.globalAlpha = 1;
  context.fillText(text, x, y);
}
