"""AdaGrad and RMSProp, step by step."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.arrays import Array
from engine.optimizers.adagrad import SquareSum
from engine.optimizers.explain.means import mean_square
from engine.optimizers.explain.numbers import setting, shown
from engine.optimizers.explain.update_trace import Overlay, TraceLine, UpdateInput, UpdateTrace, changed, update_trace
from engine.optimizers.rmsprop import SquareMean


@np.errstate(all="ignore")
def explain_adagrad(inputs: UpdateInput[SquareSum]) -> UpdateTrace:
    """Sum of squares, rate of each parameter, change."""
    g, G = inputs.gradient, inputs.before.G
    total = G + g**2
    numbers = f"G ← {shown(G)} + {shown(g)}² = {shown(total)}"
    says = "All gradients so far count the same; none is forgotten."
    return _divided(inputs, TraceLine("Sum of squares", "G ← G + g²", numbers, says), "G", total)


@np.errstate(all="ignore")
def explain_rmsprop(inputs: UpdateInput[SquareMean]) -> UpdateTrace:
    """Mean square, rate of each parameter, change."""
    v, memory = mean_square("α", inputs.hyperparameters["alpha"], inputs.before.v, inputs.gradient)
    return _divided(inputs, memory, "v", v)


def _divided(inputs: UpdateInput[Any], memory: TraceLine, letter: str, squares: Array) -> UpdateTrace:
    """The rest of both rules, once they have their squares."""
    g, eta, floor = inputs.gradient, inputs.hyperparameters["learning_rate"], inputs.hyperparameters["epsilon"]
    rates = eta / (np.sqrt(squares) + floor)
    change = -rates * g
    numbers = f"{setting(eta)} / (√{shown(squares)} + {setting(floor)}) = {shown(rates)}"
    says = "Where gradients are large, the rate is small."
    scale = TraceLine("Rate of each parameter", f"η / (√{letter} + ε)", numbers, says)
    says = "Each parameter moves down its gradient at its own rate."
    step = changed(f"−η / (√{letter} + ε) · g", f"−{shown(rates)} · {shown(g)}", says, change)
    return update_trace(inputs, change, memory, scale, step, overlay=Overlay(rates=rates))


EXPLANATIONS = {"adagrad": explain_adagrad, "rmsprop": explain_rmsprop}
