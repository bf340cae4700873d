/** @import {HiddenSections, Picture, Scene, Store} from "./types.js" */
/** @import {Colors} from "../runtime/types.js" */
/** @import {Window} from "./gliding.js" */
import {byteOf, certain} from "../runtime/container.js";
import {clamp, contextOf} from "../runtime/dom.js";
import {signed} from "../runtime/format.js";
import {createGliding} from "./gliding.js";
import {createHiddenControls} from "./hidden_controls.js";
import {layerName} from "./names.js";
import {isOfUnits} from "./views.js";
import {MOST_PLACES, PICTURES} from "./wire.js";

const CELLS = 48; // of the background on a side
const TINT = 0.22;

/** @typedef {{right: (u: number) => number, down: (v: number) => number}} Ways From the plane to pixels. */

/**
 * The input grid and the data as one layer sees them, gliding from one state to the next.
 *
 * @param {Store} store
 * @returns {Picture}
 */
export function createHiddenPicture(store) {
  const gliding = createGliding(store.host.calm);
  const ground = createGround();
  return {
    sections: PICTURES.hidden,
    hasPoints: true,
    controls: createHiddenControls(store),
    paint(context, side, frame) {
      const {mesh, hiddenPoints, line} = /** @type {HiddenSections} */ (frame);
      const {scene} = store.shown;
      const {colors} = store.look;
      const {shown, arrived} = gliding.towards(mesh, hiddenPoints);
      const ways = waysOf(shown.box, side);
      context.fillStyle = colors.wash;
      context.fillRect(0, 0, side, side);
      if (line.length) ground.paint(context, side, line, shown.box, scene, colors);
      drawMesh(context, shown.mesh, ways, colors.edge);
      if (line.length === 3 && scene.task.probabilities) drawLine(context, line, shown.box, ways, colors.ink);
      drawPoints(context, shown.points, ways, Math.max(2.2, 0.011 * side), store);
      if (!arrived) store.repaint();
    },
    describe(u, v, frame) {
      const {shown} = gliding;
      if (!frame || !shown) return ["\u2026", ""];
      const {x, y, width, height} = shown.box;
      return [title(store), `${signed(x + width * (2 * u - 1), 2)}, ${signed(y - height * (2 * v - 1), 2)}`];
    },
  };
}

/** @param {Store} store */
function title(store) {
  const {scene} = store.shown;
  return `${layerName(scene, scene.hidden_space.layer)} ${isOfUnits(store) ? "outputs" : "along its principal axes"}`;
}

/**
 * @param {Window} box
 * @param {number} side
 * @returns {Ways}
 */
const waysOf = ({x, y, width, height}, side) => ({
  right: (u) => (side * ((u - x) / width + 1)) / 2,
  down: (v) => (side * (1 - (v - y) / height)) / 2,
});

/** The network's answer at every place, faintly. */
function createGround() {
  const brush = contextOf(document.createElement("canvas"));
  brush.canvas.width = brush.canvas.height = CELLS;
  const image = brush.createImageData(CELLS, CELLS);
  const pixels = new Uint32Array(image.data.buffer);
  return {
    /**
     * @param {CanvasRenderingContext2D} context
     * @param {number} side
     * @param {Float32Array} line
     * @param {Window} box
     * @param {Scene} scene
     * @param {Colors} colors
     */
    paint(context, side, line, {x, y, width, height}, scene, colors) {
      for (let row = 0; row < CELLS; row++) {
        for (let k = 0; k < CELLS; k++) {
          const u = x + width * ((2 * k + 1) / CELLS - 1);
          const v = y - height * ((2 * row + 1) / CELLS - 1);
          pixels[row * CELLS + k] = tint(scores(line, u, v), scene, colors);
        }
      }
      brush.putImageData(image, 0, 0);
      context.globalAlpha = TINT;
      context.imageSmoothingEnabled = false;
      context.drawImage(brush.canvas, 0, 0, side, side);
      context.globalAlpha = 1;
    },
  };
}

/**
 * @param {Float32Array} line
 * @param {number} u
 * @param {number} v
 */
function scores(line, u, v) {
  const values = [];
  for (let k = 0; k < line.length; k += 3) values.push(line[k] * u + line[k + 1] * v + line[k + 2]);
  return values;
}

/**
 * The colour of the answer at a place, as one pixel.
 *
 * @param {number[]} values
 * @param {Pick<Scene, "task" | "certainties">} scene
 * @param {Pick<Colors, "signed" | "classes">} colors
 */
function tint(values, {task, certainties}, {signed: table, classes}) {
  if (task.exclusive) return classes[certain(values.indexOf(Math.max(...values)), certainties)];
  const value = task.probabilities ? Math.sign(values[0]) : clamp(values[0], -1, 1);
  return table[byteOf(value)];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} mesh
 * @param {Ways} ways
 * @param {string} color
 */
function drawMesh(context, mesh, {right, down}, color) {
  const side = Math.round(Math.sqrt(mesh.length / 2));
  context.strokeStyle = color;
  context.lineWidth = 0.75;
  context.beginPath();
  for (let a = 0; a < side; a++) {
    const row = (/** @type {number} */ b) => 2 * (a * side + b);
    const column = (/** @type {number} */ b) => 2 * (b * side + a);
    for (const at of [row, column]) {
      context.moveTo(right(mesh[at(0)]), down(mesh[at(0) + 1]));
      for (let b = 1; b < side; b++) context.lineTo(right(mesh[at(b)]), down(mesh[at(b) + 1]));
    }
  }
  context.stroke();
}

/**
 * Where the one score is zero.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} line
 * @param {Window} box
 * @param {Ways} ways
 * @param {string} color
 */
function drawLine(context, [a, b, c], {x, y, width, height}, {right, down}, color) {
  const length = Math.hypot(a, b);
  if (!(length > 0)) return;
  const away = (a * x + b * y + c) / length;
  const [nx, ny] = [a / length, b / length];
  const [px, py] = [x - away * nx, y - away * ny];
  const far = 3 * Math.max(width, height);
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(right(px - far * ny), down(py + far * nx));
  context.lineTo(right(px + far * ny), down(py - far * nx));
  context.stroke();
}

/**
 * The first training points, and then the first test points.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} points
 * @param {Ways} ways
 * @param {number} radius
 * @param {Store} store
 */
function drawPoints(context, points, {right, down}, radius, {shown: {scene}, settings, look: {colors}}) {
  const count = points.length / 2;
  const train = Math.min(scene.train, MOST_PLACES);
  for (let k = 0; k < count; k++) {
    const test = k >= train;
    if (test && !settings.now.show_test) continue;
    const point = scene.points[test ? scene.train + k - train : k];
    if (!point) continue;
    context.fillStyle = colors.point(point.label, scene.task);
    context.strokeStyle = test ? colors.testRim : colors.trainRim;
    context.lineWidth = 1;
    context.beginPath();
    context.arc(right(points[2 * k]), down(points[2 * k + 1]), radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}
