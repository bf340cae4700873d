// @ts-nocheck
import {createRacerMenu} from "./menu.js";
import {drawSweep} from "./sweep.js";
import {element, setAttribute, setText} from "../runtime/dom.js";
import {grouped} from "../runtime/format.js";
import {freeColor, short, summary} from "./racer_words.js";

/** The racers, one card each: colour, name, settings, how it fares. */
export function createRacers(store, signal) {
  const menu = createRacerMenu(store, signal, change);
  const count = element("span", {class: "soft"});
  const within = element("span");
  const list = element("div", {class: "cards"});
  const cards = [];
  const best = tool("Best rate for each", "Try 40 learning rates for every racer from this start, and take the best.",
    () => store.send({type: "sweep"}));
  const usual = tool("Usual rates", "Give every racer the learning rate that is usual here.",
    () => set(store.settings.racers.map((racer) => ({...racer, learning_rate: null}))));
  const add = tool("+ Add", "Add a racer with a rule that does not race yet.", () => addRacer());

  const set = (racers) => {
    store.set({racers});
    store.refresh();
  };

  function change(index, values) {
    set(store.settings.racers.with(index, {...store.settings.racers[index], ...values}));
  }

  function isFull() {
    return store.settings.racers.length >= store.catalog.limits.racers;
  }

  function addRacer() {
    if (isFull()) return;
    const {racers} = store.settings;
    const used = new Set(racers.map(({optimizer}) => optimizer));
    const {name} = store.catalog.optimizers.find((entry) => !used.has(entry.name)) ?? store.catalog.optimizers[0];
    set([...racers, {...plainRacer(name), color: freeColor(store)}]);
  }

  /** A copy with a third of the learning rate, so that it can be told from its original at once. */
  function copy(index) {
    if (isFull()) return;
    const {racers} = store.settings;
    const rate = Number(((store.scene.racers[index]?.rate ?? 0.1) * 0.3).toPrecision(2));
    set(racers.toSpliced(index + 1, 0, {...racers[index], learning_rate: rate, color: freeColor(store)}));
  }

  function remove(index) {
    if (store.settings.racers.length < 2) return;
    store.set({selected: -1});
    set(store.settings.racers.toSpliced(index, 1));
  }

  function reconcile(wanted) {
    while (cards.length < wanted) {
      cards.push(createRow(store, cards.length, {change, copy, remove, menu}));
      list.append(cards.at(-1).element);
    }
    while (cards.length > wanted) {
      const gone = cards.pop();
      const hadFocus = gone.element.matches(":focus-within");
      gone.element.remove();
      if (hadFocus) cards.at(-1)?.focus();
    }
  }

  return {
    element: element("div", {class: "racers"},
      element("div", {class: "racers-head"}, element("h2", {}, "Racers"), count, element("span", {class: "tools"}, best, usual, add)),
      element("div", {class: "cards-legend soft"}, element("span", {}, "rule and settings"), within),
      list),
    update() {
      const {racers} = store.settings;
      reconcile(racers.length);
      setText(count, `${racers.length} of ${store.catalog.limits.racers}`);
      setAttribute(add, "aria-disabled", isFull());
      setText(within, store.scene.mode === "surface" ? `loss, and steps to within ${store.settings.tolerance}` : "training loss");
      best.hidden = store.scene.mode !== "surface";
      cards.forEach((card) => card.update(isFull()));
      menu.update();
    },
    read: (frame) => cards.forEach((card) => card.read(frame)),
    /** What a sweep found stays on the cards as long as it is about this race. */
    swept({question, rates, values, best: found}) {
      store.sweep = {question, rates, values, best: found};
      cards.forEach((card) => card.update(isFull()));
    },
  };
}

const plainRacer = (optimizer) => ({
  optimizer, learning_rate: null, hyperparameters: {}, schedule: "constant", schedule_params: {}, momentum_schedule: "constant",
  momentum_schedule_params: {}, shown: true,
});

