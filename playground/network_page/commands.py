"""What the network page may ask for, beside what every page may."""

from __future__ import annotations

from typing import Protocol

from engine import Registry
from playground.network_page.sections import EDITED, KINDS
from playground.runtime.commands import BASICS, Basics
from playground.runtime.wire import NUMBER, TEXT, WHOLE, Command, Field, one_of


class Actions(Basics, Protocol):
    """What can be done with a network besides."""

    def edit(self, kind: str, layer: int, i: int, j: int, value: float) -> None:
        """Set a weight or a bias by hand."""

    def focus(self, kind: str, layer: int, i: int, j: int) -> None:
        """Look closely at a unit, a link or a bias."""

    def watch(self, layer: int) -> None:
        """Look at the activation of a hidden layer."""

    def redraw_landscape(self) -> None:
        """Draw the loss landscape as it is now."""

    def check(self) -> None:
        """Check the gradients on the next batch."""

    def open(self, name: str) -> None:
        """Set up an experiment."""


_TARGET = (Field("layer", WHOLE), Field("i", WHOLE), Field("j", WHOLE))
"""Where in the network a message points to."""

COMMANDS = Registry(
    "command",
    [
        *BASICS,
        Command("edit", "edit", (Field("kind", one_of(EDITED)), *_TARGET, Field("value", NUMBER))),
        Command("focus", "focus", (Field("kind", one_of(KINDS)), *_TARGET), False),
        Command("watch", "watch", (Field("layer", WHOLE),), False),
        Command("redraw_landscape", "redraw_landscape"),
        Command("check", "check"),
        Command("open", "open", (Field("name", TEXT),)),
    ],
)
"""What the network page may ask for."""
