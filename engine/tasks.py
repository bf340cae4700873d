"""Tasks: what a network predicts, and how its scores become predictions.

The score ``z`` is the network's last pre-activation. A *task* owns the link from score to prediction and the coding of
labels as targets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
        The key, and the name of the link on the screen, above the output.
    title : str
        What the data is, in a sentence.
    link : callable ``(z) -> prediction``
        From scores (..., B, C) to probabilities or values of the same shape.
    targets : callable ``(labels, outputs) -> (n, outputs) array``
        Codes labels (n,), or (n, outputs), as targets of the loss.
    accuracy : callable ``(z, targets) -> (...) array`` or None
        Share of right answers, 0 to 1; None if there is no such thing.
    classes : bool
        Whether each sample belongs to one of several classes.
    probabilities : bool
        Whether predictions, and targets, lie between 0 and 1.
    exclusive : bool
        Whether the outputs are classes that exclude each other.
    """

    name: str
    label: str
    title: str
    link: Callable[[Array], Array]
    targets: Callable[[Array, int], Array]
    accuracy: Callable[[Array, Array], Array] | None
    classes: bool = False
    probabilities: bool = False
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """From scores to predictions, for a loss that gives scores a meaning of its own.

    Parameters
    ----------
    label : str
        Its name on the screen, above the output.
    f : callable ``(z) -> prediction``
        A new array of the same shape, with values from 0 to 1.
    """

    label: str
    f: Callable[[Array], Array]


def softmax(z: Array) -> Array:
    """Exponentials normalised over the last axis, shifted by the maximum so that nothing overflows."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def logistic(z: Array) -> Array:
    """``1 / (1 + e^-z)``, the probability of class 1."""
    return sigmoid(z, np.empty_like(z))


def _column(labels: Array, outputs: int) -> Array:
    """One target for each sample, or several: as many columns as there are."""
    return np.array(labels, dtype=float).reshape(len(labels), -1)


def _one_hot(labels: Array, outputs: int) -> Array:
    return np.eye(outputs)[np.asarray(labels, dtype=int)]


def _same_side(z: Array, targets: Array) -> Array:
    return np.mean((z > 0) == (targets > 0.5), axis=(-1, -2))


def _same_class(z: Array, targets: Array) -> Array:
    return np.mean(z.argmax(axis=-1) == targets.argmax(axis=-1), axis=-1)


TASKS = Registry(
    "task",
    [
        Task("binary", "sigmoid", "two classes", logistic, _column, _same_side, classes=True, probabilities=True),
        Task(
            "multiclass", "softmax", "three classes or more", softmax, _one_hot, _same_class, classes=True,
            probabilities=True, exclusive=True,
        ),
        Task(
            "multilabel", "sigmoids", "several answers, each yes or no", logistic, _column, _same_side,
            probabilities=True,
        ),
        Task("regression", "linear", "values", np.array, _column, None),
    ],
)  # fmt: skip
