"""RuleBatch: racers of one rule, updated together along a leading axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.objective import SurfaceObjective
from engine.optimizers import Optimizer, OptimizerState
from engine.race.racer import Racer

COUNT = "t"
"""The array in the optimizer state that counts updates: the same for all members, also for one that has ended."""


@dataclass(frozen=True, slots=True)
class RuleBatch:
    """Racers of one rule.

    Parameters
    ----------
    rule : Optimizer
    members : sequence of Racer
        All of this rule.
    """

    rule: Optimizer
    members: Sequence[Racer]

    @property
    def is_steady(self) -> bool:
        """Whether all hyperparameters are the same at every step."""
        return all(member.is_steady for member in self.members)

    def hyperparameters_at(self, step: int) -> dict[str, Array]:
        """Every hyperparameter at a step, (members, 1)."""
        each = [member.hyperparameters_at(step) for member in self.members]
        return {name: np.array([[values[name]] for values in each], dtype=float) for name in each[0]}

    def update(
        self,
        gradient: Array,
        optimizer_state: OptimizerState,
        positions: Array,
        step: int,
        hyperparameters: dict[str, Array],
        value: Array,
        objective: SurfaceObjective,
    ) -> tuple[Array, OptimizerState]:
        """Changes (members, 2) and the new optimizer state, from what is known at positions (members, 2)."""
        probe = (objective.probe(positions, value),) if self.rule.probes else ()
        return self.rule.update(gradient, optimizer_state, positions, step, hyperparameters, *probe)

    def forget(self, optimizer_state: OptimizerState, positions: Array, ended: Array) -> OptimizerState:
        """The optimizer state, as at the start for members that ended (members,).

        What these still compute means nothing.
        """
        fresh = self.rule.init(positions)
        if ended.all() or not optimizer_state:
            return fresh
        return optimizer_state._make(
            old if name == COUNT else np.where(_beside(ended, old), new, old)
            for (name, old), new in zip(optimizer_state._asdict().items(), fresh, strict=True)
        )


def rests(change: Array, before: OptimizerState, after: OptimizerState) -> bool:
    """Whether an update changed nothing at all; without noise the next updates will not either."""
    if change.any():
        return False
    pairs = zip(before._asdict().items(), after, strict=True)
    return all(name == COUNT or np.array_equal(old, new) for (name, old), new in pairs)


def counted_on(optimizer_state: OptimizerState, steps: int) -> OptimizerState:
    """The optimizer state after so many more updates that change nothing."""
    return optimizer_state._make(
        array + float(steps) if name == COUNT else array for name, array in optimizer_state._asdict().items()
    )


def _beside(mask: Array, array: Array) -> Array:
    """A mask (members,) with as many axes as an array (members, ...)."""
    return mask.reshape(-1, *[1] * (array.ndim - 1))
