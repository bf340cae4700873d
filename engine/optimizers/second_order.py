"""Rules that know how the loss bends: Newton's, and two that learn it from the gradients they have seen.

A matrix for each network: arrays are (..., P, P). The two that learn it keep the parameters w and the gradient g of
the step before; a pair is the way s = w_now - w and the change y = g_now - g of the gradient along it. When both
gradients are of the same batch, y is the curvature along s; when not, it is mostly the difference of the batches.
"""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, NoOptimizerState, Optimizer, Probe, no_optimizer_state
from engine.optimizers.line_search import weak_wolfe
from engine.optimizers.pairs import LEAST_CURVATURE, MEMORY, InverseHessian, Pairs, no_curvature, no_pairs
from engine.optimizers.second_order_trace import explain_bfgs, explain_lbfgs, explain_newton
from engine.registry import Hyperparameter

_UPPER = np.triu(np.ones((MEMORY, MEMORY)))


def _newton(
    gradient: Array,
    optimizer_state: NoOptimizerState,
    params: Array,
    step: int,
    hyperparameters: Hyperparameters,
    probe: Probe,
) -> tuple[Array, NoOptimizerState]:
    g = gradient.copy()  # the probe may overwrite it
    hessian = probe.hessian(params)
    usable = np.isfinite(hessian).all(axis=(-1, -2), keepdims=True)
    if not usable.all():
        hessian = np.where(usable, hessian, np.eye(params.shape[-1]))
    eigenvalues, Q = np.linalg.eigh(hessian)
    bend = np.maximum(np.abs(eigenvalues), hyperparameters["damping"])
    along = (Q.mT @ g[..., None])[..., 0]
    along /= bend
    direction = -(Q @ along[..., None])[..., 0]
    first = np.broadcast_to(_each(hyperparameters["learning_rate"]), direction.shape[:-1])
    length, _ = _along(direction, np.vecdot(direction, g), first, params, hyperparameters, probe)
    return length[..., None] * direction, optimizer_state


def _bfgs(
    gradient: Array,
    optimizer_state: InverseHessian,
    params: Array,
    step: int,
    hyperparameters: Hyperparameters,
    probe: Probe,
) -> tuple[Array, InverseHessian]:
    w, g, H, pairs = params.copy(), gradient.copy(), optimizer_state.H, optimizer_state.pairs
    s, y, curvature, size, good = _newest_pair(w, g, optimizer_state, hyperparameters)
    if good.any():
        curvature, size = np.where(good, curvature, 1.0), np.where(good, size, 1.0)
        scale = np.where(pairs == 0.0, (curvature / size)[..., None], 1.0)
        learned = _learn(H * scale[..., None], s, y, curvature)
        H, pairs = np.where(good[..., None, None], learned, H), pairs + good[..., None]
    else:
        H, pairs = H.copy(), pairs.copy()
    direction = -(H @ g[..., None])[..., 0]
    change, lost = _walk(direction, g, w, optimizer_state.t, hyperparameters, probe)
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


def _lbfgs(
    gradient: Array, optimizer_state: Pairs, params: Array, step: int, hyperparameters: Hyperparameters, probe: Probe
) -> tuple[Array, Pairs]:
    w, g, S, Y = params.copy(), gradient.copy(), optimizer_state.S, optimizer_state.Y
    s, y, _, _, good = _newest_pair(w, g, optimizer_state, hyperparameters)
    if good.all():
        S, Y = _append(S, s), _append(Y, y)
    elif good.any():
        S, Y = (np.where(good[..., None, None], _append(old, new), old) for old, new in ((S, s), (Y, y)))
    else:
        S, Y = S.copy(), Y.copy()
    direction = -inverse_times(S, Y, g)
    change, lost = _walk(direction, g, w, optimizer_state.t, hyperparameters, probe)
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


def _newest_pair(
    w: Array, g: Array, optimizer_state: InverseHessian | Pairs, hyperparameters: Hyperparameters
) -> tuple[Array, Array, Array, Array, Array]:
    """s, y, s'y, y'y and whether the pair is good."""
    s, y = w - optimizer_state.w, g - optimizer_state.g
    curvature, length, size = np.vecdot(s, y), np.vecdot(s, s), np.vecdot(y, y)
    least = LEAST_CURVATURE * np.where(_searched(hyperparameters), np.sqrt(length) * np.sqrt(size), 1.0)
    good = (curvature > least) & np.isfinite(length + size)
    return s, y, curvature, size, good & (optimizer_state.t[..., 0] > 0.0)


