import assert from "node:assert/strict";
import {beforeEach, describe, it} from "node:test";

import {createDraft} from "../../../static/runtime/draft.js";

describe("a number that can be typed over", () => {
  let field;
  let told;
  let draft;

  beforeEach(() => {
    field = "";
    told = [];
    draft = createDraft((text) => { field = text; }, (value) => told.push(value));
    draft.show(0.9);
  });

  it("says the number in force", () => {
    assert.equal(field, "0.9");
    draft.show(1e-8);
    assert.equal(field, "1e-8");
  });

  it("leaves alone what is being typed", () => {
    draft.type();
    field = "0.9";
    draft.show(0.5);
    assert.equal(field, "0.9");
    draft.restore(); // Escape, or the focus goes elsewhere
    assert.equal(field, "0.5");
    draft.show(0.4);
    assert.equal(field, "0.4");
  });

  it("tells what was typed, and counts it as the number in force from then on", () => {
    draft.type();
    draft.take(0.95);
    assert.deepEqual(told, [0.95]);
    assert.equal(field, "0.95");
  });

  it("tells nobody of what is no number", () => {
    draft.type();
    draft.take(NaN);
    assert.deepEqual(told, []);
    assert.equal(field, "0.9");
  });
});
