"""BFGS: learns the inverse Hessian from the changes of the gradient. One matrix (..., P, P) for each network."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, Optimizer, Probe, no_updates
from engine.optimizers.line_search import LINE_SEARCH
from engine.optimizers.quasi_newton import SEARCH, newest_pair, walk


class InverseHessian(NamedTuple):
    """What BFGS remembers.

    H : estimate of the inverse Hessian, (..., P, P), the identity to begin with
    w, g : parameters and gradient of the step before, (..., P)
    t : updates so far, (..., 1)
    pairs : how many of them H has learned from, (..., 1)
    """

    H: Array
    w: Array
    g: Array
    t: Array
    pairs: Array


def _identity(params: Array) -> InverseHessian:
    H = np.broadcast_to(np.eye(params.shape[-1]), (*params.shape, params.shape[-1])).copy()
    return InverseHessian(H, np.zeros_like(params), np.zeros_like(params), no_updates(params), no_updates(params))


def _bfgs(
    gradient: Array,
    optimizer_state: InverseHessian,
    params: Array,
    step: int,
    hyperparameters: Hyperparameters,
    probe: Probe,
) -> tuple[Array, InverseHessian]:
    w, g, H, pairs = params.copy(), gradient.copy(), optimizer_state.H, optimizer_state.pairs
    s, y, curvature, size, good = newest_pair(w, g, optimizer_state, hyperparameters)
    if good.any():
        curvature, size = np.where(good, curvature, 1.0), np.where(good, size, 1.0)
        scale = np.where(pairs == 0.0, (curvature / size)[..., None], 1.0)
        learned = _learn(H * scale[..., None], s, y, curvature)
        H, pairs = np.where(good[..., None, None], learned, H), pairs + good[..., None]
    else:
        H, pairs = H.copy(), pairs.copy()
    direction = -(H @ g[..., None])[..., 0]
    change, lost = walk(direction, g, w, optimizer_state.t, hyperparameters, probe)
    if lost.any():
        forgotten = lost[..., None]
        H = np.where(forgotten[..., None], np.eye(w.shape[-1]), H)
        pairs = np.where(forgotten, 0.0, pairs)
    return change, InverseHessian(H, w, g, optimizer_state.t + 1.0, pairs)


def _learn(H: Array, s: Array, y: Array, curvature: Array) -> Array:
    """(I - s y'/s'y) H (I - y s'/s'y) + s s'/s'y, multiplied out, so that it stays symmetric to the last digit."""
    Hy = (H @ y[..., None])[..., 0]
    half = 0.5 * (1.0 + np.vecdot(y, Hy) / curvature)
    u = (half[..., None] * s - Hy) / curvature[..., None]
    product = s[..., :, None] * u[..., None, :]
    return H + (product + product.mT)


BFGS = Optimizer(
    "bfgs",
    "BFGS",
    _identity,
    _bfgs,
    formula=r"H \leftarrow \left(I - \frac{s y^\top}{s^\top y}\right) H \left(I - \frac{y s^\top}{s^\top y}\right) + "
    r"\frac{s s^\top}{s^\top y},\quad \Delta w = -t\, H g",
    doc="Learns the inverse of the curvature from how the gradient changes between steps; use the full batch.",
    source="Broyden, Fletcher, Goldfarb and Shanno 1970, as in Nocedal and Wright 2006, algorithm 6.1, with the "
    "initial scaling 6.20 and without pairs whose s and y have a cosine of at most 1e-10 (without line search: whose "
    f"s'y is at most 1e-10); {SEARCH}",
    hyperparameters=(LINE_SEARCH,),
    probes=True,
    full_batch=True,
    most_parameters=600,
    usual_rate=1.0,
)
