"""What the histograms below the layers can show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.look.histograms import Edges
from engine.look.layer_snapshot import LayerSnapshot, activation_of
from engine.registry import Registry
from engine.trainer import Trainer

FAINTEST, STRONGEST = -8.0, 2.0
"""Powers of ten of an update's share of its weight; what is smaller or larger is shown there."""


def _free(trainer: Trainer, place: int) -> None:
    """No edges known beforehand."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One kind of number that every layer has many of.

    Parameters
    ----------
    name, label, symbol, formula, doc : str
        The key; what a person reads; the letter in captions; LaTeX; one sentence for a tooltip.
    of : callable ``(snapshot, place) -> values``
        The numbers of a column, place 0 for the inputs; None where it has none.
    edges : callable ``(trainer, place) -> (low, high)`` or None
        Where their histogram begins and ends, if that does not depend on them.
    sizes : bool
        Whether their mean size is told, and not their mean.
    backward : bool
        Whether it belongs to the way back, the gradient's.
    """

    name: str
    label: str
    symbol: str
    formula: str
    doc: str
    of: Callable[[LayerSnapshot, int], Array | None]
    edges: Callable[[Trainer, int], Edges | None] = _free
    sizes: bool = False
    backward: bool = False


def _pre_activation(snapshot: LayerSnapshot, place: int) -> Array | None:
    return snapshot.tape.layers[place - 1].pre if place else None


def _activation(snapshot: LayerSnapshot, place: int) -> Array:
    if place == 0:
        return snapshot.inputs[:, :-1]
    if place == len(snapshot.tape.layers):
        return snapshot.trainer.link.f(snapshot.tape.scores)
    return snapshot.tape.layers[place - 1].post


def _activation_edges(trainer: Trainer, place: int) -> Edges | None:
    """The range of outputs that are bounded."""
    if place == 0:
        return None
    if place == len(trainer.network.blocks):
        return (0.0, 1.0) if trainer.data.classes else None
    block, activate = trainer.network.blocks[place - 1], activation_of(trainer, place - 1)
    if activate is None or block.activate is None:
        return None
    if any(layer.size for layer in trainer.network.layers[block.activate + 1 : block.last + 1]):
        return None  # batch norm after the activation moves its range
    edges = activate.activation.range(*activate.values)
    return edges if np.isfinite(edges).all() else None


def _gradient(snapshot: LayerSnapshot, place: int) -> Array | None:
    return snapshot.gradients.layers[place - 1].pre if place else None


def _own_weights(snapshot: LayerSnapshot, place: int) -> slice | Array | None:
    """Where the weights of a block are; None for the inputs, and where it has none of its own."""
    return snapshot.weights[place - 1] if place else None


def _weight(snapshot: LayerSnapshot, place: int) -> Array | None:
    own = _own_weights(snapshot, place)
    return None if own is None else snapshot.state.params[own]


def _weight_gradient(snapshot: LayerSnapshot, place: int) -> Array | None:
    own = _own_weights(snapshot, place)
    return None if own is None else snapshot.gradients.flat[own] / snapshot.samples


def _update_ratio(snapshot: LayerSnapshot, place: int) -> Array | None:
    own = _own_weights(snapshot, place)
    if own is None:
        return None
    size, change = np.abs(snapshot.state.params[own]), np.abs(snapshot.change[own])
    # An update of nothing counts as the faintest, whatever the weight.
    return np.clip(np.where(change == 0.0, FAINTEST, np.log10(change / size)), FAINTEST, STRONGEST)


QUANTITIES = Registry(
    "quantity",
    [
        Quantity("pre_activation", "pre-activation", "z", r"z = x W + b",
                 "The weighted sums that enter the activation function, over the training points.", _pre_activation),
        Quantity("activation", "activation", "a", r"a = f(z)",
                 "The layer's outputs over the training points.", _activation, _activation_edges),
        Quantity("gradient", "gradient", "g", r"\partial L_i / \partial z",
                 "Each training point's derivatives of its loss with respect to the layer's pre-activations.",
                 _gradient, sizes=True, backward=True),
        Quantity("weight", "weight", "w", r"W", "The weights into the layer.", _weight),
        Quantity("weight_gradient", "weight gradient", "g", r"\partial L / \partial W",
                 "The derivatives of the mean data loss with respect to the weights into the layer.",
                 _weight_gradient, sizes=True, backward=True),
        Quantity("update_ratio", "update / weight", "r", r"\log_{10} |\Delta W| / |W|",
                 "How much the next step changes each weight, as a power of ten of its size; around -3 is healthy.",
                 _update_ratio, lambda trainer, place: (FAINTEST, STRONGEST), backward=True),
    ],
)  # fmt: skip
