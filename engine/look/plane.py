"""The plane of data that pictures are drawn on: the square of built-in data, or one that fits a user's own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Array, frozen
from engine.data import Data
from engine.datasets import EXTENT
from engine.own_data import usual_names
from engine.registry import Refusal, brief, check_kind

_FILLED = 0.9
"""The share of the square, from its middle to its edge, that the training points reach on the plane."""

_ROUNDING = 1e-12
"""A column that varies by a smaller share of its size does not vary."""


@dataclass(frozen=True, slots=True, eq=False)
class DataPlane:
    """A square of the plane ``origin + u axes[0] + v axes[1]``, u and v from -EXTENT to EXTENT. Arrays are read-only.

    Attributes
    ----------
    origin : (F,) array
        The row at u = v = 0.
    axes : (2, F) array
        What a step of 1 to the right, and of 1 upwards, adds to it.
    across : (F, 2) array
        From a row less the origin to its u and v.
    sentence : str
        What the plane is, for a person; empty where there is nothing to say.
    columns : (int, int) or None
        The two columns that change to the right and upwards, each alone; None where several change together.
    """

    origin: Array
    axes: Array
    across: Array
    sentence: str = ""
    columns: tuple[int, int] | None = None

    def rows(self, points: Array) -> Array:
        """Rows (n, F) at points (n, 2) of the plane."""
        return self.origin + points @ self.axes

    def points(self, rows: Array) -> Array:
        """Where rows (n, F) lie on the plane, (n, 2): what is beside it is projected onto it."""
        return (rows - self.origin) @ self.across


def plane_of(data: Data, columns: tuple[int | str, int | str] | None = None) -> DataPlane:
    """Lay a plane through data.

    Parameters
    ----------
    data : Data
    columns : (column, column), optional
        Two columns, by number from 0 or by name: all others stay at their mean. Without them the plane of the two
        leading principal axes (Pearson 1901) of the training rows, all columns scaled to a standard deviation of 1;
        of data with two columns these two. Built-in data is always drawn on its own square.

    Raises
    ------
    ValueError
        When there are no such two columns.
    """
    check_kind("data", data, Data)
    if data.on_square:
        return DataPlane(frozen(np.zeros(2)), frozen(np.eye(2)), frozen(np.eye(2)), columns=(0, 1))
    if data.points is not None and columns is None:
        columns = (0, 1)
    known = data.rows[: data.train]
    mean, spread = known.mean(axis=0), _spread(known)
    if columns is not None:
        first, second = _pair(data, columns)
        axes = np.eye(known.shape[1])[[first, second]] * spread[[first, second], None]
        plane = _scaled(known, mean, axes, 1.0, _sentence(data, first, second))
        return replace(plane, columns=(first, second))
    directions, share = _principal_axes((known - mean) / spread)
    sentence = (
        f"The picture shows the plane of the two directions in which the {known.shape[1]} columns, scaled alike, vary "
        f"the most: {share:.0%} of the variance. Points beside it are projected onto it."
    )
    return _scaled(known, mean, directions * spread, spread, sentence)


def _sentence(data: Data, first: int, second: int) -> str:
    """What two columns a picture shows. Features call the columns of a table of two x1 and x2, whatever their names."""
    right, up = data.columns[first], data.columns[second]
    if data.points is None:
        return f"The picture shows {right} to the right and {up} upwards, all other columns at their mean."
    if (right, up) == usual_names(2):
        return ""
    return f"The picture shows {right} (x{first + 1}) to the right and {up} (x{second + 1}) upwards."


def _spread(known: Array) -> Array:
    spread = known.std(axis=0)
    return np.where(spread > _ROUNDING * np.abs(known).max(axis=0), spread, 1.0)


def _principal_axes(centred: Array) -> tuple[Array, float]:
    """The two leading directions (2, F) of rows (n, F), and their share of the variance.

    The largest component of each direction is positive.
    """
    _, lengths, axes = np.linalg.svd(np.linalg.qr(centred, mode="r"))
    two = axes[:2]
    signs = np.sign(np.take_along_axis(two, np.abs(two).argmax(axis=1)[:, None], axis=1))
    total = float(np.square(lengths).sum())
    return two * signs, float(np.square(lengths[:2]).sum()) / total if total > 0.0 else 1.0


def _scaled(known: Array, origin: Array, axes: Array, spread: Array | float, sentence: str) -> DataPlane:
    """The plane of two axes, scaled so that the training rows fill the square.

    The axes are at right angles once columns are divided by ``spread``.
    """
    unit = axes / spread
    across = (unit / np.square(unit).sum(axis=1, keepdims=True) / spread).T
    reach = np.abs((known - origin) @ across).max(axis=0)
    scale = np.where(reach > 0.0, reach, 1.0) / (_FILLED * EXTENT)
    return DataPlane(frozen(origin), frozen(axes * scale[:, None]), frozen(across / scale), sentence)


def _pair(data: Data, columns: tuple[int | str, int | str]) -> tuple[int, int]:
    """The numbers of two different columns."""
    if not isinstance(columns, (tuple, list)) or len(columns) != 2:
        raise Refusal(f"plane must be a pair of columns; not {brief(columns)}.")
    first, second = (_number(data, column) for column in columns)
    if first == second:
        raise Refusal(f"plane must be two different columns; not {brief(columns)}.")
    return first, second


def _number(data: Data, column: int | str) -> int:
    """The number of a column that is given by its name or number."""
    if isinstance(column, str):
        if column in data.columns:
            return data.columns.index(column)
    elif isinstance(column, (int, np.integer)) and not isinstance(column, bool) and 0 <= column < len(data.columns):
        return int(column)
    raise Refusal(
        f"plane must name two of the {len(data.columns)} columns, or give their numbers from 0; not {brief(column)}."
    )
