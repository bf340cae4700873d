"""Commands: what every page may ask for, with the fields that each message has.

A message is checked by its fields and becomes one call with plain arguments; what makes no sense is refused with a
sentence.
"""

from __future__ import annotations

from typing import Protocol

from engine import Registry
from playground.runtime.json_value import Json
from playground.runtime.parameters import mapping
from playground.runtime.wire import MAYBE_SETTINGS, SETTINGS, TEXT, TRUTH, WHOLE, Command, Field


class Basics(Protocol):
    """What can be done on every page, with arguments that are at least of the right kind."""

    def welcome(self, restore: Json, dark: bool) -> None:
        """Show everything to a page that has rendered, for the first time or again; ``restore`` are its choices."""

    def acknowledge(self, sequence: int) -> None:
        """Take note of what has been painted."""

    def play(self) -> None:
        """Go on by itself."""

    def pause(self) -> None:
        """Rest."""

    def step(self) -> None:
        """Make one step and rest."""

    def reset(self) -> None:
        """Go back to the beginning and rest."""

    def choose(self, values: Json, number: int) -> None:
        """Take over settings, ``number`` being how many times the page has set some."""

    def follow(self) -> None:
        """Take over what is different in the settings."""


READY = Command("ready", "welcome", (Field("restore", MAYBE_SETTINGS), Field("dark", TRUTH)), False)

GOTO = Command("goto", "lead_away", (Field("page", TEXT), Field("values", MAYBE_SETTINGS)))
"""What a page is asked, and not its session."""

BASICS = (
    READY,
    Command("ack", "acknowledge", (Field("seq", WHOLE),), False),
    Command("play", "play"),
    Command("pause", "pause"),
    Command("step", "step"),
    Command("reset", "reset"),
    Command("set", "choose", (Field("values", SETTINGS), Field("id", WHOLE))),
    # The settings also change when a refusal takes them back: that must not take back the sentence.
    Command("changed", "follow", decides=False),
)
"""What every page may ask for."""


def command(message: object, commands: Registry[Command]) -> Command:
    """The command that a message is.

    Raises
    ------
    ValueError
        When it is none.
    """
    return commands[mapping("command", message).get("type")]  # type: ignore[index]  # refused if it is no name
