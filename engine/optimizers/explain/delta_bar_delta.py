"""Delta-bar-delta, step by step."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.optimizers.delta_bar_delta import Gains
from engine.optimizers.explain.numbers import setting, shown
from engine.optimizers.explain.update_trace import Overlay, TraceLine, UpdateInput, UpdateTrace, changed, update_trace


@np.errstate(all="ignore")
def explain_delta_bar_delta(inputs: UpdateInput[Gains]) -> UpdateTrace:
    """Agreement of signs, gain, change."""
    g, eta = inputs.gradient, inputs.hyperparameters["learning_rate"]
    signs, signs_before = np.sign(g), np.sign(inputs.before.g)
    flips = signs * signs_before
    numbers = f"{shown(signs)} · {shown(signs_before)} = {shown(flips)}"
    says = "1 where the gradient kept its sign, −1 where the sign changed, 0 where it is or was zero."
    agreement = TraceLine("Agreement", "sign(g) · sign(g₋₁)", numbers, says)
    gains, gain = _gains(inputs, flips)
    change = -eta * gains * g
    says = "Each parameter moves down its gradient at its own rate."
    step = changed("−η k g", f"−{setting(eta)} · {shown(gains)} · {shown(g)}", says, change)
    return update_trace(inputs, change, agreement, gain, step, overlay=Overlay(rates=eta * gains))


def _gains(inputs: UpdateInput[Gains], flips: Array) -> tuple[Array, TraceLine]:
    """The gains after the update, and their line."""
    k = inputs.before.k
    up, down, low, high = (inputs.hyperparameters[name] for name in ("up", "down", "low", "high"))
    gains = np.clip(np.select([flips > 0, flips < 0], [k + up, k * down], k), low, high)
    works = {1.0: f" + {setting(up)}", -1.0: f" · {setting(down)}"}
    worked = ", ".join(shown(gain) + works.get(flip, "") for gain, flip in zip(k, flips.tolist(), strict=True))
    says = f"Rises where the sign stayed and falls where it changed, from {setting(low)} to {setting(high)}."
    return gains, TraceLine("Gain", "k ← k + κ where 1, φ k where −1", f"k ← ({worked}) = {shown(gains)}", says)


EXPLANATIONS = {"delta_bar_delta": explain_delta_bar_delta}
