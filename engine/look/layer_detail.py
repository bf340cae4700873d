"""LayerDetail: one layer in detail."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.look.frame import Curve
from engine.look.histograms import Histogram, histogram
from engine.look.layer_snapshot import LayerSnapshot, activation_of
from engine.look.quantities import Quantity
from engine.registry import Refusal, check_index

CURVE_POINTS = 65
FINE_BINS = 48


@dataclass(frozen=True, slots=True, eq=False)
class Normalisation:
    """What batch norm does in one layer; arrays (n,) have one number for each of its inputs.

    Attributes
    ----------
    batch_mean, batch_std : arrays
        Of the training points at this State.
    running_mean, running_std : arrays
        The running averages, which evaluation uses.
    gamma, beta : arrays
        The learned scale and shift.
    before, after : Histogram
        All its inputs, and all its outputs.
    """

    batch_mean: Array
    batch_std: Array
    running_mean: Array
    running_std: Array
    gamma: Array
    beta: Array
    before: Histogram
    after: Histogram


@dataclass(frozen=True, slots=True, eq=False)
class LayerDetail:
    """One layer of units in detail.

    Attributes
    ----------
    layer : int
        1 for the first hidden layer; the last is the output.
    quantity : str
        Key of QUANTITIES.
    distribution : Histogram
        The distribution of that quantity.
    curve : Curve or None
        The activation function over the range of pre-activations; None for the output.
    normalisation : Normalisation or None
        None without batch norm.
    """

    layer: int
    quantity: str
    distribution: Histogram
    curve: Curve | None
    normalisation: Normalisation | None


def close_up(snapshot: LayerSnapshot, layer: int, quantity: Quantity, before: LayerDetail | None = None) -> LayerDetail:
    """Look at one layer; the edges of the same histogram ``before`` are kept while they fit.

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    check_index("layer", layer, len(snapshot.tape.layers), first=1)
    values = quantity.of(snapshot, layer)
    if values is None:
        raise Refusal(f"layer must be one that has a {quantity.label} of its own; layer {layer} has none.")
    same = before is not None and (before.layer, before.quantity) == (layer, quantity.name)
    old = (before.distribution.low, before.distribution.high) if before is not None and same else None
    found = histogram(values, quantity.edges(snapshot.trainer, layer), old, FINE_BINS, quantity.sizes)
    return LayerDetail(
        layer,
        quantity.name,
        found,
        curve_of(snapshot, layer),
        normalisation_of(snapshot, layer),
    )


def curve_of(snapshot: LayerSnapshot, layer: int) -> Curve | None:
    """The activation of a layer over the range of its pre-activations; None of a layer without one."""
    check_index("curve", layer, len(snapshot.tape.layers), first=1)
    network, activate = snapshot.trainer.network, activation_of(snapshot.trainer, layer - 1)
    at = network.blocks[layer - 1].activate
    if activate is None or at is None:
        return None
    found = histogram(snapshot.tape.layers[layer - 1].pre)
    z = np.linspace(found.low, found.high, CURVE_POINTS)
    f, df = activate.curve(network.bind(snapshot.state.params).views[at], z)
    heights = found.heights.astype(np.uint8)
    return Curve(layer, found.low, found.high, heights, f.astype(np.float32), df.astype(np.float32))


def normalisation_of(snapshot: LayerSnapshot, layer: int) -> Normalisation | None:
    """What batch norm does to a layer, if it has any."""
    network, state = snapshot.trainer.network, snapshot.state
    block = network.blocks[layer - 1]
    views = network.bind(state.params).views
    for k in range(block.opener, block.last + 1):
        learned = network.layers[k].scale_and_shift(views[k])
        if learned is not None:
            buffers = dict(zip(snapshot.tape.chain, snapshot.tape.buffers, strict=True))[k]
            width = network.layers[k].width
            batch, running_stats = (
                flat[network.statistic_slices[k]] for flat in (snapshot.tape.statistics, state.running_stats)
            )
            return Normalisation(
                batch[:width].copy(),
                np.sqrt(batch[width:]),
                running_stats[:width],
                np.sqrt(running_stats[width:]),
                learned[0].copy(),
                learned[1].copy(),
                histogram(buffers.x),
                histogram(buffers.y),
            )
    return None
