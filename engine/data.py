"""What a network learns from: rows, labels and inputs, split into training and test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import numpy as np

from engine.arrays import Array, frozen, with_ones
from engine.config import DataConfig
from engine.datasets import DATASETS
from engine.features import columns
from engine.own_data import Given, OwnData, read
from engine.preprocessing import PREPROCESSORS, Transform
from engine.registry import Refusal, check_kind
from engine.streams import Purpose, stream
from engine.tasks import TASKS


@dataclass(frozen=True, eq=False)
class Data:
    """What a network learns from and is tested on; training points first.

    Attributes
    ----------
    rows : (n, F) array
        As they were given or drawn: coordinates, or the columns of a table.
    labels : (n,) array
        Class 0, 1, ... or value; (n, C) where each row has several targets.
    inputs : (n, f + 1) array
        What the network sees, and a column of ones: preprocessed features of the coordinates, where there are two, or
        else the preprocessed columns.
    targets : (n, C) array
        Labels as the loss wants them.
    train : int
        Number of training points.
    task : str
        Key of TASKS.
    class_names : tuple of str
        What the classes are called, in order; empty where there are none.
    columns, names : tuple of str
        What the columns of ``rows``, and of ``inputs``, are called.
    encode : callable ``(rows) -> inputs``
        For any rows (m, F); (m, f), without the column of ones.
    remarks : tuple of str
        Sentences for a person.
    on_square : bool
        Whether the rows are points of the square of the built-in data sets; a user's own may be anywhere.
    """

    rows: Array
    labels: Array
    inputs: Array
    targets: Array
    train: int
    task: str
    class_names: tuple[str, ...]
    columns: tuple[str, ...]
    names: tuple[str, ...]
    encode: Callable[[Array], Array]
    remarks: tuple[str, ...] = ()
    on_square: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        # Arrays that were copied or unpickled are read-only again.
        return _read_only, tuple(getattr(self, field.name) for field in fields(self))

    @property
    def points(self) -> Array | None:
        """Coordinates (n, 2); None where there are not two."""
        return self.rows if self.rows.shape[1] == 2 else None

    @property
    def classes(self) -> int:
        """Number of classes; 0 where there are none."""
        return len(self.class_names)

    @property
    def width(self) -> int:
        """Number of inputs."""
        return self.inputs.shape[1] - 1

    @property
    def outputs(self) -> int:
        """Number of output units."""
        return self.targets.shape[1]

    @property
    def test(self) -> int:
        """Number of test points; 0 where all points are for training."""
        return len(self.inputs) - self.train

    def inputs_at(self, rows: Array) -> Array:
        """Inputs (m, f + 1) at any rows (m, F)."""
        return with_ones(self.encode(rows))


def _read_only(*values: Any) -> Data:
    for value in values:
        if isinstance(value, np.ndarray):
            frozen(value)
    return Data(*values)


def training_points(samples: int, fraction: float) -> int:
    """How many of the points are for training: at least one, and all but one at most unless the fraction is 1."""
    return samples if fraction == 1 else min(max(round(samples * fraction), 1), samples - 1)


def training_rows(given: OwnData, fraction: float) -> int:
    """How many rows are for training: those that came with a test set of its own, or the fraction of all."""
    return training_points(len(given.rows), fraction) if given.train is None else given.train


def load(config: DataConfig, own: Given | None = None, task: str | None = None) -> Data:
    """Draw the data set that is chosen, or take the user's own data, and split it.

    Parameters
    ----------
    config : DataConfig
        A Config is one.
    own : (X, y), (X, y, X_test, y_test) or OwnData, optional
        See ``engine.own_data.read``. Rows with classes are split so that both parts have each class in about its share;
        a test set that was given stays as it is.
    task : str, optional
        Key of TASKS: what the user's own labels are.

    Raises
    ------
    ValueError
        When the data cannot be used, or is too little to be split.
    """
    check_kind("config", config, DataConfig)
    if own is None and task is not None:
        raise Refusal(f"task must be left out where there is no data of your own; not {task!r}.")
    given = _drawn(config) if own is None else read(own, task)
    train = training_rows(given, config.train_fraction)
    if not train:
        raise Refusal("data must have at least 2 points to be split, or all be for training: train_fraction=1.")
    order = _order(config.seed, given)
    rows, labels = given.rows[order], given.labels[order]
    names, features = _features(config, given)
    seen = features(rows)
    transform = PREPROCESSORS[config.preprocessing].fit(seen[:train])
    targets = TASKS[given.task].targets(labels, len(given.class_names))
    return Data(
        frozen(rows),
        frozen(labels),
        frozen(with_ones(transform(seen))),
        frozen(targets),
        train,
        given.task,
        given.class_names,
        given.columns,
        names,
        partial(_encoded, features, transform),
        (*given.remarks, *_unused(config, given), *_absent(given, labels, train)),
        given.on_square,
    )


def _drawn(config: DataConfig) -> OwnData:
    """The built-in data set of a config."""
    entry = DATASETS[config.dataset]
    points, labels = entry.sample(stream(config.seed, Purpose.DATA), int(config.samples), config.noise / 100.0)
    classes = tuple(str(number) for number in range(entry.classes))
    return OwnData(points, labels, entry.task, classes, ("x1", "x2"), on_square=True)


def _order(seed: int, given: OwnData) -> Array:
    """The order of the rows before the cut: shuffled, but that each class is spread evenly over a user's own rows.

    Every beginning of the rows then has each class in its share, up to one, so that the fraction only moves the cut.
    """
    count = len(given.rows)
    order = stream(seed, Purpose.SPLIT).permutation(count if given.train is None else given.train)
    if given.train is not None:
        return np.concatenate([order, np.arange(given.train, count)])
    if given.on_square or not given.class_names:
        return order
    labels = given.labels[order]
    share = np.empty(count)
    for label in range(len(given.class_names)):
        own = np.flatnonzero(labels == label)
        share[own] = (np.arange(len(own)) + 0.5) / len(own)
    return order[np.argsort(share, kind="stable")]


def _absent(given: OwnData, labels: Array, train: int) -> list[str]:
    """Remarks, where one part of a user's own data is without some of the classes."""
    parts = {"training": labels[:train], "test": labels[train:]}
    if given.on_square or not given.class_names:
        return []
    missing = {part: np.setdiff1d(np.arange(len(given.class_names)), found) for part, found in parts.items()}
    return [
        f"No {part} point is of class {', '.join(given.class_names[label] for label in absent)}, so {_MEANS[part]}."
        for part, absent in missing.items()
        if len(absent) and len(parts[part])
    ]


_MEANS = {
    "training": "the network cannot learn it",
    "test": "test loss and test accuracy say nothing of it",
}


def _unused(config: DataConfig, given: OwnData) -> list[str]:
    """A remark, where features were chosen and the data has not the two columns that they are made of."""
    count = len(given.columns)
    if count == 2 or config.features == DataConfig.features:
        return []
    return [
        f"The features {', '.join(config.features)} are made of two columns; this data has {count}, so all its columns "
        "are inputs as they are, and the features are not used."
    ]


def _features(config: DataConfig, given: OwnData) -> tuple[tuple[str, ...], Callable[[Array], Array]]:
    """What the inputs are called, and how they come from rows: by features of two coordinates, or as they are."""
    chosen = tuple(config.features)
    if len(given.columns) == 2:
        return chosen, partial(columns, chosen)
    return given.columns, _as_they_are


def _as_they_are(rows: Array) -> Array:
    return rows


def _encoded(features: Transform, transform: Transform, rows: Array) -> Array:
    return transform(features(rows))
