"""Lion: moves every parameter by the sign of an average gradient."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, Optimizer
from engine.registry import Hyperparameter


class Mean(NamedTuple):
    """m: decaying mean of gradients, (..., P)."""

    m: Array


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


LION = Optimizer(
    "lion",
    "Lion",
    _no_mean,
    _lion,
    formula=r"\Delta w = -\eta \left( \operatorname{sign}(\beta_1 m + (1-\beta_1) g) + \lambda w \right),\quad "
    r"m \leftarrow \beta_2 m + (1-\beta_2) g",
    doc="Moves every parameter by exactly the learning rate, up or down, so that it never stops moving.",
    source="Chen et al. 2023, algorithm 2, with decoupled weight decay",
    hyperparameters=(
        Hyperparameter("beta1", 0.9, 0.0, 0.999, "Weight of the mean gradient against the newest one.", "Beta 1"),
        Hyperparameter("beta2", 0.99, 0.0, 0.9999, "Memory of the mean gradient.", "Beta 2"),
        Hyperparameter("weight_decay", 0.0, 0.0, 1.0, "How fast the parameters shrink towards zero.", "Weight decay"),
    ),
    usual_rate=0.003,
)
