// @ts-nocheck
/** "Layer 2", "Output", "Inputs". */
export function layerName(scene, layer) {
  if (layer === 0) return "Inputs";
  return layer === scene.layers.length - 1 ? "Output" : `Layer ${layer}`;
}

/** "x₁", "layer 2 unit 3", "output". */
export function unitName(scene, catalog, layer, i) {
  if (layer === 0) {
    const name = scene.layers[0].features[i];
    return catalog.features.find((feature) => feature.name === name)?.label ?? name;
  }
  const alone = layer === scene.layers.length - 1 && scene.layers[layer].units === 1;
  return layerName(scene, layer).toLowerCase() + (alone ? "" : ` unit ${i + 1}`);
}

/** "Layer 2, unit 3": a unit as a heading. */
export function unitTitle(scene, {layer, i}) {
  if (layer === 0) return `Input ${scene.layers[0].features[i].replaceAll("_", " ")}`;
  return scene.layers[layer].units === 1 && layer === scene.layers.length - 1
    ? "Output"
    : `${layerName(scene, layer)}, unit ${i + 1}`;
}

/** What a weight or bias belongs to: "x₁ → layer 1 unit 3". */
export function ownerName(scene, catalog, {kind, layer, i, j}) {
  if (kind === "bias") return unitName(scene, catalog, layer, i);
  return `${unitName(scene, catalog, layer - 1, i)} \u2192 ${unitName(scene, catalog, layer, j)}`;
}
