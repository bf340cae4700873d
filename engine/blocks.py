"""Columns: what one layer of units is made of, and where its parts are in the list of layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from engine.activations import ACTIVATIONS, Activation
from engine.arrays import Array
from engine.initializers import BIAS_INITIALIZERS, INITIALIZERS, Initializer
from engine.layers import BatchNorm, Dense, Draw, DropConnect, Dropout, Layer, Maxout, activation_layer
from engine.placements import placed
from engine.registry import complete


@dataclass(frozen=True, slots=True)
class Block:
    """Where a column of units sits in the list of layers.

    dense : its dense layer
    activate : its activation, None for the output
    last : its last layer, counting masks
    units : how many it has
    pieces : pre-activations of each unit, more than one for maxout
    shift : the layer in the last ``pieces * units`` parameters of which the biases are: dense, or batch norm before
    the activation, whose shift stands in for the bias
    """

    dense: int
    activate: int | None
    last: int
    units: int
    pieces: int
    shift: int


@dataclass(frozen=True, slots=True)
class HiddenLayer:
    """What one hidden layer is made of.

    Parameters
    ----------
    units : int
    activation : str
        Key of ACTIVATIONS.
    hyperparameters : mapping of str to float
        The activation's.
    batch_norm : bool or str
        Whether there is batch norm: True or "before" the activation (then the bias is dropped), "after" it, or False.
    dropout : float
        Share of the outputs silenced in training.
    drop_connect : float
        Share of the weights silenced in training.
    """

    units: int
    activation: str = "tanh"
    hyperparameters: Mapping[str, float] = field(default_factory=dict)
    batch_norm: bool | str = False
    dropout: float = 0.0
    drop_connect: float = 0.0


@dataclass(frozen=True, slots=True)
class Initialization:
    """How the first parameters are drawn: keys of INITIALIZERS and BIAS_INITIALIZERS, each with its hyperparameters."""

    weights: str = "xavier_normal"
    weight_params: Mapping[str, float] = field(default_factory=dict)
    bias: str = "zeros"
    bias_params: Mapping[str, float] = field(default_factory=dict)

    def draw(self, activation: Activation) -> Draw:
        """For a dense layer that this activation follows."""
        weights, bias = INITIALIZERS[self.weights], BIAS_INITIALIZERS[self.bias]
        return Draw(
            partial(_sample, weights, activation, complete(weights.hyperparameters, self.weight_params, "initializer")),
            partial(_sample, bias, activation, complete(bias.hyperparameters, self.bias_params, "bias initializer")),
        )


XAVIER = Initialization()

_AFTER_OUTPUT = "linear"
"""What initialisers are told to follow the output layer: the link belongs to the task, not to the network."""


def _sample(
    entry: Initializer,
    activation: Activation,
    hyperparameters: Mapping[str, Any],
    rng: np.random.Generator,
    rows: int,
    width: int,
) -> Array:
    return entry.sample(rng, rows, width, activation, hyperparameters)


def hidden_block(choice: HiddenLayer, place: int, fan_in: int, start: Initialization) -> tuple[list[Layer], Block]:
    """The layers of one hidden layer, the first of them at ``place``, and where they are."""
    units, entry, norm = choice.units, ACTIVATIONS[choice.activation], placed(choice.batch_norm)
    activate = activation_layer(
        entry, units, complete(entry.hyperparameters, choice.hyperparameters, f"activation {entry.name}")
    )
    pieces = activate.pieces if isinstance(activate, Maxout) else 1
    dense = (pieces * units, fan_in, start.draw(entry), not norm.before)
    layers: list[Layer] = [DropConnect(*dense, choice.drop_connect) if choice.drop_connect > 0 else Dense(*dense)]
    if norm.before:
        layers.append(BatchNorm(pieces * units))
    layers.append(activate)
    at = place + len(layers) - 1
    if norm.after:
        layers.append(BatchNorm(units))
    if choice.dropout > 0:
        layers.append(Dropout(units, choice.dropout))
    return layers, Block(place, at, place + len(layers) - 1, units, pieces, place + norm.before)


def output_block(units: int, place: int, fan_in: int, start: Initialization) -> tuple[list[Layer], Block]:
    """The one layer of the output, at ``place``, and where it is."""
    layers: list[Layer] = [Dense(units, fan_in, start.draw(ACTIVATIONS[_AFTER_OUTPUT]))]
    return layers, Block(place, None, place, units, 1, place)
