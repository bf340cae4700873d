"""Activation functions: ``a = f(z)`` and ``da/dz``, element by element.

Both write into ``out``, so that a training step allocates little or nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.normal import FAR, bell_curve, upper_tail
from engine.registry import Hyperparameter, Registry

INFINITY = float("inf")


def always(low: float, high: float) -> Callable[..., tuple[float, float]]:
    """A range that no hyperparameter changes."""
    return lambda *values: (low, high)


def _one(*values: float) -> int:
    return 1


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation function and what a picture or a check needs to know of it.

    Parameters
    ----------
    name, label : str
        The key, and what a person reads.
    f : callable ``(z, out, *values) -> a``
        The function; ``z`` and ``out`` have the same shape, any leading axes. ``values`` are those of
        ``hyperparameters``, in their order.
    df : callable ``(z, a, out, *values) -> slope``
        The derivative with respect to ``z``, given ``a = f(z)``. In neither is ``out`` ever one of the others.
    range : callable ``(*values) -> (float, float)``
        Infimum and supremum of ``f``; where the hyperparameter is learned, over all that it may become.
    kinks : tuple of float
        Where ``df`` (or ``f`` itself) jumps, unless a hyperparameter smooths it; at a kink ``df`` is the derivative
        from the left.
    gain : float
        Factor by which weights of variance 1/n_in should be widened to keep the spread of the signal, with the
        hyperparameters at their defaults. For unbounded functions, and for the step, by the condition of He et al.
        2015, gain^2 E[f(z)^2] = 1 for standard normal z; 5/3 for tanh and 1 for sigmoid by convention. The initialisers
        ask for it.
    formula : str
        LaTeX.
    doc, source : str
        One sentence for a tooltip; where it comes from.
    hyperparameters : tuple of Hyperparameter
        Numbers that shape the function.
    walk_gain : callable ``(width) -> float`` or None
        Gain of a random-walk initialisation for a layer of that many units; None stands for the general
        gain exp(1 / (2 width)).
    pieces : callable ``(*values) -> int``
        Pre-activations of each unit. Where there are several the unit passes on the largest, and ``f`` and ``df``
        describe the piece that won.
    learned : callable ``(z, a, out, value) -> slope`` or None
        For a function whose only hyperparameter is learned: derivative of ``f`` with respect to it, element by element.
        One number for each unit, (..., 1, n), then takes the place of the hyperparameter's value, with which all begin.
    forward_only : bool
        True where ``df`` is zero everywhere, so that nothing before it can learn.
    """

    name: str
    label: str
    f: Callable[..., Array]
    df: Callable[..., Array]
    range: Callable[..., tuple[float, float]]
    kinks: tuple[float, ...]
    gain: float
    formula: str
    doc: str
    source: str
    hyperparameters: tuple[Hyperparameter, ...] = ()
    walk_gain: Callable[[int], float] | None = None
    pieces: Callable[..., int] = _one
    learned: Callable[..., Array] | None = None
    forward_only: bool = False


def _linear(z: Array, out: Array) -> Array:
    return np.positive(z, out=out)


def _linear_slope(z: Array, a: Array, out: Array) -> Array:
    out.fill(1.0)
    return out


def _linear_walk_gain(width: int) -> float:
    return math.exp(1 / (2 * width))


def sigmoid(z: Array, out: Array) -> Array:
    """Logistic function as ``e^z / (1 + e^z)``, which keeps its digits far below zero; from z = 40 on it is 1."""
    np.minimum(z, 40.0, out=out)
    np.exp(out, out=out)
    return np.divide(out, np.add(out, 1.0), out=out)


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


def _relu_walk_gain(width: int) -> float:
    return math.sqrt(2.0) * math.exp(1.2 / (max(width, 6) - 2.4))


def _leaky_relu(z: Array, out: Array, slope: float) -> Array:
    np.multiply(z, slope, out=out)
    return np.maximum(z, out, out=out)


