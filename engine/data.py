"""Points, labels and inputs of one Config, split into training and test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.arrays import Array, frozen, with_ones
from engine.config import DataConfig
from engine.datasets import DATASETS
from engine.features import columns
from engine.losses import TASKS
from engine.preprocessing import PREPROCESSORS
from engine.registry import Refusal, brief
from engine.streams import Purpose, stream


@dataclass(frozen=True, eq=False)
class Data:
    """What a network learns from and is tested on; training points first.

    Attributes
    ----------
    points : (n, 2) array
        Coordinates.
    labels : (n,) array
        Class 0, 1, ... or value.
    inputs : (n, F + 1) array
        Preprocessed features and a column of ones.
    targets : (n, C) array
        Labels as the loss wants them.
    train : int
        Number of training points.
    task : str
        Key of TASKS.
    classes : int
        Number of classes; 0 for regression.
    """

    points: Array
    labels: Array
    inputs: Array
    targets: Array
    train: int
    task: str
    classes: int
    config: DataConfig
    transform: Any

    @property
    def width(self) -> int:
        """Number of inputs."""
        return self.inputs.shape[1] - 1

    @property
    def test(self) -> int:
        """Number of test points."""
        return len(self.inputs) - self.train

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences for a person."""
        return ()

    @property
    def outputs(self) -> int:
        """Number of output units."""
        return self.targets.shape[1]

    def inputs_at(self, points: Array) -> Array:
        """Inputs (n, F + 1) at any points (n, 2)."""
        return with_ones(self.transform(columns(self.config.features, points)))


def training_points(samples: int, fraction: float) -> int:
    """How many of the points are for training: at least one, and at least one is left for the test."""
    return min(max(round(samples * fraction), 1), samples - 1)


def load(config: DataConfig, own: tuple[Any, Any] | None = None) -> Data:
    """Draw the Config's data set, or take the user's own points, and split it."""
    if own is None:
        entry = DATASETS[config.dataset]
        points, labels = entry.sample(stream(config.seed, Purpose.DATA), int(config.samples), config.noise / 100.0)
        task, classes = entry.task, entry.classes
    else:
        points, labels, task, classes = _checked(own)
    train = training_points(len(points), config.train_fraction)
    order = stream(config.seed, Purpose.SPLIT).permutation(len(points))
    points, labels = points[order], labels[order]
    features = columns(config.features, points)
    transform = PREPROCESSORS[config.preprocessing].fit(features[:train])
    targets = TASKS[task].targets(labels, classes)
    return Data(
        frozen(points), frozen(labels), frozen(with_ones(transform(features))), frozen(targets), train, task, classes,
        config, transform,
    )  # fmt: skip


_LARGEST = 1e50
"""Of larger numbers the variance of the squares would overflow."""


def _checked(own: Any) -> tuple[Array, Array, str, int]:
    """The user's points and labels, and the task that the labels imply."""
    if not isinstance(own, (tuple, list)) or len(own) != 2:
        raise Refusal(f"data must be a pair (X, y) of points and labels; not {brief(own)}.")
    points, labels = _numbers(own[0], "points of shape (n, 2)"), _numbers(own[1], "labels")
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
        raise Refusal(f"data must have points of shape (n, 2), n at least 2; not {points.shape}.")
    if labels.shape != (len(points),):
        raise Refusal(f"data must have one label for each of its {len(points)} points; not {labels.shape}.")
    if not (np.isfinite(points).all() and np.isfinite(labels).all()):
        raise Refusal("data must be finite numbers; not NaN or infinite.")
    points, found = points.astype(float), np.unique(labels).tolist()
    largest = max(np.abs(points).max(), -found[0], found[-1])
    if largest > _LARGEST:
        raise Refusal(f"data must be numbers of at most {_LARGEST:g} in size; not {largest:g}.")
    if labels.dtype.kind == "f":
        return points, labels.astype(float), "regression", 0
    classes = int(found[-1]) + 1
    if found[0] < 0 or not 2 <= classes <= 8:
        raise Refusal(
            "data must have classes numbered 0, 1, ... up to 7, two at least, or labels that are floats; "
            f"not {brief(found)}."
        )
    if len(found) < 2:
        raise Refusal(f"data must have labels of at least two classes; not only of class {found[0]}.")
    return points, labels.astype(int), "multiclass" if classes > 2 else "binary", classes


def _numbers(given: Any, what: str) -> Array:
    """A copy as an array; text, complex numbers, whole numbers beyond 64 bits and ragged rows are refused."""
    try:
        array = np.array(given)
    except ValueError:
        array = np.array(None)
    if array.dtype.kind not in "biuf":
        raise Refusal(f"data must have {what}, all of them numbers; not {brief(given)}.")
    return array
