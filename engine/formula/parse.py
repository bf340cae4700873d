"""Parser of formulas: no text is ever run as code."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real

from engine.formula.formula import Formula
from engine.formula.functions import CONSTANTS, FUNCTIONS, NAMED, SPELLINGS
from engine.formula.tokens import Token, tokens
from engine.formula.tree import VARIABLES, Graph, Node
from engine.registry import Refusal, brief

LONGEST = 1000
"""Largest number of characters of a formula."""
DEEPEST = 50
"""Largest depth of parentheses, signs and powers inside each other. Python's stack would take ten times as many."""

SUM, PRODUCT, FACTOR, POWER = range(4)
"""How tightly operators bind; a product is made of factors."""
MINUS = frozenset("-−–")
OPERATORS = {
    "+": ("add", SUM),
    **dict.fromkeys(MINUS, ("subtract", SUM)),
    **dict.fromkeys("*·⋅∙×", ("multiply", PRODUCT)),
    **dict.fromkeys("/÷", ("divide", PRODUCT)),
    **dict.fromkeys(("^", "**"), ("power", POWER)),
}
SIDE_BY_SIDE = ("multiply", PRODUCT)
SIGNS = MINUS | {"+"}
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def parse(text: str, constants: Mapping[str, float] = {}) -> Formula:
    """Read a formula in x and y.

    It may contain + - * / ^ (also ``**``), parentheses, numbers, pi, e and the functions in ``FUNCTIONS``; capital and
    small letters are the same. A product needs no sign (2x, xy, xe^x, 3 sin(x)): 1/2x is (1/2) x. A power comes before
    a minus, and of several powers the right one first: -x^2^3 is -(x^(2^3)).

    Parameters
    ----------
    text : str
        Up to 1,000 characters.
    constants : mapping of str to float
        Additional names that may be used, and the numbers that they stand for.

    Returns
    -------
    Formula

    Raises
    ------
    Refusal
        One sentence that says what cannot be read, and where.
    """
    if not isinstance(text, str):
        raise Refusal(f"A formula must be text; not {brief(text)}.")
    if len(text) > LONGEST:
        raise Refusal(f"A formula must have at most {LONGEST:,} characters; not {len(text):,}.")
    if not text.strip():
        raise Refusal("A formula must not be empty; x^2 + y^2 is one.")
    _check(constants)
    return Formula.of(_Parser(text, constants).whole(), otherwise=text.strip())


def _check(constants: Mapping[str, float]) -> None:
    """Refuse names that are in use already or not allowed, and values that are not finite numbers."""
    for name, value in constants.items():
        if not isinstance(value, Real) or isinstance(value, bool) or not math.isfinite(value):
            raise Refusal(f"The constant {name} of a formula must be a finite number; not {brief(value)}.")
        one = isinstance(name, str) and [token.kind for token in tokens(name)] == ["name", "end"]
        if not one or name.lower() in {*VARIABLES, *SPELLINGS, *NAMED}:
            raise Refusal(f"A constant of a formula must have a name of its own, in letters; not {brief(name)}.")


