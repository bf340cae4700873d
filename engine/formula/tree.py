"""Expressions as nodes; equal nodes are the same object.

A node has a larger number than its operands, so that every walk is a loop over nodes in the order of their numbers, and
no formula is too deep for Python's stack.
"""

from __future__ import annotations

from dataclasses import dataclass

VARIABLES = ("x", "y")
"""Names of the two coordinates of a point, in this order."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Node:
    """One number, variable or operation.

    Parameters
    ----------
    index : int
        Larger than that of any operand.
    operation : str
        A name in ``OPERATIONS`` or ``VARIABLES``; for a number "number", or its name if it has one ("pi").
    operands : tuple of Node
    value : float or None
        Of a number.
    """

    index: int
    operation: str
    operands: tuple[Node, ...] = ()
    value: float | None = None

    def is_number(self, value: float) -> bool:
        """Whether the node is the number ``value``."""
        return self.value is not None and self.value == value


class Graph:
    """Nodes, each made only once."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[str, tuple[Node, ...], float | None], Node] = {}

    def __len__(self) -> int:
        return len(self._nodes)

    def node(self, operation: str, *operands: Node, value: float | None = None) -> Node:
        """The node of an operation on operands; nothing is simplified."""
        key = operation, operands, value
        known = self._nodes.get(key)
        if known is None:
            known = self._nodes[key] = Node(len(self._nodes), operation, operands, value)
        return known

    def number(self, value: float, name: str = "number") -> Node:
        """A number, with its name if it was written with that."""
        return self.node(name, value=float(value))


def in_order(*roots: Node) -> list[Node]:
    """All nodes of some roots, the roots included; operands come first."""
    found = set(roots)
    waiting = list(found)
    while waiting:
        new = set(waiting.pop().operands) - found
        found |= new
        waiting += new
    return sorted(found, key=lambda node: node.index)
