"""Sweep: which learning rate is best for each racer, in one batched run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from engine.arrays import Array, frozen
from engine.race.race import Race
from engine.race.racer import as_racer
from engine.race.standing import Ending
from engine.surfaces import Surface

RATES = frozen(np.geomspace(1e-6, 10.0, 40))
"""The learning rates that are tried: 40, each about one and a half times the one before."""


class Sweep(NamedTuple):
    """The outcome: the rates (40,); the value (n, 40) that each racer ends with at each rate, infinite for one that did
    not get there; and the best rate (n,), nan where none is.
    """

    rates: Array
    values: Array
    best: Array


def sweep(
    surface: Surface | str, racers: Iterable[Any], steps: int, start: Any = None, noise: float = 0.0, seed: int = 0
) -> Sweep:
    """Run every racer with 40 learning rates, all along one leading axis, and take the lowest value after ``steps``.

    A racer that left the box or overflowed on the way does not count, however low it once was. Of equal values the
    smallest rate is the best one. The parameters are those of a Race.
    """
    own = [as_racer(racer) for racer in racers]
    crowd = [replace(racer, learning_rate=float(rate)) for racer in own for rate in RATES]
    race = Race(surface, crowd, start, noise, seed)
    end, _ = race.run(race.begin(), steps)
    values = np.where(end.endings == Ending.GOING, end.values, np.inf).reshape(len(own), len(RATES))
    best = np.where(np.isfinite(values).any(axis=1), RATES[values.argmin(axis=1)], np.nan)
    return Sweep(RATES, values, best)
