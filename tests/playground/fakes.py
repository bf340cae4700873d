"""A screen that only remembers, a clock that only moves when told, and a session between the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from playground.network_page.cost import Cost
from playground.network_page.frame_composer import Detail
from playground.network_page.memory import Memory
from playground.network_page.sections import Scalars, Section
from playground.network_page.sender import Charts
from playground.network_page.session import Session
from playground.network_page.settings import Settings
from playground.network_page.training_run import Run
from playground.runtime.flow_control import WINDOW
from playground.runtime.frame import Status, unpack
from playground.runtime.scheduler import Scheduler


class Picture(NamedTuple):
    """One frame as it came: when, its bytes, taken apart, and what is new for the charts if that came with it."""

    time: float
    size: int
    sequence: int
    generation: int
    parts: dict[int, Any]
    charts: Charts | None

    @property
    def losses(self) -> Mapping[str, np.ndarray] | None:
        return self.charts and self.charts.losses

    @property
    def layer_detail(self) -> Detail | None:
        return self.charts and self.charts.layer_detail

    @property
    def step(self) -> int:
        return int(self.scalar("step"))

    @property
    def status(self) -> Status:
        return Status(int(self.scalar("status")))

    @property
    def text(self) -> str:
        return self.parts[Section.TEXT].tobytes().decode()

    def scalar(self, name: str) -> float:
        return float(self.parts[Section.SCALARS][Scalars._fields.index(name)])


class FakeClock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class FakeScreen:
    """Keeps what it is shown."""

    def __init__(self, clock: Any) -> None:
        self.clock = clock
        self.scenes: list[tuple[Mapping[str, Any], bytes]] = []
        self.pictures: list[Picture] = []
        self.notices: list[tuple[str, str]] = []
        self.checks: list[list[dict[str, Any]]] = []

    def scene(self, description: Mapping[str, Any], points: bytes) -> None:
        self.scenes.append((description, points))

    def frame(self, message: bytes, charts: Charts | None) -> None:
        self.pictures.append(Picture(self.clock(), len(message), *unpack(message), charts))

    def notice(self, level: str, message: str) -> None:
        self.notices.append((level, message))

    def checked(self, groups: list[dict[str, Any]]) -> None:
        self.checks.append(groups)

    @property
    def charts(self) -> list[Picture]:
        return [picture for picture in self.pictures if picture.losses is not None]


class Watched:
    """A run, and what the pictures of it that were composed have left behind, as a FrameSender keeps it."""

    def __init__(self, run: Run) -> None:
        self.run, self.memory = run, Memory()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.run, name)

    def parts(self, blank: bool, still: bool, fine: bool = False) -> dict[int, Any]:
        """A picture that arrives; ``blank`` for a page that knows nothing."""
        parts, self.memory = self.run.compose(replace(self.memory, blank=blank), still, fine)
        return parts

    def close_up(self) -> Detail:
        detail, self.memory = self.run.close_up(self.memory)
        return detail

    @property
    def seen_in_detail(self) -> object:
        return self.run.detail_shown(self.memory)


class SessionHarness:
    """A session in front of a fake screen, where a step costs what the test says.

    Parameters
    ----------
    cost : float
        Seconds of the fake clock that every step takes; more than they take here, or training as fast as it goes would
        be most of what a test does.
    **values
        Settings.
    """

    def __init__(
        self, cost: float = 4e-4, window: int = WINDOW, scheduler: Scheduler | None = None, **values: Any
    ) -> None:
        self.clock = FakeClock()
        self.screen = FakeScreen(self.clock)
        self.scheduler = scheduler or Scheduler()
        self.settings = Settings(**values)
        self.session = Session(self.settings, self.screen, self.scheduler, window, self.clock)
        self.cost = cost
        self.slices: list[int] = []
        self.run.step = self._costly(self.run.step)

    def _costly(self, step: Any) -> Any:
        def take(steps: int) -> str:
            self.slices.append(steps)
            self.clock.now += steps * self.cost
            result = step(steps)
            # The clock moved around the run, not inside it: this is what it would have measured.
            self.run.cost = Cost(self.cost)
            return result

        return take

    @property
    def run(self) -> Any:
        return self.session.run

    @property
    def step(self) -> int:
        return self.run.state.step

    @property
    def picture(self) -> Picture:
        """The newest."""
        return self.screen.pictures[-1]

    def tell(self, command: str, /, **fields: Any) -> float | None:
        """Give one command and let the loop turn once."""
        self.session.post({"type": command, **fields})
        return self.session._turn()

    def opened(self) -> SessionHarness:
        """With a page that has rendered and painted the first picture."""
        self.tell("ready")
        self.acknowledge()
        return self

    def acknowledge(self) -> None:
        """Say that all pictures are painted."""
        self.tell("ack", seq=self.picture.sequence)

    def settle(self) -> Picture:
        """Wait for the next picture's turn, take and acknowledge it."""
        self.pass_time(0.05)
        return self.picture

    def pass_time(self, seconds: float, painting: bool = True) -> float | None:
        """Let the loop run for a while, as on a page; a painting page acknowledges at once."""
        end = self.clock.now + seconds
        delay: float | None = 0.0
        while self.clock.now < end:
            delay = self.session._turn()
            if painting and self.session._sender.under_way:
                self.session.post({"type": "ack", "seq": self.picture.sequence})
                continue
            self.clock.now = end if delay is None else min(self.clock.now + max(delay, 1e-5), end)
        return delay
