// @ts-nocheck
import {element, setText} from "../runtime/dom.js";
import {grouped} from "../runtime/format.js";

/** The next update of the selected racer, written out; "Next" goes through it phase by phase, and then makes it. */
export function createCard(store) {
  const title = element("b");
  const list = element("ol", {class: "trace-lines", tabindex: 0, "aria-label": "Phases of the update"});
  const next = element("button", {
    type: "button", class: "plain small", title: "Go to the next phase; after the last one make the step.", onclick: advance,
  }, "Next phase");
  const close = element("button", {
    type: "button", class: "step", "aria-label": "Close the update", title: "Back to the chart.", onclick: release,
  }, "\u00d7");
  const dot = element("span", {class: "dot"});
  const box = element("div", {class: "update-card", role: "region", "aria-label": "Step by step"},
    element("div", {class: "inspector-row"}, dot, title, next, close), list);
  let card = null;
  let at = -1;

  function release() {
    if (store.settings.selected < 0) return;
    store.set({selected: -1});
    store.refresh();
  }

  function advance() {
    if (!card) return;
    at += 1;
    if (at === card.lines.length) {
      at = 0;
      store.send({type: "step"});
    }
    show();
  }

  /** Point at the phase on the card and at the racer's head. */
  function show() {
    [...list.children].forEach((row, k) => {
      row.classList.toggle("now", k === at);
      row.classList.toggle("later", at >= 0 && k > at);
      if (k === at) row.scrollIntoView({block: "nearest"});
    });
    const line = card?.lines[at];
    store.line = line?.vector ? {racer: card.racer, vector: line.vector, role: line.role} : null;
    setText(next, at === (card?.lines.length ?? 0) - 1 ? "Make the step" : "Next phase");
    store.repaint();
  }

  function write() {
    while (list.children.length > card.lines.length) list.lastChild.remove();
    while (list.children.length < card.lines.length) list.append(element("li", {}, ...["b", "code", "code", "span"].map((tag) => element(tag))));
    card.lines.forEach(({title: name, formula, numbers, says}, k) => {
      [name, formula, numbers, says].forEach((text, part) => setText(list.children[k].children[part], text));
    });
  }

  return {
    element: box,
    release,
    /** Another race begins with the first phase. */
    renew() {
      at = -1;
      store.line = null;
    },
    update() {
      if (store.settings.selected < 0 && at >= 0) {
        at = -1;
        store.line = null;
      }
    },
    read(frame) {
      const {selected} = store.settings;
      const racer = store.scene.racers[selected];
      // Until Python has heard of another choice, its card is that of the one before.
      if (!racer || (frame.card && frame.card.racer !== selected)) return;
      const fresh = frame.card?.racer !== card?.racer || frame.card?.step !== card?.step;
      if (frame.scalars.status === "playing") at = -1;
      card = frame.card;
      dot.style.background = racer.color;
      list.hidden = !card;
      next.hidden = !card;
      setText(title, card ? `${racer.label}: step ${grouped(card.step)} to ${grouped(card.step + 1)}`
        : `${racer.label} ${frame.fates[selected] || "is not in this race"}`);
      if (!card) return;
      write();
      if (fresh) show();
    },
  };
}
