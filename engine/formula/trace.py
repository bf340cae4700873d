"""Python functions as formulas: they are called with symbols that record the operations."""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np

from engine.formula.algebra import UFUNCS
from engine.formula.formula import Formula
from engine.formula.functions import CONSTANTS
from engine.formula.tree import VARIABLES, Graph, Node

MOST_NODES = 1000
"""Largest number of different operations and numbers in a function that is traced."""


class _Untraceable(Exception):
    """An operation on a symbol that no formula can express."""


class Symbol(np.lib.mixins.NDArrayOperatorsMixin):
    """A variable, or an expression of it. All operators, comparisons too, arrive as NumPy functions."""

    # Comparing symbols raises, so that they cannot be keys.
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, graph: Graph, node: Node) -> None:
        self.graph, self.node = graph, node

    def __bool__(self) -> bool:
        raise _Untraceable

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Symbol:
        if method != "__call__" or options or ufunc not in RECORDED or len(self.graph) > MOST_NODES:
            raise _Untraceable
        return Symbol(self.graph, RECORDED[ufunc](self.graph, *(_node(self.graph, value) for value in inputs)))


def _node(graph: Graph, value: Any) -> Node:
    """The node of a symbol or of a number."""
    if isinstance(value, Symbol):
        return value.node
    if isinstance(value, np.ndarray) and value.shape == ():
        value = value.item()
    if not isinstance(value, Real) or isinstance(value, (bool, np.bool_)) or not math.isfinite(value):
        raise _Untraceable
    size = abs(float(value))
    name = next((entry.name for entry in CONSTANTS.values() if entry.value == size), "number")
    node = graph.number(size, name)
    return graph.node("negative", node) if value < 0 else node


def _recorder(operation: str) -> Callable[..., Node]:
    return lambda graph, *operands: graph.node(operation, *operands)


def _product(operation: str) -> Callable[..., Node]:
    """A product or quotient, with a leading minus in front of all of it.

    Python applies the minus before a product, formulas after it; both give the same bits.
    """

    def recorded(graph: Graph, u: Node, v: Node) -> Node:
        if u.operation == "negative":
            return graph.node("negative", graph.node(operation, u.operands[0], v))
        return graph.node(operation, u, v)

    return recorded


def _add(graph: Graph, u: Node, v: Node) -> Node:
    """A sum, without the zero with which Python's ``sum`` begins."""
    return v if u.is_number(0) else graph.node("add", u, v)


def _hypot(graph: Graph, u: Node, v: Node) -> Node:
    squares = (graph.node("power", side, graph.number(2)) for side in (u, v))
    return graph.node("sqrt", graph.node("add", *squares))


RECORDED: dict[np.ufunc, Callable[..., Node]] = {
    **{ufunc: _recorder(operation) for operation, ufunc in UFUNCS.items()},
    np.add: _add,
    np.multiply: _product("multiply"),
    np.divide: _product("divide"),
    np.float_power: _recorder("power"),
    np.fabs: _recorder("abs"),
    np.positive: lambda graph, u: u,
    np.square: lambda graph, u: graph.node("power", u, graph.number(2)),
    np.reciprocal: lambda graph, u: graph.node("divide", graph.number(1), u),
    np.exp2: lambda graph, u: graph.node("power", graph.number(2), u),
    np.expm1: lambda graph, u: graph.node("subtract", graph.node("exp", u), graph.number(1)),
    np.log1p: lambda graph, u: graph.node("log", graph.node("add", graph.number(1), u)),
    np.log2: lambda graph, u: graph.node("divide", graph.node("log", u), graph.node("log", graph.number(2))),
    np.hypot: _hypot,
}
"""How a formula expresses each NumPy function."""


def trace(function: Callable[[Any, Any], Any]) -> Formula | None:
    """Read a formula off a Python function of x and y.

    Parameters
    ----------
    function : callable ``(x, y) -> height``
        It is called with symbols, and with some numbers, to check that the formula gives the same heights.

    Returns
    -------
    Formula or None
        None if the function does something that no formula can express: it compares, branches, converts to
        ``float``, draws random numbers, or fails.
    """
    graph = Graph()
    symbols = (Symbol(graph, graph.node(name)) for name in VARIABLES)
    try:
        formula = Formula.of(_node(graph, function(*symbols)))
        return formula if _agree(function, formula) else None
    except Exception:  # the caller's own code: an error here comes again when it is called with numbers
        return None


def _agree(function: Callable[[Any, Any], Any], formula: Formula) -> bool:
    """Whether both give the same heights at points near and far, which finds hidden random numbers and branches."""
    points = np.random.default_rng(0).normal(scale=np.repeat([0.3, 3.0, 30.0], 8)[:, None], size=(24, 2))
    with np.errstate(all="ignore"):
        heights = [float(function(x, y)) for x, y in points]
    # Not strict, because steep formulas increase rounding errors.
    return np.allclose(formula.f(points), heights, rtol=1e-6, atol=1e-9, equal_nan=True)
