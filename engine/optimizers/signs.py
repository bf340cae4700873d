"""Rules that look at signs and not at sizes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, Optimizer
from engine.optimizers.update_trace import (
    Overlay,
    TraceLine,
    UpdateInput,
    UpdateTrace,
    changed,
    setting,
    shown,
    update_trace,
)
from engine.registry import Hyperparameter


class Mean(NamedTuple):
    """m: decaying mean of gradients, (..., P)."""

    m: Array


class Gains(NamedTuple):
    """k: gain, a factor on the learning rate of each parameter, one to begin with; g: previous gradient; (..., P)."""

    k: Array
    g: Array


def _no_mean(params: Array) -> Mean:
    return Mean(np.zeros_like(params))


def _lion(
    gradient: Array, optimizer_state: Mean, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, Mean]:
    beta1, beta2 = hyperparameters["beta1"], hyperparameters["beta2"]
    change = optimizer_state.m * beta1
    change += gradient * (1.0 - beta1)
    np.sign(change, out=change)
    change += params * hyperparameters["weight_decay"]
    change *= -hyperparameters["learning_rate"]
    m = optimizer_state.m * beta2
    m += gradient * (1.0 - beta2)
    return change, Mean(m)


@np.errstate(all="ignore")
def _explain_lion(given: UpdateInput) -> UpdateTrace:
    g, m, w = given.gradient, given.before.m, given.params
    eta, beta1, beta2, decay = (
        given.hyperparameters[name] for name in ("learning_rate", "beta1", "beta2", "weight_decay")
    )
    c, mean = beta1 * m + (1.0 - beta1) * g, beta2 * m + (1.0 - beta2) * g
    blend = TraceLine(
        "Blend", "c = β₁ m + (1 − β₁) g",
        f"c = {setting(beta1)} · {shown(m)} + {setting(1.0 - beta1)} · {shown(g)} = {shown(c)}",
        "Weighs the mean gradient against the newest one.",
    )  # fmt: skip
    change = -eta * (np.sign(c) + decay * w)
    step = changed(
        "−η (sign(c) + λ w)", f"−{setting(eta)} · ({shown(np.sign(c))} + {setting(decay)} · {shown(w)})",
        "Every parameter moves by the learning rate, up or down; with λ it also shrinks.", change,
    )  # fmt: skip
    memory = TraceLine(
        "Mean gradient", "m ← β₂ m + (1 − β₂) g",
        f"m ← {setting(beta2)} · {shown(m)} + {setting(1.0 - beta2)} · {shown(g)} = {shown(mean)}",
        "Remembered for the next update; old gradients fade.",
    )  # fmt: skip
    return update_trace(given, change, blend, step, memory)


def _equal_gains(params: Array) -> Gains:
    return Gains(np.ones_like(params), np.zeros_like(params))


def _delta_bar_delta(
    gradient: Array, optimizer_state: Gains, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, Gains]:
    # Signs are compared, not the product taken, which may be too small or too large for a number.
    agreement = np.sign(gradient) * np.sign(optimizer_state.g)
    k = np.where(agreement > 0.0, optimizer_state.k + hyperparameters["up"], optimizer_state.k)
    k = np.where(agreement < 0.0, k * hyperparameters["down"], k)
    np.maximum(k, hyperparameters["low"], out=k)
    np.minimum(k, hyperparameters["high"], out=k)
    change = gradient * k
    change *= -hyperparameters["learning_rate"]
    return change, Gains(k, gradient.copy())


@np.errstate(all="ignore")
def _explain_delta_bar_delta(given: UpdateInput) -> UpdateTrace:
    g, (k, last) = given.gradient, given.before
    eta, up, down, low, high = (given.hyperparameters[name] for name in ("learning_rate", "up", "down", "low", "high"))
    signs, signs_before = np.sign(g), np.sign(last)
    flips = signs * signs_before
    agreement = TraceLine(
        "Agreement", "sign(g) · sign(g₋₁)", f"{shown(signs)} · {shown(signs_before)} = {shown(flips)}",
        "1 where the gradient kept its sign, −1 where it flipped, 0 where it is or was zero.",
    )  # fmt: skip
    gains = np.clip(np.select([flips > 0, flips < 0], [k + up, k * down], k), low, high)
    works = {1.0: f" + {setting(up)}", -1.0: f" · {setting(down)}"}
    worked = ", ".join(shown(gain) + works.get(flip, "") for gain, flip in zip(k, flips.tolist(), strict=True))
    gain = TraceLine(
        "Gain", "k ← k + κ where 1, φ k where −1",
        f"k ← ({worked}) = {shown(gains)}",
        f"Rises where the sign was kept, falls where it flipped, from {setting(low)} to {setting(high)}.",
    )  # fmt: skip
    change = -eta * gains * g
    step = changed(
        "−η k g", f"−{setting(eta)} · {shown(gains)} · {shown(g)}",
        "Each parameter moves down its gradient at its own rate.", change,
    )  # fmt: skip
    return update_trace(given, change, agreement, gain, step, overlay=Overlay(rates=eta * gains))


SIGNS = (
    Optimizer(
        "lion",
        "Lion",
        _no_mean,
        _lion,
        _explain_lion,
        r"\Delta w = -\eta \left( \operatorname{sign}(\beta_1 m + (1-\beta_1) g) + \lambda w \right),\quad "
        r"m \leftarrow \beta_2 m + (1-\beta_2) g",
        "Moves every parameter by exactly the learning rate, up or down, so that it never comes to rest.",
        "Chen et al. 2023, algorithm 2, with decoupled weight decay",
        (
            Hyperparameter("beta1", 0.9, 0.0, 0.999, "Weight of the mean gradient against the newest one.", "Beta 1"),
            Hyperparameter("beta2", 0.99, 0.0, 0.9999, "Memory of the mean gradient.", "Beta 2"),
            Hyperparameter(
                "weight_decay", 0.0, 0.0, 1.0, "Pace at which parameters shrink towards zero.", "Weight decay"
            ),
        ),
        usual_rate=0.003,
    ),
    Optimizer(
        "delta_bar_delta",
        "Adaptive gains",
        _equal_gains,
        _delta_bar_delta,
        _explain_delta_bar_delta,
        r"k \leftarrow \begin{cases} k + \kappa & g\, g_{\text{before}} > 0 \\ \phi\, k & g\, g_{\text{before}} < 0 "
        r"\end{cases},\quad \Delta w = -\eta\, k\, g",
        "A learning rate for each parameter: it grows while the gradient keeps its sign and shrinks when it flips.",
        "Hinton 2012, lecture 6d, after Jacobs 1988 (delta-bar-delta) without the bar: compares with the previous "
        "gradient, not with a mean; a gain whose gradient is or was zero stays as it is, as in Jacobs",
        (
            Hyperparameter("up", 0.05, 0.0, 1.0, "Added to the gain while the gradient keeps its sign.", "Gain up"),
            Hyperparameter(
                "down", 0.95, 0.0, 1.0, "Multiplies the gain when the gradient flips its sign.", "Gain down"
            ),
            Hyperparameter("low", 0.1, 1e-3, 1.0, "Smallest gain.", "Least gain", log=True),
            Hyperparameter("high", 10.0, 1.0, 1000.0, "Largest gain.", "Most gain", log=True),
        ),
    ),
)
