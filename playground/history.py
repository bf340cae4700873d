"""The losses of a run so far: one point for each State that was seen, thinned out so that it never grows."""

from __future__ import annotations

import math

import numpy as np

from engine.trainer import Evaluation

CAPACITY = 300
COLUMNS = ("step", "train", "test", "penalty")


class History:
    """A bounded record. When it is full, every second point goes; the newest always stays.

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
        if len(self._rows) > 1 and step - self._rows[-2][0] < self._gap:
            # Too close to the point before: it takes the place of the newest instead of crowding the record.
            self._rows.pop()
        self._rows.append(tuple(float(value) for value in row))
        if len(self._rows) > self.capacity:
            self._rows = self._rows[-1::-2][::-1]
            reach = self._rows[-1][0] - self._rows[0][0]
            self._gap = max(1, math.floor(reach / self.capacity))
        self.version += 1
        return True

    def columns(self) -> dict[str, np.ndarray]:
        """The points as columns, oldest first: steps int32, losses float32."""
        table = np.array(self._rows).reshape(-1, len(COLUMNS)).T
        return {
            name: column.astype(np.int32 if name == "step" else np.float32)
            for name, column in zip(COLUMNS, table, strict=True)
        }
