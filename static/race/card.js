import {element, setText} from "../runtime/dom.js";
import {grouped} from "../runtime/format.js";

/** @import {Highlight, RaceFrame, RaceStore, TraceLine, UpdateTrace} from "./types.js" */

/**
 * The next update of the selected racer, written out; "Next" goes through its trace line by line, and then makes it.
 *
 * @param {RaceStore} store
 */
export function createCard(store) {
  const head = createHead(advance, release);
  const lines = createLines();
  /** @type {UpdateTrace | null} */
  let trace = null;
  let at = -1; // the line that is pointed at; -1 for none
  /** @type {Highlight | null} */
  let highlight = null;

  function release() {
    if (store.settings.now.selected < 0) return;
    store.settings.set({selected: -1});
    store.refresh();
  }

  function advance() {
    if (!trace) return;
    at += 1;
    if (at === trace.lines.length) {
      at = 0;
      store.host.send({type: "step"});
    }
    point();
  }

  /** Point at the line on the card and at the racer's head. */
  function point() {
    lines.point(at);
    highlight = highlightOf(trace, at);
    head.name(at === (trace?.lines.length ?? 0) - 1);
    store.repaint();
  }

  function unpoint() {
    at = -1;
    highlight = null;
  }

  /** @param {RaceFrame} frame */
  function read(frame) {
    const {selected} = store.settings.now;
    const racer = store.shown.scene.racers[selected];
    // Until Python has heard of another choice, its card is that of the one before.
    if (!racer || (frame.card && frame.card.racer !== selected)) return;
    const isNew = frame.card?.racer !== trace?.racer || frame.card?.step !== trace?.step;
    if (frame.scalars.status === "playing") at = -1;
    trace = frame.card;
    head.show(racer.color, titleOf(racer.label, trace, frame.fates[selected]), Boolean(trace));
    lines.element.hidden = !trace;
    if (!trace) return;
    lines.write(trace.lines);
    if (isNew) point();
  }

  return {
    element: element("div", {class: "update-card", role: "region", "aria-label": "Step by step"},
      head.element, lines.element),
    /** The vector of the line that is pointed at. */
    get highlight() { return highlight; },
    release,
    /** Another race begins with the first line. */
    renew: unpoint,
    update() {
      if (store.settings.now.selected < 0 && at >= 0) unpoint();
    },
    read,
  };
}

/**
 * The racer, and what can be pressed.
 *
 * @param {() => void} advance
 * @param {() => void} release
 */
function createHead(advance, release) {
  const dot = element("span", {class: "dot"});
  const title = element("b");
  const next = element("button", {
    type: "button", class: "plain small", title: "Go to the next phase; after the last one make the step.",
    onclick: advance,
  }, "Next phase");
  const close = element("button", {
    type: "button", class: "step", "aria-label": "Close the update", title: "Back to the chart.", onclick: release,
  }, "\u00d7");
  return {
    element: element("div", {class: "inspector-row"}, dot, title, next, close),
    /** @param {boolean} isLast whether the last line is pointed at */
    name: (isLast) => setText(next, isLast ? "Make the step" : "Next phase"),
    /** @param {string} color @param {string} text @param {boolean} hasLines */
    show(color, text, hasLines) {
      dot.style.background = color;
      next.hidden = !hasLines;
      setText(title, text);
    },
  };
}

/** @param {string} label @param {UpdateTrace | null} trace @param {string} fate */
const titleOf = (label, trace, fate) => (trace
  ? `${label}: step ${grouped(trace.step)} to ${grouped(trace.step + 1)}`
  : `${label} ${fate || "is not in this race"}`);

/** @param {UpdateTrace | null} trace @param {number} at @returns {Highlight | null} */
function highlightOf(trace, at) {
  const line = trace?.lines[at];
  return trace && line?.vector ? {racer: trace.racer, vector: line.vector, role: line.role} : null;
}

/** The lines of a trace: a title, a formula, the formula with its numbers, and what that means. */
function createLines() {
  const list = element("ol", {class: "trace-lines", tabindex: 0, "aria-label": "Phases of the update"});
  /** @type {{row: HTMLElement, parts: HTMLElement[]}[]} */
  const rows = [];

  function add() {
    const parts = [element("b"), element("code"), element("code"), element("span")];
    const row = element("li", {}, ...parts);
    rows.push({row, parts});
    list.append(row);
  }

  return {
    element: list,
    /** @param {TraceLine[]} lines */
    write(lines) {
      while (rows.length > lines.length) rows.pop()?.row.remove();
      while (rows.length < lines.length) add();
      lines.forEach(({title, formula, numbers, says}, k) => {
        [title, formula, numbers, says].forEach((text, part) => setText(rows[k].parts[part], text));
      });
    },
    /** @param {number} at */
    point(at) {
      rows.forEach(({row}, k) => {
        row.classList.toggle("now", k === at);
        row.classList.toggle("later", at >= 0 && k > at);
        if (k === at) row.scrollIntoView({block: "nearest"});
      });
    },
  };
}
