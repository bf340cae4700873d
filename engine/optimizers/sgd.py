"""Stochastic gradient descent."""

from __future__ import annotations

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, NoOptimizerState, Optimizer, no_optimizer_state


def _sgd(
    gradient: Array, optimizer_state: NoOptimizerState, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, NoOptimizerState]:
    return gradient * -hyperparameters["learning_rate"], optimizer_state


SGD = Optimizer(
    "sgd",
    "SGD",
    no_optimizer_state,
    _sgd,
    formula=r"\Delta w = -\eta g",
    doc="Moves straight down the gradient of the batch.",
    source="Robbins and Monro 1951",
)
