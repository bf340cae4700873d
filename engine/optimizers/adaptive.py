"""Rules that divide each parameter's gradient by its usual size."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Knobs, Optimizer, epsilon
from engine.registry import Knob


class SquareSum(NamedTuple):
    """G: sum of squared gradients, (..., P)."""

    G: Array


class SquareMean(NamedTuple):
    """v: decaying mean of squared gradients, (..., P)."""

    v: Array


class SquareMeans(NamedTuple):
    """v, u: decaying means of squared gradients and of squared changes at a learning rate of one, (..., P)."""

    v: Array
    u: Array


def _no_sum(params: Array) -> SquareSum:
    return SquareSum(np.zeros_like(params))


def _adagrad(gradient: Array, slots: SquareSum, params: Array, step: int, knobs: Knobs) -> tuple[Array, SquareSum]:
    G = slots.G + gradient * gradient
    change = np.sqrt(G)
    change += knobs["epsilon"]
    np.divide(gradient, change, out=change)
    change *= -knobs["learning_rate"]
    return change, SquareSum(G)


def _no_mean(params: Array) -> SquareMean:
    return SquareMean(np.zeros_like(params))


def _rmsprop(gradient: Array, slots: SquareMean, params: Array, step: int, knobs: Knobs) -> tuple[Array, SquareMean]:
    alpha = knobs["alpha"]
    v = slots.v * alpha
    v += gradient * gradient * (1.0 - alpha)
    change = np.sqrt(v)
    change += knobs["epsilon"]
    np.divide(gradient, change, out=change)
    change *= -knobs["learning_rate"]
    return change, SquareMean(v)


def _no_means(params: Array) -> SquareMeans:
    return SquareMeans(np.zeros_like(params), np.zeros_like(params))


def _adadelta(gradient: Array, slots: SquareMeans, params: Array, step: int, knobs: Knobs) -> tuple[Array, SquareMeans]:
    rho, floor = knobs["rho"], knobs["epsilon"]
    v = slots.v * rho
    v += gradient * gradient * (1.0 - rho)
    change = np.sqrt((slots.u + floor) / (v + floor))
    change *= gradient
    u = slots.u * rho
    u += change * change * (1.0 - rho)
    change *= -knobs["learning_rate"]
    return change, SquareMeans(v, u)


ADAPTIVE = (
    Optimizer(
        "adagrad", "AdaGrad", _no_sum, _adagrad,
        r"G \leftarrow G + g^2,\quad \Delta w = -\eta \frac{g}{\sqrt{G} + \epsilon}",
        "Small steps for parameters with a history of large gradients; the steps shrink for good.",
        "Duchi, Hazan and Singer 2011, the diagonal form, from an empty sum; epsilon outside the root (PyTorch's)",
        (epsilon(1e-10),),
    ),
    Optimizer(
        "rmsprop", "RMSProp", _no_mean, _rmsprop,
        r"v \leftarrow \alpha v + (1-\alpha) g^2,\quad \Delta w = -\eta \frac{g}{\sqrt{v} + \epsilon}",
        "AdaGrad that forgets: divides by the recent size of the gradient.",
        "Hinton 2012, lecture 6e; no centring, no momentum, no bias correction, epsilon outside the root and alpha "
        "0.99 (PyTorch's; the lecture takes 0.9)",
        (
            Knob("alpha", 0.99, 0.0, 0.9999, "Memory of the mean squared gradient.", "Alpha"),
            epsilon(1e-8),
        ),
    ),
    Optimizer(
        "adadelta", "AdaDelta", _no_means, _adadelta,
        r"v \leftarrow \rho v + (1-\rho) g^2,\ d = \frac{\sqrt{u + \epsilon}}{\sqrt{v + \epsilon}} g,\ "
        r"u \leftarrow \rho u + (1-\rho) d^2,\quad \Delta w = -\eta d",
        "Takes the length of its steps from its own earlier steps, so that it needs no learning rate.",
        "Zeiler 2012, algorithm 1; epsilon inside both roots, a learning rate of 1 is the paper's (as in PyTorch)",
        (
            Knob("rho", 0.9, 0.0, 0.9999, "Memory of both mean squares.", "Rho"),
            epsilon(1e-6),
        ),
        usual_rate=1.0,
    ),
)  # fmt: skip
