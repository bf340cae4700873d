import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {createShown} from "../../../static/runtime/shown.js";

describe("what is shown", () => {
  it("is nothing at first, and asking for it is a mistake", () => {
    const {part} = createShown();
    assert.equal(part.generation, undefined);
    assert.equal(part.frame, null);
    assert.throws(() => part.scene, /has not sent a scene/);
  });

  it("loses its frame with its scene, not with other settings of the same one", () => {
    const shown = createShown();
    shown.adopt({generation: 1, name: "first"});
    shown.show("frame");
    shown.adopt({generation: 1, name: "same"});
    assert.deepEqual([shown.part.scene.name, shown.part.frame], ["same", "frame"]);
    shown.adopt({generation: 2, name: "other"});
    assert.deepEqual([shown.part.scene.name, shown.part.generation, shown.part.frame], ["other", 2, null]);
  });
});
