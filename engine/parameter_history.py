"""The parameters of a run so far: one vector for each State that was seen, thinned out so that it never grows."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.bounded_history import BoundedHistory
from engine.registry import Refusal
from engine.state import State

MOST, LEAST = 128, 8
"""Vectors kept of a small network, and of however large a one."""
BYTES = 8_000_000
"""What they may take together, as long as that is LEAST of them or more."""


def capacity(size: int) -> int:
    """How many vectors of ``size`` float64 numbers, 1 or more, a ParameterHistory keeps: 8 to 128."""
    return int(np.clip(BYTES // (8 * size), LEAST, MOST))


class ParameterHistory(BoundedHistory[Array]):
    """A bounded record of parameter vectors.

    They are those of the States, not copies: they are read-only, so they stay what they were.
    """

    def __init__(self) -> None:
        super().__init__(MOST)

    @property
    def params(self) -> Array:
        """The vectors as a new array (n, P), oldest first; (0, 0) when there is none."""
        return np.stack(self.things) if len(self) else np.empty((0, 0))

    def record(self, state: State) -> bool:
        """Add the parameters of a State unless its step is not after the newest; return whether the record changed.

        Raises
        ------
        ValueError
            When the State has leading axes, or another number of parameters than those before.
        """
        self._check(state)
        self.capacity = capacity(state.params.size)
        return self.add(state.step, state.params)

    def _check(self, state: State) -> None:
        state.check_single()
        if len(self) and state.params.shape != self.things[0].shape:
            size = self.things[0].size
            raise Refusal(f"state must have {size} parameters, as those before on the path; not {state.params.size}.")
