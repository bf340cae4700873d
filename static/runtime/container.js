/** @import {Bytes, Unpacked} from "./types.js" */
import {ARRAYS, ENTRY, HEADER, HEIGHTS, MAGIC, REACH, ZERO} from "./wire.js";

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
  if (view.getUint32(HEADER.magic, true) !== MAGIC) throw new Error("not a frame of the playground");
  /** @type {{[name: string]: InstanceType<typeof ARRAYS[Code]>}} */
  const sections = {};
  for (let k = 0; k < view.getUint16(HEADER.count, true); k++) {
    const entry = HEADER.bytes + k * ENTRY.bytes;
    const name = names[view.getUint16(entry + ENTRY.id, true)];
    if (name) sections[name] = section(bytes, view, entry);
  }
  return {
    generation: view.getUint32(HEADER.generation, true),
    seq: view.getUint32(HEADER.sequence, true),
    sections: /** @type {Partial<Sections>} */ (sections),
  };
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {DataView} view
 * @param {number} entry Where its line of the table begins.
 */
function section(bytes, view, entry) {
  const Type = ARRAYS[/** @type {Code} */ (view.getUint16(entry + ENTRY.type, true))];
  const count = view.getUint32(entry + ENTRY.count, true);
  const offset = view.getUint32(entry + ENTRY.offset, true);
  return new Type(bytes.buffer, bytes.byteOffset + offset, count);
}

/**
 * The text of a section.
 *
 * @param {Uint8Array} section
 */
export const textOf = (section) => new TextDecoder().decode(section);

/**
 * The numbers of a section by their names.
 *
 * @template {string} Name
 * @param {readonly Name[]} names
 * @param {{[index: number]: number}} values
 * @param {number} [first] Where the first of them is.
 */
export function named(names, values, first = 0) {
  const record = /** @type {{[name in Name]: number}} */ ({});
  for (let k = 0; k < names.length; k++) record[names[k]] = values[first + k];
  return record;
}

/**
 * The number that a byte of a map stands for, -1 to 1.
 *
 * @param {number} byte
 */
export const valueOf = (byte) => Math.max(-1, (byte - ZERO) / REACH);

/**
 * The byte of a map that stands for a number, -1 to 1.
 *
 * @param {number} value
 */
export const byteOf = (value) => Math.round(ZERO + REACH * value);

/**
 * The class that a byte of a map stands for, counted from 0, and how certain it is, 0 to 1.
 *
 * @param {number} byte
 * @param {number} certainties How many of them there are: the scene's.
 */
export const classOf = (byte, certainties) =>
  ({number: Math.floor(byte / certainties), certainty: (byte % certainties) / (certainties - 1)});

/**
 * The byte of a map that stands for a class without any doubt.
 *
 * @param {number} number Counted from 0.
 * @param {number} certainties
 */
export const certain = (number, certainties) => certainties * number + certainties - 1;

/**
 * How high a code of a height is, 0 for the lowest to 1; below 0 for the code 0, which is no height.
 *
 * @param {number} code
 */
export const heightOf = (code) => (code - 1) / HEIGHTS;
