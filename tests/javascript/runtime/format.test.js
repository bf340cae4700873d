import assert from "node:assert/strict";
import {test} from "node:test";

import {counter} from "../../../static/runtime/format.js";

test("a counter keeps its width", () => {
  assert.equal(counter(132), "000,132");
});
