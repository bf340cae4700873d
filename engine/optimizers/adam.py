"""Adam and its kin: the mean gradient over the root of the mean squared gradient.

Adam's update is written for the fewest NumPy calls: at the playground's sizes a call costs more than its arithmetic.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import BETA1, BETA2, Hyperparameters, Optimizer, counted, epsilon, no_updates
from engine.optimizers.update_trace import (
    Overlay,
    TraceLine,
    UpdateInput,
    UpdateTrace,
    changed,
    powered,
    setting,
    shown,
    update_trace,
)
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
    # v's correction is multiplied out of the root, where it meets epsilon and the rate.
    root = (1.0 - beta2**updates) ** 0.5
    scale = np.sqrt(v)
    scale += hyperparameters["epsilon"] * root
    change = m / scale
    change *= hyperparameters["learning_rate"] * root / (beta1**updates - 1.0)
    return change, Moments(m, v, t)


@np.errstate(all="ignore")
def _explain_adam(given: UpdateInput) -> UpdateTrace:
    eta, (lines, ratio, written, overlay) = given.hyperparameters["learning_rate"], _explained(given)
    change = -eta * ratio
    step = changed(
        "−η m̂ / (√v̂ + ε)", f"−{setting(eta)} · {written}",
        "The mean gradient over its usual size: about the learning rate for each parameter.", change,
    )  # fmt: skip
    return update_trace(given, change, *lines, step, overlay=overlay)


def _explained(given: UpdateInput) -> tuple[tuple[TraceLine, ...], Array, str, Overlay]:
    """Adam up to its change: phases, the ratio that the learning rate multiplies and how it is written, and what a
    picture may draw."""
    eta, beta1, beta2, floor = (given.hyperparameters[name] for name in ("learning_rate", "beta1", "beta2", "epsilon"))
    t = float(given.before.t[0]) + 1.0
    (m, first), (v, second) = _mean(given), _mean_square(given)
    m_hat, v_hat = m / (1.0 - beta1**t), v / (1.0 - beta2**t)
    correction = TraceLine(
        "Corrections", "m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)",
        f"m̂ = {shown(m)} / (1 − {powered(beta1, t)}) = {shown(m_hat)}, "
        f"v̂ = {shown(v)} / (1 − {powered(beta2, t)}) = {shown(v_hat)}",
        "Both means began at zero, which makes them too small at first.",
    )  # fmt: skip
    size = np.sqrt(v_hat) + floor
    written = f"{shown(m_hat)} / (√{shown(v_hat)} + {setting(floor)})"
    overlay = Overlay(velocity=-eta * beta1 * given.before.m / (1.0 - beta1**t) / size, rates=eta / size)
    return (first, second, correction), m_hat / size, written, overlay


def _mean(given: UpdateInput) -> tuple[Array, TraceLine]:
    """m after the update, and the phase in which it arises."""
    g, m, beta1 = given.gradient, given.before.m, given.hyperparameters["beta1"]
    new = beta1 * m + (1.0 - beta1) * g
    line = TraceLine(
        "Mean gradient", "m ← β₁ m + (1 − β₁) g",
        f"m ← {setting(beta1)} · {shown(m)} + {setting(1.0 - beta1)} · {shown(g)} = {shown(new)}",
        "The usual gradient, signs and all; old gradients fade.",
    )  # fmt: skip
    return new, line


def _mean_square(given: UpdateInput) -> tuple[Array, TraceLine]:
    """v after the update, and the phase in which it arises."""
    g, v, beta2 = given.gradient, given.before.v, given.hyperparameters["beta2"]
    new = beta2 * v + (1.0 - beta2) * g**2
    line = TraceLine(
        "Mean square", "v ← β₂ v + (1 − β₂) g²",
        f"v ← {setting(beta2)} · {shown(v)} + {setting(1.0 - beta2)} · {shown(g)}² = {shown(new)}",
        "The usual size of the gradient, squared; old gradients fade.",
    )  # fmt: skip
    return new, line


def _adamw(
    gradient: Array, optimizer_state: Moments, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, Moments]:
    change, optimizer_state = _adam(gradient, optimizer_state, params, step, hyperparameters)
    change -= params * (hyperparameters["learning_rate"] * hyperparameters["weight_decay"])
    return change, optimizer_state


@np.errstate(all="ignore")
def _explain_adamw(given: UpdateInput) -> UpdateTrace:
    eta, decay, w = given.hyperparameters["learning_rate"], given.hyperparameters["weight_decay"], given.params
    lines, ratio, written, overlay = _explained(given)
    change = -eta * (ratio + decay * w)
    step = changed(
        "−η (m̂ / (√v̂ + ε) + λ w)",
        f"−{setting(eta)} · ({written} + {setting(decay)} · {shown(w)})",
        "Adam's change, and a pull towards zero that does not pass through the means.", change,
    )  # fmt: skip
    return update_trace(given, change, *lines, step, overlay=overlay)


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


@np.errstate(all="ignore")
def _explain_nadam(given: UpdateInput) -> UpdateTrace:
    g, before = given.gradient, given.before
    eta, beta1, beta2, floor, psi = (
        given.hyperparameters[name] for name in ("learning_rate", "beta1", "beta2", "epsilon", "momentum_decay")
    )
    t = float(before.t[0]) + 1.0
    (m, first), (v, second) = _mean(given), _mean_square(given)
    means = TraceLine(
        "Means", f"{first.formula}, {second.formula}", f"{first.numbers}, {second.numbers}",
        "The usual gradient, and the square of its usual size; old gradients fade.",
    )  # fmt: skip
    now, ahead = (beta1 * (1.0 - 0.96 ** (at * psi) / 2.0) for at in (t, t + 1.0))
    so_far = float(before.mu[0]) * now
    momenta = TraceLine(
        "Momenta", "μₜ = β₁ (1 − ½ 0.96^(t ψ)), Π = μ₁ ⋯ μₜ",
        f"μₜ = {setting(now)}, μₜ₊₁ = {setting(ahead)}, Π = {shown(before.mu[0])} · {setting(now)} = {shown(so_far)}",
        "The momentum of this step and of the next: it rises from half of β₁.",
    )  # fmt: skip
    for_gradient, for_mean = (1.0 - now) / (1.0 - so_far), ahead / (1.0 - so_far * ahead)
    mixed = for_gradient * g + for_mean * m
    look_ahead = TraceLine(
        "Look ahead", "m̄ = (1 − μₜ) g / (1 − Π) + μₜ₊₁ m / (1 − Π μₜ₊₁)",
        f"m̄ = {shown(for_gradient)} · {shown(g)} + {shown(for_mean)} · {shown(m)} = {shown(mixed)}",
        "The mean gradient as the next step's momentum will carry it, and the newest gradient.",
    )  # fmt: skip
    v_hat = v / (1.0 - beta2**t)
    size = np.sqrt(v_hat) + floor
    change = -eta * mixed / size
    step = changed(
        "−η m̄ / (√v̂ + ε)", f"−{setting(eta)} · {shown(mixed)} / (√{shown(v_hat)} + {setting(floor)})",
        "What was looked ahead to, over the usual size of the gradient: v̂ = v / (1 − β₂ᵗ).", change,
    )  # fmt: skip
    overlay = Overlay(velocity=-eta * for_mean * beta1 * before.m / size, rates=eta / size)
    return update_trace(given, change, means, momenta, look_ahead, step, overlay=overlay)


MOMENTS = (
    Optimizer(
        "adam",
        "Adam",
        _no_moments,
        _adam,
        _explain_adam,
        r"m \leftarrow \beta_1 m + (1-\beta_1) g,\ v \leftarrow \beta_2 v + (1-\beta_2) g^2,\quad "
        r"\Delta w = -\eta \frac{\hat m}{\sqrt{\hat v} + \epsilon}",
        "Gives every parameter a step of about the learning rate, whatever the size of its gradient.",
        "Kingma and Ba 2015, algorithm 1, with bias correction; epsilon outside the root and after the correction",
        (BETA1, BETA2, epsilon(1e-8)),
    ),
    Optimizer(
        "adamw",
        "AdamW",
        _no_moments,
        _adamw,
        _explain_adamw,
        r"\Delta w = -\eta \left( \frac{\hat m}{\sqrt{\hat v} + \epsilon} + \lambda w \right)",
        "Adam that also shrinks every parameter, at a pace that the gradients have no say in.",
        "Loshchilov and Hutter 2019: decay outside the moments; as in PyTorch it is multiplied by the learning rate, "
        "taken from the parameters before the step, and applied to all parameters, biases too",
        (
            BETA1,
            BETA2,
            epsilon(1e-8),
            Hyperparameter(
                "weight_decay", 0.01, 0.0, 1.0, "Pace at which parameters shrink towards zero.", "Weight decay"
            ),
        ),
    ),
    Optimizer(
        "nadam",
        "NAdam",
        _unscheduled,
        _nadam,
        _explain_nadam,
        r"\mu_t = \beta_1 (1 - \tfrac12\, 0.96^{t \psi}),\quad \Delta w = -\frac{\eta}{\sqrt{\hat v} + \epsilon} "
        r"\left( \frac{(1-\mu_t)\, g}{1 - \prod_{i \le t} \mu_i} + "
        r"\frac{\mu_{t+1}\, m}{1 - \prod_{i \le t+1} \mu_i} \right)",
        "Adam with Nesterov's look ahead, its momentum warming up from half of beta 1.",
        "Dozat 2016, with the momentum schedule of the paper's experiments and epsilon outside the root (PyTorch's)",
        (
            BETA1,
            BETA2,
            epsilon(1e-8),
            Hyperparameter(
                "momentum_decay",
                4e-3,
                0.0,
                1.0,
                "How fast the momentum rises from half of beta 1 to beta 1.",
                "Momentum decay",
            ),
        ),
        momentum="beta1",
    ),
)
