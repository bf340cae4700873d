// @ts-nocheck
import {drawHeads, headOf} from "./heads.js";
import {drawPicture} from "./picture.js";
import {createStart} from "./start.js";
import {createPaths} from "./tracks.js";
import {element, fitCanvas, setAttribute} from "../runtime/dom.js";
import {grouped} from "../runtime/format.js";

const NEAR = 11; // px at which the pointer is on a head or a star
const MINUS = "\u2212";

/** The surface from above, with the racers' paths and heads on it and the start, which can be moved. */
export function createMap(store, track, tips) {
  const ground = element("canvas", {role: "img"});
  const canvas = element("canvas", {class: "top", tabindex: 0, role: "application"});
  const paths = createPaths(track);
  const start = createStart(store, canvas, () => plane);
  let context = null;
  let plane = null;
  let over = null; // where the pointer is
  let known = ""; // what the ground was drawn for
  let drawn = null; // and its map

  function look(event) {
    const {offsetX, offsetY} = event; // those of an old event may change
    over = {offsetX, offsetY};
    if (plane) tips.show(event, start.isHeld ? describeStart() : describe(over));
  }

  function leave() {
    over = null;
    tips.hide();
  }

  const describeStart = () => {
    const [x, y] = start.place;
    return [`Start ${pair([x, y])}`, heightText(plane.across(x), plane.down(y))];
  };

  /** What is under the pointer: a head, a star, or a place of the surface. */
  function describe({offsetX, offsetY}) {
    const {scene, view} = store;
    const near = (x, y) => Math.hypot(x - offsetX, y - offsetY) < NEAR;
    for (const racer of racersOnTop(store)) {
      const head = headOf(store, track, plane, racer);
      if (!near(head.x, head.y)) continue;
      const words = head.ended ? store.frame.fates[racer] : `step ${grouped(view.cursor)}`;
      return [scene.racers[racer].label, `${words}, loss ${number(track.value(view.cursor, racer))}`];
    }
    const star = scene.surface.minima.find(([x, y]) => near(plane.across(x), plane.down(y)));
    if (star) return [`Global minimum ${pair(star)}`, heightText(plane.across(star[0]), plane.down(star[1]))];
    const place = [plane.x(offsetX), plane.y(offsetY)];
    return [heightText(offsetX, offsetY), pair(place)];
  }

  function heightText(px, py) {
    const value = heightAt(store.scene, px / plane.width, py / plane.height);
    return value === null ? "f is not finite here" : `f \u2248 ${number(value, 2)}`;
  }

  /** From where the paths end, a step before the cursor, to the heads. */
  function drawPieces(step) {
    store.scene.racers.forEach(({color, shown}, racer) => {
      if (!shown) return;
      const {x, y} = headOf(store, track, plane, racer);
      paths.begin(context, color, [plane.across(track.x(step, racer)), plane.down(track.y(step, racer)), x, y]);
    });
  }

  canvas.addEventListener("pointermove", look);
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener("pointerup", ({pointerType}) => pointerType !== "mouse" && leave());

  return {
    element: element("div", {class: "race-map"}, ground, canvas),
    /** There may be another size, theme or surface; the ground takes too long to draw it for less. */
    update() {
      const surface = store.scene?.surface;
      const {clientWidth: width, clientHeight: height} = canvas;
      if (!surface || !width || !height) {
        plane = null;
        return;
      }
      const {box, minima, label, text} = surface;
      const wanted = [width, height, window.devicePixelRatio, store.theme, box, minima].join();
      if (plane && wanted === known && store.scene.map === drawn) return;
      [known, drawn] = [wanted, store.scene.map];
      plane = createPlane(box, width, height);
      context = plane.fit(canvas);
      drawPicture(ground, plane, store);
      setAttribute(ground, "aria-label", `Map of ${label}: ${text}`);
      setAttribute(canvas, "aria-label", "Paths of the racers. Arrow keys move the start, with Shift by less.");
    },
    paint() {
      if (!plane) return;
      context.clearRect(0, 0, plane.width, plane.height);
      if (track.length && track.n === store.scene.racers.length) {
        const cursor = Math.min(store.view.cursor, track.length - 1);
        store.view.glide = glideOf(store);
        const gliding = store.view.glide < 1;
        if (!paths.paint(context, plane, store.scene.racers, cursor - gliding) || gliding) store.repaint();
        if (gliding) drawPieces(cursor - 1);
        drawHeads(context, plane, store, track);
      }
      const [x, y] = start.place;
      drawRing(context, plane.across(x), plane.down(y));
      if (over) tips.write(start.isHeld ? describeStart() : describe(over));
    },
    answered: start.answered,
  };
}

/** How much of the newest step the heads have gone: while it plays slowly they glide from one place to the next. */
function glideOf({view: {since, span}, calm}) {
  return span && !calm.matches ? Math.min(1, (performance.now() - since) / span) : 1;
}

let planes = 0;

/** From the surface's plane to px on a map and back; both axes fill the map. */
function createPlane([[left, right], [bottom, top]], width, height) {
  const [perX, perY] = [width / (right - left), height / (top - bottom)];
  return {
    id: ++planes, width, height, perX, perY,
    across: (x) => (x - left) * perX,
    down: (y) => (top - y) * perY,
    x: (px) => left + px / perX,
    y: (py) => top - py / perY,
    /** Make a canvas as large as the map; returns its context. */
    fit: (canvas, options) => fitCanvas(canvas, width, height, options),
  };
}

/** The value at a place of the map, both shares from the upper left; null where it is not finite. */
function heightAt({map, mapSize, surface}, u, v) {
  const cell = (share) => Math.min(mapSize - 1, Math.max(0, Math.round(share * (mapSize - 1))));
  const byte = map[cell(v) * mapSize + cell(u)];
  if (!byte) return null;
  const {low, unit, span} = surface.scale;
  const share = (byte - 1) / 254;
  return unit > 0 && span > 0 ? low + unit * Math.expm1(share * span) : low + share * span;
}

/** The selected racer first, then as they lie upon one another. */
function racersOnTop({scene, settings}) {
  const shown = scene.racers.map((_, racer) => racer).filter((racer) => scene.racers[racer].shown).reverse();
  return shown.sort((a, b) => (b === settings.selected) - (a === settings.selected));
}

const pair = (place) => `(${place.map((value) => number(value)).join(", ")})`;

/** Three digits that mean something: "0.0149", "−1.2", "3.4e5". */
function number(value, digits = 3) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "\u2013" : value < 0 ? `${MINUS}\u221e` : "\u221e";
  const size = Math.abs(value);
  const extreme = size > 0 && (size < 1e-3 || size >= 1e5);
  const text = extreme ? value.toExponential(1) : String(Number(value.toPrecision(digits)));
  return text.replace("e+", "e").replaceAll("-", MINUS);
}

/** Dashes of white on a dark ring are seen on any ground. */
function drawRing(context, x, y) {
  context.beginPath();
  context.arc(x, y, 9.5, 0, 2 * Math.PI);
  Object.assign(context, {strokeStyle: "rgb(11 22 34 / 75%)", lineWidth: 3.6, lineCap: "butt"});
  context.stroke();
  context.setLineDash([4, 3.46]);
  Object.assign(context, {strokeStyle: "#ffffff", lineWidth: 1.8});
  context.stroke();
  context.setLineDash([]);
}
