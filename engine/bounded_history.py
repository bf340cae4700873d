"""BoundedHistory: values at some steps of a run; when it is full, it keeps fewer, at larger distances."""

from __future__ import annotations

from copy import copy
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class BoundedHistory(Generic[T]):
    """A history of limited length, with one value for each step that was added.

    When it is full, entries are removed so that the rest have about equal distances; the first and the newest stay.

    Parameters
    ----------
    capacity : int
        Largest number of entries, at least 2.

    Attributes
    ----------
    version : int
        Changes with every change of the history.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._entries: list[tuple[int, T]] = []
        self._gap = 1
        self.version = 0

    def __len__(self) -> int:
        return len(self._entries)

    def copy(self) -> Self:
        """Another record of the same things; what is added to one is not in the other."""
        other = copy(self)
        other._entries = list(self._entries)
        return other

    def clear(self) -> None:
        """Remove all entries."""
        self._entries.clear()
        self._gap = 1
        self.version += 1

    def add(self, step: int, thing: T) -> bool:
        """Add a value at a step, unless there is one at this step or later; return whether it was added."""
        entries = self._entries
        if entries and step <= entries[-1][0]:
            return False
        if len(entries) > 1 and entries[-1][0] - entries[-2][0] < self._gap:
            # The newest entry was kept although it is too near to the one before; now another one is the newest.
            entries.pop()
        entries.append((step, thing))
        while len(entries) > self.capacity:
            self._gap *= 2
            entries = self._entries = self._spaced()
        self.version += 1
        return True

    def _spaced(self) -> list[tuple[int, T]]:
        """Entries with at least a gap between them, from the first on, and the newest."""
        kept = self._entries[:1]
        for entry in self._entries[1:-1]:
            if entry[0] - kept[-1][0] >= self._gap:
                kept.append(entry)
        return [*kept, self._entries[-1]]

    @property
    def steps(self) -> list[int]:
        """The steps, oldest first."""
        return [step for step, _ in self._entries]

    @property
    def things(self) -> list[T]:
        """The values, oldest first."""
        return [thing for _, thing in self._entries]
