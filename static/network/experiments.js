// @ts-nocheck
import {element, setText} from "../runtime/dom.js";

/** Prepared experiments, by name; what to notice stands above the network until it is closed. */
export function createExperiments(store) {
  const {experiments} = store.catalog;
  const select = element("select", {
    class: "experiments", "aria-label": "Experiment", title: "Set up a prepared experiment and say what to notice in it.",
    onchange() {
      if (select.value === "none") store.set({experiment: "none"});
      else store.send({type: "open", name: select.value});
    },
  }, element("option", {value: "none"}, "Experiments\u2026"),
  ...experiments.map(({name, label}) => element("option", {value: name}, label)));
  const words = element("span");
  const close = element("button", {
    type: "button", class: "step", "aria-label": "Close what to notice", title: "Close this; the network stays.",
    onclick() {
      notice.hidden = true;
      store.refresh();
    },
  }, "\u00d7");
  const notice = element("div", {class: "notice", role: "status", hidden: true}, words, close);
  let shown = "none";

  return {
    element: select,
    notice,
    update() {
      const {experiment} = store.settings;
      const entry = experiments.find(({name}) => name === experiment);
      select.value = experiment;
      setText(words, entry ? `${store.scene.departed ? "Before your changes: " : ""}${entry.notice}` : "");
      if (experiment === shown) return;
      shown = experiment;
      notice.hidden = !entry;
    },
  };
}
