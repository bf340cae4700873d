import assert from "node:assert/strict";
import {it} from "node:test";

import {describeProfile, scaleOf} from "../../../static/network/profile.js";

it("the scale has whole decades around all powers, two at least", () => {
  assert.deepEqual(scaleOf([-3.2, 0.5]), {low: -4, high: 1});
  assert.deepEqual(scaleOf([]), {low: -1, high: 1});
  assert.deepEqual(scaleOf([0.1]), {low: -1, high: 2});
});

it("the scale ends where double precision does", () => assert.deepEqual(scaleOf([-400, 2]), {low: -330, high: 2}));

it("both numbers of a layer are said, very small and large ones as powers of ten", () => {
  const profile = Float64Array.of(1.25, NaN, 0.5, 1.5e-7, 0, 0, 30000, 1);
  assert.equal(describeProfile(profile, 0), "signal spread 1.3");
  assert.equal(describeProfile(profile, 1), "signal spread .50, gradient norm 1.5e\u22127");
  assert.equal(describeProfile(profile, 2), "signal spread 0, gradient norm 0");
  assert.equal(describeProfile(profile, 3), "signal spread 3.0e4, gradient norm 1.0");
});
