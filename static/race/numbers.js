const MINUS = "\u2212";
const DASH = "\u2013";
const INFINITE = "\u221e";

/** @param {string} text */
const written = (text) => text.replace("e+", "e").replaceAll("-", MINUS);

/**
 * Few digits that mean something: "0.0149", "−1.2", "3.4e5".
 *
 * @param {number} value
 * @param {number} [digits]
 */
export function rounded(value, digits = 3) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? DASH : value < 0 ? `${MINUS}${INFINITE}` : INFINITE;
  const size = Math.abs(value);
  const extreme = size > 0 && (size < 1e-3 || size >= 1e5);
  return written(extreme ? value.toExponential(1) : String(Number(value.toPrecision(digits))));
}

/**
 * A loss as a projector can show it, always as wide: "0.500", "1.2e−5".
 *
 * @param {number} value
 */
export function figure(value) {
  if (!Number.isFinite(value)) return DASH;
  const size = Math.abs(value);
  return written(size !== 0 && (size < 0.01 || size >= 1e4) ? value.toExponential(1) : value.toPrecision(3));
}

/**
 * Five digits of what is known exactly, without what rounding leaves of 0.
 *
 * @param {number} value
 */
export const exact = (value) =>
  (Math.abs(value) < 1e-12 ? "0" : String(Number(value.toPrecision(5))).replace("-", MINUS));

/**
 * "(1, −2)".
 *
 * @param {readonly number[]} place
 * @param {(value: number) => string} write
 */
export const pair = (place, write) => `(${place.map((value) => write(value)).join(", ")})`;
