"""Trainer: turns a Config into a State and steps it.

A State is a value. The Trainer keeps the data and scratch arrays, none of which influence a result: the same Config
and seed give the same State, bit for bit on one machine, however the steps were grouped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from engine.arrays import Array, Shape, frozen
from engine.config import LIMITS, Config
from engine.data import Data, load
from engine.losses import LOSSES, TASKS
from engine.network import Gradients, Network, Tape
from engine.objective import NetworkObjective
from engine.optimizers import OPTIMIZERS, Slots
from engine.penalties import PENALTIES
from engine.registry import Knob, Refusal, brief
from engine.schedules import SCHEDULES
from engine.streams import Purpose, stream

EDITABLE = Knob("value", 0, -1000, 1000, "A weight or bias set by hand.")


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Everything that training changes. Arrays are read-only.

    Attributes
    ----------
    params : (..., P) array
        The flat parameter vector.
    slots : NamedTuple of arrays
        What the optimizer remembers.
    running : (..., R) array
        Batch norm's running means and variances.
    step : int
        Updates made so far.
    epoch : int
        Passes through the training data completed.
    cursor : int
        Training points already used in the current epoch.
    seeds : tuple of int
        One for each network: initial weights and masks. Together with ``step`` and ``epoch`` they are the whole
        random state, since every stream is a function of its address.
    """

    params: Array
    slots: Slots
    running: Array
    step: int
    epoch: int
    cursor: int
    seeds: tuple[int, ...]

    @property
    def lead(self) -> Shape:
        """Leading axes: () for one network, (n,) for n."""
        return self.params.shape[:-1]

    @property
    def finite(self) -> bool:
        """Whether all parameters are finite numbers."""
        return bool(np.isfinite(self.params).all())

    def replica(self, index: int) -> State:
        """One network out of several, as a State without leading axis."""
        slots = type(self.slots)(*(slot[index] if slot.shape[:-1] == self.lead else slot for slot in self.slots))
        return replace(
            self,
            params=self.params[index],
            slots=slots,
            running=self.running[index],
            seeds=(self.seeds[index],),
        )


class Evaluation(NamedTuple):
    """How good a State is, in evaluation mode; every field has the State's leading axes.

    train_loss, test_loss : mean loss on the data alone
    penalty : rate times penalty, to be added to either
    train_accuracy, test_accuracy : 0 to 1; NaN for regression
    """

    train_loss: Array
    test_loss: Array
    penalty: Array
    train_accuracy: Array
    test_accuracy: Array


@dataclass(slots=True)
class _Work:
    """Scratch for batches of one size through networks of one leading shape."""

    tape: Tape
    gradients: Gradients