def _leaky_relu_slope(z: Array, a: Array, out: Array, slope: float) -> Array:
    np.greater(z, 0.0, out=out)
    return np.maximum(out, slope, out=out)


def _leaky_relu_range(slope: float) -> tuple[float, float]:
    return (-INFINITY if slope > 0 else 0.0, INFINITY)


def _leaky_gain(slope: float) -> float:
    return (2.0 / (1.0 + slope**2)) ** 0.5


# A learned slope may leave [0, 1], where the larger of z and slope z would be the wrong one.


def _prelu(z: Array, out: Array, slope: float | Array) -> Array:
    np.minimum(z, 0.0, out=out)
    np.multiply(out, slope, out=out)
    return np.add(out, np.maximum(z, 0.0), out=out)


def _prelu_slope(z: Array, a: Array, out: Array, slope: float | Array) -> Array:
    np.less_equal(z, 0.0, out=out)
    np.multiply(out, slope, out=out)
    return np.add(out, z > 0.0, out=out)


def _prelu_learned(z: Array, a: Array, out: Array, slope: float | Array) -> Array:
    return np.minimum(z, 0.0, out=out)


# The slopes of the exponential units come from z, not from a + alpha, whose digits cancel far below zero.


def _elu(z: Array, out: Array, alpha: float) -> Array:
    np.minimum(z, 0.0, out=out)
    np.expm1(out, out=out)
    np.multiply(out, alpha, out=out)
    return np.add(out, np.maximum(z, 0.0), out=out)


def _elu_slope(z: Array, a: Array, out: Array, alpha: float) -> Array:
    np.minimum(z, 0.0, out=out)
    np.exp(out, out=out)
    return _prelu_slope(z, a, out, np.multiply(out, alpha))


def _elu_range(alpha: float) -> tuple[float, float]:
    return (0.0 - alpha, INFINITY)


_SELU_ALPHA = 1.6732632423543772848
_SELU_SCALE = 1.0507009873554804934


def _selu(z: Array, out: Array) -> Array:
    _elu(z, out, _SELU_ALPHA)
    return np.multiply(out, _SELU_SCALE, out=out)


def _selu_slope(z: Array, a: Array, out: Array) -> Array:
    _elu_slope(z, a, out, _SELU_ALPHA)
    return np.multiply(out, _SELU_SCALE, out=out)


def _gelu(z: Array, out: Array) -> Array:
    # z Phi(z) = max(z, 0) - |z| Q(|z|): never the difference of two numbers that are nearly the same.
    y = np.abs(z)
    np.minimum(y, FAR, out=y)
    below = upper_tail(y)
    np.multiply(below, y, out=below)
    return np.subtract(np.maximum(z, 0.0, out=y), below, out=out)


def _gelu_slope(z: Array, a: Array, out: Array) -> Array:
    # Phi(z) + z phi(z), where Phi(z) is a / z. Nearer to zero than 1e-30 it is 1/2, to the last digit.
    y = np.abs(z)
    out.fill(0.5)
    np.divide(a, z, out=out, where=y > 1e-30)
    np.minimum(y, FAR, out=y)
    bell = bell_curve(y, np.empty_like(y))
    np.multiply(bell, (2 * math.pi) ** -0.5, out=bell)
    np.multiply(bell, z, out=bell)
    return np.add(out, bell, out=out)


def _swish(z: Array, out: Array, beta: float) -> Array:
    sigmoid(np.multiply(z, beta), out)
    return np.multiply(out, z, out=out)


def _swish_slope(z: Array, a: Array, out: Array, beta: float) -> Array:
    # s (1 + x (1 - s)) for x = beta z and s = sigmoid(x).
    x = np.multiply(z, beta)
    sigmoid(x, out)
    np.multiply(x, np.subtract(1.0, out), out=x)
    np.add(x, 1.0, out=x)
    return np.multiply(out, x, out=out)


def _swish_range(beta: float) -> tuple[float, float]:
    # The minimum of x sigmoid(x) is -W(1/e), with Lambert's W.
    return (-0.2784645427610738 / beta if beta > 0 else -INFINITY, INFINITY)


