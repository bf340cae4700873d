import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {clamp, throttle} from "../../../static/runtime/dom.js";

describe("throttle", () => {
  it("runs at once, and a call that came too early when the interval is over", (t) => {
    t.mock.timers.enable({apis: ["setTimeout"]});
    let now = 1000;
    t.mock.method(performance, "now", () => now);
    const pass = (ms) => {
      now += ms;
      t.mock.timers.tick(ms);
    };
    let runs = 0;
    const run = throttle(() => { runs += 1; }, 70);
    run();
    assert.equal(runs, 1);
    pass(30);
    run();
    run();
    assert.equal(runs, 1);
    pass(39);
    assert.equal(runs, 1);
    pass(1);
    assert.equal(runs, 2); // both calls in one run
    pass(200);
    assert.equal(runs, 2);
    run();
    assert.equal(runs, 3);
  });
});

describe("clamp", () => {
  it("keeps a value between two limits", () => {
    assert.deepEqual([-1, 0, 0.5, 1, 2].map((value) => clamp(value, 0, 1)), [0, 0, 0.5, 1, 1]);
  });
});
