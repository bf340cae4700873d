import {figure} from "./numbers.js";
import {short, summary} from "./racer_words.js";
import {drawSweep} from "./sweep.js";
import {NEVER} from "./wire.js";
import {element, setAttribute, setText} from "../runtime/dom.js";
import {grouped} from "../runtime/format.js";

/** @import {Head, RaceFrame, RaceStore, RacerSettings, SweepOutcome} from "./types.js" */
/** @typedef {ReturnType<typeof createRow>} Row */
/**
 * @typedef {object} RowActions what a row can ask for
 * @property {(racer: number, values: Partial<RacerSettings>) => void} change
 * @property {(racer: number) => void} copy
 * @property {(racer: number) => void} remove
 * @property {(racer: number, opener: HTMLElement) => void} edit
 */

const TITLES = {
  Show: "Show this racer on the map and in the chart.",
  Change: "Change its rule, learning rate, hyperparameters and schedules.",
  Copy: "Add a copy with other settings.",
  Remove: "Take this racer out of the race.",
};

/**
 * One racer: colour, name, settings, how well it does.
 *
 * @param {RaceStore} store
 * @param {number} index
 * @param {RowActions} actions
 */
export function createRow(store, index, actions) {
  const shown = element("input", {
    type: "checkbox", onchange: () => actions.change(index, {shown: shown.checked}),
  });
  const select = createSelect(store, index);
  const sweep = element("canvas", {class: "sweep", role: "img"});
  const figures = createFigures();
  const tools = createTools(index, actions);
  const box = element("div", {class: "racer"}, shown, select.element, sweep, figures.element, tools.element);

  return {
    element: box,
    focus: select.focus,
    /**
     * @param {boolean} isFull whether no racer can be added
     * @param {SweepOutcome | null} outcome
     */
    update(isFull, outcome) {
      const racer = store.settings.now.racers[index];
      const label = short(store.host.catalog, racer);
      select.update(label, racer);
      box.style.setProperty("--c", racer.color === null ? null : store.host.catalog.colors[racer.color]);
      box.classList.toggle("off", !racer.shown);
      shown.checked = racer.shown;
      const who = `${index + 1}, ${label}`;
      nameTool(shown, "Show", who);
      tools.update(who, isFull, store.settings.now.racers.length < 2);
      sweep.hidden = !outcome || outcome.question !== store.shown.scene.surface?.question;
      if (outcome && !sweep.hidden) drawSweep(sweep, outcome, store, index);
    },
    /** @param {RaceFrame} frame */
    read({heads, fates, scalars}) {
      const head = heads[index];
      if (!head) return;
      const won = scalars.winner === index;
      box.classList.toggle("winner", won);
      box.classList.toggle("ended", Boolean(fates[index]));
      figures.read(head, fates[index], won, Boolean(store.settings.now.racers[index]?.shown));
    },
  };
}

/**
 * The racer's name and settings; who presses them sees its next update written out.
 *
 * @param {RaceStore} store
 * @param {number} index
 */
function createSelect(store, index) {
  const name = element("b");
  const words = element("span", {class: "soft"});
  const button = element("button", {
    type: "button", class: "select", title: "Write out its next update, phase by phase.",
    onclick: () => {
      if (!store.shown.scene.surface) return;
      store.settings.set({selected: store.settings.now.selected === index ? -1 : index});
      store.refresh();
    },
  }, name, words);
  return {
    element: button,
    focus: () => button.focus(),
    /** @param {string} label @param {RacerSettings} racer */
    update(label, racer) {
      const onSurface = store.shown.scene.surface !== null;
      setText(name, label);
      setText(words, summary(store.host.catalog, racer, store.shown.scene.racers[index]));
      setAttribute(button, "aria-pressed", onSurface && store.settings.now.selected === index);
      setAttribute(button, "aria-disabled", !onSurface);
    },
  };
}

/** Its loss, and when it arrived or ended. */
function createFigures() {
  const value = element("em");
  const fate = element("span", {class: "fate"});
  return {
    element: element("span", {class: "figures"}, value, fate),
    /**
     * @param {Head} head
     * @param {string} ending "" while it goes on
     * @param {boolean} won
     * @param {boolean} shown
     */
    read(head, ending, won, shown) {
      setText(value, shown ? figure(head.value) : "off");
      setText(fate, shown ? ending || arrival(head, won) : "");
      setAttribute(fate, "title",
        ending ? "It stopped there; the others go on." : "Steps until the loss came within the tolerance.");
    },
  };
}

/** @param {number} index @param {RowActions} actions */
function createTools(index, actions) {
  const edit = tool("\u270e", () => actions.edit(index, edit));
  const twin = tool("+", () => actions.copy(index));
  const gone = tool("\u00d7", () => actions.remove(index));
  setAttribute(edit, "aria-haspopup", "dialog");
  setAttribute(edit, "aria-expanded", "false");
  return {
    element: element("span", {class: "tools"}, edit, twin, gone),
    /** @param {string} who @param {boolean} isFull @param {boolean} isAlone */
    update(who, isFull, isAlone) {
      nameTool(edit, "Change", who);
      nameTool(twin, "Copy", who);
      nameTool(gone, "Remove", who);
      setAttribute(twin, "aria-disabled", isFull);
      setAttribute(gone, "aria-disabled", isAlone);
    },
  };
}

/** @param {HTMLElement} node @param {keyof typeof TITLES} verb @param {string} who */
function nameTool(node, verb, who) {
  setAttribute(node, "aria-label", `${verb} racer ${who}`);
  setAttribute(node, "title", TITLES[verb]);
}

/** @param {string} sign @param {() => void} action */
function tool(sign, action) {
  /** @type {HTMLButtonElement} */
  const button = element("button", {
    type: "button", class: "step",
    onclick: () => button.getAttribute("aria-disabled") !== "true" && action(),
  }, sign);
  return button;
}

/**
 * "★ 12 steps"; nothing before it has arrived.
 *
 * @param {Pick<Head, "reached">} head
 * @param {boolean} won
 */
export const arrival = ({reached}, won) =>
  (reached !== NEVER ? `${won ? "\u2605 " : ""}${grouped(reached)} step${reached === 1 ? "" : "s"}` : "");
