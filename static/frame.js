const MAGIC = 0x46504e4e; // "NNPF", little endian
const HEADER_BYTES = 32;
const ENTRY_BYTES = 16;
const ARRAYS = {1: Uint8Array, 2: Int8Array, 3: Uint16Array, 4: Float32Array, 5: Float64Array};
const SECTIONS = {
  1: "scalars", 2: "boundary", 3: "maps", 4: "weights", 5: "biases",
  6: "histograms", 7: "stats", 8: "focus", 9: "text", 10: "curve", 11: "curveHeights", 12: "silenced", 13: "health",
  14: "profile", 15: "firstHistograms", 16: "firstStats", 17: "mesh", 18: "places", 19: "line", 20: "heights",
  21: "survey", 22: "path",
};
const ALWAYS = ["scalars", "histograms", "stats", "health", "firstHistograms", "firstStats"];
const UNITS = ["maps", "silenced", "weights", "biases"];
const PICTURES = {output: ["boundary"], hidden: ["mesh", "places", "line"], landscape: ["heights", "survey", "path"]};
const SCALARS = [
  "step", "epoch", "status", "trainLoss", "testLoss", "penalty",
  "trainAccuracy", "testAccuracy", "speed", "learningRate", "scale",
];
const STATUS = ["paused", "playing", "diverged"];
const FOCUS_KINDS = ["none", "unit", "link", "bias"];
const COORDINATE_SCALE = 12 / 32767;
const REGRESSION_SCALE = 1 / 100;

/** The bytes of a message as a Uint8Array starting at an aligned address, whatever view the transport chose. */
function bytesOf(data) {
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  return bytes.byteOffset % 8 ? bytes.slice() : bytes;
}

/** Unpack one frame; sections it does not carry are taken from `previous` when both show the same network. */
export function decodeFrame(data, previous) {
  const bytes = bytesOf(data);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new Error("not a frame of the playground");
  const generation = view.getUint32(12, true);
  const frame = {
    ...(previous?.generation === generation ? previous : {}),
    generation,
    seq: view.getUint32(8, true),
  };
  for (let k = 0; k < view.getUint16(6, true); k++) {
    const entry = HEADER_BYTES + k * ENTRY_BYTES;
    const name = SECTIONS[view.getUint16(entry, true)];
    if (name) frame[name] = section(bytes, view, entry);
  }
  return named(frame);
}

function section(bytes, view, entry) {
  const Type = ARRAYS[view.getUint16(entry + 2, true)];
  const count = view.getUint32(entry + 4, true);
  const offset = view.getUint32(entry + 8, true);
  return new Type(bytes.buffer, bytes.byteOffset + offset, count);
}

/** Replace the arrays that have a meaning per position by objects that say it. */
function named(frame) {
  if (ArrayBuffer.isView(frame.scalars)) {
    const values = frame.scalars;
    frame.scalars = Object.fromEntries(SCALARS.map((name, k) => [name, values[k]]));
    frame.scalars.status = STATUS[frame.scalars.status] ?? "paused";
  }
  if (ArrayBuffer.isView(frame.focus)) {
    const [kind, layer, i, j, value] = frame.focus;
    frame.focus = {kind: FOCUS_KINDS[kind] ?? "none", layer, i, j, value};
  }
  if (ArrayBuffer.isView(frame.text)) frame.text = new TextDecoder().decode(frame.text);
  return frame;
}

/** Whether a frame, with what it kept from earlier ones, has all that painting a network needs. */
export const isComplete = (frame, {strip}) =>
  ALWAYS.every((name) => frame[name]) && (strip ? Boolean(frame.profile) : UNITS.every((name) => frame[name]));

/** Whether a frame has what one of the large pictures is made of. */
export const hasPicture = (frame, picture) => PICTURES[picture].every((name) => frame[name]);

/** Unpack the data points: coordinates, labels, and where the test points begin. */
export function decodePoints(data, scene) {
  const bytes = bytesOf(data);
  const count = scene.train + scene.test;
  const coordinates = new Int16Array(bytes.buffer, bytes.byteOffset, 2 * count);
  const labels = new Int8Array(bytes.buffer, bytes.byteOffset + 4 * count, count);
  const scale = scene.task === "regression" ? REGRESSION_SCALE : 1;
  return Array.from(labels, (label, k) => ({
    x: coordinates[2 * k] * COORDINATE_SCALE,
    y: coordinates[2 * k + 1] * COORDINATE_SCALE,
    label: label * scale,
    test: k >= scene.train,
  }));
}

/** The number that a byte of a map stands for, -1 to 1; 128 is zero. */
export const valueOf = (byte) => Math.max(-1, (byte - 128) / 127);
