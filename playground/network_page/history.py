"""The losses of a run so far, one point for each State that was seen."""

from __future__ import annotations

import numpy as np

from engine.extremes_history import ExtremesHistory
from engine.state import Evaluation

CAPACITY = 300
_MOST = float(np.finfo(np.float32).max)
COLUMNS = ("step", "train", "test", "regularization")


class History(ExtremesHistory[tuple[float, float, float]]):
    """A bounded record of train loss, test loss and what regularization adds, with all peaks that were seen."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        super().__init__(capacity)

    def record(self, step: int, evaluation: Evaluation) -> bool:
        """Add a point unless this step has one already; return whether the record changed."""
        losses = (evaluation.train_loss, evaluation.test_loss, evaluation.regularization)
        return self.add(step, (float(losses[0]), float(losses[1]), float(losses[2])))

    def columns(self) -> dict[str, np.ndarray]:
        """The points as columns, oldest first: steps int32, losses float32."""
        losses = np.clip(np.array(self.things).reshape(-1, 3).T, -_MOST, _MOST).astype(np.float32)
        return {"step": np.array(self.steps, np.int32), **dict(zip(COLUMNS[1:], losses, strict=True))}
