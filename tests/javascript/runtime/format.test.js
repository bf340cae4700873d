import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {brief, counter, grouped, loss, percent, signed} from "../../../static/runtime/format.js";

/** Every value and how it is written. */
function writes(format, pairs) {
  for (const [value, text] of pairs) assert.equal(format(value), text, `${value}`);
}

describe("numbers as they are read", () => {
  it("groups thousands", () => {
    writes(grouped, [[0, "0"], [999.4, "999"], [999.5, "1,000"], [12345, "12,345"], [1e7, "10,000,000"]]);
  });

  it("keeps the width of a counter", () => {
    writes(counter, [[0, "000,000"], [132, "000,132"], [132.6, "000,133"], [123456, "123,456"], [1e6, "1,000,000"]]);
  });

  it("gives a loss three decimals, and a power of ten where it is very large", () => {
    writes(loss, [
      [0, "0.000"], [0.69315, "0.693"], [999.9994, "999.999"], [1000, "1.0e3"], [123456, "1.2e5"], [NaN, "\u2013"],
      [Infinity, "\u221e"],
    ]);
  });

  it("gives a share in percent, and a dash where there is none", () => {
    writes(percent, [[0, "0.0%"], [0.984, "98.4%"], [1, "100.0%"], [NaN, "\u2013"]]);
  });

  it("writes a real minus sign", () => {
    writes(signed, [[-0.5, "\u22120.500"], [2, "2.000"]]);
    assert.equal(signed(-1.25, 1), "\u22121.3");
  });

  it("is as short as a caption needs", () => {
    writes(brief, [
      [0, "0"], [0.61, ".61"], [-0.61, "\u2212.61"], [-1.23, "\u22121.2"], [34.4, "34"], [999, "999"], [1500, "2e3"],
      [0.002, "2e\u22123"], [-0.002, "\u22122e\u22123"], [0.005, ".01"], [NaN, "\u2013"], [Infinity, "\u2013"],
    ]);
  });
});
