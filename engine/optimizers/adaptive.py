"""Rules that divide each parameter's gradient by its usual size."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import Hyperparameters, Optimizer, epsilon
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


def _adagrad(
    gradient: Array, optimizer_state: SquareSum, params: Array, step: int, hyperparameters: Hyperparameters
) -> tuple[Array, SquareSum]:
    G = optimizer_state.G + gradient * gradient
    change = np.sqrt(G)
    change += hyperparameters["epsilon"]
    np.divide(gradient, change, out=change)
    change *= -hyperparameters["learning_rate"]
    return change, SquareSum(G)


@np.errstate(all="ignore")
def _explain_adagrad(given: UpdateInput) -> UpdateTrace:
    g, G = given.gradient, given.before.G
    total = G + g**2
    memory = TraceLine(
        "Sum of squares", "G ← G + g²", f"G ← {shown(G)} + {shown(g)}² = {shown(total)}",
        "Every gradient so far counts, and none is forgotten.",
    )  # fmt: skip
    return _divided(given, memory, "G", total)


def _divided(given: UpdateInput, memory: TraceLine, letter: str, squares: Array) -> UpdateTrace:
    """AdaGrad and RMSProp, once they have their squares: the rate of each parameter, and the change."""
    g, eta, floor = given.gradient, given.hyperparameters["learning_rate"], given.hyperparameters["epsilon"]
    rates = eta / (np.sqrt(squares) + floor)
    change = -rates * g
    scale = TraceLine(
        "Rate of each parameter", f"η / (√{letter} + ε)",
        f"{setting(eta)} / (√{shown(squares)} + {setting(floor)}) = {shown(rates)}",
        "Where gradients are large the rate is small.",
    )  # fmt: skip
    step = changed(
        f"−η / (√{letter} + ε) · g", f"−{shown(rates)} · {shown(g)}",
        "Each parameter moves down its gradient at its own rate.", change,
    )  # fmt: skip
    return update_trace(given, change, memory, scale, step, overlay=Overlay(rates=rates))


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


@np.errstate(all="ignore")
def _explain_rmsprop(given: UpdateInput) -> UpdateTrace:
    g, v, alpha = given.gradient, given.before.v, given.hyperparameters["alpha"]
    mean, memory = _mean_square("α", alpha, v, g)
    return _divided(given, memory, "v", mean)


def _mean_square(letter: str, share: float, v: Array, g: Array) -> tuple[Array, TraceLine]:
    """v after the update, and the phase in which it arises."""
    new = share * v + (1.0 - share) * g**2
    line = TraceLine(
        "Mean square", f"v ← {letter} v + (1 − {letter}) g²",
        f"v ← {setting(share)} · {shown(v)} + {setting(1.0 - share)} · {shown(g)}² = {shown(new)}",
        "The usual size of the gradient, squared; old gradients fade.",
    )  # fmt: skip
    return new, line


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


@np.errstate(all="ignore")
def _explain_adadelta(given: UpdateInput) -> UpdateTrace:
    g, u = given.gradient, given.before.u
    eta, rho, floor = (given.hyperparameters[name] for name in ("learning_rate", "rho", "epsilon"))
    v, memory = _mean_square("ρ", rho, given.before.v, g)
    ratio = np.sqrt(u + floor) / np.sqrt(v + floor)
    d = ratio * g
    scaled = TraceLine(
        "Scaled gradient", "d = √(u + ε) / √(v + ε) · g",
        f"d = √({shown(u)} + {setting(floor)}) / √({shown(v)} + {setting(floor)}) · {shown(g)} = {shown(d)}",
        "The usual size of a change over the usual size of the gradient: d has the unit of the parameters.",
        "state", -d,
    )  # fmt: skip
    new = rho * u + (1.0 - rho) * d**2
    sizes = TraceLine(
        "Mean square of changes", "u ← ρ u + (1 − ρ) d²",
        f"u ← {setting(rho)} · {shown(u)} + {setting(1.0 - rho)} · {shown(d)}² = {shown(new)}",
        "The usual size of a change, squared, for the next update.",
    )  # fmt: skip
    change = -eta * d
    step = changed("−η d", f"−{setting(eta)} · {shown(d)}", "A learning rate of 1 leaves the length to d.", change)
    return update_trace(given, change, memory, scaled, sizes, step, overlay=Overlay(rates=eta * ratio))


ADAPTIVE = (
    Optimizer(
        "adagrad", "AdaGrad", _no_sum, _adagrad, _explain_adagrad,
        r"G \leftarrow G + g^2,\quad \Delta w = -\eta \frac{g}{\sqrt{G} + \epsilon}",
        "Small steps for parameters with a history of large gradients; the steps shrink for good.",
        "Duchi, Hazan and Singer 2011, the diagonal form, from an empty sum; epsilon outside the root (PyTorch's)",
        (epsilon(1e-10),),
    ),
    Optimizer(
        "rmsprop", "RMSProp", _no_mean, _rmsprop, _explain_rmsprop,
        r"v \leftarrow \alpha v + (1-\alpha) g^2,\quad \Delta w = -\eta \frac{g}{\sqrt{v} + \epsilon}",
        "AdaGrad that forgets: divides by the recent size of the gradient.",
        "Hinton 2012, lecture 6e; no centring, no momentum, no bias correction, epsilon outside the root and alpha "
        "0.99 (PyTorch's; the lecture takes 0.9)",
        (
            Hyperparameter("alpha", 0.99, 0.0, 0.9999, "Memory of the mean squared gradient.", "Alpha"),
            epsilon(1e-8),
        ),
    ),
    Optimizer(
        "adadelta", "AdaDelta", _no_means, _adadelta, _explain_adadelta,
        r"v \leftarrow \rho v + (1-\rho) g^2,\ d = \frac{\sqrt{u + \epsilon}}{\sqrt{v + \epsilon}} g,\ "
        r"u \leftarrow \rho u + (1-\rho) d^2,\quad \Delta w = -\eta d",
        "Takes the length of its steps from its own earlier steps, so that it needs no learning rate.",
        "Zeiler 2012, algorithm 1; epsilon inside both roots, a learning rate of 1 is the paper's (as in PyTorch)",
        (
            Hyperparameter("rho", 0.9, 0.0, 0.9999, "Memory of both mean squares.", "Rho"),
            epsilon(1e-6),
        ),
        usual_rate=1.0,
    ),
)  # fmt: skip
