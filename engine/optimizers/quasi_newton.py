"""What BFGS and L-BFGS have in common: pairs of changes, and the step along a direction.

Both keep the parameters w and the gradient g of the step before. A pair is the change s = w_now - w of the parameters
and the change y = g_now - g of the gradient along it. If both gradients are of the same batch, y shows the curvature
along s; if not, y is mostly the difference between the batches.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, Probe
from engine.optimizers.line_search import each, search_along, searched

LEAST_CURVATURE = 1e-10
"""A pair with s'y at or below this is skipped, because it shows no positive curvature. With a line search the limit is
on the cosine of s and y, which treats steep and flat losses alike; without one it is on s'y itself, as in PyTorch."""

SEARCH = (
    "the learning rate is the first step length that a weak Wolfe line search by bisection and doubling tries (Lewis "
    "and Overton 2013; 1e-4, 0.9, at most 25 evaluations); at the very first step it is divided by the sum of the "
    "gradient's absolute values if that is above one (as in PyTorch)"
)
"""For the sources of both rules."""


class LastStep(Protocol):
    """Optimizer state with w, g: parameters and gradient of the step before, (..., P); t: updates so far, (..., 1)."""

    @property
    def w(self) -> Array:
        """Parameters of the step before, (..., P)."""

    @property
    def g(self) -> Array:
        """Gradient of the step before, (..., P)."""

    @property
    def t(self) -> Array:
        """Updates so far, (..., 1)."""


def newest_pair(
    w: Array, g: Array, optimizer_state: LastStep, hyperparameters: Hyperparameters
) -> tuple[Array, Array, Array, Array, Array]:
    """s, y, s'y, y'y, and whether the pair is good, for each network."""
    s, y = w - optimizer_state.w, g - optimizer_state.g
    curvature, length, size = np.vecdot(s, y), np.vecdot(s, s), np.vecdot(y, y)
    least = LEAST_CURVATURE * np.where(searched(hyperparameters), np.sqrt(length) * np.sqrt(size), 1.0)
    good = (curvature > least) & np.isfinite(length + size)
    return s, y, curvature, size, good & (optimizer_state.t[..., 0] > 0.0)


def walk(
    direction: Array, g: Array, w: Array, t: Array, hyperparameters: Hyperparameters, probe: Probe
) -> tuple[Array, Array]:
    """Change (..., P) along a direction, or down the gradient where the direction does not lead down.

    Also returns (...) whether a network's search found no step.
    """
    slope = np.vecdot(direction, g)
    down = slope < 0.0
    if not down.all():
        direction = np.where(down[..., None], direction, -g)
        slope = np.where(down, slope, -np.vecdot(g, g))
    # A gradient alone says nothing about the step length: the sizes of all changes add up to the learning rate at most.
    known = down & (t[..., 0] > 0.0)
    first = each(hyperparameters["learning_rate"]) / np.where(known, 1.0, np.maximum(np.abs(g).sum(axis=-1), 1.0))
    length, lost = search_along(direction, slope, first, w, hyperparameters, probe)
    return length[..., None] * direction, lost
