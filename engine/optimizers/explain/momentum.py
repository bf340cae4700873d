"""Momentum, classic momentum and Nesterov's rule, step by step."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.optimizers.explain.numbers import setting, shown
from engine.optimizers.explain.update_trace import Overlay, TraceLine, UpdateInput, UpdateTrace, changed, update_trace
from engine.optimizers.momentum import LastChange, Velocity


@np.errstate(all="ignore")
def explain_momentum(inputs: UpdateInput[Velocity]) -> UpdateTrace:
    """Velocity, and the change with it."""
    eta, mu = _rates(inputs)
    v, velocity = _faster(inputs)
    change = -eta * v
    says = "The parameters move with the velocity, not straight down the gradient."
    step = changed("−η v", f"−{setting(eta)} · {shown(v)}", says, change)
    return update_trace(inputs, change, velocity, step, overlay=Overlay(velocity=-eta * mu * inputs.before.v))


@np.errstate(all="ignore")
def explain_momentum_classic(inputs: UpdateInput[LastChange]) -> UpdateTrace:
    """Velocity, which is the change."""
    (eta, mu), g, v = _rates(inputs), inputs.gradient, inputs.before.v
    new = mu * v - eta * g
    numbers = f"v ← {setting(mu)} · {shown(v)} − {setting(eta)} · {shown(g)} = {shown(new)}"
    says = "Keeps a share of the last change, and adds a step down the gradient."
    velocity = TraceLine("Velocity", "v ← μ v − η g", numbers, says, "velocity", new)
    step = changed("v", "v", "The velocity is the change itself: it contains the learning rate already.", new)
    return update_trace(inputs, new, velocity, step, overlay=Overlay(velocity=mu * v))


@np.errstate(all="ignore")
def explain_nesterov(inputs: UpdateInput[Velocity]) -> UpdateTrace:
    """Velocity, and the change that looks ahead."""
    (eta, mu), g = _rates(inputs), inputs.gradient
    v, velocity = _faster(inputs)
    change = -eta * (g + mu * v)
    numbers = f"−{setting(eta)} · ({shown(g)} + {setting(mu)} · {shown(v)})"
    says = "Moves with the velocity and looks ahead from there: w is always the looked-ahead point."
    step = changed("−η (g + μ v)", numbers, says, change)
    carried = -eta * mu * inputs.before.v
    overlay = Overlay(velocity=mu * carried, home=inputs.params - carried)
    return update_trace(inputs, change, velocity, step, overlay=overlay)


def _rates(inputs: UpdateInput[Velocity] | UpdateInput[LastChange]) -> tuple[float, float]:
    """η and μ."""
    return inputs.hyperparameters["learning_rate"], inputs.hyperparameters["momentum"]


def _faster(inputs: UpdateInput[Velocity]) -> tuple[Array, TraceLine]:
    """The velocity ``v`` after the update, and its line."""
    (eta, mu), g, v = _rates(inputs), inputs.gradient, inputs.before.v
    new = mu * v + g
    numbers = f"v ← {setting(mu)} · {shown(v)} + {shown(g)} = {shown(new)}"
    says = "Keeps a share of the velocity, and adds the gradient."
    return new, TraceLine("Velocity", "v ← μ v + g", numbers, says, "velocity", -eta * new)


EXPLANATIONS = {
    "momentum": explain_momentum,
    "momentum_classic": explain_momentum_classic,
    "nesterov": explain_nesterov,
}
