"""Part: what a Config and its parts can do as values: be compared, hashed, copied, pickled, and written as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from engine.frozen_mapping import plain_of, value_of
from engine.registry import Refusal, brief

P = TypeVar("P", bound="Part")


class Part:
    """A dataclass of choices that checks and completes itself when it is made."""

    __dataclass_fields__: dict[str, Any]

    def _fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def __eq__(self, other: object) -> bool:
        return (
            type(self) is type(other)
            and isinstance(other, Part)
            and value_of(self._fields()) == value_of(other._fields())
        )

    def __hash__(self) -> int:
        return hash((type(self), value_of(self._fields())))

    def __reduce__(self) -> tuple[Any, ...]:
        # Made anew, so that arrays that were copied are read-only again.
        return _made, (type(self), self._fields())

    def to_dict(self) -> dict[str, Any]:
        """All choices in JSON's types: numbers, text, booleans, lists and dictionaries."""
        return {name: plain_of(value) for name, value in self._fields().items()}

    @classmethod
    def from_dict(cls: type[P], values: Mapping[str, Any]) -> P:
        """Make it of what ``to_dict`` returned, also by way of JSON; what is left out has its default.

        Raises
        ------
        ValueError
            When there is a name that is no choice, or a value that is not allowed.
        """
        if not isinstance(values, Mapping):
            raise Refusal(f"values must be a dictionary of choices; not {brief(values)}.")
        unknown = [name for name in values if name not in cls.__dataclass_fields__]
        if unknown:
            known = ", ".join(cls.__dataclass_fields__)
            raise Refusal(f"values must be choices by name; there is no {brief(unknown[0])}, there are {known}.")
        return cls(**values)


def _made(kind: type[P], fields: dict[str, Any]) -> P:
    return kind(**fields)
