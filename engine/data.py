"""Points, labels and inputs of one Config, split into training and test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.arrays import Array, frozen, with_ones
from engine.config import Config
from engine.datasets import DATASETS
from engine.features import columns
from engine.losses import TASKS
from engine.preprocessing import PREPROCESSORS
from engine.registry import Refusal
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
    config: Config
    transform: Any

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


def load(config: Config, own: tuple[Any, Any] | None = None) -> Data:
    """Draw the Config's data set, or take the user's own points, and split it."""
    if own is None:
        entry = DATASETS[config.dataset]
        points, labels = entry.sample(stream(config.seed, Purpose.DATA), int(config.samples), config.noise / 100.0)
        task, classes = entry.task, entry.classes
    else:
        points, labels, task, classes = _checked(*own)
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


def _checked(X: Any, y: Any) -> tuple[Array, Array, str, int]:
    """The user's points and labels, and the task that the labels imply."""
    try:
        points = np.array(X, dtype=float)
    except (TypeError, ValueError):
        raise Refusal("data must have points of shape (n, 2), all of them numbers.") from None
    labels = np.array(y)
    if labels.dtype.kind not in "biuf":
        raise Refusal(f"data must have labels that are numbers; not of type {labels.dtype}.")
    if labels.dtype.kind == "b":
        labels = labels.astype(int)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
        raise Refusal(f"data must have points of shape (n, 2), n at least 2; not {points.shape}.")
    if labels.shape != (len(points),):
        raise Refusal(f"data must have one label for each of its {len(points)} points; not {labels.shape}.")
    if not (np.isfinite(points).all() and np.isfinite(labels.astype(float)).all()):
        raise Refusal("data must be finite numbers; not NaN or infinite.")
    if not np.issubdtype(labels.dtype, np.integer):
        return points, labels.astype(float), "regression", 0
    classes = int(labels.max()) + 1
    if labels.min() < 0 or not 2 <= classes <= 8:
        raise Refusal(f"data must have classes numbered 0, 1, ... up to 7, two at least; not {np.unique(labels)}.")
    if len(np.unique(labels)) < 2:
        raise Refusal(f"data must have labels of at least two classes; not only of class {labels[0]}.")
    return points, labels, "multiclass" if classes > 2 else "binary", classes
