"""Gradient descent with momentum, in three forms."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, Optimizer
from engine.registry import Hyperparameter


class Velocity(NamedTuple):
    """v: decaying sum of gradients, (..., P)."""

    v: Array


class LastChange(NamedTuple):
    """v: the last change of the parameters, (..., P); unlike Velocity it contains the rate and the sign."""

    v: Array


def _no_velocity(params: Array) -> Velocity:
    return Velocity(np.zeros_like(params))


def _momentum(
    gradient: Array, optimizer_state: Velocity, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, Velocity]:
    v = optimizer_state.v * hyperparameters["momentum"]
    v += gradient
    return v * -hyperparameters["learning_rate"], Velocity(v)


def _no_change(params: Array) -> LastChange:
    return LastChange(np.zeros_like(params))


def _momentum_classic(
    gradient: Array, optimizer_state: LastChange, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, LastChange]:
    v = optimizer_state.v * hyperparameters["momentum"]
    v -= gradient * hyperparameters["learning_rate"]
    return v.copy(), LastChange(v)


def _nesterov(
    gradient: Array, optimizer_state: Velocity, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, Velocity]:
    v = optimizer_state.v * hyperparameters["momentum"]
    v += gradient
    ahead = v * hyperparameters["momentum"]
    ahead += gradient
    ahead *= -hyperparameters["learning_rate"]
    return ahead, Velocity(v)


_MOMENTUM = Hyperparameter("momentum", 0.9, 0.0, 0.999, "Share of the velocity that is kept at each step.", "Momentum")

MOMENTUM = Optimizer(
    "momentum",
    "Momentum",
    _no_velocity,
    _momentum,
    formula=r"v \leftarrow \mu v + g,\quad \Delta w = -\eta v",
    doc="Moves like a heavy ball: it speeds up along valleys and damps the zigzag across them.",
    source="Polyak 1964, in PyTorch's form, with the learning rate outside the velocity: a new rate applies at once to "
    "the whole velocity",
    hyperparameters=(_MOMENTUM,),
    momentum="momentum",
)

MOMENTUM_CLASSIC = Optimizer(
    "momentum_classic",
    "Momentum (classic)",
    _no_change,
    _momentum_classic,
    formula=r"v \leftarrow \mu v - \eta g,\quad \Delta w = v",
    doc="The same heavy ball, but when the learning rate changes, its velocity still contains the old rates.",
    source="Rumelhart, Hinton and Williams 1986, in the letters of Sutskever et al. 2013: the learning rate is inside "
    "the velocity; takes the same path as the other form as long as the rate does not change",
    hyperparameters=(_MOMENTUM,),
    momentum="momentum",
)

NESTEROV = Optimizer(
    "nesterov",
    "Nesterov",
    _no_velocity,
    _nesterov,
    formula=r"v \leftarrow \mu v + g,\quad \Delta w = -\eta (g + \mu v)",
    doc="Momentum that looks ahead, and so overshoots less.",
    source="Nesterov 1983, in the form of Sutskever et al. 2013, rewritten for the looked-ahead parameters (PyTorch's)",
    hyperparameters=(_MOMENTUM,),
    momentum="momentum",
)
