"""SurfaceRace: a race over a surface, as one page goes back and forth in it."""

from __future__ import annotations

import json

import numpy as np

from engine.arrays import Array
from engine.race import REASONS, Ending, Race, Racer, Sweeping, distances, first_within, inside, step_lengths, winner
from playground.race_page.choices import CURVES, LAST_STEP, engine_part
from playground.race_page.contour import Contour, contour
from playground.race_page.details import ShownCurves, card, heads
from playground.race_page.messages import Card
from playground.race_page.sections import NEVER
from playground.race_page.settings import RaceSettings
from playground.race_page.trajectory_buffer import TrajectoryBuffer

_POINTS = 400
"""Points of each curve of the chart, at most."""


class SurfaceRace:
    """A race over the surface that the settings describe.

    Parameters
    ----------
    settings : RaceSettings

    Attributes
    ----------
    cursor : int
        The step that is shown.
    """

    FIRST_COST = 2e-4

    def __init__(self, settings: RaceSettings) -> None:
        self._settings = settings
        self.surface = settings.surface()
        self._map: dict[bool, Contour] = {}
        self.restart(0)

    # The way

    def restart(self, steps: int = 0) -> None:
        """Begin anew at the start, and show it after so many steps."""
        self.trajectory = TrajectoryBuffer(self._race())
        self.trajectory.extend(steps)
        self.cursor = steps

    def retune(self) -> None:
        """Go on from the step that is shown with the numbers that the settings have now."""
        self.trajectory.retune(self._race(), self.cursor)

    def advance(self, steps: int) -> str:
        """Show a later step, racing on where it is not known yet; return why it goes no further, or ""."""
        wanted = min(self.cursor + steps, LAST_STEP)
        if self.trajectory.length < wanted and not self._is_over:
            self.trajectory.extend(wanted - self.trajectory.length)
        self.cursor = min(wanted, self.trajectory.length)
        if self.cursor == LAST_STEP:
            return f"The race ends at step {LAST_STEP:,}; reset it to race again."
        if self._is_over and self.cursor == self.trajectory.length:
            return "No racer is left on the map; reset the race, or choose smaller learning rates."
        return ""

    def seek(self, step: int) -> None:
        """Show another step that is known, or the nearest one."""
        self.cursor = min(max(step, 0), self.trajectory.length)

    @property
    def length(self) -> int:
        """Steps that are known."""
        return self.trajectory.length

    @property
    def cuts(self) -> tuple[int, ...]:
        """After which steps those that were known have become void, in the order in which that happened."""
        return self.trajectory.cuts

    @property
    def _is_over(self) -> bool:
        return bool((self.trajectory.last.endings != Ending.GOING).all())

    # What is seen

    def since(self, first: int) -> tuple[int, Array, Array]:
        """A step, or the one after the last if that is before it, and positions and values from there on."""
        first = min(first, self.length + 1)
        # Heights beyond single precision become infinite.
        with np.errstate(over="ignore"):
            return (
                first,
                self.trajectory.positions[first:].astype(np.float32),
                self.trajectory.values[first:].astype(np.float32),
            )

    def heads(self, deep: bool) -> Array:
        """The racers at the step that is shown; see details."""
        race, state = self.trajectory.at(self.cursor)
        return heads(race, state, self.reached, self.ended, deep)

    def card(self, k: int) -> Card | None:
        """The next update of a racer, written out; None of one that has ended or does not exist."""
        if not 0 <= k < len(self.trajectory.race.racers) or self.ended[k] != NEVER:
            return None
        return card(*self.trajectory.at(self.cursor), k)

    @property
    def ended(self) -> Array:
        """The step (n,) at which each racer ended, -1 for not until the step that is shown."""
        ended = self.trajectory.last.ended
        return np.where(ended <= self.cursor, ended, NEVER)

    @property
    def reached(self) -> Array:
        """The step (n,) at which each racer came within the tolerance, -1 for not until the step that is shown."""
        values = self.trajectory.values[: self.cursor + 1]
        return first_within(values, self.surface.lowest, self._settings.display.tolerance)

    @property
    def winner(self) -> int:
        """Who was within the tolerance first of those that are shown, -1 for nobody yet."""
        shown = [racer["shown"] for racer in self._settings.race.racers]
        return winner(np.where(shown, self.reached, NEVER), self.trajectory.values[: self.cursor + 1])

    def fates(self) -> list[str]:
        """What became of each racer, in words; "" of those that are going."""
        endings = self.trajectory.last.endings
        return [
            REASONS[Ending(int(ending))].format(step=step) if step != NEVER else ""
            for ending, step in zip(endings, self.ended, strict=True)
        ]

    def curves(self) -> ShownCurves:
        """What the chart shows: steps and one column for each racer, thinned out; see RaceChart."""
        steps = np.unique(np.linspace(0, self.length, min(self.length + 1, _POINTS)).round().astype(int))
        curves = _MEASURES[self.curve](self, steps)
        ended = self.trajectory.last.ended
        curves[(ended != NEVER) & (steps[:, None] > ended)] = np.nan
        return {"steps": steps, "curves": curves.T, "log": self.logarithmic, "cursor": self.cursor}

    @property
    def logarithmic(self) -> bool:
        """Whether the chart's axis is: not for the loss over a surface without a lowest point."""
        return self.surface.lowest is not None or CURVES[self.curve].logarithmic

    @property
    def offered(self) -> list[str]:
        """All curves that make sense over this surface."""
        return [name for name, curve in CURVES.items() if self.surface.minima or not curve.from_minima]

    @property
    def curve(self) -> str:
        """What the chart shows: what was chosen, or the loss where a surface has no minimum to be distant from."""
        chosen: str = self._settings.display.curve
        return chosen if self.surface.minima or not CURVES[chosen].from_minima else "loss"

    def _losses(self, steps: Array) -> Array:
        return self.trajectory.values[steps] - (self.surface.lowest or 0.0)

    def _distances(self, steps: Array) -> Array:
        return distances(self.trajectory.positions[steps], self.surface.minima)

    def _lengths(self, steps: Array) -> Array:
        lengths = step_lengths(self.trajectory.positions)
        # No step leads to the start.
        return np.vstack([np.full_like(self.trajectory.values[:1], np.nan), lengths])[steps]

    def contour(self) -> Contour:
        """The picture of the surface, made once."""
        log = self._settings.display.log_scale
        if log not in self._map:
            self._map[log] = contour(self.surface, log)
        return self._map[log]

    def sweep(self) -> Sweeping:
        """A sweep for the best learning rate of each racer from the present start; not a step of it is made yet."""
        race = self._settings.race
        steps = int(self._settings.display.swept_steps)
        return Sweeping(self.surface, self._racers(), steps, self._start(), race.noise, int(race.noise_seed))

    @property
    def question(self) -> str:
        """What a sweep's outcome depends on: the same words as long as it holds."""
        race = self._settings.race
        racers = [{**engine_part(values), "learning_rate": None} for values in race.racers]
        return json.dumps(
            [self.surface.text, self._start(), race.noise, race.noise_seed, self._settings.display.swept_steps, racers]
        )

    def _racers(self) -> list[Racer]:
        return self._settings.racers(self.surface)

    def _start(self) -> tuple[float, float]:
        x, y = self._settings.race.start
        return inside(self.surface, (x, y))

    def _race(self) -> Race:
        race = self._settings.race
        return Race(self.surface, self._racers(), self._start(), race.noise, int(race.noise_seed))


_MEASURES = {"loss": SurfaceRace._losses, "distance": SurfaceRace._distances, "length": SurfaceRace._lengths}
