"""The functions themselves, ``a = f(z)``, and their slopes ``da/dz``, element by element.

They write into ``out``, so that a training step allocates little or nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from engine.activations.base import INFINITY
from engine.arrays import Array
from engine.normal import FAR, bell_curve, upper_tail


def linear(z: Array, out: Array) -> Array:
    """``z`` itself."""
    return np.positive(z, out=out)


def linear_slope(z: Array, a: Array, out: Array) -> Array:
    """``1`` everywhere."""
    out.fill(1.0)
    return out


def linear_walk_gain(width: int) -> float:
    """``exp(1 / (2 width))``: the gain of random walk initialisation (Sussillo and Abbott 2014)."""
    return math.exp(1 / (2 * width))


def sigmoid(z: Array, out: Array) -> Array:
    """Logistic function as ``e^z / (1 + e^z)``, which keeps its digits far below zero; from z = 40 on it is 1."""
    np.minimum(z, 40.0, out=out)
    np.exp(out, out=out)
    return np.divide(out, np.add(out, 1.0), out=out)


def sigmoid_slope(z: Array, a: Array, out: Array) -> Array:
    """``a (1 - a)``."""
    np.subtract(1.0, a, out=out)
    return np.multiply(out, a, out=out)


def tanh(z: Array, out: Array) -> Array:
    """``(e^z - e^-z) / (e^z + e^-z)``."""
    return np.tanh(z, out=out)


def tanh_slope(z: Array, a: Array, out: Array) -> Array:
    """``1 - a^2``."""
    np.multiply(a, a, out=out)
    return np.subtract(1.0, out, out=out)


def relu(z: Array, out: Array) -> Array:
    """``max(z, 0)``."""
    return np.maximum(z, 0.0, out=out)


def relu_slope(z: Array, a: Array, out: Array) -> Array:
    """``1`` for z > 0, else ``0``."""
    return np.greater(z, 0.0, out=out)


def relu_walk_gain(width: int) -> float:
    """``sqrt(2) exp(1.2 / (max(width, 6) - 2.4))``: the same for ReLU, a fit of Sussillo and Abbott."""
    return math.sqrt(2.0) * math.exp(1.2 / (max(width, 6) - 2.4))


def leaky_relu(z: Array, out: Array, slope: float) -> Array:
    """``max(z, slope z)``, for slopes from 0 to 1."""
    np.multiply(z, slope, out=out)
    return np.maximum(z, out, out=out)


def leaky_relu_slope(z: Array, a: Array, out: Array, slope: float) -> Array:
    """``1`` for z > 0, else ``slope``."""
    np.greater(z, 0.0, out=out)
    return np.maximum(out, slope, out=out)


def leaky_relu_range(slope: float) -> tuple[float, float]:
    """Infimum and supremum: from 0 if the slope is 0, else without bounds."""
    return (-INFINITY if slope > 0 else 0.0, INFINITY)


def leaky_gain(slope: float) -> float:
    """He's gain: ``sqrt(2 / (1 + slope^2))``."""
    return (2.0 / (1.0 + slope**2)) ** 0.5


# A learned slope may leave [0, 1]; then the larger of z and slope z is not the function.


def prelu(z: Array, out: Array, slope: float | Array) -> Array:
    """``max(z, 0) + slope min(z, 0)``."""
    np.minimum(z, 0.0, out=out)
    np.multiply(out, slope, out=out)
    return np.add(out, np.maximum(z, 0.0), out=out)


def prelu_slope(z: Array, a: Array, out: Array, slope: float | Array) -> Array:
    """``1`` for z > 0, else ``slope``."""
    np.less_equal(z, 0.0, out=out)
    np.multiply(out, slope, out=out)
    return np.add(out, z > 0.0, out=out)


def prelu_learned(z: Array, a: Array, out: Array, slope: float | Array) -> Array:
    """The derivative with respect to the learned slope: ``min(z, 0)``."""
    return np.minimum(z, 0.0, out=out)


# The slopes of the exponential units are computed from z: a + alpha would lose its digits far below zero.


def elu(z: Array, out: Array, alpha: float) -> Array:
    """``max(z, 0) + alpha (e^min(z, 0) - 1)``."""
    np.minimum(z, 0.0, out=out)
    np.expm1(out, out=out)
    np.multiply(out, alpha, out=out)
    return np.add(out, np.maximum(z, 0.0), out=out)


def elu_slope(z: Array, a: Array, out: Array, alpha: float) -> Array:
    """``1`` for z > 0, else ``alpha e^z``."""
    np.minimum(z, 0.0, out=out)
    np.exp(out, out=out)
    return prelu_slope(z, a, out, np.multiply(out, alpha))


def elu_range(alpha: float) -> tuple[float, float]:
    """Infimum ``-alpha``, and no upper bound."""
    return (0.0 - alpha, INFINITY)


