"""The clock: commands in, steps, pictures out, and never more pictures than the page has painted.

One asyncio task for each session, no threads, no periodic callbacks. A session knows neither Panel nor a server: it
speaks to a Screen, and whoever has news for it calls ``post``, from any thread.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

import numpy as np

from engine.registry import Refusal, brief
from playground.frame import Section, Status, pack, text
from playground.lens import Detail
from playground.room import Room
from playground.run import Effect, Run
from playground.settings import FULL_SPEED, Settings

log = logging.getLogger(__name__)

WINDOW = 3
"""Pictures on their way at once: enough to hide a round trip on a server; a notebook's is longer and wants 5."""

PATIENCE = 1.5
"""Seconds without an acknowledgement after which nobody seems to look, and stepping pauses."""

CHART_PERIOD = 0.25
"""Seconds between updates of the chart, at least; each costs the browser about one picture."""

CLOSEUP_PERIOD = 0.5
"""Seconds between updates of the layer seen in detail, at least; it has three charts."""

PACE_PERIOD = 0.5
"""Seconds over which the steps are counted to say how many there are in one."""

RETRY = 0.1
"""Seconds after an error until the page is shown that training is paused."""


class Charts(NamedTuple):
    """What is new for the charts: columns of the losses, and the layer seen in detail; None as it was."""

    losses: Mapping[str, np.ndarray] | None
    closeup: Detail | None


class Screen(Protocol):
    """Where a session shows itself."""

    def scene(self, description: Mapping[str, Any], points: bytes) -> None:
        """Take a new scene; frames of older generations are void."""

    def frame(self, message: bytes, charts: Charts | None) -> None:
        """Take a picture and, when they are due, what the charts show; both in one message."""

    def notice(self, level: str, message: str) -> None:
        """Take a sentence for the person; an empty one clears."""

    def checked(self, groups: list[dict[str, Any]]) -> None:
        """Take the outcome of a gradient check."""


