"""What the network page may ask for, beside what every page may."""

from __future__ import annotations

from typing import Any, Protocol

from engine import Registry
from engine.registry import Refusal, brief
from playground.runtime.commands import BASICS, Basics, Command, Message, whole

_EDITED = {"weight": "link", "bias": "bias"}
"""What can be set by hand, and what a FrameComposer calls it."""


class Actions(Basics, Protocol):
    """What can be done with a network besides."""

    def edit(self, kind: str, layer: int, i: int, j: int, value: Any) -> None:
        """Set a weight or a bias by hand."""

    def focus(self, kind: Any, layer: int, i: int, j: int) -> None:
        """Look closely at a unit, a link or a bias."""

    def watch(self, layer: int) -> None:
        """Look at the activation of a hidden layer."""

    def redraw_landscape(self) -> None:
        """Draw the loss landscape as it is now."""

    def check(self) -> None:
        """Check the gradients on the next batch."""

    def open(self, name: Any) -> None:
        """Set up an experiment."""


def place(message: Message) -> tuple[int, int, int]:
    """Where in the network a message points to."""
    return whole(message, "layer"), whole(message, "i"), whole(message, "j")


def _edit(do: Actions, message: Message) -> None:
    kind = message.get("kind")
    if not isinstance(kind, str) or kind not in _EDITED:
        raise Refusal(f"kind must be {' or '.join(_EDITED)}; not {brief(kind)}.")
    do.edit(_EDITED[kind], *place(message), message.get("value"))


COMMANDS = Registry(
    "command",
    [
        *BASICS,
        Command("edit", _edit),
        Command("focus", lambda do, message: do.focus(message.get("kind"), *place(message)), False),
        Command("watch", lambda do, message: do.watch(whole(message, "layer")), False),
        Command("redraw_landscape", lambda do, message: do.redraw_landscape()),
        Command("check", lambda do, message: do.check()),
        Command("open", lambda do, message: do.open(message.get("name"))),
    ],
)
"""What the network page may ask for."""
