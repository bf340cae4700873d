"""Saturated values, dead units, and the size of signal and gradient in each layer."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from engine.arrays import Array
from engine.layers import ActivationLayer
from engine.look.layer_snapshot import LayerSnapshot, Sampler, activation_of
from engine.trainer import Trainer

FLAT = 0.01
"""A value is saturated if the slope of the activation there is below this share of its largest slope."""

_FEW = 16
"""Number of samples that nearly always show that all units are alive."""

_REACH = np.linspace(-10.0, 10.0, 2001)
_USUAL = np.array([NormalDist().inv_cdf((k + 0.5) / 401) for k in range(401)])
"""Equally likely standard normal pre-activations."""


class Saturation:
    """Counts the values of each hidden layer at which the activation is flat.

    Parameters
    ----------
    trainer : Trainer

    Attributes
    ----------
    usual : (columns,) array
        Shares of saturated values among standard normal pre-activations. NaN where it makes no sense.
    thresholds : (columns,) array
        Shares of saturated values above which the page warns: halfway between 1 and the share for standard normal
        pre-activations, which is 0.5 for ReLU and 0 for tanh. NaN where saturation is not defined.
    """

    def __init__(self, trainer: Trainer) -> None:
        network = trainer.network
        self._layers = [activation_of(trainer, k) for k in range(len(network.blocks) - 1)]
        self._at = [block.activate for block in network.blocks[:-1]]
        kinds = {_kind(layer): layer for layer in self._layers if layer is not None}
        least = {kind: FLAT * _steepest(layer) for kind, layer in kinds.items()}
        usual = {kind: _usual_share(layer, least[kind]) for kind, layer in kinds.items()}
        self._least = [least[_kind(layer)] if layer is not None else 0.0 for layer in self._layers]
        own = [usual[_kind(layer)] if layer is not None else np.nan for layer in self._layers]
        self.usual = np.array([np.nan, *own, np.nan])
        self.thresholds = (1.0 + self.usual) / 2.0

    def shares(self, snapshot: LayerSnapshot) -> list[float]:
        """The share of saturated values, of all samples and units, of every hidden layer."""
        buffers = dict(zip(snapshot.tape.chain, snapshot.tape.buffers, strict=True))
        views = snapshot.trainer.network.bind(snapshot.state.params).views
        shares = []
        for layer, at, least in zip(self._layers, self._at, self._least, strict=True):
            slopes = layer.slopes(views[at], buffers[at]) if layer is not None and at is not None and least else None
            shares.append(float("nan") if slopes is None else _share_below(least, slopes))
        return shares


def _kind(layer: ActivationLayer) -> tuple[str, tuple[float, ...]]:
    """A key that is equal for layers with the same function."""
    return layer.activation.name, tuple(layer.values)


def _steepest(layer: ActivationLayer) -> float:
    """The largest slope of a layer's activation; 0 if saturation is not defined for it."""
    if layer.activation.forward_only or layer.activation.pieces(*layer.values) > 1:
        return 0.0
    return float(np.abs(_slopes(layer, _REACH)).max())


def _usual_share(layer: ActivationLayer, least: float) -> float:
    """The share of saturated values among standard normal pre-activations; NaN if saturation is not defined."""
    return _share_below(least, _slopes(layer, _USUAL)) if least else float("nan")


def _slopes(layer: ActivationLayer, z: Array) -> Array:
    a = layer.activation.f(z, np.empty_like(z), *layer.values)
    return layer.activation.df(z, a, np.empty_like(z), *layer.values)


def _share_below(least: float, slopes: Array) -> float:
    """The share of slopes with a smaller absolute value; overwrites them."""
    return np.count_nonzero(np.abs(slopes, out=slopes) < least) / slopes.size


def silent(snapshot: LayerSnapshot) -> list[Array]:
    """For each hidden layer the units (n,) whose gradient is zero for every sample of the LayerSnapshot."""
    found: list[Array] = []
    for slope, block in zip(snapshot.gradients.layers, snapshot.trainer.network.blocks[:-1], strict=False):
        alive = np.any(slope.pre[:_FEW], axis=0)
        if not np.all(alive):
            alive = np.any(slope.pre, axis=0)
        pieces = alive.reshape(block.pieces, -1)
        found.append(~np.any(pieces, axis=0))
    return found


def dead_shares(sampler: Sampler, snapshot: LayerSnapshot) -> list[float]:
    """The share of units of each hidden layer with zero gradient for every training point.

    For a large network the LayerSnapshot has only some training points. A unit that is alive there is alive; the other
    points are computed only while there are units that seem dead.
    """
    dead = silent(snapshot)
    rest = sampler.rest(snapshot.state)
    while any(units.any() for units in dead) and (part := next(rest, None)) is not None:
        dead = [units & other for units, other in zip(dead, silent(part), strict=True)]
    return [float(units.mean()) for units in dead]


def profile(snapshot: LayerSnapshot) -> Array:
    """Spread of the signal and norm of the gradient of every column, (columns, 2); see Frame."""
    signals = [snapshot.inputs[:, :-1], *(signal.post for signal in snapshot.tape.layers)]
    slopes = [np.full((1, 1), np.nan), *(slope.pre for slope in snapshot.gradients.layers)]
    return np.array(
        [(signal.std(), np.sqrt(np.vecdot(slope, slope).mean())) for signal, slope in zip(signals, slopes, strict=True)]
    )
