// @ts-nocheck
import {element, setText} from "../runtime/dom.js";
import {createHyperparameters} from "../runtime/hyperparameters.js";
import {createPopover} from "../runtime/popover.js";
import {short} from "./racer_words.js";

/** The settings of one racer, in a box beside its card. */
export function createRacerMenu(store, signal, change) {
  let index = 0;
  const racer = () => store.settings.racers[index];
  const apply = (values) => change(index, values);
  const rate = createHyperparameters((_, value) => apply({learning_rate: value}));
  const parts = [
    choice("Rule", "optimizers", "optimizer", "hyperparameters", {learning_rate: null}),
    choice("Schedule", "schedules", "schedule", "schedule_params"),
    choice("Annealing", "momentum_schedules", "momentum_schedule", "momentum_schedule_params"),
  ];
  const swatches = store.catalog.colors.map((color, k) => element("button", {
    type: "button", class: "swatch-button", style: `--c: ${color}`, title: `Colour ${k + 1} of ${store.catalog.colors.length}.`,
    "aria-label": `Colour ${k + 1}`, onclick: () => apply({color: k}),
  }));
  const heading = element("b");
  const box = element("div", {class: "popover racer-menu", role: "dialog"}, heading,
    parts[0].select, rate.element, parts[0].hyperparameters, parts[1].select, parts[1].hyperparameters, parts[2].select, parts[2].hyperparameters,
    element("div", {class: "swatches", role: "group", "aria-label": "Colour"}, ...swatches));
  const popover = createPopover(store.root, box, signal);

  /** A select of entries and the hyperparameters of the one chosen. */
  function choice(label, entries, key, hyperparametersKey, besides = {}) {
    const known = store.catalog[entries];
    const select = element("select", {
      onchange: () => apply({...besides, [key]: select.value, [hyperparametersKey]: {}}),
    }, ...known.map(({name, label: text, doc}) => element("option", {value: name, title: doc}, text)));
    const fields = createHyperparameters((name, value) => apply({[hyperparametersKey]: {...racer()[hyperparametersKey], [name]: value}}));
    return {
      select: element("label", {class: "field"}, element("span", {}, label), select),
      hyperparameters: fields.element,
      fill(who) {
        const entry = known.find(({name}) => name === racer()[key]);
        select.value = racer()[key];
        select.setAttribute("aria-label", `${who} ${label.toLowerCase()}`);
        fields.fill(entry, racer()[hyperparametersKey], who);
        return entry;
      },
    };
  }

  function fill() {
    if (!racer()) return popover.close();
    const who = `Racer ${index + 1}`;
    setText(heading, `${who}: ${short(store, racer())}`);
    box.setAttribute("aria-label", who);
    const usual = store.scene.racers[index]?.rate ?? 0.03;
    const entry = parts[0].fill(who);
    rate.fill({name: "rate", hyperparameters: [{
      name: "learning_rate", label: "Learning rate", doc: "How far a step goes.", low: 0, high: 1000, default: usual, integer: false,
    }]}, {learning_rate: racer().learning_rate ?? usual}, who);
    parts[1].fill(who);
    parts[2].fill(who);
    parts[2].select.hidden = parts[2].hyperparameters.hidden = !entry?.momentum;
    swatches.forEach((swatch, k) => swatch.setAttribute("aria-pressed", k === racer().color));
    popover.settle();
  }

  return {
    toggle(which, opener) {
      const wasOpen = popover.isOpen && which === index;
      popover.close();
      if (wasOpen) return;
      index = which;
      fill();
      const {left, bottom} = opener.getBoundingClientRect();
      popover.open({clientX: left - 200, clientY: bottom - 14}, {opener, first: box.querySelector("select")});
    },
    update() { if (popover.isOpen) fill(); },
  };
}
