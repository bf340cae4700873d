"""Nodes that are simplified as they are made: constants are computed, zeros and ones are removed.

Simpler means fewer operations, not easier to read. Rules that hold almost everywhere are used: 0 u is 0 even where u is
not finite.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.formula.functions import FUNCTIONS
from engine.formula.tree import Graph, Node

ARITHMETIC: dict[str, np.ufunc] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "power": np.power,
    "negative": np.negative,
}
UFUNCS: dict[str, np.ufunc] = {**ARITHMETIC, **{entry.name: entry.ufunc for entry in FUNCTIONS.values()}}
"""The NumPy function of each operation."""


def _opposite(node: Node) -> Node | None:
    """The operand ``u`` if the node is ``-u``."""
    return node.operands[0] if node.operation == "negative" else None


def _factored(node: Node) -> tuple[float, Node] | None:
    """(c, u) if the node is c u for a number c."""
    if node.operation != "multiply" or node.operands[0].value is None:
        return None
    return node.operands[0].value, node.operands[1]


class Algebra(Graph):
    """A graph whose nodes are simplified."""

    def apply(self, operation: str, *operands: Node) -> Node:
        """An operation by its name, simplified."""
        values = [node.value for node in operands if node.value is not None]
        if operands and len(values) == len(operands):
            with np.errstate(all="ignore"):
                return self.number(UFUNCS[operation](*values))
        rule = _RULES.get(operation)
        return rule(self, *operands) if rule else self.node(operation, *operands)

    def add(self, a: Node, b: Node) -> Node:
        """``a + b``, simplified."""
        return self.apply("add", a, b)

    def subtract(self, a: Node, b: Node) -> Node:
        """``a - b``, simplified."""
        return self.apply("subtract", a, b)

    def multiply(self, a: Node, b: Node) -> Node:
        """``a b``, simplified."""
        return self.apply("multiply", a, b)

    def divide(self, a: Node, b: Node) -> Node:
        """``a / b``, simplified."""
        return self.apply("divide", a, b)

    def power(self, a: Node, b: Node) -> Node:
        """``a^b``, simplified."""
        return self.apply("power", a, b)

    def negative(self, a: Node) -> Node:
        """``-a``, simplified."""
        return self.apply("negative", a)

    def _commuting(self, operation: str, a: Node, b: Node) -> Node:
        """Both orders give the same bits, so that one order is enough; a number comes first."""
        swap = b.value is not None or (a.value is None and a.index > b.index)
        return self.node(operation, b, a) if swap else self.node(operation, a, b)

    def _add(self, a: Node, b: Node) -> Node:
        if a.is_number(0) or b.is_number(0):
            return b if a.is_number(0) else a
        if (u := _opposite(b)) is not None:
            return self.subtract(a, u)
        if (u := _opposite(a)) is not None:
            return self.subtract(b, u)
        if a is b:
            return self.multiply(self.number(2), a)
        return self._commuting("add", a, b)

    def _subtract(self, a: Node, b: Node) -> Node:
        if b.is_number(0):
            return a
        if a.is_number(0):
            return self.negative(b)
        if (u := _opposite(b)) is not None:
            return self.add(a, u)
        return self.number(0) if a is b else self.node("subtract", a, b)

    def _multiply(self, a: Node, b: Node) -> Node:
        if b.value is not None:
            a, b = b, a
        if a.value is not None:
            return self._times(a.value, b)
        if (u := _opposite(a)) is not None:
            return self.negative(self.multiply(u, b))
        if (u := _opposite(b)) is not None:
            return self.negative(self.multiply(a, u))
        if (part := _factored(a)) is not None:
            return self._times(part[0], self.multiply(part[1], b))
        if (part := _factored(b)) is not None:
            return self._times(part[0], self.multiply(a, part[1]))
        return self.power(a, self.number(2)) if a is b else self._commuting("multiply", a, b)

    def _times(self, factor: float, u: Node) -> Node:
        """A number times any node."""
        if u.value is not None:
            return self.number(factor * u.value)
        if factor == 0:
            return self.number(0)
        if factor == 1:
            return u
        if factor == -1:
            return self.negative(u)
        if (inner := _opposite(u)) is not None:
            return self._times(-factor, inner)
        if (part := _factored(u)) is not None:
            return self._times(factor * part[0], part[1])
        return self.node("multiply", self.number(factor), u)

    def _divide(self, a: Node, b: Node) -> Node:
        if a.is_number(0) or b.is_number(1):
            return a
        if (u := _opposite(a)) is not None:
            return self.negative(self.divide(u, b))
        if (u := _opposite(b)) is not None:
            return self.negative(self.divide(a, u))
        return self.node("divide", a, b)

    def _negative(self, a: Node) -> Node:
        if (u := _opposite(a)) is not None:
            return u
        if (part := _factored(a)) is not None:
            return self._times(-part[0], part[1])
        # −(a − b) is b − a to the last bit.
        return self.node("subtract", *a.operands[::-1]) if a.operation == "subtract" else self.node("negative", a)

    def _power(self, base: Node, exponent: Node) -> Node:
        if exponent.is_number(0):
            return self.number(1)
        if exponent.is_number(1):
            return base
        if exponent.is_number(0.5):
            return self.apply("sqrt", base)
        return self.apply("exp", exponent) if base.is_number(np.e) else self.node("power", base, exponent)


_RULES: dict[str, Callable[..., Node]] = {
    "add": Algebra._add,
    "subtract": Algebra._subtract,
    "multiply": Algebra._multiply,
    "divide": Algebra._divide,
    "power": Algebra._power,
    "negative": Algebra._negative,
}
