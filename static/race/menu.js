import {short} from "./racer_words.js";
import {element, setText} from "../runtime/dom.js";
import {createHyperparameters} from "../runtime/hyperparameters.js";
import {createPopover} from "../runtime/popover.js";

/** @import {NumberField, TunableEntry} from "../runtime/types.js" */
/** @import {RaceStore, RacerSettings} from "./types.js" */
/** @typedef {"optimizer" | "schedule" | "momentum_schedule"} EntryKey */
/** @typedef {"hyperparameters" | "schedule_params" | "momentum_schedule_params"} ParamsKey */
/** @typedef {{racer: () => RacerSettings, apply: (values: Partial<RacerSettings>) => void}} Form */

/**
 * The settings of one racer, in a box beside its card.
 *
 * @param {RaceStore} store
 * @param {AbortSignal} signal
 * @param {(racer: number, values: Partial<RacerSettings>) => void} change
 */
export function createRacerMenu(store, signal, change) {
  let index = 0;
  const {catalog} = store.host;
  /** @type {Form} */
  const form = {racer: () => store.settings.now.racers[index], apply: (values) => change(index, values)};
  const rate = createRate(form, catalog.learning_rate);
  const rule = createChoice(form, "Rule", catalog.optimizers, "optimizer", "hyperparameters", {learning_rate: null});
  const schedule = createChoice(form, "Schedule", catalog.schedules, "schedule", "schedule_params");
  const annealing = createChoice(
    form, "Annealing", catalog.momentum_schedules, "momentum_schedule", "momentum_schedule_params",
  );
  const swatches = createSwatches(form, catalog.colors);
  const heading = element("b");
  const box = element("div", {class: "popover racer-menu", role: "dialog"}, heading,
    rule.select, rate.element, rule.params, schedule.select, schedule.params, annealing.select, annealing.params,
    swatches.element);
  const popover = createPopover(store.host.root, box, signal);

  function fill() {
    const racer = form.racer();
    if (!racer) return popover.close();
    const who = `Racer ${index + 1}`;
    setText(heading, `${who}: ${short(catalog, racer)}`);
    box.setAttribute("aria-label", who);
    const entry = rule.fill(who);
    rate.fill(store.shown.scene.racers[index]?.rate ?? catalog.learning_rate.default, who);
    schedule.fill(who);
    annealing.fill(who);
    annealing.select.hidden = annealing.params.hidden = !entry?.momentum;
    swatches.fill();
    popover.settle();
  }

  return {
    /** @param {number} which @param {HTMLElement} opener */
    toggle(which, opener) {
      const wasOpen = popover.isOpen && which === index;
      popover.close();
      if (wasOpen) return;
      index = which;
      fill();
      const {left, bottom} = opener.getBoundingClientRect();
      popover.open({clientX: left - 200, clientY: bottom - 14}, {opener, first: rule.input});
    },
    update() { if (popover.isOpen) fill(); },
  };
}

/**
 * A select of entries and the hyperparameters of the one chosen.
 *
 * @template {TunableEntry} Entry
 * @param {Form} form
 * @param {string} label
 * @param {Entry[]} entries
 * @param {EntryKey} key which setting of the racer it is
 * @param {ParamsKey} paramsKey and which one its hyperparameters are
 * @param {Partial<RacerSettings>} [besides] what another entry sets too
 */
function createChoice(form, label, entries, key, paramsKey, besides = {}) {
  const input = element("select", {
    onchange: () => form.apply({...besides, [key]: input.value, [paramsKey]: {}}),
  }, ...entries.map(({name, label: text, doc}) => element("option", {value: name, title: doc}, text)));
  const fields = createHyperparameters((name, value) =>
    form.apply({[paramsKey]: {...form.racer()[paramsKey], [name]: value}}));
  return {
    input,
    select: element("label", {class: "field"}, element("span", {}, label), input),
    params: fields.element,
    /** @param {string} who */
    fill(who) {
      const racer = form.racer();
      const entry = entries.find(({name}) => name === racer[key]);
      input.value = racer[key];
      input.setAttribute("aria-label", `${who} ${label.toLowerCase()}`);
      if (entry) fields.fill(entry, racer[paramsKey], who);
      return entry;
    },
  };
}

/** @param {Form} form @param {NumberField} limits */
function createRate(form, limits) {
  const field = createHyperparameters((_, value) => form.apply({learning_rate: value}));
  return {
    element: field.element,
    /** @param {number} usual @param {string} who */
    fill(usual, who) {
      field.fill({name: "rate", hyperparameters: [{...limits, default: usual}]},
        {learning_rate: form.racer().learning_rate ?? usual}, who);
    },
  };
}

/** @param {Form} form @param {string[]} colors */
function createSwatches(form, colors) {
  const swatches = colors.map((color, k) => element("button", {
    type: "button", class: "swatch-button", style: `--c: ${color}`, title: `Colour ${k + 1} of ${colors.length}.`,
    "aria-label": `Colour ${k + 1}`, onclick: () => form.apply({color: k}),
  }));
  return {
    element: element("div", {class: "swatches", role: "group", "aria-label": "Colour"}, ...swatches),
    fill() {
      const {color} = form.racer();
      swatches.forEach((swatch, k) => swatch.setAttribute("aria-pressed", String(k === color)));
    },
  };
}
