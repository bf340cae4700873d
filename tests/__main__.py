"""``python -m tests``: everything that must pass, in order, up to the first failure."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

CHECKS = (
    "ruff check .",
    "ruff format --check .",
    "mypy",
    "tests.javascript",
    "tests.chromium",
    "pytest --numprocesses=2 --dist=loadfile tests/engine tests/playground",
    "pytest --numprocesses=2 --dist=loadfile --ignore=tests/browser --ignore=tests/engine --ignore=tests/playground",
    "pytest --numprocesses=2 --dist=loadfile tests/browser",
)


def main() -> int:
    """Run the checks; return the first exit code that is not 0."""
    start = time.monotonic()
    for check in CHECKS:
        print(f"\n$ python -m {check}", flush=True)
        code = subprocess.run(
            [sys.executable, "-m", *shlex.split(check)], cwd=ROOT, stdin=subprocess.DEVNULL
        ).returncode
        print(f"[{time.monotonic() - start:.0f} s]", flush=True)
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
