"""Initial weights and biases: constants, the identity, random draws, orthogonal ones, and two that look at the data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from engine.activations import Activation
from engine.arrays import Array
from engine.registry import Hyperparameter, Registry

Hyperparameters: TypeAlias = Mapping[str, Any]
Sample: TypeAlias = Callable[[np.random.Generator, int, int, Activation, Hyperparameters], Array]
Variance: TypeAlias = Callable[[int, int, Activation, Hyperparameters], float | None]


@dataclass(frozen=True, slots=True)
class Initializer:
    """One way to draw the weights of a layer, or its biases.

    Parameters
    ----------
    name, label : str
        The key, and what a person reads.
    sample : callable ``(rng, fan_in, fan_out, activation, hyperparameters) -> (fan_in, fan_out) array``
        Draws the weights, or with ``fan_in`` 1 the biases. ``fan_out`` counts pre-activations; ``activation`` is the
        entry that follows the layer.
    variance : callable ``(fan_in, fan_out, activation, hyperparameters) -> float or None``
        The variance of one weight; None where the data have a say.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from.
    hyperparameters : tuple of Hyperparameter
    adapt : callable ``(z) -> (scale, shift)`` or None
        For those that look at the data: from the pre-activations (B, n) that the layer makes of training inputs to
        numbers, one for all units or (n,). The layer's weights then become W scale, and its biases b scale + shift.
    """

    name: str
    label: str
    sample: Sample
    variance: Variance
    formula: str
    doc: str
    source: str
    hyperparameters: tuple[Hyperparameter, ...] = ()
    adapt: Callable[[Array], tuple[Any, Any]] | None = None


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
    """A matrix with orthonormal rows or columns, whichever are fewer, every such matrix equally likely."""
    tall = rng.normal(size=(max(fan_in, fan_out), min(fan_in, fan_out)))
    q, r = np.linalg.qr(tall)
    # QR leaves the signs of the columns to the algorithm; with a positive diagonal in R the outcome is uniform.
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
    """Ones on the diagonal, times the gain; the same for each piece of units that choose between two."""
    pieces = activation.pieces(*(hyperparameter.default for hyperparameter in activation.hyperparameters))
    # How many pieces there are is not told here. Of another number than the default's the last block is cut off.
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
"""A signal that varies by a smaller share of its size does not vary: what is left is rounding."""


def _to_unit_spread(z: Array, axis: int | None = None) -> Array:
    """The factor that gives z a standard deviation of 1; a factor of 1 where it does not vary."""
    spread = z.std(axis=axis)
    return 1.0 / np.where(spread > ROUNDING * np.abs(z).max(axis=axis), spread, 1.0)


def _layer_to_unit_variance(z: Array) -> tuple[float, float]:
    return float(_to_unit_spread(z)), 0.0


def _units_to_unit_variance(z: Array) -> tuple[Array, Array]:
    scale = _to_unit_spread(z, axis=0)
    return scale, -scale * z.mean(axis=0)


GLOROT = "Glorot and Bengio 2010"
HE = "He et al. 2015, in the form for fan-in and plain ReLU, whatever activation follows"

INITIALIZERS = Registry(
    "initializer",
    [
        constant(
            "zeros", "Zeros", _zero, r"w = 0",
            "Every unit of a layer starts, and stays, the same: symmetry is never broken.", "for contrast",
        ),
        constant(
            "constant", "Constant", _value, r"w = c",
            "No better than zeros: units that start the same learn the same.", "for contrast",
            Hyperparameter("value", 0.5, -10.0, 10.0, "What every weight is.", "Value"),
        ),
        normal(
            "small_normal", "Small normal", _small, r"w \sim N(0, \sigma^2)",
            "Fine for shallow nets; in deep ones the signal fades from layer to layer.",
            "Krizhevsky et al. 2012, with a deviation of 0.01",
            Hyperparameter("spread", 0.01, 1e-6, 10.0, "Standard deviation of the weights.", "Deviation", log=True),
        ),
        uniform(
            "uniform", "Uniform", _between_edges, r"w \sim U(-e, e)",
            "Flat between two edges that know nothing of the layer's size.", "classic",
            Hyperparameter("edge", 0.5, 1e-6, 10.0, "Largest weight that can be drawn.", "Edge", log=True),
        ),
        normal(
            "lecun_normal", "LeCun normal", _lecun, r"w \sim N\left(0, \frac{1}{n_{in}}\right)",
            "Keeps the spread of the signal where units are nearly linear.",
            "LeCun et al. 1998, Efficient BackProp, section 4.6; normal, not truncated",
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
            "Keeps the spread with ReLU, which drops half of the signal.", HE,
        ),
        uniform(
            "he_uniform", "He uniform", _he, r"w \sim U(-e, e),\ e = \sqrt{\frac{6}{n_{in}}}",
            "He with a flat distribution of the same variance.", HE,
        ),
        Initializer(
            "orthogonal", "Orthogonal", _orthogonal, _orthogonal_variance,
            r"W^\top W = g^2 I \text{ or } W W^\top = g^2 I",
            "Turns the signal without stretching it, however many linear layers follow each other.",
            "Saxe et al. 2014; by QR of a normal matrix with the signs of R's diagonal moved to Q, which makes it "
            "uniform (Mezzadri 2007); orthonormal rows or columns, whichever are fewer",
            (Hyperparameter("gain", 1.0, 0.01, 10.0, "Length of the orthogonal rows or columns.", "Gain", log=True),),
        ),
        Initializer(
            "identity", "Identity", _identity, _no_variance, r"W = g I",
            "Every layer begins as a copy of the one before, times the gain: L linear ones multiply by its L-th power.",
            "Le et al. 2015, for recurrent networks of ReLU units; scaled in lecture 5. Where a layer has other units "
            "than inputs the diagonal ends early; of maxout with two pieces both are the same",
            (Hyperparameter("gain", 1.0, 0.0, 2.0, "What stands on the diagonal.", "Gain"),),
        ),
        normal(
            "random_walk", "Random walk", _walk, r"w \sim N\left(0, \frac{g^2}{n_{in}}\right)",
            "Widened a little for narrow layers, so that the log of the gradient's length drifts neither way.",
            "Sussillo and Abbott 2014, who give g for linear layers, exp(1/(2n)), and for ReLU, "
            "sqrt(2) exp(1.2/(max(n, 6) - 2.4)); for all others the activation's gain times exp(1/(2n)) is our own "
            "extension. n is n_in",
        ),
        Initializer(
            "lsuv", "LSUV", _unscaled_orthogonal, _from_data, r"W \leftarrow \frac{W}{\operatorname{std}(z)}",
            "Orthogonal, then scaled layer by layer until the training inputs give pre-activations of variance 1.",
            "Mishkin and Matas 2016, layer-sequential unit variance: over batch and units together. They repeat the "
            "scaling up to a tolerance; z is linear in W when the bias is zero (and the bias is scaled along), so that "
            "once is exact",
            adapt=_layer_to_unit_variance,
        ),
        Initializer(
            "data_dependent", "Data-dependent", _unscaled_normal, _from_data,
            r"W_{\cdot j} \leftarrow \frac{W_{\cdot j}}{\sigma_j},\ b_j \leftarrow \frac{b_j - \mu_j}{\sigma_j}",
            "Every unit's pre-activation begins with mean 0 and variance 1 on the training inputs.",
            "Krähenbühl et al. 2016, algorithm 1 (within-layer normalisation) with normal weights, centred on 0; "
            "algorithm 2, which evens out the layers' rates of change by their gradients, is left out",
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
            "A small positive number lets every ReLU unit be active at the start.", "usual practice with ReLU",
            Hyperparameter("value", 0.1, -10.0, 10.0, "What every bias is.", "Value"),
        ),
    ],
)  # fmt: skip
