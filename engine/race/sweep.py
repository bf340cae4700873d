"""Sweep: which learning rate is best for each racer, in one batched run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine.arrays import Array, frozen
from engine.race.race import Race
from engine.race.race_state import Ending
from engine.race.racer import RacerLike, as_racer
from engine.surfaces import Surface
from engine.surfaces.base import Point

RATES = frozen(np.geomspace(1e-6, 10.0, 40))
"""The 40 learning rates that are tried, each about one and a half times the one before."""


ROUNDING = 1e-12
"""Values that differ by less than this, or by less than this share of their size, count as equal."""


class Sweep(NamedTuple):
    """The result of a sweep.

    rates : the learning rates, (40,)
    values : the value of each racer at the end, for each rate, (n, 40); infinite if it left the box or overflowed
    best : the best rate of each racer, (n,), NaN if there is none
    """

    rates: Array
    values: Array
    best: Array


class Sweeping:
    """A sweep that runs a part at a time, so that others need not wait for all of it.

    Parameters
    ----------
    surface, racers, start, noise, seed
        As for a Race.
    steps : int
        Number of steps of each racer at each rate.
    """

    def __init__(
        self,
        surface: Surface | str,
        racers: Iterable[RacerLike],
        steps: int,
        start: Point | None = None,
        noise: float = 0.0,
        seed: int = 0,
    ) -> None:
        self._own = [as_racer(racer) for racer in racers]
        crowd = [replace(racer, learning_rate=float(rate)) for racer in self._own for rate in RATES]
        self._race = Race(surface, crowd, start, noise, seed)
        self._state = self._race.begin()
        self.left = steps

    def run(self, steps: int) -> None:
        """Make so many of the remaining steps."""
        steps = min(steps, self.left)
        self._state, _ = self._race.run(self._state, steps)
        self.left -= steps

    def outcome(self) -> Sweep:
        """The result so far."""
        end = self._state
        shape = len(self._own), len(RATES)
        values = np.where(end.endings == Ending.GOING, end.values, np.inf).reshape(shape)
        chosen = np.array([racer.learning_rate for racer in self._own])
        return Sweep(RATES, values, _best(values, chosen))


def _best(values: Array, chosen: Array) -> Array:
    """The rate of the lowest value; of several that are equal up to rounding, the one nearest to the racer's own."""
    known = np.isfinite(values).any(axis=1)
    floor = values.min(axis=1, keepdims=True)
    scale = ROUNDING * np.maximum(np.abs(floor), 1.0)
    with np.errstate(invalid="ignore"):
        tied = values - floor <= scale
    away = np.abs(np.log(RATES) - np.log(np.maximum(chosen, RATES[0]))[:, None])
    return np.where(known, RATES[np.where(tied, away, np.inf).argmin(axis=1)], np.nan)


def sweep(
    surface: Surface | str,
    racers: Iterable[RacerLike],
    steps: int,
    start: Point | None = None,
    noise: float = 0.0,
    seed: int = 0,
) -> Sweep:
    """Run every racer with 40 learning rates, along one leading axis, and find the lowest value after ``steps``.

    A racer that left the box or overflowed does not count, however low it once was. If values are equal up to
    rounding (1e-12), the rate nearest to the racer's own is the best one. The parameters are those of a Race.
    """
    sweeping = Sweeping(surface, racers, steps, start, noise, seed)
    sweeping.run(steps)
    return sweeping.outcome()
