"""AdaGrad: divides each parameter's gradient by the root of the sum of its squares so far."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, Optimizer, epsilon


class SquareSum(NamedTuple):
    """G: sum of squared gradients, (..., P)."""

    G: Array


def _no_sum(params: Array) -> SquareSum:
    return SquareSum(np.zeros_like(params))


def _adagrad(
    gradient: Array, optimizer_state: SquareSum, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, SquareSum]:
    G = optimizer_state.G + gradient * gradient
    change = np.sqrt(G)
    change += hyperparameters["epsilon"]
    np.divide(gradient, change, out=change)
    change *= -hyperparameters["learning_rate"]
    return change, SquareSum(G)


ADAGRAD = Optimizer(
    "adagrad",
    "AdaGrad",
    _no_sum,
    _adagrad,
    formula=r"G \leftarrow G + g^2,\quad \Delta w = -\eta \frac{g}{\sqrt{G} + \epsilon}",
    doc="Takes small steps for parameters that had large gradients; the steps only ever get smaller.",
    source="Duchi, Hazan and Singer 2011, the diagonal form; the sum begins at zero; epsilon outside the root "
    "(PyTorch's)",
    hyperparameters=(epsilon(1e-10),),
)
