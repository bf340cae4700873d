"""Plane: a window in a plane of the parameter space, and where parameters lie in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.registry import Refusal

_BLOCK = 65_536
"""Numbers that are projected at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """A window in a plane of the parameter space: ``origin + a axes[0] + b axes[1]``. Arrays are read-only.

    Attributes
    ----------
    origin : (P,) array
        The parameters at (0, 0).
    axes : (2, P) array
        What a step of 1 to the right, and of 1 upwards, adds to the parameters.
    low, high : (2,) arrays
        Coordinates (a, b) of the window's lower left and upper right corner.
    kind : str
        Key of DIRECTIONS: what the axes are; may differ from the one that was asked for.
    """

    origin: Array
    axes: Array
    low: Array
    high: Array
    kind: str

    def grid(self, side: int) -> Array:
        """Coordinates (side, side, 2) of points that cover the window, edges included; row 0 is the highest."""
        a, b = (np.linspace(low, high, side) for low, high in zip(self.low, self.high, strict=True))
        return np.stack(np.meshgrid(a, b[::-1]), axis=-1)


def norm(vectors: Array, axis: int = -1) -> Array:
    """Euclidean norm along an axis, kept as an axis of one; squares of large numbers do not overflow."""
    peak = np.abs(vectors).max(axis=axis, keepdims=True)
    unit = np.where(peak > 0.0, peak, 1.0)
    return unit * np.sqrt(np.sum((vectors / unit) ** 2, axis=axis, keepdims=True))


def project(plane: Plane, params: Array) -> tuple[Array, Array]:
    """Find the points of a plane that are nearest to the given parameters.

    Parameters
    ----------
    plane : Plane
    params : (..., P) array

    Returns
    -------
    coordinates : (..., 2) array
        By least squares, because the axes need not be at right angles.
    distance : (...) array
        Euclidean distance to that point. NaN, like the coordinates, if numbers are not finite.

    Raises
    ------
    ValueError
        If the number of parameters differs.
    """
    given, size = np.asarray(params), plane.origin.size
    if given.shape[-1:] != (size,):
        raise Refusal(f"params must be of shape (..., {size}); not {given.shape}.")
    rows = given.reshape(-1, size)
    coordinates, distance = np.full((len(rows), 2), np.nan), np.full(len(rows), np.nan)
    with np.errstate(all="ignore"):
        if np.isfinite(plane.axes).all():
            left, lengths, basis = np.linalg.svd(plane.axes, full_matrices=False)
            # Axes of length zero, or along the same line, span less than a plane.
            whole = lengths > 1e-12 * lengths[0]
            basis, back = basis[whole], (left[:, whole] / lengths[whole]).T
            block = max(_BLOCK // size, 1)
            for start in range(0, len(rows), block):
                part = slice(start, start + block)
                rest = rows[part] - plane.origin
                along = rest @ basis.T
                rest -= along @ basis
                coordinates[part], distance[part] = along @ back, norm(rest)[:, 0]
    return coordinates.reshape(*given.shape[:-1], 2), distance.reshape(given.shape[:-1])
