"""Commands: what every page may ask for, and how a message of it is read.

A message is checked here and becomes one call with plain arguments; what makes no sense is refused with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from engine import Registry
from engine.registry import Refusal, brief
from playground.runtime.parameters import mapping

Message: TypeAlias = Mapping[str, Any]


class Basics(Protocol):
    """What can be done on every page, with arguments that are at least of the right kind."""

    def welcome(self, restore: Any, dark: bool) -> None:
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

    def choose(self, values: Any, number: int) -> None:
        """Take over settings, ``number`` being how many times the page has set some."""

    def follow(self) -> None:
        """Take over what is different in the settings."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a page may ask for.

    Parameters
    ----------
    name : str
        A message's ``type``.
    act : callable ``(actions, message)``
        Reads the message, and does it; ``actions`` are those of its registry.
    decides : bool
        Whether a person does something new with it, so that the sentence about a refusal before can go.
    """

    name: str
    act: Callable[[Any, Message], None]
    decides: bool = True


def whole(message: Message, name: str) -> int:
    """A whole number out of a message; 0 where it says nothing.

    Raises
    ------
    ValueError
        When it is something else.
    """
    value = message.get(name) or 0
    if not isinstance(value, (int, float)) or not abs(value) < 2**53 or value != int(value):
        raise Refusal(f"{name} must be a whole number; not {brief(value)}.")
    return int(value)


BASICS = (
    Command("ready", lambda do, message: do.welcome(message.get("restore"), bool(message.get("dark"))), False),
    Command("ack", lambda do, message: do.acknowledge(whole(message, "seq")), False),
    Command("play", lambda do, message: do.play()),
    Command("pause", lambda do, message: do.pause()),
    Command("step", lambda do, message: do.step()),
    Command("reset", lambda do, message: do.reset()),
    Command("set", lambda do, message: do.choose(message.get("values"), whole(message, "id"))),
    # The settings also change when a refusal takes them back: that must not take back the sentence.
    Command("changed", lambda do, message: do.follow(), False),
)
"""What every page may ask for."""


def command(message: Any, commands: Registry[Command]) -> Command:
    """The command that a message is.

    Raises
    ------
    ValueError
        When it is none.
    """
    return commands[mapping("command", message).get("type")]
