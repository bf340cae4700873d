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
import {createBanner} from "../runtime/banner.js";
import {createColors} from "../runtime/colors.js";
import {takeRestored, watchConnection} from "../runtime/connection.js";
import {bytesOf} from "../runtime/container.js";
import {element, setAttribute, setText, throttle} from "../runtime/dom.js";
import {counter} from "../runtime/format.js";
import {createHelp} from "../runtime/help.js";
import {createInbox} from "../runtime/inbox.js";
import {listenToKeys} from "../runtime/keys.js";
import {createNav} from "../runtime/nav.js";
import {createSpeed} from "../runtime/speed.js";
import {createScrubber} from "./scrubber.js";
import {createStore} from "../runtime/store.js";
import {createTheme} from "../runtime/theme.js";
import {createTips} from "../runtime/tips.js";
import {createTransport} from "../runtime/transport.js";
import {watchVisibility} from "../runtime/visibility.js";

const READ_INTERVAL = 70; // ms between changes of the numbers people read
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
  const root = element("div", {class: "playground race", "data-step": 0, "data-status": "paused"});
  if (model.full_page) root.classList.add("full-page");
  const life = new AbortController();
  const store = Object.assign(createStore(model, root, "optimizers"), {
    track: createTrack(), view: {cursor: 0, since: 0, span: 0, glide: 1}, line: null,
  });
  const seek = createSeek(store);
  const parts = {...createParts(store, seek, life.signal), nav: createNav(store, model.nav, store.page)};
  const inbox = connect(store, seek, parts);
  const greet = (restore = null) => store.send({type: "ready", dark: store.theme === "dark", restore});

  buildRace(root, parts, (slot) => [model.get_child(slot)].flat().filter(Boolean));
  const observer = new ResizeObserver(store.refresh);
  observer.observe(parts.map.element);
  const back = () => store.send({type: "back"});
  const claim = listenToKeys(root, {...parts.transport, back, release: parts.card.release}, life.signal);
  const unwatch = watchVisibility(store, () => {
    claim();
    parts.theme.recall();
    store.refresh();
  });
  watchConnection(store, model.document, parts.banner, life.signal, greet);
  model.on("msg:custom", inbox.receive);
  model.on("lifecycle:remove", () => {
    life.abort();
    observer.disconnect();
    unwatch();
    inbox.stop();
  });
  greet(takeRestored(store.page));
  return root;
}

/** Every part may have renew (another race), update (another look), paint (a frame), read (numbers). */
function createParts(store, seek, signal) {
  const tips = createTips(store.root);
  return {
    banner: createBanner(store),
    map: createMap(store, store.track, tips),
    scrubber: createScrubber(store, store.track, seek.to),
    racers: createRacers(store, signal),
    card: createCard(store),
    curves: createCurves(store),
    overlays: createOverlays(store),
    formula: createFormula(store),
    theme: createTheme(store),
    help: createHelp(HELP),
    speed: createSpeed(),
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

/** Connect the messages, the size of the page and the theme to the parts. */
function connect(store, seek, parts) {
  const {track} = store;
  const tell = (event, value) => Object.values(parts).forEach((part) => part[event]?.(value));
  const read = throttle(() => store.frame && tell("read", store.frame), READ_INTERVAL);
  let painted = null;

  store.refresh = () => {
    if (!store.scene || !store.root.isConnected || store.hidden) return;
    parts.theme.adopt(store.settings);
    store.root.classList.toggle("network-race", store.scene.mode === "network");
    store.colors = createColors({theme: store.theme, palette: [], discretize: false});
    tell("update");
    inbox.flush();
  };

  const inbox = createInbox(store, {
    decode: (data) => decodeRace(data, track, store.scene?.generation),
    isComplete: () => true,
    sceneOf: ({scene, heights}) => ({
      ...scene, map: heights ? bytesOf(heights) : store.scene?.map, mapSize: scene.surface?.size,
    }),
    renew() {
      track.reset(store.scene.mode === "surface" ? store.scene.racers.length : 0);
      tell("renew", store.scene);
    },
    refresh: store.refresh,
    paint(frame) {
      seek.adopt(frame.scalars);
      tell("paint", frame);
      publish(store, frame);
      read();
      if (frame.generation !== painted) parts.map.answered();
      painted = frame.generation;
    },
    notify: (text, level) => parts.banner.show("notice", text, level),
    others: {swept: parts.racers.swept},
  });
  store.repaint = inbox.request;
  return inbox;
}

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
