import assert from "node:assert/strict";
import {beforeEach, describe, it} from "node:test";

import {createFocus, exactValue} from "../../../static/network/focus.js";

const target = (kind, layer = 1, i = 0, j = 0) => ({kind, layer, i, j});

describe("focus", () => {
  let sent, changes, focus, due;

  beforeEach(() => {
    [sent, changes, due] = [[], 0, []];
    globalThis.requestAnimationFrame = (action) => due.push(action);
    focus = createFocus((message) => sent.push(message), () => { changes++; });
  });

  const nextPicture = () => due.splice(0).forEach((action) => action());

  it("is told once a picture, and only what Python can look at", () => {
    focus.hover(target("unit", 1, 2));
    focus.hover(target("unit", 1, 3));
    nextPicture();
    focus.hover(target("histogram"));
    nextPicture();
    assert.deepEqual(sent, [
      {type: "focus", ...target("unit", 1, 3)},
      {type: "focus", ...target("none", 0)},
    ]);
  });

  it("is not told again when nothing is new", () => {
    focus.hover(target("unit"));
    nextPicture();
    focus.hover(target("unit"));
    focus.pin(target("unit"));
    nextPicture();
    assert.equal(sent.length, 1);
  });

  it("shows the hovered unit before the pinned one", () => {
    focus.pin(target("unit", 2, 1));
    focus.hover(target("unit", 1, 0));
    assert.deepEqual(focus.unit, target("unit", 1, 0));
    focus.hover(null);
    assert.deepEqual(focus.unit, target("unit", 2, 1));
  });

  it("lets go of what is pinned twice", () => {
    focus.pin(target("unit"));
    focus.pin(target("unit"));
    assert.equal(focus.unit, null);
  });

  it("stays with what is being edited", () => {
    focus.hold(target("link"));
    focus.hover(target("unit"));
    assert.equal(focus.marked.kind, "link");
    nextPicture();
    assert.equal(sent[0].kind, "link");
    focus.release();
    assert.equal(focus.marked.kind, "unit");
  });

  it("keeps a pinned unit in a new network that has it, and tells its trainer", () => {
    focus.pin(target("unit", 1, 3));
    nextPicture();
    focus.renew({layers: [{units: 2}, {units: 4}, {units: 1}]});
    nextPicture();
    assert.equal(sent.length, 2);
    focus.renew({layers: [{units: 2}, {units: 3}, {units: 1}]});
    assert.equal(focus.unit, null);
  });

  it("says when it has changed", () => {
    focus.hover(target("unit"));
    focus.unpin();
    assert.equal(changes, 2);
  });
});

it("a value is exact only in a frame made while looking at it", () => {
  const frame = {focus: {...target("link", 2, 1, 0), value: 0.25}};
  assert.equal(exactValue(frame, target("link", 2, 1, 0)), 0.25);
  assert.equal(exactValue(frame, target("link", 2, 0, 1)), null);
  assert.equal(exactValue({}, target("link")), null);
  assert.equal(exactValue(null, target("link")), null);
});
