"""Viewer: from State to Frame. Looking changes nothing in training."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from engine.arrays import Array
from engine.look.frame import EVERYTHING, Frame, FrameRequest
from engine.look.histograms import BINS, Edges, heights_of, histograms
from engine.look.layer_detail import LayerDetail, close_up, curve_of
from engine.look.layer_snapshot import LayerSnapshot, Sampler
from engine.look.pictures import Painter
from engine.look.plane import DataPlane, plane_of
from engine.look.quantities import QUANTITIES
from engine.look.saturation import Saturation, dead_shares, profile
from engine.look.views import VIEWS
from engine.registry import check_count, check_kind
from engine.state import Evaluation, State
from engine.trainer import Trainer


class Viewer:
    """Makes Frames of the States of one Trainer; holds nothing but scratch arrays for that.

    Parameters
    ----------
    trainer : Trainer
    grid : int
        Side of the boundary in pixels.
    tile : int
        Side of the unit maps in pixels.
    plane : DataPlane, optional
        What the square shows; see ``plane_of``, which lays the plane that is shown without it.
    """

    def __init__(self, trainer: Trainer, grid: int = 100, tile: int = 20, plane: DataPlane | None = None) -> None:
        check_kind("trainer", trainer, Trainer)
        check_count("grid", grid)
        check_count("tile", tile)
        self.trainer, self.tile = trainer, tile
        self.plane = plane_of(trainer.data) if plane is None else plane
        check_kind("plane", self.plane, DataPlane)
        self._painter = Painter(trainer, self.plane, grid, tile)
        self._sampler = Sampler(trainer)
        self._saturation = Saturation(trainer)
        self._fixed: dict[str, list[Edges | None]] = {}

    @cached_property
    def _weights(self) -> _Means:
        return _Means(self.trainer.network.weight_positions)

    @cached_property
    def _biases(self) -> _Means:
        return _Means(self.trainer.network.bias_positions)

    @property
    def can_be_finer(self) -> bool:
        """Whether a boundary can have more pixels if it may take longer."""
        return self._painter.fine_grid > self._painter.grid

    @property
    def samples(self) -> int:
        """Number of training points in the histograms, from the first on; for large networks not all."""
        return self._sampler.rows

    @property
    def usual(self) -> Array:
        """The share of saturated values among standard normal pre-activations, (columns,); see Saturation."""
        return self._saturation.usual

    @property
    def thresholds(self) -> Array:
        """Share of saturated values above which the page warns, (columns,); see Saturation."""
        return self._saturation.thresholds

    def look(
        self,
        state: State,
        request: FrameRequest = EVERYTHING,
        evaluation: Evaluation | None = None,
        before: Frame | None = None,
    ) -> Frame:
        """Return the Frame of a State without leading axes.

        Parameters
        ----------
        state : State
            Use ``State.replica`` to pick one network out of several.
        request : FrameRequest
            What is wanted.
        evaluation : Evaluation, optional
            The result of ``Trainer.evaluate`` for this State, if it is known already.
        before : Frame, optional
            The Frame before this one; the edges of its histograms are kept while they fit.
        """
        check_kind("request", request, FrameRequest)
        self.trainer.check(state)
        state.check_single()
        with np.errstate(all="ignore"):
            seen = evaluation or self.trainer.evaluate(state)
            snapshot = self._sampler.snapshot(state) if _needs_snapshot(request) else None
            parts = self._pictures(state, request, snapshot)
            if request.maps:
                parts["weights"] = self._weights.of(state.params)
                parts["biases"] = self._biases.of(state.params)
            if snapshot is not None:
                parts |= self._inside(snapshot, request, before)
            return Frame(state.step, state.epoch, seen, request, **parts)

    def close_up(self, state: State, layer: int, quantity: str, before: LayerDetail | None = None) -> LayerDetail:
        """One layer in detail, 1 for the first hidden layer; see LayerDetail."""
        with np.errstate(all="ignore"):
            return close_up(self._sampler.snapshot(state), layer, QUANTITIES[quantity], before)

    def _inside(self, snapshot: LayerSnapshot, request: FrameRequest, before: Frame | None) -> dict[str, Any]:
        """All that the training points tell of the layers."""
        parts: dict[str, Any] = {}
        if request.curve:
            parts["curve"] = curve_of(snapshot, request.curve)
        if request.profile:
            parts["profile"] = profile(snapshot)
        if request.histograms:
            parts["heights"], parts["ranges"] = self._histograms(snapshot, request, before)
            parts["saturation"] = self._saturation_of(snapshot)
        return parts

    def _histograms(self, snapshot: LayerSnapshot, request: FrameRequest, before: Frame | None) -> tuple[Array, Array]:
        """Heights and ranges; all histograms are counted together, because calls cost more than values."""
        blocks, rows = len(self.trainer.network.blocks) + 1, len(request.quantities)
        heights = np.zeros((blocks, rows, BINS), np.uint8)
        ranges = np.zeros((blocks, rows, 5), np.float32)
        counted: list[_Counted] = []
        for row, name in enumerate(request.quantities):
            known, old = self._edges(name), _edges_before(before, row, name, blocks)
            for column in range(blocks):
                own = QUANTITIES[name].of(snapshot, column)
                if own is not None:
                    counted.append(_Counted((column, row), own, known[column], old[column], QUANTITIES[name].sizes))
        if counted:
            at, values, edges, olds, sizes = zip(*counted, strict=True)
            counts, found = histograms(values, edges, olds, sizes)
            heights[*np.transpose(at)] = heights_of(counts, request.log)
            ranges[*np.transpose(at)] = found
        return heights, ranges

    def _edges(self, quantity: str) -> Sequence[Edges | None]:
        """The fixed edges of a quantity's histograms, one for each column."""
        if quantity not in self._fixed:
            columns = range(len(self.trainer.network.blocks) + 1)
            self._fixed[quantity] = [QUANTITIES[quantity].edges(self.trainer, column) for column in columns]
        return self._fixed[quantity]

    def _saturation_of(self, snapshot: LayerSnapshot) -> Array:
        """Shares of saturated values and of dead units."""
        saturation = np.full((len(self.trainer.network.blocks) + 1, 2), np.nan, np.float32)
        saturation[1:-1, 0] = self._saturation.shares(snapshot)
        saturation[1:-1, 1] = dead_shares(self._sampler, snapshot)
        return saturation

    def _pictures(self, state: State, request: FrameRequest, snapshot: LayerSnapshot | None) -> dict[str, Any]:
        view = VIEWS[request.view]
        if not (request.boundary or request.maps):
            return {}
        if view.batch:
            assert snapshot is not None, "its statistics are needed"
            params, statistics = state.params, snapshot.tape.statistics
        else:
            params, statistics = self.trainer.evaluated(state)
        parts: dict[str, Any] = {}
        if request.boundary:
            seen = self._painter.boundary(params, statistics, state, view, request.focus, request.fine)
            parts["boundary"], parts["scale"] = seen
        if request.maps:
            parts["maps"], parts["silenced"] = self._painter.maps(params, statistics, state, view)
        return parts


