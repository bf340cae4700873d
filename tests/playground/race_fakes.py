"""A screen that only remembers, and a race's session between it and a clock that only moves when told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from fakes import FakeClock

from playground.race_page.sections import Scalars, Section
from playground.race_page.session import RaceSession
from playground.race_page.settings import RaceSettings
from playground.runtime.flow_control import WINDOW
from playground.runtime.frame import Status, unpack
from playground.runtime.scheduler import Scheduler


class Shot(NamedTuple):
    """One frame as it came, taken apart, and what is new for the chart if that came with it."""

    time: float
    sequence: int
    generation: int
    parts: dict[int, Any]
    curves: Mapping[str, Any] | None

    def scalar(self, name: str) -> int:
        return int(self.parts[Section.SCALARS][Scalars._fields.index(name)])

    @property
    def cursor(self) -> int:
        return self.scalar("cursor")

    @property
    def status(self) -> Status:
        return Status(self.scalar("status"))

    @property
    def text(self) -> str:
        return self.parts[Section.TEXT].tobytes().decode()

    def read(self, section: int) -> Any:
        """A section of JSON."""
        return json.loads(self.parts[section].tobytes())


class RaceScreen:
    """Keeps what it is shown."""

    def __init__(self, clock: Any) -> None:
        self.clock = clock
        self.scenes: list[tuple[Mapping[str, Any], bytes | None]] = []
        self.shots: list[Shot] = []
        self.notices: list[tuple[str, str]] = []
        self.sweeps: list[Mapping[str, Any]] = []

    def scene(self, description: Mapping[str, Any], heights: bytes | None) -> None:
        self.scenes.append((description, heights))

    def frame(self, message: bytes, curves: Mapping[str, Any] | None) -> None:
        self.shots.append(Shot(self.clock(), *unpack(message), curves))

    def notice(self, level: str, message: str) -> None:
        self.notices.append((level, message))

    def swept(self, outcome: Mapping[str, Any]) -> None:
        self.sweeps.append(outcome)


class Track:
    """What a page knows of the way: it puts together what comes, as the browser does."""

    def __init__(self) -> None:
        self.positions: list[np.ndarray] = []
        self.received = 0

    def take(self, shot: Shot, racers: int) -> None:
        first, new = shot.scalar("first"), shot.parts[Section.POSITIONS].reshape(-1, racers, 2)
        assert first <= len(self.positions), "there is a gap"
        self.positions[first:] = list(new)
        del self.positions[shot.scalar("length") + 1 :]
        self.received += len(new)


class RaceHarness:
    """A race's session in front of a screen that only remembers, where a step costs what the test says.

    Parameters
    ----------
    cost : float
        Seconds of the fake clock that every step takes.
    network : callable () -> Config, optional
    **values
        Settings.
    """

    def __init__(self, cost: float = 1e-5, window: int = WINDOW, network: Any = None, **values: Any) -> None:
        self.clock = FakeClock()
        self.screen = RaceScreen(self.clock)
        self.scheduler = Scheduler()
        self.settings = RaceSettings(**values)
        self.session = RaceSession(self.settings, self.screen, self.scheduler, network, window, self.clock)
        advance = self.run.advance

        def costly(steps: int) -> str:
            self.clock.now += steps * cost
            message = advance(steps)
            self.run.cost = cost
            return message

        self.run.advance = costly

    @property
    def run(self) -> Any:
        return self.session.run

    @property
    def race(self) -> Any:
        return self.run.race

    @property
    def cursor(self) -> int:
        return self.race.cursor

    @property
    def shot(self) -> Shot:
        """The newest."""
        return self.screen.shots[-1]

    @property
    def scene(self) -> Mapping[str, Any]:
        """The newest."""
        return self.screen.scenes[-1][0]

    def tell(self, command: str, /, **fields: Any) -> float | None:
        """Give one command and let the loop turn once."""
        self.session.post({"type": command, **fields})
        return self.session._safe_turn()

    def opened(self) -> RaceHarness:
        """With a page that has rendered and painted all that came."""
        self.tell("ready")
        self.pass_time(0.5)
        return self

    def settle(self) -> Shot:
        """Wait for the next picture's turn, take and acknowledge it."""
        self.pass_time(0.05)
        return self.shot

    def pass_time(self, seconds: float, painting: bool = True) -> float | None:
        """Let the loop run for a while, as on a page; a painting page acknowledges at once."""
        end = self.clock.now + seconds
        delay: float | None = 0.0
        while self.clock.now < end:
            delay = self.session._safe_turn()
            if painting and self.session._sender.under_way:
                self.session.post({"type": "ack", "seq": self.shot.sequence})
                continue
            self.clock.now = end if delay is None else min(self.clock.now + max(delay, 1e-5), end)
        return delay
