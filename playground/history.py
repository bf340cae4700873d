"""The losses of a run so far: one point for each State that was seen, thinned out so that it never grows."""

from __future__ import annotations

import numpy as np

from engine.trainer import Evaluation

CAPACITY = 300
_MOST = float(np.finfo(np.float32).max)
COLUMNS = ("step", "train", "test", "penalty")


class History:
    """A bounded record. When it is full, points are thinned to an even spacing; first and newest always stay.

    Parameters
    ----------
    capacity : int
        Most points kept.

    Attributes
    ----------
    version : int
        Changes with every change of the record.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self._rows: list[tuple[float, ...]] = []
        self._gap = 1
        self.version = 0

    def __len__(self) -> int:
        return len(self._rows)

    def clear(self) -> None:
        """Forget everything."""
        self._rows.clear()
        self._gap = 1
        self.version += 1

    def record(self, step: int, evaluation: Evaluation) -> bool:
        """Add a point unless this step has one already; return whether the record changed."""
        if self._rows and step <= self._rows[-1][0]:
            return False
        row = (step, evaluation.train_loss, evaluation.test_loss, evaluation.penalty)
        if len(self._rows) > 1 and self._rows[-1][0] - self._rows[-2][0] < self._gap:
            # The newest was shown although it stands too close to the one before; now another is the newest.
            self._rows.pop()
        self._rows.append(tuple(float(value) for value in row))
        while len(self._rows) > self.capacity:
            self._gap *= 2
            self._rows = self._spaced()
        self.version += 1
        return True

    def _spaced(self) -> list[tuple[float, ...]]:
        """The points that stand at least a gap apart, from the first on, and the newest."""
        kept = self._rows[:1]
        for row in self._rows[1:-1]:
            if row[0] - kept[-1][0] >= self._gap:
                kept.append(row)
        return [*kept, self._rows[-1]]

    def columns(self) -> dict[str, np.ndarray]:
        """The points as columns, oldest first: steps int32, losses float32."""
        table = np.clip(np.array(self._rows).reshape(-1, len(COLUMNS)).T, -_MOST, _MOST)
        return {
            name: column.astype(np.int32 if name == "step" else np.float32)
            for name, column in zip(COLUMNS, table, strict=True)
        }
