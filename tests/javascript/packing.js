const CODES = new Map([[Uint8Array, 1], [Int8Array, 2], [Uint16Array, 3], [Float32Array, 4], [Float64Array, 5],
  [Int16Array, 6]]);

/** A message as Python packs it: a header of 32 bytes, a table of 16 bytes a section, arrays from multiples of 8 on. */
export function packed(seq, generation, arrays) {
  const numbers = Object.keys(arrays).map(Number);
  let end = 32 + 16 * numbers.length;
  const starts = numbers.map((number) => {
    const start = end;
    end += Math.ceil(arrays[number].byteLength / 8) * 8;
    return start;
  });
  const bytes = new Uint8Array(end);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("NNPF"));
  view.setUint16(4, 1, true);
  view.setUint16(6, numbers.length, true);
  view.setUint32(8, seq, true);
  view.setUint32(12, generation, true);
  numbers.forEach((number, k) => {
    const array = arrays[number];
    view.setUint16(32 + 16 * k, number, true);
    view.setUint16(34 + 16 * k, CODES.get(array.constructor), true);
    view.setUint32(36 + 16 * k, array.length, true);
    view.setUint32(40 + 16 * k, starts[k], true);
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), starts[k]);
  });
  return bytes;
}
