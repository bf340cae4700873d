"""TrainingSetup: a problem and all that is chosen to train it, with the scratch arrays that a run shares."""

from __future__ import annotations

from engine.arrays import Array
from engine.averaging import AVERAGINGS
from engine.batches import Batches
from engine.buffers import BufferPool
from engine.clipping import CLIPPINGS
from engine.config import TrainingConfig
from engine.optimizers import OPTIMIZERS
from engine.problem import Problem
from engine.registry import Refusal
from engine.schedules import MOMENTUM_SCHEDULES, SCHEDULES
from engine.state import Evaluation
from engine.stopping import STOPPINGS


class TrainingSetup:
    """How one problem is trained.

    Parameters
    ----------
    config : TrainingConfig
    problem : Problem

    Attributes
    ----------
    optimizer, schedule, momentum_schedule, clipping, stopping, averaging
        The entries that the config names.
    batches : Batches
    buffers : BufferPool

    Raises
    ------
    ValueError
        When the choices do not fit the problem: one sentence that says which.
    """

    def __init__(self, config: TrainingConfig, problem: Problem) -> None:
        self.config, self.problem = config, problem
        self.batches = Batches(config, problem.data)
        self.optimizer, self.clipping = OPTIMIZERS[config.optimizer], CLIPPINGS[config.clipping]
        self.schedule, self.momentum_schedule = SCHEDULES[config.schedule], MOMENTUM_SCHEDULES[config.momentum_schedule]
        self.stopping, self.averaging = STOPPINGS[config.stopping], AVERAGINGS[config.averaging]
        self.buffers = BufferPool(problem.network, self.optimizer.probes)
        self._check()

    def _check(self) -> None:
        most, size = self.optimizer.most_parameters, self.problem.network.size
        if most is not None and size > most:
            raise Refusal(
                f"The optimizer {self.optimizer.name} takes at most {most} parameters, for it works with a "
                f"matrix of them; this network has {size}."
            )
        if self.stopping.needs_test and not self.problem.data.test:
            raise Refusal(
                f"stopping must be one that needs no test points, for there are none; not {self.stopping.name}."
            )

    @property
    def remarks(self) -> list[str]:
        """What a person should know of choices that are allowed, but do not do what one may expect."""
        entry, said = self.optimizer, []
        if entry.full_batch and self.batches.size < self.batches.train:
            said.append(
                f"{entry.label} trusts the curvature of its batch; with mini-batches of {self.batches.size} that is "
                "mostly noise. Batch size all is what it is made for."
            )
        return [*said, *self.problem.remarks]

    def measure(self, params: Array, running_stats: Array) -> Evaluation:
        """Evaluation-mode pass of all points, on a tape that the next such pass overwrites."""
        problem = self.problem
        tape = self.buffers.evaluation(params.shape[:-1], len(problem.data.inputs))
        tape.statistics[...] = running_stats
        problem.network.forward(problem.network.bind(params), problem.data.inputs, tape)
        return problem.judge(tape.scores, params)
