"""The plan of the flat parameter vector, and the two passes through it.

Forward returns a Tape, backward takes it and returns Gradients. Both hold their arrays, so a caller that steps many
times hands the same ones in again and nothing is allocated; whoever draws uses its own and cannot disturb training.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from engine.activations import ACTIVATIONS
from engine.arrays import Array, Shape
from engine.initializers import INITIALIZERS
from engine.layers import Activate, BatchNorm, Cell, Dense, Dropout, Layer, Mode
from engine.registry import Refusal
from engine.streams import Purpose, stream


class Signal(NamedTuple):
    """One column of units, forward: ``pre`` enters the activation, ``post`` leaves the column; (..., B, n) each."""

    pre: Array
    post: Array


class SignalGradient(NamedTuple):
    """The derivatives of the mean loss with respect to a Signal's ``pre`` and ``post``."""

    pre: Array
    post: Array


class Parameters(NamedTuple):
    """A flat vector (..., P) and each layer's views of it."""

    flat: Array
    views: tuple[Any, ...]


@dataclass(slots=True)
class Tape:
    """What one forward pass computed.

    Attributes
    ----------
    layers : tuple of Signal
        Each hidden layer, then the output, whose ``pre`` and ``post`` are both the scores.
    scores : (..., B, C) array
        The last pre-activation, before the task's link.
    statistics : (..., R) array
        Batch norm's means and variances in use: the batch's, or in mode "evaluate" the running averages.
    """

    mode: Mode
    batch: int
    chain: tuple[int, ...]
    cells: tuple[Cell, ...]
    statistics: Array
    layers: tuple[Signal, ...]

    @property
    def scores(self) -> Array:
        return self.cells[-1].y


@dataclass(slots=True)
class Gradients:
    """What one backward pass computed: dL/d(flat parameters), and dL/d(signal) for every layer of the Tape."""

    parameters: Parameters
    outputs: tuple[Array, ...]
    layers: tuple[SignalGradient, ...]

    @property
    def flat(self) -> Array:
        return self.parameters.flat

    @property
    def scores(self) -> Array:
        return self.outputs[-1]


@dataclass(frozen=True, slots=True)
class Column:
    """Where a column of units sits in the list of layers: first dense, activation (None: output), last."""

    dense: int
    activate: int | None
    last: int


