"""Sweep: which learning rate is best for each racer, in one batched run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from engine.arrays import Array, frozen
from engine.race.race import Race
from engine.race.race_state import Ending
from engine.race.racer import as_racer
from engine.surfaces import Surface

RATES = frozen(np.geomspace(1e-6, 10.0, 40))
"""The learning rates that are tried: 40, each about one and a half times the one before."""


ROUNDING = 1e-12
"""Values that differ by less, or by so small a share of them, are the same."""


class Sweep(NamedTuple):
    """The outcome: the rates (40,); the value (n, 40) that each racer ends with at each rate, infinite for one that did
    not get there; and the best rate (n,), nan where none is.
    """

    rates: Array
    values: Array
    best: Array


class Sweeping:
    """A sweep on its way, a part at a time, so that others need not wait for all of it.

    Parameters
    ----------
    surface, racers, start, noise, seed
        Those of a Race.
    steps : int
        That each racer makes at each rate.
    """

    def __init__(
        self,
        surface: Surface | str,
        racers: Iterable[Any],
        steps: int,
        start: Any = None,
        noise: float = 0.0,
        seed: int = 0,
    ) -> None:
        self._own = [as_racer(racer) for racer in racers]
        crowd = [replace(racer, learning_rate=float(rate)) for racer in self._own for rate in RATES]
        self._race = Race(surface, crowd, start, noise, seed)
        self._standing = self._race.begin()
        self.left = steps

    def run(self, steps: int) -> None:
        """Make so many of the steps that are left."""
        steps = min(steps, self.left)
        self._standing, _ = self._race.run(self._standing, steps)
        self.left -= steps

    def outcome(self) -> Sweep:
        """What it has come to so far."""
        end = self._standing
        shape = len(self._own), len(RATES)
        values = np.where(end.endings == Ending.GOING, end.values, np.inf).reshape(shape)
        chosen = np.array([racer.learning_rate for racer in self._own])
        return Sweep(RATES, values, _best(values, chosen))


def _best(values: Array, chosen: Array) -> Array:
    """The rate of the lowest value; of those that are lowest but for rounding, the one nearest to the one chosen."""
    known = np.isfinite(values).any(axis=1)
    floor = values.min(axis=1, keepdims=True)
    scale = ROUNDING * np.maximum(np.abs(floor), 1.0)
    with np.errstate(invalid="ignore"):
        tied = values - floor <= scale
    away = np.abs(np.log(RATES) - np.log(np.maximum(chosen, RATES[0]))[:, None])
    return np.where(known, RATES[np.where(tied, away, np.inf).argmin(axis=1)], np.nan)


def sweep(
    surface: Surface | str, racers: Iterable[Any], steps: int, start: Any = None, noise: float = 0.0, seed: int = 0
) -> Sweep:
    """Run every racer with 40 learning rates, all along one leading axis, and take the lowest value after ``steps``.

    A racer that left the box or overflowed on the way does not count, however low it once was. Of values that are
    equal but for rounding (1e-12) the rate nearest to the racer's own is the best one. The parameters are those of a
    Race.
    """
    sweeping = Sweeping(surface, racers, steps, start, noise, seed)
    sweeping.run(steps)
    return sweeping.outcome()
