"""Text split into numbers, names and marks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
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


def tokens(text: str, factors: Collection[str] = VARIABLES, functions: Collection[str] = ()) -> Iterator[Token]:
    """The pieces of a formula, and an end.

    Parameters
    ----------
    text : str
    factors : collection of str
        Names that need no space between them: 2xy^2 is 2x y^2, and xe^x is x e^x.
    functions : collection of str
        Names that may end such a product: xsin(y) is x sin(y).

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
        pieces = _pieces(piece, factors, functions) if kind == "name" else [piece]
        for one in pieces if kind != "blank" else ():
            yield Token(kind, one, at + 1)
            at += len(one)
        at = found.end()
    yield Token("end", "", len(text) + 1)


def _pieces(name: str, factors: Collection[str], functions: Collection[str]) -> list[str]:
    """The names that a run of letters is made of, the longest first; the run itself if it is not made of any."""
    count, longest = len(name), max(map(len, [*factors, *functions]))
    # From the end: how long the piece is that begins at each letter, 0 where nothing fits up to the end.
    sizes = [0] * count
    for at in reversed(range(count)):
        for size in range(min(longest, count - at), 0, -1):
            last, piece = at + size == count, name[at : at + size]
            known = _among(factors, piece) or (last and _among(functions, piece))
            if known and (last or sizes[at + size]):
                sizes[at] = size
                break
    pieces, at = [], 0
    while at < count and sizes[at]:
        pieces.append(name[at : at + sizes[at]])
        at += sizes[at]
    return pieces if at == count else [name]


def _among(names: Collection[str], piece: str) -> bool:
    """Whether a name is known, as it is written or in small letters."""
    return piece in names or piece.lower() in names
