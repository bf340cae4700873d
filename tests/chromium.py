"""The Chromium that the browser tests drive. ``python -m tests.chromium`` finds one or installs one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find(playwright: Playwright) -> str:
    """Path of the first Chromium that runs: $CHROMIUM, one on PATH, Playwright's own.

    Raises
    ------
    LookupError
        A sentence that says what to do.
    """
    for path in _candidates(playwright):
        if _runs(path):
            return path
    raise LookupError("No Chromium runs here; install one with python -m tests.chromium, or name one in $CHROMIUM.")


def ensure() -> str:
    """Path of a Chromium; installs one where there is none: Debian's as root, Playwright's own elsewhere."""
    with sync_playwright() as playwright:
        try:
            return find(playwright)
        except LookupError:
            _install()
            return find(playwright)


def _candidates(playwright: Playwright) -> Iterator[str]:
    if chosen := os.environ.get("CHROMIUM"):
        yield chosen
    yield from filter(None, map(shutil.which, NAMES))
    yield playwright.chromium.executable_path


def _runs(path: str) -> bool:
    """Whether it is more than a name: Ubuntu's chromium-browser, for one, only says that it wants snap."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _install() -> None:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get") and _install_debian():
        return
    playwright = [sys.executable, "-m", "playwright", "install", *(["--with-deps"] if root else []), "chromium"]
    subprocess.run(playwright, stdin=subprocess.DEVNULL, check=True)


def _install_debian() -> bool:
    """Install Debian's package; return whether that worked."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (["update"], ["install", "--yes", "--no-install-recommends", "chromium"])
    return all(
        subprocess.run(["apt-get", *step], stdin=subprocess.DEVNULL, env=env, check=False).returncode == 0
        for step in steps
    )


if __name__ == "__main__":
    print(Path(ensure()))
