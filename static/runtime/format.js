const MINUS = "\u2212";
const DASH = "\u2013";

/** @param {string} text */
const withMinus = (text) => text.replaceAll("-", MINUS);

/**
 * 12345 -> "12,345".
 *
 * @param {number} value
 */
export const grouped = (value) => Math.round(value).toLocaleString("en-US");

/**
 * 132 -> "000,132": a counter whose width never changes.
 *
 * @param {number} value
 */
export function counter(value) {
  return Math.round(value).toString().padStart(6, "0").replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * A loss, three decimals; very large ones in powers of ten.
 *
 * @param {number} value
 */
export function loss(value) {
  if (Number.isNaN(value)) return DASH;
  if (!Number.isFinite(value)) return "\u221e";
  return value < 1000 ? value.toFixed(3) : value.toExponential(1).replace("e+", "e");
}

/**
 * 0.984 -> "98.4%"; a dash where accuracy has no meaning.
 *
 * @param {number} value
 */
export const percent = (value) => (Number.isNaN(value) ? DASH : `${(100 * value).toFixed(1)}%`);

/**
 * A weight or coordinate with a real minus sign.
 *
 * @param {number} value
 * @param {number} [digits]
 */
export const signed = (value, digits = 3) => withMinus(value.toFixed(digits));

/**
 * As short as a caption needs: ".61", "−1.2", "34", "2e−3".
 *
 * @param {number} value
 */
export function brief(value) {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return DASH;
  if (size >= 1000 || (size > 0 && size < 0.005)) return withMinus(value.toExponential(0).replace("e+", "e"));
  if (size === 0) return "0";
  const text = value.toFixed(size < 1 ? 2 : size < 10 ? 1 : 0);
  return withMinus(text.replace(/^(-?)0\./, "$1."));
}
