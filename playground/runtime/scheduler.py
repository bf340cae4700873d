"""Scheduler: all sessions of one process share one processor."""

from __future__ import annotations

from weakref import WeakSet

SLICE = 0.007
LEAST_SLICE = 0.001
FRAME = 1 / 64
"""A little less than a refresh of the display: a picture that misses one by a hair would leave a gap."""
OVERHEAD = 0.0015


class Scheduler:
    """Says how long a session may step at a time, and how often it may show a picture.

    The more of them train, the shorter the slices, so that a click is answered soon, and the further apart the
    pictures, so that together they fit into one processor.
    """

    def __init__(self) -> None:
        self._training: WeakSet[object] = WeakSet()

    def enter(self, session: object) -> None:
        """Count a session that starts to train."""
        self._training.add(session)

    def leave(self, session: object) -> None:
        """No longer count it."""
        self._training.discard(session)

    def __contains__(self, session: object) -> bool:
        return session in self._training

    @property
    def training(self) -> int:
        """Number of sessions that train."""
        return len(self._training)

    @property
    def slice(self) -> float:
        """Seconds that a session may step before it lets others run."""
        return max(SLICE / max(self.training, 1), LEAST_SLICE)

    @property
    def period(self) -> float:
        """Seconds from one picture of a session to its next."""
        return max(FRAME, self.training * (self.slice + OVERHEAD))
