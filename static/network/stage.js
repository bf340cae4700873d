// @ts-nocheck
import {createBanner} from "../runtime/banner.js";
import {createBoundary} from "./boundary.js";
import {createColors} from "../runtime/colors.js";
import {takeRestored, watchConnection} from "../runtime/connection.js";
import {createDatasets} from "./datasets.js";
import {createDisplay} from "./display.js";
import {element, setAttribute, throttle} from "../runtime/dom.js";
import {createEditor} from "./editor.js";
import {createFeatures} from "./features.js";
import {createExperiments} from "./experiments.js";
import {createFocus} from "./focus.js";
import {decodeFrame, decodePoints, isComplete} from "./frame.js";
import {createGradientCheck} from "./gradient_check.js";
import {createDepth, createHeaders} from "./headers.js";
import {createSaturation} from "./saturation.js";
import {createHelp} from "../runtime/help.js";
import {createHiddenPicture} from "./hidden_picture.js";
import {createInbox} from "../runtime/inbox.js";
import {createInside} from "./inside.js";
import {createInspector} from "./inspector.js";
import {listenToKeys} from "../runtime/keys.js";
import {createLandscapePicture} from "./landscape_picture.js";
import {createLayerMenu} from "./layer_menu.js";
import {createLoss} from "./loss.js";
import {createNav} from "../runtime/nav.js";
import {createNetwork} from "./network.js";
import {buildPage} from "./page.js";
import {createPictureControls} from "./picture_controls.js";
import {createPointer} from "./pointer.js";
import {createRaceLink} from "./race_link.js";
import {createEpoch, createReadouts} from "./readouts.js";
import {createSections} from "./sections.js";
import {createSpeed} from "../runtime/speed.js";
import {createStore} from "../runtime/store.js";
import {createTheme} from "../runtime/theme.js";
import {createTips} from "../runtime/tips.js";
import {createTransport} from "../runtime/transport.js";
import {createAtlas} from "./units.js";
import {watchVisibility} from "../runtime/visibility.js";
import {listenToArrows} from "./walker.js";

const READ_INTERVAL = 70; // ms between changes of the numbers people read

const HELP = [
  ["Space", "play or pause"],
  ["\u2192", "train one step"],
  ["R", "go back to step 0 and the same initial weights"],
  ["Esc", "let go of a pinned unit, close a menu"],
  ["Tab", "reach every control; in the network, arrows walk from unit to unit and Enter edits one"],
  ["Hover", "a unit shows its map large; a link, a bias (the small square) or a histogram says its numbers"],
  ["Click", "a unit keeps its map; a link or bias can be changed; an input is switched on or off; a histogram, or a "
    + "column of a deep network, shows that layer in detail; a chip above histograms explains how the layer fares"],
];

/** Panel's entry: build the page, connect it to Python, and return its root. */
export function render({model}) {
  const root = element("div", {class: "playground", "data-step": 0, "data-epoch": 0, "data-status": "paused"});
  if (model.full_page) root.classList.add("full-page");
  const store = createStore(model, root, "network");
  const life = new AbortController();
  const focus = createFocus((message) => store.tell(message), () => inbox.request());
  const children = childrenOf(model);
  const parts = {
    ...createParts(store, focus, children, life.signal),
    sections: createSections(store, model.outline, children("sections")),
    nav: createNav(store, model.nav, store.page),
    raceLink: createRaceLink(store, model.nav),
  };
  const {inbox, observer} = run(store, focus, parts);
  const greet = (restore = null) => store.send({type: "ready", dark: store.theme === "dark", restore});

  buildPage(root, parts, children);
  observer.observe(parts.network.element);
  observer.observe(parts.boundary.canvas);
  listenToArrows(store, parts.network.canvas, focus, parts.editor, parts.inspector);
  const claim = listenToKeys(root, {...parts.transport, release: focus.unpin}, life.signal);
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

/** Every part may have renew (another network), update (another look), paint (a frame), read (numbers). */
function createParts(store, focus, children, signal) {
  const tips = createTips(store.root);
  const atlas = createAtlas();
  const editor = createEditor(store, focus, signal);
  const menu = createLayerMenu(store, signal);
  const check = createGradientCheck(store, signal);
  const saturation = createSaturation(store, signal);
  const inside = createInside(store, check);
  const overlays = [createFeatures(store, focus), createHeaders(store, menu), inside, saturation];
  const network = createNetwork(store, focus, atlas, overlays);
  const inspector = createInspector(store, menu, saturation, children);
  const banner = createBanner(store);
  const pictures = {hidden: createHiddenPicture(store), landscape: createLandscapePicture(store)};
  return {
    focus, menu, editor, inside, network, inspector, saturation, check, banner,
    theme: createTheme(store),
    experiments: createExperiments(store),
    controls: createPictureControls(store),
    boundary: createBoundary(store, focus, atlas, tips, pictures),
    pointer: createPointer(store, network, focus, tips, editor, inspector, signal),
    transport: createTransport(store, createEpoch(), {
      resets: "Go back to step 0 and the same initial weights", plays: "Start or stop training", steps: "Train one step",
    }),
    datasets: createDatasets(store),
    depth: createDepth(store),
    display: createDisplay(store),
    loss: createLoss(store),
    readouts: createReadouts(),
    speed: createSpeed(),
    help: createHelp(HELP),
  };
}

/** Connect the messages, the size of the page and the theme to the parts. */
function run(store, focus, parts) {
  const tell = (event, value) => Object.values(parts).forEach((part) => part[event]?.(value));
  const read = throttle(() => store.frame && tell("read", store.frame), READ_INTERVAL);

  store.refresh = () => {
    if (!store.scene || !store.root.isConnected) return;
    parts.theme.adopt(store.settings);
    const {palette, settings} = store.scene;
    store.colors = createColors({theme: store.theme, palette, discretize: settings.discretize});
    tell("update");
    inbox.flush();
  };

  const inbox = createInbox(store, {
    decode: decodeFrame,
    isComplete: (frame) => isComplete(frame, store.scene),
    sceneOf: ({scene, points}) => ({...scene, points: decodePoints(points, scene)}),
    renew: () => tell("renew", store.scene),
    refresh: store.refresh,
    paint(frame) {
      tell("paint", frame);
      publish(store.root, frame);
      read();
    },
    notify: (text, level) => parts.banner.show("notice", text, level),
    others: {checked: ({groups}) => parts.check.checked(groups)},
  });
  store.repaint = inbox.request;
  return {inbox, observer: new ResizeObserver(store.refresh)};
}

/** What is painted, for tests and for scripts. */
function publish(root, {scalars}) {
  setAttribute(root, "data-step", scalars.step);
  setAttribute(root, "data-epoch", scalars.epoch);
  setAttribute(root, "data-status", scalars.status);
  setAttribute(root, "data-train-loss", scalars.trainLoss);
  setAttribute(root, "data-test-loss", scalars.testLoss);
}

/** Panel's widgets by slot: one child, or a list of them. */
function childrenOf(model) {
  const names = {controls: "bar", choices: "data", sections: "sections", chart: "chart", layer_detail: "layer_detail", norms: "norms"};
  return (slot) => [model.get_child(names[slot])].flat().filter(Boolean);
}
