"""The same network, trained by every racer from the same first weights on the same batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engine import Config, State, Trainer
from engine.arrays import Array
from engine.divergence import find, is_sound
from engine.extremes_history import ExtremesHistory
from engine.race import Ending, Racer
from engine.registry import Refusal
from playground.race_page.choices import CURVES, LAST_STEP
from playground.race_page.details import ShownCurves
from playground.race_page.sections import COLUMN, HEAD, NEVER
from playground.race_page.settings import RaceSettings

_POINTS = 300


@dataclass(slots=True)
class Lane:
    """One racer: its trainer, how far it is, and why it is out, if it is."""

    racer: Racer
    trainer: Trainer | None
    state: State | None
    loss: float
    fate: str = ""
    ended: int = NEVER


class NetworkRace:
    """A network, trained once by each racer.

    Parameters
    ----------
    settings : RaceSettings
    network : callable () -> Config
        The network as it is set up at the moment: asked again for every new race. Its optimizer, learning rate and
        schedules give way to those of the racers, its clipping to none.
    """

    offered = tuple(name for name, curve in CURVES.items() if curve.of_networks)
    """The curves that networks have."""
    FIRST_COST = 0.05
    cuts: tuple[int, ...] = ()

    def __init__(self, settings: RaceSettings, network: Callable[[], Config]) -> None:
        self._settings, self._network = settings, network
        self.restart()

    def restart(self, steps: int = 0) -> None:
        """Back to the first weights."""
        self.config = self._network()
        self._lanes = [self._lane(racer) for racer in self._settings.racers(None)]
        self._record: ExtremesHistory[Array] = ExtremesHistory(_POINTS)
        self.cursor = 0
        self._note()

    def retune(self) -> None:
        """Go on with the numbers that the settings have now."""
        for lane, racer in zip(self._lanes, self._settings.racers(None), strict=True):
            lane.racer = racer
            if lane.trainer is not None and lane.state is not None:
                lane.trainer = lane.trainer.retune(_config(self.config, racer))
                lane.state = lane.trainer.adopt(lane.state)

    def advance(self, steps: int) -> str:
        """Train on; return why it goes no further, or ""."""
        steps = min(steps, LAST_STEP - self.cursor)
        for lane in self._lanes:
            if steps and lane.state is not None and lane.ended == NEVER:
                _train(lane, steps)
        if steps:
            self.cursor += steps
            self._note()
        if self.cursor == LAST_STEP:
            return f"The race ends at step {LAST_STEP:,}; reset it to race again."
        if all(lane.ended != NEVER or lane.state is None for lane in self._lanes):
            return "No racer is left; reset the race, or choose smaller learning rates."
        return ""

    def seek(self, step: int) -> None:
        """States of a network are too large to keep them all: there is no way back but the reset."""

    @property
    def length(self) -> int:
        """Steps that are known."""
        return self.cursor

    def since(self, first: int) -> tuple[int, Array, Array]:
        """Nothing: a network has no place on a map."""
        return 0, np.empty(0, np.float32), np.empty(0, np.float32)

    def heads(self, deep: bool) -> Array:
        """A row for each racer with its loss and learning rate; see details."""
        rows = np.full((len(self._lanes), len(HEAD)), np.nan)
        for row, lane in zip(rows, self._lanes, strict=True):
            row[COLUMN["ending"]] = Ending.GOING if lane.ended == NEVER and lane.state else Ending.OVERFLOWED
            row[COLUMN["ended"]], row[COLUMN["reached"]] = lane.ended, NEVER
            row[COLUMN["value"]] = lane.loss
            row[COLUMN["rate"]] = lane.racer.hyperparameters_at(self.cursor)["learning_rate"]
        return rows

    def card(self, k: int) -> None:
        """A network has too many parameters to write an update out."""

    @property
    def winner(self) -> int:
        """Nobody: a network has no lowest loss to arrive at."""
        return NEVER

    def fates(self) -> list[str]:
        """What became of each racer, in words; "" of those that are going."""
        return [lane.fate for lane in self._lanes]

    def curves(self) -> ShownCurves:
        """Training losses against steps, one column for each racer; see RaceChart."""
        return {
            "steps": np.array(self._record.steps),
            "curves": np.array(self._record.things).T,
            "log": True,
            "cursor": self.cursor,
        }

    def _lane(self, racer: Racer) -> Lane:
        """A racer at the first weights; out at once if its rule cannot train such a network."""
        try:
            trainer = Trainer(_config(self.config, racer))
        except Refusal as refusal:
            return Lane(racer, None, None, np.nan, self._settings.worded(refusal), 0)
        state = trainer.init()
        return Lane(racer, trainer, state, float(trainer.evaluate(state).train_loss))

    def _note(self) -> None:
        self._record.add(self.cursor, np.array([lane.loss for lane in self._lanes]))


def _config(config: Config, racer: Racer) -> Config:
    """The network's Config with the racer's way to train it."""
    assert racer.learning_rate is not None, "completed when it was made"
    return replace(
        config,
        optimizer=racer.optimizer,
        optimizer_params=racer.hyperparameters,
        learning_rate=racer.learning_rate,
        schedule=racer.schedule,
        schedule_params=racer.schedule_params,
        momentum_schedule=racer.momentum_schedule,
        momentum_schedule_params=racer.momentum_schedule_params,
        clipping="none",
        clipping_params={},
    )


def _train(lane: Lane, steps: int) -> None:
    """Make steps; one that breaks the network ends its lane at the step before."""
    assert lane.trainer is not None, "who cannot train has ended"
    before = lane.state
    assert before is not None
    after = lane.trainer.run(before, steps)
    evaluation = lane.trainer.evaluate(after)
    if is_sound(after, evaluation):
        lane.state, lane.loss = after, float(evaluation.train_loss)
        return
    divergence = find(lane.trainer, before, steps)
    assert divergence is not None, "training is repeatable, so a replay breaks where the run did"
    lane.state, lane.ended = divergence.last, divergence.step
    lane.loss = float(lane.trainer.evaluate(divergence.last).train_loss)
    lane.fate = f"diverged at step {divergence.step:,}"
