"""RuleBatch: racers of one rule, updated together along a leading axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.arrays import Array
from engine.objective import SurfaceObjective
from engine.optimizers import Optimizer, OptimizerState
from engine.race.racer import Racer

COUNT = "t"
"""The slot that counts updates: the same for all members, also for one that has ended."""


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
        """Whether all numbers are the same at every step."""
        return all(member.is_steady for member in self.members)

    def hyperparameters_at(self, step: int) -> dict[str, Array]:
        """Every number at a step, (members, 1)."""
        each = [member.hyperparameters_at(step) for member in self.members]
        return {name: np.array([[values[name]] for values in each], dtype=float) for name in each[0]}

    def update(
        self,
        gradient: Array,
        optimizer_state: OptimizerState,
        places: Array,
        step: int,
        hyperparameters: dict[str, Array],
        value: Array,
        objective: SurfaceObjective,
    ) -> tuple[Array, OptimizerState]:
        """Changes (members, 2) and new optimizer state, from what is known at the places (members, 2)."""
        probe = (objective.probe(places, value),) if self.rule.probes else ()
        return self.rule.update(gradient, optimizer_state, places, step, hyperparameters, *probe)

    def forget(self, optimizer_state: OptimizerState, places: Array, ended: Array) -> OptimizerState:
        """OptimizerState in which members that ended (members,) have nothing: what they went on to compute means
        nothing."""
        fresh = self.rule.init(places)
        if ended.all() or not optimizer_state:
            return fresh
        return optimizer_state._make(
            old if name == COUNT else np.where(_beside(ended, old), new, old)
            for (name, old), new in zip(optimizer_state._asdict().items(), fresh, strict=True)
        )


def rests(change: Array, before: OptimizerState, after: OptimizerState) -> bool:
    """Whether an update changed nothing at all, so that without noise the next ones will not either."""
    if change.any():
        return False
    pairs = zip(before._asdict().items(), after, strict=True)
    return all(name == COUNT or np.array_equal(old, new) for (name, old), new in pairs)


def counted_on(optimizer_state: OptimizerState, steps: int) -> OptimizerState:
    """OptimizerState after so many more updates that change nothing."""
    return optimizer_state._make(
        array + float(steps) if name == COUNT else array for name, array in optimizer_state._asdict().items()
    )


def _beside(mask: Array, slot: Any) -> Array:
    """A mask (members,) with as many axes as a slot (members, ...)."""
    return mask.reshape(-1, *[1] * (slot.ndim - 1))
