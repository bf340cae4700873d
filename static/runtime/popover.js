/** @import {Point} from "./types.js" */
import {placeNear} from "./tips.js";

/**
 * A floating box that closes on Escape, on a press elsewhere, and when the focus moves on.
 *
 * @param {HTMLElement} root
 * @param {HTMLElement} box
 * @param {AbortSignal} signal
 * @param {() => void} [closed]
 */
export function createPopover(root, box, signal, closed = () => {}) {
  /** @type {HTMLElement | null} */
  let anchor = null;
  /** @type {Point | null} */
  let place = null;
  box.hidden = true;
  root.append(box);

  function close({refocus = false} = {}) {
    if (box.hidden) return;
    box.hidden = true;
    if (anchor?.hasAttribute("aria-expanded")) anchor.setAttribute("aria-expanded", "false");
    if (refocus) anchor?.focus();
    closed();
  }

  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close({refocus: true});
  });
  box.addEventListener("focusout", (event) => {
    const next = /** @type {Node | null} */ (event.relatedTarget);
    if (next && next !== anchor && !box.contains(next)) close();
  });
  document.addEventListener("pointerdown", (event) => {
    const path = event.composedPath();
    if (!path.includes(box) && !(anchor && path.includes(anchor))) close();
  }, {signal});

  return {
    close,
    /** Place the box again, after what is in it has grown. */
    settle() {
      if (!box.hidden && place) placeNear(root, box, place);
    },
    get isOpen() { return !box.hidden; },
    /**
     * Show the box at a point of the window with the focus on `first`; `opener` gets it back afterwards.
     *
     * @param {Point} point
     * @param {{opener?: HTMLElement | null, first: HTMLElement}} focused
     */
    open(point, {opener = null, first}) {
      close();
      anchor = opener;
      if (anchor?.hasAttribute("aria-expanded")) anchor.setAttribute("aria-expanded", "true");
      place = point;
      box.hidden = false;
      placeNear(root, box, place);
      first.focus();
    },
  };
}
