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
from typing import Any

from engine.registry import Refusal
from playground.choices import FULL_SPEED
from playground.commands import command
from playground.frame import Status
from playground.outbox import Outbox, Screen
from playground.room import Room
from playground.run import Effect, Run
from playground.settings import Settings

log = logging.getLogger(__name__)

WINDOW = 3
"""Pictures on their way at once: enough to hide a round trip on a server; a notebook's is longer and wants 5."""

PACE_PERIOD = 0.5
"""Seconds over which the steps are counted to say how many there are in one."""

BREATH = 0.002
"""Seconds of rest for the sake of others when a turn took longer than there is until the next."""

RETRY = 0.1
"""Seconds after an error until the page is shown that training is paused."""


class Session:
    """One person's running network.

    What can be done with it, in words of the page, are its Actions; they must be done between two ticks of the clock.

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
        self._outbox = Outbox(screen, self.run, window)

        self._inbox: deque[Mapping[str, Any]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()

        self._message = ""
        self._stumbled = self._refused = False
        self._heard = 0
        self._next_steps = 0.0
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
        if self.status == Status.PLAYING and self._outbox.ready and not self._outbox.is_abandoned(now):
            self.room.enter(self)
            if now >= self._next_steps:
                self._advance(now)
        else:
            self.room.leave(self)
            self._last_advance, self._pace, self._timed = now, 0.0, (now, 0)
        if (due := self._outbox.due) is not None and self._clock() >= due:
            pace = self._pace if self.status == Status.PLAYING else 0.0
            self._outbox.send(self._clock(), self.room.period, self.status, self._message, pace)
        return self._pause_until_due()

    def _pause_until_due(self) -> float | None:
        """Seconds until the next step or picture is due; None when only news can change anything."""
        steps = self._next_steps if self in self.room and self.status == Status.PLAYING else None
        due = [moment for moment in (steps, self._outbox.due) if moment is not None]
        return max(min(due) - self._clock(), 0.0) if due else None

    async def _rest(self, delay: float | None) -> None:
        # A turn of the loop is not enough for what has come over the wire; without a pause it would wait for many.
        await asyncio.sleep(BREATH if delay == 0 else 0)
        if delay is None:
            await self._wake.wait()
        elif delay > 0:
            try:
                async with asyncio.timeout(delay):
                    await self._wake.wait()
            except TimeoutError:
                return

    def _fail(self, error: Exception) -> None:
        log.exception("The clock of a session stumbled.")
        self.status = Status.PAUSED
        self._outbox.stale = True
        try:
            self.screen.notice("error", f"Something went wrong; training is paused. {type(error).__name__}: {error}")
        except Exception:
            log.exception("The page could not be told either.")

    # Steps

    def _advance(self, now: float) -> None:
        """Step as much as the speed asks for and the slice allows."""
        speed, elapsed = self.settings.training.speed, now - self._last_advance
        affordable = self.run.cost.affordable(self.room.slice)
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
        self._outbox.stale = True

    # Commands

    def _obey(self, message: Mapping[str, Any]) -> None:
        """Carry out one command; one that makes no sense is refused with a sentence and changes nothing."""
        try:
            asked = command(message)
            if message.get("generation", self.run.generation) == self.run.generation:
                # Otherwise it speaks of a network that is no more.
                asked.act(self, message)
        except Refusal as refusal:
            self._refused = True
            self.screen.notice("error", str(refusal))
        else:
            if asked.decides:
                self._forgive()

    def _forgive(self) -> None:
        """Take a refusal's sentence off the page."""
        if self._refused:
            self._refused = False
            self.screen.notice("info", "")

    def _set_status(self, status: Status) -> None:
        self.status, self._message = status, ""
        self._outbox.stale = True

    def _clear_divergence(self) -> None:
        """The network is another, or is trained in another way: it may well go on now."""
        self._set_status(Status.PAUSED if self.status == Status.DIVERGED else self.status)

    def _apply(self) -> Effect:
        effect = self.run.apply()
        if effect is not Effect.NOTHING:
            self._outbox.look_again()
            self._next_steps = 0.0
        if effect in (Effect.RETUNE, Effect.REBUILD):
            self._clear_divergence()
        return effect

    def _announce(self) -> None:
        if self._outbox.ready:
            description, points = self.run.scene()
            self.screen.scene({**description, "heard": self._heard}, points)

    # Actions (see commands.Actions)

    def welcome(self, restore: Any, dark: bool) -> None:
        """Show everything to a page that has rendered, with its choices."""
        self._outbox.welcome()
        if dark:
            self.settings.display.dark = True
        try:
            self.settings.update(restore or {})
            self.run.apply()
        finally:
            # Choices that cannot be restored must not cost the page.
            self._announce()

    def acknowledge(self, sequence: int) -> None:
        """Take note of what has been painted."""
        self._outbox.acknowledge(sequence)

    def play(self) -> None:
        """Train, beginning with a step at once."""
        self._owed, self._last_advance = 1.0, self._clock()
        self._next_steps = 0.0
        self.run.resume()
        self._set_status(Status.PLAYING)

    def pause(self) -> None:
        """Rest; a run that diverged goes on saying so."""
        if self.status == Status.PLAYING:
            self._set_status(Status.PAUSED)

    def step(self) -> None:
        """Make one step and rest."""
        self._set_status(Status.PAUSED)
        self.run.resume()
        self._step(1)

    def reset(self) -> None:
        """Go back to the initial weights and rest."""
        self._set_status(Status.PAUSED)
        self.run.start()

    def choose(self, values: Any, number: int) -> None:
        """Take over settings from the stage. It counts what it sets, and each scene says how far we have heard."""
        self._heard = number
        self.settings.update(values)
        self._apply()
        self._announce()

    def follow(self) -> None:
        """Take over what is different in the settings; several such commands in a row are answered once."""
        if self._apply() is Effect.NOTHING:
            return
        self._forgive()
        self._announce()

    def edit(self, kind: str, layer: int, i: int, j: int, value: Any) -> None:
        """Set a weight or a bias by hand."""
        self.run.edit(kind, layer, i, j, value)
        self._clear_divergence()

    def focus(self, kind: Any, layer: int, i: int, j: int) -> None:
        """Look closely at a unit, a link or a bias."""
        self.run.lens.focus(kind, layer, i, j)
        self._outbox.look_again()

    def watch(self, layer: int) -> None:
        """Look at the activation of a hidden layer."""
        self.run.lens.watch(layer)
        self._outbox.look_again()

    def survey(self) -> None:
        """Draw the loss landscape as it is now."""
        self.run.lens.survey()
        self._outbox.look_again()

    def check(self) -> None:
        """Check the gradients on the next batch."""
        self.screen.checked(self.run.check())

    def open(self, name: Any) -> None:
        """Set up an experiment, at its beginning even where the network stays the same."""
        self.settings.open(name)
        self._set_status(Status.PAUSED)
        if self._apply() is not Effect.REBUILD:
            self.run.start()
        self._announce()
