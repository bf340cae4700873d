"""What BFGS and L-BFGS remember from one step to the next."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import no_updates

MEMORY = 10
"""Pairs that L-BFGS keeps."""
LEAST_CURVATURE = 1e-10
"""A pair with s'y at or below this is skipped, for it shows no positive curvature. With a line search the cosine of s
and y is meant, which asks the same of steep and of flat losses; without one s'y itself, as in PyTorch."""


class InverseHessian(NamedTuple):
    """H: estimate of the inverse Hessian, (..., P, P), the identity to begin with; w, g: parameters and gradient of
    the step before, (..., P); t: updates so far, (..., 1); pairs: how many of them H has learned from, (..., 1).
    """

    H: Array
    w: Array
    g: Array
    t: Array
    pairs: Array


class Pairs(NamedTuple):
    """S, Y: the last pairs, (..., 10, P), newest last, zero where there is none; w, g: parameters and gradient of the
    step before, (..., P); t: updates so far, (..., 1).
    """

    S: Array
    Y: Array
    w: Array
    g: Array
    t: Array


def no_curvature(params: Array) -> InverseHessian:
    H = np.broadcast_to(np.eye(params.shape[-1]), (*params.shape, params.shape[-1])).copy()
    return InverseHessian(H, np.zeros_like(params), np.zeros_like(params), no_updates(params), no_updates(params))


def no_pairs(params: Array) -> Pairs:
    *batch_shape, size = params.shape
    S, Y = np.zeros((2, *batch_shape, MEMORY, size))
    return Pairs(S, Y, np.zeros_like(params), np.zeros_like(params), no_updates(params))
