"""What a surface is, and how a formula becomes one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeAlias

import numpy as np

from engine.arrays import Array
from engine.formula import parse
from engine.registry import Hyperparameter, complete
from engine.surfaces.rates import RATES

Point: TypeAlias = tuple[float, float]
Box: TypeAlias = tuple[Point, Point]
"""Lowest and highest x, lowest and highest y."""


class Function(Protocol):
    """Heights and their derivatives at parameters (..., 2), and how they are written; a Formula is one."""

    @property
    def text(self) -> str:
        """The formula in plain Unicode, as ``engine.formula.parse`` reads it."""

    @property
    def latex(self) -> str:
        """The formula in LaTeX."""

    def f(self, w: Array) -> Array:
        """Heights ``f(w)``, (...), at parameters (..., 2)."""

    def gradient(self, w: Array) -> Array:
        """First derivatives ``df/dw``, (..., 2)."""

    def hessian(self, w: Array) -> Array:
        """Second derivatives ``d2f/dw2``, (..., 2, 2), symmetric."""

    def value_and_gradient(self, w: Array) -> tuple[Array, Array]:
        """Heights (...) and first derivatives (..., 2), which share work."""


@dataclass(frozen=True, slots=True)
class Surface:
    """One surface.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    f : callable ``(w) -> (...) array``
        Height over (..., 2) parameters.
    gradient : callable ``(w) -> (..., 2) array``
        Its exact derivative.
    hessian : callable ``(w) -> (..., 2, 2) array``
        Its exact second derivatives, symmetric.
    value_and_gradient : callable ``(w) -> ((...) array, (..., 2) array)``
        Both together, which costs less than one after the other.
    box : ((float, float), (float, float))
        The range that a picture shows, for each axis.
    start : (float, float)
        A starting point from which there is something to see.
    minima : tuple of (float, float)
        All global minima in the box and on its border; none if the surface has no lowest point.
    lowest : float or None
        The height at the minima.
    formula, text : str
        LaTeX; the same in plain Unicode, as ``engine.formula.parse`` reads it.
    doc, source : str
        One sentence for a tooltip; where it comes from, and the box if that is not the usual one.
    hyperparameters : tuple of Hyperparameter
        Names that stand for numbers in the formula. They do not move the minima.
    rates : mapping of str to float
        For each optimizer: a learning rate that works well from ``start``.
    reach : mapping of str to float
        A constant learning rate for each optimizer that, with its default hyperparameters, gets from ``start`` to
        within 1e-3 of a global minimum in 10,000 steps, and is there at the end.
    written : str
        The formula with the names of the hyperparameters in it, for ``tuned``.
    """

    name: str
    label: str
    f: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    hessian: Callable[[Array], Array]
    value_and_gradient: Callable[[Array], tuple[Array, Array]]
    box: Box
    start: Point
    minima: tuple[Point, ...]
    lowest: float | None
    formula: str
    text: str
    doc: str
    source: str
    hyperparameters: tuple[Hyperparameter, ...] = ()
    rates: Mapping[str, float] = field(default_factory=dict)
    reach: Mapping[str, float] = field(default_factory=dict)
    written: str = ""

    def tuned(self, values: Mapping[str, float]) -> Surface:
        """The surface with other values of its hyperparameters; those that are not given have their defaults.

        Parameters
        ----------
        values : mapping of str to float
            One number for each hyperparameter.

        Raises
        ------
        ValueError
            For a value out of range or a name that is no hyperparameter of this surface.
        """
        numbers = complete(self.hyperparameters, values, f"surface {self.name}", several=False)
        if not self.hyperparameters:
            return self
        surface = replace(self, **_parts(parse(self.written, numbers)))
        return replace(surface, lowest=lowest(surface.f, self.minima))


def _parts(function: Function) -> dict[str, Any]:
    """The fields of a Surface that follow from its function."""
    return {
        "f": function.f,
        "gradient": function.gradient,
        "hessian": function.hessian,
        "value_and_gradient": function.value_and_gradient,
        "formula": function.latex,
        "text": function.text,
    }


def lowest(f: Callable[[Array], Array], minima: tuple[Point, ...]) -> float | None:
    """The height at global minima, None if there is none."""
    return float(f(np.array(minima[0], dtype=float))) if minima else None


def surface_of(function: Function, *, minima: tuple[Point, ...] = (), **fields: Any) -> Surface:
    """A surface of a function and of the fields of Surface that do not follow from the function."""
    return Surface(minima=minima, lowest=lowest(function.f, minima), **_parts(function), **fields)


def written(
    name: str,
    label: str,
    text: str,
    box: Box,
    start: Point,
    minima: tuple[Point, ...],
    doc: str,
    source: str,
    hyperparameters: tuple[Hyperparameter, ...] = (),
    reach: Mapping[str, float] | None = None,
) -> Surface:
    """A surface of its formula, in which the names of hyperparameters stand for numbers.

    Parameters
    ----------
    text : str
        What ``engine.formula.parse`` reads.
    name, label, box, start, minima, doc, source, hyperparameters, reach
        See Surface.
    """
    function = parse(text, {hyperparameter.name: hyperparameter.default for hyperparameter in hyperparameters})
    return surface_of(
        function,
        name=name,
        label=label,
        box=box,
        start=start,
        minima=minima,
        doc=doc,
        source=source,
        hyperparameters=hyperparameters,
        rates=RATES.get(name, {}),
        reach=reach or {},
        written=text,
    )


def square(half: float) -> Box:
    """The box from -half to half along both axes."""
    return (-half, half), (-half, half)
