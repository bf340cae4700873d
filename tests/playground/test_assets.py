import re

import pytest

from playground import assets
from playground.assets import STATIC, bundle, read


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A function that fills another static/."""
    monkeypatch.setattr(assets, "STATIC", tmp_path)

    def fill(**modules):
        for name, source in modules.items():
            (tmp_path / f"{name}.js").write_text(source, encoding="utf-8")

    return fill


def order(script):
    return re.findall(r"^const module_(\w+) = \(\(\) =>", script, re.MULTILINE)


def test_every_file_can_be_read():
    files = [path.name for path in STATIC.iterdir() if path.suffix in (".js", ".css")]
    assert {"stage.js", "stage.css"} <= set(files)
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
        parts="export function f(x) { return x; }\nexport const g = 1;\nexport class H {}\nexport let k = 2;\n"
        "export async function late() {}\nexport function* many() {}\nconst hidden = 3;\n",
    )
    script = bundle("top.js")
    assert "const {f, g: other} = module_parts;" in script
    assert "return {f, g, H, k, late, many};" in script
    assert script.endswith("export const {top} = module_top;")


def test_circles_are_refused(folder):
    folder(a='import {b} from "./b.js";\nexport const a = 1;\n', b='import {a} from "./a.js";\nexport const b = 1;\n')
    with pytest.raises(ValueError, match=r"a\.js > b\.js > a\.js"):
        bundle("a.js")


def test_the_stage_is_one_module():
    script = bundle("stage.js")
    assert script.count("export ") == script.count("\nexport const {") == 1
    assert not re.search(r"^import\b", script, re.MULTILINE)
    assert re.search(r"^export const \{.*\brender\b.*\} = module_stage;\Z", script, re.MULTILINE)


def test_the_stage_needs_no_other_host():
    for path in STATIC.rglob("*"):
        if path.suffix in (".js", ".css"):
            assert not re.search(r"(?:src|url|import|fetch)\W{1,3}(?:https?:)?//", path.read_text(encoding="utf-8"))
