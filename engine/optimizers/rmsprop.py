"""RMSProp: divides each parameter's gradient by the root of the mean of its recent squares."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, Optimizer, epsilon
from engine.registry import Hyperparameter


class SquareMean(NamedTuple):
    """v: decaying mean of squared gradients, (..., P)."""

    v: Array


def _no_mean(params: Array) -> SquareMean:
    return SquareMean(np.zeros_like(params))


def _rmsprop(
    gradient: Array, optimizer_state: SquareMean, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, SquareMean]:
    alpha = hyperparameters["alpha"]
    v = optimizer_state.v * alpha
    v += gradient * gradient * (1.0 - alpha)
    change = np.sqrt(v)
    change += hyperparameters["epsilon"]
    np.divide(gradient, change, out=change)
    change *= -hyperparameters["learning_rate"]
    return change, SquareMean(v)


RMSPROP = Optimizer(
    "rmsprop",
    "RMSProp",
    _no_mean,
    _rmsprop,
    formula=r"v \leftarrow \alpha v + (1-\alpha) g^2,\quad \Delta w = -\eta \frac{g}{\sqrt{v} + \epsilon}",
    doc="AdaGrad that forgets: it divides by the recent size of the gradient.",
    source="Hinton 2012, lecture 6e; not centred, without momentum and bias correction; epsilon outside the root and "
    "alpha 0.99 (PyTorch's; the lecture takes 0.9)",
    hyperparameters=(
        Hyperparameter("alpha", 0.99, 0.0, 0.9999, "Memory of the mean squared gradient.", "Alpha"),
        epsilon(1e-8),
    ),
)