class Network:
    """A stack of dense layers, each with its batch norm, activation and dropout.

    Parameters
    ----------
    inputs, outputs : int
        Number of features and of output units.
    hidden : sequence of int
        Units of each hidden layer.
    activation, batch_norm, dropout : sequences, one value for each hidden layer
        Key of ACTIVATIONS; whether batch norm stands before the activation (and the bias is dropped); rate after it.
    initializer : str
        Key of INITIALIZERS.
    """

    def __init__(
        self,
        inputs: int,
        hidden: Sequence[int],
        outputs: int,
        activation: Sequence[str],
        batch_norm: Sequence[bool],
        dropout: Sequence[float],
        initializer: str,
    ) -> None:
        layers: list[Layer] = []
        columns: list[Column] = []
        draw = INITIALIZERS[initializer]
        fan_in = inputs
        for width, name, norm, rate in zip(hidden, activation, batch_norm, dropout, strict=True):
            dense = len(layers)
            layers.append(Dense(width, fan_in, draw, bias=not norm))
            if norm:
                layers.append(BatchNorm(width))
            layers.append(Activate(width, ACTIVATIONS[name]))
            activate = len(layers) - 1
            if rate > 0:
                layers.append(Dropout(width, rate))
            columns.append(Column(dense, activate, len(layers) - 1))
            fan_in = width
        columns.append(Column(len(layers), None, len(layers)))
        layers.append(Dense(outputs, fan_in, draw))

        self.inputs = inputs
        self.layers = tuple(layers)
        self.columns = tuple(columns)
        self.slices = _slices(layer.size for layer in layers)
        self.statistic_slices = _slices(layer.statistics for layer in layers)
        self.size = self.slices[-1].stop
        self.statistics = self.statistic_slices[-1].stop
        self.is_weight = self._mark_weights()

    def _mark_weights(self) -> Array:
        """1 where the flat vector holds a weight, 0 where a bias or a batch norm's scale or shift."""
        marks = np.zeros(self.size)
        for column in self.columns:
            marks[self.weight_slice(column)] = 1.0
        return marks

    def weight_slice(self, column: Column) -> slice:
        """Where a column's weights, (fan_in, width) row by row, sit in the flat vector."""
        dense = self.layers[column.dense]
        assert isinstance(dense, Dense)
        start = self.slices[column.dense].start
        return slice(start, start + dense.fan_in * dense.width)

    def bias_slice(self, column: Column) -> slice:
        """Where a column's biases sit: after the weights; with batch norm its shift, beta, is the bias."""
        dense = self.layers[column.dense]
        assert isinstance(dense, Dense)
        last = self.slices[column.dense if dense.bias else column.dense + 1].stop
        return slice(last - dense.width, last)

    def weight_position(self, layer: int, source: int, target: int) -> int:
        """Index in the flat vector of the weight into unit ``target`` of ``layer`` (1: first after the inputs).

        Raises
        ------
        ValueError
            When there is no such weight.
        """
        dense = self._dense(layer)
        if not (0 <= source < dense.fan_in and 0 <= target < dense.width):
            raise Refusal(
                f"Layer {layer} has weights from {dense.fan_in} to {dense.width} units; not {source}, {target}."
            )
        return self.weight_slice(self.columns[layer - 1]).start + source * dense.width + target

    def bias_position(self, layer: int, unit: int) -> int:
        """Index in the flat vector of the bias of one unit of ``layer`` (1: first after the inputs).

        Raises
        ------
        ValueError
            When there is no such unit.
        """
        dense = self._dense(layer)
        if not 0 <= unit < dense.width:
            raise Refusal(f"Layer {layer} has {dense.width} units; not unit {unit}.")
        return self.bias_slice(self.columns[layer - 1]).start + unit

    def _dense(self, layer: int) -> Dense:
        if not 1 <= layer <= len(self.columns):
            raise Refusal(f"There are layers 1 to {len(self.columns)}; not {layer}.")
        dense = self.layers[self.columns[layer - 1].dense]
        assert isinstance(dense, Dense)
        return dense

    def init(self, seed: int) -> Array:
        """Draw the (P,) initial parameters; each column has a stream of its own."""
        # By column, not by layer: switching dropout on must not change the weights of the layers behind.
        parts = [
            layer.init(stream(seed, Purpose.WEIGHTS, place))
            for place, column in enumerate(self.columns)
            for layer in self.layers[column.dense : column.last + 1]
        ]
        return np.concatenate(parts)

    def init_statistics(self) -> Array:
        """Running averages (R,) before the first batch: mean 0, variance 1."""
        parts = [np.repeat([0.0, 1.0], layer.statistics // 2) for layer in self.layers]
        return np.concatenate(parts)

    def bind(self, flat: Array) -> Parameters:
        """Let every layer see its part of a flat vector (..., P). The views follow changes made in place."""
        views = (layer.views(flat[..., part]) for layer, part in zip(self.layers, self.slices, strict=True))
        return Parameters(flat, tuple(views))

    def tape(self, mode: Mode, lead: Shape, batch: int, dtype: Any = np.float64) -> Tape:
        """Allocate what a forward pass of ``batch`` samples through ``lead`` networks writes."""
        chain = tuple(k for k, layer in enumerate(self.layers) if layer.acts_in(mode))
        statistics = np.zeros((*lead, self.statistics), dtype)
        x = np.empty((batch, 0), dtype)  # stands in for the batch until forward knows it
        cells = []
        for k, following in zip(chain, (*chain[1:], None), strict=True):
            layer = self.layers[k]
            ones = following is not None and self.layers[following].reads_ones
            full = np.ones((*lead, batch, layer.width + ones), dtype)
            y = full[..., : layer.width]
            extra = layer.extra(lead, batch, dtype, statistics[..., self.statistic_slices[k]])
            cells.append(Cell(x, y, mode, extra))
            x = full
        at = dict(zip(chain, cells, strict=True))
        signals = (self._signal(column, at) for column in self.columns)
        return Tape(mode, batch, chain, tuple(cells), statistics, tuple(signals))

    @staticmethod
    def _signal(column: Column, at: dict[int, Cell]) -> Signal:
        if column.activate is None:
            return Signal(at[column.dense].y, at[column.dense].y)
        last = column.last if column.last in at else column.activate
        return Signal(at[column.activate].x, at[last].y)

    def gradients(self, tape: Tape, lead: Shape) -> Gradients:
        """Allocate what a backward pass over ``tape`` writes."""
        parameters = self.bind(np.zeros((*lead, self.size)))
        outputs = tuple(np.empty_like(cell.y, order="C") for cell in tape.cells)
        at = dict(zip(tape.chain, outputs, strict=True))
        signals = []
        for column in self.columns:
            if column.activate is None:
                signals.append(SignalGradient(at[column.dense], at[column.dense]))
            else:
                last = column.last if column.last in at else column.activate
                signals.append(SignalGradient(at[column.activate - 1], at[last]))
        return Gradients(parameters, outputs, tuple(signals))

    def forward(self, parameters: Parameters, inputs: Array, tape: Tape) -> Tape:
        """Run a batch through.

        Parameters
        ----------
        parameters : Parameters
            From ``bind``.
        inputs : (B, F + 1) array
            Features, with a column of ones at the end.
        tape : Tape
            From ``tape``, for B samples; in mode "evaluate" its ``statistics`` are the running averages to use.

        Returns
        -------
        Tape
            The same, filled.
        """
        layers, views = self.layers, parameters.views
        first = layers[0]
        tape.cells[0].x = inputs if first.reads_ones else inputs[..., :-1]
        for k, cell in zip(tape.chain, tape.cells, strict=True):
            layers[k].forward(views[k], cell)
        return tape

    def backward(self, parameters: Parameters, tape: Tape, gradients: Gradients) -> Gradients:
        """Run the gradient back.

        Parameters
        ----------
        parameters, tape
            As they were in the forward pass.
        gradients : Gradients
            From ``gradients``; its ``scores`` hold dL/d(scores).

        Returns
        -------
        Gradients
            The same, filled.
        """
        layers, views, own = self.layers, parameters.views, gradients.parameters.views
        outputs, cells, chain = gradients.outputs, tape.cells, tape.chain
        for place in range(len(chain) - 1, 0, -1):
            k = chain[place]
            layers[k].backward(views[k], cells[place], outputs[place], own[k], outputs[place - 1])
        layers[0].backward(views[0], cells[0], outputs[0], own[0], None)
        return gradients

    def draw_masks(self, tape: Tape, seeds: Sequence[int], step: int) -> None:
        """Draw the dropout masks of one step; each network's from its own seed, so replicas repeat single runs."""
        dropouts = [(self.layers[k], cell) for k, cell in zip(tape.chain, tape.cells, strict=True)]
        rngs = [stream(seed, Purpose.MASKS, step) for seed in seeds]
        for layer, cell in dropouts:
            if isinstance(layer, Dropout):
                layer.draw(rngs, cell)

    def average_statistics(self, running: Array, tape: Tape) -> Array:
        """Running averages (..., R) after the batch on the tape."""
        if tape.batch < 2:
            return running
        unbiased = tape.statistics * self._bessel(tape.batch)
        return running + BatchNorm.RATE * (unbiased - running)

    def _bessel(self, batch: int) -> Array:
        """1 for means and B/(B-1) for variances, (R,)."""
        parts = [np.repeat([1.0, batch / (batch - 1)], layer.statistics // 2) for layer in self.layers]
        return np.concatenate(parts)


def _slices(sizes: Iterable[int]) -> tuple[slice, ...]:
    """Consecutive slices of these sizes."""
    ends = list(accumulate(sizes))
    return tuple(slice(start, stop) for start, stop in zip([0, *ends], ends, strict=False))
