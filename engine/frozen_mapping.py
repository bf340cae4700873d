"""FrozenMapping: names with values that never change, a value itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import numpy as np

V = TypeVar("V")


class FrozenMapping(Mapping[str, V]):
    """A mapping that cannot be changed; equal to any mapping with the same names and values.

    Unlike ``types.MappingProxyType`` it can be hashed, copied and pickled, and is written as a dictionary.

    Parameters
    ----------
    items : mapping, or iterable of (name, value)
        Values are numbers, text, or read-only arrays.
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V] | Iterable[tuple[str, V]] = ()) -> None:
        self._items = dict(items)

    def __getitem__(self, name: str) -> V:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return repr(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and value_of(self) == value_of(other)

    def __hash__(self) -> int:
        return hash(value_of(self))

    def __copy__(self) -> FrozenMapping[V]:
        return self

    def __deepcopy__(self, memo: object) -> FrozenMapping[V]:
        return self


def value_of(part: object) -> object:
    """What a choice is compared and hashed by: arrays by shape and numbers, sequences and mappings item by item."""
    if isinstance(part, np.ndarray):
        return part.shape, tuple(part.ravel().tolist())
    if isinstance(part, Mapping):
        return frozenset((name, value_of(value)) for name, value in part.items())
    if isinstance(part, (tuple, list)):
        return tuple(map(value_of, part))
    return part


def plain_of(part: object) -> object:
    """A choice in JSON's types: arrays and sequences as lists, mappings as dictionaries."""
    if isinstance(part, np.ndarray):
        return part.tolist()
    if isinstance(part, Mapping):
        return {name: plain_of(value) for name, value in part.items()}
    if isinstance(part, (tuple, list)):
        return [plain_of(value) for value in part]
    return part