def _walk(
    direction: Array, g: Array, w: Array, t: Array, hyperparameters: Hyperparameters, probe: Probe
) -> tuple[Array, Array]:
    """Change along a direction, or down the gradient where that does not lead down; and who found no step."""
    slope = np.vecdot(direction, g)
    down = slope < 0.0
    if not down.all():
        direction = np.where(down[..., None], direction, -g)
        slope = np.where(down, slope, -np.vecdot(g, g))
    # A gradient alone says nothing about the length of a step: at a learning rate of one, at most one in all.
    known = down & (t[..., 0] > 0.0)
    first = _each(hyperparameters["learning_rate"]) / np.where(known, 1.0, np.maximum(np.abs(g).sum(axis=-1), 1.0))
    length, lost = _along(direction, slope, first, w, hyperparameters, probe)
    return length[..., None] * direction, lost


def _along(
    direction: Array, slope: Array, first: Array, w: Array, hyperparameters: Hyperparameters, probe: Probe
) -> tuple[Array, Array]:
    """Length of the step along a direction, searched where that is asked for and leads down; and who found none."""
    searching = (slope < 0.0) & (slope > -np.inf) & (first > 0.0) & _searched(hyperparameters)
    return weak_wolfe(probe, w, direction, slope, first, searching)


def _each(hyperparameter: float | Array) -> float | Array:
    """A hyperparameter as a number, or as one for each network, (...)."""
    return hyperparameter[..., 0] if isinstance(hyperparameter, np.ndarray) else hyperparameter


def _searched(hyperparameters: Hyperparameters) -> bool | Array:
    return _each(hyperparameters["line_search"]) > 0.0


LINE_SEARCH = Hyperparameter(
    "line_search", 1, 0, 1, "Whether a step is tried and its length adjusted (1), or taken unseen (0).", "Line search",
    integer=True,
)  # fmt: skip
_SEARCH = (
    "the learning rate is the first step tried of a weak Wolfe line search by bisection and doubling (Lewis and "
    "Overton 2013; 1e-4, 0.9, at most 25 evaluations), divided at the very first step by the sum of the gradient's "
    "sizes if that is above one (as in PyTorch)"
)

SECOND_ORDER = (
    Optimizer(
        "newton",
        "Newton",
        no_optimizer_state,
        _newton,
        explain_newton,
        r"\Delta w = -\eta\, Q\, \max(|\Lambda|, \lambda)^{-1} Q^\top g,\quad \nabla^2 f = Q \Lambda Q^\top",
        "Jumps to where the loss would be least if it were a parabola; away from saddle points, not into them.",
        "Nocedal and Wright 2006, section 3.4, with the magnitudes of the eigenvalues (saddle-free Newton, Dauphin et "
        "al. 2014), none below the damping; the Hessian of the batch, by differences of the gradient for networks; the "
        "learning rate is the first step tried of the line search of BFGS",
        (
            Hyperparameter(
                "damping", 1e-3, 1e-8, 100.0, "Curvature is taken to be at least this much.", "Damping", log=True
            ),
            LINE_SEARCH,
        ),
        probes=True,
        full_batch=True,
        most_parameters=150,
        usual_rate=1.0,
    ),
    Optimizer(
        "bfgs",
        "BFGS",
        no_curvature,
        _bfgs,
        explain_bfgs,
        r"H \leftarrow \left(I - \frac{s y^\top}{s^\top y}\right) H \left(I - \frac{y s^\top}{s^\top y}\right) + "
        r"\frac{s s^\top}{s^\top y},\quad \Delta w = -t\, H g",
        "Learns the inverse of the curvature from how the gradient changes on the way; wants the full batch.",
        "Broyden, Fletcher, Goldfarb and Shanno 1970, as in Nocedal and Wright 2006, algorithm 6.1, with the initial "
        "scaling 6.20 and without pairs whose s and y have a cosine of at most 1e-10 (without line search: whose s'y "
        f"is at most 1e-10); {_SEARCH}",
        (LINE_SEARCH,),
        probes=True,
        full_batch=True,
        most_parameters=600,
        usual_rate=1.0,
    ),
    Optimizer(
        "lbfgs",
        "L-BFGS",
        no_pairs,
        _lbfgs,
        explain_lbfgs,
        r"\Delta w = -t\, H g,\quad H \text{ from } \frac{s^\top y}{y^\top y} I \text{ and the last 10 pairs } (s, y)",
        "BFGS that remembers its last ten steps in place of a matrix; excellent on the full batch, poor on small ones.",
        "Liu and Nocedal 1989, as in Nocedal and Wright 2006, algorithm 7.4, without pairs whose s and y have a cosine "
        f"of at most 1e-10; {_SEARCH}. Without line search PyTorch's: pairs of s'y at or below 1e-10 are left out",
        (LINE_SEARCH,),
        probes=True,
        full_batch=True,
        usual_rate=1.0,
    ),
)
