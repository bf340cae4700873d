"""How a State begins, and how it goes on when a person intervenes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array, frozen
from engine.config import TrainingConfig
from engine.limits import LIMITS
from engine.optimizers import OptimizerState
from engine.problem import Problem
from engine.registry import Hyperparameter, Refusal, brief
from engine.state import TRAINING, WAITING, State, all_frozen
from engine.training_setup import TrainingSetup

EDITABLE = Hyperparameter("value", 0, -1000, 1000, "A weight or bias set by hand.")


def initial_state(setup: TrainingSetup, seeds: Iterable[int] | None) -> State:
    """The State before the first step; of several networks along a leading axis, one for each seed."""
    problem = setup.problem
    statistics = problem.network.init_statistics()
    if seeds is None:
        seed = setup.config.seed
        return _first(setup, frozen(_drawn(problem, seed)), frozen(statistics), (seed,))
    own = _checked_seeds(seeds)
    params = np.stack([_drawn(problem, seed) for seed in own])
    return _first(setup, frozen(params), frozen(np.tile(statistics, (len(own), 1))), own)


def adopted(setup: TrainingSetup, before: TrainingConfig, state: State) -> State:
    """A State from before a change of choices: all of it, but for what another choice remembers otherwise."""
    now, first = setup.config, _first(setup, state.params, state.running_stats, state.seeds)
    changes: dict[str, Any] = {}
    if not _alike(first.optimizer_state, state.optimizer_state):
        changes["optimizer_state"] = first.optimizer_state
    if before.averaging != now.averaging or first.average.shape != state.average.shape:
        changes |= {"average": first.average, "averaged": 0}
    # Criteria that remember nothing look alike; the one that never stops must not find a network at rest.
    asleep = not setup.stopping.active and bool((state.stopped >= 0).any())
    if asleep or before.stopping != now.stopping or not _alike(first.stopping_state, state.stopping_state):
        changes |= {"stopping_state": first.stopping_state, "stopped": _training_again(state)}
    return replace(state, **changes) if changes else state


def check_memory(setup: TrainingSetup, state: State) -> None:
    """Refuse to step a State that remembers what another optimizer, criterion or average needs.

    Raises
    ------
    ValueError
        One sentence that says how to go on with it.
    """
    rule, criterion = setup.remembers
    if type(state.optimizer_state) is not rule:
        choice = f"optimizer {setup.optimizer.name}"
    elif type(state.stopping_state) is not criterion:
        choice = f"stopping {setup.stopping.name}"
    elif bool(state.average.shape[-1]) != setup.averaging.active:
        choice = f"averaging {setup.averaging.name}"
    else:
        return
    raise Refusal(f"state must come from training with {choice}; adopt takes over a State of other choices.")


def resumed(setup: TrainingSetup, state: State) -> State:
    """A State that trains on after a stop: the criterion starts afresh."""
    return replace(state, stopping_state=_stopping_state(setup, state.params), stopped=_training_again(state))


def edited(state: State, position: ArrayLike, value: float) -> State:
    """A State with one number of the flat parameter vector set by hand."""
    EDITABLE.check_one(value)
    size = state.params.shape[-1]
    try:
        positions = np.atleast_1d(position)
    except ValueError:  # lists of different lengths
        positions = np.empty(0)
    whole = positions.ndim == 1 and positions.dtype.kind in "iu" and positions.size
    if not whole or positions.min() < 0 or positions.max() >= size:
        raise Refusal(f"position must be a whole number between 0 and {size - 1}; not {brief(position)}.")
    params = state.params.copy()
    if len(positions) > 1:
        params[..., positions] += value - params[..., positions].mean(axis=-1, keepdims=True)
    else:
        params[..., positions] = value
    return replace(state, params=frozen(params))


def _drawn(problem: Problem, seed: int) -> Array:
    data = problem.data
    return problem.network.init(seed, data.inputs[: data.train])


def _first(setup: TrainingSetup, params: Array, running_stats: Array, seeds: tuple[int, ...]) -> State:
    """The State of these parameters before the first step."""
    optimizer_state = all_frozen(setup.optimizer.init(params))
    average = frozen(np.zeros((*params.shape[:-1], params.shape[-1] if setup.averaging.active else 0)))
    stopping_state, stopped = _stopping_state(setup, params), frozen(np.full(params.shape[:-1], TRAINING))
    layout = setup.problem.network.layout
    return State(params, optimizer_state, running_stats, 0, 0, 0, seeds, average, 0, stopping_state, stopped, layout)


def _stopping_state(setup: TrainingSetup, params: Array) -> OptimizerState:
    return all_frozen(setup.stopping.memory(params))


def _alike(first: OptimizerState, second: OptimizerState) -> bool:
    """Whether two NamedTuples of arrays are of the same kind and shape."""
    return type(first) is type(second) and all(a.shape == b.shape for a, b in zip(first, second, strict=True))


def _training_again(state: State) -> Array:
    """No network has stopped; a criterion that begins within an epoch waits for the next one."""
    return frozen(np.full(state.batch_shape, WAITING if state.cursor else TRAINING))


def _checked_seeds(seeds: Iterable[int]) -> tuple[int, ...]:
    try:
        own = tuple(seeds)
    except TypeError:
        raise Refusal(f"seeds must be a sequence of whole numbers; not {brief(seeds)}.") from None
    for seed in own:
        LIMITS["seed"].check_one(seed)
    if not own:
        raise Refusal("seeds must name at least one network's seed; not none.")
    return tuple(int(seed) for seed in own)
