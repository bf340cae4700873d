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
from engine.columns import Column
from engine.datasets import EXTENT
from engine.layers import Activate, Mode
from engine.registry import Registry
from engine.state import Evaluation, State
from engine.tape import Parameters, Tape
from engine.trainer import Trainer

BINS = 32
_MOST_ROWS = 500
_BLOCK = 2500
CURVE_POINTS = 65
_VAST = 1e30
"""What is larger is on its way to infinity; a histogram need not tell how far it has come."""


class Unit(NamedTuple):
    """A unit by its place: layer 0 holds the inputs, the last layer the outputs."""

    layer: int
    place: int


class Curve(NamedTuple):
    """What a layer's activation does to its pre-activations as they are now.

    layer : int, 1 for the first hidden layer
    low, high : the range of pre-activations shown
    heights : (32,) uint8, their distribution over the training points, 255 for the highest bin
    f, df : (65,) float32, the function and its derivative at equal distances from ``low`` to ``high``
    """

    layer: int
    low: float
    high: float
    heights: Array
    f: Array
    df: Array


@dataclass(frozen=True, slots=True)
class View:
    """How the boundary and the unit maps are made.

    Parameters
    ----------
    name, label, doc : str
        The key, what a person reads, and one sentence for a tooltip.
    batch : bool
        Whether batch norm uses the statistics of the training points as one batch, and not its running averages.
    masked : bool
        Whether the masks of dropout are on, the same for the whole picture.
    """

    name: str
    label: str
    doc: str
    batch: bool
    masked: bool


