"""The session of the race page: a race, its settings and its pictures, for one page."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from engine import Config
from engine.race import Sweep, Sweeping
from playground.race_page.choices import SHOWN_AT_ONCE
from playground.race_page.commands import COMMANDS
from playground.race_page.contour import Contour
from playground.race_page.race_run import Change, RaceRun
from playground.race_page.scene import scene
from playground.race_page.sender import RaceFrameSender, Screen
from playground.race_page.settings import RaceSettings
from playground.race_page.surface_race import SurfaceRace
from playground.runtime.flow_control import WINDOW
from playground.runtime.frame import Status
from playground.runtime.json_value import Json
from playground.runtime.scheduler import Scheduler
from playground.runtime.session_loop import SessionLoop

_SWEPT_AT_ONCE = 4
"""Steps of a sweep between two looks at the clock: with noise a search along a line may need a while for each."""


class RaceSession(SessionLoop):
    """One person's race. What can be done with it are its RaceActions.

    Parameters
    ----------
    settings : RaceSettings
        Watched: what changes there applies before the next step.
    screen : Screen
    scheduler : Scheduler
        Shared by all sessions of the process.
    network : callable () -> Config, optional
        The network to race on; see RaceRun.
    window : int
        Pictures that may be on their way at once.
    clock : callable
        Seconds, monotonic.
    """

    settings: RaceSettings
    screen: Screen
    _sender: RaceFrameSender

    def __init__(
        self,
        settings: RaceSettings,
        screen: Screen,
        scheduler: Scheduler,
        network: Callable[[], Config] | None = None,
        window: int = WINDOW,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.window = window
        self.run = RaceRun(settings, network, clock)
        super().__init__(settings, screen, scheduler, RaceFrameSender(screen, self.run, window), COMMANDS, clock)
        self._map: Contour | None = None
        self._sweeping: tuple[Sweeping, str] | None = None

    # What steps (see SessionLoop)

    @property
    def speed(self) -> float:
        """Steps a second that are asked for."""
        return self.settings.display.speed

    def affordable(self, seconds: float) -> int:
        """How many steps, at least one, fit into so many seconds."""
        return max(int(seconds / self.run.cost), 1)

    def make(self, steps: int) -> None:
        """Go so many steps on; pause where there is no further."""
        self._message = self.run.advance(steps)
        if self._message:
            self.status = Status.PAUSED
        self._sender.stale = True

    def work_in_background(self) -> bool:
        """Sweep on, unless what was asked is no longer the question."""
        if self._sweeping is None:
            return False
        sweeping, question = self._sweeping
        if getattr(self.run.race, "question", None) != question:
            self._sweeping = None
            return False
        end = self._clock() + self.scheduler.slice
        sweeping.run(_SWEPT_AT_ONCE)
        while sweeping.left and self._clock() < end:
            sweeping.run(_SWEPT_AT_ONCE)
        if not sweeping.left:
            self._sweeping = None
            self._end_sweep(sweeping.outcome())
        return self._sweeping is not None

    @property
    def generation(self) -> int:
        """The number of the race; what is said about one before is void."""
        return self.run.generation

    def _apply(self, shown: int | None = None) -> Change:
        change = self.run.apply(self.status == Status.PLAYING, shown)
        if change is not Change.NOTHING:
            self._sender.stale = True
            self._next_steps = 0.0
        if change in (Change.RETUNE, Change.RESTART):
            self._message = ""
        return change

    def take_over(self) -> bool:
        """Take over what is different in the settings; return whether anything is."""
        return self._apply() is not Change.NOTHING

    def announce(self) -> None:
        """Send the scene, with the picture of the surface if the page has another one."""
        if not self._sender.ready:
            return
        race, heights = self.run.race, None
        if isinstance(race, SurfaceRace):
            picture = race.contour()
            if picture is not self._map:
                heights, self._map = picture.heights.tobytes(), picture
        self.screen.scene(scene(self.run, self._heard), heights=heights)

    # Actions (see commands.RaceActions)

    def welcome(self, restore: Json, dark: bool) -> None:
        """Show everything to a page that has rendered, with its choices; it has no picture of the surface yet."""
        self._map = None
        super().welcome(restore, dark)

    def back(self) -> None:
        """Show the step before and rest, where there is a way back."""
        if isinstance(self.run.race, SurfaceRace):
            self._set_status(Status.PAUSED)
            self.run.race.seek(self.run.race.cursor - 1)

    def seek(self, step: int, number: int) -> None:
        """Show another step that is known; who plays goes on from there."""
        self.run.race.seek(step)
        self._sender.sought = number
        self._message = ""
        self._sender.stale = True

    def reset(self) -> None:
        """Go back to the start and rest."""
        self._set_status(Status.PAUSED)
        self._begin(0)

    def begin_at(self, x: Json, y: Json) -> None:
        """Begin elsewhere. A page that rests is shown a good part of the new race at once."""
        self.settings.update({"start": [x, y]})
        if self._apply(SHOWN_AT_ONCE) is Change.NOTHING:
            self._begin(0 if self.status == Status.PLAYING else SHOWN_AT_ONCE)
        else:
            self.announce()

    def sweep(self) -> None:
        """Find the best learning rate for each racer, take it, and race anew; it takes a while, bit by bit."""
        race = self.run.race
        if isinstance(race, SurfaceRace):
            self._sweeping = race.sweep(), race.question

    def _end_sweep(self, outcome: Sweep) -> None:
        racers = [
            racer if np.isnan(best) else {**racer, "learning_rate": float(f"{best:.3g}")}
            for racer, best in zip(self.settings.race.racers, outcome.best, strict=True)
        ]
        self.settings.update({"racers": racers})
        self._apply()
        self._begin(0 if self.status == Status.PLAYING else SHOWN_AT_ONCE)
        assert isinstance(self.run.race, SurfaceRace), "the question is still the same"
        self.screen.swept(
            {
                "question": self.run.race.question,
                "rates": outcome.rates.tolist(),
                "values": [[value if np.isfinite(value) else None for value in row] for row in outcome.values.tolist()],
                "best": [None if np.isnan(best) else float(best) for best in outcome.best],
            }
        )

    def _begin(self, steps: int) -> None:
        self.run.begin(steps)
        self._sender.stale = True
        self.announce()
