"""AdaDelta, step by step."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.optimizers.adadelta import SquareMeans
from engine.optimizers.explain.means import mean_square
from engine.optimizers.explain.numbers import setting, shown
from engine.optimizers.explain.update_trace import Overlay, TraceLine, UpdateInput, UpdateTrace, changed, update_trace


@np.errstate(all="ignore")
def explain_adadelta(inputs: UpdateInput[SquareMeans]) -> UpdateTrace:
    """Mean square, scaled gradient, mean square of changes, change."""
    eta, rho = inputs.hyperparameters["learning_rate"], inputs.hyperparameters["rho"]
    v, memory = mean_square("ρ", rho, inputs.before.v, inputs.gradient)
    ratio, d, scaled = _scaled(inputs, v)
    change = -eta * d
    says = "With a learning rate of 1, the change is −d."
    step = changed("−η d", f"−{setting(eta)} · {shown(d)}", says, change)
    sizes = _sizes(rho, inputs.before.u, d)
    return update_trace(inputs, change, memory, scaled, sizes, step, overlay=Overlay(rates=eta * ratio))


def _scaled(inputs: UpdateInput[SquareMeans], v: Array) -> tuple[Array, Array, TraceLine]:
    """The factor on the gradient, d, and its line."""
    g, u, floor = inputs.gradient, inputs.before.u, inputs.hyperparameters["epsilon"]
    ratio = np.sqrt(u + floor) / np.sqrt(v + floor)
    d = ratio * g
    numbers = f"d = √({shown(u)} + {setting(floor)}) / √({shown(v)} + {setting(floor)}) · {shown(g)} = {shown(d)}"
    says = "The usual size of a change over the usual size of the gradient: d has the unit of the parameters."
    return ratio, d, TraceLine("Scaled gradient", "d = √(u + ε) / √(v + ε) · g", numbers, says, "state", -d)


def _sizes(rho: float, u: Array, d: Array) -> TraceLine:
    """The line of u."""
    new = rho * u + (1.0 - rho) * d**2
    numbers = f"u ← {setting(rho)} · {shown(u)} + {setting(1.0 - rho)} · {shown(d)}² = {shown(new)}"
    says = "The average of the squared change, for the next update."
    return TraceLine("Mean square of changes", "u ← ρ u + (1 − ρ) d²", numbers, says)


EXPLANATIONS = {"adadelta": explain_adadelta}
