"""Line search: the step length along a direction, by the weak Wolfe conditions, with bisection and doubling."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, Probe
from engine.registry import Hyperparameter

C1 = 1e-4
"""A step must bring at least this share of the decrease that the slope predicts (Armijo)."""
C2 = 0.9
"""At most this share of the slope may be left after a step (Wolfe)."""
MOST_EVALUATIONS = 25
ROUNDING = 10 * float(np.finfo(float).eps)
"""Share of the loss below which a decrease cannot be told from rounding."""


def weak_wolfe(
    probe: Probe, params: Array, direction: Array, slope: Array, first: Array, searching: Array
) -> tuple[Array, Array]:
    """The step length t with f(w + t d) <= f(w) + C1 t s, and a slope of at least C2 s there; s < 0 is the slope at w.

    If a step is too long, the bracket is halved; if it is too short, the step is doubled as long as the bracket has no
    upper end, and the bracket is halved after that. A loss or slope that is not finite means too long. Networks search
    side by side, each as it would alone: one that has found its step waits for the others.

    Parameters
    ----------
    probe : Probe
    params, direction : (..., P) arrays
    slope : (...) array
        Along the direction at ``params``.
    first : (...) array
        The step length that is tried first, more than zero.
    searching : (...) array of bool
        Networks that search. The others take their first step without a search, and so do those whose loss is not
        finite.

    Returns
    -------
    step : (...) array
        If no step meets both conditions within 25 evaluations, the longest one with the decrease; zero if there is
        none, or if the decrease that the slope predicts is below the rounding error of the loss.
    lost : (...) array of bool
        Whether there was none, although the predicted decrease is above the rounding error.

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


def search_along(
    direction: Array, slope: Array, first: Array, w: Array, hyperparameters: Hyperparameters, probe: Probe
) -> tuple[Array, Array]:
    """Step length (...) along a direction: searched if the hyperparameter says so and the direction leads down.

    Also returns (...) whether a network's search found no step.
    """
    searching = (slope < 0.0) & (slope > -np.inf) & (first > 0.0) & searched(hyperparameters)
    return weak_wolfe(probe, w, direction, slope, first, searching)


def each(hyperparameter: float | Array) -> float | Array:
    """A hyperparameter as one number, or with one value for each network, (...)."""
    return hyperparameter[..., 0] if isinstance(hyperparameter, np.ndarray) else hyperparameter


def searched(hyperparameters: Hyperparameters) -> bool | Array:
    """Whether there is a line search; (...) if networks differ."""
    return each(hyperparameters["line_search"]) > 0.0


LINE_SEARCH = Hyperparameter(
    "line_search",
    1,
    0,
    1,
    "Whether a line search adjusts the step length (1), or the learning rate alone sets it (0).",
    "Line search",
    integer=True,
)
