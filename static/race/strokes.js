export const DARK = "#0b1622";
export const HALO = "rgb(255 255 255 / 85%)";
const SHADE = "rgb(11 22 34 / 55%)";

/**
 * Draw the current path as a line that is seen on any ground.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} color
 */
export function cased(context, color) {
  for (const [stroke, width] of [[SHADE, 3], [color, 1.3]]) {
    Object.assign(context, {strokeStyle: stroke, lineWidth: width});
    context.stroke();
  }
}
