import assert from "node:assert/strict";
import {beforeEach, describe, it, mock} from "node:test";

import {createView} from "../../../static/race/view.js";

describe("the step that is shown", () => {
  let sent, store, track, view, now;
  const follow = (cursor, {sought = 0, status = "playing"} = {}) => view.adopt({cursor, sought, status});
  const glideAfter = (ms) => {
    now += ms;
    view.advance();
    return view.glide;
  };

  beforeEach(() => {
    sent = [];
    now = 1000;
    mock.method(performance, "now", () => now);
    store = {
      host: {send: (message) => sent.push(message), calm: {matches: false}}, settings: {now: {speed: 10}}, repaint() {},
    };
    track = {length: 100};
    view = createView(store, track);
  });

  it("is Python's", () => {
    follow(7);
    assert.equal(view.cursor, 7);
  });

  it("is at once what is sought", () => {
    view.seek(30);
    assert.equal(view.cursor, 30);
    assert.deepEqual(sent, [{type: "seek", step: 30, id: 1}]);
  });

  it("stays what is sought until Python has heard of it", () => {
    view.seek(30);
    view.seek(31);
    follow(5, {sought: 1});
    assert.equal(view.cursor, 31);
    follow(32, {sought: 2});
    assert.equal(view.cursor, 32);
  });

  it("is Python's when that is beyond what is known here", () => {
    view.seek(30);
    follow(100);
    assert.equal(view.cursor, 100);
  });

  it("is glided to while it plays slowly", () => {
    follow(1);
    assert.equal(glideAfter(25), 0.25);
    assert.equal(glideAfter(25), 0.5);
    assert.equal(glideAfter(1000), 1);
  });

  it("is glided to in a quarter of a second at most", () => {
    store.settings.now.speed = 1;
    follow(1);
    assert.equal(glideAfter(125), 0.5);
  });

  it("is there at once when it plays fast, rests, jumps or is sought", () => {
    store.settings.now.speed = 41;
    follow(1);
    assert.equal(glideAfter(1), 1);
    store.settings.now.speed = 40;
    follow(2, {status: "paused"});
    assert.equal(glideAfter(1), 1);
    follow(4);
    assert.equal(glideAfter(1), 1);
    follow(5);
    view.seek(6);
    assert.equal(glideAfter(1), 1);
  });

  it("is there at once for who wants nothing to move", () => {
    store.host.calm.matches = true;
    follow(1);
    assert.equal(glideAfter(1), 1);
  });
});