SELU_ALPHA = 1.6732632423543772848
SELU_SCALE = 1.0507009873554804934


def selu(z: Array, out: Array) -> Array:
    """``scale elu(z)``, with the fixed scale and alpha of self-normalising networks."""
    elu(z, out, SELU_ALPHA)
    return np.multiply(out, SELU_SCALE, out=out)


def selu_slope(z: Array, a: Array, out: Array) -> Array:
    """``scale`` for z > 0, else ``scale alpha e^z``."""
    elu_slope(z, a, out, SELU_ALPHA)
    return np.multiply(out, SELU_SCALE, out=out)


def gelu(z: Array, out: Array) -> Array:
    """``z Phi(z)``, with the standard normal distribution function Phi."""
    # z Phi(z) = max(z, 0) - |z| Q(|z|): never the difference of two nearly equal numbers.
    y = np.abs(z)
    np.minimum(y, FAR, out=y)
    below = upper_tail(y)
    np.multiply(below, y, out=below)
    return np.subtract(np.maximum(z, 0.0, out=y), below, out=out)


def gelu_slope(z: Array, a: Array, out: Array) -> Array:
    """``Phi(z) + z phi(z)``, with the standard normal distribution Phi and density phi."""
    # Phi(z) is a / z. Nearer to zero than 1e-30 it is 1/2, to the last digit.
    y = np.abs(z)
    out.fill(0.5)
    np.divide(a, z, out=out, where=y > 1e-30)
    np.minimum(y, FAR, out=y)
    bell = bell_curve(y, np.empty_like(y))
    np.multiply(bell, (2 * math.pi) ** -0.5, out=bell)
    np.multiply(bell, z, out=bell)
    return np.add(out, bell, out=out)


def swish(z: Array, out: Array, beta: float) -> Array:
    """``z sigmoid(beta z)``."""
    sigmoid(np.multiply(z, beta), out)
    return np.multiply(out, z, out=out)


def swish_slope(z: Array, a: Array, out: Array, beta: float) -> Array:
    """``s (1 + x (1 - s))`` for ``x = beta z`` and ``s = sigmoid(x)``."""
    x = np.multiply(z, beta)
    sigmoid(x, out)
    np.multiply(x, np.subtract(1.0, out), out=x)
    np.add(x, 1.0, out=x)
    return np.multiply(out, x, out=out)


def swish_range(beta: float) -> tuple[float, float]:
    """Infimum and supremum: bounded from below only if beta > 0."""
    # The minimum of x sigmoid(x) is -W(1/e), with Lambert's W.
    return (-0.2784645427610738 / beta if beta > 0 else -INFINITY, INFINITY)


def softplus(z: Array, out: Array) -> Array:
    """``log(1 + e^z)``."""
    return np.logaddexp(z, 0.0, out=out)


def softplus_slope(z: Array, a: Array, out: Array) -> Array:
    """``sigmoid(z)``, computed as ``1 - e^-a``."""
    # Computed from a, which keeps all digits however small it is.
    np.negative(a, out=out)
    np.expm1(out, out=out)
    return np.negative(out, out=out)


def maxout(z: Array, out: Array, k: float) -> Array:
    """``z`` itself: the Maxout layer takes the largest of ``k`` such pieces."""
    return linear(z, out)


def maxout_slope(z: Array, a: Array, out: Array, k: float) -> Array:
    """``1`` for every piece; the Maxout layer passes the gradient to the largest one alone."""
    return linear_slope(z, a, out)


def step(z: Array, out: Array) -> Array:
    """1 above zero, else 0; so a score of exactly 0 is class 0, as everywhere in the engine."""
    return np.greater(z, 0.0, out=out)


def step_slope(z: Array, a: Array, out: Array) -> Array:
    """``0`` everywhere."""
    out.fill(0.0)
    return out


def smooth_gain(f: Callable[..., Array], *values: float) -> float:
    """He's gain of a smooth function: E[f(z)^2] by the trapezoid rule on [-12, 12], exact to rounding."""
    z = np.linspace(-12.0, 12.0, 385)
    density = np.exp(-0.5 * z * z) / (16.0 * math.sqrt(2 * math.pi))
    return float(np.sum(density * f(z, np.empty_like(z), *values) ** 2)) ** -0.5


def elu_gain() -> float:
    """He's gain of ELU at alpha = 1: E[f(z)^2] = 1/2 + 1/2 - 2 e^(1/2) Phi(-1) + e^2 Phi(-2)."""
    one, two = (math.erfc(x / math.sqrt(2.0)) / 2 for x in (1, 2))
    return (1.0 - 2.0 * math.exp(0.5) * one + math.exp(2.0) * two) ** -0.5
