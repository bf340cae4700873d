import {createPlace} from "./place.js";

/** @import {Box, Offset, Pair} from "./types.js" */
/** @import {Place, PlaceStore} from "./place.js" */
/** @import {Plane} from "./plane.js" */

/** @typedef {() => Pick<Plane, "x" | "y" | "across" | "down"> | null} PlaneOf null while there is no map */
/**
 * @typedef {object} Grip what holds the ring
 * @property {number} id of the pointer
 * @property {number} x where it went down
 * @property {number} y
 * @property {Pair} shift from the pointer to the ring
 * @property {boolean} drags whether it takes the ring along
 * @property {boolean} moving whether it has begun to
 */

const REACH = 24; // px around the ring in which a finger drags it; elsewhere it scrolls the page
const SLACK = 6; // px that a tap may slip

/** @type {Record<string, Pair>} */
const KEYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

/**
 * The start, set by a click, dragged, or moved with the arrow keys.
 *
 * @param {PlaceStore} store
 * @param {HTMLCanvasElement} canvas
 * @param {PlaneOf} planeOf
 */
export function createStart(store, canvas, planeOf) {
  const place = createPlace(store);
  const pointer = listenToPointer(canvas, planeOf, place);
  const keys = listenToArrows(canvas, place, () => (planeOf() ? store.shown.scene.surface?.box : null));
  listenToTouch(canvas, planeOf, place);

  return {
    get place() { return place.current; },
    get isHeld() { return pointer.isMoving; },
    /** Python has a picture of the last place it was told. */
    answered: () => place.answered(pointer.isDown || keys.isDown),
  };
}

/**
 * From a point of the map to the ring, across and down.
 *
 * @param {Offset} point
 * @param {Pick<Plane, "across" | "down">} plane
 * @param {Place} place
 * @returns {Pair}
 */
function shiftToRing({offsetX, offsetY}, plane, place) {
  const [x, y] = place.current;
  return [plane.across(x) - offsetX, plane.down(y) - offsetY];
}

/**
 * What a pointer that goes down would do: from near the ring, and a mouse from anywhere, it drags.
 *
 * @param {Pick<PointerEvent, "pointerId" | "pointerType" | "offsetX" | "offsetY">} event
 * @param {Pair} shift
 * @returns {Grip}
 */
function gripOf({pointerId, pointerType, offsetX, offsetY}, shift) {
  const touch = pointerType !== "mouse";
  const near = Math.hypot(...shift) <= (touch ? REACH : SLACK);
  return {
    id: pointerId, x: offsetX, y: offsetY, shift: near ? shift : [0, 0], drags: near || !touch, moving: false,
  };
}

/** @param {HTMLCanvasElement} canvas @param {PlaneOf} planeOf @param {Place} place */
function listenToPointer(canvas, planeOf, place) {
  /** @type {Grip | null} */
  let grip = null;

  /** @param {Offset} point @param {Pair} shift @param {boolean} done */
  function follow({offsetX, offsetY}, [dx, dy], done) {
    const plane = planeOf();
    if (plane) place.put([plane.x(offsetX + dx), plane.y(offsetY + dy)], done);
  }

  canvas.addEventListener("pointerdown", (event) => {
    const plane = planeOf();
    if (!plane || !event.isPrimary || event.button !== 0) return;
    grip = gripOf(event, shiftToRing(event, plane, place));
    canvas.setPointerCapture(event.pointerId);
  });

  canvas.addEventListener("pointermove", (event) => {
    if (grip?.id !== event.pointerId || !grip.drags) return;
    grip.moving ||= Math.hypot(event.offsetX - grip.x, event.offsetY - grip.y) > 2;
    if (grip.moving) follow(event, grip.shift, false);
  });

  canvas.addEventListener("pointerup", (event) => {
    if (grip?.id !== event.pointerId) return;
    const {moving, shift, x, y} = grip;
    grip = null;
    if (moving) follow(event, shift, true);
    else if (Math.hypot(event.offsetX - x, event.offsetY - y) <= SLACK) follow(event, [0, 0], true);
  });

  // A finger that scrolls the page, or a pointer that was taken away: what was dragged so far stays.
  canvas.addEventListener("pointercancel", ({pointerId}) => {
    if (grip?.id !== pointerId) return;
    if (grip.moving) place.put(place.current, true);
    grip = null;
  });

  return {
    get isDown() { return Boolean(grip); },
    get isMoving() { return Boolean(grip?.moving); },
  };
}

/** @param {HTMLCanvasElement} canvas @param {PlaneOf} planeOf @param {Place} place */
function listenToTouch(canvas, planeOf, place) {
  // Only this keeps the page still, and only near the ring: elsewhere a finger must be able to scroll.
  canvas.addEventListener("touchstart", (event) => {
    const plane = planeOf();
    if (!plane || event.touches.length > 1) return;
    const {left, top} = canvas.getBoundingClientRect();
    const {clientX, clientY} = event.touches[0];
    const shift = shiftToRing({offsetX: clientX - left, offsetY: clientY - top}, plane, place);
    if (Math.hypot(...shift) <= REACH) event.preventDefault();
  }, {passive: false});
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Place} place
 * @param {() => Box | null | undefined} boxOf null while there is no map
 */
function listenToArrows(canvas, place, boxOf) {
  let isDown = false;

  canvas.addEventListener("keydown", (event) => {
    const box = boxOf();
    if (!KEYS[event.key] || !box || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation(); // the page has arrow keys of its own
    isDown = true;
    place.put(movedBy(event.key, event.shiftKey, place.current, box), false);
  });

  function settle() {
    if (!isDown) return;
    isDown = false;
    place.put(place.current, true);
  }

  canvas.addEventListener("keyup", ({key}) => KEYS[key] && settle());
  canvas.addEventListener("blur", settle);

  return {get isDown() { return isDown; }};
}

/**
 * A place one press of an arrow key away: a 50th of the map, or a 200th.
 *
 * @param {string} key
 * @param {boolean} fine
 * @param {Pair} place
 * @param {Box} box
 * @returns {Pair}
 */
function movedBy(key, fine, [x, y], [[left, right], [bottom, top]]) {
  const [dx, dy] = KEYS[key];
  const share = fine ? 1 / 200 : 1 / 50;
  return [x + dx * share * (right - left), y + dy * share * (top - bottom)];
}
