"""L-BFGS: BFGS that keeps the last pairs in place of a matrix."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, Optimizer, Probe, no_updates
from engine.optimizers.line_search import LINE_SEARCH
from engine.optimizers.quasi_newton import SEARCH, newest_pair, walk

MEMORY = 10
"""Pairs that are kept."""

_UPPER = np.triu(np.ones((MEMORY, MEMORY)))


class Pairs(NamedTuple):
    """What L-BFGS remembers.

    S, Y : the last pairs, (..., 10, P), newest last, zero where there is none
    w, g : parameters and gradient of the step before, (..., P)
    t : updates so far, (..., 1)
    """

    S: Array
    Y: Array
    w: Array
    g: Array
    t: Array


def _no_pairs(params: Array) -> Pairs:
    *batch_shape, size = params.shape
    S, Y = np.zeros((2, *batch_shape, MEMORY, size))
    return Pairs(S, Y, np.zeros_like(params), np.zeros_like(params), no_updates(params))


def _lbfgs(
    gradient: Array, optimizer_state: Pairs, params: Array, step: int, hyperparameters: Hyperparameters, probe: Probe
) -> tuple[Array, Pairs]:
    w, g, S, Y = params.copy(), gradient.copy(), optimizer_state.S, optimizer_state.Y
    s, y, _, _, good = newest_pair(w, g, optimizer_state, hyperparameters)
    if good.all():
        S, Y = _append(S, s), _append(Y, y)
    elif good.any():
        S, Y = (np.where(good[..., None, None], _append(old, new), old) for old, new in ((S, s), (Y, y)))
    else:
        S, Y = S.copy(), Y.copy()
    direction = -inverse_times(S, Y, g)
    change, lost = walk(direction, g, w, optimizer_state.t, hyperparameters, probe)
    if lost.any():
        S, Y = (np.where(lost[..., None, None], 0.0, kept) for kept in (S, Y))
    return change, Pairs(S, Y, w, g, optimizer_state.t + 1.0)


def _append(rows: Array, row: Array) -> Array:
    """Rows without the oldest, and with a new one."""
    return np.concatenate([rows[..., 1:, :], row[..., None, :]], axis=-2)


def inverse_times(S: Array, Y: Array, g: Array, scale: Array | None = None) -> Array:
    """L-BFGS's estimate of the inverse Hessian, times g.

    Parameters
    ----------
    S, Y : (..., 10, P) arrays
        Pairs, newest last; zero where there is none.
    g : (..., P) array
    scale : (...) array, optional
        What the estimate is, times the identity, before it learns from the pairs; s'y / y'y of the newest one if
        none is given, and one if there is no pair.

    Notes
    -----
    Nocedal and Wright 2006, algorithm 7.4. Its two loops are back substitutions: with R the upper triangle of the
    products s_i'y_j, the first finds its alphas from R alpha = S g, the second its alphas less betas, c, from
    R' c = diag(R) alpha - Y q. So both are solved at once for all pairs and networks; the second one backwards, as an
    upper triangle too, where the solver has nothing to exchange.
    """
    R = S @ Y.mT
    R *= _UPPER
    # Where there is no pair its row of R is zero; with a one on the diagonal it gets an alpha of zero.
    curvatures = R.reshape(*R.shape[:-2], -1)[..., :: MEMORY + 1]
    curvatures += curvatures == 0.0
    if scale is None:
        newest = Y[..., -1, :]
        size = np.vecdot(newest, newest)
        scale = curvatures[..., -1] / (size + (size == 0.0))
    alpha = np.linalg.solve(R, S @ g[..., None])
    q = g[..., None] - Y.mT @ alpha
    q *= scale[..., None, None]
    c = np.linalg.solve(R.mT[..., ::-1, ::-1], (curvatures[..., None] * alpha - Y @ q)[..., ::-1, :])
    q += S.mT @ c[..., ::-1, :]
    return q[..., 0]


LBFGS = Optimizer(
    "lbfgs",
    "L-BFGS",
    _no_pairs,
    _lbfgs,
    formula=r"\Delta w = -t\, H g,\quad H \text{ from } \frac{s^\top y}{y^\top y} I "
    r"\text{ and the last 10 pairs } (s, y)",
    doc="BFGS that keeps its last ten steps in place of a matrix; excellent on the full batch, poor on small batches.",
    source="Liu and Nocedal 1989, as in Nocedal and Wright 2006, algorithm 7.4, without pairs whose s and y have a "
    f"cosine of at most 1e-10; {SEARCH}. Without line search as in PyTorch: pairs with s'y of at most 1e-10 are left "
    "out",
    hyperparameters=(LINE_SEARCH,),
    probes=True,
    full_batch=True,
    usual_rate=1.0,
)
