/** @import {Entry} from "../runtime/types.js" */
/** @import {RaceCatalog, RacerSettings, SceneRacer} from "./types.js" */

/** @template {Entry} Kind @param {Kind[]} entries @param {string} name */
const entryOf = (entries, name) => entries.find((entry) => entry.name === name);

/**
 * The rule's name.
 *
 * @param {Pick<RaceCatalog, "optimizers">} catalog
 * @param {Pick<RacerSettings, "optimizer">} racer
 */
export const short = ({optimizers}, {optimizer}) => entryOf(optimizers, optimizer)?.label ?? optimizer;

/**
 * "lr 0.004 · momentum 0.9 · step".
 *
 * @param {Pick<RaceCatalog, "optimizers" | "schedules" | "racer">} catalog
 * @param {RacerSettings} racer
 * @param {Pick<SceneRacer, "rate">} [known] what the scene says of it
 */
export function summary({optimizers, schedules, racer: plain}, racer, known) {
  const rule = entryOf(optimizers, racer.optimizer);
  const told = rule?.hyperparameters.filter(({name}) => rule.told.includes(name)) ?? [];
  const rate = racer.learning_rate ?? known?.rate;
  const parts = [
    rate === undefined ? "" : `lr ${Number(rate.toPrecision(3))}`,
    ...told.map(({name, label, default: usual}) => `${label.toLowerCase()} ${racer.hyperparameters[name] ?? usual}`),
    racer.schedule === plain.schedule ? "" : entryOf(schedules, racer.schedule)?.label.toLowerCase(),
    racer.momentum_schedule === plain.momentum_schedule ? "" : "annealed",
  ];
  return parts.filter(Boolean).join(" \u00b7 ");
}
