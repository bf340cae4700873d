// @ts-nocheck
import {clamp} from "../runtime/dom.js";

const REACH = 24; // px around the ring in which a finger drags it; elsewhere it scrolls the page
const SLACK = 6; // px that a tap may slip
const KEYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

/**
 * The start, set by a click, dragged, or moved with the arrow keys. The ring follows at once; Python hears of it at
 * most once a refresh, and of the next place only when it has answered.
 */
export function createStart(store, canvas, planeOf) {
  let place = null; // where the ring is until Python knows
  let waiting = false;
  let next = null;
  let planned = 0;
  let grip = null; // what holds the ring: a pointer and where it went down
  let keyed = false; // or an arrow key

  const current = () => place ?? store.settings.start;

  function put(x, y, done) {
    const [[left, right], [bottom, top]] = store.scene.surface.box;
    place = [clamp(x, left, right), clamp(y, bottom, top)];
    next = {type: "start", x: place[0], y: place[1], done};
    if (done) send();
    else planned ||= requestAnimationFrame(flush);
    store.repaint();
  }

  function flush() {
    planned = 0;
    if (next && !waiting) send();
  }

  function send() {
    if (next.done) store.settings.start = place;
    store.send(next);
    next = null;
    waiting = true;
  }

  /** How far a point of the map is from the ring, across and down. */
  function offset({offsetX, offsetY}) {
    const [x, y] = current();
    return [planeOf().across(x) - offsetX, planeOf().down(y) - offsetY];
  }

  function follow(event, [dx, dy], done) {
    put(planeOf().x(event.offsetX + dx), planeOf().y(event.offsetY + dy), done);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (!planeOf() || !event.isPrimary || event.button !== 0) return;
    const shift = offset(event);
    const touch = event.pointerType !== "mouse";
    const near = Math.hypot(...shift) <= (touch ? REACH : SLACK);
    grip = {
      id: event.pointerId, x: event.offsetX, y: event.offsetY, shift: near ? shift : [0, 0],
      drags: near || !touch, moving: false,
    };
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
    if (grip.moving) put(...current(), true);
    grip = null;
  });

  // Only this keeps the page still, and only near the ring: elsewhere a finger must be able to scroll.
  canvas.addEventListener("touchstart", (event) => {
    if (!planeOf() || event.touches.length > 1) return;
    const {left, top} = canvas.getBoundingClientRect();
    const {clientX, clientY} = event.touches[0];
    if (Math.hypot(...offset({offsetX: clientX - left, offsetY: clientY - top})) <= REACH) event.preventDefault();
  }, {passive: false});

  canvas.addEventListener("keydown", (event) => {
    const direction = KEYS[event.key];
    if (!direction || !planeOf() || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation(); // the page has arrow keys of its own
    const [[left, right], [bottom, top]] = store.scene.surface.box;
    const share = event.shiftKey ? 1 / 200 : 1 / 50;
    const [x, y] = current();
    keyed = true;
    put(x + direction[0] * share * (right - left), y + direction[1] * share * (top - bottom), false);
  });

  function settle() {
    if (!keyed) return;
    keyed = false;
    put(...current(), true);
  }

  canvas.addEventListener("keyup", ({key}) => KEYS[key] && settle());
  canvas.addEventListener("blur", settle);

  return {
    get place() { return current(); },
    get isHeld() { return Boolean(grip?.moving); },
    /** Python has a picture of the last place it was told. */
    answered() {
      waiting = false;
      if (next) flush();
      else if (!grip && !keyed) place = null;
    },
  };
}
