// @ts-nocheck
const FIRST_LAYER = {
  hidden: 2, activation: "tanh", activation_params: {}, batch_norm: "off", dropout: 0, drop_connect: 0,
};
const LISTS = Object.keys(FIRST_LAYER);
const LEAST_UNITS = 2;

const edited = (settings, edit) =>
  Object.fromEntries(LISTS.map((name) => [name, edit([...settings[name]], name)]));

/** The settings with one more hidden layer, made like the last one. */
export function withLayerAdded(settings) {
  return edited(settings, (list, name) => {
    const last = list.at(-1) ?? FIRST_LAYER[name];
    return [...list, name === "hidden" ? Math.max(LEAST_UNITS, last) : last];
  });
}

/** The settings without one hidden layer, counted from 0. */
export function withLayerRemoved(settings, index) {
  return edited(settings, (list) => list.toSpliced(index, 1));
}

/** The settings with some choices of one hidden layer changed. */
export function withLayerChanged(settings, index, choices) {
  return Object.fromEntries(Object.entries(choices).map(([name, value]) => [name, settings[name].with(index, value)]));
}
