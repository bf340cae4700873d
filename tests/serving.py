"""A server in a process of its own, for tests that look at it from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[1]
PANEL = (
    sys.executable, "-m", "panel", "serve", "playground",
    "--log-format", "%(asctime)s %(levelname)s %(name)s: %(message)s",
)  # fmt: skip

T = TypeVar("T")


def until(condition: Callable[[], T], wanted: str, timeout: float = 30.0) -> T:
    """Ask again and again until the answer is true, and return it; fail with a sentence if it never is."""
    deadline = time.monotonic() + timeout
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"Not within {timeout:g} s: {wanted}.")
        time.sleep(0.03)
    return answer


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server that can be started, read, stopped and started again on the same port.

    Parameters
    ----------
    folder : Path
        Where its log goes.
    command : sequence of str
        What to run; ``--port`` and a free one are appended.
    cwd : Path
        Where to run it.
    """

    def __init__(self, folder: Path, command: Sequence[str] = PANEL, cwd: Path = ROOT) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}/playground"
        self._command = [*command, "--port", str(self.port)]
        self._cwd = cwd
        self._log = folder / f"server-{self.port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when it listens."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._cwd,
                env={**os.environ, "PYTHONPATH": "", "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(self._listens, f"the server listens on port {self.port}", 60)

    def stop(self) -> None:
        """Return when it is gone."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The running process."""
        assert self._process is not None, "it runs"
        return self._process

    @property
    def runs(self) -> bool:
        """Whether it has been started and not been stopped."""
        return self._process is not None

    def log(self, start: int = 0) -> str:
        """What it has said, from character ``start`` on."""
        return self._log.read_text(encoding="utf-8", errors="replace")[start:]

    def _listens(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"The server ended: {self.log()}"
        try:
            socket.create_connection(("localhost", self.port), timeout=1).close()
        except OSError:
            return False
        return True
