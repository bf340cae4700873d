"""How the distributions below the layers changed over a run: a bounded record, and one layer's share as a picture."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.bounded_history import BoundedHistory
from engine.look import BINS, Frame

CAPACITY = 128
ROWS, COLUMNS = 48, 128
"""Size of the picture in values and in steps."""


class Seen(NamedTuple):
    """heights (columns, quantities, 32) and edges (columns, quantities, 2) of one Frame."""

    heights: np.ndarray
    edges: np.ndarray


class HeatMap(NamedTuple):
    """One layer's distribution over the steps.

    density : (48, 128) uint8, lowest values first; 255 where a moment's values are densest
    first, last : the steps at the left and at the right
    low, high : the values at the bottom and at the top
    """

    density: np.ndarray
    first: int
    last: int
    low: float
    high: float


class Distributions(BoundedHistory[Seen]):
    """A bounded record of the histograms that were shown; another quantity or scale of counts starts it afresh.

    It is used as a value: what comes ``after`` it is another record.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        super().__init__(capacity)
        self._shown: tuple[tuple[str, ...], bool] = ((), False)

    def after(self, frame: Frame) -> Distributions:
        """The record with a Frame's histograms added, if it has any."""
        if frame.heights is None or frame.ranges is None:
            return self
        record, shown = self.copy(), (frame.request.quantities, frame.request.log)
        if shown != self._shown:
            record.clear()
            record._shown = shown
        record.add(frame.step, Seen(frame.heights, frame.ranges[..., :2]))
        return record

    def heat_map(self, layer: int, row: int) -> HeatMap | None:
        """The distribution of one column and row over the steps; None before the first."""
        if not len(self):
            return None
        edges = np.array([seen.edges[layer, row] for seen in self.things], float)
        heights = np.array([seen.heights[layer, row] for seen in self.things], float)
        low, high = float(edges[:, 0].min()), float(edges[:, 1].max())
        if not high > low:
            return None
        values = low + (np.arange(ROWS) + 0.5) * (high - low) / ROWS
        width = (edges[:, 1] - edges[:, 0])[:, None] / BINS
        place = np.floor((values - edges[:, :1]) / width).astype(int)
        inside = (place >= 0) & (place < BINS)
        shown = np.where(inside, np.take_along_axis(heights, np.clip(place, 0, BINS - 1), axis=1), 0.0)
        steps = np.array(self.steps)
        at = np.searchsorted(steps, np.linspace(steps[0], steps[-1], COLUMNS), side="right") - 1
        return HeatMap(shown[at].T.astype(np.uint8), int(steps[0]), int(steps[-1]), low, high)
