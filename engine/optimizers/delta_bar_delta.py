"""Delta-bar-delta without the bar: a learning rate for each parameter that follows the sign of its gradient."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, Optimizer
from engine.registry import Hyperparameter


class Gains(NamedTuple):
    """k: gain, a factor on the learning rate of each parameter, one to begin with; g: previous gradient; (..., P)."""

    k: Array
    g: Array


def _equal_gains(params: Array) -> Gains:
    return Gains(np.ones_like(params), np.zeros_like(params))


def _delta_bar_delta(
    gradient: Array, optimizer_state: Gains, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, Gains]:
    # Signs are compared, because the product of two gradients may underflow or overflow.
    agreement = np.sign(gradient) * np.sign(optimizer_state.g)
    k = np.where(agreement > 0.0, optimizer_state.k + hyperparameters["up"], optimizer_state.k)
    k = np.where(agreement < 0.0, k * hyperparameters["down"], k)
    np.maximum(k, hyperparameters["low"], out=k)
    np.minimum(k, hyperparameters["high"], out=k)
    change = gradient * k
    change *= -hyperparameters["learning_rate"]
    return change, Gains(k, gradient.copy())


DELTA_BAR_DELTA = Optimizer(
    "delta_bar_delta",
    "Adaptive gains",
    _equal_gains,
    _delta_bar_delta,
    formula=r"k \leftarrow \begin{cases} k + \kappa & g\, g_{\text{before}} > 0 \\ "
    r"\phi\, k & g\, g_{\text{before}} < 0 \end{cases},\quad \Delta w = -\eta\, k\, g",
    doc="A learning rate for each parameter: it grows while the gradient keeps its sign and shrinks when the sign "
    "changes.",
    source="Hinton 2012, lecture 6d, after Jacobs 1988 (delta-bar-delta) without the bar: compares with the previous "
    "gradient, not with a mean; where the gradient is or was zero, the gain does not change, as in Jacobs",
    hyperparameters=(
        Hyperparameter("up", 0.05, 0.0, 1.0, "Added to the gain while the gradient keeps its sign.", "Gain up"),
        Hyperparameter("down", 0.95, 0.0, 1.0, "The gain is multiplied by this when the sign changes.", "Gain down"),
        Hyperparameter("low", 0.1, 1e-3, 1.0, "Smallest gain.", "Least gain", log=True),
        Hyperparameter("high", 10.0, 1.0, 1000.0, "Largest gain.", "Most gain", log=True),
    ),
)