class _Parser:
    """Precedence climbing, over tokens that are read from left to right."""

    def __init__(self, text: str, constants: Mapping[str, float]) -> None:
        self._tokens = tokens(text, {*VARIABLES, *NAMED, *constants}, SPELLINGS)
        self._next = next(self._tokens)
        self._graph = Graph()
        self._constants = constants
        self._depth = 0

    def whole(self) -> Node:
        """The formula from its first to its last token."""
        node = self._expression(SUM)
        if self._next.text == ")":
            raise Refusal(f"There is no ( for the ) at character {self._next.at}.")
        if self._next.kind != "end":
            raise self._unexpected_comma()
        return node

    def _take(self) -> Token:
        token = self._next
        self._next = next(self._tokens, token)
        return token

    def _unexpected_comma(self, function: str = "") -> Refusal:
        """The refusal of the comma that comes next: everything else may follow an operand, or was refused before."""
        if function:
            return Refusal(f"The function {function} must have one operand; not more at character {self._next.at}.")
        return Refusal(f"A formula must have no comma, and decimals a point; not , at character {self._next.at}.")

    def _expression(self, level: int) -> Node:
        """An expression of operators that bind at least as tightly as a level."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise Refusal(f"A formula must be nested at most {DEEPEST} deep; not deeper at character {self._next.at}.")
        node = self._operand(level)
        while (operator := self._operator()) is not None and operator[1] >= level:
            operation, own = operator
            if self._next.text in OPERATORS:
                self._take()
            # A power includes all powers to its right; other operators end where the next does not bind more tightly.
            node = self._graph.node(operation, node, self._expression(POWER if own == POWER else own + 1))
        self._depth -= 1
        return node

    def _operator(self) -> tuple[str, int] | None:
        """The operation that comes next: a product if there is no sign."""
        token = self._next
        if token.kind == "number":
            raise Refusal(f"There must be a sign before the number {brief(token.text)} at character {token.at}.")
        return SIDE_BY_SIDE if token.kind == "name" or token.text == "(" else OPERATORS.get(token.text)

    def _operand(self, level: int) -> Node:
        """One operand, with the sign before it and the superscripts after it."""
        if self._next.text in SIGNS:
            sign = self._take().text
            node = self._expression(max(level, PRODUCT))
            return self._graph.node("negative", node) if sign in MINUS else node
        node = self._atom()
        while self._next.kind == "superscript":
            node = self._graph.node("power", node, self._number(self._take()))
        return node

    def _atom(self) -> Node:
        """A number, a name, a call or something in parentheses."""
        token = self._take()
        if token.kind == "number":
            return self._number(token)
        if token.kind == "name":
            return self._name(token)
        if token.text == "(":
            return self._parenthesised(token)
        if token.kind == "end":
            raise Refusal("A formula must not end where a number, a name or a parenthesis has to follow.")
        raise Refusal(f"There must be a number, a name or a parenthesis before {token.text} at character {token.at}.")

    def _parenthesised(self, opening: Token, function: str = "") -> Node:
        """The expression after a ( that was read, up to its ), alone or after the name of a function."""
        node = self._expression(SUM)
        if self._next.kind == "end":
            raise Refusal(f"There is no ) for the ( at character {opening.at}.")
        if self._next.text != ")":
            raise self._unexpected_comma(function)
        self._take()
        return node

    def _number(self, token: Token) -> Node:
        """A number in digits or in superscripts."""
        value = float(token.text.translate(SUPERSCRIPTS))
        if not math.isfinite(value):
            raise Refusal(f"The number {brief(token.text)} at character {token.at} must be below 1.8e308.")
        return self._signed(value)

    def _signed(self, value: float) -> Node:
        node = self._graph.number(abs(value))
        return self._graph.node("negative", node) if value < 0 else node

    def _name(self, token: Token) -> Node:
        """A variable, a constant, or a function with its operand."""
        if token.text in self._constants:
            return self._signed(float(self._constants[token.text]))
        name = token.text.lower()
        if name in SPELLINGS:
            return self._call(SPELLINGS[name], token)
        if name in NAMED:
            return self._graph.number(NAMED[name].value, NAMED[name].name)
        if name not in VARIABLES:
            knows = ", ".join([*VARIABLES, *CONSTANTS, *self._constants])
            raise Refusal(
                f"A formula may use {knows} and the functions {', '.join(FUNCTIONS)}; not {brief(token.text)}."
            )
        return self._graph.node(name)

    def _call(self, function: str, token: Token) -> Node:
        if self._next.text != "(":
            raise Refusal(
                f"The function {token.text} at character {token.at} must have parentheses, as in {token.text}(x)."
            )
        return self._graph.node(function, self._parenthesised(self._take(), token.text))
