"""TrainingLoop: makes steps from a State, in its own buffers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.arrays import Array, frozen
from engine.buffers import Buffers
from engine.config import TrainingConfig
from engine.registry import Refusal
from engine.schedules import MomentumSchedule
from engine.state import TRAINING, WAITING, State, all_frozen
from engine.stopping import EpochSummary, Kept
from engine.training_setup import TrainingSetup


class TrainingLoop:
    """Makes steps from a State, in its own buffers.

    If there are several networks, those that the stopping criterion has stopped rest; the others train as if alone.

    Attributes
    ----------
    done : bool
        Whether the criterion has just stopped a network, so that the loop must be made again.
    """

    def __init__(self, setup: TrainingSetup, state: State) -> None:
        config, problem = setup.config, setup.problem
        self.done, self.resting, self.training = False, state, state.stopped < 0
        state = state.part(self.training)
        self.batch_shape, self.seeds = state.batch_shape, state.seeds
        self.setup, self.network, self.objective = setup, problem.network, problem.objective
        self.parameters = self.network.bind(state.params.copy())
        self.optimizer_state, self.running_stats = state.optimizer_state, state.running_stats
        self.step_number, self.epoch, self.cursor = state.step, state.epoch, state.cursor
        self.average, self.averaged = state.average, state.averaged
        self.stopping_state, self.stopped = state.stopping_state, state.stopped
        self.batch_size, self.train = setup.batches.size, setup.batches.train
        self.inputs, self.targets = setup.batches.epoch(state.epoch)
        self._take_hyperparameters(config)
        self.clip = setup.clipping.clip if setup.clipping.active else None
        self.clip_params = config.clipping_params

    def _take_hyperparameters(self, config: TrainingConfig) -> None:
        """Hyperparameters of the optimizer and of its schedules, for the networks that train."""
        setup = self.setup
        self.rate = _column(config.learning_rate, self.training, "learning_rate")
        self.hyperparameters = {
            name: _column(value, self.training, name) for name, value in config.optimizer_params.items()
        }
        self.factor, self.factor_params = setup.schedule.factor, config.schedule_params
        self.annealing = _annealing(setup, self.hyperparameters)

    def step(self) -> None:
        """Make one update."""
        network = self.network
        stop = min(self.cursor + self.batch_size, self.train)
        batch = (self.inputs[self.cursor : stop], self.targets[self.cursor : stop])
        buffers = self.setup.buffers.of(self.batch_shape, stop - self.cursor)
        if network.draws:
            network.draw_masks(buffers.tape, self.seeds, self.step_number)
        gradient = self.objective.gradient(self.parameters, *batch, buffers.tape, buffers.gradients)
        if network.statistics:
            self.running_stats = network.average_statistics(self.running_stats, buffers.tape)
        if self.clip:
            gradient = self.clip(gradient, self.clip_params)
        change = self._change(gradient, batch, buffers)
        flat = self.parameters.flat
        flat += change
        self.step_number += 1
        if self.setup.averaging.active:
            self._average()
        self.cursor = stop
        if stop == self.train:
            self._end_epoch()

    def _change(self, gradient: Array, batch: tuple[Array, Array], buffers: Buffers) -> Array:
        """The optimizer's change for a gradient; updates the optimizer state."""
        setup, objective, hyperparameters = self.setup, self.objective, self.hyperparameters
        hyperparameters["learning_rate"] = self.rate * self.factor(self.step_number, self.factor_params)
        if self.annealing:
            name, base, schedule = self.annealing
            hyperparameters[name] = schedule.value(self.step_number, base, setup.config.momentum_schedule_params)
        flat = self.parameters.flat
        if setup.optimizer.probes:
            here = objective.data_loss(buffers.tape, batch[1]) + objective.regularization_loss(flat)
            probe = objective.probe(here, buffers.trial, *batch, buffers.tape, buffers.slopes)
            change, self.optimizer_state = setup.optimizer.update(
                gradient, self.optimizer_state, flat, self.step_number, hyperparameters, probe
            )
        else:
            change, self.optimizer_state = setup.optimizer.update(
                gradient, self.optimizer_state, flat, self.step_number, hyperparameters
            )
        # Weight decay, for example, changes a parameter without a gradient.
        return change if objective.trainable is None else change * objective.trainable

    def _average(self) -> None:
        """Add the parameters to the stored average, if it is time."""
        averaging, hyperparameters = self.setup.averaging, self.setup.config.averaging_params
        if averaging.due(self.step_number, hyperparameters):
            self.average = averaging.update(self.average, self.parameters.flat, self.averaged, hyperparameters)
            self.averaged += 1

    def _evaluated(self) -> tuple[Array, Array]:
        """The parameters and running averages that evaluation would use."""
        if not self.averaged:
            return self.parameters.flat, self.running_stats
        return self.average, self.setup.problem.statistics_of(self.average)

    def _end_epoch(self) -> None:
        """Begin the next epoch, and check the stopping criterion."""
        setup, stopping = self.setup, self.setup.stopping
        self.epoch, self.cursor = self.epoch + 1, 0
        self.inputs, self.targets = setup.batches.epoch(self.epoch)
        if not stopping.active:
            return
        flat = self.parameters.flat
        if (self.stopped == WAITING).any():
            # The criterion was chosen within the epoch that ends here; it begins with the next whole epoch.
            self.stopping_state = stopping.memory(flat.copy())
            self.stopped = np.full_like(self.stopped, TRAINING)
            return
        losses = (_UNKNOWN, _UNKNOWN)
        if stopping.evaluates:
            losses = setup.measure(*self._evaluated())[:2]
        # The criterion may keep the parameters, and the buffer changes: it gets a copy.
        summary = EpochSummary(flat.copy(), self.epoch, *losses, self.step_number)
        met, self.stopping_state = stopping.judge(summary, self.stopping_state, setup.config.stopping_params)
        self.stopped = np.where(met, self.step_number, self.stopped)
        self.done = bool(met.any())
        if self.done and isinstance(self.stopping_state, Kept):
            self._go_back(met, self.stopping_state)
        if self.done and setup.averaging.active and not self.averaged:
            # It stops before there is an average, but other networks may still get one: its own is its parameters.
            self.average = np.where(met[..., None], flat, self.average)

    def _go_back(self, met: Array, best: Kept) -> None:
        """Give networks that stop the parameters of their lowest test loss, if they ever had one."""
        back = (met & np.isfinite(best.loss))[..., None]
        flat = self.parameters.flat
        flat[...] = np.where(back, best.params, flat)
        if self.network.statistics:
            self.running_stats = np.where(back, self.setup.problem.statistics_of(flat), self.running_stats)

    def state(self) -> State:
        """The State that was reached, with the networks that rested; the loop must not be used after this."""
        return self.resting.with_part(
            self.training,
            State(
                frozen(self.parameters.flat),
                all_frozen(self.optimizer_state),
                frozen(self.running_stats),
                self.step_number,
                self.epoch,
                self.cursor,
                self.seeds,
                frozen(self.average),
                self.averaged,
                all_frozen(self.stopping_state),
                frozen(self.stopped),
                self.network.layout,
            ),
        )


_UNKNOWN = np.array(np.nan)


def _column(value: Any, training: Array, name: str) -> Any:
    """A number; or from an array with one value for each network, those of the networks that train, (n, 1)."""
    values = np.asarray(value, dtype=float)
    if values.ndim == 0:
        return float(values)
    if values.shape != training.shape:
        raise Refusal(
            f"{name} must be one number, or one for each network {training.shape}; not of shape {values.shape}."
        )
    return values[training][..., None]


def _annealing(setup: TrainingSetup, hyperparameters: Mapping[str, Any]) -> tuple[str, Any, MomentumSchedule] | None:
    """The name of the momentum, its chosen value, and its schedule; None if the momentum does not change."""
    schedule, name = setup.momentum_schedule, setup.optimizer.momentum
    return (name, hyperparameters[name], schedule) if schedule.active and name else None
