"""Expressions as plain text and as LaTeX, in the form in which they were written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from engine.formula.functions import CONSTANTS, FUNCTIONS
from engine.formula.tree import Node, in_order

LONGEST = 1000
"""Largest number of characters that ``parse`` reads."""
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
DIGITS = frozenset("0123456789")

SUM, NEGATIVE, PRODUCT, POWER, ATOM = range(5)
"""How tightly a piece binds: it gets parentheses where a tighter one is needed."""


class Piece(NamedTuple):
    """A text, and how tightly it binds."""

    text: str
    level: int


Writer: TypeAlias = Callable[..., Piece]


@dataclass(frozen=True, slots=True)
class Style:
    """One way of writing.

    Parameters
    ----------
    number : callable ``(value) -> Piece``
        For numbers that are not negative.
    name : callable ``(name) -> str``
        For variables and constants.
    operations : mapping of str to callable ``(node, *operands) -> Piece``
    call : callable ``(function, operand) -> str``
    """

    number: Callable[[float], Piece]
    name: Callable[[str], str]
    operations: Mapping[str, Writer]
    call: Callable[[str, str], str]

    def write(self, root: Node) -> str:
        """The text of an expression; empty if it would be too long."""
        done: dict[Node, Piece] = {}
        for node in in_order(root):
            done[node] = piece = self._piece(node, [done[operand] for operand in node.operands])
            # Shared pieces may double the length at each step, so it is checked at each step.
            if len(piece.text) > 10 * LONGEST:
                return ""
        return done[root].text

    def _piece(self, node: Node, operands: list[Piece]) -> Piece:
        if node.operation in self.operations:
            return self.operations[node.operation](node, *operands)
        if operands:
            return Piece(self.call(node.operation, operands[0].text), ATOM)
        if _is_plain(node):
            return self.number(node.value or 0.0)
        return Piece(self.name(node.operation), ATOM)


def _is_plain(node: Node) -> bool:
    """Whether a node is a number that is written in digits."""
    return node.value is not None and node.operation not in CONSTANTS


def _digits(value: float) -> str:
    """The shortest digits that give the same number when they are read."""
    if value.is_integer() and value < 1e15:
        return str(int(value))
    digits, _, power = repr(value).partition("e")
    return f"{digits}e{int(power)}" if power else digits


def _whole_exponent(node: Node) -> str | None:
    """The digits of a power's exponent, if it is whole and short."""
    exponent = node.operands[1]
    sign = "-" if exponent.operation == "negative" else ""
    number = exponent.operands[0] if sign else exponent
    if not _is_plain(number) or number.value is None or not number.value.is_integer() or number.value >= 1000:
        return None
    if sign and number.value == 0:  # would be read as a zero without a sign
        return None
    return f"{sign}{int(number.value)}"


def _text(piece: Piece, level: int) -> str:
    return piece.text if piece.level >= level else f"({piece.text})"


def _text_product(node: Node, a: Piece, b: Piece) -> Piece:
    first, second = node.operands
    left, right = _text(a, PRODUCT), _text(b, POWER)
    if right[0] in DIGITS or first is second or first.operation == "divide":
        return Piece(f"{left} · {right}", PRODUCT)
    return Piece(f"{left}{right}" if _is_plain(first) and right[0] in "xyπ" else f"{left} {right}", PRODUCT)


def _text_power(node: Node, a: Piece, b: Piece) -> Piece:
    digits = _whole_exponent(node)
    raised = f"^{_text(b, ATOM)}" if digits is None else digits.translate(SUPERSCRIPTS)
    return Piece(_text(a, ATOM) + raised, POWER)


TEXT = Style(
    lambda value: Piece(_digits(value), ATOM),
    lambda name: CONSTANTS[name].text if name in CONSTANTS else name,
    {
        "add": lambda node, a, b: Piece(f"{a.text} + {_text(b, PRODUCT)}", SUM),
        "subtract": lambda node, a, b: Piece(f"{a.text} − {_text(b, PRODUCT)}", SUM),
        "multiply": _text_product,
        "divide": lambda node, a, b: Piece(f"{_text(a, PRODUCT)}/{_text(b, POWER)}", PRODUCT),
        "power": _text_power,
        "negative": lambda node, a: Piece(f"−{_text(a, PRODUCT)}", NEGATIVE),
    },
    lambda function, operand: FUNCTIONS[function].text % operand,
)


def _latex(piece: Piece, level: int) -> str:
    return piece.text if piece.level >= level else _tall("(%s)", piece.text)


def _tall(template: str, text: str) -> str:
    """Put a text into a template, whose parentheses grow with fractions."""
    return (template.replace("(%s)", r"\left(%s\right)") if r"\frac" in text else template) % text


def _latex_number(value: float) -> Piece:
    digits, _, power = _digits(value).partition("e")
    if not power:
        return Piece(digits, ATOM)
    return Piece(f"10^{{{power}}}", POWER) if digits == "1" else Piece(rf"{digits} \cdot 10^{{{power}}}", PRODUCT)


def _latex_product(node: Node, a: Piece, b: Piece) -> Piece:
    first, second = node.operands
    left, right = _latex(a, PRODUCT), _latex(b, PRODUCT)
    dot = right[0] in DIGITS or right.startswith(r"\frac") or first is second
    return Piece(rf"{left} \cdot {right}" if dot else f"{left} {right}", PRODUCT)


def _latex_power(node: Node, a: Piece, b: Piece) -> Piece:
    return Piece(f"{_latex(a, ATOM)}^{b.text}" if len(b.text) == 1 else f"{_latex(a, ATOM)}^{{{b.text}}}", POWER)


LATEX = Style(
    _latex_number,
    lambda name: CONSTANTS[name].latex if name in CONSTANTS else name,
    {
        "add": lambda node, a, b: Piece(f"{a.text} + {_latex(b, PRODUCT)}", SUM),
        "subtract": lambda node, a, b: Piece(f"{a.text} - {_latex(b, PRODUCT)}", SUM),
        "multiply": _latex_product,
        "divide": lambda node, a, b: Piece(rf"\frac{{{a.text}}}{{{b.text}}}", PRODUCT),
        "power": _latex_power,
        "negative": lambda node, a: Piece(f"-{_latex(a, PRODUCT)}", NEGATIVE),
    },
    lambda function, operand: _tall(FUNCTIONS[function].latex, operand),
)


def plain(root: Node) -> str:
    """Plain text for people and for ``parse``; empty if it would be too long."""
    text = TEXT.write(root)
    return text if len(text) <= LONGEST else ""


def latex(root: Node) -> str:
    """LaTeX for mathematics mode; empty if it would be very long."""
    return LATEX.write(root)
