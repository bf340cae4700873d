"""What one State looks like: losses, boundary, unit maps, histograms. Looking never changes what trains.

Pictures are evaluated in float32 and handed out as one byte a pixel: 1 to 255 stand for -1 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.datasets import EXTENT
from engine.layers import Activate
from engine.network import Column, Parameters, Tape
from engine.trainer import Evaluation, State, Trainer

BINS = 32
_MOST_ROWS = 500
_BLOCK = 2500
_VAST = 1e30
"""What is larger is on its way to infinity; a histogram need not tell how far it has come."""


class Unit(NamedTuple):
    """A unit by its place: layer 0 holds the inputs, the last layer the outputs."""

    layer: int
    place: int


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One State, seen.

    Attributes
    ----------
    step, epoch : int
    evaluation : Evaluation
        Losses and accuracies on all points, in evaluation mode.
    boundary : (G, G) uint8 array
        The prediction over the square, first row at the top; or the map of the unit that was asked for. One output:
        1 to 255 for -1 to 1, times ``scale``; a probability p is shown as 2p - 1. Several classes: the class in the
        high three bits, its certainty, 0 to 31, in the low five (0 for probability 1/C, 31 for 1).
    maps : (units, T, T) uint8 array
        The output of every hidden and output unit over the square.
    weights : (W,) array
        All weights, layer by layer, (from, to) row by row.
    biases : (units,) array
        Of hidden and output units; with batch norm its shift.
    histograms : (columns, 2, 32) uint8 array
        For inputs, hidden layers and output: heights of the distribution of activations, and of the derivatives of
        each sample's share of the loss with respect to the pre-activations; 255 for the highest bin.
    histogram_ranges : (columns, 2, 4) float32 array
        Low edge, high edge, mean and standard deviation of each; for derivatives the mean of their size.
    focus : Unit or None
        Whose map the boundary is; None for the prediction.
    scale : float
        The value that the boundary's 255 stands for: the largest in size, but at least 1.
    """

    step: int
    epoch: int
    evaluation: Evaluation
    boundary: Array
    maps: Array
    weights: Array
    biases: Array
    histograms: Array
    histogram_ranges: Array
    focus: Unit | None = None
    scale: float = 1.0


def grid_points(side: int) -> Array:
    """Pixel centres of a ``side`` x ``side`` picture of the square, (side^2, 2), row by row from the top left."""
    centres = ((np.arange(side) + 0.5) / side * 2.0 - 1.0) * EXTENT
    x1, x2 = np.meshgrid(centres, centres[::-1])
    return np.stack([x1.ravel(), x2.ravel()], axis=1)


def to_bytes(values: Array) -> Array:
    """Code -1 to 1 as 1 to 255, zero as 128, clipping what lies outside; what is no number becomes zero."""
    scaled = np.nan_to_num(np.clip(values, -1.0, 1.0))
    scaled *= 127.0
    scaled += 128.5
    return scaled.astype(np.uint8)