def _softplus(z: Array, out: Array) -> Array:
    return np.logaddexp(z, 0.0, out=out)


def _softplus_slope(z: Array, a: Array, out: Array) -> Array:
    # The sigmoid of z is 1 - exp(-softplus(z)), which keeps all digits however small it is.
    np.negative(a, out=out)
    np.expm1(out, out=out)
    return np.negative(out, out=out)


def _maxout(z: Array, out: Array, k: float) -> Array:
    return _linear(z, out)


def _maxout_slope(z: Array, a: Array, out: Array, k: float) -> Array:
    return _linear_slope(z, a, out)


def step(z: Array, out: Array) -> Array:
    """1 above zero, else 0; so a score of exactly 0 is class 0, as everywhere in the engine."""
    return np.greater(z, 0.0, out=out)


def _step_slope(z: Array, a: Array, out: Array) -> Array:
    out.fill(0.0)
    return out


def _smooth_gain(f: Callable[..., Array], *values: float) -> float:
    """He's gain of a smooth function: E[f(z)^2] by the trapezoid rule on [-12, 12], exact to rounding."""
    z = np.linspace(-12.0, 12.0, 385)
    density = np.exp(-0.5 * z * z) / (16.0 * math.sqrt(2 * math.pi))
    return float(np.sum(density * f(z, np.empty_like(z), *values) ** 2)) ** -0.5


def _elu_gain() -> float:
    """He's gain of ELU at alpha = 1: E[f(z)^2] = 1/2 + 1/2 - 2 e^(1/2) Phi(-1) + e^2 Phi(-2)."""
    one, two = (math.erfc(x / math.sqrt(2.0)) / 2 for x in (1, 2))
    return (1.0 - 2.0 * math.exp(0.5) * one + math.exp(2.0) * two) ** -0.5


