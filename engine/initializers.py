"""Initial weights: one core, variance scaling, and its published recipes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.registry import Registry


@dataclass(frozen=True, slots=True)
class Initializer:
    """One way to draw the weights of a layer; biases start at zero.

    Parameters
    ----------
    name, label : str
        The key, and what a person reads.
    sample : callable ``(rng, fan_in, fan_out) -> (fan_in, fan_out) array``
        Draws the weights.
    variance : callable ``(fan_in, fan_out) -> float``
        The variance of one weight.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from.
    """

    name: str
    label: str
    sample: Callable[[np.random.Generator, int, int], Array]
    variance: Callable[[int, int], float]
    formula: str
    doc: str
    source: str


def normal(
    name: str, label: str, variance: Callable[[int, int], float], formula: str, doc: str, source: str
) -> Initializer:
    """Build the entry for weights from N(0, variance)."""

    def sample(rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        return rng.normal(0.0, variance(fan_in, fan_out) ** 0.5, (fan_in, fan_out))

    return Initializer(name, label, sample, variance, formula, doc, source)


def uniform(
    name: str, label: str, variance: Callable[[int, int], float], formula: str, doc: str, source: str
) -> Initializer:
    """Build the entry for weights from U(-e, e) with the variance e^2 / 3."""

    def sample(rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
        edge = (3.0 * variance(fan_in, fan_out)) ** 0.5
        return rng.uniform(-edge, edge, (fan_in, fan_out))

    return Initializer(name, label, sample, variance, formula, doc, source)


def _none(fan_in: int, fan_out: int) -> float:
    return 0.0


def _small(fan_in: int, fan_out: int) -> float:
    return 0.01**2


def _xavier(fan_in: int, fan_out: int) -> float:
    return 2.0 / (fan_in + fan_out)


def _he(fan_in: int, fan_out: int) -> float:
    return 2.0 / fan_in


GLOROT = "Glorot and Bengio 2010"

INITIALIZERS = Registry(
    "initializer",
    [
        normal(
            "zeros", "Zeros", _none, r"w = 0",
            "Every unit of a layer starts, and stays, the same: symmetry is never broken.", "for contrast",
        ),
        normal(
            "small_normal", "Small normal", _small, r"w \sim N(0, 0.01^2)",
            "Fine for shallow nets; in deep ones the signal fades from layer to layer.", "Krizhevsky et al. 2012",
        ),
        normal(
            "xavier_normal", "Xavier normal", _xavier, r"w \sim N\left(0, \frac{2}{n_{in} + n_{out}}\right)",
            "Keeps the spread of signal and gradient alike, for tanh-like units.", GLOROT,
        ),
        uniform(
            "xavier_uniform", "Xavier uniform", _xavier, r"w \sim U(-e, e),\ e = \sqrt{\frac{6}{n_{in} + n_{out}}}",
            "Xavier with a flat distribution of the same variance.", GLOROT,
        ),
        normal(
            "he_normal", "He normal", _he, r"w \sim N\left(0, \frac{2}{n_{in}}\right)",
            "Keeps the spread with ReLU, which drops half of the signal.", "He et al. 2015",
        ),
    ],
)  # fmt: skip
