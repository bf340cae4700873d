/** @import {Bytes, Unpacked} from "./types.js" */

const MAGIC = 0x46504e4e; // "NNPF", little endian
const HEADER_BYTES = 32;
const ENTRY_BYTES = 16;
const ARRAYS = {1: Uint8Array, 2: Int8Array, 3: Uint16Array, 4: Float32Array, 5: Float64Array};

/** @typedef {keyof typeof ARRAYS} Code */

/**
 * The bytes of a message as a Uint8Array starting at an aligned address, whatever view the transport chose.
 *
 * @param {Bytes} data
 */
export function bytesOf(data) {
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  return bytes.byteOffset % 8 ? bytes.slice() : bytes;
}

/**
 * Take one packed message apart: its number, the scene it belongs to, and its arrays by their sections' names.
 *
 * @template {object} Sections
 * @param {Bytes} data
 * @param {{[number: number]: string}} names Sections of other numbers are left out.
 * @returns {Unpacked<Sections>}
 */
export function unpack(data, names) {
  const bytes = bytesOf(data);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new Error("not a frame of the playground");
  /** @type {{[name: string]: Uint8Array | Int8Array | Uint16Array | Float32Array | Float64Array}} */
  const sections = {};
  for (let k = 0; k < view.getUint16(6, true); k++) {
    const entry = HEADER_BYTES + k * ENTRY_BYTES;
    const name = names[view.getUint16(entry, true)];
    if (name) sections[name] = section(bytes, view, entry);
  }
  return {
    generation: view.getUint32(12, true),
    seq: view.getUint32(8, true),
    sections: /** @type {Partial<Sections>} */ (sections),
  };
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {DataView} view
 * @param {number} entry Where its line of the table begins.
 */
function section(bytes, view, entry) {
  const Type = ARRAYS[/** @type {Code} */ (view.getUint16(entry + 2, true))];
  const count = view.getUint32(entry + 4, true);
  const offset = view.getUint32(entry + 8, true);
  return new Type(bytes.buffer, bytes.byteOffset + offset, count);
}

/**
 * The text of a section.
 *
 * @param {Uint8Array} section
 */
export const textOf = (section) => new TextDecoder().decode(section);

/**
 * The number that a byte of a map stands for, -1 to 1; 128 is zero.
 *
 * @param {number} byte
 */
export const valueOf = (byte) => Math.max(-1, (byte - 128) / 127);
