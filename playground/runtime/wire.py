"""The wire: the kinds of things that pass between a page and its browser, of which each page makes one table.

Python reads commands and packs frames by these tables; ``python -m playground.wires`` writes the same tables as
JavaScript, so that nothing of them stands in both languages by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeAlias

import param

from engine.registry import Refusal, brief
from playground.runtime.json_value import Json

Message: TypeAlias = Mapping[str, Json]


class Script(str):
    """JavaScript, or in an annotation one of its types, as it is."""

    __slots__ = ()


# What the browser says


@dataclass(frozen=True, slots=True)
class Kind:
    """What one field of a command may hold.

    Parameters
    ----------
    script : str
        Its type in JavaScript, as JSDoc writes it.
    read : callable ``(name, value) -> value``
        Checks what came (None where the message says nothing) and returns what the action is given.
    """

    script: str
    read: Callable[[str, Json], Any]


def whole(name: str, value: Json) -> int:
    """A whole number; 0 for nothing.

    Raises
    ------
    ValueError
        For anything else.
    """
    value = value or 0
    if not isinstance(value, (int, float)) or not abs(value) < 2**53 or value != int(value):
        raise Refusal(f"{name} must be a whole number; not {brief(value)}.")
    return int(value)


def _as_it_is(name: str, value: Json) -> Json:
    """Nothing is asked here: what the value is for has bounds, and a sentence, of its own."""
    return value


WHOLE = Kind("number", whole)
TRUTH = Kind("boolean", lambda name, value: bool(value))
NUMBER = Kind("number", _as_it_is)
TEXT = Kind("string", _as_it_is)
SETTINGS = Kind("Record<string, unknown>", _as_it_is)
MAYBE_SETTINGS = Kind("Record<string, unknown> | null", _as_it_is)


def one_of(names: Sequence[str]) -> Kind:
    """One out of a few names."""

    def read(name: str, value: Json) -> str:
        if not isinstance(value, str) or value not in names:
            raise Refusal(f"{name} must be one of {', '.join(names)}; not {brief(value)}.")
        return value

    return Kind(" | ".join(f'"{name}"' for name in names), read)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a command: its name in the message, and what it may hold."""

    name: str
    kind: Kind

    def of(self, message: Message) -> Any:
        """Its value in a message.

        Raises
        ------
        ValueError
            When that is not of its kind.
        """
        return self.kind.read(self.name, message.get(self.name))


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a page may ask for.

    Parameters
    ----------
    name : str
        A message's ``type``.
    action : str
        The method of the page's actions that does it.
    fields : tuple of Field
        What the message says besides, in the order of the method's parameters.
    decides : bool
        Whether a person does something new with it, so that the sentence about a refusal before can go.
    """

    name: str
    action: str
    fields: tuple[Field, ...] = ()
    decides: bool = True

    def act(self, actions: object, message: Message) -> None:
        """Read the message, and do it.

        Raises
        ------
        ValueError
            When the message makes no sense.
        """
        getattr(actions, self.action)(*(part.of(message) for part in self.fields))


# What Python shows


class Section(IntEnum):
    """Base of a page's sections, the arrays of its frames: number, type of the numbers, shape, and what they are.

    A shape's axes are numbers, or names of sizes that depend on the network or the race; the same name is the same
    size in all sections of one frame.
    """

    dtype: str
    shape: tuple[int | str, ...]
    doc: str

    def __new__(cls, number: int, dtype: str, shape: tuple[int | str, ...], doc: str) -> Section:
        """Make a member whose value is ``number`` and that carries the other parts."""
        member = int.__new__(cls, number)
        member._value_ = number
        member.dtype, member.shape, member.doc = dtype, shape, doc
        return member


@dataclass(frozen=True, slots=True)
class Constant:
    """Something that both sides must know.

    Parameters
    ----------
    name : str
        Its name in JavaScript.
    value : number, text, or list or mapping of these
    doc : str
        One sentence.
    """

    name: str
    value: Any
    doc: str


@dataclass(frozen=True, slots=True)
class Wire:
    """All that passes between one page and its browser, and what both know.

    Parameters
    ----------
    constants : sequence of Constant
    sections : type of Section, optional
        The arrays of a frame.
    records : sequence of type
        NamedTuples that are sent as arrays, and TypedDicts that are sent as they are: those that no message mentions.
    messages : sequence of type
        Those TypedDicts that are messages from Python, told apart by their ``type``.
    commands : sequence of Command
        Messages from the browser.
    settings : sequence of type of Parameterized
        Choices that the script has to do with, in their groups.
    """

    constants: Sequence[Constant] = ()
    sections: type[Section] | None = None
    records: Sequence[type] = field(default=())
    messages: Sequence[type] = field(default=())
    commands: Sequence[Command] = field(default=())
    settings: Sequence[type[param.Parameterized]] = field(default=())