ACTIVATIONS = Registry(
    "activation",
    [
        Activation(
            "linear",
            "Linear",
            _linear,
            _linear_slope,
            always(-INFINITY, INFINITY),
            (),
            1.0,
            r"f(z) = z",
            "Passes its input on; a stack of linear layers is one linear layer.",
            "identity; random-walk gain of Sussillo and Abbott 2014",
            walk_gain=_linear_walk_gain,
        ),
        Activation(
            "sigmoid",
            "Sigmoid",
            sigmoid,
            _sigmoid_slope,
            always(0.0, 1.0),
            (),
            1.0,
            r"f(z) = \frac{1}{1 + e^{-z}}",
            "Squashes to (0, 1); its slope is at most 1/4 and vanishes on both sides.",
            "logistic function",
        ),
        Activation(
            "tanh",
            "Tanh",
            _tanh,
            _tanh_slope,
            always(-1.0, 1.0),
            (),
            5 / 3,
            r"f(z) = \tanh z",
            "Squashes to (-1, 1), centred on zero.",
            "LeCun et al. 1998, Efficient BackProp",
        ),
        Activation(
            "relu",
            "ReLU",
            _relu,
            _relu_slope,
            always(0.0, INFINITY),
            (0.0,),
            2**0.5,
            r"f(z) = \max(0, z)",
            "Keeps what is positive; a unit that is never positive learns nothing.",
            "Nair and Hinton 2010; random-walk gain of Sussillo and Abbott 2014",
            walk_gain=_relu_walk_gain,
        ),
        Activation(
            "leaky_relu",
            "Leaky ReLU",
            _leaky_relu,
            _leaky_relu_slope,
            _leaky_relu_range,
            (0.0,),
            _leaky_gain(0.01),
            r"f(z) = \max(s\,z, z)",
            "ReLU with a small slope below zero, so no unit dies.",
            "Maas et al. 2013",
            (Hyperparameter("slope", 0.01, 0.0, 1.0, "Slope below zero: 0 is ReLU, 1 is linear.", "Slope"),),
        ),
        Activation(
            "prelu",
            "PReLU",
            _prelu,
            _prelu_slope,
            always(-INFINITY, INFINITY),
            (0.0,),
            _leaky_gain(0.25),
            r"f(z) = \max(0, z) + s \min(0, z)",
            "Leaky ReLU whose slope below zero is learned, for each unit its own.",
            "He et al. 2015; channel-wise: a slope for each unit",
            (
                Hyperparameter(
                    "slope", 0.25, -1.0, 1.0, "Slope below zero with which every unit begins.", "Initial slope"
                ),
            ),
            learned=_prelu_learned,
        ),
        Activation(
            "elu",
            "ELU",
            _elu,
            _elu_slope,
            _elu_range,
            (0.0,),
            _elu_gain(),
            r"f(z) = \max(0, z) + \min(0, \alpha\,(e^z - 1))",
            "Levels off below zero, which centres its outputs.",
            "Clevert et al. 2016",
            (
                Hyperparameter(
                    "alpha", 1.0, 0.0, 10.0, "Depth at which it levels off; only at 1 is there no kink.", "Alpha"
                ),
            ),
        ),
        Activation(
            "selu",
            "SELU",
            _selu,
            _selu_slope,
            always(-_SELU_SCALE * _SELU_ALPHA, INFINITY),
            (0.0,),
            1.0,
            r"f(z) = 1.0507 \left(\max(0, z) + \min(0, 1.6733\,(e^z - 1))\right)",
            "ELU scaled so that outputs of mean 0 and variance 1 come out the same.",
            "Klambauer et al. 2017; their alpha and lambda for the fixed point (0, 1)",
        ),
        Activation(
            "gelu",
            "GELU",
            _gelu,
            _gelu_slope,
            always(-0.16997120747990366, INFINITY),
            (),
            _smooth_gain(_gelu),
            r"f(z) = z\,\Phi(z)",
            "Scales its input by the share of a normal distribution that lies below it.",
            "Hendrycks and Gimpel 2016; exact, with the error function, not their approximation by tanh",
        ),
        Activation(
            "swish",
            "Swish",
            _swish,
            _swish_slope,
            _swish_range,
            (),
            _smooth_gain(_swish, 1.0),
            r"f(z) = \frac{z}{1 + e^{-\beta z}}",
            "A smooth ReLU that dips below zero before it levels off at zero.",
            "Ramachandran et al. 2017, beta fixed; with beta = 1 the SiLU of Elfwing et al. 2018",
            (
                Hyperparameter(
                    "beta", 1.0, 0.0, 10.0, "Sharpness of the bend: at 0 linear, larger is nearer to ReLU.", "Beta"
                ),
            ),
        ),
        Activation(
            "softplus",
            "Softplus",
            _softplus,
            _softplus_slope,
            always(0.0, INFINITY),
            (),
            _smooth_gain(_softplus),
            r"f(z) = \log(1 + e^z)",
            "ReLU with its corner rounded off; its slope is the sigmoid.",
            "Dugas et al. 2001",
        ),
        Activation(
            "maxout",
            "Maxout",
            _maxout,
            _maxout_slope,
            always(-INFINITY, INFINITY),
            (),
            1.0,
            r"f(z_1, \dots, z_k) = \max_j z_j",
            "The largest of k weighted sums, each with its own weights: a curve of straight pieces that is learned.",
            "Goodfellow et al. 2013; gain for two pieces, of which E[max(z_1, z_2)^2] = 1",
            (Hyperparameter("k", 2, 2, 5, "Weighted sums of each unit.", "Pieces", integer=True),),
            pieces=int,
        ),
        Activation(
            "step",
            "Step",
            step,
            _step_slope,
            always(0.0, 1.0),
            (0.0,),
            2**0.5,
            r"f(z) = [z > 0]",
            "All or nothing, 0 at 0; without a slope, so nothing before it can learn.",
            "McCulloch and Pitts 1943; Rosenblatt 1958",
            forward_only=True,
        ),
    ],
)
