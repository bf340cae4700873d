"""Network: a list of layers on one flat parameter vector, and the two passes through it.

The forward pass fills a Tape, the backward pass fills Gradients. A caller that makes many steps uses the same ones
again, so that nothing is allocated; pictures use their own and cannot change training.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

import numpy as np

from engine.arrays import Array, DType, Shape
from engine.binding import Binding
from engine.blocks import Block, PlacedGroup, blocks_of, layout_of
from engine.layer_checks import checked_layers
from engine.layers import Layer, LayerBuffers, Mode, Role, Views
from engine.limits import LIMITS
from engine.registry import Refusal, check_index
from engine.streams import Purpose, stream
from engine.tape import Gradients, Parameters, Signal, SignalGradient, Tape

_NO_WEIGHTS = "layers must have at least one layer with weights among them."


class Network:
    """A list of layers of any kind: dense, convolutional, recurrent; see ``engine.layers.Layer``.

    Parameters
    ----------
    inputs : int
        Number of values of each sample.
    layers : iterable of Layer
        In the order of the forward pass: the first takes the inputs, each other layer the outputs of the one before.

    Attributes
    ----------
    blocks : tuple of Block
        Groups of layers that belong together; the last is the output.
    size, statistics : int
        Number of parameters in the flat vector, and of running averages.
    layout : Layout
        What these are; networks of equal layouts can exchange their States.
    slices, statistic_slices : tuple of slice
        Each layer's parts of these.
    is_weight : (P,) array
        1 for weights, 0 for biases and for parameters of batch norm and activations.
    draws : bool
        Whether training uses random numbers: masks or noise.

    Raises
    ------
    ValueError
        If there are no inputs, no layer has weights, one does not fit the layer before it, or shares the parameters of
        a later one.
    """

    def __init__(self, inputs: int, layers: Iterable[Layer]) -> None:
        self.inputs = inputs
        self.layers = layers = checked_layers(inputs, layers)
        if not layers:
            raise Refusal(_NO_WEIGHTS)
        self.slices = _slices(layer.size for layer in layers)
        self.statistic_slices = _slices(layer.statistics for layer in layers)
        self.size = self.slices[-1].stop
        self.statistics = self.statistic_slices[-1].stop
        self.blocks = blocks_of(self.layers, self.slices)
        if not self.blocks:
            raise Refusal(_NO_WEIGHTS)
        self.layout = layout_of(layers, self.blocks)
        self.draws = any(layer.draws for layer in layers)
        self.is_weight = np.zeros(self.size)
        for group in self.groups:
            if group.role is Role.WEIGHT:
                self.is_weight[group.span] = 1.0
        self._binding = Binding(self.layers, self.slices)
        self._shares: dict[int, tuple[Array, Array] | None] = {}

    @property
    def work(self) -> int:
        """Number of multiplications for one sample, roughly."""
        return sum(layer.work for layer in self.layers)

    @property
    def weight_positions(self) -> list[Array]:
        """Positions of the weights in the flat vector, arrays (fan_in, units, pieces).

        One array for each group of weights: one for most blocks, several or none for others.
        """
        return [positions for block in self.blocks for positions in block.weights]

    @property
    def bias_positions(self) -> list[Array]:
        """For each block, where its biases are in the flat vector: (units, pieces)."""
        return [block.biases for block in self.blocks]

    @property
    def groups(self) -> tuple[PlacedGroup, ...]:
        """All groups of parameters, in the order of the flat vector; each parameter is in one group."""
        return tuple(group for block in self.blocks for group in block.groups)

    def weight_position(self, layer: int, source: int, target: int) -> Array:
        """Indices (pieces,) in the flat vector of the weight into unit ``target`` of ``layer`` (1: after the inputs).

        Raises
        ------
        ValueError
            If there is no such weight.
        """
        weights = self._block_of(layer).weights
        if len(weights) != 1:
            raise Refusal(f"Layer {layer} has not one matrix of weights but {len(weights)}.")
        fan_in, units, _ = weights[0].shape
        check_index("source", source, fan_in)
        check_index("target", target, units)
        return weights[0][source, target]

    def bias_position(self, layer: int, unit: int) -> Array:
        """Indices (pieces,) in the flat vector of the bias of one unit of ``layer`` (1: first after the inputs).

        Raises
        ------
        ValueError
            If there is no such unit, or it has no bias.
        """
        biases = self._block_of(layer).biases
        if not len(biases):
            raise Refusal(f"Layer {layer} has no units with a bias.")
        check_index("unit", unit, len(biases))
        return biases[unit]

    def _block_of(self, layer: int) -> Block:
        check_index("layer", layer, len(self.blocks), first=1)
        return self.blocks[layer - 1]

    def init(self, seed: int, inputs: Array | None = None) -> Array:
        """Draw the (P,) initial parameters; each block has its own stream of random numbers.

        Parameters
        ----------
        seed : int
        inputs : (B, F + 1) array, optional
            Training inputs for initialisers that use the data; without them these only draw at random.
        """
        LIMITS["seed"].check_one(seed)
        # By block, not by layer, so that dropout does not change the weights of later layers.
        streams = [stream(seed, Purpose.WEIGHTS, number) for number in range(len(self.blocks))]
        parts = [
            layer.init(rng)
            for rng, block in zip(streams, self.blocks, strict=True)
            for layer in self.layers[block.first : block.last + 1]
        ]
        flat = np.concatenate(parts)
        if inputs is not None and any(layer.adapts for layer in self.layers):
            with np.errstate(all="ignore"):
                self._adapt(flat, inputs)
        return flat

    def _adapt(self, flat: Array, inputs: Array) -> None:
        """Let layers change their initial parameters in place, from the first to the last, by their outputs."""
        tape = self.tape("batch", (), len(inputs))
        parameters = self.bind(flat)
        self._feed(tape, inputs)
        for k, buffers in zip(tape.chain, tape.buffers, strict=True):
            layer, views = self.layers[k], parameters.views[k]
            layer.forward(views, buffers)
            if layer.adapts:
                layer.adapt(views, buffers.y)
                layer.forward(views, buffers)

    def init_statistics(self) -> Array:
        """Running averages (R,) before the first batch; of batch norm mean 0, variance 1."""
        return np.concatenate([layer.init_statistics() for layer in self.layers])

    def bind(self, flat: Array) -> Parameters:
        """Let every layer see its part of a flat vector (..., P). The views follow changes made in place."""
        return self._binding.bind(flat)

    def with_layer(self, parameters: Parameters, index: int, own: Array) -> tuple[Views, ...]:
        """All layers' views of the parameters, with the parameters ``own`` (..., size) for the layer of this index."""
        return self._binding.with_layer(parameters, index, own)

    def tape(self, mode: Mode, batch_shape: Shape, batch: int, dtype: DType = np.float64) -> Tape:
        """Allocate the arrays for a forward pass of ``batch`` samples through ``batch_shape`` networks."""
        chain = tuple(k for k, layer in enumerate(self.layers) if layer.acts_in(mode))
        statistics = np.zeros((*batch_shape, self.statistics), dtype)
        x: Array = np.empty((batch, 0), dtype)  # replaced by the batch in ``forward``
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
        post = at[_last(block, at)].y
        return Signal(at[block.opener].y if block.activate is None else at[block.activate].x, post)

    def gradients(self, tape: Tape, batch_shape: Shape) -> Gradients:
        """Allocate the arrays for a backward pass over ``tape``."""
        flat = np.zeros((*batch_shape, self.size))
        parameters, shared = self._binding.bind_gradient(flat)
        outputs = tuple(np.empty_like(buffers.y, order="C") for buffers in tape.buffers)
        at = dict(zip(tape.chain, outputs, strict=True))
        signals = [SignalGradient(at[_before_activation(block, at)], at[_last(block, at)]) for block in self.blocks]
        return Gradients(parameters, outputs, tuple(signals), shared)

    def forward(self, parameters: Parameters, inputs: Array, tape: Tape) -> Tape:
        """Compute the forward pass of a batch.

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
        """Compute the backward pass.

        Parameters
        ----------
        parameters, tape
            Those of the forward pass.
        gradients : Gradients
            From ``gradients``; its ``scores`` hold dL/d(scores).

        Returns
        -------
        Gradients
            The same, filled.
        """
        layers, views, own = self.layers, parameters.views, gradients.parameters.views
        outputs, buffers, chain = gradients.outputs, tape.buffers, tape.chain
        for at in range(len(chain) - 1, 0, -1):
            k = chain[at]
            layers[k].backward(views[k], buffers[at], outputs[at], own[k], outputs[at - 1])
        k = chain[0]
        layers[k].backward(views[k], buffers[0], outputs[0], own[k], None)
        for shared in gradients.shared:
            shared.part[...] += shared.scratch
        return gradients

    def draw_masks(self, tape: Tape, seeds: Sequence[int], step: int, shared: bool = False) -> None:
        """Draw the masks and the noise of one step, for each network from its own seed.

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
        if tape.batch not in self._shares:
            self._shares[tape.batch] = self._shares_of(tape.batch)
        shares = self._shares[tape.batch]
        if shares is None:
            return running_stats
        kept, new = shares
        averaged = running_stats * kept
        averaged += tape.statistics * new
        return averaged

    def _shares_of(self, batch: int) -> tuple[Array, Array] | None:
        """Factors (R,) on the running averages and on the statistics of a batch; None if the averages stay."""
        rates = np.concatenate([np.full(layer.statistics, layer.statistic_rate(batch)) for layer in self.layers])
        return (1.0 - rates, rates * self.unbiased(batch)) if rates.any() else None

    def unbiased(self, batch: int) -> Array:
        """Factors (R,) that turn the statistics of a batch into unbiased estimates."""
        return np.concatenate([layer.unbiased(batch) for layer in self.layers])


def _last(block: Block, at: Mapping[int, object]) -> int:
    """The last layer of a block that is in a chain."""
    return max(k for k in range(block.opener, block.last + 1) if k in at)


def _before_activation(block: Block, at: Mapping[int, object]) -> int:
    """The layer whose outputs enter a block's activation; without one, the layer with weights."""
    if block.activate is None:
        return block.opener
    return max(k for k in range(block.opener, block.activate) if k in at)


def _slices(sizes: Iterable[int]) -> tuple[slice, ...]:
    """Consecutive slices of these sizes."""
    ends = list(accumulate(sizes))
    return tuple(slice(start, stop) for start, stop in zip([0, *ends], ends, strict=False))
