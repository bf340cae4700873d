"""Exact derivatives of expressions, as expressions."""

from __future__ import annotations

from collections.abc import Callable

from engine.formula.algebra import Algebra
from engine.formula.functions import FUNCTIONS
from engine.formula.tree import VARIABLES, Node, in_order


def _add(a: Algebra, out: Node, node: Node) -> tuple[Node, ...]:
    return out, out


def _subtract(a: Algebra, out: Node, node: Node) -> tuple[Node, ...]:
    return out, a.negative(out)


def _multiply(a: Algebra, out: Node, node: Node) -> tuple[Node, ...]:
    u, v = node.operands
    return a.multiply(out, v), a.multiply(out, u)


def _divide(a: Algebra, out: Node, node: Node) -> tuple[Node, ...]:
    first = a.divide(out, node.operands[1])
    return first, a.negative(a.multiply(first, node))


def _power(a: Algebra, out: Node, node: Node) -> tuple[Node, ...]:
    u, v = node.operands
    below = a.power(u, a.subtract(v, a.number(1)))
    return (
        a.multiply(out, a.multiply(v, below)),
        a.number(0) if v.value is not None else a.multiply(out, a.multiply(a.apply("log", u), node)),
    )


def _negative(a: Algebra, out: Node, node: Node) -> tuple[Node, ...]:
    return (a.negative(out),)


_RULES: dict[str, Callable[[Algebra, Node, Node], tuple[Node, ...]]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "power": _power,
    "negative": _negative,
}
"""From the derivative of the whole by a node to the derivatives by the node's operands (the chain rule)."""


def _backward(a: Algebra, out: Node, node: Node) -> tuple[Node, ...]:
    if node.operation in _RULES:
        return _RULES[node.operation](a, out, node)
    (u,) = node.operands
    return (a.multiply(out, FUNCTIONS[node.operation].slope(a, u, node)),)


def gradient(algebra: Algebra, root: Node) -> tuple[Node, Node]:
    """Derivatives of an expression by x and by y, in the same graph.

    Backwards, from the whole to the variables: one pass gives both, and they share common parts.

    Parameters
    ----------
    algebra : Algebra
        The graph that ``root`` is a node of.
    root : Node

    Returns
    -------
    tuple of two Nodes
    """
    nodes = in_order(root)
    varying: set[Node] = set()
    for node in nodes:
        if node.operation in VARIABLES or not varying.isdisjoint(node.operands):
            varying.add(node)
    sums = {root: algebra.number(1)}
    for node in reversed(nodes):
        if node not in varying or node not in sums or not node.operands:
            continue
        for operand, part in zip(node.operands, _backward(algebra, sums[node], node), strict=True):
            if operand in varying:
                sums[operand] = algebra.add(sums[operand], part) if operand in sums else part
    x, y = (sums.get(algebra.node(name), algebra.number(0)) for name in VARIABLES)
    return x, y
