"""ExtremesHistory: a bounded history of curves that forgets no peak and no valley of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypeVar

import numpy as np

from engine.arrays import Array
from engine.bounded_history import BoundedHistory

Curves = TypeVar("Curves", bound=Sequence[float] | Array)


class ExtremesHistory(BoundedHistory[Curves]):
    """A bounded history of several numbers at each step, each number a curve.

    When it is full, the steps are cut into slices of equal length, and of each slice stay the first entry and those
    where a curve has its lowest and its highest value. The newest entry stays too. With a capacity too small for the
    extremes of two slices it is thinned evenly.
    """

    def add(self, step: int, thing: Curves) -> bool:
        """Add numbers at a step, unless there are some at this step or later; return whether they were added."""
        entries = self._entries
        if entries and step <= entries[-1][0]:
            return False
        entries.append((step, thing))
        if len(entries) > self.capacity:
            self._thin()
        self.version += 1
        return True

    def _thin(self) -> None:
        """Fewer entries, and room for a quarter more, so that this is seldom done."""
        span = self._entries[-1][0] - self._entries[0][0]
        self._entries = self._sliced()
        while len(self._entries) > 0.75 * self.capacity and self._gap <= span:
            self._gap *= 2
            self._entries = self._sliced()
        while len(self._entries) > self.capacity:
            self._gap *= 2
            self._entries = self._spaced()

    def _sliced(self) -> list[tuple[int, Curves]]:
        start, *rest, newest = self._entries
        slices = groupby([start, *rest], lambda entry: (entry[0] - start[0]) // self._gap)
        return [*(entry for _, part in slices for entry in _extremes(list(part))), newest]


def _extremes(part: list[tuple[int, Curves]]) -> Iterator[tuple[int, Curves]]:
    """The first entry of a slice, and those with the lowest and the highest value of a curve, in order."""
    values = np.array([thing for _, thing in part])
    return (part[at] for at in sorted({0, *values.argmin(axis=0).tolist(), *values.argmax(axis=0).tolist()}))
