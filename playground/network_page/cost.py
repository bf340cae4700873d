"""Cost: what steps and the evaluation after them take, and so how many of them fit into a while."""

from __future__ import annotations

import math
from dataclasses import dataclass

ONE_BY_ONE = 4
"""Up to so many steps at once are evaluated one by one, so that each has its point in the record."""

CHEAP = 0.001
"""Seconds; evaluations that take longer are made once for all steps of a turn."""

LEAST = 1e-6
"""Seconds; less than any step needs."""

_NEWEST = 0.2
"""Share of the newest measurement in what is known."""


@dataclass(slots=True)
class Cost:
    """Learnt from what was measured lately.

    Attributes
    ----------
    step : float
        Seconds that a step needs; infinite before the first, which is made alone, for it may be one of Newton's.
    evaluation : float
        Seconds that the losses and accuracies of a State need.
    """

    step: float = math.inf
    evaluation: float = 0.0

    def learn(self, steps: int, stepping: float, evaluating: float) -> None:
        """Take in what so many steps, and one evaluation, took in seconds."""
        known = self.step if self.step < math.inf else stepping / steps
        self.step = max(known + _NEWEST * (stepping / steps - known), LEAST)
        self.evaluation = max(self.evaluation + _NEWEST * (evaluating - self.evaluation), 0.0)

    def affordable(self, seconds: float) -> int:
        """How many steps, at least one, fit into so many seconds with what must be evaluated of them.

        Where one evaluation takes nearly all of them or more, steps may take half as long as it: a deep network should
        not be looked at more than it trains.
        """
        if self.step == math.inf:
            return 1
        together = int(max(seconds - self.evaluation, self.evaluation / 2) / self.step)
        if together <= ONE_BY_ONE and self._evaluates_each:
            together = int(seconds / (self.step + self.evaluation))
        return max(together, 1)

    def turns(self, steps: int) -> list[int]:
        """So many steps in parts, with an evaluation after each part."""
        return [1] * steps if steps <= ONE_BY_ONE and self._evaluates_each else [steps]

    @property
    def _evaluates_each(self) -> bool:
        return self.evaluation <= CHEAP
