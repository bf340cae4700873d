"""Text split into numbers, names and marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from engine.formula.tree import VARIABLES
from engine.registry import Refusal, brief


class Token(NamedTuple):
    """A piece of text.

    Parameters
    ----------
    kind : str
        "number", "name", "superscript" or "mark"; "end" after the last.
    text : str
    at : int
        The position of its first character, from one.
    """

    kind: str
    text: str
    at: int


_PIECE = re.compile(
    r"(?P<blank>\s+)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<superscript>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<name>[√π]|[^\W\d_π][^\W_π⁰¹²³⁴⁵⁶⁷⁸⁹]*)"
    r"|(?P<mark>\*\*|[-+*/^(),−–·⋅∙×÷])"
)


def tokens(text: str) -> Iterator[Token]:
    """The pieces of a formula, and an end.

    Raises
    ------
    Refusal
        At a character that is not allowed in a formula.
    """
    at = 0
    while at < len(text):
        found = _PIECE.match(text, at)
        if found is None:
            raise Refusal(
                "A formula must be made of numbers, names, + - * / ^ and parentheses; "
                f"not {brief(text[at])} at character {at + 1}."
            )
        kind, piece = str(found.lastgroup), found[0]
        # Variables need no space between them: 2xy^2 is 2x y^2.
        pieces = piece if kind == "name" and set(piece.lower()) <= set(VARIABLES) else [piece]
        for one in pieces if kind != "blank" else ():
            yield Token(kind, one, at + 1)
            at += len(one)
        at = found.end()
    yield Token("end", "", len(text) + 1)
