"""TrajectoryBuffer: all of a race so far, to go back and forth in."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.race import BLOCK, Race, RaceState
from engine.race.race import blocks

_FIRST_ROOM = 1024


class TrajectoryBuffer:
    """Places and values of every step, and now and then the whole RaceState, from which any other can be made again.

    Parameters
    ----------
    race : Race

    Attributes
    ----------
    race : Race
        The one that goes on: its numbers may have been others on the way.
    length : int
        Steps that are known.
    cuts : tuple of int
        The steps after which what was known has become void, in the order in which that happened.
    """

    def __init__(self, race: Race) -> None:
        self.race = race
        first = race.begin()
        n = len(race.racers)
        self._positions, self._values = np.empty((_FIRST_ROOM, n, 2)), np.empty((_FIRST_ROOM, n))
        self._positions[0], self._values[0] = first.positions, first.values
        self._marks: list[tuple[Race, RaceState]] = [(race, first)]
        self._last = self._near = first
        self.cuts: tuple[int, ...] = ()

    @property
    def length(self) -> int:
        """Steps that are known."""
        return self._last.step

    @property
    def positions(self) -> Array:
        """Positions (length + 1, n, 2) of all racers at the steps that are known."""
        return self._positions[: self.length + 1]

    @property
    def values(self) -> Array:
        """Values (length + 1, n) of all racers at the steps that are known."""
        return self._values[: self.length + 1]

    @property
    def last(self) -> RaceState:
        """How it stands at the end."""
        return self._last

    def extend(self, steps: int) -> None:
        """Race on."""
        for part in blocks(self.length, steps):
            first = self.length + 1
            self._last, trajectory = self.race.run(self._last, part)
            self._make_room(first + part)
            self._positions[first : first + part], self._values[first : first + part] = trajectory
            if self.length % BLOCK == 0:
                self._marks.append((self.race, self._last))

    def at(self, step: int) -> tuple[Race, RaceState]:
        """How it stood at a step, and the race as it was run from there."""
        if step == self.length:
            return self.race, self._last
        race, mark = next((race, mark) for race, mark in reversed(self._marks) if mark.step <= step)
        # Who goes forward in it step by step need not begin at the mark each time.
        nearest = self._near if mark.step <= self._near.step <= step else mark
        self._near = race.run(nearest, step - nearest.step)[0]
        return race, self._near

    def retune(self, race: Race, step: int) -> None:
        """Go on from a step with other numbers; what came after it is void."""
        if step < self.length:
            self._last = self._near = self.at(step)[1]
            self._marks = [(own, mark) for own, mark in self._marks if mark.step < step]
            self.cuts += (step,)
        self.race = race
        self._marks.append((race, self._last))

    def _make_room(self, size: int) -> None:
        while len(self._values) < size:
            self._positions = np.concatenate([self._positions, np.empty_like(self._positions)])
            self._values = np.concatenate([self._values, np.empty_like(self._values)])
