import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {placeBeside} from "../../../static/runtime/tips.js";

const BOX = {width: 100, height: 50};
const ROOM = {width: 400, top: 0, bottom: 300};

describe("a box beside a point", () => {
  it("is to the right and below", () => {
    assert.deepEqual(placeBeside({x: 50, y: 60}, BOX, ROOM), {left: 64, top: 74});
  });

  it("is on the other side where there is no room", () => {
    assert.deepEqual(placeBeside({x: 390, y: 290}, BOX, ROOM), {left: 276, top: 226});
  });

  it("is never outside of what is to be seen", () => {
    for (const x of [-20, 0, 30, 200, 385, 450]) {
      for (const y of [-20, 0, 110, 160, 250, 320]) {
        const {left, top} = placeBeside({x, y}, BOX, {width: 400, top: 100, bottom: 300});
        assert.ok(left >= 6 && left + BOX.width <= 394, `left ${left}`);
        assert.ok(top >= 106 && top + BOX.height <= 294, `top ${top}`);
      }
    }
  });

  it("begins at the margin where the page is smaller than the box", () => {
    assert.deepEqual(placeBeside({x: 10, y: 10}, BOX, {width: 80, top: 0, bottom: 40}), {left: 6, top: 6});
  });
});