class Viewer:
    """Looks at the States of one Trainer; holds scratch arrays for that, nothing else.

    Parameters
    ----------
    trainer : Trainer
    grid : int
        Side of the boundary in pixels.
    tile : int
        Side of the unit maps in pixels.
    """

    def __init__(self, trainer: Trainer, grid: int = 100, tile: int = 20) -> None:
        self.trainer = trainer
        self.grid, self.tile = grid, tile
        network, data = trainer.network, trainer.data
        self._grid_inputs = data.inputs_at(grid_points(grid)).astype(np.float32)
        self._tile_inputs = data.inputs_at(grid_points(tile)).astype(np.float32)
        rows = min(_BLOCK, grid * grid)
        while (grid * grid) % rows:
            rows -= 1
        self._block = network.tape("evaluate", (), rows, np.float32)
        self._tiles = network.tape("evaluate", (), tile * tile, np.float32)
        self._rows = slice(0, min(data.train, _MOST_ROWS))
        self._signals = network.tape("batch", (), self._rows.stop)
        self._gradients = network.gradients(self._signals, ())
        self._weight_index = np.flatnonzero(network.is_weight)
        self._bias_index = np.concatenate([np.arange(network.size)[network.bias_slice(c)] for c in network.columns])

    def look(self, state: State, focus: Unit | None = None, evaluation: Evaluation | None = None) -> Frame:
        """Return the Frame of a State without leading axes.

        Parameters
        ----------
        state : State
            Use ``State.replica`` to pick one network out of several.
        focus : Unit, optional
            The unit whose map is wanted in place of the prediction.
        evaluation : Evaluation, optional
            What ``Trainer.evaluate`` says of this very State, where it is known already.
        """
        with np.errstate(all="ignore"):
            seen = evaluation or self.trainer.evaluate(state)
            single = self.trainer.network.bind(state.params.astype(np.float32))
            histograms, ranges = self._histograms(state)
            boundary, scale = self._boundary(single, state.running, focus)
            return Frame(
                state.step,
                state.epoch,
                seen,
                boundary,
                self._maps(single, state.running),
                state.params[self._weight_index],
                state.params[self._bias_index],
                histograms,
                ranges,
                focus,
                scale,
            )

    def _forward(self, parameters: Parameters, running: Array, inputs: Array, tape: Tape) -> Tape:
        tape.statistics[...] = running
        return self.trainer.network.forward(parameters, inputs, tape)

    def _boundary(self, parameters: Parameters, running: Array, focus: Unit | None) -> tuple[Array, float]:
        """The prediction, or one unit, over the grid and its scale; in blocks that stay in the processor's cache."""
        if focus is not None and focus.layer == 0:
            return self._picture(self._grid_inputs[:, focus.place])
        outputs = self.trainer.network.columns[-1].dense
        width = 1 if focus is not None else self.trainer.network.layers[outputs].width
        values = np.empty((len(self._grid_inputs), width), np.float32)
        for start in range(0, len(values), self._block.batch):
            part = slice(start, start + self._block.batch)
            tape = self._forward(parameters, running, self._grid_inputs[part], self._block)
            values[part] = self._shown(tape, focus)
        if focus is None and width > 1:
            return _classes(values).reshape(self.grid, self.grid), 1.0
        return self._picture(values)

    def _shown(self, tape: Tape, focus: Unit | None) -> Array:
        """Columns of the tape that the large picture is made of."""
        if focus is None or focus.layer == len(tape.layers):
            shown = self._prediction(tape.scores)
            return shown if focus is None else shown[:, focus.place, None]
        return tape.layers[focus.layer - 1].post[:, focus.place, None]

    def _prediction(self, scores: Array) -> Array:
        """Scores as what is drawn: a single probability becomes -1 to 1."""
        predicted = self.trainer.task.link(scores)
        if self.trainer.data.classes == 2:
            predicted *= 2.0
            predicted -= 1.0
        return predicted

    def _picture(self, values: Array) -> tuple[Array, float]:
        """Bytes, scaled by the largest magnitude but never enlarged, and that scale."""
        scale = _peak(values, axis=None).item()
        return to_bytes(values / scale).reshape(self.grid, self.grid), scale

    def _maps(self, parameters: Parameters, running: Array) -> Array:
        tape = self._forward(parameters, running, self._tile_inputs, self._tiles)
        hidden = [signal.post for signal in tape.layers[:-1]]
        values = np.concatenate([*hidden, self._prediction(tape.scores)], axis=1).T
        return to_bytes(values / _peak(values, axis=1)).reshape(-1, self.tile, self.tile)

    def _histograms(self, state: State) -> tuple[Array, Array]:
        """Distributions over the training points, with batch statistics and without masks."""
        trainer, tape, gradients = self.trainer, self._signals, self._gradients
        inputs, targets = trainer.data.inputs[self._rows], trainer.data.targets[self._rows]
        parameters = trainer.network.bind(state.params)
        trainer.network.forward(parameters, inputs, tape)
        trainer.objective.form.gradient(tape.scores, targets, gradients.scores)
        # The loss is a mean over the batch; a histogram over samples wants each sample's own derivative.
        np.multiply(gradients.scores, tape.batch, out=gradients.scores)
        trainer.network.backward(parameters, tape, gradients)

        heights = np.zeros((len(tape.layers) + 1, 2, BINS), np.uint8)
        ranges = np.zeros((len(tape.layers) + 1, 2, 4), np.float32)
        heights[0, 0], ranges[0, 0] = _histogram(inputs[:, :-1])
        posts = [*(signal.post for signal in tape.layers[:-1]), trainer.task.link(tape.scores)]
        for k, (post, slope, column) in enumerate(
            zip(posts, gradients.layers, trainer.network.columns, strict=True), start=1
        ):
            heights[k, 0], ranges[k, 0] = _histogram(post, self._range(column))
            heights[k, 1], ranges[k, 1] = _histogram(slope.pre)
            ranges[k, 1, 2] = np.abs(slope.pre).mean()
        return heights, ranges

    def _range(self, column: Column) -> tuple[float, float] | None:
        """The fixed edges of a column's histogram where its outputs are bounded."""
        if column.activate is None:
            return (0.0, 1.0) if self.trainer.data.classes else None
        layer = self.trainer.network.layers[column.activate]
        assert isinstance(layer, Activate)
        return layer.activation.range if np.isfinite(layer.activation.range).all() else None


def _peak(values: Array, axis: int | None) -> Array:
    """The largest magnitude along an axis, kept as an axis of one; at least 1, and finite."""
    return np.clip(np.nan_to_num(np.abs(values)).max(axis=axis, keepdims=True), 1.0, _VAST)


def _classes(probabilities: Array) -> Array:
    """Code the likeliest class and how far it stands out."""
    winner = probabilities.argmax(axis=1)
    chance = 1.0 / probabilities.shape[1]
    certainty = (probabilities.max(axis=1) - chance) / (1.0 - chance)
    return (winner * 32 + np.clip(certainty * 31.0 + 0.5, 0.0, 31.0).astype(int)).astype(np.uint8)


def _histogram(values: Array, edges: tuple[float, float] | None = None) -> tuple[Array, Sequence[float]]:
    """Heights (32,) of 0 to 255, and (low, high, mean, standard deviation)."""
    flat = values.ravel()
    squares = float(flat @ flat)
    if not math.isfinite(squares):
        flat = np.clip(np.nan_to_num(flat), -_VAST, _VAST)
        squares = float(flat @ flat)
    mean = float(flat.sum()) / flat.size
    spread = max(squares / flat.size - mean * mean, 0.0) ** 0.5
    if edges is None:
        reach = _round_up(max(-float(flat.min()), float(flat.max())))
        edges = (-reach, reach)
    low, high = edges
    place = flat - low
    place *= BINS / (high - low)
    np.clip(place, 0, BINS - 1, out=place)
    counts = np.bincount(place.astype(np.intp), minlength=BINS)
    return counts * 255 // counts.max(), (low, high, mean, spread)


def _round_up(value: float) -> float:
    """The next of ... 0.1, 0.2, 0.5, 1, 2, 5 ...; edges then stay put while the data moves a little."""
    if not 1.0 / _VAST < value < _VAST:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= value * 0.999))