VIEWS = Registry(
    "view",
    [
        View("evaluate", "Evaluation", "As it is used: running averages, no masks, the stored average of weights if"
             " there is one.", False, False),
        View("batch", "Batch statistics", "Batch norm with mean and spread of the training points as they are now.",
             True, False),
        View("train", "Training", "As training sees it: batch statistics, and masks on, other ones in every step, the"
             " same for the whole picture.", True, True),
    ],
)  # fmt: skip


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
        All weights, layer by layer, (from, to) row by row; of a maxout unit the mean of its pieces.
    biases : (units,) array
        Of hidden and output units; with batch norm before the activation its shift.
    histograms : (columns, 2, 32) uint8 array
        For inputs, hidden layers and output: heights of the distribution of activations, and of the derivatives of
        each sample's share of the loss with respect to the pre-activations; 255 for the highest bin.
    histogram_ranges : (columns, 2, 4) float32 array
        Low edge, high edge, mean and standard deviation of each; for derivatives the mean of their size.
    focus : Unit or None
        Whose map the boundary is; None for the prediction.
    scale : float
        The value that the boundary's 255 stands for: the largest in size, but at least 1.
    curve : Curve or None
        The activation of the layer that was asked for.
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
    curve: Curve | None = None


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
        self._tapes: dict[Mode, tuple[Tape, Tape]] = {}
        self._rows = slice(0, min(data.train, _MOST_ROWS))
        self._signals = network.tape("batch", (), self._rows.stop)
        self._gradients = network.gradients(self._signals, ())
        self._weights = _Means(network.weight_positions)
        self._biases = _Means(network.bias_positions)

    def look(
        self,
        state: State,
        focus: Unit | None = None,
        evaluation: Evaluation | None = None,
        view: str = "evaluate",
        curve: int | None = None,
    ) -> Frame:
        """Return the Frame of a State without leading axes.

        Parameters
        ----------
        state : State
            Use ``State.replica`` to pick one network out of several.
        focus : Unit, optional
            The unit whose map is wanted in place of the prediction.
        evaluation : Evaluation, optional
            What ``Trainer.evaluate`` says of this very State, where it is known already.
        view : str
            Key of VIEWS: how boundary and maps are made. Histograms always use batch statistics and no masks.
        curve : int, optional
            The hidden layer, from 1, whose activation is wanted in detail.
        """
        how = VIEWS[view]
        with np.errstate(all="ignore"):
            seen = evaluation or self.trainer.evaluate(state)
            histograms, ranges = self._histograms(state)
            params, running = (state.params, self._signals.statistics) if how.batch else self.trainer.evaluated(state)
            drawn = _Drawn(
                self.trainer.network.bind(params.astype(np.float32)),
                running,
                *self._tapes_for("masked" if how.masked else "evaluate", state),
            )
            boundary, scale = self._boundary(drawn, focus)
            return Frame(
                state.step,
                state.epoch,
                seen,
                boundary,
                self._maps(drawn),
                self._weights.of(state.params),
                self._biases.of(state.params),
                histograms,
                ranges,
                focus,
                scale,
                None if curve is None else self._curve(state, curve),
            )

    def _tapes_for(self, mode: Mode, state: State) -> tuple[Tape, Tape]:
        """Scratch for a block of the boundary and for the unit maps, with the masks of the State's step."""
        network = self.trainer.network
        if mode not in self._tapes:
            rows = min(_BLOCK, self.grid**2)
            while self.grid**2 % rows:
                rows -= 1
            sizes = (rows, self.tile**2)
            block, tiles = (network.tape(mode, (), size, np.float32) for size in sizes)
            self._tapes[mode] = (block, tiles)
        if mode == "masked":
            for tape in self._tapes[mode]:
                network.draw_masks(tape, state.seeds, state.step, shared=True)
        return self._tapes[mode]

    def _forward(self, drawn: _Drawn, inputs: Array, tape: Tape) -> Tape:
        tape.statistics[...] = drawn.statistics
        return self.trainer.network.forward(drawn.parameters, inputs, tape)

    def _curve(self, state: State, layer: int) -> Curve:
        """The activation of a hidden layer over the range of its pre-activations, which ``_histograms`` left behind."""
        network = self.trainer.network
        heights, (low, high, _, _) = _histogram(self._signals.layers[layer - 1].pre)
        at = network.columns[layer - 1].activate
        assert at is not None
        activate = network.layers[at]
        assert isinstance(activate, Activate)
        z = np.linspace(low, high, CURVE_POINTS)
        f, df = activate.curve(network.bind(state.params).views[at], z)
        return Curve(layer, low, high, heights.astype(np.uint8), f.astype(np.float32), df.astype(np.float32))

    def _boundary(self, drawn: _Drawn, focus: Unit | None) -> tuple[Array, float]:
        """The prediction, or one unit, over the grid and its scale; in blocks that stay in the processor's cache."""
        if focus is not None and focus.layer == 0:
            return self._picture(self._grid_inputs[:, focus.place])
        width = 1 if focus is not None else self.trainer.network.columns[-1].units
        values = np.empty((len(self._grid_inputs), width), np.float32)
        for start in range(0, len(values), drawn.block.batch):
            part = slice(start, start + drawn.block.batch)
            tape = self._forward(drawn, self._grid_inputs[part], drawn.block)
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
        predicted = self.trainer.link.f(scores)
        if self.trainer.data.classes == 2:
            predicted *= 2.0
            predicted -= 1.0
        return predicted

    def _picture(self, values: Array) -> tuple[Array, float]:
        """Bytes, scaled by the largest magnitude but never enlarged, and that scale."""
        scale = _peak(values, axis=None).item()
        return to_bytes(values / scale).reshape(self.grid, self.grid), scale

    def _maps(self, drawn: _Drawn) -> Array:
        tape = self._forward(drawn, self._tile_inputs, drawn.tiles)
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
        posts = [*(signal.post for signal in tape.layers[:-1]), trainer.link.f(tape.scores)]
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
        network = self.trainer.network
        layer = network.layers[column.activate]
        if not isinstance(layer, Activate) or any(
            layer.statistics for layer in network.layers[column.activate : column.last + 1]
        ):
            return None  # batch norm after the activation moves its range
        edges = layer.activation.range(*layer.values)
        return edges if np.isfinite(edges).all() else None


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What boundary and unit maps are made from: single-precision parameters, statistics, and scratch for each."""

    parameters: Parameters
    statistics: Array
    block: Tape
    tiles: Tape


class _Means:
    """Means over groups of positions in the flat vector: one for each link or unit, over its pieces."""

    def __init__(self, positions: Sequence[Array]) -> None:
        self._index = np.concatenate([part.ravel() for part in positions])
        counts = np.concatenate([np.full(part[..., 0].size, part.shape[-1]) for part in positions])
        self._starts = np.cumsum(counts) - counts
        self._counts = counts

    def of(self, flat: Array) -> Array:
        """The mean of each group, in order."""
        return np.add.reduceat(flat[self._index], self._starts) / self._counts


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
