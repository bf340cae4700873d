// @ts-nocheck
const BANDS = 14;
const STEP = BANDS / 254; // bands that a byte of the map stands for
const EDGE = 1.35; // device pixels from a contour line at which nothing of it is seen
const HATCH = 7; // px between the lines over places where the surface is not finite
const STAR = 10;
const TICKS = 7; // about so many numbers along an edge

/** From the lowest band to the highest; contour lines are of another tone; hatching is two tones of grey. */
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
 * Heights of the map, in bands; `known` is 0 where there is none. A byte is a step, and on gentle slopes a wide one,
 * so that contours would follow cells: means over ever farther neighbours that differ by one step at most undo this.
 */
function createRelief(bytes, size) {
  const heights = Float32Array.from(bytes, (byte) => Math.max(0, byte - 1) * STEP);
  const known = Float32Array.from(bytes, (byte) => (byte ? 1 : 0));
  const whole = !bytes.includes(0);
  if (!whole) spread(heights, known, size);
  for (const reach of [1, 2, 4]) {
    level(heights, known, reach, 1, (k) => k % size, size);
    level(heights, known, reach, size, (k) => Math.floor(k / size), size);
  }
  return {heights, known, size, whole};
}

/** Give unknown cells beside known ones a height, so that pixels between the two have one. */
function spread(heights, known, size) {
  for (let k = 0; k < heights.length; k++) {
    if (known[k]) continue;
    const beside = [k - size - 1, k - size, k - size + 1, k - 1, k + 1, k + size - 1, k + size, k + size + 1];
    const found = beside.filter((cell) => known[cell] && Math.abs((cell % size) - (k % size)) <= 1);
    if (found.length) heights[k] = found.reduce((sum, cell) => sum + heights[cell], 0) / found.length;
  }
}

/** Replace every height by the mean of it and two others (1, 2, 1), as far as these are about as high. */
function level(heights, known, reach, stride, placeOf, size) {
  const old = heights.slice();
  for (let k = 0; k < old.length; k++) {
    const place = placeOf(k);
    const offset = stride * Math.min(reach, place, size - 1 - place); // less near the rim
    const [before, after] = [old[k - offset] - old[k], old[k + offset] - old[k]];
    if (Math.abs(before) > 1.5 * STEP || Math.abs(after) > 1.5 * STEP) continue;
    if (known[k] && known[k - offset] && known[k + offset]) heights[k] = old[k] + (before + after) / 4;
  }
}

let latest = null; // the relief that was drawn last

/** Paint a surface: bands of one hue with thin lines between them, stars at the minima, numbers along two edges. */
export function drawPicture(canvas, plane, {scene, theme, colors}) {
  const context = plane.fit(canvas, {alpha: false});
  if (latest?.map !== scene.map) latest = {map: scene.map, relief: createRelief(scene.map, scene.mapSize)};
  context.putImageData(shade(canvas, latest.relief, THEMES[theme], context), 0, 0);
  drawTicks(context, plane, scene.surface.box, colors);
  for (const [x, y] of scene.surface.minima) drawStar(context, plane.across(x), plane.down(y));
}

/** One colour for every device pixel, between the four cells around it. */
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

function blendOf(cells, k, size, u, v) {
  const above = cells[k] + u * (cells[k + 1] - cells[k]);
  return above + v * (cells[k + size] + u * (cells[k + size + 1] - cells[k + size]) - above);
}

/** The colour of a height, in bands, where it changes by `slope` bands a pixel. */
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

const limit = (share) => Math.min(1, Math.max(0, share));
const mix = (from, to, share) => from.map((value, k) => value + (to[k] - value) * share);
const pack = ([r, g, b]) => (0xff000000 | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;

/** White with a dark rim, so that it stands out from deep and from pale ground. */
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

/** A few round numbers along the left and the bottom edge, clear of the corner where the two meet. */
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

/** Text with a rim, so that it can be read on any ground. */
function write(context, text, x, y) {
  context.globalAlpha = 0.75;
  context.strokeText(text, x, y);
  context.globalAlpha = 1;
  context.fillText(text, x, y);
}

/** Round numbers between two limits and how they are written. */
function ticksOf(low, high) {
  const rough = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999);
  const digits = Math.max(0, -Math.floor(Math.log10(step * 1.001)));
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({length: Math.max(0, count)}, (_, k) => {
    const value = (first + k) * step;
    return [value, value.toFixed(digits).replace("-", "\u2212")];
  });
}