class Session:
    """One person's running network.

    Parameters
    ----------
    settings : Settings
        Watched: what changes there applies before the next step.
    screen : Screen
    room : Room
        Shared by all sessions of the process.
    window : int
        Pictures that may be on their way at once.
    clock : callable
        Seconds, monotonic.
    """

    def __init__(
        self,
        settings: Settings,
        screen: Screen,
        room: Room,
        window: int = WINDOW,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.settings, self.screen, self.room = settings, screen, room
        self.window, self._clock = window, clock
        self.run = Run(settings, clock)
        self.status = Status.PAUSED

        self._inbox: deque[Mapping[str, Any]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._commands = {
            "ready": self._on_ready,
            "ack": self._on_ack,
            "play": self._on_play,
            "pause": self._on_pause,
            "step": self._on_step,
            "reset": self._on_reset,
            "set": self._on_set,
            "changed": self._on_changed,
            "edit": self._on_edit,
            "focus": self._on_focus,
            "watch": self._on_watch,
            "survey": self._on_survey,
            "check": self._on_check,
            "open": self._on_open,
        }

        self._message = ""
        self._stumbled = self._refused = False
        self._heard = 0
        self._ready = False
        self._unseen = self._blank = True
        self._sequence = 0
        self._under_way: deque[tuple[int, float]] = deque()
        self._next_steps = self._next_picture = self._next_chart = 0.0
        self._charted = -1
        self._detailed: Any = None
        self._next_closeup = 0.0
        self._owed = self._pace = 0.0
        self._last_advance = clock()
        self._timed = (self._last_advance, 0)
        settings.watch(lambda: self.post({"type": "changed"}))

    def post(self, message: Mapping[str, Any]) -> None:
        """Queue a command. Safe from any thread; unknown or malformed ones are refused when their turn comes."""
        self._inbox.append(message)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    async def live(self) -> None:
        """Tick until cancelled. An error is logged, shown and pauses the training; it never ends the clock."""
        self._loop = asyncio.get_running_loop()
        try:
            while True:
                self._wake.clear()
                await self._rest(self._guarded_tick())
        finally:
            self.room.leave(self)

    # One turn of the clock

    def _guarded_tick(self) -> float | None:
        """A tick whatever comes: after an error one more to show that training is paused, then only on news."""
        try:
            delay = self._tick()
            self._stumbled = False
        except Exception as error:
            delay, self._stumbled = None if self._stumbled else RETRY, True
            self._fail(error)
        return delay

    def _tick(self) -> float | None:
        """Commands, steps, picture; return the seconds to rest, None until something comes."""
        while self._inbox:
            self._obey(self._inbox.popleft())
        now = self._clock()
        if self.status == Status.PLAYING and self._ready and not self._abandoned(now):
            self.room.enter(self)
            if now >= self._next_steps:
                self._advance(now)
        else:
            self.room.leave(self)
            self._last_advance, self._pace, self._timed = now, 0.0, (now, 0)
        if self._unseen and self._has_credit and self._clock() >= self._next_picture:
            self._show()
        return self._pause_until_due()

    def _pause_until_due(self) -> float | None:
        """Seconds until the next step or picture is due; None when only news can change anything."""
        due = []
        if self in self.room and self.status == Status.PLAYING:
            due.append(self._next_steps)
        if self._unseen and self._has_credit:
            due.append(self._next_picture)
        return max(min(due) - self._clock(), 0.0) if due else None

    @property
    def _has_credit(self) -> bool:
        return self._ready and len(self._under_way) < self.window

    async def _rest(self, delay: float | None) -> None:
        await asyncio.sleep(0)
        if delay is None:
            await self._wake.wait()
        elif delay > 0:
            try:
                async with asyncio.timeout(delay):
                    await self._wake.wait()
            except TimeoutError:
                return

    def _abandoned(self, now: float) -> bool:
        """Whether a picture has gone unacknowledged for too long: a hidden tab, a closed lid, a dead client."""
        return bool(self._under_way) and now - self._under_way[0][1] > PATIENCE

    def _fail(self, error: Exception) -> None:
        log.exception("The clock of a session stumbled.")
        self.status = Status.PAUSED
        self._unseen = True
        try:
            self.screen.notice("error", f"Something went wrong; training is paused. {type(error).__name__}: {error}")
        except Exception:
            log.exception("The page could not be told either.")

    # Steps

    def _advance(self, now: float) -> None:
        """Step as much as the speed asks for and the slice allows."""
        speed, elapsed = self.settings.training.speed, now - self._last_advance
        affordable = max(int(self.room.slice / self.run.cost), 1)
        if speed >= FULL_SPEED:
            self._owed, steps = 1.0, affordable
        else:
            # What could not be done in a quarter of a second is forgotten, not made up for.
            self._owed = min(self._owed + elapsed * speed, max(speed / 4, 1.0))
            steps = min(int(self._owed), affordable)
            self._owed -= steps
        self._last_advance = now
        if steps:
            self._step(steps)
        self._time(now, steps)
        # Without credit for a picture the rhythm stays the same: the browser needs the processor to catch up.
        self._next_steps = max(self._next_steps + self.room.period, self._clock(), now + (1.0 - self._owed) / speed)

    def _time(self, now: float, steps: int) -> None:
        """Say now and then how many steps a second there really are."""
        start, counted = self._timed
        self._timed = (start, counted + steps)
        if now - start > PACE_PERIOD:
            self._pace, self._timed = counted / (now - start), (now, steps)

    def _step(self, steps: int) -> None:
        """Make exactly so many steps; if they diverge, say so and keep the last good picture."""
        self._message = self.run.step(steps)
        if self._message:
            self.status = Status.DIVERGED
        elif self.run.stopped:
            self.status, self._message = Status.PAUSED, self.run.stopped
        self._unseen = True

    # Pictures

    def _show(self) -> None:
        """Send one picture, and the chart when it is due."""
        now = self._clock()
        self._sequence += 1
        parts = {Section.TEXT: text(self._message)}
        if self._blank or self.status != Status.DIVERGED:
            parts |= self.run.parts(self._blank, self.status != Status.PLAYING)
        parts[Section.SCALARS] = self._scalars()
        self._next_picture = max(self._next_picture + self.room.period, now)
        self.screen.frame(pack(self._sequence, self.run.generation, parts), self._charts(now))
        self._under_way.append((self._sequence, now))
        self._blank = self._unseen = False

    def _charts(self, now: float) -> Charts | None:
        """What people read: what of it has changed and, while it plays, was last drawn long enough ago."""
        playing = self.status == Status.PLAYING
        losses = closeup = None
        history = self.run.history
        if history.version != self._charted and (now >= self._next_chart or not playing):
            self._charted, self._next_chart = history.version, now + CHART_PERIOD
            losses = history.columns()
        seen = self.run.seen_in_detail
        if seen != self._detailed and (now >= self._next_closeup or not playing):
            self._detailed, self._next_closeup = seen, now + CLOSEUP_PERIOD
            closeup = self.run.close_up()
        return None if losses is None and closeup is None else Charts(losses, closeup)

    def _scalars(self) -> np.ndarray:
        state, seen = self.run.state, self.run.evaluation
        pace = self._pace if self.status == Status.PLAYING else 0.0
        rate = self.settings.training.learning_rate
        return np.array([state.step, state.epoch, self.status, *seen, pace, rate, self.run.lens.scale], dtype=float)

    # Commands

    def _obey(self, message: Mapping[str, Any]) -> None:
        """Carry out one command; one that makes no sense is refused with a sentence and changes nothing."""
        try:
            kind = self._kind(message)
            if message.get("generation", self.run.generation) == self.run.generation:
                # Otherwise it speaks of a network that is no more.
                self._commands[kind](message)
        except Refusal as refusal:
            self._refused = True
            self.screen.notice("error", str(refusal))
        else:
            # The settings also change when a refusal takes them back: that must not take back the sentence.
            if kind not in ("ack", "focus", "watch", "ready", "changed"):
                self._forgive()

    def _forgive(self) -> None:
        """Take a refusal's sentence off the page."""
        if self._refused:
            self._refused = False
            self.screen.notice("info", "")

    def _kind(self, message: Any) -> str:
        """The name of the command that a message is."""
        kind = message.get("type") if isinstance(message, Mapping) else message
        if not isinstance(message, Mapping) or not isinstance(kind, str) or kind not in self._commands:
            raise Refusal(f"A command must be one of {', '.join(self._commands)}; not {brief(kind)}.")
        return kind

    def _set_status(self, status: Status) -> None:
        self.status, self._message = status, ""
        self._unseen = True

    def _on_ready(self, message: Mapping[str, Any]) -> None:
        """A page has rendered, for the first time or again: what was under way is lost."""
        self._ready = self._unseen = self._blank = True
        self._under_way.clear()
        self._charted, self._detailed = -1, None
        if message.get("dark"):
            self.settings.display.dark = True
        try:
            self.settings.update(message.get("restore") or {})
            self.run.apply()
        finally:
            # Choices that cannot be restored must not cost the page.
            self._announce()

    def _on_ack(self, message: Mapping[str, Any]) -> None:
        while self._under_way and self._under_way[0][0] <= _whole(message, "seq"):
            self._under_way.popleft()

    def _on_play(self, message: Mapping[str, Any]) -> None:
        self._owed, self._last_advance = 1.0, self._clock()
        self._next_steps = 0.0
        self.run.resume()
        self._set_status(Status.PLAYING)

    def _on_pause(self, message: Mapping[str, Any]) -> None:
        if self.status == Status.PLAYING:
            self._set_status(Status.PAUSED)

    def _on_step(self, message: Mapping[str, Any]) -> None:
        self._set_status(Status.PAUSED)
        self.run.resume()
        self._step(1)

    def _on_reset(self, message: Mapping[str, Any]) -> None:
        self._set_status(Status.PAUSED)
        self.run.start()

    def _on_set(self, message: Mapping[str, Any]) -> None:
        """Settings from the stage. It counts what it sets, and each scene says how far we have heard."""
        self._heard = _whole(message, "id")
        self.settings.update(message.get("values"))
        self._apply()
        self._announce()

    def _on_changed(self, message: Mapping[str, Any]) -> None:
        """Something is different in the settings; several such messages in a row are answered once."""
        if self._apply() is Effect.NOTHING:
            return
        self._forgive()
        self._announce()

    def _apply(self) -> Effect:
        effect = self.run.apply()
        if effect is not Effect.NOTHING:
            self._unseen, self._next_steps = True, 0.0
        if effect in (Effect.RETUNE, Effect.REBUILD):
            self._set_status(Status.PAUSED if self.status == Status.DIVERGED else self.status)
        return effect

    def _announce(self) -> None:
        if self._ready:
            description, points = self.run.scene()
            self.screen.scene({**description, "heard": self._heard}, points)

    def _on_edit(self, message: Mapping[str, Any]) -> None:
        kind = message.get("kind")
        if kind not in ("weight", "bias"):
            raise Refusal(f"kind must be weight or bias; not {brief(kind)}.")
        self.run.edit("link" if kind == "weight" else kind, *_place(message), message.get("value"))
        self._set_status(Status.PAUSED if self.status == Status.DIVERGED else self.status)

    def _on_watch(self, message: Mapping[str, Any]) -> None:
        self.run.lens.watch(_whole(message, "layer"))
        self._unseen = True

    def _on_survey(self, message: Mapping[str, Any]) -> None:
        """The loss landscape is wanted as it is now."""
        self.run.lens.survey()
        self._unseen = True

    def _on_check(self, message: Mapping[str, Any]) -> None:
        """The gradients are to be checked on the next batch."""
        self.screen.checked(self.run.check())

    def _on_open(self, message: Mapping[str, Any]) -> None:
        """An experiment is to be set up."""
        self.settings.open(str(message.get("name")))
        self._set_status(Status.PAUSED)
        self._apply()
        self._announce()

    def _on_focus(self, message: Mapping[str, Any]) -> None:
        self.run.lens.focus(message.get("kind"), *_place(message))
        self._unseen = True


def _whole(message: Mapping[str, Any], name: str) -> int:
    """A whole number out of a message; 0 where it says nothing."""
    value = message.get(name) or 0
    if not isinstance(value, (int, float)) or not abs(value) < 2**53 or value != int(value):
        raise Refusal(f"{name} must be a whole number; not {brief(value)}.")
    return int(value)


def _place(message: Mapping[str, Any]) -> tuple[int, int, int]:
    """Where in the network a message points to."""
    return _whole(message, "layer"), _whole(message, "i"), _whole(message, "j")
