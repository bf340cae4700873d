"""ModelConfig: the network, and the function that training minimises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from engine.activations import ACTIVATIONS
from engine.config.checks import (
    check_names,
    check_numbers,
    check_params,
    differs,
    groups,
    names_of,
    numbers,
    plain,
    put,
    sequence,
    tuned,
)
from engine.config.part import Part
from engine.initializers import BIAS_INITIALIZERS, INITIALIZERS
from engine.limits import LIMITS, MOST_LAYERS
from engine.losses import LOSSES
from engine.placements import placed
from engine.registry import Refusal, Registry, brief, complete
from engine.regularization import REGULARIZERS

PerLayer: TypeAlias = Any
"""One value, or a sequence with one for each hidden layer; in a made Config always a tuple."""

REGISTRIES: Mapping[str, Registry[Any]] = {
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "regularization": REGULARIZERS,
    "bias_initializer": BIAS_INITIALIZERS,
}
_RATES = ("dropout", "drop_connect")
_PER_LAYER = ("activation", "batch_norm", *_RATES)
_SHAPING = (
    "hidden",
    "initializer",
    "initializer_params",
    "bias_initializer",
    "bias_initializer_params",
    "batch_norm",
)
"""A change of these needs new weights; all others apply to a running network."""


@dataclass(frozen=True, eq=False)
class ModelConfig(Part):
    """Choices of the network and its objective; checked when made. See Config."""

    hidden: Sequence[int] = (4, 2)
    activation: PerLayer = "tanh"
    activation_params: PerLayer = field(default_factory=dict)
    batch_norm: PerLayer = False
    dropout: PerLayer = 0.0
    drop_connect: PerLayer = 0.0
    input_noise: float = 0.0
    initializer: str = "xavier_normal"
    initializer_params: Mapping[str, Any] = field(default_factory=dict)
    bias_initializer: str = "zeros"
    bias_initializer_params: Mapping[str, Any] = field(default_factory=dict)
    loss: str = "cross_entropy"
    regularization: str = "none"
    regularization_params: Mapping[str, Any] = field(default_factory=dict)
    regularization_rate: float = 0.0
    frozen: Sequence[str | tuple[int, str]] = ()

    def __post_init__(self) -> None:
        check_names(self, REGISTRIES)
        check_numbers(self, ("regularization_rate", "input_noise"))
        put(self, "hidden", self._checked_hidden())
        for name in _PER_LAYER:
            put(self, name, self._per_layer(name))
        put(self, "activation_params", self._checked_activation_params())
        check_params(self, tuned(REGISTRIES))
        put(self, "frozen", groups(self.frozen))

    def _checked_hidden(self) -> tuple[int, ...]:
        hidden = sequence("hidden", self.hidden)
        if len(hidden) > MOST_LAYERS:
            raise Refusal(f"hidden must have between 0 and {MOST_LAYERS} layers; not {len(hidden)}.")
        for units in hidden:
            LIMITS["units"].check_one(units)
        return tuple(int(units) for units in hidden)

    def _checked_activation_params(self) -> tuple[Mapping[str, float], ...]:
        """One mapping for each hidden layer, complete, whether one for all or all were given."""
        entries = [ACTIVATIONS[name] for name in self.activation]
        given = self.activation_params
        if isinstance(given, Mapping):
            known = {hyperparameter.name for entry in entries for hyperparameter in entry.hyperparameters}
            unknown = [name for name in given if name not in known]
            if unknown:
                has = f"there are {', '.join(sorted(known))}" if known else "there are none"
                raise Refusal(
                    f"activation_params must be hyperparameters of the layers' activations; {has}, not {unknown[0]!r}."
                )
            given = [
                {name: given[name] for name in given if name in names_of(entry.hyperparameters)} for entry in entries
            ]
        given = sequence("activation_params", given)
        if len(given) != len(entries):
            raise Refusal(
                f"activation_params must be one mapping, or one for each of {len(entries)} hidden layers; "
                f"not {brief(given)}."
            )
        return tuple(
            numbers(complete(entry.hyperparameters, hyperparameters, f"activation {entry.name}", several=False))
            for entry, hyperparameters in zip(entries, given, strict=True)
        )

    def _per_layer(self, name: str) -> tuple[Any, ...]:
        """One value for each hidden layer, whether one or all were given."""
        given, layers = plain(getattr(self, name)), len(self.hidden)
        if isinstance(given, (str, bool, int, float)):
            return (self._layer_value(name, given),) * layers
        values = tuple(plain(value) for value in given) if np.iterable(given) else None
        if values is None or len(values) != layers:
            raise Refusal(f"{name} must have one value, or one for each of {layers} hidden layers; not {brief(given)}.")
        return tuple(self._layer_value(name, value) for value in values)

    @staticmethod
    def _layer_value(name: str, value: Any) -> Any:
        """One layer's choice, checked and in its plain form."""
        if name in _RATES:
            LIMITS[name].check_one(value)
        elif name == "activation":
            ACTIVATIONS[value]
        else:
            value = placed(value).plain
        return value

    @property
    def _shapes(self) -> list[Any]:
        """What activations change in the parameters: several pieces, or learned parameters and their initial values."""
        shapes = []
        for name, hyperparameters in zip(self.activation, self.activation_params, strict=True):
            entry, values = ACTIVATIONS[name], tuple(hyperparameters.values())
            shapes.append((entry.pieces(*values), values if entry.learned else ()))
        return shapes

    def needs_new_weights(self, other: ModelConfig) -> bool:
        """Whether going from this to the other needs new initial parameters."""
        return differs(self, other, _SHAPING) or self._shapes != other._shapes
