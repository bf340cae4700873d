// @ts-nocheck
import {clamp} from "../runtime/dom.js";
import {signed} from "../runtime/format.js";
import {layerName} from "./names.js";

const EASE = 0.3; // share of the way that points go in one picture
const NEAR = 0.002; // of the window
const MARGIN = 0.07;
const CELLS = 48; // of the background on a side
const TINT = 0.22;
const FLATTEST = 4; // times that one axis may be stretched more than the other

/** The input grid and the data as one layer sees them, gliding from one sight to the next. */
export function createHiddenPicture(store) {
  const ground = document.createElement("canvas");
  ground.width = ground.height = CELLS;
  const brush = ground.getContext("2d");
  const image = brush.createImageData(CELLS, CELLS);
  let shown = null; // what is on its way: positions and window

  /** Move what is shown towards what is wanted; returns whether it has arrived. */
  function glide({mesh, places}) {
    const wanted = {mesh, places, box: windowOf(mesh, places)};
    const fits = shown?.mesh.length === mesh.length && shown.places.length === places.length;
    if (!fits || store.calm.matches) {
      shown = {mesh: mesh.slice(), places: places.slice(), box: {...wanted.box}};
      return true;
    }
    const near = NEAR * Math.min(wanted.box.width, wanted.box.height);
    let arrived = approach(shown.mesh, mesh, near);
    arrived = approach(shown.places, places, near) && arrived;
    for (const key of Object.keys(wanted.box)) {
      const way = wanted.box[key] - shown.box[key];
      if (Math.abs(way) > near) arrived = false;
      shown.box[key] += Math.abs(way) > near ? EASE * way : way;
    }
    return arrived;
  }

  function paintGround(line) {
    const {scene, colors} = store;
    const pixels = new Uint32Array(image.data.buffer);
    const {x, y, width, height} = shown.box;
    for (let row = 0; row < CELLS; row++) {
      for (let k = 0; k < CELLS; k++) {
        const u = x + width * ((2 * k + 1) / CELLS - 1);
        const v = y - height * ((2 * row + 1) / CELLS - 1);
        pixels[row * CELLS + k] = tint(scores(line, u, v), scene, colors);
      }
    }
    brush.putImageData(image, 0, 0);
  }

  return {
    paint(context, side, {mesh, places, line}) {
      const arrived = glide({mesh, places});
      const {colors, scene, settings} = store;
      const {x, y, width, height} = shown.box;
      const right = (u) => (side * ((u - x) / width + 1)) / 2;
      const down = (v) => (side * (1 - (v - y) / height)) / 2;
      context.fillStyle = colors.wash;
      context.fillRect(0, 0, side, side);
      if (line.length) {
        paintGround(line);
        context.globalAlpha = TINT;
        context.imageSmoothingEnabled = false;
        context.drawImage(ground, 0, 0, side, side);
        context.globalAlpha = 1;
      }
      drawMesh(context, shown.mesh, right, down, colors.edge);
      if (line.length === 3 && scene.task === "binary") drawLine(context, line, shown.box, right, down, colors.ink);
      drawPlaces(context, shown.places, right, down, side, store, settings.show_test);
      if (!arrived) store.repaint();
    },
    describe(u, v) {
      if (!shown) return ["\u2026", ""];
      const {x, y, width, height} = shown.box;
      return [title(store), `${signed(x + width * (2 * u - 1), 2)}, ${signed(y - height * (2 * v - 1), 2)}`];
    },
  };
}

const title = ({scene, settings}) => {
  const layer = Math.min(settings.hidden_layer, scene.layers.length - 2);
  return `${layerName(scene, layer)} ${settings.hidden_axes === "units" ? "outputs" : "along its principal axes"}`;
};

function approach(from, to, near) {
  let arrived = true;
  for (let k = 0; k < from.length; k++) {
    const way = to[k] - from[k];
    if (Math.abs(way) <= near) from[k] = to[k];
    else {
      from[k] += EASE * way;
      arrived = false;
    }
  }
  return arrived;
}

/** What holds everything, with a margin: its centre, half its width and half its height. */
function windowOf(...parts) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const part of parts) {
    for (let k = 0; k < part.length; k++) {
      low[k & 1] = Math.min(low[k & 1], part[k]);
      high[k & 1] = Math.max(high[k & 1], part[k]);
    }
  }
  const spans = [0, 1].map((k) => (high[k] - low[k]) / 2);
  const least = Math.max(...spans, 1e-9) / FLATTEST;
  const [width, height] = spans.map((span) => (1 + 2 * MARGIN) * Math.max(span, least));
  return {x: (low[0] + high[0]) / 2, y: (low[1] + high[1]) / 2, width, height};
}

function scores(line, u, v) {
  const values = [];
  for (let k = 0; k < line.length; k += 3) values.push(line[k] * u + line[k + 1] * v + line[k + 2]);
  return values;
}

/** The colour of the answer at a place, as one pixel. */
function tint(values, {task}, {signed: table, classes}) {
  if (task === "multiclass") return classes[(values.indexOf(Math.max(...values)) << 5) | 31];
  const value = task === "binary" ? Math.sign(values[0]) : clamp(values[0], -1, 1);
  return table[Math.round(128 + 127 * value)];
}

function drawMesh(context, mesh, right, down, color) {
  const side = Math.round(Math.sqrt(mesh.length / 2));
  context.strokeStyle = color;
  context.lineWidth = 0.75;
  context.beginPath();
  for (let a = 0; a < side; a++) {
    for (const at of [(b) => 2 * (a * side + b), (b) => 2 * (b * side + a)]) {
      context.moveTo(right(mesh[at(0)]), down(mesh[at(0) + 1]));
      for (let b = 1; b < side; b++) context.lineTo(right(mesh[at(b)]), down(mesh[at(b) + 1]));
    }
  }
  context.stroke();
}

/** Where the one score is zero. */
function drawLine(context, [a, b, c], {x, y, width, height}, right, down, color) {
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

/** Training points come first, as many as fit; of test points likewise. */
function drawPlaces(context, places, right, down, side, {scene, colors}, showTest) {
  const count = places.length / 2;
  const most = count / 2;
  const train = Math.min(scene.train, Math.max(most, count - scene.test));
  const radius = Math.max(2.2, 0.011 * side);
  for (let k = 0; k < count; k++) {
    const test = k >= train;
    if (test && !showTest) continue;
    const point = scene.points[test ? scene.train + k - train : k];
    if (!point) continue;
    context.fillStyle = colors.point(point.label, scene.task);
    context.strokeStyle = test ? colors.testRim : colors.trainRim;
    context.lineWidth = 1;
    context.beginPath();
    context.arc(right(places[2 * k]), down(places[2 * k + 1]), radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}
