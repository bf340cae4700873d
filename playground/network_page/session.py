"""The session: a network in training, its settings and its pictures, for one page."""

from __future__ import annotations

import time
from collections.abc import Callable

from playground.network_page.commands import COMMANDS
from playground.network_page.sender import FrameSender, Screen
from playground.network_page.settings import Settings
from playground.network_page.training_run import Effect, Run
from playground.runtime.flow_control import WINDOW
from playground.runtime.frame import Status
from playground.runtime.scheduler import Scheduler
from playground.runtime.session_loop import SessionLoop


class Session(SessionLoop):
    """One person's running network.

    What can be done with it, in words of the page, are its Actions; they must be done between two turns.

    Parameters
    ----------
    settings : Settings
        Watched: what changes there applies before the next step.
    screen : Screen
    scheduler : Scheduler
        Shared by all sessions of the process.
    window : int
        Pictures that may be on their way at once.
    clock : callable
        Seconds, monotonic.
    """

    settings: Settings
    screen: Screen
    _sender: FrameSender

    def __init__(
        self,
        settings: Settings,
        screen: Screen,
        scheduler: Scheduler,
        window: int = WINDOW,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.window = window
        self.run = Run(settings, clock)
        super().__init__(settings, screen, scheduler, FrameSender(screen, self.run, window), COMMANDS, clock)

    # What steps (see SessionLoop)

    @property
    def speed(self) -> float:
        """Steps a second that are asked for."""
        return self.settings.training.speed

    def affordable(self, seconds: float) -> int:
        """How many steps, at least one, fit into so many seconds."""
        return self.run.cost.affordable(seconds)

    def make(self, steps: int) -> None:
        """Make exactly so many steps; if they diverge, say so and keep the last good picture."""
        self._message = self.run.step(steps)
        if self._message:
            self.status = Status.DIVERGED
        elif self.run.stopped:
            self.status, self._message = Status.PAUSED, self.run.stopped
        self._sender.stale = True

    @property
    def generation(self) -> int:
        """The number of the network; what is said about one before is void."""
        return self.run.generation

    def _clear_divergence(self) -> None:
        """The network is another, or is trained in another way: it may well go on now."""
        self._set_status(Status.PAUSED if self.status == Status.DIVERGED else self.status)

    def _apply(self) -> Effect:
        effect = self.run.apply()
        if effect is not Effect.NOTHING:
            self._sender.look_again()
            self._next_steps = 0.0
        if effect in (Effect.RETUNE, Effect.REBUILD):
            self._clear_divergence()
        return effect

    def take_over(self) -> bool:
        """Take over what is different in the settings; return whether anything is."""
        return self._apply() is not Effect.NOTHING

    def announce(self) -> None:
        """Send the scene, if there is a page to send it to."""
        if self._sender.ready:
            description, points = self.run.scene(self._heard)
            self.screen.scene(description, points=points)

    # Actions (see commands.Actions)

    def play(self) -> None:
        """Train, beginning with a step at once."""
        self.run.resume()
        super().play()

    def step(self) -> None:
        """Make one step and rest."""
        self.run.resume()
        super().step()

    def reset(self) -> None:
        """Go back to the initial weights and rest."""
        self._set_status(Status.PAUSED)
        self.run.start()

    def edit(self, kind: str, layer: int, i: int, j: int, value: float) -> None:
        """Set a weight or a bias by hand."""
        self.run.edit(kind, layer, i, j, value)
        self._clear_divergence()

    def focus(self, kind: str, layer: int, i: int, j: int) -> None:
        """Look closely at a unit, a link or a bias."""
        self.run.focus(kind, layer, i, j)
        self._sender.look_again()

    def watch(self, layer: int) -> None:
        """Look at the activation of a hidden layer."""
        self.run.watch(layer)
        self._sender.look_again()

    def redraw_landscape(self) -> None:
        """Draw the loss landscape as it is now."""
        self.run.redraw_landscape()
        self._sender.look_again()

    def check(self) -> None:
        """Check the gradients on the next batch."""
        self.screen.checked(self.run.check())

    def open(self, name: str) -> None:
        """Set up an experiment, at its beginning even where the network stays the same."""
        self.settings.open(name)
        self._set_status(Status.PAUSED)
        if self._apply() is not Effect.REBUILD:
            self.run.start()
        self.announce()
