"""The one array type of the engine."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
"""Floating-point array: float64 for everything that trains, float32 for pictures."""

Shape: TypeAlias = tuple[int, ...]


def frozen(array: Array) -> Array:
    """Return ``array``, made read-only: part of a State never changes."""
    array.flags.writeable = False
    return array


def with_ones(columns: Array) -> Array:
    """Append a column of ones, so that one matrix product does weights and bias.

    Parameters
    ----------
    columns : (..., n, f) array

    Returns
    -------
    (..., n, f + 1) array
    """
    ones = np.ones((*columns.shape[:-1], 1), dtype=columns.dtype)
    return np.concatenate([columns, ones], axis=-1)
