"""TrainingSetup: a problem and the choices of how to train it, with the scratch arrays of a run."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.averaging import AVERAGINGS
from engine.batches import Batches, last_batch
from engine.buffers import BufferPool
from engine.clipping import CLIPPINGS
from engine.config import TrainingConfig
from engine.network import Network
from engine.optimizers import OPTIMIZERS
from engine.problem import Problem
from engine.registry import Refusal
from engine.schedules import MOMENTUM_SCHEDULES, SCHEDULES
from engine.state import Evaluation
from engine.stopping import STOPPINGS, Kept

_FEW = 5
"""Of fewer points in a last batch a remark is made, if batch norm uses their mean and variance."""


class TrainingSetup:
    """How one problem is trained.

    Parameters
    ----------
    config : TrainingConfig
    problem : Problem

    Attributes
    ----------
    optimizer, schedule, momentum_schedule, clipping, stopping, averaging
        The entries of the names in the config.
    batches : Batches
    buffers : BufferPool
    remembers : tuple of type
        Of a State's ``optimizer_state`` and ``stopping_state``.

    Raises
    ------
    ValueError
        One sentence, if the choices do not fit the problem.
    """

    def __init__(self, config: TrainingConfig, problem: Problem) -> None:
        self.config, self.problem = config, problem
        self.batches = Batches(config, problem.data)
        self.optimizer, self.clipping = OPTIMIZERS[config.optimizer], CLIPPINGS[config.clipping]
        self.schedule, self.momentum_schedule = SCHEDULES[config.schedule], MOMENTUM_SCHEDULES[config.momentum_schedule]
        self.stopping, self.averaging = STOPPINGS[config.stopping], AVERAGINGS[config.averaging]
        self.buffers = BufferPool(problem.network, self.optimizer.probes)
        some = np.zeros(1)
        self.remembers = type(self.optimizer.init(some)), type(self.stopping.memory(some))
        self._check()

    def _check(self) -> None:
        most, size = self.optimizer.most_parameters, self.problem.network.size
        if most is not None and size > most:
            raise Refusal(
                f"The optimizer {self.optimizer.name} takes at most {most} parameters, because it needs a "
                f"matrix of that size; this network has {size}."
            )
        if self.stopping.needs_test and not self.problem.data.test:
            raise Refusal(
                f"stopping must be one without test points, because there are none; not {self.stopping.name}."
            )
        if issubclass(self.remembers[1], Kept) and self.averaging.active:
            raise Refusal(
                f"stopping must be one that does not go back while parameters are averaged, because the average is "
                f"what is judged; not {self.stopping.name}."
            )
        if _needs_spread(self.problem.network) and self.batches.last == 1:
            raise Refusal(
                f"batch_size must leave no last batch of a single point with batch norm, because one point has no "
                f"variance: of {self.batches.train} points, {self._better_size()} at a time would do; "
                f"not {self.batches.size}."
            )

    def _better_size(self) -> int:
        """The batch size nearest to the chosen one of which all batches have points enough for batch norm."""
        train, chosen = self.batches.train, self.batches.size
        fitting = (size for size in range(2, train + 1) if last_batch(train, size) >= min(size, _FEW))
        return min(fitting, key=lambda size: abs(size - chosen), default=train)

    @property
    def remarks(self) -> list[str]:
        """Sentences about choices that are allowed but may not do what one expects."""
        entry, said = self.optimizer, []
        if entry.full_batch and self.batches.size < self.batches.train:
            said.append(
                f"{entry.label} uses the curvature of the batch; with mini-batches of {self.batches.size} this is "
                "mostly noise. Use the full batch: batch size all."
            )
        last = self.batches.last
        if _needs_spread(self.problem.network) and last < min(self.batches.size, _FEW):
            said.append(
                f"The last batch of each epoch has {last} points, and batch norm's mean and variance of so few are "
                f"mostly noise; with batches of {self._better_size()} there is no such batch."
            )
        return [*said, *self.problem.remarks]

    def measure(self, params: Array, running_stats: Array) -> Evaluation:
        """Evaluate all points, on a tape that the next evaluation overwrites."""
        problem = self.problem
        tape = self.buffers.evaluation(params.shape[:-1], len(problem.data.inputs))
        tape.statistics[...] = running_stats
        problem.network.forward(problem.network.bind(params), problem.data.inputs, tape)
        return problem.judge(tape.scores, params)


def _needs_spread(network: Network) -> bool:
    """Whether a layer takes statistics of each batch that a single point does not have, as batch norm does."""
    return any(layer.statistics and not layer.statistic_rate(1) for layer in network.layers)
