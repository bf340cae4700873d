/** @import {Message, Settings} from "./types.js" */

/**
 * What is chosen: what Python knows, and on top of it what it was told too late to know.
 *
 * @template Values
 * @param {(message: Message) => void} send
 */
export function createSettings(send) {
  let known = /** @type {Values} */ ({});
  let now = known;
  /** @type {{id: number, values: Partial<Values>}[]} */
  let pending = [];
  let count = 0;

  /** @type {Settings<Values>} */
  const part = {
    get now() { return now; },
    set(values) {
      const id = ++count;
      pending.push({id, values});
      now = {...now, ...values};
      send({type: "set", id, values});
    },
    assume(values) { now = {...now, ...values}; },
  };

  return {
    part,
    /**
     * Take over what Python knows after having heard of the first changes.
     *
     * @param {Values} values
     * @param {number} heard
     */
    adopt(values, heard) {
      known = values;
      pending = pending.filter(({id}) => id > heard);
      now = Object.assign({}, known, ...pending.map((change) => change.values));
    },
    /** Something was refused: go back to what is known to be true. */
    retreat() {
      pending = [];
      now = {...known};
    },
  };
}
