"""Adam and AdamW, step by step."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.adam import Moments
from engine.optimizers.explain.means import mean, mean_square
from engine.optimizers.explain.numbers import powered, setting, shown
from engine.optimizers.explain.update_trace import Overlay, TraceLine, UpdateInput, UpdateTrace, changed, update_trace


@np.errstate(all="ignore")
def explain_adam(inputs: UpdateInput[Moments]) -> UpdateTrace:
    """Both means, their corrections, change."""
    eta, adam = inputs.hyperparameters["learning_rate"], _before_the_rate(inputs)
    change = -eta * adam.ratio
    says = "The mean gradient divided by its usual size: about the learning rate for each parameter."
    step = changed("−η m̂ / (√v̂ + ε)", f"−{setting(eta)} · {adam.numbers}", says, change)
    return update_trace(inputs, change, *adam.lines, step, overlay=adam.overlay)


@np.errstate(all="ignore")
def explain_adamw(inputs: UpdateInput[Moments]) -> UpdateTrace:
    """Adam's lines, and the decay in the change."""
    eta, decay, w = inputs.hyperparameters["learning_rate"], inputs.hyperparameters["weight_decay"], inputs.params
    adam = _before_the_rate(inputs)
    change = -eta * (adam.ratio + decay * w)
    numbers = f"−{setting(eta)} · ({adam.numbers} + {setting(decay)} · {shown(w)})"
    says = "Adam's change, and a pull towards zero that does not go through the averages."
    step = changed("−η (m̂ / (√v̂ + ε) + λ w)", numbers, says, change)
    return update_trace(inputs, change, *adam.lines, step, overlay=adam.overlay)


class _Adam(NamedTuple):
    """Adam up to its change: lines, the ratio that the learning rate multiplies, the same in numbers, and overlay."""

    lines: tuple[TraceLine, ...]
    ratio: Array
    numbers: str
    overlay: Overlay


def _before_the_rate(inputs: UpdateInput[Moments]) -> _Adam:
    eta, beta1, beta2, floor = (inputs.hyperparameters[name] for name in ("learning_rate", "beta1", "beta2", "epsilon"))
    t = float(inputs.before.t[0]) + 1.0
    m, first = mean("β₁", beta1, inputs.before.m, inputs.gradient)
    v, second = mean_square("β₂", beta2, inputs.before.v, inputs.gradient)
    m_hat, v_hat = m / (1.0 - beta1**t), v / (1.0 - beta2**t)
    numbers = (
        f"m̂ = {shown(m)} / (1 − {powered(beta1, t)}) = {shown(m_hat)}, "
        f"v̂ = {shown(v)} / (1 − {powered(beta2, t)}) = {shown(v_hat)}"
    )
    says = "Both averages begin at zero, so they are too small at first; this corrects them."
    correction = TraceLine("Corrections", "m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)", numbers, says)
    size = np.sqrt(v_hat) + floor
    overlay = Overlay(velocity=-eta * beta1 * inputs.before.m / (1.0 - beta1**t) / size, rates=eta / size)
    ratio = f"{shown(m_hat)} / (√{shown(v_hat)} + {setting(floor)})"
    return _Adam((first, second, correction), m_hat / size, ratio, overlay)


EXPLANATIONS = {"adam": explain_adam, "adamw": explain_adamw}
