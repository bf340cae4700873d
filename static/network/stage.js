// @ts-nocheck
import {createBoundary} from "./boundary.js";
import {createColors} from "../runtime/colors.js";
import {createDatasets} from "./datasets.js";
import {createDisplay} from "./display.js";
import {setAttribute} from "../runtime/dom.js";
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
import {createInside} from "./inside.js";
import {createInspector} from "./inspector.js";
import {createLandscapePicture} from "./landscape_picture.js";
import {createLayerMenu} from "./layer_menu.js";
import {createLoss} from "./loss.js";
import {createNetwork} from "./network.js";
import {buildPage} from "./page.js";
import {createPictureControls} from "./picture_controls.js";
import {createPointer} from "./pointer.js";
import {createEpoch, createReadouts} from "./readouts.js";
import {createRaceLink} from "./race_link.js";
import {createSections} from "./sections.js";
import {createShell} from "../runtime/shell.js";
import {createTips} from "../runtime/tips.js";
import {createTransport} from "../runtime/transport.js";
import {createAtlas} from "./units.js";
import {listenToArrows} from "./walker.js";

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

/** Panel's slots by what is in them. */
const SLOTS = {
  controls: "bar", choices: "data", sections: "sections", chart: "chart", layer_detail: "layer_detail", norms: "norms",
};

/** Panel's entry: build the page, connect it to Python, and return its root. */
export function render({model}) {
  const shell = createShell(model, "network");
  const {root, store, signal} = shell;
  const focus = createFocus((message) => store.tell(message), () => store.repaint());
  const children = (slot) => shell.children(SLOTS[slot]);
  const parts = {
    ...shell.parts,
    ...createParts(store, focus, children, signal),
    sections: createSections(store, model.outline, children("sections")),
    raceLink: createRaceLink(store, model.nav),
  };
  setAttribute(root, "data-epoch", 0);
  buildPage(root, parts, children);
  listenToArrows(store, parts.network.canvas, focus, parts.editor, parts.inspector);
  shell.run({
    parts,
    frames: {
      decode: decodeFrame,
      isComplete: (frame) => isComplete(frame, store.scene),
      sceneOf: ({scene, points}) => ({...scene, points: decodePoints(points, scene)}),
      paint: (frame) => publish(root, frame),
      others: {checked: ({groups}) => parts.check.checked(groups)},
    },
    refresh() {
      const {palette, settings} = store.scene;
      store.colors = createColors({theme: store.theme, palette, discretize: settings.discretize});
    },
    keys: {release: focus.unpin},
    observed: [parts.network.element, parts.boundary.canvas],
  });
  return root;
}

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
  const pictures = {hidden: createHiddenPicture(store), landscape: createLandscapePicture(store)};
  return {
    focus, menu, editor, inside, network, inspector, saturation, check,
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
    help: createHelp(HELP),
  };
}

/** What is painted, for tests and for scripts. */
function publish(root, {scalars}) {
  setAttribute(root, "data-step", scalars.step);
  setAttribute(root, "data-epoch", scalars.epoch);
  setAttribute(root, "data-status", scalars.status);
  setAttribute(root, "data-train-loss", scalars.trainLoss);
  setAttribute(root, "data-test-loss", scalars.testLoss);
}