class Trainer:
    """Data, network and objective of one Config.

    Parameters
    ----------
    config : Config
    data : (X, y), optional
        The user's own points: X (n, 2); y (n,) of whole numbers 0, 1, ... for classes, or of other numbers for
        regression. Split into training and test like a built-in data set.

    Raises
    ------
    ValueError
        When ``data`` has the wrong shape, is not finite, or leaves nothing to train or test on.
    """

    def __init__(self, config: Config, data: tuple[Any, Any] | None = None) -> None:
        self._set_up(config, load(config, data))

    def _set_up(self, config: Config, data: Data) -> None:
        self.config = config
        self.data = data
        self.task = TASKS[data.task]
        self.network = Network(
            len(config.features), config.hidden, data.outputs, config.activation, config.batch_norm, config.dropout,
            config.initializer,
        )  # fmt: skip
        form = LOSSES[config.loss].forms[data.task]
        self.objective = NetworkObjective(self.network, form, PENALTIES[config.penalty], config.penalty_rate)
        self.optimizer = OPTIMIZERS[config.optimizer]
        self.schedule = SCHEDULES[config.schedule]
        self.batch_size = min(config.batch_size, data.train)
        self._drops = any(rate > 0 for rate in config.dropout)
        self._work: dict[tuple[Shape, int], _Work] = {}
        self._tapes: dict[tuple[Shape, int], Tape] = {}
        self._shuffled: tuple[int, Array, Array] | None = None

    def retune(self, config: Config) -> Trainer:
        """Return a trainer for a Config that keeps data and shape, sharing this one's data.

        Raises
        ------
        ValueError
            When the change needs new data or new weights.
        """
        if self.config.rebuilds(config):
            raise Refusal("This change needs a new Trainer: it changes the data, the inputs, the shape or the seed.")
        tuned = Trainer.__new__(Trainer)
        tuned._set_up(config, self.data)
        return tuned

    def adopt(self, state: State) -> State:
        """Take over a State from before a ``retune``: all of it, but for the slots of another optimizer."""
        slots = self.optimizer.init(state.params)
        return state if type(slots) is type(state.slots) else replace(state, slots=_frozen_slots(slots))

    def init(self, seeds: Iterable[int] | None = None) -> State:
        """Return the State before the first step.

        Parameters
        ----------
        seeds : iterable of int, optional
            One network for each, along a leading axis, all on the same data and batches. Without it, one network
            without a leading axis, from the Config's seed.
        """
        if seeds is None:
            own: tuple[int, ...] = (self.config.seed,)
            params = self.network.init(self.config.seed)
            running = self.network.init_statistics()
        else:
            own = tuple(seeds)
            for seed in own:
                LIMITS["seed"].check_one(seed)
            if not own:
                raise Refusal("seeds must name at least one network's seed; not none.")
            own = tuple(int(seed) for seed in own)
            params = np.stack([self.network.init(seed) for seed in own])
            running = np.tile(self.network.init_statistics(), (len(own), 1))
        slots = _frozen_slots(self.optimizer.init(params))
        return State(frozen(params), slots, frozen(running), 0, 0, 0, own)

    def edit(self, state: State, position: int, value: float) -> State:
        """Return the State with one entry of the flat parameter vector set by hand.

        Raises
        ------
        ValueError
            When the value is not a number up to 1000 in size, or there is no such position.
        """
        EDITABLE.check_one(value)
        if not 0 <= position < self.network.size:
            raise Refusal(f"position must be between 0 and {self.network.size - 1}; not {brief(position)}.")
        params = state.params.copy()
        params[..., position] = value
        return replace(state, params=frozen(params))

    def step(self, state: State) -> State:
        """Return the State after one update."""
        return self.run(state, 1)

    def run(self, state: State, steps: int) -> State:
        """Return the State after ``steps`` updates; never raises on overflow, look at ``State.finite``."""
        if steps < 1:
            return state
        lead, network, objective, update = state.lead, self.network, self.objective, self.optimizer.update
        factor, schedule_knobs = self.schedule.factor, self.config.schedule_knobs
        rate, knobs = self._knobs(lead)
        parameters = network.bind(state.params.copy())
        flat, slots, running = parameters.flat, state.slots, state.running
        step, epoch, cursor = state.step, state.epoch, state.cursor
        inputs, targets = self._epoch(epoch)
        with np.errstate(all="ignore"):
            for _ in range(steps):
                stop = min(cursor + self.batch_size, self.data.train)
                work = self._work_for(lead, stop - cursor)
                if self._drops:
                    network.draw_masks(work.tape, state.seeds, step)
                gradient = objective.gradient(
                    parameters, inputs[cursor:stop], targets[cursor:stop], work.tape, work.gradients
                )
                knobs["learning_rate"] = rate * factor(step, schedule_knobs)
                change, slots = update(gradient, slots, flat, step, knobs)
                flat += change
                step += 1
                if network.statistics:
                    running = network.average_statistics(running, work.tape)
                cursor = stop
                if cursor == self.data.train:
                    epoch, cursor = epoch + 1, 0
                    inputs, targets = self._epoch(epoch)
        return State(frozen(flat), _frozen_slots(slots), frozen(running), step, epoch, cursor, state.seeds)

    def evaluate(self, state: State) -> Evaluation:
        """Losses and accuracies on all training and test points, in evaluation mode."""
        with np.errstate(all="ignore"):
            tape = self._evaluated(state)
            return self.judge(tape.scores, state.params)

    def judge(self, scores: Array, params: Array) -> Evaluation:
        """Losses and accuracies from the scores (..., n, C) of all points, training points first."""
        train = self.data.train
        targets, form, accuracy = self.data.targets, self.objective.form, self.task.accuracy
        parts = ((scores[..., :train, :], targets[:train]), (scores[..., train:, :], targets[train:]))
        train_loss, test_loss = (form.value(*part) for part in parts)
        undefined = np.full(np.shape(train_loss), np.nan)
        right, right_test = (accuracy(*part) if accuracy else undefined for part in parts)
        return Evaluation(train_loss, test_loss, self.objective.penalty_loss(params), right, right_test)

    def predict(self, state: State, points: Any) -> Array:
        """Predict in evaluation mode.

        Parameters
        ----------
        state : State
        points : (n, 2) array-like
            Coordinates.

        Returns
        -------
        (..., n, classes) array of probabilities from three classes on; (..., n, 1) probabilities of class 1 with two
        classes, or values in regression.
        """
        places = np.atleast_2d(np.asarray(points, dtype=float))
        if places.ndim != 2 or places.shape[1] != 2:
            raise Refusal(f"points must be of shape (n, 2); not {places.shape}.")
        inputs = self.data.inputs_at(places)
        with np.errstate(all="ignore"):
            tape = self.forward(state.params, state.running, inputs)
            return self.task.link(tape.scores)

    def forward(self, params: Array, running: Array, inputs: Array) -> Tape:
        """Evaluation-mode pass of (n, F + 1) inputs, in the inputs' precision. The tape is the caller's to keep."""
        tape = self.network.tape("evaluate", params.shape[:-1], len(inputs), inputs.dtype)
        tape.statistics[...] = running
        return self.network.forward(self.network.bind(params.astype(inputs.dtype)), inputs, tape)

    def inspect(self, state: State) -> tuple[Tape, Gradients]:
        """Signals and gradients of the next batch, exactly as the next step will see them."""
        inputs, targets = self._epoch(state.epoch)
        batch = slice(state.cursor, min(state.cursor + self.batch_size, self.data.train))
        work = self._allocate(state.lead, batch.stop - batch.start)
        if self._drops:
            self.network.draw_masks(work.tape, state.seeds, state.step)
        with np.errstate(all="ignore"):
            parameters = self.network.bind(state.params)
            self.objective.gradient(parameters, inputs[batch], targets[batch], work.tape, work.gradients)
        return work.tape, work.gradients

    def _knobs(self, lead: Shape) -> tuple[Any, dict[str, Any]]:
        """Learning rate and the optimizer's knobs, shaped to broadcast against (..., P)."""
        column = {name: _column(value, lead, name) for name, value in self.config.optimizer_knobs.items()}
        return _column(self.config.learning_rate, lead, "learning_rate"), column

    def _evaluated(self, state: State) -> Tape:
        """Evaluation-mode pass of all points, on a tape that the next such pass overwrites."""
        key = (state.lead, len(self.data.inputs))
        tape = self._tapes.get(key)
        if tape is None:
            tape = self._tapes[key] = self.network.tape("evaluate", *key)
        tape.statistics[...] = state.running
        return self.network.forward(self.network.bind(state.params), self.data.inputs, tape)

    def _work_for(self, lead: Shape, batch: int) -> _Work:
        work = self._work.get((lead, batch))
        if work is None:
            work = self._work[lead, batch] = self._allocate(lead, batch)
        return work

    def _allocate(self, lead: Shape, batch: int) -> _Work:
        tape = self.network.tape("train", lead, batch)
        return _Work(tape, self.network.gradients(tape, lead))

    def _epoch(self, epoch: int) -> tuple[Array, Array]:
        """Training inputs and targets in the order of one epoch."""
        if self._shuffled is None or self._shuffled[0] != epoch:
            order = stream(self.config.seed, Purpose.ORDER, epoch).permutation(self.data.train)
            self._shuffled = (epoch, self.data.inputs[order], self.data.targets[order])
        return self._shuffled[1:]


def _column(value: Any, lead: Shape, name: str) -> Any:
    """A number as it is; an array, one value for each network, with an axis to broadcast over parameters."""
    values = np.asarray(value, dtype=float)
    if values.ndim == 0:
        return float(values)
    if values.shape != lead:
        raise Refusal(f"{name} must be one number, or one for each network {lead}; not of shape {values.shape}.")
    return values[..., None]


def _frozen_slots(slots: Slots) -> Slots:
    for slot in slots:
        frozen(slot)
    return slots
