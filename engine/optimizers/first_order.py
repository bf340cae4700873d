"""Gradient descent, and what gives it inertia."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, NoOptimizerState, Optimizer, no_optimizer_state
from engine.optimizers.update_trace import (
    Overlay,
    TraceLine,
    UpdateInput,
    UpdateTrace,
    changed,
    setting,
    shown,
    update_trace,
)
from engine.registry import Hyperparameter


class Velocity(NamedTuple):
    """v: decaying sum of gradients, (..., P)."""

    v: Array


class Stride(NamedTuple):
    """v: the last change of the parameters, (..., P). Not a Velocity: it contains the learning rate and the sign."""

    v: Array


def _sgd(
    gradient: Array, optimizer_state: NoOptimizerState, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, NoOptimizerState]:
    return gradient * -hyperparameters["learning_rate"], optimizer_state


@np.errstate(all="ignore")
def _explain_sgd(given: UpdateInput) -> UpdateTrace:
    g, eta = given.gradient, given.hyperparameters["learning_rate"]
    change = -eta * g
    step = changed(
        "−η g", f"−{setting(eta)} · {shown(g)}",
        "Down the gradient, by its length times the learning rate.", change,
    )  # fmt: skip
    return update_trace(given, change, step)


def _at_rest(params: Array) -> Velocity:
    return Velocity(np.zeros_like(params))


def _momentum(
    gradient: Array, optimizer_state: Velocity, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, Velocity]:
    v = optimizer_state.v * hyperparameters["momentum"]
    v += gradient
    return v * -hyperparameters["learning_rate"], Velocity(v)


@np.errstate(all="ignore")
def _explain_momentum(given: UpdateInput) -> UpdateTrace:
    v, velocity = _faster(given)
    eta, mu = given.hyperparameters["learning_rate"], given.hyperparameters["momentum"]
    change = -eta * v
    step = changed(
        "−η v", f"−{setting(eta)} · {shown(v)}", "The ball moves with its velocity, not down the gradient.", change,
    )  # fmt: skip
    return update_trace(given, change, velocity, step, overlay=Overlay(velocity=-eta * mu * given.before.v))


def _faster(given: UpdateInput) -> tuple[Array, TraceLine]:
    """v after the update, and the phase in which it arises."""
    g, v, eta, mu = (
        given.gradient,
        given.before.v,
        given.hyperparameters["learning_rate"],
        given.hyperparameters["momentum"],
    )
    new = mu * v + g
    line = TraceLine(
        "Velocity", "v ← μ v + g", f"v ← {setting(mu)} · {shown(v)} + {shown(g)} = {shown(new)}",
        "A share of the velocity is kept, and the gradient is added.", "velocity", -eta * new,
    )  # fmt: skip
    return new, line


def _standing(params: Array) -> Stride:
    return Stride(np.zeros_like(params))


def _momentum_classic(
    gradient: Array, optimizer_state: Stride, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, Stride]:
    v = optimizer_state.v * hyperparameters["momentum"]
    v -= gradient * hyperparameters["learning_rate"]
    return v.copy(), Stride(v)


@np.errstate(all="ignore")
def _explain_momentum_classic(given: UpdateInput) -> UpdateTrace:
    g, v, eta, mu = (
        given.gradient,
        given.before.v,
        given.hyperparameters["learning_rate"],
        given.hyperparameters["momentum"],
    )
    new = mu * v - eta * g
    velocity = TraceLine(
        "Velocity", "v ← μ v − η g",
        f"v ← {setting(mu)} · {shown(v)} − {setting(eta)} · {shown(g)} = {shown(new)}",
        "A share of the last change is kept, and a step down the gradient is added.", "velocity", new,
    )  # fmt: skip
    step = changed("v", "v", "The ball moves by its velocity, which is a displacement already.", new)
    return update_trace(given, new, velocity, step, overlay=Overlay(velocity=mu * v))


def _nesterov(
    gradient: Array, optimizer_state: Velocity, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, Velocity]:
    v = optimizer_state.v * hyperparameters["momentum"]
    v += gradient
    ahead = v * hyperparameters["momentum"]
    ahead += gradient
    ahead *= -hyperparameters["learning_rate"]
    return ahead, Velocity(v)


@np.errstate(all="ignore")
def _explain_nesterov(given: UpdateInput) -> UpdateTrace:
    g, eta, mu = given.gradient, given.hyperparameters["learning_rate"], given.hyperparameters["momentum"]
    v, velocity = _faster(given)
    change = -eta * (g + mu * v)
    step = changed(
        "−η (g + μ v)", f"−{setting(eta)} · ({shown(g)} + {setting(mu)} · {shown(v)})",
        "The ball moves by its velocity and looks ahead from there: w is always the looked-ahead point.", change,
    )  # fmt: skip
    carried = -eta * mu * given.before.v
    return update_trace(
        given, change, velocity, step, overlay=Overlay(velocity=mu * carried, home=given.params - carried)
    )


MOMENTUM = Hyperparameter("momentum", 0.9, 0.0, 0.999, "Share of the velocity that is kept at each step.", "Momentum")

FIRST_ORDER = (
    Optimizer(
        "sgd", "SGD", no_optimizer_state, _sgd, _explain_sgd,
        r"\Delta w = -\eta g", "Straight down the gradient of the batch.", "Robbins and Monro 1951",
    ),
    Optimizer(
        "momentum", "Momentum", _at_rest, _momentum, _explain_momentum,
        r"v \leftarrow \mu v + g,\quad \Delta w = -\eta v",
        "A heavy ball: speeds up along valleys, damps the zigzag across them.",
        "Polyak 1964, in the form with the rate outside the velocity (PyTorch's): a new rate holds at once for all of "
        "the velocity",
        (MOMENTUM,), momentum="momentum",
    ),
    Optimizer(
        "momentum_classic", "Momentum (classic)", _standing, _momentum_classic, _explain_momentum_classic,
        r"v \leftarrow \mu v - \eta g,\quad \Delta w = v",
        "The same heavy ball, whose velocity keeps the learning rates of its past when the rate changes.",
        "Rumelhart, Hinton and Williams 1986, in the letters of Sutskever et al. 2013: the rate inside the velocity; "
        "takes the same path as the other form as long as the rate does not change",
        (MOMENTUM,), momentum="momentum",
    ),
    Optimizer(
        "nesterov", "Nesterov", _at_rest, _nesterov, _explain_nesterov,
        r"v \leftarrow \mu v + g,\quad \Delta w = -\eta (g + \mu v)",
        "Momentum that looks ahead, and so overshoots less.",
        "Nesterov 1983, in the form of Sutskever et al. 2013 rewritten for the looked-ahead parameters (PyTorch's)",
        (MOMENTUM,), momentum="momentum",
    ),
)  # fmt: skip
