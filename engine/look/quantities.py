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
"""Powers of ten of an update divided by its weight; smaller and larger ones are shown at these ends."""


def _free(trainer: Trainer, column: int) -> None:
    """No fixed edges."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One kind of number of which every layer has many.

    Parameters
    ----------
    name, label, symbol, formula, doc : str
        The key; the name on the screen; the letter in captions; LaTeX; one sentence for a tooltip.
    of : callable ``(snapshot, column) -> values``
        The numbers of a column, 0 for the inputs; None if it has none.
    edges : callable ``(trainer, column) -> (low, high)`` or None
        Fixed edges of the histogram, if there are any.
    sizes : bool
        Whether to show the mean of absolute values instead of the mean.
    backward : bool
        Whether it belongs to the backward pass.
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


def _pre_activation(snapshot: LayerSnapshot, column: int) -> Array | None:
    return snapshot.tape.layers[column - 1].pre if column else None


def _activation(snapshot: LayerSnapshot, column: int) -> Array:
    if column == 0:
        return snapshot.inputs[:, :-1]
    if column == len(snapshot.tape.layers):
        return snapshot.trainer.link.f(snapshot.tape.scores)
    return snapshot.tape.layers[column - 1].post


def _activation_edges(trainer: Trainer, column: int) -> Edges | None:
    """The range of the outputs, if they are bounded."""
    if column == 0:
        return None
    if column == len(trainer.network.blocks):
        return (0.0, 1.0) if trainer.task.probabilities else None
    block, activate = trainer.network.blocks[column - 1], activation_of(trainer, column - 1)
    if activate is None or block.activate is None:
        return None
    if any(layer.size for layer in trainer.network.layers[block.activate + 1 : block.last + 1]):
        return None  # batch norm after the activation changes the range
    edges = activate.activation.range(*activate.values)
    return edges if np.isfinite(edges).all() else None


def _gradient(snapshot: LayerSnapshot, column: int) -> Array | None:
    return snapshot.gradients.layers[column - 1].pre if column else None


def _own_weights(snapshot: LayerSnapshot, column: int) -> slice | Array | None:
    """Where the weights of a block are; None for the inputs, and where it has none of its own."""
    return snapshot.weights[column - 1] if column else None


def _weight(snapshot: LayerSnapshot, column: int) -> Array | None:
    own = _own_weights(snapshot, column)
    return None if own is None else snapshot.state.params[own]


def _weight_gradient(snapshot: LayerSnapshot, column: int) -> Array | None:
    own = _own_weights(snapshot, column)
    return None if own is None else snapshot.gradients.flat[own] / snapshot.samples


def _update_ratio(snapshot: LayerSnapshot, column: int) -> Array | None:
    own = _own_weights(snapshot, column)
    if own is None:
        return None
    size, change = np.abs(snapshot.state.params[own]), np.abs(snapshot.change[own])
    # A zero update counts as the smallest, whatever the weight.
    return np.clip(np.where(change == 0.0, FAINTEST, np.log10(change / size)), FAINTEST, STRONGEST)


QUANTITIES = Registry(
    "quantity",
    [
        Quantity("pre_activation", "pre-activation", "z", r"z = x W + b",
                 "The weighted sums before the activation function, over the training points.", _pre_activation),
        Quantity("activation", "activation", "a", r"a = f(z)",
                 "The layer's outputs, over the training points.", _activation, _activation_edges),
        Quantity("gradient", "gradient", "g", r"\partial L_i / \partial z",
                 "The derivatives of each training point's loss with respect to the layer's pre-activations.",
                 _gradient, sizes=True, backward=True),
        Quantity("weight", "weight", "w", r"W", "The weights of the links into the layer.", _weight),
        Quantity("weight_gradient", "weight gradient", "g", r"\partial L / \partial W",
                 "The derivatives of the mean data loss with respect to the weights of the links into the layer.",
                 _weight_gradient, sizes=True, backward=True),
        Quantity("update_ratio", "update / weight", "r", r"\log_{10} |\Delta W| / |W|",
                 "The next step's change of each weight over the weight, as a power of ten; about -3 is good.",
                 _update_ratio, lambda trainer, column: (FAINTEST, STRONGEST), backward=True),
    ],
)  # fmt: skip
