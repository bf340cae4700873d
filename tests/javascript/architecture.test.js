import assert from "node:assert/strict";
import {globSync, readFileSync} from "node:fs";
import {basename, dirname, join, relative, resolve} from "node:path";
import {describe, it} from "node:test";

const TESTS = import.meta.dirname;
const STATIC = resolve(TESTS, "../../static");
const IMPORT = /^import \{([^{}]*)\} from "(\.{1,2}\/[\w./-]+\.js)";$/gm;
const EXPORT = /^export (?:async )?(?:function\*?|const|class) (\w+)/gm;
const COMPARISON = /[!=]==? *["'`]([^"'`]*)["'`]|["'`]([^"'`]*)["'`] *[!=]==?|\bcase +["'`]([^"'`]*)["'`]/g;
const ENTRY = "render"; // what Panel calls

const modules = new Map(globSync("**/*.js", {cwd: STATIC}).map((name) => [name, readModule(join(STATIC, name))]));
const tests = globSync("*/**/*.test.js", {cwd: TESTS, exclude: ["node_modules"]})
  .map((name) => readModule(join(TESTS, name)));
const folderOf = (name) => name.split("/")[0];

/** Literals that something is compared with. */
const comparedIn = (source) =>
  [...source.matchAll(COMPARISON)].map((found) => found.slice(1).find((part) => part !== undefined));

function readModule(file) {
  const source = readFileSync(file, "utf8");
  const imports = [...source.matchAll(IMPORT)].map(([, names, path]) => ({
    path: relative(STATIC, resolve(dirname(file), path)),
    names: names.split(",").map((part) => part.trim().split(" as ")[0]).filter(Boolean),
  }));
  return {source, imports, exports: [...source.matchAll(EXPORT)].map(([, exported]) => exported)};
}

/** All modules on a way of imports that comes back to where it began, or null. */
function circleFrom(name, above = []) {
  if (above.includes(name)) return [...above.slice(above.indexOf(name)), name];
  for (const {path} of modules.get(name).imports) {
    const circle = circleFrom(path, [...above, name]);
    if (circle) return circle;
  }
  return null;
}

describe("static/", () => {
  it("is a runtime and one folder a page", () => {
    assert.ok(new Set([...modules.keys()].map(folderOf)).isSupersetOf(new Set(["runtime", "network", "race"])));
    assert.deepEqual([...modules.keys()].filter((name) => name.split("/").length !== 2), []);
  });

  it("imports what there is", () => {
    for (const [name, {imports}] of modules) {
      for (const {path, names} of imports) {
        assert.ok(modules.has(path), `${name} imports ${path}`);
        const missing = names.filter((wanted) => !modules.get(path).exports.includes(wanted));
        assert.deepEqual(missing, [], `${name} imports from ${path}`);
      }
    }
  });

  it("has no circle of imports", () => {
    for (const name of modules.keys()) assert.equal(circleFrom(name), null);
  });

  it("lets a page import the runtime, never another page, and the runtime no page", () => {
    const allowed = (name, path) => [folderOf(name), "runtime"].includes(folderOf(path));
    for (const [name, {imports}] of modules) {
      assert.deepEqual(imports.map(({path}) => path).filter((path) => !allowed(name, path)), [], name);
    }
  });

  it("exports nothing that nobody imports", () => {
    const used = new Set([...modules.values(), ...tests].flatMap(({imports}) =>
      imports.flatMap(({path, names}) => names.map((name) => `${path} ${name}`))));
    const idle = [...modules].flatMap(([name, {exports}]) => exports.map((exported) => `${name} ${exported}`))
      .filter((known) => !used.has(known) && !known.endsWith(` ${ENTRY}`));
    assert.deepEqual(idle, []);
  });

  it("compares nothing with the name of an entry of a registry", () => {
    // `python -m tests.javascript` tells all names: another entry must need no other line than its own.
    const names = new Set(JSON.parse(process.env.REGISTRY_NAMES));
    assert.ok(names.isSupersetOf(new Set(["regression", "landscape", "adam", "network", "bias"])));
    for (const [name, {source}] of modules) {
      assert.deepEqual(comparedIn(source).filter((literal) => names.has(literal)), [], name);
    }
  });

  it("would be seen to compare", () => {
    assert.deepEqual(comparedIn('a === "adam" || "sgd" !== b; switch (c) { case "tanh": }'), ["adam", "sgd", "tanh"]);
  });

  it("has no file that no page needs", () => {
    const needed = new Set();
    const visit = (name) => {
      needed.add(name);
      modules.get(name).imports.filter(({path}) => !needed.has(path)).forEach(({path}) => visit(path));
    };
    [...modules].filter(([, {exports}]) => exports.includes(ENTRY)).forEach(([name]) => visit(name));
    assert.deepEqual([...modules.keys()].filter((name) => !needed.has(name)).map((name) => basename(name)), []);
  });
});
