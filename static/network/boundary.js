// @ts-nocheck
import {valueOf} from "../runtime/container.js";
import {element, fitCanvas, setText} from "../runtime/dom.js";
import {percent, signed} from "../runtime/format.js";
import {sameTarget} from "./focus.js";
import {hasPicture} from "./frame.js";
import {unitTitle} from "./names.js";

const DOT = 0.011; // radius of a data point as a share of the picture's side

/**
 * The large picture: the network's output, or the unit that is looked at, with the data points on it; or one of
 * `others`, by name, each with paint(context, side, frame) and describe(u, v, frame).
 */
export function createBoundary(store, focus, atlas, tips, others) {
  const heading = element("h2", {"aria-live": "polite"});
  const canvas = element("canvas", {
    class: "boundary", role: "img",
    "aria-label": "The network's output for every point of the plane, and the data points.",
  });
  const picture = document.createElement("canvas");
  const points = document.createElement("canvas");
  const brush = picture.getContext("2d");
  let context = null;
  let image = null;
  let pixels = null;
  let side = 0;

  /** The frame's large map is the wanted one: output when no unit is wanted, else that very unit. */
  function isCurrent(frame) {
    const unit = focus.unit;
    const drawn = frame.focus?.kind === "unit" ? frame.focus : null;
    return unit && drawn ? sameTarget(unit, drawn) : !unit && !drawn;
  }

  /** Until the wanted large map arrives, the small one of the same unit stands in. */
  function standIn() {
    const {scene, geometry} = store;
    if (focus.unit?.layer === 0) return null;
    if (geometry.strip) return null;
    if (focus.unit) return geometry.columns[focus.unit.layer].firstUnit + focus.unit.i;
    return scene.layers.at(-1).units === 1 ? geometry.columns.at(-1).firstUnit : null;
  }

  function colorize(bytes) {
    const table = showsClasses() ? store.colors.classes : store.colors.signed;
    const pixelsAcross = Math.round(Math.sqrt(bytes.length));
    if (pixelsAcross !== picture.width) resize(pixelsAcross);
    for (let k = 0; k < bytes.length; k++) pixels[k] = table[bytes[k]];
    brush.putImageData(image, 0, 0);
  }

  /** Large networks, and many at once, are drawn with fewer pixels. */
  function resize(across) {
    picture.width = picture.height = across;
    image = brush.createImageData(across, across);
    pixels = new Uint32Array(image.data.buffer);
  }

  const isSpread = () => !focus.unit && store.catalog.views.find(({name}) => name === store.settings.view)?.spread;
  const showsClasses = () => store.scene.task === "multiclass" && !focus.unit && !isSpread();
  const other = () => (focus.unit ? null : others[store.settings.picture] ?? null);

  function describe(event) {
    const {scene, frame} = store;
    const u = event.offsetX / canvas.clientWidth;
    const v = event.offsetY / canvas.clientHeight;
    if (other()) return frame && hasPicture(frame, store.settings.picture) ? other().describe(u, v, frame) : ["\u2026", ""];
    const x = scene.extent * (2 * u - 1);
    const y = scene.extent * (1 - 2 * v);
    const across = picture.width;
    const cell = (share) => Math.min(across - 1, Math.max(0, Math.floor(share * across)));
    const known = frame?.boundary && isCurrent(frame);
    const value = known ? valueText(frame.boundary[cell(v) * across + cell(u)], frame.scalars.scale) : "\u2026";
    return [value, `x\u2081 ${signed(x, 2)}  x\u2082 ${signed(y, 2)}`];
  }

  function valueText(byte, scale) {
    const {task, classes} = store.scene;
    if (isSpread()) return `Spread ${signed(scale * valueOf(byte), 2)}`;
    if (focus.unit || task === "regression") return `Value ${signed(scale * valueOf(byte), 2)}`;
    if (task === "binary") return `Probability of blue ${percent((valueOf(byte) + 1) / 2)}`;
    const chance = 1 / classes;
    return `Class ${(byte >> 5) + 1}, probability ${percent(chance + ((1 - chance) * (byte & 31)) / 31)}`;
  }

  canvas.addEventListener("pointermove", (event) => store.scene && tips.show(event, describe(event)));
  canvas.addEventListener("pointerleave", tips.hide);

  return {
    heading,
    canvas,
    update() {
      const {scene} = store;
      side = canvas.clientWidth;
      context = fitCanvas(canvas, side, side, {alpha: false});
      resize(scene.grid);
      drawPoints(fitCanvas(points, side, side), side, store);
    },
    paint(frame) {
      setText(heading, focus.unit ? unitTitle(store.scene, focus.unit) : "");
      const {picture: wanted} = store.settings;
      if (!hasPicture(frame, other() ? wanted : "output")) {
        context.fillStyle = store.colors.wash; // until it arrives
        context.fillRect(0, 0, side, side);
        return;
      }
      if (other()) {
        other().paint(context, side, frame);
        return;
      }
      context.imageSmoothingEnabled = !store.scene.settings.discretize;
      const unit = standIn();
      if (isCurrent(frame)) colorize(frame.boundary);
      if (isCurrent(frame) || unit === null) context.drawImage(picture, 0, 0, side, side);
      else atlas.draw(context, unit, 0, 0, side);
      context.drawImage(points, 0, 0, side, side);
    },
  };
}

/** Training points have a light rim, test points a dark one. */
function drawPoints(context, side, {scene, colors}) {
  const radius = Math.max(2.2, DOT * side);
  const place = (value) => (side * (value / scene.extent + 1)) / 2;
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
