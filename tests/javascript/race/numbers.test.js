import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {exact, figure, pair, rounded} from "../../../static/race/numbers.js";

const table = (write, rows) => rows.forEach(([value, text]) => assert.equal(write(value), text, String(value)));

describe("numbers of the race", () => {
  it("are rounded to few digits, and very large and small ones are powers of ten", () => {
    table(rounded, [
      [0, "0"], [-0, "0"], [1, "1"], [0.01494, "0.0149"], [-1.2, "\u22121.2"], [123456, "1.2e5"], [99999, "100000"],
      [0.00123, "0.00123"], [0.000999, "1.0e\u22123"], [-0.00012, "\u22121.2e\u22124"],
    ]);
    assert.equal(rounded(0.456, 2), "0.46");
  });

  it("say what is not finite", () => {
    table(rounded, [[NaN, "\u2013"], [Infinity, "\u221e"], [-Infinity, "\u2212\u221e"]]);
    table(figure, [[NaN, "\u2013"], [Infinity, "\u2013"]]);
  });

  it("have three digits on a racer's row, whatever they are", () => {
    table(figure, [
      [0, "0.00"], [0.5, "0.500"], [0.01, "0.0100"], [0.0099, "9.9e\u22123"], [9999, "1.00e4"],
      [12345, "1.2e4"], [-3, "\u22123.00"],
    ]);
  });

  it("are written with five digits where they are known exactly", () => {
    table(exact, [[0.1 + 0.2, "0.3"], [1e-13, "0"], [-1e-13, "0"], [-959.6407, "\u2212959.64"], [1 / 3, "0.33333"]]);
  });

  it("stand in pairs", () => {
    assert.equal(pair([1, -0.5], exact), "(1, \u22120.5)");
    assert.equal(pair([1.2345, 0], rounded), "(1.23, 0)");
  });
});
