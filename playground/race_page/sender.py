"""RaceFrameSender: where the racers are, what is known of them, and now and then the chart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from engine.arrays import Array
from playground.race_page.details import ShownCurves
from playground.race_page.messages import Scene, SweepOutcome
from playground.race_page.race_run import RaceRun
from playground.race_page.sections import Scalars, Section
from playground.runtime.frame import Status, text
from playground.runtime.sender import Moment, Sender
from playground.runtime.sender import Screen as PageScreen

CHART_PERIOD = 0.25
"""Seconds between updates of the chart while it plays, at least."""


class Screen(PageScreen, Protocol):
    """Where a race shows itself."""

    def scene(self, description: Scene, *, heights: bytes | None) -> None:
        """Take a new scene; ``heights`` is the picture of the surface when it is another one."""

    def frame(self, message: bytes, curves: ShownCurves | None) -> None:
        """Take a picture and, when it is due, what the chart shows; both in one message."""

    def swept(self, outcome: SweepOutcome) -> None:
        """Take the outcome of a sweep."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What the page has been sent of a race. A value, which counts once the picture is on its way.

    Parameters
    ----------
    generation : int
        The number of that race.
    steps : int
        So many steps, from the start on.
    cuts : int
        How many of the race's cuts the page has been told of.
    """

    generation: int = -1
    steps: int = 0
    cuts: int = 0

    def first_new(self, generation: int, cuts: Sequence[int]) -> int:
        """The first step of a race that the page has not been sent as it is now, after all its cuts."""
        if generation != self.generation:
            return 0
        return min([self.steps, *(cut + 1 for cut in cuts[self.cuts :])])


class RacePicture(NamedTuple):
    """The sections of a picture, the curves if they are due, and what the page has then been sent."""

    sections: Mapping[int, Array]
    charts: ShownCurves | None
    memory: Memory


class RaceFrameSender(Sender[RacePicture]):
    """Sends the pictures of one page's races.

    Parameters
    ----------
    screen : Screen
    run : RaceRun
    window : int
        Pictures that may be on their way at once.
    """

    def __init__(self, screen: Screen, run: RaceRun, window: int) -> None:
        super().__init__(screen, window)
        self._run = run
        self._memory = Memory()
        self._charted: object = None
        self._next_chart = 0.0
        self.sought = 0

    def welcome(self) -> None:
        """A page has rendered, for the first time or again: it knows nothing."""
        super().welcome()
        self._charted, self._next_chart = None, 0.0
        self._memory = Memory()

    @property
    def generation(self) -> int:
        """The number of the race."""
        return self._run.generation

    def compose(self, moment: Moment) -> RacePicture:
        """Make a picture, with all steps that the page has not been sent."""
        generation, race, display = self._run.generation, self._run.race, self._run.settings.display
        first, positions, values = race.since(self._memory.first_new(generation, race.cuts))
        deep = any((display.velocity_vectors, display.lookahead, display.rate_ellipses, display.local_model))
        scalars = Scalars(race.cursor, race.length, moment.status, moment.pace, first, race.winner, self.sought)
        sections: dict[int, Array] = {
            Section.SCALARS: np.array(scalars, float),
            Section.POSITIONS: positions,
            Section.VALUES: values,
            Section.HEADS: race.heads(deep),
            Section.CARD: _json(race.card(int(display.selected))),
            Section.FATES: _json(race.fates()),
            Section.TEXT: text(moment.message),
        }
        return RacePicture(sections, self._curves(moment), Memory(generation, race.length + 1, len(race.cuts)))

    def keep(self, picture: RacePicture, moment: Moment) -> None:
        """Take note of a picture that is on its way."""
        self._memory = picture.memory
        if picture.charts is not None:
            self._charted, self._next_chart = self._shown, moment.now + CHART_PERIOD
        # The chart of a race that has come to rest may be a moment behind; then one more picture brings it.
        self.stale = self._charted != self._shown and moment.status != Status.PLAYING

    @property
    def _shown(self) -> object:
        """Changes whenever the chart looks different."""
        run, race = self._run, self._run.race
        chosen = run.settings.race
        looks = [(racer["color"], racer["shown"]) for racer in chosen.racers]
        return run.generation, race.cursor, race.length, race.cuts, run.settings.display.curve, looks

    def _curves(self, moment: Moment) -> ShownCurves | None:
        """What the chart shows, when that changed and, while it plays, was drawn long enough ago."""
        is_early = moment.now < self._next_chart and moment.status == Status.PLAYING
        if is_early or self._shown == self._charted:
            return None
        return self._run.race.curves()


def _json(value: object) -> Array:
    return text(json.dumps(value))
