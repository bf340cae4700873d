"""Update rules as pairs of pure functions, sorted by what they remember.

``init(params) -> slots`` and ``update(gradient, slots, params, step, knobs) -> (change, slots)``. The caller adds
``change`` to the parameters. Slots are named tuples in the letters of the papers, so that a picture can draw them.
Every number in ``knobs`` may be an array that broadcasts against the parameters, one value per network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Array
from engine.registry import Knob, Registry

Slots: TypeAlias = Any
Knobs: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Optimizer:
    """One update rule.

    Parameters
    ----------
    name, label : str
        The key, and what a person reads.
    init : callable ``(params) -> slots``
        Slots for (..., P) parameters: a NamedTuple, every field an array that broadcasts against them.
    update : callable ``(gradient, slots, params, step, knobs) -> (change, slots)``
        Pure. ``knobs`` holds ``learning_rate`` (after the schedule) and the entry's own knobs.
    knobs : tuple of Knob
        Beside the learning rate.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from and which variant it is.
    """

    name: str
    label: str
    init: Callable[[Array], Slots]
    update: Callable[[Array, Slots, Array, int, Knobs], tuple[Array, Slots]]
    knobs: tuple[Knob, ...]
    formula: str
    doc: str
    source: str


class NoSlots(NamedTuple):
    """Plain gradient descent remembers nothing."""


class Velocity(NamedTuple):
    """v: decaying sum of gradients, (..., P)."""

    v: Array


class Moments(NamedTuple):
    """m, v: decaying means of gradient and squared gradient, (..., P); t: updates so far, (1,)."""

    m: Array
    v: Array
    t: Array


def _no_slots(params: Array) -> NoSlots:
    return NoSlots()


def _sgd(gradient: Array, slots: NoSlots, params: Array, step: int, knobs: Knobs) -> tuple[Array, NoSlots]:
    return gradient * -knobs["learning_rate"], slots


def _at_rest(params: Array) -> Velocity:
    return Velocity(np.zeros_like(params))


def _momentum(gradient: Array, slots: Velocity, params: Array, step: int, knobs: Knobs) -> tuple[Array, Velocity]:
    v = slots.v * knobs["momentum"]
    v += gradient
    return v * -knobs["learning_rate"], Velocity(v)


def _nesterov(gradient: Array, slots: Velocity, params: Array, step: int, knobs: Knobs) -> tuple[Array, Velocity]:
    v = slots.v * knobs["momentum"]
    v += gradient
    ahead = v * knobs["momentum"]
    ahead += gradient
    ahead *= -knobs["learning_rate"]
    return ahead, Velocity(v)


def _no_moments(params: Array) -> Moments:
    return Moments(np.zeros_like(params), np.zeros_like(params), np.zeros(1))


def _adam(gradient: Array, slots: Moments, params: Array, step: int, knobs: Knobs) -> tuple[Array, Moments]:
    beta1, beta2 = knobs["beta1"], knobs["beta2"]
    t = slots.t + 1.0
    m = slots.m * beta1
    m += gradient * (1.0 - beta1)
    v = slots.v * beta2
    v += gradient * gradient * (1.0 - beta2)
    scale = np.sqrt(v / (1.0 - beta2**t))
    scale += knobs["epsilon"]
    change = m / scale
    change *= -knobs["learning_rate"] / (1.0 - beta1**t)
    return change, Moments(m, v, t)


MOMENTUM = Knob("momentum", 0.9, 0.0, 0.999, "Share of the velocity that is kept at each step.", "Momentum")

OPTIMIZERS = Registry(
    "optimizer",
    [
        Optimizer(
            "sgd", "SGD", _no_slots, _sgd, (),
            r"\Delta w = -\eta g", "Straight down the gradient of the batch.", "Robbins and Monro 1951",
        ),
        Optimizer(
            "momentum", "Momentum", _at_rest, _momentum, (MOMENTUM,),
            r"v \leftarrow \mu v + g,\quad \Delta w = -\eta v",
            "A heavy ball: speeds up along valleys, damps the zigzag across them.",
            "Polyak 1964, in the form with the rate outside the velocity (PyTorch's). Sutskever's v = mu v - eta g "
            "takes the same path as long as the rate does not change",
        ),
        Optimizer(
            "nesterov", "Nesterov", _at_rest, _nesterov, (MOMENTUM,),
            r"v \leftarrow \mu v + g,\quad \Delta w = -\eta (g + \mu v)",
            "Momentum that looks ahead, and so overshoots less.",
            "Nesterov 1983, in the form of Sutskever et al. 2013 rewritten for the looked-ahead parameters (PyTorch's)",
        ),
        Optimizer(
            "adam", "Adam", _no_moments, _adam,
            (
                Knob("beta1", 0.9, 0.0, 0.999, "Memory of the mean gradient.", "Beta 1"),
                Knob("beta2", 0.999, 0.0, 0.9999, "Memory of the mean squared gradient.", "Beta 2"),
                Knob("epsilon", 1e-8, 1e-12, 1.0, "Keeps the division finite at zero gradient.", "Epsilon", log=True),
            ),
            r"m \leftarrow \beta_1 m + (1-\beta_1) g,\ v \leftarrow \beta_2 v + (1-\beta_2) g^2,\quad "
            r"\Delta w = -\eta \frac{\hat m}{\sqrt{\hat v} + \epsilon}",
            "Gives every parameter a step of about the learning rate, whatever the size of its gradient.",
            "Kingma and Ba 2015, algorithm 1, with bias correction; epsilon outside the root and after the correction",
        ),
    ],
)  # fmt: skip
