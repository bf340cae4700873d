"""FlowControl: a page is never sent more pictures than it has painted.

Every picture has a number, and the page says which one it has painted last. So many may be on their way at once, and no
more; what happens in the meantime is not kept: the next picture shows the newest.
"""

from __future__ import annotations

from collections import deque

WINDOW = 3
"""Pictures on their way at once: enough to hide a round trip on a server; a notebook's is longer and wants 5."""

PATIENCE = 1.5
"""Seconds without an acknowledgement after which nobody seems to look, and stepping pauses."""


class FlowControl:
    """Counts the pictures of one screen.

    Parameters
    ----------
    window : int
        Pictures that may be on their way at once.

    Attributes
    ----------
    ready : bool
        Whether there is a page that has rendered.
    stale : bool
        Whether something is different from what the last picture shows.
    under_way : deque of (int, float)
        Number and time of the pictures that have not been acknowledged.
    """

    def __init__(self, window: int) -> None:
        self._window = window
        self.ready, self.stale = False, True
        self.under_way: deque[tuple[int, float]] = deque()
        self._sequence = 0
        self._next_picture = 0.0

    def welcome(self) -> None:
        """A page has rendered, for the first time or again: what was under way is lost."""
        self.ready = self.stale = True
        self.under_way.clear()

    def acknowledge(self, sequence: int) -> None:
        """The picture of this number, and all before it, have been painted."""
        while self.under_way and self.under_way[0][0] <= sequence:
            self.under_way.popleft()

    def is_abandoned(self, now: float) -> bool:
        """Whether a picture has gone unacknowledged for too long: a hidden tab, a closed lid, a dead client."""
        return bool(self.under_way) and now - self.under_way[0][1] > PATIENCE

    @property
    def due(self) -> float | None:
        """When the next picture may be sent; None when there is none, or too many are on their way."""
        return self._next_picture if self.stale and self._may_send else None

    @property
    def _may_send(self) -> bool:
        return self.ready and len(self.under_way) < self._window

    def _number(self, now: float, period: float) -> int:
        """The number of a picture that is about to be sent; the next one's turn comes a period later."""
        self._sequence += 1
        self._next_picture = max(self._next_picture + period, now)
        return self._sequence

    def _sent(self, now: float) -> None:
        """The picture of the newest number is on its way. One whose sending failed is not, and will be sent again."""
        self.under_way.append((self._sequence, now))