def _needs_snapshot(request: FrameRequest) -> bool:
    pictures = (request.boundary or request.maps) and VIEWS[request.view].batch
    return bool(request.histograms or request.profile or request.curve or pictures)


class _Counted(NamedTuple):
    """One histogram to make: its column and row, values, edges, and whether the mean is of absolute values."""

    at: tuple[int, int]
    values: Array
    edges: Edges | None
    before: Edges | None
    sizes: bool


def _edges_before(before: Frame | None, row: int, quantity: str, blocks: int) -> Sequence[Edges | None]:
    """Edges of a row of histograms in the Frame before, if that row showed the same quantity."""
    if before is None or before.ranges is None or len(before.ranges) != blocks:
        return [None] * blocks
    if before.request.quantities[row : row + 1] != (quantity,):
        return [None] * blocks
    return [(low, high) for low, high in before.ranges[:, row, :2].tolist()]


class _Means:
    """Means over groups of positions in the flat vector: one for each link or unit, over its pieces."""

    def __init__(self, positions: Sequence[Array]) -> None:
        self._index = np.concatenate([part.ravel() for part in positions])
        counts = np.concatenate([np.full(part[..., 0].size, part.shape[-1]) for part in positions])
        self._starts = np.cumsum(counts) - counts
        self._counts = counts

    def of(self, flat: Array) -> Array:
        """The mean of each group, in order."""
        if not self._counts.size:
            return np.zeros(0)
        return np.add.reduceat(flat[self._index], self._starts) / self._counts
