import {fitCanvas} from "../runtime/dom.js";

/** @typedef {ReturnType<typeof createPlane>} Plane */

/**
 * From the surface's plane to px on a map and back; both axes fill the map.
 *
 * @param {import("./types.js").Box} box
 * @param {number} width in px
 * @param {number} height in px
 */
export function createPlane([[left, right], [bottom, top]], width, height) {
  const [perX, perY] = [width / (right - left), height / (top - bottom)];
  return {
    width, height, perX, perY,
    /** @param {number} x */
    across: (x) => (x - left) * perX,
    /** @param {number} y */
    down: (y) => (top - y) * perY,
    /** @param {number} px */
    x: (px) => left + px / perX,
    /** @param {number} py */
    y: (py) => top - py / perY,
    /**
     * Make a canvas as large as the map; returns its context.
     *
     * @param {HTMLCanvasElement} canvas
     * @param {CanvasRenderingContext2DSettings} [options]
     */
    fit: (canvas, options) => fitCanvas(canvas, width, height, options),
  };
}
