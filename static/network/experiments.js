/** @import {Store} from "./types.js" */
import {element, setText} from "../runtime/dom.js";
import {NO_EXPERIMENT} from "./wire.js";

/**
 * Prepared experiments, by name; what to notice stands above the network until it is closed.
 *
 * @param {Pick<Store, "host" | "settings" | "shown" | "refresh">} store
 */
export function createExperiments({host, settings, shown, refresh}) {
  const {experiments} = host.catalog;
  const select = element("select", {
    class: "experiments", "aria-label": "Experiment",
    title: "Set up a prepared experiment and say what to notice in it.",
    onchange() {
      if (select.value === NO_EXPERIMENT) settings.set({experiment: NO_EXPERIMENT});
      else host.send({type: "open", name: select.value});
    },
  }, element("option", {value: NO_EXPERIMENT}, "Experiments\u2026"),
  ...experiments.map(({name, label}) => element("option", {value: name}, label)));
  const words = element("span");
  const close = element("button", {
    type: "button", class: "step", "aria-label": "Close what to notice", title: "Close this; the network stays.",
    onclick() {
      notice.hidden = true;
      refresh();
    },
  }, "\u00d7");
  const notice = element("div", {class: "notice", role: "status", hidden: true}, words, close);
  /** @type {string} */
  let last = NO_EXPERIMENT;

  return {
    element: select,
    notice,
    update() {
      const {experiment} = settings.now;
      const entry = experiments.find(({name}) => name === experiment);
      select.value = experiment;
      setText(words, entry ? `${shown.scene.departed ? "Before your changes: " : ""}${entry.notice}` : "");
      if (experiment === last) return;
      last = experiment;
      notice.hidden = !entry;
    },
  };
}
