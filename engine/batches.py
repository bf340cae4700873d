"""Batches: the order of the training points, and how many are used at a time."""

from __future__ import annotations

from engine.arrays import Array
from engine.config import TrainingConfig
from engine.data import Data
from engine.limits import ALL, LIMITS
from engine.registry import Refusal
from engine.state import State
from engine.streams import Purpose, stream


class Batches:
    """The batches of one problem.

    Parameters
    ----------
    config : TrainingConfig
    data : Data

    Attributes
    ----------
    size : int
        Points in a batch; the last batch of an epoch may have fewer.
    train : int
        Number of training points.

    Raises
    ------
    ValueError
        If a batch would have more points than there are.
    """

    def __init__(self, config: TrainingConfig, data: Data) -> None:
        self.size, self.train = _size(config.batch_size, data.train), data.train
        self._data, self._seed, self._shuffle = data, config.seed, config.shuffle
        self._ordered: tuple[int, Array, Array] | None = None

    @property
    def last(self) -> int:
        """Points in the last batch of an epoch."""
        return last_batch(self.train, self.size)

    def epoch(self, epoch: int) -> tuple[Array, Array]:
        """Inputs and targets of the training points, in the order of one epoch."""
        index = epoch if self._shuffle else 0
        if self._ordered is None or self._ordered[0] != index:
            order = stream(self._seed, Purpose.ORDER, index).permutation(self.train)
            self._ordered = (index, self._data.inputs[order], self._data.targets[order])
        return self._ordered[1:]

    def next(self, state: State) -> tuple[Array, Array]:
        """Inputs and targets of the batch of a State's next step."""
        inputs, targets = self.epoch(state.epoch)
        batch = slice(state.cursor, min(state.cursor + self.size, self.train))
        return inputs[batch], targets[batch]


def last_batch(train: int, size: int) -> int:
    """How many of the points are left for the last batch of an epoch."""
    return train % size or size


def _size(given: int | str, train: int) -> int:
    """A batch size that fits: if there are fewer points than the default, the batch has them all."""
    if given in (ALL, LIMITS["batch_size"].default):
        given = train if given == ALL else min(int(given), train)
    size = int(given)
    if size > train:
        raise Refusal(
            f'batch_size must be between 1 and {train}, the number of training points, or "{ALL}"; not {size}.'
        )
    return size
