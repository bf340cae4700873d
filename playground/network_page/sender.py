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
from playground.network_page.sections import Scalars, Section, Sections
from playground.network_page.training_run import Run
from playground.runtime.flow_control import FlowControl
from playground.runtime.frame import Status, pack, text
from playground.runtime.json_value import Json

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


class Screen(Protocol):
    """Where a session shows itself."""

    def scene(self, description: Mapping[str, Json], points: bytes) -> None:
        """Take a new scene; frames of older generations are void."""

    def frame(self, message: bytes, charts: Charts | None) -> None:
        """Take a picture and, when they are due, what the charts show; both in one message."""

    def notice(self, level: str, message: str) -> None:
        """Take a sentence for the person; an empty one clears."""

    def checked(self, groups: list[dict[str, Json]]) -> None:
        """Take the outcome of a gradient check."""


class FrameSender(FlowControl):
    """Sends pictures of one run to one screen.

    Parameters
    ----------
    screen : Screen
    run : Run
    window : int
        Pictures that may be on their way at once.
    """

    def __init__(self, screen: Screen, run: Run, window: int) -> None:
        super().__init__(window)
        self._screen, self._run = screen, run
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
    def due(self) -> float | None:
        """When the next picture may be sent; None when there is none, or too many are on their way."""
        return self._refine_at if self._coarse and not self.stale and self._may_send else super().due

    def send(self, now: float, period: float, status: Status, message: str, pace: float) -> None:
        """Send one picture, with the losses when they are due; or, when it is due, the layer seen in detail.

        Together they would be too much for one message, so one follows the other. At rest the picture goes first, for
        what it shows is part of the layer's history.

        Parameters
        ----------
        now, period : float
            Seconds; a picture's turn comes once in a period.
        status : Status
        message : str
            Sentence about the training, "" for none.
        pace : float
            Steps per second.
        """
        sequence = self._number(now, period)
        shown, is_fresh = (self._run.state, status), not (self._memory.blank or self._again)
        is_drawn = is_fresh and shown == self._drawn
        is_detail = is_fresh and (is_drawn or status == Status.PLAYING) and self._is_detail_due(now, status)
        refines = self._coarse and not self.stale
        parts, memory, charts = self._detail() if is_detail else self._picture(now, status, refines)
        parts[Section.FOCUS], parts[Section.TEXT] = self._run.focused(), text(message)
        parts[Section.SCALARS] = self._scalars(status, pace, memory.scale)
        self._screen.frame(pack(sequence, self._run.generation, parts), charts)
        # From here on: only what has been sent is remembered, and need not be sent again.
        self._sent(now)
        self._memory = memory
        if is_detail:
            self._detailed, self._next_detail = self._run.detail_shown(memory), now + LAYER_DETAIL_PERIOD
            self.stale = not is_drawn
        else:
            # What is new is shown at once, and as finely as it can be a moment later.
            self._coarse = not refines and status == Status.PAUSED and self._run.can_be_finer
            self._refine_at = now + REST
            self._again = False
            self._drawn, self.stale = shown, self._is_detail_due(now, status)
        if charts and charts.losses is not None:
            self._charted, self._next_losses = self._run.history.version, now + CHART_PERIOD

    def _picture(self, now: float, status: Status, refines: bool) -> tuple[Sections, Memory, Charts | None]:
        """A picture, unless the last good one is to stay, and the losses if they are due."""
        is_good = self._memory.blank or self._again or status != Status.DIVERGED
        parts: Sections = {}
        memory = self._memory
        if is_good:
            parts, memory = self._run.compose(memory, status != Status.PLAYING, refines)
        losses = self._losses(now, status)
        return parts, memory, None if losses is None else Charts(losses, None)

    def _detail(self) -> tuple[Sections, Memory, Charts]:
        """The layer seen in detail, and nothing else."""
        detail, memory = self._run.close_up(self._memory)
        return {}, memory, Charts(None, detail)

    def _forget_charts(self) -> None:
        self._charted, self._detailed = -1, None

    def _losses(self, now: float, status: Status) -> Mapping[str, Array] | None:
        """The losses when they changed and, while it plays, were drawn long enough ago."""
        history = self._run.history
        if history.version == self._charted or (now < self._next_losses and status == Status.PLAYING):
            return None
        return history.columns()

    def _is_detail_due(self, now: float, status: Status) -> bool:
        """Whether the layer seen in detail is to be sent, by the same rule."""
        is_new = self._run.detail_shown(self._memory) != self._detailed
        return is_new and (now >= self._next_detail or status != Status.PLAYING)

    def _scalars(self, status: Status, pace: float, scale: float) -> Array:
        run = self._run
        rate, state = run.settings.training.learning_rate, run.state
        scalars = (state.step, state.epoch, status, *run.evaluation, pace, rate, scale)
        return np.array(Scalars._make(scalars), dtype=float)
