"""Toy loss surfaces of two parameters, with exact gradients and Hessians."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.registry import Registry


@dataclass(frozen=True, slots=True)
class Surface:
    """One surface.

    Parameters
    ----------
    name, label : str
        The key, and what a person reads.
    f : callable ``(w) -> (...) array``
        Height over (..., 2) parameters.
    gradient : callable ``(w) -> (..., 2) array``
        Its exact derivative.
    hessian : callable ``(w) -> (..., 2, 2) array``
        Its exact second derivatives.
    box : ((float, float), (float, float))
        What a picture shows, per axis.
    start : (float, float)
        A telling starting point.
    minima : tuple of (float, float)
        All global minima.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from.
    reach : mapping of str to float
        For optimizers that get from ``start`` to within 1e-3 of a global minimum in 10,000 steps at their default knobs
        and are there at the end: a constant learning rate with which they do.
    """

    name: str
    label: str
    f: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    hessian: Callable[[Array], Array]
    box: tuple[tuple[float, float], tuple[float, float]]
    start: tuple[float, float]
    minima: tuple[tuple[float, float], ...]
    formula: str
    doc: str
    source: str
    reach: Mapping[str, float]


def _quadratic(
    name: str,
    label: str,
    a: float,
    b: float,
    start: tuple[float, float],
    formula: str,
    doc: str,
    reach: Mapping[str, float],
) -> Surface:
    scale = np.array([a, b])
    return Surface(
        name, label, lambda w: 0.5 * (scale * w * w).sum(axis=-1), lambda w: scale * w,
        lambda w: np.zeros((*w.shape, 2)) + np.diag(scale),
        ((-4.0, 4.0), (-4.0, 4.0)), start, ((0.0, 0.0),), formula, doc, "quadratic", reach,
    )  # fmt: skip


def _rosenbrock(w: Array) -> Array:
    x, y = w[..., 0], w[..., 1]
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def _rosenbrock_gradient(w: Array) -> Array:
    x, y = w[..., 0], w[..., 1]
    lift = y - x * x
    return np.stack([-2 * (1 - x) - 400 * x * lift, 200 * lift], axis=-1)


def _rosenbrock_hessian(w: Array) -> Array:
    x, y = w[..., 0], w[..., 1]
    hessian = np.empty((*w.shape, 2))
    hessian[..., 0, 0] = 2 - 400 * (y - 3 * x * x)
    hessian[..., 0, 1] = hessian[..., 1, 0] = -400 * x
    hessian[..., 1, 1] = 200
    return hessian


SURFACES = Registry(
    "surface",
    [
        _quadratic(
            "bowl", "Bowl", 1.0, 1.0, (-3.0, 2.0), r"\tfrac12 (x^2 + y^2)",
            "Round: the gradient points at the minimum.",
            {
                "sgd": 0.1, "momentum": 0.1, "momentum_classic": 0.1, "nesterov": 0.1, "adagrad": 1.0,
                "rmsprop": 0.0008, "adadelta": 0.5, "adam": 0.03, "adamw": 0.03, "nadam": 0.03, "lion": 0.0004,
                "delta_bar_delta": 0.1, "newton": 1.0, "bfgs": 1.0, "lbfgs": 1.0,
            },
        ),
        _quadratic(
            "valley", "Valley", 0.1, 2.0, (-3.5, 1.5), r"\tfrac12 (0.1\,x^2 + 2\,y^2)",
            "Steep across and shallow along: gradient descent jitters and crawls.",
            {
                "sgd": 0.1, "momentum": 0.1, "momentum_classic": 0.1, "nesterov": 0.1, "adagrad": 1.0,
                "rmsprop": 0.0008, "adadelta": 0.5, "adam": 0.03, "adamw": 0.03, "nadam": 0.03, "lion": 0.00045,
                "delta_bar_delta": 0.1, "newton": 1.0, "bfgs": 1.0, "lbfgs": 1.0,
            },
        ),
        Surface(
            "rosenbrock", "Rosenbrock", _rosenbrock, _rosenbrock_gradient, _rosenbrock_hessian,
            ((-2.0, 2.0), (-1.0, 3.0)), (-1.2, 1.0),
            ((1.0, 1.0),), r"(1 - x)^2 + 100 (y - x^2)^2", "A bent, flat-bottomed valley.", "Rosenbrock 1960",
            # Not AdamW, whose decay moves the minimum, nor Lion, which hardly ever comes to rest here, nor AdaDelta,
            # which would need more steps.
            {
                "sgd": 0.0019, "momentum": 0.001, "momentum_classic": 0.001, "nesterov": 0.0007, "adagrad": 0.7,
                "rmsprop": 0.0008, "adam": 0.0025, "nadam": 0.002, "delta_bar_delta": 0.0005, "newton": 1.0,
                "bfgs": 1.0, "lbfgs": 1.0,
            },
        ),
    ],
)  # fmt: skip
