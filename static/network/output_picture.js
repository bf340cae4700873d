/** @import {Focus} from "./focus.js" */
/** @import {Network} from "./network.js" */
/** @import {Atlas} from "./units.js" */
/** @import {Frame, OutputSections, Picture, Scene, SquareAxis, Store} from "./types.js" */
/** @import {Colors} from "../runtime/types.js" */
import {classOf, valueOf} from "../runtime/container.js";
import {contextOf, fitCanvas} from "../runtime/dom.js";
import {percent, signed} from "../runtime/format.js";
import {sameTarget} from "./focus.js";
import {createOutputControls} from "./output_controls.js";
import {isSpread} from "./views.js";
import {KIND, PICTURES} from "./wire.js";

const DOT = 0.011; // radius of a data point as a share of the picture's side

/** @typedef {Pick<Scene, "task" | "classes" | "certainties" | "class_names">} Answers */
/** @typedef {{scene: Answers, isUnit: boolean, spread: boolean}} Meaning */

/**
 * The network's output, or the unit that is looked at, for every point of the plane, with the data points on it.
 *
 * @param {Store} store
 * @param {Focus} focus
 * @param {Atlas} atlas
 * @param {Pick<Network, "geometry">} network
 * @returns {Picture}
 */
export function createOutputPicture(store, focus, atlas, network) {
  const map = createMap();
  const points = document.createElement("canvas");

  const meaning = () => ({scene: store.shown.scene, isUnit: focus.unit !== null, spread: isSpread(store)});

  /**
   * The frame's large map is the wanted one: output when no unit is wanted, else that very unit.
   *
   * @param {Frame} frame
   */
  function isCurrent(frame) {
    const unit = focus.unit;
    const drawn = frame.focus?.kind === KIND.unit ? frame.focus : null;
    return unit && drawn ? sameTarget(unit, drawn) : !unit && !drawn;
  }

  /** Until the wanted large map arrives, the small one of the same unit stands in. */
  function standIn() {
    const {layers} = store.shown.scene;
    const {geometry} = network;
    if (focus.unit?.layer === 0 || geometry.strip) return null;
    const {layer, i} = focus.unit ?? {layer: layers.length - 1, i: 0};
    return focus.unit || layers[layer].units === 1 ? geometry.columns[layer].firstUnit + i : null;
  }

  return {
    sections: PICTURES.output,
    hasPoints: true,
    controls: createOutputControls(store),
    update(side) {
      const {scene} = store.shown;
      map.resize(scene.grid);
      drawPoints(fitCanvas(points, side, side), side, scene, store.look.colors);
    },
    paint(context, side, frame) {
      const {boundary} = /** @type {OutputSections} */ (frame);
      const {colors} = store.look;
      const {scene} = store.shown;
      const unit = standIn();
      context.imageSmoothingEnabled = !scene.settings.discretize;
      if (isCurrent(frame)) map.fill(boundary, showsClasses(meaning()) ? colors.classes : colors.signed);
      if (isCurrent(frame) || unit === null) context.drawImage(map.canvas, 0, 0, side, side);
      else atlas.draw(context, unit, 0, 0, side);
      context.drawImage(points, 0, 0, side, side);
    },
    describe(u, v, frame) {
      const {extent, axes: [across, up]} = store.shown.scene;
      const byte = frame?.boundary && isCurrent(frame) ? byteAt(frame.boundary, u, v) : null;
      const value = frame && byte !== null ? valueText(byte, frame.scalars.scale, meaning()) : "\u2026";
      return [value, `${coordinateText(across, extent * (2 * u - 1))}  ${coordinateText(up, extent * (1 - 2 * v))}`];
    },
  };
}

/**
 * What a point of the square is along one of its axes.
 *
 * @param {SquareAxis} axis
 * @param {number} at From minus the extent of the square to this.
 */
export const coordinateText = ({label, middle, step, digits}, at) => `${label} ${signed(middle + step * at, digits)}`;

/** @type {(meaning: Meaning) => boolean} */
const showsClasses = ({scene, isUnit, spread}) => scene.task.exclusive && !isUnit && !spread;

/**
 * @param {Uint8Array} bytes
 * @param {number} u
 * @param {number} v
 */
function byteAt(bytes, u, v) {
  const across = Math.round(Math.sqrt(bytes.length));
  const cell = (/** @type {number} */ share) => Math.min(across - 1, Math.max(0, Math.floor(share * across)));
  return bytes[cell(v) * across + cell(u)];
}

/**
 * What one pixel of the map says.
 *
 * @param {number} byte
 * @param {number} scale What the brightest colour stands for.
 * @param {Meaning} meaning
 */
export function valueText(byte, scale, {scene: {task, classes, certainties, class_names: names}, isUnit, spread}) {
  if (!isUnit && spread) return `Spread ${signed(scale * valueOf(byte), 2)}`;
  if (isUnit || !task.probabilities) return `Value ${signed(scale * valueOf(byte), 2)}`;
  if (!task.exclusive) {
    return `Probability of ${names[1] ? `${names[1]} (blue)` : "blue"} ${percent((valueOf(byte) + 1) / 2)}`;
  }
  const chance = 1 / classes;
  const {number, certainty} = classOf(byte, certainties);
  return `Class ${names[number] ?? number + 1}, probability ${percent(chance + (1 - chance) * certainty)}`;
}

/** A square picture with one pixel for each byte of a map. */
function createMap() {
  const brush = contextOf(document.createElement("canvas"));
  const {canvas} = brush;
  let image = brush.createImageData(1, 1);
  let pixels = new Uint32Array(image.data.buffer);

  /**
   * Large networks, and many at once, are drawn with fewer pixels.
   *
   * @param {number} across
   */
  function resize(across) {
    canvas.width = canvas.height = across;
    image = brush.createImageData(across, across);
    pixels = new Uint32Array(image.data.buffer);
  }

  return {
    canvas, resize,
    /**
     * @param {Uint8Array} bytes
     * @param {Uint32Array} table
     */
    fill(bytes, table) {
      const across = Math.round(Math.sqrt(bytes.length));
      if (across !== canvas.width) resize(across);
      for (let k = 0; k < bytes.length; k++) pixels[k] = table[bytes[k]];
      brush.putImageData(image, 0, 0);
    },
  };
}

/**
 * Training points have a light rim, test points a dark one.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} side
 * @param {Scene} scene
 * @param {Colors} colors
 */
function drawPoints(context, side, scene, colors) {
  const radius = Math.max(2.2, DOT * side);
  const place = (/** @type {number} */ value) => (side * (value / scene.extent + 1)) / 2;
  for (const {x, y, label, test} of scene.points) {
    if (test && !scene.settings.show_test) continue;
    context.fillStyle = colors.point(label, scene.task);
    context.strokeStyle = test ? colors.testRim : colors.trainRim;
    context.beginPath();
    context.arc(place(x), place(-y), radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}
