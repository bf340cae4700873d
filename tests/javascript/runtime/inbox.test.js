import assert from "node:assert/strict";
import {beforeEach, describe, it} from "node:test";

import {createInbox} from "../../../static/runtime/inbox.js";
import {createSettings} from "../../../static/runtime/settings.js";
import {createShown} from "../../../static/runtime/shown.js";

/** An inbox of a page whose frames are their own content, and a screen that refreshes when it is told to. */
function createDesk(own = {}) {
  const sent = [];
  const events = [];
  const due = new Map();
  let number = 0;
  globalThis.requestAnimationFrame = (action) => due.set(++number, action) && number;
  globalThis.cancelAnimationFrame = (id) => due.delete(id);

  const send = (message) => sent.push(message);
  const owners = {settings: createSettings(send), shown: createShown()};
  const page = {
    visible: true,
    canPaint: () => page.visible,
    decode: (frame, previous) => ({...frame, after: previous?.seq ?? null}),
    renew: () => events.push("renew"),
    refresh: () => events.push("refresh"),
    paint: (frame) => events.push(`paint ${frame.seq}`),
    notify: (text, level) => events.push(`${level}: ${text}`),
    ...own,
  };
  const inbox = createInbox({send}, owners, page);
  return {
    sent, events, owners, page, inbox,
    scene: (generation, settings = {}, heard = 0) =>
      inbox.receive({type: "scene", scene: {generation, heard, settings, remark: ""}}),
    frame: (seq, generation, content = {}) => inbox.receive({type: "frame", buf: {seq, generation, ...content}}),
    acknowledged: () => sent.filter(({type}) => type === "ack").map(({seq}) => seq),
    /** The screen's next refresh. */
    refresh() {
      const actions = [...due.values()];
      due.clear();
      actions.forEach((action) => action());
    },
  };
}

describe("an inbox", () => {
  let desk;

  beforeEach(() => {
    desk = createDesk();
    desk.scene(1);
    desk.refresh();
    desk.events.length = 0;
  });

  it("paints the newest of all frames since the last refresh, and says so of that one", () => {
    desk.frame(1, 1);
    desk.frame(2, 1);
    assert.deepEqual(desk.events, []);
    desk.refresh();
    assert.deepEqual(desk.events, ["paint 2"]);
    assert.deepEqual(desk.acknowledged(), [2]);
    assert.equal(desk.owners.shown.part.frame.seq, 2);
  });

  it("hands each frame the one before, which it may take parts from", () => {
    desk.frame(1, 1);
    desk.frame(2, 1);
    desk.refresh();
    assert.equal(desk.owners.shown.part.frame.after, 1);
  });

  it("takes messages as they are and as Panel wraps them", () => {
    desk.inbox.receive({data: {type: "frame", buf: {seq: 1, generation: 1}}});
    desk.refresh();
    assert.deepEqual(desk.acknowledged(), [1]);
  });

  it("acknowledges at once what belongs to another scene, and paints it never", () => {
    desk.frame(1, 7);
    assert.deepEqual(desk.acknowledged(), [1]);
    desk.refresh();
    assert.deepEqual(desk.events, []);
  });

  it("acknowledges a frame whose scene has gone meanwhile", () => {
    desk.frame(1, 1);
    desk.scene(2);
    desk.refresh();
    assert.deepEqual(desk.events, ["renew", "refresh"]);
    assert.deepEqual(desk.acknowledged(), [1]);
    assert.equal(desk.owners.shown.part.frame, null);
  });

  it("tells a scene with other settings from another scene", () => {
    desk.frame(1, 1);
    desk.refresh();
    desk.scene(1, {units: 3});
    assert.deepEqual(desk.events, ["paint 1", "refresh"]);
    assert.deepEqual(desk.owners.settings.part.now, {units: 3});
    desk.refresh();
    assert.deepEqual(desk.events.at(-1), "paint 1"); // in the new look
    assert.deepEqual(desk.acknowledged(), [1]);
  });

  it("neither paints nor acknowledges while nobody sees the page", () => {
    desk.page.visible = false;
    desk.frame(1, 1);
    desk.refresh();
    assert.deepEqual([desk.events, desk.acknowledged()], [[], []]);
    desk.page.visible = true;
    desk.inbox.flush();
    assert.deepEqual([desk.events, desk.acknowledged()], [["paint 1"], [1]]);
  });

  it("paints again on request without another word to Python", () => {
    desk.frame(1, 1);
    desk.refresh();
    desk.inbox.request();
    desk.inbox.request();
    desk.refresh();
    assert.deepEqual(desk.events, ["paint 1", "paint 1"]);
    assert.deepEqual(desk.acknowledged(), [1]);
  });

  it("stops with the page", () => {
    desk.frame(1, 1);
    desk.inbox.stop();
    desk.refresh();
    assert.deepEqual(desk.events, []);
  });

  it("goes back to what Python knows when it refused something, not for other notices", () => {
    desk.owners.settings.part.set({units: 99});
    desk.inbox.receive({type: "notice", level: "info", text: "Saved."});
    assert.deepEqual(desk.owners.settings.part.now, {units: 99});
    desk.inbox.receive({type: "notice", level: "error", text: "Too many."});
    assert.deepEqual(desk.owners.settings.part.now, {});
    assert.deepEqual(desk.events, ["info: Saved.", "error: Too many.", "refresh"]);
  });
});

describe("an inbox of a page that says how", () => {
  it("waits for what a frame lacks, and acknowledges it all the same", () => {
    const desk = createDesk({isComplete: (frame) => Boolean(frame.weights)});
    desk.scene(1);
    desk.frame(1, 1);
    desk.refresh();
    assert.ok(!desk.events.includes("paint 1"));
    desk.frame(2, 1, {weights: true});
    desk.refresh();
    assert.equal(desk.events.at(-1), "paint 2");
    assert.deepEqual(desk.acknowledged(), [1, 2]);
  });

  it("goes on when a picture goes wrong", () => {
    const desk = createDesk({paint() { throw new Error("no canvas"); }});
    desk.scene(1);
    desk.frame(1, 1);
    assert.throws(() => desk.refresh(), /no canvas/);
    assert.deepEqual(desk.acknowledged(), [1]);
  });

  it("reads scenes and other messages in the page's way, and leaves unknown ones alone", () => {
    const heard = [];
    const desk = createDesk({
      sceneOf: ({scene, points}) => ({...scene, points: points.length}),
      others: {swept: ({rates}) => heard.push(rates)},
    });
    desk.inbox.receive({type: "scene", scene: {generation: 1, heard: 0, settings: {}, remark: ""}, points: [1, 2]});
    desk.inbox.receive({type: "swept", rates: [0.1]});
    desk.inbox.receive({type: "never heard of"});
    assert.equal(desk.owners.shown.part.scene.points, 2);
    assert.deepEqual(heard, [[0.1]]);
  });
});
