"""Sender: composes a picture, sends it, and only then takes note of what the page has been sent."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from engine.arrays import Array
from playground.runtime.flow_control import WINDOW, FlowControl
from playground.runtime.frame import Status, pack
from playground.runtime.messages import Level


class Screen(Protocol):
    """Where a session shows itself."""

    def notice(self, level: Level, message: str) -> None:
        """Take a sentence for the person; an empty one clears."""

    # Each page has charts of its own, and hands them from its sender to its screen.
    def frame(self, message: bytes, charts: Any) -> None:
        """Take a picture and, when they are due, what the charts show; both in one message."""


class Moment(NamedTuple):
    """What every picture says of its session.

    now : seconds
    status : Status
    message : sentence about the training, "" for none
    pace : steps a second
    """

    now: float
    status: Status
    message: str
    pace: float


class Picture(Protocol):
    """What is sent at once: the sections of a frame by number, and what is new for the charts, or None."""

    @property
    def sections(self) -> Mapping[int, Array]:
        """By number."""

    @property
    def charts(self) -> object:
        """None as they were."""


P = TypeVar("P", bound=Picture)


class Sender(FlowControl, ABC, Generic[P]):
    """Sends the pictures of one session to one screen.

    Parameters
    ----------
    screen : Screen
    window : int
        Pictures that may be on their way at once.
    """

    def __init__(self, screen: Screen, window: int = WINDOW) -> None:
        super().__init__(window)
        self._screen = screen

    @property
    @abstractmethod
    def generation(self) -> int:
        """The number of the scene that the picture belongs to."""

    @abstractmethod
    def compose(self, moment: Moment) -> P:
        """Make a picture of what is to be seen now, and change nothing: it may be lost."""

    def keep(self, picture: P, moment: Moment) -> None:
        """Take note of a picture that is on its way: what it carried need not be sent again."""

    def send(self, period: float, moment: Moment) -> None:
        """Send one picture; the next one's turn comes ``period`` seconds later."""
        sequence, picture = self._number(moment.now, period), self.compose(moment)
        self._screen.frame(pack(sequence, self.generation, picture.sections), picture.charts)
        self._sent(moment.now)
        self.stale = False
        self.keep(picture, moment)
