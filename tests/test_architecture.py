"""The house keeps its order: what may import what."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import engine
import playground
from engine import Registry
from playground.network_page.pictures import AXES, PICTURES
from playground.network_page.selection import TARGETS
from playground.pages import PAGES
from playground.race_page.choices import CURVES, GROUNDS

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("engine", "playground")
SCREEN = ("panel", "bokeh", "param", "playground", "tornado", "pandas")

LADDER = [
    ["engine.arrays", "engine.bounded_history", "engine.normal", "engine.registry", "engine.streams"],
    ["engine.frozen_mapping"],
    ["engine.formula", "engine.layout"],
    [
        "engine.activations",
        "engine.averaging",
        "engine.clipping",
        "engine.datasets",
        "engine.features",
        "engine.initializers",
        "engine.limits",
        "engine.losses",
        "engine.optimizers",
        "engine.regularization",
        "engine.placements",
        "engine.preprocessing",
        "engine.schedules",
        "engine.stopping",
        "engine.surfaces",
        "engine.tasks",
    ],
    ["engine.config.checks", "engine.own_data"],
    ["engine.config", "engine.layers", "engine.optimizers.explain", "engine.state", "engine.state_file"],
    [
        "engine.blocks",
        "engine.data",
        "engine.experiments",
        "engine.layer_checks",
        "engine.extremes_history",
        "engine.parameter_history",
        "engine.tape",
    ],
    ["engine.binding"],
    ["engine.network"],
    ["engine.dense_stack"],
    ["engine.objective"],
    ["engine.race"],
    ["engine.batches", "engine.buffers", "engine.problem"],
    ["engine.training_setup"],
    ["engine.first_state", "engine.training_loop"],
    ["engine.trainer"],
    [
        "engine.divergence",
        "engine.gradient_check",
        "engine.landscape",
        "engine.look.plane",
        "engine.look.frame",
        "engine.look.layer_snapshot",
        "engine.look.histograms",
        "engine.look.views",
    ],
    ["engine.hidden_space", "engine.look.saturation", "engine.look.pictures", "engine.look.quantities"],
    ["engine.look.layer_detail"],
    ["engine.look.viewer"],
    ["engine.look"],
    ["engine"],
    ["engine.reference"],
    ["playground.runtime"],
    [f"playground.{entry.name}_page" for entry in PAGES.values()],
    ["playground.pages"],
    ["playground.app"],
    ["playground"],
    ["playground.main", "playground.__main__", "playground.wires"],
]
RUNG = {module: rung for rung, modules in enumerate(LADDER) for module in modules}


def modules_of(package: str) -> dict[str, Path]:
    """Dotted name and file of every module of a package, the package itself included."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = {name: path for package in PACKAGES for name, path in modules_of(package).items()}
TREES = {name: ast.parse(path.read_text()) for name, path in MODULES.items()}


def imports_of(module: str) -> Iterator[str]:
    """Full names that a module imports, anywhere in it; ``from a import b`` is a.b where that is a module, else a."""
    package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield f"{base}.{alias.name}" if f"{base}.{alias.name}" in MODULES else base


GRAPH = {module: set(imports_of(module)) & set(MODULES) - {module} for module in MODULES}


def reached_from(module: str) -> set[str]:
    """Every module that importing one brings along, as far as files say so."""
    reached: set[str] = set()
    waiting = [module]
    while waiting:
        new = GRAPH[waiting.pop()] - reached
        reached |= new
        waiting += new
    return reached


def rung_of(module: str) -> int | None:
    """The rung of a module, or of the package it is in; None off the ladder."""
    while module:
        if module in RUNG:
            return RUNG[module]
        module = module.rpartition(".")[0]
    return None


def test_the_files_were_found():
    assert {"engine", "engine.trainer", "engine.look"} <= set(MODULES)
    assert "engine.trainer" in GRAPH["engine"]
    assert {rung_of(module) for module in MODULES} >= set(range(6))


def test_every_module_has_its_rung():
    roots = set(RUNG) - set(PACKAGES)
    placed = {module for module in MODULES if module in RUNG or module.rpartition(".")[0] in roots}
    assert set(MODULES) <= placed


@pytest.mark.parametrize("module", modules_of("engine"))
def test_the_engine_imports_numpy_and_the_standard_library_only(module):
    tops = {name.partition(".")[0] for name in imports_of(module)}
    assert tops <= {*sys.stdlib_module_names, "numpy", "engine"}


def test_the_engine_brings_no_screen_along():
    names = ", ".join(modules_of("engine"))
    code = f"import sys, {names}; print([name for name in {SCREEN} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("package", PACKAGES)
def test_no_import_circles(package):
    """TopologicalSorter names the circle in its CycleError."""
    own = {module: {other for other in GRAPH[module] if other in modules_of(package)} for module in modules_of(package)}
    list(TopologicalSorter(own).static_order())


@pytest.mark.parametrize("module", [module for module in MODULES if rung_of(module) is not None])
def test_imports_only_go_down_the_ladder(module):
    above = [other for other in reached_from(module) if (rung_of(other) or 0) > rung_of(module)]
    assert not above, f"{module} is below {', '.join(sorted(above))}"


def pages_of(module: str) -> set[str]:
    """The folders of pages that a module's imports lead to."""
    return {other.split(".")[1] for other in reached_from(module) if re.match(r"playground\.\w+_page\b", other)}


@pytest.mark.parametrize("module", [module for module in MODULES if re.match(r"playground\.\w+_page\b", module)])
def test_a_page_imports_no_other_page(module):
    assert pages_of(module) <= {module.split(".")[1]}


def test_every_page_has_the_same_rooms():
    rooms = ["page", "component", "session", "settings", "choices", "controls", "commands", "scene", "sender", "wire"]
    for entry in PAGES.values():
        assert {f"playground.{entry.name}_page.{room}" for room in rooms} <= set(MODULES)
        assert entry.notebook.__module__ == f"playground.{entry.name}_page.page"
        assert getattr(playground, entry.notebook.__name__) is entry.notebook


EXPLANATIONS = "engine.optimizers.explain"


@pytest.mark.parametrize("module", [module for module in MODULES if not module.startswith(EXPLANATIONS)])
def test_update_rules_know_nothing_of_their_explanations(module):
    """Who needs one asks the package, which finds it by the optimizer's name."""
    asked = {other for other in GRAPH[module] if other.startswith(EXPLANATIONS)}
    assert asked <= (set() if module.startswith("engine") else {EXPLANATIONS})


KEYS = {
    key
    for name, part in vars(engine).items()
    if isinstance(part, Registry) and name != "LIMITS"  # those are names of settings
    for key in part
}


PAGE_KEYS = {key for part in (PICTURES, AXES, TARGETS, GROUNDS, CURVES) for key in part}


@pytest.mark.parametrize("module", MODULES)
def test_nothing_asks_for_an_entry_by_comparing_names(module):
    compared = {
        leaf.value
        for node in ast.walk(TREES[module])
        if isinstance(node, (ast.Compare, ast.Match))
        for leaf in ast.walk(node)
        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
    }
    assert not compared & (KEYS if module.startswith("engine") else KEYS | PAGE_KEYS)
