"""RaceFrameSender: where the racers are, what is known of them, and now and then the chart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.arrays import Array
from playground.race_page.details import ShownCurves
from playground.race_page.race_run import RaceRun
from playground.race_page.sections import Scalars, Section
from playground.runtime.flow_control import FlowControl
from playground.runtime.frame import Status, pack, text
from playground.runtime.json_value import Json

CHART_PERIOD = 0.25
"""Seconds between updates of the chart while it plays, at least."""


class Screen(Protocol):
    """Where a race shows itself."""

    def notice(self, level: str, message: str) -> None:
        """Take a sentence for the person; an empty one clears."""

    def scene(self, description: Mapping[str, Json], heights: bytes | None) -> None:
        """Take a new scene; ``heights`` is the picture of the surface when it is another one."""

    def frame(self, message: bytes, curves: ShownCurves | None) -> None:
        """Take a picture and, when it is due, what the chart shows; both in one message."""

    def swept(self, outcome: Mapping[str, Json]) -> None:
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


class RaceFrameSender(FlowControl):
    """Sends the pictures of one page's races.

    Parameters
    ----------
    screen : Screen
    run : RaceRun
    window : int
        Pictures that may be on their way at once.
    """

    def __init__(self, screen: Screen, run: RaceRun, window: int) -> None:
        super().__init__(window)
        self._screen, self._run = screen, run
        self._memory = Memory()
        self._charted: object = None
        self._next_chart = 0.0
        self.sought = 0

    def welcome(self) -> None:
        """A page has rendered, for the first time or again: it knows nothing."""
        super().welcome()
        self._charted, self._next_chart = None, 0.0
        self._memory = Memory()

    def send(self, now: float, period: float, status: Status, message: str, pace: float) -> None:
        """Send one picture at ``now``, the next one ``period`` seconds later; ``pace`` is in steps a second."""
        run = self._run
        sequence, curves = self._number(now, period), self._curves(now, status)
        parts, memory = self._compose(status, message, pace)
        self._screen.frame(pack(sequence, run.generation, parts), curves)
        self._sent(now)
        self._memory = memory
        if curves is not None:
            self._charted, self._next_chart = self._shown, now + CHART_PERIOD
        # The chart of a race that has come to rest may be a moment behind; then one more picture brings it.
        self.stale = self._charted != self._shown and status != Status.PLAYING

    def _compose(self, status: Status, message: str, pace: float) -> tuple[dict[int, Array], Memory]:
        """The sections of a picture, with all steps that the page has not been sent, and what it has then."""
        generation, race, display = self._run.generation, self._run.race, self._run.settings.display
        first, positions, values = race.since(self._memory.first_new(generation, race.cuts))
        deep = any((display.velocity_vectors, display.lookahead, display.rate_ellipses, display.local_model))
        scalars = Scalars(race.cursor, race.length, status, pace, first, race.winner, self.sought)
        parts: dict[int, Array] = {
            Section.SCALARS: np.array(scalars, float),
            Section.PLACES: positions,
            Section.VALUES: values,
            Section.HEADS: race.heads(deep),
            Section.CARD: _json(race.card(int(display.selected))),
            Section.FATES: _json(race.fates()),
            Section.TEXT: text(message),
        }
        return parts, Memory(generation, race.length + 1, len(race.cuts))

    @property
    def _shown(self) -> object:
        """Changes whenever the chart looks different."""
        run, race = self._run, self._run.race
        chosen = run.settings.race
        looks = [(racer["color"], racer["shown"]) for racer in chosen.racers]
        return run.generation, race.cursor, race.length, race.cuts, run.settings.display.curve, looks

    def _curves(self, now: float, status: Status) -> ShownCurves | None:
        """What the chart shows, when that changed and, while it plays, was drawn long enough ago."""
        if self._shown == self._charted or (now < self._next_chart and status == Status.PLAYING):
            return None
        return self._run.race.curves()


def _json(value: Json) -> Array:
    return text(json.dumps(value))
