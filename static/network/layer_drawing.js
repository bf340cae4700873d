/** @import {Quantity, Scene, Store, StripFrame, StripGeometry} from "./types.js" */
import {drawProfile} from "./profile.js";
import {saturationOf} from "./saturation.js";
import {createStrip} from "./strip.js";

/**
 * Draws a network that is too large to show its units, layer by layer.
 *
 * @param {Store} store
 */
export function createLayerDrawing(store) {
  const drawStrip = createStrip();
  /** @type {Float64Array | null} */
  let first = null; // where the run began, if it was seen
  return {
    /** Another network. */
    forget() { first = null; },
    /**
     * @param {CanvasRenderingContext2D} context
     * @param {StripGeometry} geometry
     * @param {StripFrame} frame
     * @param {Quantity[]} kinds
     */
    paint(context, geometry, frame, kinds) {
      const {colors} = store.look;
      const selected = store.settings.now.layer_detail;
      const marks = {troubled: troubledIn(frame, store.shown.scene), selected};
      drawStrip(context, geometry, frame, kinds, marks, colors);
      if (frame.scalars.step === 0) first = frame.profile;
      if (!(selected > 0)) drawProfile(context, geometry, frame.profile, first, colors);
    },
  };
}

/**
 * The hidden layers that are saturated or dead.
 *
 * @param {StripFrame} frame
 * @param {Scene} scene
 */
function troubledIn(frame, scene) {
  const hidden = Array.from({length: scene.layers.length - 2}, (_, k) => k + 1);
  return new Set(hidden.filter((layer) => saturationOf(frame, scene, layer).isTrouble));
}
