const TICKS = 7; // about so many numbers along an edge

/**
 * Round numbers between two limits and how they are written.
 *
 * @param {number} low
 * @param {number} high
 * @returns {[number, string][]}
 */
export function ticksOf(low, high) {
  const rough = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999) ?? 10 * power;
  const digits = Math.max(0, -Math.floor(Math.log10(step * 1.001)));
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({length: Math.max(0, count)}, (_, k) => {
    const value = (first + k) * step;
    return [value, value.toFixed(digits).replace("-", "\u2212")];
  });
}
