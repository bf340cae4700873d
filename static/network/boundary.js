/** @import {Focus} from "./focus.js" */
/** @import {Frame, Picture, Store} from "./types.js" */
/** @import {TipLines, Tips} from "../runtime/types.js" */
import {contextOf, element, fitCanvas, setText} from "../runtime/dom.js";
import {hasAll} from "./frame.js";
import {unitTitle} from "./names.js";

/**
 * The large picture: the chosen one of `pictures`, or the map of the unit that is looked at.
 *
 * @param {Store} store
 * @param {Focus} focus
 * @param {Tips} tips
 * @param {{[name: string]: Picture}} pictures
 * @param {Picture} ofUnit The one that shows the unit looked at.
 */
export function createBoundary(store, focus, tips, pictures, ofUnit) {
  const heading = element("h2", {"aria-live": "polite"});
  const canvas = element("canvas", {
    class: "boundary", role: "img",
    "aria-label": "The network's output for every point of the plane, and the data points.",
  });
  const wanted = () => (focus.unit ? ofUnit : pictures[store.settings.now.picture]);
  let context = contextOf(canvas, {alpha: false});
  let side = 0;

  /**
   * @param {PointerEvent} event
   * @returns {TipLines}
   */
  function describe(event) {
    const {frame} = store.shown;
    const picture = wanted();
    const complete = frame && hasAll(frame, picture.sections) ? frame : null;
    return picture.describe(event.offsetX / canvas.clientWidth, event.offsetY / canvas.clientHeight, complete);
  }

  canvas.addEventListener("pointermove", (event) => {
    if (store.shown.generation !== undefined) tips.show(event, describe(event));
  });
  canvas.addEventListener("pointerleave", tips.hide);

  return {
    heading,
    canvas,
    update() {
      side = canvas.clientWidth;
      context = fitCanvas(canvas, side, side, {alpha: false});
      for (const picture of Object.values(pictures)) picture.update?.(side);
    },
    /** @param {Frame} frame */
    paint(frame) {
      setText(heading, focus.unit ? unitTitle(store.shown.scene, focus.unit) : "");
      const picture = wanted();
      if (hasAll(frame, picture.sections)) return picture.paint(context, side, frame);
      context.fillStyle = store.look.colors.wash; // until it arrives
      context.fillRect(0, 0, side, side);
    },
  };
}
