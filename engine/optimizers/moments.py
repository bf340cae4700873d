"""Adam and its kin: the mean gradient over the root of the mean squared gradient.

Adam's update is written for the fewest NumPy calls: at the playground's sizes a call costs more than its arithmetic.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import BETA1, BETA2, Knobs, Optimizer, counted, epsilon, no_updates
from engine.registry import Knob


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


def _adam(gradient: Array, slots: Moments, params: Array, step: int, knobs: Knobs) -> tuple[Array, Moments]:
    beta1, beta2 = knobs["beta1"], knobs["beta2"]
    t = slots.t + 1.0
    updates = counted(t)
    m = slots.m * beta1
    m += gradient * (1.0 - beta1)
    v = slots.v * beta2
    v += gradient * gradient * (1.0 - beta2)
    # v's correction is multiplied out of the root, where it meets epsilon and the rate.
    root = (1.0 - beta2**updates) ** 0.5
    scale = np.sqrt(v)
    scale += knobs["epsilon"] * root
    change = m / scale
    change *= knobs["learning_rate"] * root / (beta1**updates - 1.0)
    return change, Moments(m, v, t)


def _adamw(gradient: Array, slots: Moments, params: Array, step: int, knobs: Knobs) -> tuple[Array, Moments]:
    change, slots = _adam(gradient, slots, params, step, knobs)
    change -= params * (knobs["learning_rate"] * knobs["weight_decay"])
    return change, slots


def _unscheduled(params: Array) -> ScheduledMoments:
    return ScheduledMoments(*_no_moments(params), mu=np.ones((*params.shape[:-1], 1)))


def _nadam(
    gradient: Array, slots: ScheduledMoments, params: Array, step: int, knobs: Knobs
) -> tuple[Array, ScheduledMoments]:
    beta1, beta2, psi = knobs["beta1"], knobs["beta2"], knobs["momentum_decay"]
    t = slots.t + 1.0
    updates = counted(t)
    m = slots.m * beta1
    m += gradient * (1.0 - beta1)
    v = slots.v * beta2
    v += gradient * gradient * (1.0 - beta2)
    now = beta1 * (1.0 - 0.5 * 0.96 ** (updates * psi))
    ahead = beta1 * (1.0 - 0.5 * 0.96 ** ((updates + 1.0) * psi))
    mu = slots.mu * now
    change = gradient * ((1.0 - now) / (1.0 - mu))
    change += m * (ahead / (1.0 - mu * ahead))
    scale = np.sqrt(v / (1.0 - beta2**updates))
    scale += knobs["epsilon"]
    change /= scale
    change *= -knobs["learning_rate"]
    return change, ScheduledMoments(m, v, t, mu)


MOMENTS = (
    Optimizer(
        "adam", "Adam", _no_moments, _adam,
        r"m \leftarrow \beta_1 m + (1-\beta_1) g,\ v \leftarrow \beta_2 v + (1-\beta_2) g^2,\quad "
        r"\Delta w = -\eta \frac{\hat m}{\sqrt{\hat v} + \epsilon}",
        "Gives every parameter a step of about the learning rate, whatever the size of its gradient.",
        "Kingma and Ba 2015, algorithm 1, with bias correction; epsilon outside the root and after the correction",
        (BETA1, BETA2, epsilon(1e-8)),
    ),
    Optimizer(
        "adamw", "AdamW", _no_moments, _adamw,
        r"\Delta w = -\eta \left( \frac{\hat m}{\sqrt{\hat v} + \epsilon} + \lambda w \right)",
        "Adam that also shrinks every parameter, at a pace that the gradients have no say in.",
        "Loshchilov and Hutter 2019: decay outside the moments; as in PyTorch it is multiplied by the learning rate, "
        "taken from the parameters before the step, and applied to all parameters, biases too",
        (
            BETA1, BETA2, epsilon(1e-8),
            Knob("weight_decay", 0.01, 0.0, 1.0, "Pace at which parameters shrink towards zero.", "Weight decay"),
        ),
    ),
    Optimizer(
        "nadam", "NAdam", _unscheduled, _nadam,
        r"\mu_t = \beta_1 (1 - \tfrac12\, 0.96^{t \psi}),\quad \Delta w = -\frac{\eta}{\sqrt{\hat v} + \epsilon} "
        r"\left( \frac{(1-\mu_t)\, g}{1 - \prod_{i \le t} \mu_i} + "
        r"\frac{\mu_{t+1}\, m}{1 - \prod_{i \le t+1} \mu_i} \right)",
        "Adam with Nesterov's look ahead, its momentum warming up from half of beta 1.",
        "Dozat 2016, with the momentum schedule of the paper's experiments and epsilon outside the root (PyTorch's)",
        (
            BETA1, BETA2, epsilon(1e-8),
            Knob(
                "momentum_decay", 4e-3, 0.0, 1.0, "How fast the momentum rises from half of beta 1 to beta 1.",
                "Momentum decay",
            ),
        ),
        momentum="beta1",
    ),
)  # fmt: skip
