"""Newton's method: the parabola that fits the loss at the parameters, and a step to its lowest point."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, NoOptimizerState, Optimizer, Probe, no_optimizer_state
from engine.optimizers.line_search import LINE_SEARCH, each, search_along
from engine.registry import Hyperparameter


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
    first = np.broadcast_to(each(hyperparameters["learning_rate"]), direction.shape[:-1])
    length, _ = search_along(direction, np.vecdot(direction, g), first, params, hyperparameters, probe)
    return length[..., None] * direction, optimizer_state


NEWTON = Optimizer(
    "newton",
    "Newton",
    no_optimizer_state,
    _newton,
    formula=r"\Delta w = -\eta\, Q\, \max(|\Lambda|, \lambda)^{-1} Q^\top g,\quad \nabla^2 f = Q \Lambda Q^\top",
    doc="Jumps to where the loss would be lowest if it were a parabola; it leaves saddle points instead of moving to "
    "them.",
    source="Nocedal and Wright 2006, section 3.4, with the absolute values of the eigenvalues (saddle-free Newton, "
    "Dauphin et al. 2014), none below the damping; the Hessian of the batch, for networks by differences of the "
    "gradient; the learning rate is the first step length that BFGS's line search tries",
    hyperparameters=(
        Hyperparameter("damping", 1e-3, 1e-8, 100.0, "The smallest curvature that is used.", "Damping", log=True),
        LINE_SEARCH,
    ),
    probes=True,
    full_batch=True,
    most_parameters=150,
    usual_rate=1.0,
)
