import assert from "node:assert/strict";
import {describe, it} from "node:test";

import {recall, remember} from "../../../static/runtime/storage.js";

/** As much of a browser's storage as is used. */
function createStorage() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
}

const forbidden = () => { throw new Error("SecurityError"); };

describe("storage", () => {
  it("keeps a value until it is dropped", () => {
    const storage = createStorage();
    assert.equal(recall(() => storage, "theme"), null);
    remember(() => storage, "theme", "dark");
    assert.equal(recall(() => storage, "theme"), "dark");
    remember(() => storage, "theme", null);
    assert.equal(recall(() => storage, "theme"), null);
  });

  it("that is forbidden is as good as empty", () => {
    remember(forbidden, "theme", "dark");
    assert.equal(recall(forbidden, "theme"), null);
  });
});