function tool(label, title, onclick) {
  return element("button", {type: "button", class: "plain small", title, onclick}, label);
}

/** One racer. */
function createRow(store, index, {change, copy, remove, menu}) {
  const shown = element("input", {type: "checkbox", onchange: () => change(index, {shown: shown.checked})});
  const name = element("b");
  const words = element("span", {class: "soft"});
  const select = element("button", {
    type: "button", class: "select", title: "Write out its next update, phase by phase.",
    onclick: () => {
      if (store.scene.mode !== "surface") return;
      store.set({selected: store.settings.selected === index ? -1 : index});
      store.refresh();
    },
  }, name, words);
  const sweep = element("canvas", {class: "sweep", role: "img"});
  const value = element("em");
  const fate = element("span", {class: "fate"});
  const edit = small("\u270e", (event) => menu.toggle(index, event.currentTarget));
  const twin = small("+", () => copy(index));
  const gone = small("\u00d7", () => remove(index));
  const box = element("div", {class: "racer"}, shown, select, sweep,
    element("span", {class: "figures"}, value, fate), element("span", {class: "tools"}, edit, twin, gone));
  setAttribute(edit, "aria-haspopup", "dialog");
  setAttribute(edit, "aria-expanded", "false");

  return {
    element: box,
    focus: () => select.focus(),
    update(isFull) {
      const racer = store.settings.racers[index];
      const known = store.scene.racers[index];
      const label = short(store, racer);
      setText(name, label);
      setText(words, summary(store, racer, known));
      box.style.setProperty("--c", store.catalog.colors[racer.color]);
      box.classList.toggle("off", !racer.shown);
      shown.checked = racer.shown;
      setAttribute(select, "aria-pressed", store.scene.mode === "surface" && store.settings.selected === index);
      setAttribute(select, "aria-disabled", store.scene.mode !== "surface");
      const number = `${index + 1}, ${label}`;
      for (const [node, verb] of [[shown, "Show"], [edit, "Change"], [twin, "Copy"], [gone, "Remove"]]) {
        setAttribute(node, "aria-label", `${verb} racer ${number}`);
        setAttribute(node, "title", TITLES[verb]);
      }
      setAttribute(twin, "aria-disabled", isFull);
      setAttribute(gone, "aria-disabled", store.settings.racers.length < 2);
      sweep.hidden = !store.sweep || store.sweep.question !== store.scene.surface?.question;
      if (!sweep.hidden) drawSweep(sweep, store, index);
    },
    read({heads, fates, scalars}) {
      const head = heads[index];
      if (!head) return;
      const {shown} = store.settings.racers[index] ?? {};
      setText(value, shown ? brief(head.value) : "off");
      box.classList.toggle("winner", scalars.winner === index);
      box.classList.toggle("ended", Boolean(fates[index]));
      setText(fate, shown ? fates[index] || arrival(head, scalars.winner === index) : "");
      setAttribute(fate, "title", fates[index] ? "It stopped there; the others go on." : "Steps until the loss came within the tolerance.");
    },
  };
}

const TITLES = {
  Show: "Show this racer on the map and in the chart.", Change: "Change its rule, learning rate, hyperparameters and schedules.",
  Copy: "Add a copy with other settings.", Remove: "Take this racer out of the race.",
};

const arrival = ({reached}, won) => (reached >= 0 ? `${won ? "\u2605 " : ""}${grouped(reached)} step${reached === 1 ? "" : "s"}` : "");

function small(sign, onclick) {
  return element("button", {
    type: "button", class: "step",
    onclick: (event) => event.currentTarget.getAttribute("aria-disabled") !== "true" && onclick(event),
  }, sign);
}

/** Two digits, as a projector can show them. */
function brief(value) {
  if (!Number.isFinite(value)) return "\u2013";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 0.01 || size >= 1e4) ? value.toExponential(1) : value.toPrecision(3);
  return text.replace("e+", "e").replaceAll("-", "\u2212");
}
