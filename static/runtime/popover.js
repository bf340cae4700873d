// @ts-nocheck
import {placeNear} from "./tips.js";

/** A floating box that closes on Escape, on a press elsewhere, and when the focus moves on. */
export function createPopover(root, box, signal, closed = () => {}) {
  let anchor = null;
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
    const next = event.relatedTarget;
    if (next && next !== anchor && !box.contains(next)) close();
  });
  document.addEventListener("pointerdown", (event) => {
    const path = event.composedPath();
    if (!path.includes(box) && !path.includes(anchor)) close();
  }, {signal});

  return {
    close,
    /** Place the box again, after what is in it has grown. */
    settle() {
      if (!box.hidden) placeNear(root, box, place);
    },
    get isOpen() { return !box.hidden; },
    /** Show the box at a point of the window with the focus on `first`; `opener` gets it back afterwards. */
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
