"""The end of every second-order rule: the step length along the direction, and the change."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.arrays import Array
from engine.optimizers.explain.numbers import setting, shown
from engine.optimizers.explain.update_trace import Overlay, TraceLine, UpdateInput, UpdateTrace, changed, update_trace
from engine.optimizers.line_search import C1, C2


def with_step_length(
    inputs: UpdateInput[Any], d: Array, first: float, *inner: TraceLine, model: Array | None
) -> UpdateTrace:
    """The trace of a rule with the direction ``d`` (P,); ``first`` is the step length that is tried first."""
    t, length = (_searched if inputs.hyperparameters["line_search"] else _unsearched)(inputs, d, first)
    change = t * d
    step = changed("t d", f"{shown(t)} · {shown(d)}", "The direction times the step length.", change)
    return update_trace(inputs, change, *inner, length, step, overlay=Overlay(model=model))


def _slope(inputs: UpdateInput[Any], d: Array) -> str:
    return f"gᵀd = {shown(inputs.gradient @ d)}"


def _searched(inputs: UpdateInput[Any], d: Array, first: float) -> tuple[float, TraceLine]:
    """What the search found is read off the change."""
    longest = int(np.argmax(np.abs(d)))
    t = float(inputs.change[longest] / d[longest]) if d[longest] else 0.0
    numbers = (
        f"f(w) = {shown(inputs.value)}, {_slope(inputs, d)}, c₁ = {setting(C1)}, c₂ = {setting(C2)}, "
        f"first t = {shown(first)}, t = {shown(t)}"
    )
    found = "Halves or doubles t until the loss is lower and the slope is flatter."
    says = found if t else "No step: the search found no step that lowers the loss."
    return t, TraceLine("Step length", "f(w + t d) ≤ f(w) + c₁ t gᵀd, ∇f(w + t d)ᵀd ≥ c₂ gᵀd", numbers, says)


def _unsearched(inputs: UpdateInput[Any], d: Array, first: float) -> tuple[float, TraceLine]:
    formula = "t = η" if first == inputs.hyperparameters["learning_rate"] else "t = η / ‖g‖₁"
    numbers = f"{_slope(inputs, d)}, t = {shown(first)}"
    return first, TraceLine("Step length", formula, numbers, "Set by the learning rate, without a line search.")
