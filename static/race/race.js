// @ts-nocheck
import {decodeRace} from "./frame.js";
import {createCard} from "./card.js";
import {createCurves} from "./curves.js";
import {createFormula} from "./formula.js";
import {createMap} from "./map.js";
import {createOverlays} from "./overlays.js";
import {buildRace} from "./page.js";
import {createRacers} from "./racers.js";
import {createTrack} from "./tracks.js";
import {createColors} from "../runtime/colors.js";
import {element, setAttribute, setText} from "../runtime/dom.js";
import {counter} from "../runtime/format.js";
import {createHelp} from "../runtime/help.js";
import {createScrubber} from "./scrubber.js";
import {createShell} from "../runtime/shell.js";
import {createTips} from "../runtime/tips.js";
import {createTransport} from "../runtime/transport.js";

const GLIDING = 40; // steps a second up to which heads glide, for there are refreshes between the steps
const LONGEST = 250; // ms that a head glides at most; then there is time to look

const HELP = [
  ["Space", "play or pause"],
  ["\u2192 \u2190", "one step on, one step back"],
  ["R", "go back to the start"],
  ["Tab", "reach every control; on the map, arrows move the start, with Shift by less"],
  ["Click", "the map sets the start, a racer writes out its next update"],
  ["Drag", "the ring moves the start, and the paths follow"],
  ["Hover", "the map says its height, a head how its racer fares, a curve its numbers"],
];

/** Panel's entry: build the page, connect it to Python, and return its root. */
export function render({model}) {
  const shell = createShell(model, "optimizers", "race");
  const {root, signal} = shell;
  const store = Object.assign(shell.store, {
    track: createTrack(), view: {cursor: 0, since: 0, span: 0, glide: 1}, line: null,
  });
  const seek = createSeek(store);
  const parts = {...shell.parts, ...createParts(store, seek, signal)};
  buildRace(root, parts, shell.children);
  shell.run({
    parts,
    frames: createFrames(store, seek, parts),
    refresh() {
      root.classList.toggle("network-race", store.scene.mode === "network");
      store.colors = createColors({theme: store.theme, palette: [], discretize: false});
    },
    keys: {back: () => store.send({type: "back"}), release: parts.card.release},
    observed: [parts.map.element],
  });
  return root;
}

function createParts(store, seek, signal) {
  const tips = createTips(store.root);
  return {
    map: createMap(store, store.track, tips),
    scrubber: createScrubber(store, store.track, seek.to),
    racers: createRacers(store, signal),
    card: createCard(store),
    curves: createCurves(store),
    overlays: createOverlays(store),
    formula: createFormula(store),
    help: createHelp(HELP),
    transport: createTransport(store, createSteps(store), {
      resets: "Go back to the start", plays: "Start or stop the race", steps: "One step",
    }),
  };
}

/** Which step is shown: the finger's choice at once, and Python's as soon as it has heard of that choice. */
function createSeek(store) {
  let sought = 0;
  return {
    to(step) {
      Object.assign(store.view, {cursor: step, span: 0});
      store.send({type: "seek", step, id: ++sought});
      store.repaint();
    },
    adopt({cursor, sought: heard, status}) {
      const {view, settings} = store;
      if (heard < sought && cursor < store.track.length) return;
      if (cursor !== view.cursor) {
        const follows = cursor === view.cursor + 1 && status === "playing";
        view.span = follows && settings.speed <= GLIDING ? Math.min(1000 / settings.speed, LONGEST) : 0;
        view.since = performance.now();
      }
      view.cursor = cursor;
    },
  };
}

/** How frames and scenes of a race are read (see createShell). */
function createFrames(store, seek, parts) {
  const {track} = store;
  let painted = null;
  return {
    decode: (data) => decodeRace(data, track, store.scene?.generation),
    sceneOf: ({scene, heights}) => ({
      ...scene, map: heights ? new Uint8Array(bytesIn(heights)) : store.scene?.map, mapSize: scene.surface?.size,
    }),
    renew: () => track.reset(store.scene.mode === "surface" ? store.scene.racers.length : 0),
    before: (frame) => seek.adopt(frame.scalars),
    paint(frame) {
      publish(store, frame);
      if (frame.generation !== painted) parts.map.answered();
      painted = frame.generation;
    },
    others: {swept: parts.racers.swept},
  };
}

const bytesIn = (data) => (ArrayBuffer.isView(data) ? data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) : data);

/** What is painted, for tests and for scripts. */
function publish({root, view, track, scene}, {scalars}) {
  setAttribute(root, "data-step", scene.mode === "surface" ? view.cursor : scalars.cursor);
  setAttribute(root, "data-known", scalars.length);
  setAttribute(root, "data-status", scalars.status);
  setAttribute(root, "data-generation", scene.generation);
  setAttribute(root, "data-drawn", track.length);
}

/** The counter of steps. */
function createSteps(store) {
  const steps = element("span", {class: "number"}, counter(0));
  return {
    element: element("div", {class: "epoch", title: "Steps that every racer has made."},
      element("span", {class: "caption"}, "Step"), steps),
    read({scalars}) {
      setText(steps, counter(store.scene.mode === "surface" ? store.view.cursor : scalars.cursor));
    },
  };
}
