import re

import pytest

from playground.runtime import assets
from playground.runtime.assets import STATIC, bundle, read


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A function that fills another static/."""
    monkeypatch.setattr(assets, "STATIC", tmp_path)

    def fill(**modules):
        for name, source in modules.items():
            path = tmp_path / f"{name.replace('__', '/')}.js"
            path.parent.mkdir(exist_ok=True)
            path.write_text(source, encoding="utf-8")

    return fill


def order(script):
    return re.findall(r"^const module_(\w+) = \(\(\) =>", script, re.MULTILINE)


def test_every_file_can_be_read():
    files = [path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.suffix in (".js", ".css")]
    assert {"runtime/dom.js", "network/stage.js", "race/race.css"} <= set(files)
    assert all(read(name) for name in files)


def test_a_module_comes_once_and_after_what_it_needs(folder):
    folder(
        top='import {left} from "./left.js";\nimport {right} from "./right.js";\nexport const top = left + right;\n',
        left='import {base} from "./base.js";\nexport const left = base;\n',
        right='import {base} from "./base.js";\nexport const right = base;\n',
        base="export const base = 1;\n",
    )
    assert order(bundle("top.js")) == ["base", "left", "right", "top"]


def test_imports_become_assignments_and_exports_a_return(folder):
    folder(
        top='import {f, g as other} from "./parts.js";\nexport function top() {\n  return f(other);\n}\n',
        parts="export function f(x) { return x; }\nexport const g = 1;\nexport class H {}\n"
        "export async function late() {}\nexport function* many() {}\nconst hidden = 3;\n",
    )
    script = bundle("top.js")
    assert "const {f, g: other} = module_parts;" in script
    assert "return {f, g, H, late, many};" in script
    assert script.endswith("export const {top} = module_top;")


def test_modules_in_other_folders(folder):
    folder(
        page__top='import {left} from "../runtime/left.js";\nimport {near} from "./near.js";\n'
        "export const top = left + near;\n",
        page__near='import {left} from "../runtime/left.js";\nexport const near = left;\n',
        runtime__left="export const left = 1;\n",
    )
    assert order(bundle("page/top.js")) == ["runtime_left", "page_near", "page_top"]


def test_an_import_of_several_lines_keeps_the_lines(folder):
    folder(
        top='import {\n  f,\n  g as other,\n} from "./parts.js";\nexport const top = f;\n',
        parts="export const f = 1;\nexport const g = 2;\n",
    )
    script = bundle("top.js")
    assert "const {f, g: other} = module_parts;\n\n\n\nconst top = f;" in script


def test_a_comma_in_text_is_no_second_constant(folder):
    folder(top='export const top = "one, two";\n')
    assert "return {top};" in bundle("top.js")


def test_words_in_comments_and_text_are_no_imports(folder):
    folder(
        top='/**\n * import what is needed\n * @param {import("./types.js").Thing} thing\n */\n'
        'export const top = "an import";\n'
    )
    assert "module_top" in bundle("top.js")


@pytest.mark.parametrize(
    "source",
    [
        'import parts from "./parts.js";',
        'import * as parts from "./parts.js";',
        'import "./parts.js";',
        'import parts, {f} from "./parts.js";',
        'import {f} from "parts";',
        "import {f} from './parts.js';",
        'import {f} from "https://example.org/parts.js";',
        'const parts = await import("./parts.js");',
        "const here = import.meta.url;",
        "export default function top() {}",
        "const f = 1;\nexport {f};",
        'export {f} from "./parts.js";',
        'export * from "./parts.js";',
        "export let f = 1;",
        "export var f = 1;",
        "export const f = 1, g = 2;",
        "export const {f, g} = {f: 1, g: 2};",
        "export async function* f() {}\nexport {f as g};",
        "const f = await load();",
        "await load();",
        "  export const f = 1;",
    ],
)
def test_forms_that_would_go_wrong_are_refused(folder, source):
    folder(top=source, parts="export const f = 1;\n")
    with pytest.raises(ValueError, match=r"^top\.js must import names in braces"):
        bundle("top.js")


@pytest.mark.parametrize("names", ["g", "f, g", "default as f", "g as f"])
def test_names_that_a_module_does_not_export_are_refused(folder, names):
    folder(top=f'import {{{names}}} from "./parts.js";\n', parts="export const f = 1;\nconst g = 2;\n")
    with pytest.raises(ValueError, match=r"^top\.js imports (?:g|default) from parts\.js, which does not export it\.$"):
        bundle("top.js")


def test_forms_that_look_alike_are_understood(folder):
    folder(
        top='import {f} from "./parts.js";\n// await, import and export are words\n'
        "export const top = async () => await f();\nexport async function* many() {\n  await f();\n}\n",
        parts="export const f = (a, b) => [a, b];\nexport const g = [1, 2];\nexport const h = {a: 1, b: 2};\n"
        'export const font = "10px Roboto, sans-serif";\n',
    )
    script = bundle("top.js")
    assert "return {top, many};" in script
    assert "return {f, g, h, font};" in script


def test_types_are_left_out_and_lines_stay(folder):
    source = (
        '/** @import {Thing} from "./types.js" */\n/**\n * Doubles.\n *\n * @param {number} x\n */\n'
        'export const top = (x) => /** @type {number} */ (2 * x); // twice\nexport const text = "/** no comment */";\n'
    )
    folder(top=source)
    script = bundle("top.js")
    assert "Doubles" not in script
    assert "@import" not in script
    assert "// twice" in script
    assert 'const text = "/** no comment */";' in script
    lines = script.splitlines()
    offset = next(k for k, line in enumerate(lines) if "module_top = " in line) + 1
    assert lines[offset + 6] == "const top = (x) => /** @type {number} */ (2 * x); // twice"


def test_circles_are_refused(folder):
    folder(a='import {b} from "./b.js";\nexport const a = 1;\n', b='import {a} from "./a.js";\nexport const b = 1;\n')
    with pytest.raises(ValueError, match=r"a\.js > b\.js > a\.js"):
        bundle("a.js")


@pytest.mark.parametrize("entry", ["network/stage.js", "race/race.js"])
def test_a_page_is_one_module(entry):
    script = bundle(entry)
    assert script.count("export ") == script.count("\nexport const {") == 1
    assert not re.search(r"^import\b", script, re.MULTILINE)
    assert re.search(r"^export const \{.*\brender\b.*\} = module_\w+;\Z", script, re.MULTILINE)


def test_the_pages_need_no_other_host():
    for path in STATIC.rglob("*"):
        if path.suffix in (".js", ".css"):
            assert not re.search(r"(?:src|url|import|fetch)\W{1,3}(?:https?:)?//", path.read_text(encoding="utf-8"))
