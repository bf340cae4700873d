/** @import {Message, Shell, Bytes} from "../runtime/types.js" */
/** @import {Focus} from "./focus.js" */
/** @import {Command} from "./wire.js" */
/** @import {Catalog, CheckedGroup, Frame, Model, Picture, Scene, Settings} from "./types.js" */
import {setAttribute} from "../runtime/dom.js";
import {createHelp} from "../runtime/help.js";
import {createShell} from "../runtime/shell.js";
import {createTips} from "../runtime/tips.js";
import {createTransport} from "../runtime/transport.js";
import {createBoundary} from "./boundary.js";
import {createDatasets} from "./datasets.js";
import {createEditor} from "./editor.js";
import {createExperiments} from "./experiments.js";
import {createFeatures} from "./features.js";
import {createFocus} from "./focus.js";
import {decodeFrame, decodePoints, isComplete} from "./frame.js";
import {createGradientCheck} from "./gradient_check.js";
import {createDepth, createHeaders} from "./headers.js";
import {createHiddenPicture} from "./hidden_picture.js";
import {createInvitations} from "./invitations.js";
import {createInside} from "./inside.js";
import {createInspector} from "./inspector.js";
import {createLandscapePicture} from "./landscape_picture.js";
import {createLayerMenu} from "./layer_menu.js";
import {createLoss} from "./loss.js";
import {createNetwork} from "./network.js";
import {createOutputPicture} from "./output_picture.js";
import {buildPage} from "./page.js";
import {createPictureControls} from "./picture_controls.js";
import {createPointer} from "./pointer.js";
import {createEpoch, createReadouts} from "./readouts.js";
import {createSaturationCard} from "./saturation_card.js";
import {createSaturationChips} from "./saturation_chips.js";
import {createSections} from "./sections.js";
import {createAtlas} from "./units.js";
import {listenToArrows} from "./walker.js";

/** @type {[key: string, text: string][]} */
const HELP = [
  ["Space", "play or pause"],
  ["\u2192", "train one step"],
  ["R", "go back to step 0 and the same initial weights"],
  ["Esc", "let go of a pinned unit, close a menu"],
  ["Tab", "reach every control; in the network, arrows walk from unit to unit and Enter edits one"],
  ["Hover", "a unit shows its map large; a link, a bias (the small square) or a histogram says its numbers"],
  ["Click", "a unit keeps its map; a link or bias can be changed; an input is switched on or off; a histogram, or a "
    + "column of a deep network, shows that layer in detail; a chip above histograms explains its saturated "
    + "and dead units"],
];

/**
 * Panel's slots by what is in them.
 *
 * @type {{[part: string]: string}}
 */
const SLOTS = {
  controls: "bar", choices: "data", sections: "sections", chart: "chart", layer_detail: "layer_detail", norms: "norms",
};

/** @typedef {ReturnType<typeof createParts>} Parts */
/** @typedef {Shell<Scene, Settings, Frame, Catalog, Command>} NetworkShell */

/**
 * Panel's entry: build the page, connect it to Python, and return its root.
 *
 * @param {{model: Model}} component
 */
export function render({model}) {
  /** @type {NetworkShell} */
  const shell = createShell(model);
  const {root, store} = shell;
  const focus = createFocus((command) => store.tell(command), () => store.repaint());
  /** @type {(part: string) => HTMLElement[]} */
  const children = (part) => shell.children(SLOTS[part]);
  const parts = createParts(shell, model, focus, children);
  setAttribute(root, "data-epoch", 0);
  buildPage(root, parts, children);
  listenToArrows(store, parts.network, focus, parts.editor, parts.inspector);
  shell.run({
    parts,
    frames: {
      decode: decodeFrame,
      isComplete: (frame) => isComplete(frame, store.shown.scene),
      sceneOf,
      paint: (frame) => publish(root, frame),
      others: {
        /** @param {Message & {groups: CheckedGroup[]}} message */
        checked: ({groups}) => parts.check.checked(groups),
      },
    },
    coloringOf: ({palette, certainties, settings: {discretize}}) => ({palette, certainties, discretize}),
    keys: {release: focus.unpin},
    observed: [parts.network.element, parts.boundary.canvas],
  });
  return root;
}

/**
 * A scene with its data points, which travel as bytes.
 *
 * @param {Message} message
 */
function sceneOf(message) {
  const {scene, points} = /** @type {{scene: Scene, points: Bytes}} */ (/** @type {unknown} */ (message));
  return {...scene, points: decodePoints(points, scene)};
}

/**
 * All that is on the page, in the order in which it hears of scenes and frames.
 *
 * @param {NetworkShell} shell
 * @param {Model} model
 * @param {Focus} focus
 * @param {(part: string) => HTMLElement[]} children
 */
function createParts({store, signal, parts}, model, focus, children) {
  const tips = createTips(store.host.root);
  const atlas = createAtlas();
  const editor = createEditor(store, focus, signal);
  const menu = createLayerMenu(store, signal);
  const check = createGradientCheck(store, signal);
  const card = createSaturationCard(store, signal);
  const saturation = createSaturationChips(store, card);
  const inside = createInside(store, check);
  const overlays = [createFeatures(store, focus), createHeaders(store, menu), inside, saturation];
  const network = createNetwork(store, focus, atlas, overlays);
  const inspector = createInspector(store, network, menu, card, children);
  const output = createOutputPicture(store, focus, atlas, network);
  /** @type {{[name: string]: Picture}} */
  const pictures = {output, hidden: createHiddenPicture(store), landscape: createLandscapePicture(store)};
  return {
    ...parts, focus, menu, editor, inside, network, inspector, saturation, check,
    experiments: createExperiments(store),
    pictureControls: createPictureControls(store, pictures),
    boundary: createBoundary(store, focus, tips, pictures, output),
    pointer: createPointer(store, network, focus, tips, editor, inspector, signal),
    transport: createTransport(store, createEpoch(), {
      resets: "Go back to step 0 and the same initial weights",
      plays: "Start or stop training",
      steps: "Train one step",
    }),
    datasets: createDatasets(store),
    depth: createDepth(store),
    loss: createLoss(store),
    readouts: createReadouts(),
    help: createHelp(HELP),
    sections: createSections(store, model.outline, children("sections")),
    invitations: createInvitations(store, model.nav),
  };
}

/**
 * What is painted, for tests and for scripts.
 *
 * @param {Element} root
 * @param {Frame} frame
 */
function publish(root, {scalars}) {
  setAttribute(root, "data-step", scalars.step);
  setAttribute(root, "data-epoch", scalars.epoch);
  setAttribute(root, "data-status", scalars.status);
  setAttribute(root, "data-train-loss", scalars.trainLoss);
  setAttribute(root, "data-test-loss", scalars.testLoss);
}
