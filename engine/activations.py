"""Activation functions: ``a = f(z)`` and ``da/dz``, element by element.

Both write into ``out``, so that a training step allocates nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.registry import Registry


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation function and what a picture or a check needs to know of it.

    Parameters
    ----------
    name, label : str
        The key, and what a person reads.
    f : callable ``(z, out) -> a``
        The function; ``z`` and ``out`` have the same shape, any leading axes.
    df : callable ``(z, a, out) -> slope``
        The derivative with respect to ``z``, given ``a = f(z)``.
    range : (float, float)
        Infimum and supremum of ``f``.
    kinks : tuple of float
        Where ``df`` jumps; at a kink ``df`` is the derivative from the left.
    gain : float
        Factor by which weights of variance 1/n_in should be widened to keep the spread of the signal
        (He et al. 2015 for the rectifiers; 1 for linear; 5/3 for tanh and 1 for sigmoid by convention). For the
        reader and for initialisers to come: those of today do not ask which activation follows.
    formula : str
        LaTeX.
    doc, source : str
        One sentence for a tooltip; where it comes from.
    """

    name: str
    label: str
    f: Callable[[Array, Array], Array]
    df: Callable[[Array, Array, Array], Array]
    range: tuple[float, float]
    kinks: tuple[float, ...]
    gain: float
    formula: str
    doc: str
    source: str


def _linear(z: Array, out: Array) -> Array:
    return np.positive(z, out=out)


def _linear_slope(z: Array, a: Array, out: Array) -> Array:
    out.fill(1.0)
    return out


def sigmoid(z: Array, out: Array) -> Array:
    """Logistic function as ``(1 + tanh(z/2)) / 2``, which cannot overflow."""
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    np.multiply(out, 0.5, out=out)
    return np.add(out, 0.5, out=out)


def _sigmoid_slope(z: Array, a: Array, out: Array) -> Array:
    np.subtract(1.0, a, out=out)
    return np.multiply(out, a, out=out)


def _tanh(z: Array, out: Array) -> Array:
    return np.tanh(z, out=out)


def _tanh_slope(z: Array, a: Array, out: Array) -> Array:
    np.multiply(a, a, out=out)
    return np.subtract(1.0, out, out=out)


def _relu(z: Array, out: Array) -> Array:
    return np.maximum(z, 0.0, out=out)


def _relu_slope(z: Array, a: Array, out: Array) -> Array:
    return np.greater(z, 0.0, out=out)


LEAK = 0.01


def _leaky_relu(z: Array, out: Array) -> Array:
    np.multiply(z, LEAK, out=out)
    return np.maximum(z, out, out=out)


def _leaky_relu_slope(z: Array, a: Array, out: Array) -> Array:
    np.greater(z, 0.0, out=out)
    return np.maximum(out, LEAK, out=out)


INFINITY = float("inf")

ACTIVATIONS = Registry(
    "activation",
    [
        Activation(
            "linear", "Linear", _linear, _linear_slope, (-INFINITY, INFINITY), (), 1.0,
            r"f(z) = z", "Passes its input on; a stack of linear layers is one linear layer.", "identity",
        ),
        Activation(
            "sigmoid", "Sigmoid", sigmoid, _sigmoid_slope, (0.0, 1.0), (), 1.0,
            r"f(z) = \frac{1}{1 + e^{-z}}", "Squashes to (0, 1); its slope is at most 1/4 and vanishes on both sides.",
            "logistic function",
        ),
        Activation(
            "tanh", "Tanh", _tanh, _tanh_slope, (-1.0, 1.0), (), 5 / 3,
            r"f(z) = \tanh z", "Squashes to (-1, 1), centred on zero.", "LeCun et al. 1998, Efficient BackProp",
        ),
        Activation(
            "relu", "ReLU", _relu, _relu_slope, (0.0, INFINITY), (0.0,), 2**0.5,
            r"f(z) = \max(0, z)", "Keeps what is positive; a unit that is never positive learns nothing.",
            "Nair and Hinton 2010",
        ),
        Activation(
            "leaky_relu", "Leaky ReLU", _leaky_relu, _leaky_relu_slope, (-INFINITY, INFINITY), (0.0,),
            (2 / (1 + LEAK**2)) ** 0.5,
            r"f(z) = \max(0.01\,z, z)", "ReLU with a small slope of 0.01 below zero, so no unit dies.",
            "Maas et al. 2013",
        ),
    ],
)  # fmt: skip
