import {drawHeads} from "./heads.js";
import {describe, describeStart} from "./map_words.js";
import {createPaths} from "./paths.js";
import {createPicture} from "./picture.js";
import {createPlane} from "./plane.js";
import {spotsOf} from "./spots.js";
import {createStart} from "./start.js";
import {element, setAttribute} from "../runtime/dom.js";

/** @import {Highlight, Offset, RaceStore, SurfaceScene} from "./types.js" */
/** @import {Words} from "./map_words.js" */
/** @import {Plane} from "./plane.js" */
/** @import {Track} from "./track.js" */
/** @import {RaceView} from "./view.js" */
/** @typedef {ReturnType<typeof import("../runtime/tips.js").createTips>} Tips */
/** @typedef {{plane: Plane, context: CanvasRenderingContext2D, map: Uint8Array}} Drawing where and for which heights */

/**
 * The surface from above, with the racers' paths and heads on it and the start, which can be moved.
 *
 * @param {RaceStore} store
 * @param {Track} track
 * @param {RaceView} view
 * @param {() => Highlight | null} highlight the vector that the update card speaks of
 * @param {Tips} tips
 */
export function createMap(store, track, view, highlight, tips) {
  const ground = element("canvas", {role: "img"});
  const canvas = element("canvas", {class: "top", tabindex: 0, role: "application"});
  const picture = createPicture(ground);
  const paintRacers = createRacersPainter(store, track, view, highlight);
  /** @type {Drawing | null} */
  let drawing = null;
  let known = ""; // what the ground was drawn for
  const start = createStart(store, canvas, () => drawing?.plane ?? null);
  const hover = createHover(canvas, tips, (pointer) => {
    const {shown: {scene, frame}, settings: {now: settings}} = store;
    if (!drawing || !scene.surface) return null;
    if (start.isHeld) return describeStart(scene, drawing.plane, start.place);
    return describe({scene, settings, frame}, view, track, drawing.plane, pointer);
  });

  /** @param {SurfaceScene} scene */
  function redraw({surface, map}) {
    const {clientWidth: width, clientHeight: height} = canvas;
    const {box, minima, label, text} = surface;
    const wanted = [width, height, window.devicePixelRatio, store.look.theme, box, minima].join();
    if (drawing && wanted === known && map === drawing.map) return;
    known = wanted;
    const plane = createPlane(box, width, height);
    drawing = {plane, context: plane.fit(canvas), map};
    picture.draw(plane, surface, map, store.look);
    setAttribute(ground, "aria-label", `Map of ${label}: ${text}`);
    setAttribute(canvas, "aria-label", "Paths of the racers. Arrow keys move the start, with Shift by less.");
  }

  return {
    element: element("div", {class: "race-map"}, ground, canvas),
    /** There may be another size, theme or surface; the ground takes too long to draw it for less. */
    update() {
      const {scene} = store.shown;
      if (scene.surface && canvas.clientWidth && canvas.clientHeight) redraw(scene);
      else drawing = null;
    },
    paint() {
      if (!drawing) return;
      const {context, plane} = drawing;
      context.clearRect(0, 0, plane.width, plane.height);
      paintRacers(context, plane);
      const [x, y] = start.place;
      drawRing(context, plane.across(x), plane.down(y));
      hover.refresh();
    },
    answered: start.answered,
  };
}

/**
 * The words beside the pointer.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Tips} tips
 * @param {(pointer: Offset) => Words | null} describeAt
 */
function createHover(canvas, tips, describeAt) {
  /** @type {Offset | null} */
  let over = null; // where the pointer is

  function leave() {
    over = null;
    tips.hide();
  }

  canvas.addEventListener("pointermove", (event) => {
    over = {offsetX: event.offsetX, offsetY: event.offsetY}; // those of an old event may change
    const words = describeAt(over);
    if (words) tips.show(event, words);
  });
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener("pointerup", ({pointerType}) => pointerType !== "mouse" && leave());

  return {
    /** What is under the pointer may have changed. */
    refresh() {
      const words = over && describeAt(over);
      if (words) tips.write(words);
    },
  };
}

/**
 * Paths and heads.
 *
 * @param {RaceStore} store
 * @param {Track} track
 * @param {RaceView} view
 * @param {() => Highlight | null} highlight
 */
function createRacersPainter(store, track, view, highlight) {
  const paths = createPaths(track);

  /**
   * From where the paths end, a step before the cursor, to the heads.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Plane} plane
   * @param {number} step
   */
  function drawPieces(context, plane, step) {
    const spots = spotsOf(store.shown.frame, view, track, plane);
    store.shown.scene.racers.forEach(({color, shown}, racer) => {
      if (!shown) return;
      const {x, y} = spots(racer);
      paths.begin(context, color, [plane.across(track.x(step, racer)), plane.down(track.y(step, racer)), x, y]);
    });
  }

  /** @param {CanvasRenderingContext2D} context @param {Plane} plane */
  return (context, plane) => {
    const {racers} = store.shown.scene;
    if (!track.length || track.n !== racers.length) return;
    const cursor = Math.min(view.cursor, track.length - 1);
    view.advance();
    const gliding = view.glide < 1;
    if (!paths.paint(context, plane, racers, gliding ? cursor - 1 : cursor) || gliding) store.repaint();
    if (gliding) drawPieces(context, plane, cursor - 1);
    drawHeads(context, plane, store, spotsOf(store.shown.frame, view, track, plane), view.cursor, highlight());
  };
}

/**
 * Dashes of white on a dark ring are seen on any ground.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 */
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
