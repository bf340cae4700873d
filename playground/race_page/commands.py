"""What the optimizer page may ask for, beside what every page may."""

from __future__ import annotations

from typing import Any, Protocol

from engine import Registry
from playground.runtime.commands import BASICS, Basics, Command, whole


class RaceActions(Basics, Protocol):
    """What can be done with a race."""

    def back(self) -> None:
        """Show the step before and rest."""

    def seek(self, step: int, number: int) -> None:
        """Show another step, ``number`` being how many times the page has looked for one."""

    def place(self, x: Any, y: Any) -> None:
        """Begin elsewhere."""

    def sweep(self) -> None:
        """Find the best learning rate for each racer and take it."""


COMMANDS = Registry(
    "command",
    [
        *BASICS,
        Command("back", lambda do, message: do.back()),
        Command("seek", lambda do, message: do.seek(whole(message, "step"), whole(message, "id")), False),
        Command("start", lambda do, message: do.place(message.get("x"), message.get("y"))),
        Command("sweep", lambda do, message: do.sweep()),
    ],
)
