"""Measures of a race: distances, step lengths, and which racer arrives first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.arrays import Array


def distances(positions: Array, minima: Sequence[tuple[float, float]]) -> Array:
    """Distance (...) of positions (..., 2) to the nearest minimum; NaN if there is none."""
    if not minima:
        return np.full(positions.shape[:-1], np.nan)
    away = positions[..., None, :] - np.array(minima, dtype=float)
    return np.sqrt((away * away).sum(axis=-1)).min(axis=-1)


def step_lengths(positions: Array) -> Array:
    """Length (T, n) of each step between positions (T + 1, n, 2)."""
    return np.linalg.norm(np.diff(positions, axis=0), axis=-1)


def first_within(values: Array, lowest: float | None, tolerance: float) -> Array:
    """The first step (n,) at which values (T + 1, n) are within a tolerance of the lowest; -1 for never.

    Step 0 is the start. Without a lowest value it is never.
    """
    if lowest is None:
        return np.full(values.shape[-1], -1)
    reached = values - lowest <= tolerance
    return np.where(reached.any(axis=0), reached.argmax(axis=0), -1)


def winner(reached: Array, values: Array) -> int:
    """The racer that arrived first; of several the one with the lower value then.

    Parameters
    ----------
    reached : (n,) array of int
        From ``first_within``.
    values : (T + 1, n) array

    Returns
    -------
    int
        Number of the racer; -1 if none arrived.
    """
    there = np.flatnonzero(reached >= 0)
    return min((int(k) for k in there), key=lambda k: (reached[k], values[reached[k], k]), default=-1)
