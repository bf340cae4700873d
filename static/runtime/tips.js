// @ts-nocheck
import {clamp, element, setText} from "./dom.js";

const GAP = 14;
const MARGIN = 6;

/** Put a floating box next to a point of the window, inside `root` and the visible part of the page. */
export function placeNear(root, box, {clientX, clientY}) {
  const frame = root.getBoundingClientRect();
  const highest = Math.max(0, -frame.top) + MARGIN;
  const lowest = Math.min(frame.height, window.innerHeight - frame.top) - box.offsetHeight - MARGIN;
  const x = clientX - frame.left + GAP;
  const y = clientY - frame.top + GAP;
  const left = x + box.offsetWidth > frame.width - MARGIN ? x - box.offsetWidth - 2 * GAP : x;
  box.style.left = `${clamp(left, MARGIN, Math.max(MARGIN, frame.width - box.offsetWidth - MARGIN))}px`;
  box.style.top = `${clamp(y > lowest ? y - box.offsetHeight - 2 * GAP : y, highest, Math.max(highest, lowest))}px`;
}

/** The card beside the cursor: a first line that matters and a second that explains. */
export function createTips(root) {
  const title = element("b");
  const detail = element("span");
  const card = element("div", {class: "tip", role: "tooltip", hidden: true}, title, detail);
  root.append(card);
  const write = ([first, second]) => {
    setText(title, first);
    setText(detail, second);
  };
  return {
    write,
    show(event, lines) {
      write(lines);
      card.hidden = false;
      placeNear(root, card, event);
    },
    hide() { card.hidden = true; },
  };
}
