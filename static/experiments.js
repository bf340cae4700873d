import {element} from "./dom.js";

/** Prepared experiments, by name; what to notice stands above the network until it is closed. */
export function createExperiments(store, banner) {
  const {experiments} = store.catalog;
  const select = element("select", {
    class: "experiments", "aria-label": "Experiment", title: "Set up a prepared experiment and say what to notice in it.",
    onchange() {
      if (select.value === "none") store.set({experiment: "none"});
      else store.send({type: "open", name: select.value});
    },
  }, element("option", {value: "none"}, "Experiments\u2026"),
  ...experiments.map(({name, label}) => element("option", {value: name}, label)));
  return {
    element: select,
    update() {
      const {experiment} = store.settings;
      select.value = experiment;
      const entry = experiments.find(({name}) => name === experiment);
      banner.show("experiment", entry ? entry.notice : "");
    },
  };
}
