"""Surfaces of a user: a formula in x and y, or any Python function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.formula import parse, trace
from engine.registry import Refusal, brief
from engine.surfaces.base import Box, Function, Point, Surface, lowest, square, surface_of
from engine.surfaces.differences import Differences
from engine.surfaces.search import minima_in_box

BOX: Box = square(5.0)
START: Point = (-3.5, 2.5)
"""Where races over a formula start; if it is not finite there, the nearest point of a coarse grid where it is."""

_SPREAD = (np.outer(np.arange(1, 22), (0.7549, 0.5698)) % 1.0).reshape(3, 7, 2)
"""Points of the unit square, without a pattern, in an array of two axes: a function is tested at these."""


def from_text(text: str) -> Surface:
    """The surface of a formula, with exact derivatives.

    Parameters
    ----------
    text : str
        In x and y, as ``engine.formula.parse`` reads it.

    Raises
    ------
    ValueError
        One sentence, if it is not a formula, or finite nowhere in the box.
    """
    if not isinstance(text, str):
        parse(text)  # raises
    return _of_text(text)


@lru_cache(maxsize=64)
def _of_text(text: str) -> Surface:
    """Kept, because pages ask for the same formula again and again, and the search for its minima takes a while."""
    surface = surface_of(
        parse(text),
        name="own",
        label="Your formula",
        box=BOX,
        start=START,
        doc="Your formula; its derivatives are exact.",
        source="yours",
    )
    return _settled(surface, moves=True, minima=None)


def from_callable(
    function: Callable[[Array, Array], ArrayLike],
    box: Box = BOX,
    start: Point | None = None,
    minima: Iterable[Point] | None = None,
    label: str = "Your function",
) -> Surface:
    """The surface of a Python function.

    Parameters
    ----------
    function : callable ``(x, y) -> heights``
        Takes two arrays of the same shape, and returns a number for each pair. If it only does arithmetic and calls
        NumPy functions, its formula is found and the derivatives are exact; else they are central differences.
    box : ((float, float), (float, float))
        Lowest and highest x, lowest and highest y.
    start : (float, float), optional
        In the box.
    minima : iterable of (float, float), optional
        All global minima in the box; found by a search if not given.
    label : str
        The name on the screen.

    Raises
    ------
    ValueError
        One sentence, if function, box or a point is not allowed, or if the function is finite nowhere.
    """
    if not callable(function):
        raise Refusal(f"function must be a function of x and y; not {brief(function)}.")
    (x_low, x_high), (y_low, y_high) = box = _box(box)
    minima = None if minima is None else _points(minima, box)
    start = None if start is None else _point("start", start, box)
    plain = Differences(function, 0.5 * np.array([x_high - x_low, y_high - y_low]))
    sample = np.array(box)[:, 0] + 2 * plain.reach * _SPREAD
    formula = _traced(function, sample, plain.f(sample))
    exact = formula is not None
    surface = surface_of(
        formula or plain,
        name="own",
        label=label,
        box=box,
        source="yours",
        start=start or (0.85 * x_low + 0.15 * x_high, 0.25 * y_low + 0.75 * y_high),
        doc=f"Your function; its derivatives are {'exact' if exact else 'central differences'}.",
    )
    return _settled(surface, start is None, minima)


def _settled(surface: Surface, moves: bool, minima: tuple[Point, ...] | None) -> Surface:
    """A surface with its minima, and with a start where it is finite, if the start may move."""
    low, high = np.array(surface.box).T
    share = (np.arange(20) + 0.5) / 20
    coarse = low + (high - low) * np.stack(np.meshgrid(share, share), axis=-1).reshape(-1, 2)
    points = np.concatenate([[surface.start], coarse])
    value, gradient = surface.value_and_gradient(points)
    fine = np.isfinite(value) & np.isfinite(gradient).all(axis=-1)
    if not fine.any():
        raise Refusal(f"The height must be a finite number somewhere in the box; not {brief(surface.text)}.")
    if moves:
        distance = np.linalg.norm((points - surface.start) / (high - low), axis=-1)
        x, y = points[np.where(fine, distance, np.inf).argmin()]
        surface = replace(surface, start=(float(x), float(y)))
    minima = minima_in_box(surface) if minima is None else minima
    return replace(surface, minima=minima, lowest=lowest(surface.f, minima))


def _traced(function: Callable[[Array, Array], ArrayLike], sample: Array, heights: Array) -> Function | None:
    """The formula of a function, if it can be found and gives the same heights as the function at sample points."""
    formula = trace(function)
    if formula is None or not np.allclose(formula.f(sample), heights, 1e-9, 1e-12, equal_nan=True):
        return None
    return formula


def _box(box: Box) -> Box:
    """A checked box."""
    try:
        (x_low, x_high), (y_low, y_high) = ((float(low), float(high)) for low, high in box)
        fine = np.isfinite([x_low, x_high, y_low, y_high]).all() and x_low < x_high and y_low < y_high
    except (TypeError, ValueError):
        fine = False
    if not fine:
        raise Refusal(f"box must be ((x_low, x_high), (y_low, y_high)), finite and not empty; not {brief(box)}.")
    return (x_low, x_high), (y_low, y_high)


def _points(minima: Iterable[Point], box: Box) -> tuple[Point, ...]:
    """Checked minima."""
    if not isinstance(minima, Iterable):
        raise Refusal(f"minima must be points (x, y); not {brief(minima)}.")
    return tuple(_point("each of minima", point, box) for point in minima)


def _point(name: str, point: Point, box: Box) -> Point:
    """A checked point of a box."""
    try:
        x, y = (float(number) for number in point)
        fine = box[0][0] <= x <= box[0][1] and box[1][0] <= y <= box[1][1]
    except (TypeError, ValueError):
        fine = False
    if not fine:
        raise Refusal(f"{name} must be two numbers (x, y) in the box {box}; not {brief(point)}.")
    return x, y
