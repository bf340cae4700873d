"""The one array type of the engine."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array: TypeAlias = NDArray[Any]
"""Floating-point array: float64 for everything that trains, float32 for pictures."""

Shape: TypeAlias = tuple[int, ...]
DType: TypeAlias = DTypeLike


def frozen(array: Array) -> Array:
    """Make ``array`` read-only and return it: the arrays of a State never change."""
    array.flags.writeable = False
    return array


def with_ones(columns: Array) -> Array:
    """Append a column of ones, so that one matrix product includes weights and bias.

    Parameters
    ----------
    columns : (..., n, f) array

    Returns
    -------
    (..., n, f + 1) array
    """
    ones = np.ones((*columns.shape[:-1], 1), dtype=columns.dtype)
    return np.concatenate([columns, ones], axis=-1)
