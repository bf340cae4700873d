"""Toy loss surfaces of two parameters, with exact gradients."""

from __future__ import annotations

from collections.abc import Callable
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
    box : ((float, float), (float, float))
        What a picture shows, per axis.
    start : (float, float)
        A telling starting point.
    minima : tuple of (float, float)
        All global minima.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from.
    """

    name: str
    label: str
    f: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    box: tuple[tuple[float, float], tuple[float, float]]
    start: tuple[float, float]
    minima: tuple[tuple[float, float], ...]
    formula: str
    doc: str
    source: str


def _quadratic(
    name: str, label: str, a: float, b: float, start: tuple[float, float], formula: str, doc: str
) -> Surface:
    scale = np.array([a, b])
    return Surface(
        name, label, lambda w: 0.5 * (scale * w * w).sum(axis=-1), lambda w: scale * w,
        ((-4.0, 4.0), (-4.0, 4.0)), start, ((0.0, 0.0),), formula, doc, "quadratic",
    )  # fmt: skip


def _rosenbrock(w: Array) -> Array:
    x, y = w[..., 0], w[..., 1]
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def _rosenbrock_gradient(w: Array) -> Array:
    x, y = w[..., 0], w[..., 1]
    lift = y - x * x
    return np.stack([-2 * (1 - x) - 400 * x * lift, 200 * lift], axis=-1)


SURFACES = Registry(
    "surface",
    [
        _quadratic(
            "bowl", "Bowl", 1.0, 1.0, (-3.0, 2.0), r"\tfrac12 (x^2 + y^2)", "Round: the gradient points at the minimum."
        ),
        _quadratic(
            "valley", "Valley", 0.1, 2.0, (-3.5, 1.5), r"\tfrac12 (0.1\,x^2 + 2\,y^2)",
            "Steep across and shallow along: gradient descent jitters and crawls.",
        ),
        Surface(
            "rosenbrock", "Rosenbrock", _rosenbrock, _rosenbrock_gradient, ((-2.0, 2.0), (-1.0, 3.0)), (-1.2, 1.0),
            ((1.0, 1.0),), r"(1 - x)^2 + 100 (y - x^2)^2", "A bent, flat-bottomed valley.", "Rosenbrock 1960",
        ),
    ],
)  # fmt: skip
