/** Layers and features for the tests of this folder. */

export const FEATURES = ["x1", "x2", "x1_squared"].map((name, k) => ({name, label: `f${k}`, doc: "", map: ""}));

/** A network with these numbers of units in its layers, the first and the last of them inputs and outputs. */
export function layersOf(inputs, ...others) {
  const hidden = others.slice(0, -1).map((units) => ({kind: "hidden", units, activation_label: "tanh"}));
  const features = FEATURES.slice(0, inputs).map(({name}) => name);
  const output = {kind: "output", units: others.at(-1), label: "sigmoid"};
  return [{kind: "input", units: inputs, features}, ...hidden, output];
}
