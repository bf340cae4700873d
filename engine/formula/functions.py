"""The functions that a formula may use, with their derivatives, and the numbers that have names."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.formula.tree import Node
from engine.registry import Registry


class Builder(Protocol):
    """What makes the nodes of a derivative: an Algebra."""

    def number(self, value: float) -> Node:
        """The node of a number."""

    def apply(self, operation: str, *operands: Node) -> Node:
        """The node of an operation or function, by its name, on its operands."""

    def add(self, a: Node, b: Node) -> Node:
        """``a + b``."""

    def subtract(self, a: Node, b: Node) -> Node:
        """``a - b``."""

    def divide(self, a: Node, b: Node) -> Node:
        """``a / b``."""

    def power(self, a: Node, b: Node) -> Node:
        """``a^b``."""

    def negative(self, a: Node) -> Node:
        """``-a``."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function of one number.

    Parameters
    ----------
    name : str
        The key, and how it is written.
    ufunc : numpy.ufunc
    slope : callable ``(builder, u, node) -> Node``
        The derivative at u, where ``node`` is the function of u.
    text, latex : str
        How it is written for people, with %s for the operand; ``parse`` reads the text.
    aliases : tuple of str
        Other names for it.
    """

    name: str
    ufunc: np.ufunc
    slope: Callable[[Builder, Node, Node], Node]
    text: str
    latex: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Constant:
    """A number that has a name.

    Parameters
    ----------
    name : str
        The key.
    value : float
    text, latex : str
        How it is written for people; ``parse`` reads both name and text.
    """

    name: str
    value: float
    text: str
    latex: str


def _tan(a: Builder, u: Node, tan: Node) -> Node:
    return a.add(a.number(1), a.power(tan, a.number(2)))


def _log10(a: Builder, u: Node, node: Node) -> Node:
    return a.divide(a.number(1 / math.log(10)), u)


def _tanh(a: Builder, u: Node, tanh: Node) -> Node:
    return a.subtract(a.number(1), a.power(tanh, a.number(2)))


def _hill(a: Builder, u: Node) -> Node:
    """√(1 − u²)."""
    return a.apply("sqrt", a.subtract(a.number(1), a.power(u, a.number(2))))


def _arctan(a: Builder, u: Node, node: Node) -> Node:
    return a.divide(a.number(1), a.add(a.number(1), a.power(u, a.number(2))))


def _named(name: str, ufunc: np.ufunc, slope: Callable[[Builder, Node, Node], Node], *aliases: str) -> Function:
    """A function whose name is a LaTeX command."""
    return Function(name, ufunc, slope, name + "(%s)", rf"\{name}(%s)", aliases)


FUNCTIONS = Registry(
    "function",
    [
        _named("sin", np.sin, lambda a, u, node: a.apply("cos", u)),
        _named("cos", np.cos, lambda a, u, node: a.negative(a.apply("sin", u))),
        _named("tan", np.tan, _tan),
        _named("exp", np.exp, lambda a, u, node: node),
        _named("log", np.log, lambda a, u, node: a.divide(a.number(1), u), "ln"),
        Function("log10", np.log10, _log10, "log10(%s)", r"\log_{10}(%s)"),
        Function("sqrt", np.sqrt, lambda a, u, node: a.divide(a.number(0.5), node), "√(%s)", r"\sqrt{%s}", ("√",)),
        # At zero the derivative of abs is 0, the middle of its subgradients, as in np.sign.
        Function("abs", np.absolute, lambda a, u, node: a.apply("sign", u), "abs(%s)", r"\left|%s\right|"),
        Function(
            "sign", np.sign, lambda a, u, node: a.number(0), "sign(%s)", r"\operatorname{sign}(%s)", ("sgn",),
        ),
        _named("sinh", np.sinh, lambda a, u, node: a.apply("cosh", u)),
        _named("cosh", np.cosh, lambda a, u, node: a.apply("sinh", u)),
        _named("tanh", np.tanh, _tanh),
        _named("arcsin", np.arcsin, lambda a, u, node: a.divide(a.number(1), _hill(a, u)), "asin"),
        _named("arccos", np.arccos, lambda a, u, node: a.divide(a.number(-1), _hill(a, u)), "acos"),
        _named("arctan", np.arctan, _arctan, "atan"),
    ],
)  # fmt: skip

CONSTANTS = Registry("constant", [Constant("pi", math.pi, "π", r"\pi"), Constant("e", math.e, "e", "e")])

SPELLINGS = {name: entry.name for entry in FUNCTIONS.values() for name in (entry.name, *entry.aliases)}
"""Every way to write a function, and its key."""
NAMED = {name: entry for entry in CONSTANTS.values() for name in (entry.name, entry.text)}
"""Every way to write a constant, and the constant."""
