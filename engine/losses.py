"""Losses on the network's last pre-activation, which we call the score ``z``.

A *task* says what is predicted: it owns the link from score to prediction and the coding of labels as targets.
A *loss* has one form for each task, with the gradient of the **mean over the batch**: the factor 1/B lives here and
nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.activations import sigmoid
from engine.arrays import Array
from engine.registry import Registry


@dataclass(frozen=True, slots=True)
class Task:
    """What a network predicts.

    Parameters
    ----------
    name, label : str
        The key, and the name of the link that a person reads above the output.
    link : callable ``(z) -> prediction``
        From scores (..., B, C) to probabilities or values of the same shape.
    targets : callable ``(labels, outputs) -> (n, outputs) array``
        Codes labels (n,) for the loss.
    accuracy : callable ``(z, targets) -> (...) array`` or None
        Share of right answers, 0 to 1; None where there is no such thing.
    """

    name: str
    label: str
    link: Callable[[Array], Array]
    targets: Callable[[Array, int], Array]
    accuracy: Callable[[Array, Array], Array] | None


def softmax(z: Array) -> Array:
    """Exponentials normalised over the last axis, shifted by the maximum so that nothing overflows."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _logistic(z: Array) -> Array:
    return sigmoid(z, np.empty_like(z))


def _column(labels: Array, outputs: int) -> Array:
    return np.asarray(labels, dtype=float)[:, None]


def _one_hot(labels: Array, outputs: int) -> Array:
    return np.eye(outputs)[np.asarray(labels, dtype=int)]


def _same_side(z: Array, targets: Array) -> Array:
    return np.mean((z > 0) == (targets > 0.5), axis=(-1, -2))


def _same_class(z: Array, targets: Array) -> Array:
    return np.mean(z.argmax(axis=-1) == targets.argmax(axis=-1), axis=-1)


TASKS = Registry(
    "task",
    [
        Task("binary", "sigmoid", _logistic, _column, _same_side),
        Task("multiclass", "softmax", softmax, _one_hot, _same_class),
        Task("regression", "linear", np.array, _column, None),
    ],
)


@dataclass(frozen=True, slots=True)
class Form:
    """A loss for one task.

    Parameters
    ----------
    value : callable ``(z, targets) -> (...) array``
        Mean over the batch of the loss of (..., B, C) scores.
    gradient : callable ``(z, targets, out) -> out``
        Derivative of ``value`` with respect to ``z``.
    """

    value: Callable[[Array, Array], Array]
    gradient: Callable[[Array, Array, Array], Array]


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss; ``forms`` maps the name of each task to its Form."""

    name: str
    label: str
    forms: Mapping[str, Form]
    formula: str
    doc: str
    source: str


def _half_square(prediction: Array, targets: Array) -> Array:
    error = prediction - targets
    return 0.5 * np.einsum("...bc,...bc->...", error, error) / error.shape[-2]


def _square_value(z: Array, targets: Array) -> Array:
    return _half_square(z, targets)


def _square_gradient(z: Array, targets: Array, out: Array) -> Array:
    np.subtract(z, targets, out=out)
    return np.divide(out, z.shape[-2], out=out)


def _square_of_sigmoid_value(z: Array, targets: Array) -> Array:
    return _half_square(_logistic(z), targets)


def _square_of_sigmoid_gradient(z: Array, targets: Array, out: Array) -> Array:
    p = sigmoid(z, out)
    np.multiply((p - targets) * p, 1.0 - p, out=out)
    return np.divide(out, z.shape[-2], out=out)


def _square_of_softmax_value(z: Array, targets: Array) -> Array:
    return _half_square(softmax(z), targets)


def _square_of_softmax_gradient(z: Array, targets: Array, out: Array) -> Array:
    p = softmax(z)
    error = p - targets
    shared = np.sum(error * p, axis=-1, keepdims=True)
    np.multiply(p, error - shared, out=out)
    return np.divide(out, z.shape[-2], out=out)


def _binary_entropy_value(z: Array, targets: Array) -> Array:
    return np.mean(np.logaddexp(0.0, z) - targets * z, axis=(-1, -2))


def _binary_entropy_gradient(z: Array, targets: Array, out: Array) -> Array:
    sigmoid(z, out)
    np.subtract(out, targets, out=out)
    return np.divide(out, z.shape[-2], out=out)


def _softmax_entropy_value(z: Array, targets: Array) -> Array:
    top = z.max(axis=-1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(z - top), axis=-1)) + top[..., 0]
    return np.mean(log_sum - np.sum(targets * z, axis=-1), axis=-1)


def _softmax_entropy_gradient(z: Array, targets: Array, out: Array) -> Array:
    np.subtract(softmax(z), targets, out=out)
    return np.divide(out, z.shape[-2], out=out)


_GAUSSIAN = Form(_square_value, _square_gradient)

LOSSES = Registry(
    "loss",
    [
        Loss(
            "cross_entropy",
            "Cross-entropy",
            MappingProxyType(
                {
                    "binary": Form(_binary_entropy_value, _binary_entropy_gradient),
                    "multiclass": Form(_softmax_entropy_value, _softmax_entropy_gradient),
                    "regression": _GAUSSIAN,
                }
            ),
            r"-\frac{1}{B} \sum_b \log p(t_b \mid z_b)",
            "Minus the log of the probability given to the truth; on values, with a Gaussian, half the squared error.",
            "Bishop 2006, section 5.2; on scores, through log-sum-exp. For regression: negative log-likelihood of a "
            "Gaussian of unit variance, less its constant",
        ),
        Loss(
            "squared_error",
            "Squared error",
            MappingProxyType(
                {
                    "binary": Form(_square_of_sigmoid_value, _square_of_sigmoid_gradient),
                    "multiclass": Form(_square_of_softmax_value, _square_of_softmax_gradient),
                    "regression": _GAUSSIAN,
                }
            ),
            r"\frac{1}{2B} \sum_b \lVert p_b - t_b \rVert^2",
            "Half the squared distance of prediction and target; slow to learn from confident mistakes.",
            "Bishop 2006, section 5.2; on probabilities (sigmoid or softmax of the scores) where there are classes",
        ),
    ],
)
