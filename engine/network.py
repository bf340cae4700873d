"""The plan of the flat parameter vector, and the two passes through it.

Forward returns a Tape, backward takes it and returns Gradients. Both hold their arrays, so a caller that steps many
times hands the same ones in again and nothing is allocated; whoever draws uses its own and cannot disturb training.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from engine.arrays import Array, Shape
from engine.blocks import XAVIER, Block, HiddenLayer, Initialization, hidden_block, output_block
from engine.initializers import INITIALIZERS
from engine.layers import Affine, BatchNorm, Layer, LayerBuffers, Mode, Noise
from engine.registry import Refusal
from engine.streams import Purpose, stream
from engine.tape import Gradients, Parameters, Signal, SignalGradient, Tape


class Network:
    """A stack of dense layers, each with its batch norm, activation and dropout.

    Parameters
    ----------
    inputs, outputs : int
        Number of features and of output units.
    hidden : sequence of HiddenLayer
    start : Initialization
        How the first parameters are drawn.
    input_noise : float
        Standard deviation of the normal noise that training adds to the inputs.
    """

    def __init__(
        self,
        inputs: int,
        hidden: Sequence[HiddenLayer],
        outputs: int,
        start: Initialization = XAVIER,
        input_noise: float = 0.0,
    ) -> None:
        layers: list[Layer] = [Noise(inputs, input_noise)] if input_noise > 0 else []
        blocks: list[Block] = []
        fan_in = inputs
        for choice in hidden:
            stacked, block = hidden_block(choice, len(layers), fan_in, start)
            layers += stacked
            blocks.append(block)
            fan_in = choice.units
        stacked, block = output_block(outputs, len(layers), fan_in, start)
        layers += stacked
        blocks.append(block)

        self.inputs = inputs
        self.layers = tuple(layers)
        self.blocks = tuple(blocks)
        self.slices = _slices(layer.size for layer in layers)
        self.statistic_slices = _slices(layer.statistics for layer in layers)
        self.size = self.slices[-1].stop
        self.statistics = self.statistic_slices[-1].stop
        self.draws = any(layer.draws for layer in layers)
        self.is_weight = self._mark_weights()
        self._shares: dict[int, Array] = {}
        self._adapt_to = INITIALIZERS[start.weights].adapt

    def _mark_weights(self) -> Array:
        """1 where the flat vector holds a weight, 0 where a bias, or a parameter of batch norm or an activation."""
        marks = np.zeros(self.size)
        for block in self.blocks:
            marks[self._weights_of(block).ravel()] = 1.0
        return marks

    def _weights_of(self, block: Block) -> Array:
        """Positions (fan_in, units, pieces) of a column's weights in the flat vector."""
        dense = self.layers[block.dense]
        assert isinstance(dense, Affine)
        start = self.slices[block.dense].start
        positions = np.arange(start, start + dense.fan_in * dense.width)
        return positions.reshape(dense.fan_in, block.pieces, block.units).swapaxes(-1, -2)

    def _biases_of(self, block: Block) -> Array:
        """Positions (units, pieces) of a column's biases; with batch norm before the activation its shift, beta."""
        stop = self.slices[block.shift].stop
        positions = np.arange(stop - block.pieces * block.units, stop)
        return positions.reshape(block.pieces, block.units).T

    @property
    def weight_positions(self) -> list[Array]:
        """For each column, where its weights are in the flat vector: (fan_in, units, pieces)."""
        return [self._weights_of(block) for block in self.blocks]

    @property
    def bias_positions(self) -> list[Array]:
        """For each column, where its biases are in the flat vector: (units, pieces)."""
        return [self._biases_of(block) for block in self.blocks]

    def weight_position(self, layer: int, source: int, target: int) -> Array:
        """Indices (pieces,) in the flat vector of the weight into unit ``target`` of ``layer`` (1: after the inputs).

        Raises
        ------
        ValueError
            When there is no such weight.
        """
        positions = self._weights_of(self._block_of(layer))
        fan_in, units, _ = positions.shape
        if not (0 <= source < fan_in and 0 <= target < units):
            raise Refusal(f"Layer {layer} has weights from {fan_in} to {units} units; not {source}, {target}.")
        return positions[source, target]

    def bias_position(self, layer: int, unit: int) -> Array:
        """Indices (pieces,) in the flat vector of the bias of one unit of ``layer`` (1: first after the inputs).

        Raises
        ------
        ValueError
            When there is no such unit.
        """
        block = self._block_of(layer)
        if not 0 <= unit < block.units:
            raise Refusal(f"Layer {layer} has {block.units} units; not unit {unit}.")
        return self._biases_of(block)[unit]

    def _block_of(self, layer: int) -> Block:
        if not 1 <= layer <= len(self.blocks):
            raise Refusal(f"There are layers 1 to {len(self.blocks)}; not {layer}.")
        return self.blocks[layer - 1]

    def init(self, seed: int, inputs: Array | None = None) -> Array:
        """Draw the (P,) initial parameters; each column has a stream of its own.

        Parameters
        ----------
        seed : int
        inputs : (B, F + 1) array, optional
            What data-driven initialisers look at; without it they stop at their random draw.
        """
        # By column, not by layer: switching dropout on must not change the weights of the layers behind.
        parts = [
            layer.init(stream(seed, Purpose.WEIGHTS, place))
            for place, block in enumerate(self.blocks)
            for layer in self.layers[block.dense : block.last + 1]
        ]
        flat = np.concatenate(parts)
        if self._adapt_to and inputs is not None:
            with np.errstate(all="ignore"):
                self._adapt(flat, inputs)
        return flat

    def _adapt(self, flat: Array, inputs: Array) -> None:
        """Rescale the dense layers in place, from the first to the last, by what each makes of the inputs."""
        assert self._adapt_to is not None
        tape = self.tape("batch", (), len(inputs))
        parameters = self.bind(flat)
        self._feed(tape, inputs)
        for k, buffers in zip(tape.chain, tape.buffers, strict=True):
            layer, views = self.layers[k], parameters.views[k]
            layer.forward(views, buffers)
            if isinstance(layer, Affine):
                scale, shift = self._adapt_to(buffers.y)
                views.affine[...] *= scale
                if layer.bias:
                    views.affine[-1] += shift
                layer.forward(views, buffers)

    def init_statistics(self) -> Array:
        """Running averages (R,) before the first batch: mean 0, variance 1."""
        parts = [np.repeat([0.0, 1.0], layer.statistics // 2) for layer in self.layers]
        return np.concatenate(parts)

    def bind(self, flat: Array) -> Parameters:
        """Let every layer see its part of a flat vector (..., P). The views follow changes made in place."""
        views = (layer.views(flat[..., part]) for layer, part in zip(self.layers, self.slices, strict=True))
        return Parameters(flat, tuple(views))

    def tape(self, mode: Mode, batch_shape: Shape, batch: int, dtype: Any = np.float64) -> Tape:
        """Allocate what a forward pass of ``batch`` samples through ``batch_shape`` networks writes."""
        chain = tuple(k for k, layer in enumerate(self.layers) if layer.acts_in(mode))
        statistics = np.zeros((*batch_shape, self.statistics), dtype)
        x = np.empty((batch, 0), dtype)  # stands in for the batch until forward knows it
        buffers = []
        for k, following in zip(chain, (*chain[1:], None), strict=True):
            layer = self.layers[k]
            ones = following is not None and self.layers[following].reads_ones
            full = np.empty((*batch_shape, batch, layer.width + ones), dtype)
            full[..., layer.width :] = 1.0
            y = full[..., : layer.width]
            extra = layer.extra(batch_shape, batch, dtype, statistics[..., self.statistic_slices[k]])
            buffers.append(LayerBuffers(x, y, mode, extra))
            x = full
        at = dict(zip(chain, buffers, strict=True))
        signals = (self._signal(block, at) for block in self.blocks)
        return Tape(mode, batch, chain, tuple(buffers), statistics, tuple(signals))

    @staticmethod
    def _signal(block: Block, at: dict[int, LayerBuffers]) -> Signal:
        if block.activate is None:
            return Signal(at[block.dense].y, at[block.dense].y)
        return Signal(at[block.activate].x, at[_last(block, at)].y)

    def gradients(self, tape: Tape, batch_shape: Shape) -> Gradients:
        """Allocate what a backward pass over ``tape`` writes."""
        parameters = self.bind(np.zeros((*batch_shape, self.size)))
        outputs = tuple(np.empty_like(buffers.y, order="C") for buffers in tape.buffers)
        at = dict(zip(tape.chain, outputs, strict=True))
        signals = []
        for block in self.blocks:
            if block.activate is None:
                signals.append(SignalGradient(at[block.dense], at[block.dense]))
            else:
                signals.append(SignalGradient(at[block.activate - 1], at[_last(block, at)]))
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
        self._feed(tape, inputs)
        for k, buffers in zip(tape.chain, tape.buffers, strict=True):
            layers[k].forward(views[k], buffers)
        return tape

    def _feed(self, tape: Tape, inputs: Array) -> None:
        tape.buffers[0].x = inputs if self.layers[tape.chain[0]].reads_ones else inputs[..., :-1]

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
        outputs, buffers, chain = gradients.outputs, tape.buffers, tape.chain
        for place in range(len(chain) - 1, 0, -1):
            k = chain[place]
            layers[k].backward(views[k], buffers[place], outputs[place], own[k], outputs[place - 1])
        k = chain[0]
        layers[k].backward(views[k], buffers[0], outputs[0], own[k], None)
        return gradients

    def draw_masks(self, tape: Tape, seeds: Sequence[int], step: int, shared: bool = False) -> None:
        """Draw the masks and the noise of one step; each network's from its own seed, so replicas repeat single runs.

        With ``shared`` all samples on the tape get the same masks.
        """
        self.draw(tape, [stream(seed, Purpose.MASKS, step) for seed in seeds], shared)

    def draw(self, tape: Tape, rngs: Sequence[np.random.Generator], shared: bool = False) -> None:
        """Draw masks and noise from one generator for each network."""
        for k, buffers in zip(tape.chain, tape.buffers, strict=True):
            if self.layers[k].draws:
                self.layers[k].draw(rngs, buffers, shared)

    def average_statistics(self, running_stats: Array, tape: Tape) -> Array:
        """Running averages (..., R) after the batch on the tape."""
        if tape.batch < 2:
            return running_stats
        share = self._shares.get(tape.batch)
        if share is None:
            share = self._shares[tape.batch] = BatchNorm.RATE * self.bessel(tape.batch)
        averaged = running_stats * (1.0 - BatchNorm.RATE)
        averaged += tape.statistics * share
        return averaged

    def bessel(self, batch: int) -> Array:
        """1 for means and B/(B-1) for variances, (R,)."""
        parts = [np.repeat([1.0, batch / (batch - 1)], layer.statistics // 2) for layer in self.layers]
        return np.concatenate(parts)


def _last(block: Block, at: Mapping[int, Any]) -> int:
    """The last layer of a column that takes part in a chain."""
    return block.last if block.last in at else block.last - 1


def _slices(sizes: Iterable[int]) -> tuple[slice, ...]:
    """Consecutive slices of these sizes."""
    ends = list(accumulate(sizes))
    return tuple(slice(start, stop) for start, stop in zip([0, *ends], ends, strict=False))
