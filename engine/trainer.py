"""Trainer: turns a Config into a State and steps it.

A State is a value. The Trainer keeps the data and scratch arrays, none of which influence a result: the same Config
and seed give the same State, bit for bit, however the steps were grouped. This holds on one machine with the same
NumPy and the same number of BLAS threads: from about 500 x 64 numbers on, BLAS adds products in an order that depends
on its threads. Elsewhere each step agrees up to rounding, which training makes larger: see the README.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.batches import Batches
from engine.buffers import BufferPool
from engine.config import Config, TrainingConfig
from engine.data import Data, load
from engine.first_state import adopted, check_memory, edited, initial_state, resumed
from engine.network import Network
from engine.objective import NetworkObjective
from engine.own_data import Given, rows_of
from engine.problem import Problem, problem_of
from engine.registry import Hyperparameter, Refusal, check_kind
from engine.schedules import Schedule
from engine.state import Evaluation, State, check_state
from engine.tape import Gradients, Tape
from engine.tasks import Link, Task
from engine.training_loop import TrainingLoop
from engine.training_setup import TrainingSetup

STEPS = Hyperparameter("steps", 1, 0, 1e12, "Updates to make.", integer=True)


class Trainer:
    """Trains one problem in one way.

    Parameters
    ----------
    config : Config
        All choices; with a problem given, any TrainingConfig, of which only the training counts.
    data : (X, y) or (X, y, X_test, y_test), optional
        The user's own data: X (n, F), y (n,) or (n, C), as arrays, lists or data frames; see ``engine.own_data.read``.
        Without a test set it is split into training and test, each class in its share.
    task : str, optional
        Key of TASKS: what the user's own labels are, where that is not what they look like, as in ``"regression"``.
    problem : Problem, optional
        Data, network and objective that are no Config's, with any layers. It is an argument of this one constructor
        because everything else about a trainer is the same: its State, its steps, its ``retune``.

    Raises
    ------
    ValueError
        When ``data`` has the wrong shape, is not finite, or leaves nothing to train on.
    """

    def __init__(
        self,
        config: TrainingConfig,
        data: Given | None = None,
        task: str | None = None,
        *,
        problem: Problem | None = None,
    ) -> None:
        if problem is None:
            own = check_kind("config", config, Config)
            problem = problem_of(own, load(own, data, task))
            self._from_config = True
        else:
            check_kind("problem", problem, Problem)
            check_kind("config", config, TrainingConfig)
            if data is not None or task is not None:
                raise Refusal("With a problem there must be no other data, and no task.")
            self._from_config = False
        self._setup, self._problem = TrainingSetup(config, problem), problem
        self._layout = problem.network.layout
        self._tuned_from: TrainingConfig | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        # Buffers are made anew, and so is the problem where a Config describes it.
        return _restored, (self.training, self.data if self._from_config else self._problem, self._tuned_from)

    @property
    def config(self) -> Config:
        """The Config that it was made of.

        Raises
        ------
        ValueError
            When it was made of a problem and a TrainingConfig.
        """
        if not self._from_config:
            raise Refusal("This trainer was given a problem, and there is no Config of that; see training and problem.")
        return check_kind("config", self._setup.config, Config)

    @property
    def training(self) -> TrainingConfig:
        """How it trains: its Config, or what it was given beside a problem."""
        return self._setup.config

    @property
    def problem(self) -> Problem:
        """What is trained."""
        return self._problem

    @property
    def data(self) -> Data:
        """What the network learns from."""
        return self._problem.data

    @property
    def network(self) -> Network:
        """What learns."""
        return self._problem.network

    @property
    def objective(self) -> NetworkObjective:
        """What training minimises."""
        return self._problem.objective

    @property
    def task(self) -> Task:
        """What is predicted."""
        return self._problem.task

    @property
    def link(self) -> Link:
        """From scores to predictions."""
        return self._problem.link

    @property
    def schedule(self) -> Schedule:
        """How the learning rate changes with the steps."""
        return self._setup.schedule

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
            changed = check_kind("config", config, Config)
            if self.config.rebuilds(changed):
                raise Refusal(
                    "This change needs a new Trainer: it changes the data, the inputs, the shape or the seed."
                )
            problem = problem_of(changed, self.data)
        return _made(config, problem, self._from_config, self.training)

    def adopt(self, state: State) -> State:
        """Take over a State from before a ``retune``: all of it, but for what another choice remembers otherwise."""
        self.check(state)
        return adopted(self._setup, self._tuned_from or self.training, state)

    def resume(self, state: State) -> State:
        """Train on after a stop: the criterion starts afresh."""
        self.check(state)
        return resumed(self._setup, state)

    def check(self, state: State) -> None:
        """Refuse a State of another network; every method that takes a State asks this.

        What must be the same is the layout: names and shapes of the groups of parameters, layer by layer, and the
        running averages. Activations, masks, data and the objective may differ.

        Raises
        ------
        ValueError
            When it is no State, or has another layout.
        """
        check_state(state, self._layout)

    def init(self, seeds: Iterable[int] | None = None) -> State:
        """Return the State before the first step.

        Parameters
        ----------
        seeds : iterable of int, optional
            One network for each, along a leading axis, all on the same data and batches. Without it, one network
            without a leading axis, from the Config's seed.
        """
        return initial_state(self._setup, seeds)

    def edit(self, state: State, position: ArrayLike, value: float) -> State:
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
        self.check(state)
        return edited(state, position, value)

    def step(self, state: State) -> State:
        """Return the State after one update."""
        return self.run(state, 1)

    def run(self, state: State, steps: int) -> State:
        """Return the State after ``steps`` updates, or fewer if the stopping criterion is met.

        Never raises on overflow: look at ``State.finite``. Of several networks those that have met the criterion rest
        while the others train on.
        """
        STEPS.check_one(steps)
        self.check(state)
        check_memory(self._setup, state)
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
        self.check(state)
        if not state.averaged:
            return state.params, state.running_stats
        return state.average, self.problem.statistics_of(state.average)

    def predict(self, state: State, points: ArrayLike) -> Array:
        """Predict in evaluation mode.

        Parameters
        ----------
        state : State
        points : (n, F) array-like
            Coordinates (n, 2); of data of a user's own as many columns as that has.

        Returns
        -------
        (..., n, classes) array of probabilities from three classes on; (..., n, 1) probabilities of class 1 with two
        classes, or values in regression; (..., n, C) where each row has C targets.
        """
        inputs = self.data.inputs_at(rows_of(points, self.data.rows.shape[1]))
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
        self.check(state)
        inputs, targets = self.batches.next(state)
        buffers = self.buffers.allocate(state.batch_shape, len(inputs))
        if self.network.draws:
            self.network.draw_masks(buffers.tape, state.seeds, state.step)
        with np.errstate(all="ignore"):
            parameters = self.network.bind(state.params)
            self.objective.gradient(parameters, inputs, targets, buffers.tape, buffers.gradients)
        return buffers.tape, buffers.gradients


def _made(config: TrainingConfig, problem: Problem, from_config: bool, tuned_from: TrainingConfig | None) -> Trainer:
    trainer = Trainer(config, problem=problem)
    trainer._from_config, trainer._tuned_from = from_config, tuned_from
    return trainer


def _restored(config: Config, source: Data | Problem, tuned_from: TrainingConfig | None) -> Trainer:
    """A Trainer that was copied or pickled."""
    problem = source if isinstance(source, Problem) else problem_of(config, source)
    return _made(config, problem, problem is not source, tuned_from)
