/** @import {Colors} from "../runtime/types.js" */
/** @import {Column, UnitGeometry, UnitSections} from "./types.js" */
import {contextOf} from "../runtime/dom.js";
import {biasBox} from "./geometry.js";

const ACROSS = 32;

/** @typedef {ReturnType<typeof createAtlas>} Atlas */

/** The small maps of all units, coloured once per frame into one offscreen picture. */
export function createAtlas() {
  const context = contextOf(document.createElement("canvas"));
  const {canvas} = context;
  let image = context.createImageData(1, 1);
  let pixels = new Uint32Array(image.data.buffer);
  let tile = 0;

  /**
   * @param {number} units
   * @param {number} side
   */
  function resize(units, side) {
    tile = side;
    canvas.width = Math.min(units, ACROSS) * side;
    canvas.height = Math.ceil(units / ACROSS) * side;
    image = context.createImageData(canvas.width, canvas.height);
    pixels = new Uint32Array(image.data.buffer);
  }

  return {
    /**
     * Colour the maps of a frame.
     *
     * @param {Uint8Array} maps
     * @param {number} side
     * @param {Uint32Array} table
     */
    fill(maps, side, table) {
      const units = maps.length / (side * side);
      if (tile !== side || canvas.width * canvas.height < maps.length) resize(units, side);
      let source = 0;
      for (let unit = 0; unit < units; unit++) {
        let target = Math.floor(unit / ACROSS) * side * canvas.width + (unit % ACROSS) * side;
        for (let row = 0; row < side; row++, target += canvas.width) {
          for (let k = 0; k < side; k++) pixels[target + k] = table[maps[source++]];
        }
      }
      context.putImageData(image, 0, 0);
    },
    /**
     * Copy one unit's map to a square of another canvas.
     *
     * @param {CanvasRenderingContext2D} target
     * @param {number} unit
     * @param {number} x
     * @param {number} y
     * @param {number} side
     */
    draw(target, unit, x, y, side) {
      target.drawImage(canvas, (unit % ACROSS) * tile, Math.floor(unit / ACROSS) * tile, tile, tile, x, y, side, side);
    },
  };
}

/**
 * Draw every hidden and output unit: its map, a frame around it, and the square of its bias.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {UnitGeometry} geometry
 * @param {Atlas} atlas
 * @param {Pick<UnitSections, "biases" | "silenced">} frame
 * @param {Colors} colors
 */
export function drawUnits(context, geometry, atlas, {biases, silenced}, colors) {
  context.strokeStyle = colors.outline;
  for (const column of geometry.columns.slice(1)) {
    context.lineWidth = column.tile > 16 ? 1.5 : 0.5;
    column.ys.forEach((y, i) => {
      const top = y - column.tile / 2;
      atlas.draw(context, column.firstUnit + i, column.left, top, column.tile);
      if (silenced[column.firstUnit + i]) cross(context, column, top, colors);
      context.strokeRect(column.left, top, column.tile, column.tile);
      drawBias(context, biasBox(column, y), colors.links[biases[column.firstUnit + i] & 255].color);
    });
  }
}

/**
 * A unit that a mask of dropout switches off.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Column} column
 * @param {number} top
 * @param {Colors} colors
 */
function cross(context, {left, tile}, top, colors) {
  context.save();
  context.globalAlpha = 0.75;
  context.fillStyle = colors.paper;
  context.fillRect(left, top, tile, tile);
  context.restore();
  context.beginPath();
  context.moveTo(left, top);
  context.lineTo(left + tile, top + tile);
  context.moveTo(left + tile, top);
  context.lineTo(left, top + tile);
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number, side: number}} box
 * @param {string} color
 */
function drawBias(context, {x, y, side}, color) {
  context.fillStyle = color;
  context.fillRect(x, y, side, side);
  if (side > 4) context.strokeRect(x, y, side, side);
}

/**
 * A ring around a unit that is looked at; a bold one when it is pinned.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Column} column
 * @param {number} i
 * @param {string} color
 * @param {boolean} pinned
 */
export function ringUnit(context, column, i, color, pinned) {
  const gap = pinned ? 4 : 3;
  const side = column.tile + 2 * gap;
  context.strokeStyle = color;
  context.lineWidth = pinned ? 3 : 1.5;
  context.strokeRect(column.left - gap, column.ys[i] - side / 2, side, side);
}
