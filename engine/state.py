"""State: all that training changes; Evaluation: how good it is."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from engine.arrays import Array, Shape, frozen
from engine.layout import Layout
from engine.optimizers import OptimizerState
from engine.registry import Refusal, brief
from engine.state_file import read, write

TRAINING, WAITING = -1, -2


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Everything that training changes. Arrays are read-only.

    Attributes
    ----------
    params : (..., P) array
        The flat parameter vector.
    optimizer_state : NamedTuple of arrays
        What the optimizer remembers.
    running_stats : (..., R) array
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
    average : (..., P) array
        The stored average of the parameters, (..., 0) where there is none.
    averaged : int
        How many sets of parameters went into the average.
    stopping_state : NamedTuple of arrays
        What the stopping criterion remembers.
    stopped : (...) array of int
        The step at which the criterion stopped each network; TRAINING, -1, as long as it trains; WAITING, -2, while it
        trains and the criterion waits for the next epoch to begin.
    layout : Layout
        What the numbers of ``params`` and ``running_stats`` are; a Trainer takes a State of its network's layout only.
    """

    params: Array
    optimizer_state: OptimizerState
    running_stats: Array
    step: int
    epoch: int
    cursor: int
    seeds: tuple[int, ...]
    average: Array
    averaged: int
    stopping_state: OptimizerState
    stopped: Array
    layout: Layout

    @property
    def batch_shape(self) -> Shape:
        """Leading axes: () for one network, (n,) for n."""
        return self.params.shape[:-1]

    @property
    def finite(self) -> bool:
        """Whether all parameters are finite numbers."""
        return bool(np.isfinite(self.params).all())

    @property
    def is_stopped(self) -> bool:
        """Whether the stopping criterion is met, for all networks if there are several."""
        return bool((self.stopped >= 0).all())

    def part(self, chosen: Array) -> State:
        """The networks where ``chosen`` (...) is True; all of them is the State itself."""
        if chosen.all():
            return self
        seeds = tuple(seed for seed, own in zip(self.seeds, chosen, strict=True) if own)
        arrays = {name: _pick(getattr(self, name), chosen) for name in _ARRAYS}
        return replace(self, seeds=seeds, **arrays)

    def with_part(self, chosen: Array, part: State) -> State:
        """The State with the networks where ``chosen`` is True taken from ``part``, and with its step and epoch."""
        if chosen.all():
            return part
        arrays = {name: _merge(getattr(self, name), chosen, getattr(part, name)) for name in _ARRAYS}
        return replace(part, seeds=self.seeds, **arrays)

    def __reduce__(self) -> tuple[Any, ...]:
        # Arrays that were copied or unpickled are read-only again.
        return _read_only, tuple(getattr(self, name) for name in self.__dataclass_fields__)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a file in NumPy's npz format. It belongs to its Config: see ``Config.to_dict``.

        Raises
        ------
        OSError
            When the file cannot be written.
        """
        write(path, {name: getattr(self, name) for name in self.__dataclass_fields__})

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> State:
        """Read a file that ``save`` has written; nothing in it is run as code.

        Raises
        ------
        ValueError
            When it is another file.
        OSError
            When it cannot be read.
        """
        return cls(**read(path))

    def check_single(self) -> None:
        """Refuse a State of several networks, where only one can be looked at.

        Raises
        ------
        ValueError
            When there are leading axes.
        """
        if self.batch_shape:
            raise Refusal(f"state must be of one network, without leading axes; not {self.batch_shape}.")

    def replica(self, index: int) -> State:
        """One network out of several, as a State without leading axis.

        Raises
        ------
        ValueError
            When there is no such network.
        """
        count = len(self.seeds) if self.batch_shape else 0
        if isinstance(index, bool) or not isinstance(index, (int, np.integer)) or not -count <= index < count:
            raise Refusal(f"index must be a whole number below the {count} networks of a State; not {brief(index)}.")
        arrays = {name: _pick(getattr(self, name), index) for name in _ARRAYS}
        return replace(self, seeds=(self.seeds[index],), **arrays)


_ARRAYS = ("params", "optimizer_state", "running_stats", "average", "stopping_state", "stopped")
"""The fields that begin with the leading axes: arrays, and NamedTuples of them."""


def _pick(value: Any, which: Any) -> Any:
    """The networks of an index or a mask, of an array or of each array of a NamedTuple."""
    if isinstance(value, tuple):
        return type(value)(*(_pick(array, which) for array in value))
    return frozen(np.array(value[which]))


def _merge(old: Any, chosen: Array, new: Any) -> Any:
    """Arrays in which the chosen networks are new."""
    if isinstance(old, tuple):
        return type(old)(*(_merge(one, chosen, other) for one, other in zip(old, new, strict=True)))
    merged = old.copy()
    merged[chosen] = new
    return frozen(merged)


def _read_only(*fields: Any) -> State:
    for value in fields:
        for array in value if isinstance(value, tuple) else (value,):
            if isinstance(array, np.ndarray):
                frozen(array)
    return State(*fields)


def all_frozen(optimizer_state: OptimizerState) -> OptimizerState:
    """A NamedTuple of arrays, made read-only."""
    for slot in optimizer_state:
        frozen(slot)
    return optimizer_state


def check_state(state: object, layout: Layout) -> None:
    """Refuse what is not a State of a network with this layout.

    Raises
    ------
    ValueError
        One sentence that says what differs.
    """
    if not isinstance(state, State):
        raise Refusal(f"state must be a State; not {brief(state)}.")
    given, own = (state.params.shape[-1], state.running_stats.shape[-1]), layout.sizes
    if given != own:
        raise Refusal(
            f"state must have {own[0]} parameters and {own[1]} running averages, as this network has; "
            f"not {given[0]} and {given[1]}."
        )
    # Nearly always the very same object; States of networks made twice, copied or unpickled have an equal one.
    if state.layout is not layout and state.layout != layout:
        raise Refusal(f"state must be of a network with {layout.difference(state.layout)}.")


class Evaluation(NamedTuple):
    """How good a State is, in evaluation mode; every field has the State's leading axes.

    train_loss, test_loss : mean loss on the data alone; NaN for the test where there are no test points
    regularization : what regularization adds, to be added to either
    train_accuracy, test_accuracy : 0 to 1; NaN for regression, and for the test where there are no test points
    """

    train_loss: Array
    test_loss: Array
    regularization: Array
    train_accuracy: Array
    test_accuracy: Array
