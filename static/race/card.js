import {element, setText} from "../runtime/dom.js";
import {grouped} from "../runtime/format.js";

/** @import {Card, CardLine, Highlight, RaceFrame, RaceStore} from "./types.js" */

/**
 * The next update of the selected racer, written out; "Next" goes through it line by line, and then makes it.
 *
 * @param {RaceStore} store
 */
export function createCard(store) {
  const lines = createLines();
  const walk = createWalk(lines, {
    step: () => store.host.send({type: "step"}),
    pointed(isLast) {
      head.name(isLast);
      store.repaint();
    },
  });
  const head = createHead(walk.advance, release);

  function release() {
    if (store.settings.now.selected < 0) return;
    store.settings.set({selected: -1});
    store.refresh();
  }

  /** @param {RaceFrame} frame */
  function read({card, fates, scalars}) {
    const {selected} = store.settings.now;
    const racer = store.shown.scene.racers[selected];
    // Until Python has heard of another choice, its card is that of the one before.
    if (!racer || (card && card.racer !== selected)) return;
    head.show(racer.color, titleOf(racer.label, card, fates[selected]), Boolean(card));
    lines.element.hidden = !card;
    walk.take(card, scalars.status === "playing");
  }

  return {
    element: element("div", {class: "update-card", role: "region", "aria-label": "Step by step"},
      head.element, lines.element),
    /** The vector of the line that is pointed at. */
    get highlight() { return walk.highlight; },
    release,
    /** Another race begins with the first line. */
    renew: walk.forget,
    update() {
      if (store.settings.now.selected < 0 && walk.isPointing) walk.forget();
    },
    read,
  };
}

/**
 * Goes through the lines of an update one by one, and then asks for the next step.
 *
 * @param {Pick<ReturnType<typeof createLines>, "point" | "write">} lines
 * @param {{step(): void, pointed(isLast: boolean): void}} told
 */
function createWalk(lines, {step, pointed}) {
  /** @type {Card | null} */
  let card = null;
  let at = -1; // the line that is pointed at; -1 for none
  /** @type {Highlight | null} */
  let highlight = null;

  /** Point at the line on the card and at the racer's head. */
  function point() {
    lines.point(at);
    highlight = highlightOf(card, at);
    pointed(at === (card?.lines.length ?? 0) - 1);
  }

  return {
    get highlight() { return highlight; },
    get isPointing() { return at >= 0; },
    advance() {
      if (!card) return;
      at += 1;
      if (at === card.lines.length) {
        at = 0;
        step();
      }
      point();
    },
    forget() {
      at = -1;
      highlight = null;
    },
    /** @param {Card | null} next @param {boolean} isPlaying */
    take(next, isPlaying) {
      const isNew = next?.racer !== card?.racer || next?.step !== card?.step;
      if (isPlaying) at = -1;
      card = next;
      if (!card) return;
      lines.write(card.lines);
      if (isNew) point();
    },
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

/** @param {string} label @param {Card | null} card @param {string} fate */
const titleOf = (label, card, fate) => (card
  ? `${label}: step ${grouped(card.step)} to ${grouped(card.step + 1)}`
  : `${label} ${fate || "is not in this race"}`);

/** @param {Card | null} card @param {number} at @returns {Highlight | null} */
function highlightOf(card, at) {
  const line = card?.lines[at];
  return card && line?.vector ? {racer: card.racer, vector: line.vector, role: line.role} : null;
}

/** The lines of an update: a title, a formula, the formula with its numbers, and what that means. */
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
    /** @param {CardLine[]} lines */
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
