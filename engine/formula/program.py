"""Expressions as a list of NumPy calls, each value computed once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.arrays import Array
from engine.formula.algebra import UFUNCS
from engine.formula.tree import VARIABLES, Node, in_order

BLOCK = 4096
"""Number of points that are computed at once, so that all intermediate values stay in the processor's cache."""
MOST_PRODUCTS = 32
"""Largest whole exponent, of either sign, that is computed by products."""


class Program:
    """Several expressions of x and y, computed together.

    Parameters
    ----------
    outputs : Nodes
        Of one graph.
    """

    def __init__(self, *outputs: Node) -> None:
        compiler = _Compiler(*outputs)
        # As arrays: calls are faster with them than with Python's numbers.
        self._constants = [np.array(value) for value in compiler.constants]
        self._steps = compiler.steps
        self._outputs = compiler.outputs

    def fill(self, points: Array, *targets: Array) -> None:
        """Compute the outputs at points (n, 2) into targets (n,), one for each."""
        if len(points) <= BLOCK:
            self._fill(points, targets)
            return
        for start in range(0, len(points), BLOCK):
            part = slice(start, start + BLOCK)
            self._fill(points[part], [target[part] for target in targets])

    def _fill(self, points: Array, targets: Sequence[Array]) -> None:
        # In new arrays: on a reversed view some functions compute in another way, with different last bits.
        values = [*np.array(points.T, order="C"), *self._constants]
        put = values.append
        with np.errstate(all="ignore"):
            for ufunc, i, j in self._steps:
                put(ufunc(values[i]) if j < 0 else ufunc(values[i], values[j]))
        for target, at in zip(targets, self._outputs, strict=True):
            target[...] = values[at]


class _Compiler:
    """Gives each value a number: x, y, the constants, and then one for each step."""

    def __init__(self, *outputs: Node) -> None:
        nodes = in_order(*outputs)
        # One comes first, for reciprocals.
        self.constants = list(dict.fromkeys([1.0, *(node.value for node in nodes if node.value is not None)]))
        self.steps: list[tuple[np.ufunc, int, int]] = []
        self._first = len(VARIABLES) + len(self.constants)
        self._known: dict[tuple[np.ufunc, int, int], int] = {}
        self._at: dict[Node, int] = {}
        for node in nodes:
            self._at[node] = self._number_of(node)
        self.outputs = [self._at[node] for node in outputs]

    def _number_of(self, node: Node) -> int:
        """The number of a node's value, after adding the steps that compute it."""
        if node.value is not None:
            return len(VARIABLES) + self.constants.index(node.value)
        if not node.operands:
            return VARIABLES.index(node.operation)
        at = [self._at[operand] for operand in node.operands]
        exponent = node.operands[-1].value
        if exponent is not None and UFUNCS[node.operation] is np.power:
            return self._power(at[0], at[1], exponent)
        return self._step(UFUNCS[node.operation], *at)

    def _step(self, ufunc: np.ufunc, i: int, j: int = -1) -> int:
        step = ufunc, i, j
        if step not in self._known:
            self._known[step] = self._first + len(self.steps)
            self.steps.append(step)
        return self._known[step]

    def _power(self, base: int, at: int, exponent: float) -> int:
        """A constant power: whole and half ones by products and a root, others by np.power."""
        size = abs(exponent)
        if size > MOST_PRODUCTS or not (2 * size).is_integer():
            return self._step(np.power, base, at)
        result = self._products(base, int(size)) if size >= 1 else None
        if size % 1:
            root = self._step(np.sqrt, base)
            result = root if result is None else self._step(np.multiply, result, root)
        assert result is not None
        return self._step(np.divide, len(VARIABLES), result) if exponent < 0 else result

    def _products(self, base: int, exponent: int) -> int:
        """By squaring: u^13 is u u^4 u^8."""
        result = None
        while exponent:
            if exponent % 2:
                result = base if result is None else self._step(np.multiply, result, base)
            exponent //= 2
            if exponent:
                base = self._step(np.square, base)
        assert result is not None
        return result
