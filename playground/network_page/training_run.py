"""One network in training: its trainer, its State, how good that is, and how it got there."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from enum import Enum

import numpy as np

from engine import STOPPINGS, Config, Evaluation, State, Trainer
from engine.arrays import Array
from engine.divergence import find, is_sound
from engine.gradient_check import check, verdict
from engine.parameter_history import ParameterHistory
from engine.registry import Refusal
from engine.stopping import best_step
from playground.network_page.choices import REDRAWING
from playground.network_page.cost import Cost
from playground.network_page.frame_composer import Composed, Detail, FrameComposer
from playground.network_page.history import History
from playground.network_page.memory import Memory
from playground.network_page.messages import CheckedGroup, Scene
from playground.network_page.progress import Progress
from playground.network_page.scene import points, scene
from playground.network_page.sections import KINDS, Focus
from playground.network_page.selection import Pointed, Selection, position, value_of
from playground.network_page.settings import Settings
from playground.runtime.json_value import Json

_CHECKED = 2e6
"""Numbers of each group whose gradient is checked, times all numbers: fewer of a large network, or the page would wait.
"""


class Effect(Enum):
    """What a change of the settings did to the run."""

    NOTHING = "nothing"
    REDRAW = "another look"
    RETUNE = "another way to train the same network"
    REBUILD = "another network"


class Run:
    """What the settings describe, as it is now.

    Parameters
    ----------
    settings : Settings
        Read when the run is made and in ``apply``.
    clock : callable
        Seconds, monotonic.

    Attributes
    ----------
    cost : Cost
        Seconds that a step and an evaluation need, as measured lately.
    """

    trainer: Trainer
    composer: FrameComposer
    state: State
    evaluation: Evaluation
    _first: State
    _path: ParameterHistory
    _pointed: Pointed

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.perf_counter) -> None:
        self.settings, self._clock = settings, clock
        self.history = History()
        self.generation = 0
        self._applied: Mapping[str, Json] = settings.take()
        self._pointed = Pointed()
        self._selected = (settings.changes, self._pointed), settings.selection(self._pointed)
        self._build(settings.config())

    def apply(self) -> Effect:
        """Take over what is different in the settings; return what that did.

        New data, inputs, shape, initialisation or seed start a new network; all else goes on with the running one.

        Raises
        ------
        ValueError
            When the choices do not go together; the settings are then as they were.
        """
        values = self.settings.take()
        changed = {name for name, value in values.items() if value != self._applied[name]}
        if not changed:
            return Effect.NOTHING
        if changed <= REDRAWING:
            self._applied = values
            return Effect.REDRAW
        try:
            effect = self._change(self.settings.config())
        except Refusal:
            # Each choice alone may be allowed and all together not: go back to what runs.
            self.settings.update(self._applied)
            raise
        self._applied = values
        return effect

    def _change(self, config: Config) -> Effect:
        if self.trainer.config.rebuilds(config):
            self._build(config)
            return Effect.REBUILD
        self.trainer = self.trainer.retune(config)
        self.cost = Cost()
        self.composer = FrameComposer(self.trainer, self.settings.plane)
        # The first State may be looked at again, and must then have what this trainer's optimizer remembers.
        self._first = self.trainer.adopt(self._first)
        self._take(self.trainer.adopt(self.state))
        return Effect.RETUNE

    def start(self) -> None:
        """Go back to step 0 and the initial weights."""
        self.history.clear()
        self._path = ParameterHistory()
        self._first = self.trainer.init()
        self._take(self._first)

    @property
    def stopped(self) -> str:
        """Why training ended by itself; "" as long as it did not."""
        if not self.state.is_stopped:
            return ""
        reason = STOPPINGS[self.trainer.training.stopping].reason
        best = best_step(self.state.stopping_state)
        back = "" if best is None else f" The network is again as it was at step {best:,}."
        return f"Training stopped after epoch {self.state.epoch:,}: {reason}.{back} Play goes on."

    def resume(self) -> None:
        """Go on after the stopping criterion was met."""
        if self.state.is_stopped:
            self._take(self.trainer.resume(self.state))

    def step(self, steps: int) -> str:
        """Make ``steps`` steps; return "" or, if they diverged, why. The State is then the last good one."""
        for part in self.cost.turns(steps):
            before, start = self.state, self._clock()
            after = self.trainer.run(before, part)
            middle = self._clock()
            evaluation = self.trainer.evaluate(after)
            self.cost.learn(part, middle - start, self._clock() - middle)
            if is_sound(after, evaluation):
                self._take(after, evaluation)
                continue
            divergence = find(self.trainer, before, part)
            assert divergence is not None, "training is repeatable, so a replay breaks where the run did"
            self._take(divergence.last)
            return str(divergence)
        return ""

    def edit(self, kind: str, layer: int, i: int, j: int, value: float) -> None:
        """Set one weight or bias by hand."""
        self._take(self.trainer.edit(self.state, position(self.trainer.network, kind, layer, i, j), value))

    def check(self) -> list[CheckedGroup]:
        """Analytic against numerical gradient on the next batch, group by group, ready for JSON."""
        return [
            {
                "layer": group.layer,
                "group": group.group,
                "size": group.size,
                "checked": group.checked,
                "kinks": group.kinks,
                "worst": group.worst if math.isfinite(group.worst) else None,
                "verdict": verdict(group.worst) if group.kinks < group.checked else "unjudged",
            }
            for group in check(self.trainer, self.state, int(np.clip(_CHECKED / self.trainer.network.size, 4, 48)))
        ]

    # What is looked at

    def focus(self, kind: str, layer: int, i: int, j: int) -> None:
        """Choose what is looked at closely; see Pointed."""
        self._pointed = self._pointed.at(self.trainer.network, kind, layer, i, j)

    def watch(self, layer: int) -> None:
        """Look at the activation of a hidden layer, from 1; 0 for none."""
        self._pointed = self._pointed.watching(self.trainer.network, layer)

    def redraw_landscape(self) -> None:
        """Draw the loss landscape anew with the next picture of it."""
        self._pointed = self._pointed.asking_to_redraw()

    @property
    def selection(self) -> Selection:
        """All that is looked at; gathered from the settings once for each change of them."""
        key = (self.settings.changes, self._pointed)
        if key != self._selected[0]:
            self._selected = key, self.settings.selection(self._pointed)
        return self._selected[1]

    @property
    def progress(self) -> Progress:
        """How far training is."""
        return Progress(self._first, self.state, self.evaluation, self._path)

    def compose(self, memory: Memory, still: bool, fine: bool = False) -> Composed:
        """A picture of the current State; see FrameComposer."""
        return self.composer.compose(self.selection, self.progress, memory, still, fine)

    def close_up(self, memory: Memory) -> tuple[Detail, Memory]:
        """The layer seen in detail."""
        return self.composer.close_up(self.selection, self.progress, memory)

    def detail_shown(self, memory: Memory) -> object:
        """Changes whenever the layer seen in detail looks different; None when there is none."""
        selection = self.selection
        layer, upper = self.composer.layer_in_detail(selection.layer_detail), selection.quantities[0]
        return (layer, self.trainer, self.state, upper, memory.distributions.version) if layer else None

    @property
    def can_be_finer(self) -> bool:
        """Whether a second picture at rest shows more than the first."""
        return self.composer.can_be_finer(self.selection.picture)

    def focused(self) -> Array:
        """What is looked at closely, as a section."""
        part = self._pointed.focus
        value = value_of(part, self.trainer.network, self.state.params)
        return np.array(Focus(KINDS.index(part.kind), part.layer, part.i, part.j, value), float)

    def scene(self, heard: int = 0) -> tuple[Scene, bytes]:
        """What the browser must know before it can draw the pictures: description and points."""
        viewer = self.composer.viewer
        described = scene(self.settings, self.trainer, self.generation, viewer, heard)
        return described, points(self.trainer.data, viewer.plane)

    def _build(self, config: Config) -> None:
        """Draw data and weights."""
        self.trainer = Trainer(config, self.settings.own)
        self.generation += 1
        self.cost = Cost()
        self.composer = FrameComposer(self.trainer, self.settings.plane)
        self._pointed = Pointed()
        self.start()

    def _take(self, state: State, evaluation: Evaluation | None = None) -> None:
        """Make a State the current one, with its point in the record if it is a new step."""
        self.state = state
        self.evaluation = evaluation or self.trainer.evaluate(state)
        self.history.record(state.step, self.evaluation)
        self._path.record(state)
