"""AdaDelta: the usual size of a change over the usual size of the gradient gives the rate of each parameter."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, Optimizer, epsilon
from engine.registry import Hyperparameter


class SquareMeans(NamedTuple):
    """v, u: decaying means of squared gradients and of squared changes at a learning rate of one, (..., P)."""

    v: Array
    u: Array


def _no_means(params: Array) -> SquareMeans:
    return SquareMeans(np.zeros_like(params), np.zeros_like(params))


def _adadelta(
    gradient: Array, optimizer_state: SquareMeans, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, SquareMeans]:
    rho, floor = hyperparameters["rho"], hyperparameters["epsilon"]
    v = optimizer_state.v * rho
    v += gradient * gradient * (1.0 - rho)
    change = np.sqrt((optimizer_state.u + floor) / (v + floor))
    change *= gradient
    u = optimizer_state.u * rho
    u += change * change * (1.0 - rho)
    change *= -hyperparameters["learning_rate"]
    return change, SquareMeans(v, u)


ADADELTA = Optimizer(
    "adadelta",
    "AdaDelta",
    _no_means,
    _adadelta,
    formula=r"v \leftarrow \rho v + (1-\rho) g^2,\ d = \frac{\sqrt{u + \epsilon}}{\sqrt{v + \epsilon}} g,\ "
    r"u \leftarrow \rho u + (1-\rho) d^2,\quad \Delta w = -\eta d",
    doc="Computes the size of its steps from its own earlier steps, so that it needs no learning rate.",
    source="Zeiler 2012, algorithm 1; epsilon inside both roots; a learning rate of 1 is the paper's (as in PyTorch)",
    hyperparameters=(
        Hyperparameter("rho", 0.9, 0.0, 0.9999, "Memory of both mean squares.", "Rho"),
        epsilon(1e-6),
    ),
    usual_rate=1.0,
)
