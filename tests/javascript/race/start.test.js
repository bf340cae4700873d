import assert from "node:assert/strict";
import {beforeEach, describe, it} from "node:test";

import {createPlane} from "../../../static/race/plane.js";
import {createStart} from "../../../static/race/start.js";

const BOX = [[-10, 10], [0, 100]];
const PLANE = createPlane(BOX, 200, 100); // 10 px for 1 along x, 1 along y

describe("the start", () => {
  let canvas, due, plane, sent, settings, start;

  /** The next refresh of the screen. */
  function refresh() {
    due.splice(0).forEach((action) => action());
  }

  function happen(type, fields = {}) {
    const event = Object.assign(new Event(type, {cancelable: true, bubbles: true}), fields);
    canvas.dispatchEvent(event);
    return event;
  }

  const press = (key, fields = {}) => happen("keydown", {key, ...fields});
  const point = (type, offsetX, offsetY, fields = {}) => happen(`pointer${type}`, {
    offsetX, offsetY, pointerId: 1, pointerType: "mouse", isPrimary: true, button: 0, ...fields,
  });
  const places = () => sent.map(({x, y}) => [x, y]);

  beforeEach(() => {
    [due, sent] = [[], []];
    globalThis.requestAnimationFrame = (action) => due.push(action);
    settings = {
      now: {start: [0, 50]},
      assume(values) { this.now = {...this.now, ...values}; },
    };
    canvas = Object.assign(new EventTarget(), {
      setPointerCapture() {}, getBoundingClientRect: () => ({left: 1000, top: 2000}),
    });
    plane = PLANE;
    const store = {
      host: {send: (message) => sent.push(message)}, settings, shown: {scene: {surface: {box: BOX}}}, repaint() {},
    };
    start = createStart(store, canvas, () => plane);
  });

  describe("moved by keys", () => {
    it("goes a 50th of the map", () => {
      const moves = {ArrowRight: [0.4, 50], ArrowUp: [0.4, 52], ArrowLeft: [0, 52], ArrowDown: [0, 50]};
      for (const [key, place] of Object.entries(moves)) {
        press(key);
        assert.deepEqual(start.place, place);
      }
    });

    it("goes a 200th with Shift", () => {
      press("ArrowRight", {shiftKey: true});
      press("ArrowUp", {shiftKey: true});
      assert.deepEqual(start.place, [0.1, 50.5]);
    });

    it("stays on the map", () => {
      for (let k = 0; k < 60; k++) press("ArrowDown");
      assert.deepEqual(start.place, [0, 0]);
    });

    it("tells Python once a refresh, and when the key is released", () => {
      press("ArrowRight");
      press("ArrowRight");
      assert.deepEqual(places(), []);
      refresh();
      assert.deepEqual(places(), [[0.8, 50]]);
      assert.deepEqual(settings.now.start, [0, 50]);
      happen("keyup", {key: "ArrowRight"});
      assert.deepEqual(places()[1], [0.8, 50]);
      assert.deepEqual(settings.now.start, [0.8, 50]);
    });

    it("is put down when the map loses the focus, but only once", () => {
      press("ArrowUp");
      happen("blur");
      happen("blur");
      happen("keyup", {key: "ArrowUp"});
      assert.deepEqual(places(), [[0, 52]]);
    });

    it("keeps the page from taking the key", () => {
      assert.equal(press("ArrowUp").defaultPrevented, true);
    });

    it("leaves other keys, and keys for the browser, alone", () => {
      const others = [["a"], ["ArrowUp", {ctrlKey: true}], ["ArrowUp", {altKey: true}], ["ArrowUp", {metaKey: true}]];
      for (const [key, fields] of others) assert.equal(press(key, fields).defaultPrevented, false);
      plane = null;
      assert.equal(press("ArrowUp").defaultPrevented, false);
      assert.deepEqual(start.place, [0, 50]);
    });
  });

  describe("moved by a pointer", () => {
    it("jumps to a click", () => {
      point("down", 150, 20);
      point("up", 151, 20);
      assert.deepEqual(places(), [[5.1, 80]]);
    });

    it("follows a mouse from anywhere", () => {
      point("down", 150, 20);
      assert.equal(start.isHeld, false);
      point("move", 160, 20);
      assert.equal(start.isHeld, true);
      assert.deepEqual(start.place, [6, 80]);
      point("up", 170, 30);
      assert.deepEqual(places(), [[7, 70]]);
      assert.equal(start.isHeld, false);
    });

    it("keeps its distance from a pointer that takes the ring beside its middle", () => {
      point("down", 104, 53);
      point("move", 114, 53);
      assert.deepEqual(start.place, [1, 50]);
    });

    it("follows a finger from near the ring only, and jumps to a tap", () => {
      const finger = {pointerType: "touch"};
      point("down", 150, 20, finger);
      point("move", 160, 20, finger);
      point("up", 170, 20, finger);
      assert.deepEqual(start.place, [0, 50]);
      point("down", 120, 50, finger);
      point("move", 130, 50, finger);
      assert.deepEqual(start.place, [1, 50]);
      point("up", 130, 50, finger);
      point("down", 150, 20, finger);
      point("up", 155, 20, finger);
      assert.deepEqual(start.place, [5.5, 80]);
    });

    it("stays where it was dragged to when the pointer is taken away", () => {
      point("down", 150, 20);
      point("move", 160, 20);
      point("cancel", 0, 0);
      assert.deepEqual(places(), [[6, 80]]);
    });

    it("takes no other button and no second finger", () => {
      point("down", 150, 20, {button: 2});
      point("up", 150, 20, {button: 2});
      point("down", 150, 20, {isPrimary: false});
      point("up", 150, 20, {isPrimary: false});
      assert.deepEqual(sent, []);
    });

    it("keeps a finger from scrolling within 24 px of the ring", () => {
      const touch = (x, y) =>
        happen("touchstart", {touches: [{clientX: 1000 + x, clientY: 2000 + y}]}).defaultPrevented;
      assert.deepEqual([touch(100, 50), touch(124, 50), touch(125, 50), touch(10, 10)], [true, true, false, false]);
    });
  });

  describe("between two answers of Python", () => {
    it("waits, and then says where it is by then", () => {
      point("down", 150, 20);
      for (const x of [160, 170, 180]) {
        point("move", x, 20);
        refresh();
      }
      assert.deepEqual(places(), [[6, 80]]);
      start.answered();
      assert.deepEqual(places(), [[6, 80], [8, 80]]);
    });

    it("says at once where it is put down", () => {
      point("down", 150, 20);
      point("move", 160, 20);
      refresh();
      point("up", 170, 20);
      assert.deepEqual(places(), [[6, 80], [7, 80]]);
    });

    it("stays where the hand is until it lets go; then it is Python's", () => {
      point("down", 150, 20);
      point("move", 160, 20);
      refresh();
      start.answered();
      assert.deepEqual(start.place, [6, 80]);
      point("up", 160, 20);
      settings.now.start = [3, 3];
      start.answered();
      assert.deepEqual(start.place, [3, 3]);
    });
  });
});
