"""Dense stacks: networks of dense layers, each with its batch norm, activation and dropout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from engine.activations import ACTIVATIONS, Activation
from engine.arrays import Array
from engine.config.checks import sequence
from engine.initializers import BIAS_INITIALIZERS, INITIALIZERS, Initializer
from engine.layers import BatchNorm, Dense, Draw, DropConnect, Dropout, Layer, Noise, activation_layer
from engine.limits import LIMITS
from engine.network import Network
from engine.placements import placed
from engine.registry import Hyperparameters, check_count, check_kind, complete


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
        Whether there is batch norm: True or "before" the activation (then there is no bias), "after" it, or False.
    dropout : float
        Share of the outputs that training sets to zero.
    drop_connect : float
        Share of the weights that training sets to zero.
    """

    units: int
    activation: str = "tanh"
    hyperparameters: Mapping[str, float] = field(default_factory=dict)
    batch_norm: bool | str = False
    dropout: float = 0.0
    drop_connect: float = 0.0

    def __post_init__(self) -> None:
        check_count("units", self.units)
        for name in ("dropout", "drop_connect"):
            LIMITS[name].check_one(getattr(self, name))


@dataclass(frozen=True, slots=True)
class Initialization:
    """How initial parameters are drawn: keys of INITIALIZERS and BIAS_INITIALIZERS, each with its hyperparameters."""

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
            weights.adapt,
        )


XAVIER = Initialization()


def _sample(
    entry: Initializer,
    activation: Activation,
    hyperparameters: Hyperparameters,
    rng: np.random.Generator,
    rows: int,
    width: int,
) -> Array:
    return entry.sample(rng, rows, width, activation, hyperparameters)


def dense_stack(
    inputs: int,
    hidden: Sequence[HiddenLayer],
    outputs: int,
    initialization: Initialization = XAVIER,
    input_noise: float = 0.0,
) -> Network:
    """Make a network of dense layers.

    Parameters
    ----------
    inputs, outputs : int
        Number of inputs and of output units.
    hidden : sequence of HiddenLayer
    initialization : Initialization
        How the initial parameters are drawn.
    input_noise : float
        Standard deviation of the normal noise that training adds to the inputs.
    """
    check_count("inputs", inputs)
    LIMITS["input_noise"].check_one(input_noise)
    layers: list[Layer] = [Noise(inputs, input_noise)] if input_noise > 0 else []
    fan_in = inputs
    for choice in sequence("hidden", hidden):
        check_kind("hidden", choice, HiddenLayer)
        layers += _hidden(choice, fan_in, initialization)
        fan_in = choice.units
    return Network(inputs, [*layers, dense(outputs, fan_in, initialization)])


def dense(width: int, fan_in: int, initialization: Initialization = XAVIER, activation: str = "linear") -> Dense:
    """Make a dense layer with biases.

    Parameters
    ----------
    width, fan_in : int
        Outputs and inputs.
    initialization : Initialization
        How the initial parameters are drawn.
    activation : str
        Key of ACTIVATIONS: the activation after the layer, which initialisers use. After an output layer there is
        none, because the link belongs to the task.
    """
    check_kind("initialization", initialization, Initialization)
    return Dense(width, fan_in, initialization.draw(ACTIVATIONS[activation]))


def _hidden(choice: HiddenLayer, fan_in: int, initialization: Initialization) -> list[Layer]:
    """The layers that one hidden layer is made of."""
    check_kind("initialization", initialization, Initialization)
    units, entry, norm = choice.units, ACTIVATIONS[choice.activation], placed(choice.batch_norm)
    activate = activation_layer(
        entry, units, complete(entry.hyperparameters, choice.hyperparameters, f"activation {entry.name}")
    )
    sums = activate.pieces_per_unit * units
    parts = (sums, fan_in, initialization.draw(entry), not norm.before)
    layers: list[Layer] = [DropConnect(*parts, choice.drop_connect) if choice.drop_connect > 0 else Dense(*parts)]
    if norm.before:
        layers.append(BatchNorm(sums))
    layers.append(activate)
    if norm.after:
        layers.append(BatchNorm(units))
    if choice.dropout > 0:
        layers.append(Dropout(units, choice.dropout))
    return layers
