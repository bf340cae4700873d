"""What one reads off a race: distances, lengths of steps, who was there first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.arrays import Array


def distances(places: Array, minima: Sequence[tuple[float, float]]) -> Array:
    """Distance (...) of places (..., 2) to the nearest minimum; nan where there is none."""
    if not minima:
        return np.full(places.shape[:-1], np.nan)
    away = places[..., None, :] - np.array(minima, dtype=float)
    return np.sqrt((away * away).sum(axis=-1)).min(axis=-1)


def step_lengths(places: Array) -> Array:
    """Length (T, n) of each step between places (T + 1, n, 2)."""
    return np.linalg.norm(np.diff(places, axis=0), axis=-1)


def first_within(values: Array, lowest: float | None, tolerance: float) -> Array:
    """The first step (n,) at which values (T + 1, n) are within a tolerance of the lowest; -1 for never.

    Step 0 is the start. Without a lowest value nobody is.
    """
    if lowest is None:
        return np.full(values.shape[-1], -1)
    reached = values - lowest <= tolerance
    return np.where(reached.any(axis=0), reached.argmax(axis=0), -1)


def winner(reached: Array, values: Array) -> int:
    """Who was there first; of several the one that stood lower then.

    Parameters
    ----------
    reached : (n,) array of int
        From ``first_within``.
    values : (T + 1, n) array

    Returns
    -------
    int
        -1 if nobody was.
    """
    there = np.flatnonzero(reached >= 0)
    return min((int(k) for k in there), key=lambda k: (reached[k], values[reached[k], k]), default=-1)
