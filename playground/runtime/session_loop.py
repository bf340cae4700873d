"""SessionLoop: commands in, steps, pictures out, and never more pictures than the page has painted.

One asyncio task for each page, no threads, no periodic callbacks. It knows neither Panel nor a server: it speaks to
a screen, and news comes by ``post``, from any thread. What steps, and what is shown, is defined by a subclass.
"""

from __future__ import annotations

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from typing import Any

from engine import Registry
from engine.registry import Refusal
from playground.runtime.commands import command
from playground.runtime.frame import Status
from playground.runtime.json_value import Json
from playground.runtime.scheduler import Scheduler
from playground.runtime.sender import Moment, Screen, Sender
from playground.runtime.settings_groups import PageSettings
from playground.runtime.wire import Command, Message

log = logging.getLogger(__name__)

FULL_SPEED = 1e9
"""Steps per second that no machine reaches: as fast as it goes."""

PACE_PERIOD = 0.5
"""Seconds over which the steps are counted to say how many there are in one."""

YIELD_TIME = 0.002
"""Seconds that are left to other sessions after a turn that took longer than there is until the next one."""

RETRY = 0.1
"""Seconds after an error until the page is shown that training is paused."""


class SessionLoop(ABC):
    """Turns commands, steps and pictures of one page, one after the other.

    Parameters
    ----------
    settings : Groups
        Watched: what changes there applies before the next step. With a group ``display``, which has ``dark``.
    screen : Screen
    scheduler : Scheduler
        Shared by all sessions of the process.
    sender : Sender
    commands : Registry of Command
        What the page may ask for; each acts on this session, between two turns.
    clock : callable
        Seconds, monotonic.
    """

    def __init__(
        self,
        settings: PageSettings,
        screen: Screen,
        scheduler: Scheduler,
        sender: Sender[Any],
        commands: Registry[Command],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.settings, self.screen, self.scheduler = settings, screen, scheduler
        self.status = Status.PAUSED
        self._sender, self._commands, self._clock = sender, commands, clock
        self._inbox: deque[Message] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._message = ""
        self._has_failed = self._refused = self._busy = False
        self._heard = 0
        self._next_steps = 0.0
        self._owed = self._pace = 0.0
        self._last_advance = clock()
        self._timed = (self._last_advance, 0)
        settings.watch(lambda: self.post({"type": "changed"}))

    # What steps

    @property
    @abstractmethod
    def speed(self) -> float:
        """Steps a second that are asked for."""

    @abstractmethod
    def affordable(self, seconds: float) -> int:
        """How many steps, at least one, fit into so many seconds."""

    @abstractmethod
    def make(self, steps: int) -> None:
        """Make exactly so many steps."""

    def work_in_background(self) -> bool:
        """Do a part of what takes long beside the steps, a slice at most; return whether there is more of it."""
        return False

    @property
    @abstractmethod
    def generation(self) -> int:
        """Changes when there is something else; what is said about what was before is void."""

    @abstractmethod
    def take_over(self) -> bool:
        """Take over what is different in the settings; return whether anything is."""

    @abstractmethod
    def announce(self) -> None:
        """Send the scene, if there is a page to send it to."""

    def post(self, message: Message) -> None:
        """Queue a command. Safe from any thread; unknown or malformed ones are refused when their turn comes."""
        self._inbox.append(message)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    async def run_until_cancelled(self) -> None:
        """Make turns until cancelled. An error is logged, shown and pauses the training; it never ends the loop."""
        self._loop = asyncio.get_running_loop()
        try:
            while True:
                self._wake.clear()
                await self._wait(self._safe_turn())
        finally:
            self.scheduler.leave(self)

    # One turn

    def _safe_turn(self) -> float | None:
        """A turn whatever comes: after an error one more to show that training is paused, then only on news."""
        try:
            delay = self._turn()
            self._has_failed = False
        except Exception as error:
            delay, self._has_failed = None if self._has_failed else RETRY, True
            self._fail(error)
        return delay

    def _turn(self) -> float | None:
        """Commands, steps, picture; return the seconds to rest, None until something comes."""
        while self._inbox:
            self._handle(self._inbox.popleft())
        now = self._clock()
        runs = self.status == Status.PLAYING and self._sender.ready and not self._sender.is_abandoned(now)
        if runs:
            self.scheduler.enter(self)
            if now >= self._next_steps:
                self._advance(now)
        else:
            self._last_advance, self._pace, self._timed = now, 0.0, (now, 0)
        self._busy = self.work_in_background()
        if not runs or self.status != Status.PLAYING:
            self.scheduler.leave(self)
        if (due := self._sender.due) is not None and self._clock() >= due:
            pace = self._pace if self.status == Status.PLAYING else 0.0
            moment = Moment(self._clock(), self.status, self._message, pace)
            self._sender.send(self.scheduler.period, moment)
        return self._pause_until_due()

    def _pause_until_due(self) -> float | None:
        """Seconds until the next step or picture is due; None when only news can change anything."""
        steps = self._next_steps if self in self.scheduler and self.status == Status.PLAYING else None
        if self._busy:
            return 0.0
        due = [moment for moment in (steps, self._sender.due) if moment is not None]
        return max(min(due) - self._clock(), 0.0) if due else None

    async def _wait(self, delay: float | None) -> None:
        # A turn of the loop is not enough for what has come over the wire; without a pause it would wait for many.
        await asyncio.sleep(YIELD_TIME if delay == 0 else 0)
        if delay is None:
            await self._wake.wait()
        elif delay > 0:
            try:
                async with asyncio.timeout(delay):
                    await self._wake.wait()
            except TimeoutError:
                return

    def _fail(self, error: Exception) -> None:
        log.exception("The loop of a session failed.")
        self.status = Status.PAUSED
        self._sender.stale = True
        try:
            self.screen.notice("error", f"Something went wrong; training is paused. {type(error).__name__}: {error}")
        except Exception:
            log.exception("The page could not be told either.")

    # Steps

    def _advance(self, now: float) -> None:
        """Step as much as the speed asks for and the slice allows."""
        speed, elapsed = self.speed, now - self._last_advance
        affordable = self.affordable(self.scheduler.slice)
        if speed >= FULL_SPEED:
            self._owed, steps = 1.0, affordable
        else:
            # What could not be done in a quarter of a second is forgotten, not made up for.
            self._owed = min(self._owed + elapsed * speed, max(speed / 4, 1.0))
            steps = min(int(self._owed), affordable)
            self._owed -= steps
        self._last_advance = now
        if steps:
            self.make(steps)
        self._time(now, steps)
        # Where no picture may be sent yet the rhythm stays the same: the browser needs the processor to catch up.
        self._next_steps = max(
            self._next_steps + self.scheduler.period, self._clock(), now + (1.0 - self._owed) / speed
        )

    def _time(self, now: float, steps: int) -> None:
        """Say now and then how many steps a second there really are."""
        start, counted = self._timed
        self._timed = (start, counted + steps)
        if now - start > PACE_PERIOD:
            self._pace, self._timed = counted / (now - start), (now, steps)

    # Commands

    def _handle(self, message: Message) -> None:
        """Carry out one command; one that makes no sense is refused with a sentence and changes nothing."""
        try:
            asked = command(message, self._commands)
            if message.get("generation", self.generation) == self.generation:
                # Otherwise it speaks of what is no more.
                asked.act(self, message)
        except Refusal as refusal:
            self._refused = True
            self.screen.notice("error", self.settings.worded(refusal))
        else:
            if asked.decides:
                self._clear_notice()

    def _clear_notice(self) -> None:
        """Take a refusal's sentence off the page."""
        if self._refused:
            self._refused = False
            self.screen.notice("info", "")

    def _set_status(self, status: Status) -> None:
        self.status, self._message = status, ""
        self._sender.stale = True

    # Actions that every page has (see commands.py)

    def welcome(self, restore: Json, dark: bool) -> None:
        """Show everything to a page that has rendered, with its choices."""
        self._sender.welcome()
        self.settings.display.dark |= dark
        try:
            self.settings.update(restore or {})
            self.take_over()
        finally:
            # Choices that cannot be restored must not cost the page.
            self.announce()

    def choose(self, values: Json, number: int) -> None:
        """Take over settings from the page. It counts what it sets, and each scene says how far we have heard."""
        self._heard = number
        self.settings.update(values)
        self.take_over()
        self.announce()

    def follow(self) -> None:
        """Take over what is different in the settings; several such commands in a row are answered once."""
        if self.settings.has_news and self.take_over():
            self._clear_notice()
            self.announce()

    def acknowledge(self, sequence: int) -> None:
        """Take note of what has been painted."""
        self._sender.acknowledge(sequence)

    def play(self) -> None:
        """Go on, beginning with a step at once."""
        self._owed, self._last_advance = 1.0, self._clock()
        self._next_steps = 0.0
        self._set_status(Status.PLAYING)

    def pause(self) -> None:
        """Rest; a run that diverged goes on saying so."""
        if self.status == Status.PLAYING:
            self._set_status(Status.PAUSED)

    def step(self) -> None:
        """Make one step and rest."""
        self._set_status(Status.PAUSED)
        self.make(1)
