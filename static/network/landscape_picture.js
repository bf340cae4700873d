// @ts-nocheck
import {loss} from "../runtime/format.js";

const LEVELS = 12;
const HATCH = 8;

/** What the numbers of a survey stand for. */
export function landscapeOf([low, high, left, right, bottom, top, a, b, distance, step, kind]) {
  return {low, high, left, right, bottom, top, a, b, distance, step, kind};
}

/** The loss around the present weights as a map with contours, and on it the path that training took. */
export function createLandscapePicture(store) {
  const map = document.createElement("canvas");
  const brush = map.getContext("2d");
  let drawn = null;
  let contours = null;

  function draw(heights, colors) {
    const side = Math.round(Math.sqrt(heights.length));
    map.width = map.height = side;
    const image = brush.createImageData(side, side);
    const pixels = new Uint32Array(image.data.buffer);
    heights.forEach((code, k) => { pixels[k] = colors.heights[code]; });
    brush.putImageData(image, 0, 0);
    contours = contoursOf(heights, side);
    drawn = {heights, colors};
  }

  return {
    paint(context, side, {heights, landscapeView, path}) {
      const {colors} = store;
      if (drawn?.colors !== colors || !same(drawn.heights, heights)) draw(heights, colors);
      const {left, right, bottom, top, a, b} = landscapeOf(landscapeView);
      const across = (u) => (side * (u - left)) / (right - left);
      const down = (v) => side * (1 - (v - bottom) / (top - bottom));
      const cells = map.width;
      context.imageSmoothingEnabled = true;
      // Pixels stand for the points of the grid: the outermost ones lie on the rim.
      const inset = side / (cells - 1) / 2;
      context.drawImage(map, -inset, -inset, side + 2 * inset, side + 2 * inset);
      hatch(context, heights, cells, side, colors.soft);
      context.strokeStyle = colors.contour;
      context.lineWidth = 0.75;
      context.beginPath();
      for (const [x0, y0, x1, y1] of contours) {
        context.moveTo((x0 / (cells - 1)) * side, (y0 / (cells - 1)) * side);
        context.lineTo((x1 / (cells - 1)) * side, (y1 / (cells - 1)) * side);
      }
      context.stroke();
      drawPath(context, path, across, down, [a, b], colors);
    },
    describe(u, v, {heights, landscapeView}) {
      const {low, high, left, right, bottom, top} = landscapeOf(landscapeView);
      const side = Math.round(Math.sqrt(heights.length));
      const at = (share) => Math.min(side - 1, Math.max(0, Math.round(share * (side - 1))));
      const code = heights[at(v) * side + at(u)];
      const value = code ? `Training loss ${loss(low * (high / low) ** ((code - 1) / 254))}` : "Loss not finite";
      const place = [left + u * (right - left), top - v * (top - bottom)];
      return [value, `${place[0].toFixed(2)}, ${place[1].toFixed(2)} on the plane`.replaceAll("-", "\u2212")];
    },
  };
}

const same = (a, b) => a === b || (a?.length === b.length && a.every((value, k) => value === b[k]));

/** Straight pieces of the lines of equal height, in cells of the grid; corners without a height have none. */
function contoursOf(heights, side) {
  const lines = [];
  for (let level = 1; level < LEVELS; level++) {
    const limit = 1 + (254 * level) / LEVELS;
    for (let row = 0; row + 1 < side; row++) {
      for (let k = 0; k + 1 < side; k++) {
        const corners = [[k, row], [k + 1, row], [k + 1, row + 1], [k, row + 1]];
        const values = corners.map(([x, y]) => heights[y * side + x]);
        if (values.includes(0)) continue;
        const cuts = [];
        for (let edge = 0; edge < 4; edge++) {
          const [from, to] = [values[edge], values[(edge + 1) % 4]];
          if (from < limit === to < limit) continue;
          const share = (limit - from) / (to - from);
          const [[x0, y0], [x1, y1]] = [corners[edge], corners[(edge + 1) % 4]];
          cuts.push([x0 + share * (x1 - x0), y0 + share * (y1 - y0)]);
        }
        for (let k = 0; k + 1 < cuts.length; k += 2) lines.push([...cuts[k], ...cuts[k + 1]]);
      }
    }
  }
  return lines;
}

function hatch(context, heights, cells, side, color) {
  if (!heights.includes(0)) return;
  const step = side / (cells - 1);
  context.strokeStyle = color;
  context.lineWidth = 0.75;
  context.beginPath();
  heights.forEach((code, k) => {
    if (code) return;
    const [x, y] = [(k % cells) * step, Math.floor(k / cells) * step];
    context.moveTo(x - HATCH / 2, y + HATCH / 2);
    context.lineTo(x + HATCH / 2, y - HATCH / 2);
  });
  context.stroke();
}

function drawPath(context, path, across, down, [a, b], colors) {
  context.strokeStyle = colors.path;
  context.lineWidth = 2;
  context.lineJoin = "round";
  context.beginPath();
  for (let k = 0; k < path.length; k += 2) context.lineTo(across(path[k]), down(path[k + 1]));
  context.lineTo(across(a), down(b));
  context.stroke();
  dot(context, across(path[0]), down(path[1]), 3, colors.path, colors.paper);
  dot(context, across(a), down(b), 6, colors.paper, colors.path);
}

function dot(context, x, y, radius, fill, rim) {
  context.fillStyle = fill;
  context.strokeStyle = rim;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}
