"""How far to go along a direction: the weak Wolfe conditions, by bisection and doubling."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Probe

C1 = 1e-4
"""Share of the decrease that the slope promises which a step must bring (Armijo)."""
C2 = 0.9
"""Share of the slope that may be left after a step (Wolfe)."""
MOST_EVALUATIONS = 25
ROUNDING = 10 * float(np.finfo(float).eps)
"""Share of the loss below which a decrease cannot be told from rounding."""


def weak_wolfe(
    probe: Probe, params: Array, direction: Array, slope: Array, first: Array, searching: Array
) -> tuple[Array, Array]:
    """Length of step with f(w + t d) <= f(w) + C1 t s and a slope of at least C2 s there, s < 0 the slope at w.

    Too long a step halves the bracket, too short a step doubles it while it is open and halves it after. A value or
    slope that is not finite means too long. Networks search side by side, each as it would alone: one that has found
    its step waits for the others.

    Parameters
    ----------
    probe : Probe
    params, direction : (..., P) arrays
    slope : (...) array
        Along the direction at ``params``.
    first : (...) array
        The first step that is tried, more than zero.
    searching : (...) array of bool
        Networks that search; the others take their first step unseen, and so do those whose loss is not finite.

    Returns
    -------
    step : (...) array
        Where no step meets both conditions within 25 evaluations, the longest that brought the decrease; zero where
        there is none, or where all that the slope promises would be lost in the rounding of the loss.
    lost : (...) array of bool
        Whether there was none, although the slope promised more than rounding.

    Notes
    -----
    Lewis and Overton 2013, Nonsmooth optimization via quasi-Newton methods, algorithm 2.6.
    """
    if not searching.any():
        return first, searching
    here = np.array(probe.value)
    still = searching & np.isfinite(here)
    rounding = ROUNDING * np.abs(here)
    step, low, high = first, np.array(0.0), np.array(np.inf)
    for _ in range(MOST_EVALUATIONS):
        settled = still & (-slope * step <= rounding)
        if settled.any():
            step, still = np.where(settled, 0.0, step), still & ~settled
        if not still.any():
            return step, still
        value, gradient = probe.at(params + step[..., None] * direction)
        there = np.vecdot(gradient, direction)
        lower = (value <= here + C1 * step * slope) & np.isfinite(value) & np.isfinite(there)
        still = still & ~(lower & (there >= C2 * slope))
        if not still.any():
            return step, still
        low, high = np.where(lower, step, low), np.where(lower, high, step)
        step = np.where(still, np.where(high < np.inf, 0.5 * (low + high), 2.0 * low), step)
    return np.where(still, low, step), still & (low == 0.0)
