"""Gradient descent, and what gives it inertia."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Knobs, NoSlots, Optimizer, no_slots
from engine.registry import Knob


class Velocity(NamedTuple):
    """v: decaying sum of gradients, (..., P)."""

    v: Array


class Stride(NamedTuple):
    """v: the last change of the parameters, (..., P). Not a Velocity: it contains the learning rate and the sign."""

    v: Array


def _sgd(gradient: Array, slots: NoSlots, params: Array, step: int, knobs: Knobs) -> tuple[Array, NoSlots]:
    return gradient * -knobs["learning_rate"], slots


def _at_rest(params: Array) -> Velocity:
    return Velocity(np.zeros_like(params))


def _momentum(gradient: Array, slots: Velocity, params: Array, step: int, knobs: Knobs) -> tuple[Array, Velocity]:
    v = slots.v * knobs["momentum"]
    v += gradient
    return v * -knobs["learning_rate"], Velocity(v)


def _standing(params: Array) -> Stride:
    return Stride(np.zeros_like(params))


def _momentum_classic(gradient: Array, slots: Stride, params: Array, step: int, knobs: Knobs) -> tuple[Array, Stride]:
    v = slots.v * knobs["momentum"]
    v -= gradient * knobs["learning_rate"]
    return v.copy(), Stride(v)


def _nesterov(gradient: Array, slots: Velocity, params: Array, step: int, knobs: Knobs) -> tuple[Array, Velocity]:
    v = slots.v * knobs["momentum"]
    v += gradient
    ahead = v * knobs["momentum"]
    ahead += gradient
    ahead *= -knobs["learning_rate"]
    return ahead, Velocity(v)


MOMENTUM = Knob("momentum", 0.9, 0.0, 0.999, "Share of the velocity that is kept at each step.", "Momentum")

FIRST_ORDER = (
    Optimizer(
        "sgd", "SGD", no_slots, _sgd,
        r"\Delta w = -\eta g", "Straight down the gradient of the batch.", "Robbins and Monro 1951",
    ),
    Optimizer(
        "momentum", "Momentum", _at_rest, _momentum,
        r"v \leftarrow \mu v + g,\quad \Delta w = -\eta v",
        "A heavy ball: speeds up along valleys, damps the zigzag across them.",
        "Polyak 1964, in the form with the rate outside the velocity (PyTorch's): a new rate holds at once for all of "
        "the velocity",
        (MOMENTUM,), momentum="momentum",
    ),
    Optimizer(
        "momentum_classic", "Momentum (classic)", _standing, _momentum_classic,
        r"v \leftarrow \mu v - \eta g,\quad \Delta w = v",
        "The same heavy ball, whose velocity keeps the learning rates of its past when the rate changes.",
        "Rumelhart, Hinton and Williams 1986, in the letters of Sutskever et al. 2013: the rate inside the velocity; "
        "takes the same path as the other form as long as the rate does not change",
        (MOMENTUM,), momentum="momentum",
    ),
    Optimizer(
        "nesterov", "Nesterov", _at_rest, _nesterov,
        r"v \leftarrow \mu v + g,\quad \Delta w = -\eta (g + \mu v)",
        "Momentum that looks ahead, and so overshoots less.",
        "Nesterov 1983, in the form of Sutskever et al. 2013 rewritten for the looked-ahead parameters (PyTorch's)",
        (MOMENTUM,), momentum="momentum",
    ),
)  # fmt: skip
