"""Trainer: turns a Config into a State and steps it.

A State is a value. The Trainer keeps the data and scratch arrays, none of which influence a result: the same Config
and seed give the same State, bit for bit on one machine, however the steps were grouped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from engine.arrays import Array, frozen
from engine.batches import Batches
from engine.buffers import BufferPool
from engine.config import Config, TrainingConfig
from engine.data import Data, load
from engine.limits import LIMITS
from engine.losses import Link, Task
from engine.network import Network
from engine.objective import NetworkObjective
from engine.optimizers import Optimizer, OptimizerState
from engine.problem import Problem, problem_of
from engine.registry import Hyperparameter, Refusal, brief
from engine.schedules import Schedule
from engine.state import AWAITED, WATCHED, Evaluation, State, all_frozen
from engine.stopping import Stopping
from engine.tape import Gradients, Tape
from engine.training_loop import TrainingLoop
from engine.training_setup import TrainingSetup

EDITABLE = Hyperparameter("value", 0, -1000, 1000, "A weight or bias set by hand.")

STEPS = Hyperparameter("steps", 1, 0, 1e12, "Updates to make.", integer=True)

_MOST_LOOKED_AT = 500
"""TrainingLoop points that a data-driven initialiser sees."""


class Trainer:
    """Trains one problem in one way.

    Parameters
    ----------
    config : Config
        All choices; with a problem given, any TrainingConfig.
    data : (X, y), optional
        The user's own points: X (n, 2); y (n,) of whole numbers 0, 1, ... for classes, or of other numbers for
        regression. Split into training and test like a built-in data set.
    problem : Problem, optional
        Data, network and objective that are no Config's: any list of layers, for instance.

    Raises
    ------
    ValueError
        When ``data`` has the wrong shape, is not finite, or leaves nothing to train on.
    """

    # One constructor for both: ``config`` is what ``retune`` compares and what pages and races read, whoever made it.
    def __init__(
        self, config: TrainingConfig, data: tuple[Any, Any] | None = None, problem: Problem | None = None
    ) -> None:
        if problem is None:
            problem = problem_of(_checked(config), load(_checked(config), data))
            self._from_config = True
        elif isinstance(config, TrainingConfig) and isinstance(problem, Problem) and data is None:
            self._from_config = False
        else:
            raise Refusal("With a problem, config must be a TrainingConfig and there must be no other data.")
        self._setup = TrainingSetup(config, problem)
        self._tuned_from: TrainingConfig | None = None

    @property
    def config(self) -> Config:
        """The Config that it was made of.

        Raises
        ------
        ValueError
            When it was made of a problem and a TrainingConfig.
        """
        return _checked(self._setup.config)

    @property
    def training(self) -> TrainingConfig:
        """How it trains: its Config, or what it was given beside a problem."""
        return self._setup.config

    @property
    def problem(self) -> Problem:
        """What is trained."""
        return self._setup.problem

    @property
    def data(self) -> Data:
        """What the network learns from."""
        return self.problem.data

    @property
    def network(self) -> Network:
        """What learns."""
        return self.problem.network

    @property
    def objective(self) -> NetworkObjective:
        """What training minimises."""
        return self.problem.objective

    @property
    def task(self) -> Task:
        """What is predicted."""
        return self.problem.task

    @property
    def link(self) -> Link:
        """From scores to predictions."""
        return self.problem.link

    @property
    def optimizer(self) -> Optimizer:
        """The rule that turns gradients into steps."""
        return self._setup.optimizer

    @property
    def schedule(self) -> Schedule:
        """How the learning rate changes with the steps."""
        return self._setup.schedule

    @property
    def stopping(self) -> Stopping:
        """When training ends by itself."""
        return self._setup.stopping

    @property
    def batches(self) -> Batches:
        """In which order the training points are seen."""
        return self._setup.batches

    @property
    def batch_size(self) -> int:
        """Points in a batch; the last one of an epoch may have fewer."""
        return self.batches.size

    @property
    def buffers(self) -> BufferPool:
        """Scratch for passes of the network."""
        return self._setup.buffers

    @property
    def remarks(self) -> list[str]:
        """What a person should know of choices that are allowed, but do not do what one may expect."""
        return self._setup.remarks

    def retune(self, config: TrainingConfig) -> Trainer:
        """Return a trainer for a Config that keeps data and shape, sharing this one's data.

        Parameters
        ----------
        config : Config
            Of a trainer that was given its problem, any TrainingConfig: the problem stays.

        Raises
        ------
        ValueError
            When the change needs new data or new weights.
        """
        problem = self.problem
        if self._from_config:
            changed = _checked(config)
            if self.config.rebuilds(changed):
                raise Refusal(
                    "This change needs a new Trainer: it changes the data, the inputs, the shape or the seed."
                )
            problem = problem_of(changed, self.data)
        tuned = Trainer(config, problem=problem)
        tuned._from_config, tuned._tuned_from = self._from_config, self.training
        return tuned

    def adopt(self, state: State) -> State:
        """Take over a State from before a ``retune``: all of it, but for what another choice remembers otherwise."""
        first = self._first(state.params, state.running_stats, state.seeds)
        before = self._tuned_from or self.training
        changes: dict[str, Any] = {}
        if not _alike(first.optimizer_state, state.optimizer_state):
            changes["optimizer_state"] = first.optimizer_state
        if before.averaging != self.training.averaging or first.average.shape != state.average.shape:
            changes |= {"average": first.average, "averaged": 0}
        # Criteria that remember nothing look alike; the one that never stops must not find a network at rest.
        asleep = not self.stopping.active and bool((state.stopped >= 0).any())
        if (
            asleep
            or before.stopping != self.training.stopping
            or not _alike(first.stopping_state, state.stopping_state)
        ):
            changes |= {"stopping_state": first.stopping_state, "stopped": _going(state)}
        return replace(state, **changes) if changes else state

    def resume(self, state: State) -> State:
        """Train on after a stop: the criterion starts afresh."""
        return replace(state, stopping_state=self._stopping_state(state.params), stopped=_going(state))

    def init(self, seeds: Iterable[int] | None = None) -> State:
        """Return the State before the first step.

        Parameters
        ----------
        seeds : iterable of int, optional
            One network for each, along a leading axis, all on the same data and batches. Without it, one network
            without a leading axis, from the Config's seed.
        """
        if seeds is None:
            own: tuple[int, ...] = (self.training.seed,)
            params = self._drawn(self.training.seed)
            running_stats = self.network.init_statistics()
        else:
            own = _sequence_of_seeds(seeds)
            for seed in own:
                LIMITS["seed"].check_one(seed)
            if not own:
                raise Refusal("seeds must name at least one network's seed; not none.")
            own = tuple(int(seed) for seed in own)
            params = np.stack([self._drawn(seed) for seed in own])
            running_stats = np.tile(self.network.init_statistics(), (len(own), 1))
        return self._first(frozen(params), frozen(running_stats), own)

    def _drawn(self, seed: int) -> Array:
        return self.network.init(seed, self.data.inputs[: min(self.data.train, _MOST_LOOKED_AT)])

    def _first(self, params: Array, running_stats: Array, seeds: tuple[int, ...]) -> State:
        """The State of these parameters before the first step."""
        optimizer_state = all_frozen(self.optimizer.init(params))
        average = frozen(np.zeros((*params.shape[:-1], params.shape[-1] if self._setup.averaging.active else 0)))
        stopping_state, stopped = self._stopping_state(params), frozen(np.full(params.shape[:-1], WATCHED))
        return State(params, optimizer_state, running_stats, 0, 0, 0, seeds, average, 0, stopping_state, stopped)

    def _stopping_state(self, params: Array) -> OptimizerState:
        return all_frozen(self.stopping.memory(params))

    def edit(self, state: State, position: Any, value: float) -> State:
        """Return the State with one number of the flat parameter vector set by hand.

        Parameters
        ----------
        state : State
        position : int or array of int
            Where; several positions (the pieces of a maxout unit) are moved together until their mean is the value.
        value : float

        Raises
        ------
        ValueError
            When the value is not a number up to 1000 in size, or there is no such position.
        """
        EDITABLE.check_one(value)
        places = np.atleast_1d(position)
        if places.dtype.kind not in "iu" or not places.size or places.min() < 0 or places.max() >= self.network.size:
            raise Refusal(
                f"position must be a whole number between 0 and {self.network.size - 1}; not {brief(position)}."
            )
        params = state.params.copy()
        if len(places) > 1:
            params[..., places] += value - params[..., places].mean(axis=-1, keepdims=True)
        else:
            params[..., places] = value
        return replace(state, params=frozen(params))

    def step(self, state: State) -> State:
        """Return the State after one update."""
        return self.run(state, 1)

    def run(self, state: State, steps: int) -> State:
        """Return the State after ``steps`` updates, or fewer if the stopping criterion is met.

        Never raises on overflow: look at ``State.finite``. Of several networks those that have met the criterion rest
        while the others train on.
        """
        STEPS.check_one(steps)
        stop = state.step + int(steps)
        with np.errstate(all="ignore"):
            while state.step < stop and not state.is_stopped:
                loop = TrainingLoop(self._setup, state)
                while loop.step_number < stop and not loop.done:
                    loop.step()
                state = loop.state()
        return state

    def evaluate(self, state: State) -> Evaluation:
        """Losses and accuracies on all training and test points, in evaluation mode."""
        with np.errstate(all="ignore"):
            return self._setup.measure(*self.evaluated(state))

    def evaluated(self, state: State) -> tuple[Array, Array]:
        """The parameters (..., P) and the running averages (..., R) that evaluation uses.

        The stored average of the parameters, if there is one already, with what batch norm makes of the training points
        with it: the running averages belong to other weights (Izmailov et al. 2018 recompute them likewise).
        """
        if not state.averaged:
            return state.params, state.running_stats
        return state.average, self.problem.statistics_of(state.average)

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
        places = np.atleast_2d(_numbers(points))
        if places.ndim != 2 or places.shape[1] != 2:
            raise Refusal(f"points must be of shape (n, 2); not {places.shape}.")
        inputs = self.data.inputs_at(places)
        with np.errstate(all="ignore"):
            tape = self.forward(*self.evaluated(state), inputs)
            return self.link.f(tape.scores)

    def forward(self, params: Array, running_stats: Array, inputs: Array) -> Tape:
        """Evaluation-mode pass of (n, F + 1) inputs, in the inputs' precision. The tape is the caller's to keep."""
        tape = self.network.tape("evaluate", params.shape[:-1], len(inputs), inputs.dtype)
        tape.statistics[...] = running_stats
        return self.network.forward(self.network.bind(params.astype(inputs.dtype)), inputs, tape)

    def inspect(self, state: State) -> tuple[Tape, Gradients]:
        """Signals and gradients of the next batch, exactly as the next step will see them."""
        inputs, targets = self.batches.next(state)
        buffers = self.buffers.allocate(state.batch_shape, len(inputs))
        if self.network.draws:
            self.network.draw_masks(buffers.tape, state.seeds, state.step)
        with np.errstate(all="ignore"):
            parameters = self.network.bind(state.params)
            self.objective.gradient(parameters, inputs, targets, buffers.tape, buffers.gradients)
        return buffers.tape, buffers.gradients


def _checked(config: Any) -> Config:
    if not isinstance(config, Config):
        raise Refusal(f"config must be a Config; not {brief(config)}.")
    return config


def _alike(first: OptimizerState, second: OptimizerState) -> bool:
    """Whether two NamedTuples of arrays are of the same kind and shape."""
    return type(first) is type(second) and all(a.shape == b.shape for a, b in zip(first, second, strict=True))


def _going(state: State) -> Array:
    """No network has stopped; a criterion that begins within an epoch waits for the next one."""
    return frozen(np.full(state.batch_shape, AWAITED if state.cursor else WATCHED))


def _sequence_of_seeds(seeds: Any) -> tuple[int, ...]:
    try:
        return tuple(seeds)
    except TypeError:
        raise Refusal(f"seeds must be a sequence of whole numbers; not {brief(seeds)}.") from None


def _numbers(points: Any) -> Array:
    """Coordinates as an array of finite real numbers."""
    try:
        given = np.asarray(points)
        places = given.astype(float) if given.dtype.kind in "biuf" else None
    except (TypeError, ValueError):
        places = None
    if places is None or not np.isfinite(places).all():
        raise Refusal(f"points must be finite numbers; not {brief(points)}.")
    return places
