/** @import {Point, TipLines} from "./types.js" */
import {clamp, element, setText} from "./dom.js";

const GAP = 14;
const MARGIN = 6;

/** @typedef {{width: number, height: number}} Size */

/**
 * Where a box goes beside a point: to its right and below, or to the other side where that would stick out.
 *
 * @param {{x: number, y: number}} point
 * @param {Size} box
 * @param {{width: number, top: number, bottom: number}} room What is to be seen of the page; all from its corner.
 */
export function placeBeside({x, y}, box, {width, top, bottom}) {
  const highest = top + MARGIN;
  const lowest = bottom - box.height - MARGIN;
  const left = x + GAP + box.width > width - MARGIN ? x - GAP - box.width : x + GAP;
  return {
    left: clamp(left, MARGIN, Math.max(MARGIN, width - box.width - MARGIN)),
    top: clamp(y + GAP > lowest ? y - GAP - box.height : y + GAP, highest, Math.max(highest, lowest)),
  };
}

/**
 * Put a floating box next to a point of the window, inside `root` and the visible part of the page.
 *
 * @param {HTMLElement} root
 * @param {HTMLElement} box
 * @param {Point} point
 */
export function placeNear(root, box, {clientX, clientY}) {
  const frame = root.getBoundingClientRect();
  const room = {
    width: frame.width,
    top: Math.max(0, -frame.top),
    bottom: Math.min(frame.height, window.innerHeight - frame.top),
  };
  const size = {width: box.offsetWidth, height: box.offsetHeight};
  const {left, top} = placeBeside({x: clientX - frame.left, y: clientY - frame.top}, size, room);
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
}

/**
 * The card beside the cursor: a first line that matters and a second that explains.
 *
 * @param {HTMLElement} root
 */
export function createTips(root) {
  const title = element("b");
  const detail = element("span");
  const card = element("div", {class: "tip", role: "tooltip", hidden: true}, title, detail);
  root.append(card);

  /** @param {TipLines} lines */
  function write([first, second]) {
    setText(title, first);
    setText(detail, second);
  }

  return {
    write,
    /**
     * @param {Point} event
     * @param {TipLines} lines
     */
    show(event, lines) {
      write(lines);
      card.hidden = false;
      placeNear(root, card, event);
    },
    hide() { card.hidden = true; },
  };
}
