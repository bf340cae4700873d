import {createCard} from "./card.js";
import {createCurves} from "./curves.js";
import {createFormula} from "./formula.js";
import {decodeRace} from "./frame.js";
import {createMap} from "./map.js";
import {createOverlays} from "./overlays.js";
import {buildRace} from "./page.js";
import {createRacers} from "./racers.js";
import {createScrubber} from "./scrubber.js";
import {createSteps} from "./steps.js";
import {createTrack} from "./track.js";
import {createView} from "./view.js";
import {bytesOf} from "../runtime/container.js";
import {setAttribute} from "../runtime/dom.js";
import {createHelp} from "../runtime/help.js";
import {createShell} from "../runtime/shell.js";
import {createTips} from "../runtime/tips.js";
import {createTransport} from "../runtime/transport.js";

/** @import {Bytes, Frames, Message, Model, Shell} from "../runtime/types.js" */
/** @import {RaceCatalog, RaceFrame, RaceScene, RaceSettings, RaceStore, SweepOutcome} from "./types.js" */
/** @import {Track} from "./track.js" */
/** @import {RaceView} from "./view.js" */
/** @import {Command} from "./wire.js" */

/** @type {[string, string][]} */
const HELP = [
  ["Space", "play or pause"],
  ["\u2192 \u2190", "one step on, one step back"],
  ["R", "go back to the start"],
  ["Tab", "reach every control; on the map, arrows move the start, with Shift by less"],
  ["Click", "the map sets the start, a racer writes out its next update"],
  ["Drag", "the ring moves the start, and the paths follow"],
  ["Hover", "the map says its height, a head the numbers of its racer, a curve its numbers"],
];

/**
 * Panel's entry: build the page, connect it to Python, and return its root.
 *
 * @param {{model: Model<RaceCatalog>}} given
 */
export function render({model}) {
  /** @type {Shell<RaceScene, RaceSettings, RaceFrame, RaceCatalog, Command>} */
  const shell = createShell(model, "race");
  const {root, store} = shell;
  const track = createTrack();
  const view = createView(store, track);
  const parts = {...shell.parts, ...createParts(store, track, view, shell.signal)};
  buildRace(root, parts, shell.children);
  shell.run({
    parts,
    frames: createFrames(store, track, view, parts),
    keys: {back: () => store.host.send({type: "back"}), release: parts.card.release},
    observed: [parts.map.element],
  });
  return root;
}

/**
 * @param {RaceStore} store
 * @param {Track} track
 * @param {RaceView} view
 * @param {AbortSignal} signal
 */
function createParts(store, track, view, signal) {
  const card = createCard(store);
  return {
    ground: {
      /** The map, or the chart alone: before the parts take their sizes. */
      update: () => store.host.root.classList.toggle("network-race", store.shown.scene.surface === null),
    },
    map: createMap(store, track, view, () => card.highlight, createTips(store.host.root)),
    scrubber: createScrubber(store, track, view),
    racers: createRacers(store, signal),
    card,
    curves: createCurves(store),
    overlays: createOverlays(store),
    formula: createFormula(store),
    help: createHelp(HELP),
    transport: createTransport(store, createSteps(store, view), {
      resets: "Go back to the start", plays: "Start or stop the race", steps: "One step",
    }),
  };
}

/**
 * How frames and scenes of a race are read.
 *
 * @param {RaceStore} store
 * @param {Track} track
 * @param {RaceView} view
 * @param {{map: {answered(): void}, racers: {swept(outcome: SweepOutcome): void}}} parts
 * @returns {Frames<RaceScene, RaceFrame>}
 */
function createFrames({host, shown}, track, view, {map, racers}) {
  let heights = new Uint8Array(0); // Python sends those of another surface only
  let painted = -1;
  return {
    decode: (data) => decodeRace(data, track, shown.generation),
    /** @param {Message & {scene: RaceScene, heights: Bytes | null}} message */
    sceneOf(message) {
      if (message.heights) heights = bytesOf(message.heights);
      return {...message.scene, map: heights};
    },
    renew: () => track.reset(shown.scene.surface ? shown.scene.racers.length : 0),
    before: (frame) => view.adopt(frame.scalars),
    paint(frame) {
      const step = shown.scene.surface ? view.cursor : frame.scalars.cursor;
      publish(host.root, step, track, frame);
      if (frame.generation !== painted) map.answered();
      painted = frame.generation;
    },
    others: {
      /** @param {Message & SweepOutcome} outcome */
      swept: (outcome) => racers.swept(outcome),
    },
  };
}

/**
 * What is painted, for tests and for scripts.
 *
 * @param {HTMLElement} root
 * @param {number} step
 * @param {Track} track
 * @param {RaceFrame} frame
 */
function publish(root, step, track, {generation, scalars}) {
  setAttribute(root, "data-step", step);
  setAttribute(root, "data-known", scalars.length);
  setAttribute(root, "data-status", scalars.status);
  setAttribute(root, "data-generation", generation);
  setAttribute(root, "data-drawn", track.length);
}
