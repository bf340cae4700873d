"""Preprocessing of the feature columns, fitted on the training rows only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np

from engine.arrays import Array
from engine.registry import Hyperparameter, Registry

Transform: TypeAlias = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Preprocessor:
    """One preprocessing step.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    fit : callable ``(train) -> transform``
        From training columns (n, f) to a function on columns (m, f), which returns (m, f).
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from.
    hyperparameters : tuple of Hyperparameter
    """

    name: str
    label: str
    fit: Callable[[Array], Transform]
    formula: str
    doc: str
    source: str
    hyperparameters: tuple[Hyperparameter, ...] = ()


ROUNDING = 1e-12
"""A column that varies by a smaller share of its size counts as constant: the rest is rounding error."""

_LEAST = 1e-100
"""A column that varies by less than this counts as constant too; dividing by it, other numbers would overflow."""

EPSILON = 1e-10
"""Whitening adds this share of the largest variance to each, so that no direction grows more than 100,000-fold."""


def _varies(spread: Array, size: Array) -> Array:
    return spread > ROUNDING * np.abs(size) + _LEAST


def _divisor(spread: Array, size: Array) -> Array:
    # A constant column is zero once it is centred, whatever the divisor.
    return np.where(_varies(spread, size), spread, 1.0)


# Transforms are parts of module functions, and not closures, so that data can be pickled.


def _same(columns: Array) -> Array:
    return columns


def _scaled(low: Array, width: Array, columns: Array) -> Array:
    return (columns - low) / width


def _rotated(mean: Array, axes: Array, columns: Array) -> Array:
    return (columns - mean) @ axes


def _centred(mean: Array, columns: Array) -> Array:
    return columns - mean


def _fit_nothing(train: Array) -> Transform:
    return _same


def _fit_centre(train: Array) -> Transform:
    return partial(_centred, train.mean(axis=0))


def _fit_standard(train: Array) -> Transform:
    mean = train.mean(axis=0)
    spread = _divisor(train.std(axis=0), mean)
    return partial(_scaled, mean, spread)


def _fit_unit_interval(train: Array) -> Transform:
    low, high = train.min(axis=0), train.max(axis=0)
    width = _divisor(high - low, np.maximum(np.abs(low), np.abs(high)))
    return partial(_scaled, low, width)


def _principal_axes(train: Array) -> tuple[Array, Array, Array]:
    """Mean (f,), axes (f, f), one a column, and standard deviations along them (f,), the largest first.

    The singular values of the centred rows are the roots of the covariance's eigenvalues, but nothing is squared. QR
    comes first: R has the same axes, and is small however many rows there are.
    """
    rows, width = train.shape
    mean = train.mean(axis=0)
    # The rounding error of a constant column must not become an axis.
    centred = np.where(_varies(train.std(axis=0), mean), train - mean, 0.0)
    _, lengths, axes = np.linalg.svd(np.linalg.qr(centred, mode="r"))
    stds = np.zeros(width)
    stds[: len(lengths)] = lengths / rows**0.5
    return mean, _with_sign(axes).T, stds


def _with_sign(axes: Array) -> Array:
    """Axes (f, f), one a row, with fixed signs.

    The first large coordinate is positive. Not the largest one: if two are equal, rounding would choose.
    """
    sizes = np.abs(axes)
    first = np.argmax(sizes >= 0.5 * sizes.max(axis=1, keepdims=True), axis=1)
    return axes * np.copysign(1.0, np.take_along_axis(axes, first[:, None], axis=1))


def _fit_principal(train: Array) -> Transform:
    mean, axes, _ = _principal_axes(train)
    return partial(_rotated, mean, axes)


def _fit_white(train: Array) -> Transform:
    mean, axes, stds = _principal_axes(train)
    largest = stds.max()
    softened = np.hypot(stds, EPSILON**0.5 * largest)
    # Along an axis on which the training rows do not vary, distances stay as they are.
    axes = axes / np.where(stds > ROUNDING * largest, softened, 1.0)
    return partial(_rotated, mean, axes)


PREPROCESSORS = Registry(
    "preprocessing",
    [
        Preprocessor("none", "None", _fit_nothing, r"x", "The features do not change.", "none"),
        Preprocessor(
            "centre", "Centre", _fit_centre, r"x - \mu",
            "Mean 0 in every column, so that the inputs do not all have the same sign.", "LeCun et al. 1998",
        ),
        Preprocessor(
            "standardise", "Standardise", _fit_standard, r"\frac{x - \mu}{\sigma}",
            "Mean 0 and standard deviation 1 in every column.", "LeCun et al. 1998; sigma with 1/n",
        ),
        Preprocessor(
            "unit_interval", "To [0, 1]", _fit_unit_interval, r"\frac{x - \min}{\max - \min}",
            "The smallest training value of every column becomes 0 and the largest 1.",
            "classic; a constant column becomes 0",
        ),
        Preprocessor(
            "pca", "PCA", _fit_principal, r"V^\top (x - \mu)",
            "Rotates the centred columns to the directions in which they vary most, the strongest first.",
            "Pearson 1901, Hotelling 1933; all components kept, the first large coordinate of each positive",
        ),
        Preprocessor(
            "whitening", "Whitening", _fit_white,
            r"(\Lambda + \epsilon \lambda_1 I)^{-\frac{1}{2}} V^\top (x - \mu)",
            "PCA with every component scaled to variance 1, so that the inputs are uncorrelated and of equal size.",
            "LeCun et al. 1998; variances with 1/n, 1e-10 of the largest one added to each; not rotated back (no ZCA)",
        ),
    ],
)  # fmt: skip
