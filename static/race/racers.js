import {createRacerMenu} from "./menu.js";
import {createRow} from "./racer_row.js";
import {RATES} from "./wire.js";
import {element, setAttribute, setText} from "../runtime/dom.js";

/** @import {RaceFrame, RaceStore, RacerSettings, SweepOutcome} from "./types.js" */
/** @import {Row, RowActions} from "./racer_row.js" */

/**
 * The racers, one row each.
 *
 * @param {RaceStore} store
 * @param {AbortSignal} signal
 */
export function createRacers(store, signal) {
  const changes = createChanges(store);
  const menu = createRacerMenu(store, signal, changes.change);
  const rows = createRows(store, {...changes, edit: menu.toggle});
  const count = element("span", {class: "soft"});
  const within = element("span");
  const best = tool("Best rate for each",
    `Try ${RATES} learning rates for every racer from this start, and take the best.`,
    () => store.host.send({type: "sweep"}));
  const usual = tool("Usual rates", "Give every racer the learning rate that is usual here.", changes.takeUsualRates);
  const add = tool("+ Add", "Add a racer with a rule that does not race yet.", changes.add);
  /** @type {SweepOutcome | null} */
  let outcome = null; // stays on the rows as long as it is about this race

  return {
    element: element("div", {class: "racers"},
      element("div", {class: "racers-head"}, element("h2", {}, "Racers"), count,
        element("span", {class: "tools"}, best, usual, add)),
      element("div", {class: "cards-legend soft"}, element("span", {}, "rule and settings"), within),
      rows.element),
    update() {
      const {settings: {now: settings}, shown: {scene}, host: {catalog}} = store;
      setText(count, `${settings.racers.length} of ${catalog.limits.racers}`);
      setAttribute(add, "aria-disabled", changes.isFull());
      setText(within,
        scene.surface ? `loss, and steps to within ${settings.tolerance}` : "training loss");
      best.hidden = !scene.surface;
      rows.update(changes.isFull(), outcome);
      menu.update();
    },
    read: rows.read,
    /** @param {SweepOutcome} message what a sweep found */
    swept({question, rates, values, best: found}) {
      outcome = {question, rates, values, best: found};
      rows.update(changes.isFull(), outcome);
    },
  };
}

/**
 * Changes of the racers' settings.
 *
 * @param {RaceStore} store
 */
function createChanges(store) {
  /** @param {RacerSettings[]} racers */
  const set = (racers) => {
    store.settings.set({racers});
    store.refresh();
  };
  const isFull = () => store.settings.now.racers.length >= store.host.catalog.limits.racers;

  return {
    isFull,
    /** @param {number} index @param {Partial<RacerSettings>} values */
    change(index, values) {
      const {racers} = store.settings.now;
      set(racers.with(index, {...racers[index], ...values}));
    },
    add() {
      if (isFull()) return;
      const {racers} = store.settings.now;
      const {catalog} = store.host;
      const {optimizers} = catalog;
      const used = new Set(racers.map(({optimizer}) => optimizer));
      const {name} = optimizers.find((entry) => !used.has(entry.name)) ?? optimizers[0];
      set([...racers, {...catalog.racer, optimizer: name, color: null}]);
    },
    /**
     * A copy with a third of the learning rate, so that it can be told from its original at once.
     *
     * @param {number} index
     */
    copy(index) {
      if (isFull()) return;
      const {racers} = store.settings.now;
      const rate = Number(((store.shown.scene.racers[index]?.rate ?? 0.1) * 0.3).toPrecision(2));
      set(racers.toSpliced(index + 1, 0, {...racers[index], learning_rate: rate, color: null}));
    },
    /** @param {number} index */
    remove(index) {
      if (store.settings.now.racers.length < 2) return;
      store.settings.set({selected: -1});
      set(store.settings.now.racers.toSpliced(index, 1));
    },
    takeUsualRates: () => set(store.settings.now.racers.map((racer) => ({...racer, learning_rate: null}))),
  };
}

/**
 * As many rows as there are racers.
 *
 * @param {RaceStore} store
 * @param {RowActions} actions
 */
function createRows(store, actions) {
  const list = element("div", {class: "cards"});
  /** @type {Row[]} */
  const rows = [];

  /** @param {number} wanted */
  function reconcile(wanted) {
    while (rows.length < wanted) {
      const row = createRow(store, rows.length, actions);
      rows.push(row);
      list.append(row.element);
    }
    for (const gone of rows.splice(wanted).reverse()) {
      const hadFocus = gone.element.matches(":focus-within");
      gone.element.remove();
      if (hadFocus) rows.at(-1)?.focus();
    }
  }

  return {
    element: list,
    /** @param {boolean} isFull @param {SweepOutcome | null} outcome */
    update(isFull, outcome) {
      reconcile(store.settings.now.racers.length);
      rows.forEach((row) => row.update(isFull, outcome));
    },
    /** @param {RaceFrame} frame */
    read: (frame) => rows.forEach((row) => row.read(frame)),
  };
}

/** @param {string} label @param {string} title @param {() => void} onclick */
function tool(label, title, onclick) {
  return element("button", {type: "button", class: "plain small", title, onclick}, label);
}
