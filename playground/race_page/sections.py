"""Sections: what a picture of a race is packed as."""

from __future__ import annotations

from typing import NamedTuple

from playground.runtime import wire

NEVER = -1
"""Stands for a step that has not happened, and for no racer."""


class Scalars(NamedTuple):
    """Single numbers: steps shown, known and new; how fast it goes; who arrived first; how often a step was looked for.

    ``cursor`` is the step that is shown, ``length`` how many steps are known, ``first`` the first step that is new in
    this frame, and ``sought`` how many times the page has looked for a step.
    """

    cursor: int
    length: int
    status: int
    speed: float
    first: int
    winner: int
    sought: int


_XY = ("x", "y")
HEAD_PARTS = {
    "gradient": _XY, "velocity": _XY, "home": _XY, "rates": _XY, "model": ("xx", "xy", "yy"),
    "ending": (), "ended": (), "reached": (), "value": (), "distance": (), "rate": (),
}  # fmt: skip
"""What is known of a racer at one step, in order: vectors with their parts, and single numbers."""

HEAD = tuple(f"{name}_{part}" if part else name for name, parts in HEAD_PARTS.items() for part in parts or ("",))
"""The columns of the heads; NaN is for what a rule does not have."""

PLACE = {name: k for k, name in enumerate(HEAD)}


class Section(wire.Section):
    """The arrays of a race's frame; all of them are there every time."""

    SCALARS = 1, "<f8", (len(Scalars._fields),), "see Scalars"
    PLACES = 2, "<f4", ("new steps", "racers", 2), "where every racer was, from the first new step on"
    VALUES = 3, "<f4", ("new steps", "racers"), "how high"
    HEADS = 4, "<f8", ("racers", len(HEAD)), "see HEAD"
    CARD = 5, "u1", ("letters of card",), "the next update of the selected racer, written out, as JSON"
    FATES = 6, "u1", ("letters of fates",), "what became of each racer, in words, as JSON"
    TEXT = 7, "u1", ("letters of text",), "a sentence about the race, as UTF-8"
