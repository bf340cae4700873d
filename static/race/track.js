/** @typedef {ReturnType<typeof createTrack>} Track */

/** Where every racer was and how high, step by step; step 0 is the start. */
export function createTrack() {
  let n = 0;
  let length = 0;
  let positions = new Float32Array(0);
  let values = new Float32Array(0);
  let version = 0;

  /** @param {number} steps */
  function grow(steps) {
    if (steps * n <= values.length) return;
    const capacity = Math.max(steps, 2 * Math.floor(values.length / n), 256) * n;
    positions = resized(positions, 2 * capacity);
    values = resized(values, capacity);
  }

  return {
    get n() { return n; },
    get length() { return length; },
    /** Changes whenever a step that was known is no longer what it was. */
    get version() { return version; },
    /** @param {number} racers */
    reset(racers) {
      n = racers;
      length = 0;
      version++;
    },
    /**
     * Forget the steps from `first` on and append others in their place.
     *
     * @param {number} first
     * @param {Float32Array} newPositions (steps, racers, 2)
     * @param {Float32Array} newValues (steps, racers)
     */
    splice(first, newPositions, newValues) {
      if (first > length) throw new Error("a track has no gaps");
      if (first < length) version++;
      length = first + (n ? newValues.length / n : 0);
      grow(length);
      positions.set(newPositions, 2 * first * n);
      values.set(newValues, first * n);
    },
    /** @param {number} step @param {number} racer */
    x: (step, racer) => positions[2 * (step * n + racer)],
    /** @param {number} step @param {number} racer */
    y: (step, racer) => positions[2 * (step * n + racer) + 1],
    /** @param {number} step @param {number} racer */
    value: (step, racer) => values[step * n + racer],
  };
}

/** @param {Float32Array<ArrayBuffer>} array @param {number} size */
function resized(array, size) {
  const larger = new Float32Array(size);
  larger.set(array);
  return larger;
}
