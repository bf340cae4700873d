// @ts-nocheck
const entryOf = (entries, name) => entries.find((entry) => entry.name === name);

/** The first colour that nobody has. */
export function freeColor({settings, catalog}) {
  const used = new Set(settings.racers.map(({color}) => color));
  return Math.max(0, catalog.colors.findIndex((_, color) => !used.has(color)));
}

/** The rule's name. */
export const short = ({catalog}, {optimizer}) => entryOf(catalog.optimizers, optimizer)?.label ?? optimizer;

/** "lr 0.004 · momentum 0.9 · step". */
export function summary({catalog}, racer, known) {
  const {hyperparameters} = entryOf(catalog.optimizers, racer.optimizer) ?? {hyperparameters: []};
  const rate = racer.learning_rate ?? known?.rate;
  const told = hyperparameters.filter(({name}) => name !== "epsilon").slice(0, 2);
  const parts = [
    rate === undefined ? "" : `lr ${Number(rate.toPrecision(3))}`,
    ...told.map(({name, label, default: usual}) => `${label.toLowerCase()} ${racer.hyperparameters[name] ?? usual}`),
    racer.schedule === "constant" ? "" : entryOf(catalog.schedules, racer.schedule)?.label.toLowerCase(),
    racer.momentum_schedule === "constant" ? "" : "annealed",
  ];
  return parts.filter(Boolean).join(" \u00b7 ");
}
