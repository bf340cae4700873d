import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {bytesOf, textOf, unpack, valueOf} from "../../../static/runtime/container.js";
import {packed} from "../packing.js";

const NAMES = {1: "small", 2: "signed", 3: "words", 4: "singles", 5: "doubles", 6: "text"};
const ARRAYS = {
  1: Uint8Array.of(0, 128, 255), 2: Int8Array.of(-128, 0, 127), 3: Uint16Array.of(65535), 4: Float32Array.of(0.5, NaN),
  5: Float64Array.of(1 / 3, -Infinity), 6: new TextEncoder().encode("\u2212x\u2081"),
};
const EXPECTED = Object.fromEntries(Object.entries(ARRAYS).map(([number, array]) => [NAMES[number], array]));

describe("a packed message", () => {
  it("is taken apart into its numbers and its arrays by name", () => {
    assert.deepEqual(unpack(packed(7, 3, ARRAYS), NAMES), {seq: 7, generation: 3, sections: EXPECTED});
  });

  it("may have nothing in it", () => {
    assert.deepEqual(unpack(packed(1, 2, {}), NAMES), {seq: 1, generation: 2, sections: {}});
  });

  it("keeps unsigned numbers of 32 bits", () => {
    assert.equal(unpack(packed(4294967295, 0, {}), NAMES).seq, 4294967295);
  });

  it("may have sections that nobody here knows", () => {
    assert.deepEqual(unpack(packed(1, 1, ARRAYS), {2: "signed"}).sections, {signed: ARRAYS[2]});
  });

  it("may lie at any address, in a buffer or in a view of one", () => {
    const message = packed(7, 3, ARRAYS);
    assert.deepEqual(unpack(message.buffer, NAMES).sections, EXPECTED);
    for (const offset of [0, 1, 4, 8]) {
      const larger = new Uint8Array(message.length + 16);
      larger.set(message, offset);
      assert.deepEqual(unpack(larger.subarray(offset, offset + message.length), NAMES).sections, EXPECTED);
      assert.deepEqual(unpack(new DataView(larger.buffer, offset, message.length), NAMES).sections, EXPECTED);
    }
  });

  it("is refused when it is something else", () => {
    const message = packed(1, 1, {});
    message[0] = 0;
    assert.throws(() => unpack(message, NAMES), /not a frame of the playground/);
    assert.throws(() => unpack(new ArrayBuffer(2), NAMES), RangeError);
  });
});

describe("bytes", () => {
  it("are not copied where they are aligned already", () => {
    const buffer = new ArrayBuffer(24);
    assert.equal(bytesOf(buffer).buffer, buffer);
    assert.equal(bytesOf(new Uint8Array(buffer, 8, 8)).buffer, buffer);
    assert.notEqual(bytesOf(new Uint8Array(buffer, 4, 8)).buffer, buffer);
  });

  it("are text in UTF-8", () => assert.equal(textOf(ARRAYS[6]), "\u2212x\u2081"));

  it("stand for -1 to 1, 128 for zero", () => {
    assert.deepEqual([0, 1, 128, 255].map(valueOf), [-1, -1, 0, 1]);
  });
});
