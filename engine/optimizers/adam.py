"""Adam, AdamW and NAdam: the mean gradient over the root of the mean squared gradient.

The updates are written with as few NumPy calls as possible: for small networks a call costs more than its arithmetic.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, Optimizer, counted, epsilon, no_updates
from engine.registry import Hyperparameter


class Moments(NamedTuple):
    """m, v: decaying means of gradient and squared gradient, (..., P); t: updates so far, (..., 1)."""

    m: Array
    v: Array
    t: Array


class ScheduledMoments(NamedTuple):
    """m, v, t: as in Moments; mu: the product of all momenta so far, (..., 1), one to begin with."""

    m: Array
    v: Array
    t: Array
    mu: Array


def _no_moments(params: Array) -> Moments:
    return Moments(np.zeros_like(params), np.zeros_like(params), no_updates(params))


def _adam(
    gradient: Array, optimizer_state: Moments, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, Moments]:
    beta1, beta2 = hyperparameters["beta1"], hyperparameters["beta2"]
    t = optimizer_state.t + 1.0
    updates = counted(t)
    m = optimizer_state.m * beta1
    m += gradient * (1.0 - beta1)
    v = optimizer_state.v * beta2
    v += gradient * gradient * (1.0 - beta2)
    # The bias correction of v is taken out of the root, so that it multiplies epsilon and the learning rate.
    root = (1.0 - beta2**updates) ** 0.5
    scale = np.sqrt(v)
    scale += hyperparameters["epsilon"] * root
    change = m / scale
    change *= hyperparameters["learning_rate"] * root / (beta1**updates - 1.0)
    return change, Moments(m, v, t)


def _adamw(
    gradient: Array, optimizer_state: Moments, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, Moments]:
    change, optimizer_state = _adam(gradient, optimizer_state, params, step, hyperparameters)
    change -= params * (hyperparameters["learning_rate"] * hyperparameters["weight_decay"])
    return change, optimizer_state


def _unscheduled(params: Array) -> ScheduledMoments:
    return ScheduledMoments(*_no_moments(params), mu=np.ones((*params.shape[:-1], 1)))


def _nadam(
    gradient: Array, optimizer_state: ScheduledMoments, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, ScheduledMoments]:
    beta1, beta2, psi = hyperparameters["beta1"], hyperparameters["beta2"], hyperparameters["momentum_decay"]
    t = optimizer_state.t + 1.0
    updates = counted(t)
    m = optimizer_state.m * beta1
    m += gradient * (1.0 - beta1)
    v = optimizer_state.v * beta2
    v += gradient * gradient * (1.0 - beta2)
    now = beta1 * (1.0 - 0.5 * 0.96 ** (updates * psi))
    ahead = beta1 * (1.0 - 0.5 * 0.96 ** ((updates + 1.0) * psi))
    mu = optimizer_state.mu * now
    change = gradient * ((1.0 - now) / (1.0 - mu))
    change += m * (ahead / (1.0 - mu * ahead))
    scale = np.sqrt(v / (1.0 - beta2**updates))
    scale += hyperparameters["epsilon"]
    change /= scale
    change *= -hyperparameters["learning_rate"]
    return change, ScheduledMoments(m, v, t, mu)


_BETA1 = Hyperparameter("beta1", 0.9, 0.0, 0.999, "Memory of the mean gradient.", "Beta 1")
_BETA2 = Hyperparameter("beta2", 0.999, 0.0, 0.9999, "Memory of the mean squared gradient.", "Beta 2")
_COMMON = (_BETA1, _BETA2, epsilon(1e-8))

ADAM = Optimizer(
    "adam",
    "Adam",
    _no_moments,
    _adam,
    formula=r"m \leftarrow \beta_1 m + (1-\beta_1) g,\ v \leftarrow \beta_2 v + (1-\beta_2) g^2,\quad "
    r"\Delta w = -\eta \frac{\hat m}{\sqrt{\hat v} + \epsilon}",
    doc="Gives every parameter a step of about the learning rate, however large or small its gradient is.",
    source="Kingma and Ba 2015, algorithm 1, with bias correction; epsilon outside the root and after the correction",
    hyperparameters=_COMMON,
)

ADAMW = Optimizer(
    "adamw",
    "AdamW",
    _no_moments,
    _adamw,
    formula=r"\Delta w = -\eta \left( \frac{\hat m}{\sqrt{\hat v} + \epsilon} + \lambda w \right)",
    doc="Adam that also shrinks every parameter, by a share that does not depend on the gradients.",
    source="Loshchilov and Hutter 2019: the decay does not go through the means; as in PyTorch it is multiplied by the "
    "learning rate, computed from the parameters before the step, and applied to all parameters, biases too",
    hyperparameters=(
        *_COMMON,
        Hyperparameter("weight_decay", 0.01, 0.0, 1.0, "How fast the parameters shrink towards zero.", "Weight decay"),
    ),
)

NADAM = Optimizer(
    "nadam",
    "NAdam",
    _unscheduled,
    _nadam,
    formula=r"\mu_t = \beta_1 (1 - \tfrac12\, 0.96^{t \psi}),\quad \Delta w = -\frac{\eta}{\sqrt{\hat v} + \epsilon} "
    r"\left( \frac{(1-\mu_t)\, g}{1 - \prod_{i \le t} \mu_i} + "
    r"\frac{\mu_{t+1}\, m}{1 - \prod_{i \le t+1} \mu_i} \right)",
    doc="Adam with Nesterov's look ahead; its momentum rises from half of beta 1.",
    source="Dozat 2016, with the momentum schedule of the paper's experiments and epsilon outside the root (PyTorch's)",
    hyperparameters=(
        *_COMMON,
        Hyperparameter("momentum_decay", 4e-3, 0.0, 1.0, "How fast the momentum rises to beta 1.", "Momentum decay"),
    ),
    momentum="beta1",
)
