"""What the race page may ask for, beside what every page may."""

from __future__ import annotations

from typing import Protocol

from engine import Registry
from playground.runtime.commands import BASICS, Basics
from playground.runtime.json_value import Json
from playground.runtime.wire import NUMBER, WHOLE, Command, Field


class RaceActions(Basics, Protocol):
    """What can be done with a race."""

    def back(self) -> None:
        """Show the step before and rest."""

    def seek(self, step: int, number: int) -> None:
        """Show another step, ``number`` being how many times the page has looked for one."""

    def begin_at(self, x: Json, y: Json) -> None:
        """Begin elsewhere."""

    def sweep(self) -> None:
        """Find the best learning rate for each racer and take it."""


COMMANDS = Registry(
    "command",
    [
        *BASICS,
        Command("back", "back"),
        Command("seek", "seek", (Field("step", WHOLE), Field("id", WHOLE)), False),
        Command("start", "begin_at", (Field("x", NUMBER), Field("y", NUMBER))),
        Command("sweep", "sweep"),
    ],
)
