"""Initial weights and biases: constant, identity, random, orthogonal, and two that use the training data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.activations import Activation
from engine.arrays import Array
from engine.registry import Hyperparameter, Hyperparameters, Registry

Sample: TypeAlias = Callable[[np.random.Generator, int, int, Activation, Hyperparameters], Array]
Variance: TypeAlias = Callable[[int, int, Activation, Hyperparameters], float | None]


@dataclass(frozen=True, slots=True)
class Initializer:
    """One way to draw the weights of a layer, or its biases.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    sample : callable ``(rng, fan_in, fan_out, activation, hyperparameters) -> (fan_in, fan_out) array``
        Draws the weights, or with ``fan_in`` 1 the biases. ``fan_out`` counts pre-activations; ``activation`` is the
        entry that follows the layer.
    variance : callable ``(fan_in, fan_out, activation, hyperparameters) -> float or None``
        The variance of one weight; None if it depends on the data.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from.
    hyperparameters : tuple of Hyperparameter
    adapt : callable ``(z) -> (scale, shift)`` or None
        For those that use the data: from the layer's pre-activations (B, n) of training inputs to two factors, one for
        all units or (n,). The layer's weights then become W scale, and its biases b scale + shift.
    """

    name: str
    label: str
    sample: Sample
    variance: Variance
    formula: str
    doc: str
    source: str
    hyperparameters: tuple[Hyperparameter, ...] = ()
    adapt: Callable[[Array], tuple[float | Array, float | Array]] | None = None


def constant(
    name: str,
    label: str,
    value: Callable[[Hyperparameters], float],
    formula: str,
    doc: str,
    source: str,
    *hyperparameters: Hyperparameter,
) -> Initializer:
    """Build the entry for weights that are all the same."""

    def sample(
        rng: np.random.Generator, fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters
    ) -> Array:
        return np.full((fan_in, fan_out), float(value(hyperparameters)))

    return Initializer(name, label, sample, _no_variance, formula, doc, source, hyperparameters)


def normal(
    name: str,
    label: str,
    variance: Callable[..., float],
    formula: str,
    doc: str,
    source: str,
    *hyperparameters: Hyperparameter,
) -> Initializer:
    """Build the entry for weights from N(0, variance)."""

    def sample(
        rng: np.random.Generator, fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters
    ) -> Array:
        spread = variance(fan_in, fan_out, activation, hyperparameters) ** 0.5
        return rng.normal(0.0, spread, (fan_in, fan_out))

    return Initializer(name, label, sample, variance, formula, doc, source, hyperparameters)


def uniform(
    name: str,
    label: str,
    variance: Callable[..., float],
    formula: str,
    doc: str,
    source: str,
    *hyperparameters: Hyperparameter,
) -> Initializer:
    """Build the entry for weights from U(-e, e) with the variance e^2 / 3."""

    def sample(
        rng: np.random.Generator, fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters
    ) -> Array:
        edge = (3.0 * variance(fan_in, fan_out, activation, hyperparameters)) ** 0.5
        return rng.uniform(-edge, edge, (fan_in, fan_out))

    return Initializer(name, label, sample, variance, formula, doc, source, hyperparameters)


def _zero(hyperparameters: Hyperparameters) -> float:
    return 0.0


def _value(hyperparameters: Hyperparameters) -> float:
    return hyperparameters["value"]


def _no_variance(fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters) -> float:
    return 0.0


def _small(fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters) -> float:
    return hyperparameters["spread"] ** 2


def _between_edges(fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters) -> float:
    return hyperparameters["edge"] ** 2 / 3.0


def _lecun(fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters) -> float:
    return 1.0 / fan_in


def _xavier(fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters) -> float:
    return 2.0 / (fan_in + fan_out)


def _he(fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters) -> float:
    return 2.0 / fan_in


def _walk(fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters) -> float:
    own = activation.walk_gain
    gain = own(fan_in) if own else activation.gain * math.exp(1.0 / (2.0 * fan_in))
    return gain**2 / fan_in


def _from_data(fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters) -> None:
    return None


def _orthonormal(rng: np.random.Generator, fan_in: int, fan_out: int) -> Array:
    """A random matrix with orthonormal rows or columns, whichever are fewer, uniformly distributed."""
    tall = rng.normal(size=(max(fan_in, fan_out), min(fan_in, fan_out)))
    q, r = np.linalg.qr(tall)
    # QR does not fix the signs of the columns; with a positive diagonal in R the matrix is uniformly distributed.
    q *= np.copysign(1.0, np.diagonal(r))
    return q if fan_in >= fan_out else q.T


def _orthogonal(
    rng: np.random.Generator, fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters
) -> Array:
    return hyperparameters["gain"] * _orthonormal(rng, fan_in, fan_out)


def _orthogonal_variance(fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters) -> float:
    return hyperparameters["gain"] ** 2 / max(fan_in, fan_out)


def _identity(
    rng: np.random.Generator, fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters
) -> Array:
    """Ones on the diagonal, times the gain; the same for each piece of a unit."""
    pieces = activation.pieces(*(hyperparameter.default for hyperparameter in activation.hyperparameters))
    # The number of pieces is not known here: if it is not the default, the last block is cut off.
    block = np.eye(fan_in, -(-fan_out // pieces))
    return hyperparameters["gain"] * np.tile(block, pieces)[:, :fan_out]


def _unscaled_orthogonal(
    rng: np.random.Generator, fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters
) -> Array:
    return _orthonormal(rng, fan_in, fan_out)


def _unscaled_normal(
    rng: np.random.Generator, fan_in: int, fan_out: int, activation: Activation, hyperparameters: Hyperparameters
) -> Array:
    return rng.normal(0.0, fan_in**-0.5, (fan_in, fan_out))


ROUNDING = 1e-12
"""A signal that varies by a smaller share of its size counts as constant: the rest is rounding error."""


def _to_unit_spread(z: Array, axis: int | None = None) -> Array:
    """The factor that gives z a standard deviation of 1; a factor of 1 where z is constant."""
    spread = z.std(axis=axis)
    return 1.0 / np.where(spread > ROUNDING * np.abs(z).max(axis=axis), spread, 1.0)


def _layer_to_unit_variance(z: Array) -> tuple[float, float]:
    return float(_to_unit_spread(z)), 0.0


def _units_to_unit_variance(z: Array) -> tuple[Array, Array]:
    scale = _to_unit_spread(z, axis=0)
    return scale, -scale * z.mean(axis=0)


GLOROT = "Glorot and Bengio 2010"
HE = "He et al. 2015, in the form for fan-in and plain ReLU, for every activation"

INITIALIZERS = Registry(
    "initializer",
    [
        constant(
            "zeros", "Zeros", _zero, r"w = 0",
            "All units of a layer start the same and stay the same: the symmetry is never broken.", "for contrast",
        ),
        constant(
            "constant", "Constant", _value, r"w = c",
            "Units that start the same learn the same, so that each layer works like one unit.", "for contrast",
            Hyperparameter("value", 0.5, -10.0, 10.0, "The value of every weight.", "Value"),
        ),
        normal(
            "small_normal", "Small normal", _small, r"w \sim N(0, \sigma^2)",
            "Good for shallow networks; in deep networks the signal becomes smaller from layer to layer.",
            "Krizhevsky et al. 2012, with a standard deviation of 0.01",
            Hyperparameter("spread", 0.01, 1e-6, 10.0, "Standard deviation of the weights.", "Deviation", log=True),
        ),
        uniform(
            "uniform", "Uniform", _between_edges, r"w \sim U(-e, e)",
            "Uniform between two edges, whatever the size of the layer.", "classic",
            Hyperparameter("edge", 0.5, 1e-6, 10.0, "Largest weight that can be drawn.", "Edge", log=True),
        ),
        normal(
            "lecun_normal", "LeCun normal", _lecun, r"w \sim N\left(0, \frac{1}{n_{in}}\right)",
            "Keeps the spread of the signal if units are nearly linear.",
            "LeCun et al. 1998, Efficient BackProp, section 4.6; normal, not truncated",
        ),
        normal(
            "xavier_normal", "Xavier normal", _xavier, r"w \sim N\left(0, \frac{2}{n_{in} + n_{out}}\right)",
            "Keeps the spread of both signal and gradient, for units like tanh.", GLOROT,
        ),
        uniform(
            "xavier_uniform", "Xavier uniform", _xavier, r"w \sim U(-e, e),\ e = \sqrt{\frac{6}{n_{in} + n_{out}}}",
            "Xavier with a uniform distribution of the same variance.", GLOROT,
        ),
        normal(
            "he_normal", "He normal", _he, r"w \sim N\left(0, \frac{2}{n_{in}}\right)",
            "Keeps the spread of the signal with ReLU, which removes half of it.", HE,
        ),
        uniform(
            "he_uniform", "He uniform", _he, r"w \sim U(-e, e),\ e = \sqrt{\frac{6}{n_{in}}}",
            "He with a uniform distribution of the same variance.", HE,
        ),
        Initializer(
            "orthogonal", "Orthogonal", _orthogonal, _orthogonal_variance,
            r"W^\top W = g^2 I \text{ or } W W^\top = g^2 I",
            "Rotates the signal without changing its length, through any number of linear layers.",
            "Saxe et al. 2014; by QR of a normal matrix with the signs of R's diagonal moved to Q, which makes it "
            "uniform (Mezzadri 2007); orthonormal rows or columns, whichever are fewer",
            (Hyperparameter("gain", 1.0, 0.01, 10.0, "Length of the orthogonal rows or columns.", "Gain", log=True),),
        ),
        Initializer(
            "identity", "Identity", _identity, _no_variance, r"W = g I",
            "Every layer starts as a copy of the one before, times the gain: L linear layers multiply by gain^L.",
            "Le et al. 2015, for recurrent networks of ReLU units; scaled in lecture 5. If a layer has more or fewer "
            "units than inputs, the diagonal ends early; the pieces of a maxout unit are the same",
            (Hyperparameter("gain", 1.0, 0.0, 2.0, "The value on the diagonal.", "Gain"),),
        ),
        normal(
            "random_walk", "Random walk", _walk, r"w \sim N\left(0, \frac{g^2}{n_{in}}\right)",
            "A little larger for narrow layers, so that the log of the gradient's norm stays the same on average.",
            "Sussillo and Abbott 2014, who give g for linear layers, exp(1/(2n)), and for ReLU, "
            "sqrt(2) exp(1.2/(max(n, 6) - 2.4)); for all others the activation's gain times exp(1/(2n)) is our own "
            "extension. n is n_in",
        ),
        Initializer(
            "lsuv", "LSUV", _unscaled_orthogonal, _from_data, r"W \leftarrow \frac{W}{\operatorname{std}(z)}",
            "Orthogonal, then each layer is scaled so that the training inputs give pre-activations of variance 1.",
            "Mishkin and Matas 2016, layer-sequential unit variance: over batch and units together. They repeat the "
            "scaling up to a tolerance; z is linear in W if the bias is zero (and the bias is scaled too), so that "
            "one scaling is exact",
            adapt=_layer_to_unit_variance,
        ),
        Initializer(
            "data_dependent", "Data-dependent", _unscaled_normal, _from_data,
            r"W_{\cdot j} \leftarrow \frac{W_{\cdot j}}{\sigma_j},\ b_j \leftarrow \frac{b_j - \mu_j}{\sigma_j}",
            "Every unit's pre-activation starts with mean 0 and variance 1 on the training inputs.",
            "Krähenbühl et al. 2016, algorithm 1 (within-layer normalisation) with normal weights, centred on 0; "
            "without algorithm 2, which makes the layers' rates of change equal by their gradients",
            adapt=_units_to_unit_variance,
        ),
    ],
)  # fmt: skip

BIAS_INITIALIZERS = Registry(
    "bias initializer",
    [
        constant(
            "zeros", "Zeros", _zero, r"b = 0",
            "The usual choice: the weights alone break the symmetry.", "usual practice",
        ),
        constant(
            "constant", "Constant", _value, r"b = c",
            "A small positive number makes every ReLU unit active at the start.", "usual practice with ReLU",
            Hyperparameter("value", 0.1, -10.0, 10.0, "The value of every bias.", "Value"),
        ),
    ],
)  # fmt: skip
