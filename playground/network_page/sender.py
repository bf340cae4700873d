"""FrameSender: pictures of one network for one screen, and charts now and then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np

from engine import State
from engine.arrays import Array
from playground.network_page.frame_composer import Detail
from playground.network_page.memory import Memory
from playground.network_page.messages import CheckedGroup, Scene
from playground.network_page.sections import Scalars, Section, Sections
from playground.network_page.training_run import Run
from playground.runtime.frame import Status, text
from playground.runtime.sender import Moment, Sender
from playground.runtime.sender import Screen as PageScreen

CHART_PERIOD = 0.25
"""Seconds between updates of the chart, at least; each costs the browser about one picture."""

REST = 0.25
"""Seconds of rest after which a large network's boundary is drawn more finely."""

LAYER_DETAIL_PERIOD = 0.5
"""Seconds between updates of the layer seen in detail, at least; it has three charts."""


class Charts(NamedTuple):
    """What is new for the charts: columns of the losses, or the layer seen in detail; None as it was."""

    losses: Mapping[str, Array] | None
    layer_detail: Detail | None


class Screen(PageScreen, Protocol):
    """Where a session shows itself."""

    def scene(self, description: Scene, *, points: bytes) -> None:
        """Take a new scene; frames of older generations are void."""

    def frame(self, message: bytes, charts: Charts | None) -> None:
        """Take a picture and, when they are due, what the charts show; both in one message."""

    def checked(self, groups: list[CheckedGroup]) -> None:
        """Take the outcome of a gradient check."""


class NetworkPicture(NamedTuple):
    """One picture of a network, or the layer seen in detail: together they would be too much for one message.

    sections : sections of the frame by number
    charts : what is new for the charts, or None
    memory : what the page has then been sent
    shown : the state and the status it shows
    is_detail : whether it is the layer seen in detail, and shows nothing else
    refines : whether it is drawn more finely than the one before, of the same state
    """

    sections: Sections
    charts: Charts | None
    memory: Memory
    shown: tuple[State, Status]
    is_detail: bool
    refines: bool


class FrameSender(Sender[NetworkPicture]):
    """Sends pictures of one run to one screen: the network with the losses when they are due, or a layer in detail.

    At rest the network goes first, for what it shows is part of the layer's history.

    Parameters
    ----------
    screen : Screen
    run : Run
    window : int
        Pictures that may be on their way at once.
    """

    def __init__(self, screen: Screen, run: Run, window: int) -> None:
        super().__init__(screen, window)
        self._run = run
        self._memory = Memory()
        self._again = self._coarse = False
        self._drawn: tuple[State, Status] | None = None
        self._detailed: object = None
        self._refine_at = self._next_losses = self._next_detail = 0.0
        self._forget_charts()

    def welcome(self) -> None:
        """A page has rendered, for the first time or again: what was under way is lost."""
        super().welcome()
        self._memory = replace(self._memory, blank=True)
        self._forget_charts()

    def look_again(self) -> None:
        """Something else is to be shown, even of a run that diverged: the picture before that else stays."""
        self.stale = self._again = True

    @property
    def generation(self) -> int:
        """The number of the network."""
        return self._run.generation

    @property
    def due(self) -> float | None:
        """When the next picture may be sent; None when there is none, or too many are on their way."""
        return self._refine_at if self._coarse and not self.stale and self._may_send else super().due

    def compose(self, moment: Moment) -> NetworkPicture:
        """Make a picture of the network or of the layer seen in detail."""
        shown, is_fresh = (self._run.state, moment.status), not (self._memory.blank or self._again)
        is_settled = moment.status == Status.PLAYING or shown == self._drawn
        is_detail = is_fresh and is_settled and self._is_detail_due(moment)
        refines = self._coarse and not self.stale
        sections, memory, charts = self._detail() if is_detail else self._network(moment, refines)
        sections[Section.FOCUS], sections[Section.TEXT] = self._run.focused(), text(moment.message)
        sections[Section.SCALARS] = self._scalars(moment, memory.scale)
        return NetworkPicture(sections, charts, memory, shown, is_detail, refines)

    def keep(self, picture: NetworkPicture, moment: Moment) -> None:
        """Take note of a picture that is on its way."""
        self._memory = picture.memory
        if picture.is_detail:
            self._detailed = self._run.detail_shown(picture.memory)
            self._next_detail = moment.now + LAYER_DETAIL_PERIOD
            self.stale = picture.shown != self._drawn
        else:
            # What is new is shown at once, and as finely as it can be a moment later.
            self._coarse = not picture.refines and moment.status == Status.PAUSED and self._run.can_be_finer
            self._refine_at = moment.now + REST
            self._again = False
            self._drawn, self.stale = picture.shown, self._is_detail_due(moment)
        if picture.charts and picture.charts.losses is not None:
            self._charted, self._next_losses = self._run.history.version, moment.now + CHART_PERIOD

    def _network(self, moment: Moment, refines: bool) -> tuple[Sections, Memory, Charts | None]:
        """A picture, unless the last good one is to stay, and the losses if they are due."""
        is_good = self._memory.blank or self._again or moment.status != Status.DIVERGED
        sections: Sections = {}
        memory = self._memory
        if is_good:
            sections, memory = self._run.compose(memory, moment.status != Status.PLAYING, refines)
        losses = self._losses(moment)
        return sections, memory, None if losses is None else Charts(losses, None)

    def _detail(self) -> tuple[Sections, Memory, Charts]:
        """The layer seen in detail, and nothing else."""
        detail, memory = self._run.close_up(self._memory)
        return {}, memory, Charts(None, detail)

    def _forget_charts(self) -> None:
        self._charted, self._detailed = -1, None

    def _losses(self, moment: Moment) -> Mapping[str, Array] | None:
        """The losses when they changed and, while it plays, were drawn long enough ago."""
        history = self._run.history
        is_early = moment.now < self._next_losses and moment.status == Status.PLAYING
        if is_early or history.version == self._charted:
            return None
        return history.columns()

    def _is_detail_due(self, moment: Moment) -> bool:
        """Whether the layer seen in detail is to be sent, by the same rule."""
        is_new = self._run.detail_shown(self._memory) != self._detailed
        return is_new and (moment.now >= self._next_detail or moment.status != Status.PLAYING)

    def _scalars(self, moment: Moment, scale: float) -> Array:
        run = self._run
        rate, state = run.settings.training.learning_rate, run.state
        scalars = (state.step, state.epoch, moment.status, *run.evaluation, moment.pace, rate, scale)
        return np.array(Scalars._make(scalars), dtype=float)
