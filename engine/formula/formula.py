"""A formula: its text, and its value, gradient and Hessian at points."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.arrays import Array, Shape
from engine.formula.algebra import Algebra
from engine.formula.derive import gradient
from engine.formula.program import Program
from engine.formula.tree import Node, in_order
from engine.formula.write import latex, plain
from engine.registry import Refusal, brief

UNWRITTEN = "f(x, y)"
"""The text of a function that cannot be written down."""


@dataclass(frozen=True, eq=False)
class Formula:
    """A function of x and y with exact derivatives. ``parse`` and ``trace`` make them.

    Points are arrays ``w`` (..., 2). Results are new float64 arrays; where the formula or a derivative is not defined
    they are NaN or infinite, without a warning. A point gives the same bits alone and together with others.

    Parameters
    ----------
    text, latex : str
        The formula as it was written, for people; ``parse`` reads ``text``, unless it is nested very deeply.
    """

    text: str
    latex: str
    _value: Program = field(repr=False)
    _slopes: Program = field(repr=False)
    _both: Program = field(repr=False)
    _curvatures: Program = field(repr=False)

    @classmethod
    def of(cls, root: Node, otherwise: str = UNWRITTEN) -> Formula:
        """The formula of an expression as it was written.

        Parameters
        ----------
        root : Node
        otherwise : str
            The text if the formula's own would be too long.

        Raises
        ------
        Refusal
            If a part of it that contains neither x nor y is not a finite number.
        """
        algebra = Algebra()
        height = _simplified(algebra, root)
        by_x, by_y = gradient(algebra, height)
        (xx, xy), (_, yy) = gradient(algebra, by_x), gradient(algebra, by_y)
        programs = Program(height), Program(by_x, by_y), Program(height, by_x, by_y), Program(xx, xy, yy)
        return cls(plain(root) or otherwise, latex(root) or otherwise, *programs)

    def f(self, w: Array) -> Array:
        """Value (...) at points (..., 2)."""
        points, batch_shape = _points(w)
        value = np.empty(len(points))
        self._value.fill(points, value)
        return value.reshape(batch_shape)

    def gradient(self, w: Array) -> Array:
        """Derivatives (..., 2) by x and y at points (..., 2)."""
        points, batch_shape = _points(w)
        slopes = np.empty((len(points), 2))
        self._slopes.fill(points, slopes[:, 0], slopes[:, 1])
        return slopes.reshape(*batch_shape, 2)

    def value_and_gradient(self, w: Array) -> tuple[Array, Array]:
        """Value (...) and derivatives (..., 2) at points (..., 2), which costs less than one after the other."""
        points, batch_shape = _points(w)
        value, slopes = np.empty(len(points)), np.empty((len(points), 2))
        self._both.fill(points, value, slopes[:, 0], slopes[:, 1])
        return value.reshape(batch_shape), slopes.reshape(*batch_shape, 2)

    def hessian(self, w: Array) -> Array:
        """Second derivatives (..., 2, 2), symmetric, at points (..., 2)."""
        points, batch_shape = _points(w)
        second = np.empty((len(points), 2, 2))
        self._curvatures.fill(points, second[:, 0, 0], second[:, 0, 1], second[:, 1, 1])
        second[:, 1, 0] = second[:, 0, 1]
        return second.reshape(*batch_shape, 2, 2)


def _points(w: Array) -> tuple[Array, Shape]:
    """Points as (n, 2), also if there is only one, and their leading axes.

    A single point must not be given as numbers: np.power then computes in another way, with different last bits.
    """
    w = np.asarray(w, dtype=float)
    if w.shape[-1:] != (2,):
        raise Refusal(f"Points must be an array of shape (..., 2); not {w.shape}.")
    return w.reshape(-1, 2), w.shape[:-1]


def _simplified(algebra: Algebra, root: Node) -> Node:
    """The same expression, as a node of an algebra."""
    known: dict[Node, Node] = {}
    for node in in_order(root):
        if node.value is not None:
            simple = algebra.number(node.value)
        else:
            simple = algebra.apply(node.operation, *(known[operand] for operand in node.operands))
        if simple.value is not None and not np.isfinite(simple.value):
            raise Refusal(f"In a formula {brief(plain(node))} must be a finite number; not {simple.value}.")
        known[node] = simple
    return known[root]
