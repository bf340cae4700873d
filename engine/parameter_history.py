"""The parameters of a run so far, at some of its steps: a bounded history of parameter vectors."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.bounded_history import BoundedHistory
from engine.registry import Refusal
from engine.state import State

MOST, LEAST = 128, 8
"""Number of vectors for a small network, and for the largest one."""
BYTES = 8_000_000
"""Memory for all vectors, unless LEAST of them need more."""


def capacity(size: int) -> int:
    """How many vectors of ``size`` float64 numbers, 1 or more, a ParameterHistory keeps: 8 to 128."""
    return int(np.clip(BYTES // (8 * size), LEAST, MOST))


class ParameterHistory(BoundedHistory[Array]):
    """A bounded history of parameter vectors.

    They are those of the States, not copies: they are read-only and never change.
    """

    def __init__(self) -> None:
        super().__init__(MOST)

    @property
    def params(self) -> Array:
        """The vectors as a new array (n, P), oldest first; (0, 0) if there is none."""
        return np.stack(self.things) if len(self) else np.empty((0, 0))

    def record(self, state: State) -> bool:
        """Add the parameters of a State if its step is after the newest; return whether they were added.

        Raises
        ------
        ValueError
            If the State has leading axes, or a different number of parameters.
        """
        self._check(state)
        self.capacity = capacity(state.params.size)
        return self.add(state.step, state.params)

    def _check(self, state: State) -> None:
        state.check_single()
        if len(self) and state.params.shape != self.things[0].shape:
            size = self.things[0].size
            raise Refusal(f"state must have {size} parameters, as the ones before it; not {state.params.size}.")
