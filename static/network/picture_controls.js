// @ts-nocheck
import {element, setText} from "../runtime/dom.js";
import {grouped} from "../runtime/format.js";
import {landscapeOf} from "./landscape_picture.js";
import {layerName} from "./names.js";

const EVERY = [0, 50, 200, 1000, 5000];

/** A labelled select that sets one setting. */
function choice(store, name, label, options, read = String) {
  const select = element("select", {"aria-label": label, onchange: () => store.set({[name]: read(select.value)})});
  const fill = (list) => {
    const texts = list.map(([, text]) => text).join("|");
    if (select.dataset.texts === texts) return;
    select.dataset.texts = texts;
    select.replaceChildren(...list.map(([value, text, title]) => element("option", {value, title}, text)));
  };
  fill(options);
  return {
    select, fill,
    element: element("label", {class: "view"}, element("span", {class: "caption"}, label), select),
    update(value = store.settings[name]) { select.value = String(value); },
  };
}

const named = (entries) => entries.map(({name, label, doc}) => [name, label, doc]);

/** What the large picture is, and the choices that belong to hidden space and landscape. */
export function createPictureControls(store) {
  const {catalog} = store;
  const picture = choice(store, "picture", "Picture", named(catalog.pictures));
  const layer = choice(store, "hidden_layer", "Layer", [], Number);
  const axes = choice(store, "hidden_axes", "Axes", named(catalog.axes));
  const units = [0, 1].map((k) => {
    const label = k ? "Unit upwards" : "Unit across";
    const select = element("select", {
      "aria-label": label, title: `${label}.`,
      onchange: () => store.set({hidden_units: store.settings.hidden_units.with(k, Number(select.value))}),
    });
    return select;
  });
  const directions = choice(store, "directions", "Directions", named(catalog.directions));
  const every = choice(store, "landscape_every", "Redraw",
    EVERY.map((steps) => [steps, steps ? `every ${grouped(steps)} steps` : "on request"]), Number);
  const refresh = element("button", {
    type: "button", class: "plain small", title: "Draw the landscape around the present weights.",
    onclick: () => store.tell({type: "redraw_landscape"}),
  }, "Draw anew");
  const told = element("span", {class: "soft"});
  const hidden = element("div", {class: "display"}, layer.element, axes.element, ...units);
  const landscape = element("div", {class: "display"}, directions.element, every.element, refresh, told);

  function fillUnits(count) {
    const chosen = store.settings.hidden_units.map((unit) => Math.min(unit, count));
    if (chosen[0] === chosen[1]) chosen[1] = (chosen[0] % count) + 1; // as in lens.py
    units.forEach((select, k) => {
      if (select.length !== count) {
        select.replaceChildren(...Array.from({length: count}, (_, i) => element("option", {value: i + 1}, `unit ${i + 1}`)));
      }
      select.value = String(chosen[k]);
      // The same unit on both axes would be a line.
      for (const option of select.options) option.disabled = count > 1 && option.value === String(chosen[1 - k]);
      select.hidden = store.settings.hidden_axes !== "units";
    });
  }

  return {
    choice: picture.element,
    element: element("div", {class: "picture-controls"}, hidden, landscape),
    update() {
      const {scene, settings} = store;
      const last = scene.layers.length - 2;
      for (const control of [picture, axes, directions, every]) control.update();
      layer.fill(Array.from({length: last + 1}, (_, k) => [k, layerName(scene, k)]));
      layer.update(Math.min(settings.hidden_layer, last));
      fillUnits(scene.layers[Math.min(settings.hidden_layer, last)].units);
      hidden.hidden = settings.picture !== "hidden";
      landscape.hidden = settings.picture !== "landscape";
    },
    read({landscapeView}) {
      if (!landscapeView || landscape.hidden) return;
      const {distance, step, kind} = landscapeOf(landscapeView);
      const stand = catalog.directions[kind]?.name === store.settings.directions ? "" : "; too short a path, so random";
      setText(told, `As of step ${grouped(step)}; ${distance.toPrecision(2)} away from it now${stand}`);
    },
  };
}
