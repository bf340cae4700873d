"""Config: every choice that decides what a network is and how it trains. Immutable, checked, complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from engine.activations import ACTIVATIONS
from engine.arrays import frozen
from engine.datasets import DATASETS
from engine.features import FEATURES
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.penalties import PENALTIES
from engine.preprocessing import PREPROCESSORS
from engine.registry import Knob, Refusal, Registry, complete
from engine.schedules import SCHEDULES

PerLayer: TypeAlias = Any
"""One value, or a sequence with one for each hidden layer; in a made Config always a tuple."""

MOST_LAYERS = 50
MOST_UNITS = 64

LIMITS = Registry(
    "setting",
    [
        Knob("samples", 500, 2, 100_000, "Number of points, training and test together.", "Samples", integer=True),
        Knob("noise", 0, 0, 50, "How far the points are scattered.", "Noise", unit="%"),
        Knob("train_fraction", 0.5, 0.01, 0.99, "Share of the points that the network learns from.", "Train share"),
        Knob("learning_rate", 0.03, 0, 1000, "Length of a step along the gradient.", "Learning rate", log=True),
        Knob("penalty_rate", 0, 0, 100, "Weight of the penalty against the data loss.", "Penalty rate", log=True),
        Knob("batch_size", 10, 1, 100_000, "Points that are averaged for one step.", "Batch size", integer=True),
        Knob("dropout", 0, 0, 0.95, "Share of the layer's outputs that are silenced in each step.", "Dropout"),
        Knob("units", 2, 1, MOST_UNITS, "Units in a layer.", "Units", integer=True),
        Knob("seed", 0, 0, 2**32 - 1, "Decides data, initial weights, batch order and masks.", "Seed", integer=True),
    ],
)

_NAMED: Mapping[str, Registry[Any]] = {
    "dataset": DATASETS,
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "penalty": PENALTIES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "preprocessing": PREPROCESSORS,
}
_NUMBERS = ("samples", "noise", "train_fraction", "learning_rate", "penalty_rate", "batch_size", "seed")
_PER_LAYER = ("activation", "batch_norm", "dropout")
_REBUILDING = (
    "dataset", "samples", "noise", "train_fraction", "features", "hidden", "initializer", "batch_norm",
    "preprocessing", "seed",
)  # fmt: skip
"""A change of these asks for new data or a new network; all others apply to a running one."""


def _plain(value: Any) -> Any:
    """A NumPy scalar as Python's."""
    return value.item() if isinstance(value, np.generic) else value


def _own(value: Any) -> Any:
    """A number, or a copy of an array that its giver cannot change any more."""
    return frozen(np.array(value, dtype=float)) if np.ndim(value) else _plain(value)


def _sequence(name: str, value: Any) -> tuple[Any, ...]:
    try:
        return tuple(value)
    except TypeError:
        raise Refusal(f"{name} must be a sequence; not {value!r}.") from None


@dataclass(frozen=True, slots=True, eq=False)
class Config:
    """All choices, with defaults; checked when made.

    Parameters
    ----------
    dataset : str
        Key of DATASETS.
    samples : int
        Points in all, 2 to 100,000.
    noise : float
        Per cent, 0 to 50.
    train_fraction : float
        Share of training points, 0.01 to 0.99.
    features : sequence of str
        Keys of FEATURES, at least one, in the order of the input units.
    hidden : sequence of int
        Units of each hidden layer: at most 50 layers of 1 to 64.
    activation, batch_norm, dropout : one value, or one for each hidden layer
        Key of ACTIVATIONS; whether the pre-activations are normalised; rate 0 to 0.95 after the activation.
    initializer, loss, penalty, optimizer, schedule, preprocessing : str
        Keys of the registries.
    penalty_rate : float
        0 to 100.
    optimizer_knobs, schedule_knobs : mapping of str to number
        Missing ones take their defaults.
    learning_rate : float
        0 to 1000.
    batch_size : int
        1 or more; more than there are training points means all of them.
    seed : int
        0 to 2**32 - 1.

    Raises
    ------
    ValueError
        One sentence that names the parameter, what is allowed and what came.

    Notes
    -----
    ``learning_rate`` and the optimizer's knobs may be arrays (n,) when n networks train at once.
    """

    dataset: str = "spiral"
    samples: int = 500
    noise: float = 0.0
    train_fraction: float = 0.5
    features: Sequence[str] = ("x1", "x2")
    hidden: Sequence[int] = (4, 2)
    activation: PerLayer = "tanh"
    initializer: str = "xavier_normal"
    batch_norm: PerLayer = False
    dropout: PerLayer = 0.0
    loss: str = "cross_entropy"
    penalty: str = "none"
    penalty_rate: float = 0.0
    optimizer: str = "sgd"
    optimizer_knobs: Mapping[str, Any] = field(default_factory=dict)
    learning_rate: Any = 0.03
    schedule: str = "constant"
    schedule_knobs: Mapping[str, Any] = field(default_factory=dict)
    preprocessing: str = "none"
    batch_size: int = 10
    seed: int = 0

    def __post_init__(self) -> None:
        for name, registry in _NAMED.items():
            registry[getattr(self, name)]
        for name in _NUMBERS:
            value, knob = getattr(self, name), LIMITS[name]
            if name == "learning_rate":
                knob.check(value)
            else:
                knob.check_one(value)
            self._set(name, int(value) if knob.integer else _own(value))
        self._set("features", self._checked_features())
        self._set("hidden", self._checked_hidden())
        for name in _PER_LAYER:
            self._set(name, self._per_layer(name))
        for owner, registry in (("optimizer", OPTIMIZERS), ("schedule", SCHEDULES)):
            entry = registry[getattr(self, owner)]
            knobs = complete(entry.knobs, getattr(self, f"{owner}_knobs"), f"{owner} {entry.name}")
            knobs = {name: _own(value) for name, value in knobs.items()}
            self._set(f"{owner}_knobs", MappingProxyType(knobs))

    def _set(self, name: str, value: Any) -> None:
        # A frozen dataclass may still complete itself while it is made.
        object.__setattr__(self, name, value)

    def _checked_features(self) -> tuple[str, ...]:
        names = (self.features,) if isinstance(self.features, str) else _sequence("features", self.features)
        for name in names:
            FEATURES[name]
        if not names or len(set(names)) < len(names):
            raise Refusal(f"features must name at least one feature, each once; not {names!r}.")
        return names

    def _checked_hidden(self) -> tuple[int, ...]:
        hidden = _sequence("hidden", self.hidden)
        if len(hidden) > MOST_LAYERS:
            raise Refusal(f"hidden must have between 0 and {MOST_LAYERS} layers; not {len(hidden)}.")
        for units in hidden:
            LIMITS["units"].check_one(units)
        return tuple(int(units) for units in hidden)

    def _per_layer(self, name: str) -> tuple[Any, ...]:
        """One value for each hidden layer, whether one or all were given."""
        given, layers = getattr(self, name), len(self.hidden)
        if isinstance(given, (str, bool, int, float, np.generic)):
            self._check_layer_value(name, given)
            return (_plain(given),) * layers
        values = tuple(_plain(value) for value in _sequence(name, given))
        if len(values) != layers:
            raise Refusal(f"{name} must have one value, or one for each of {layers} hidden layers; not {given!r}.")
        for value in values:
            self._check_layer_value(name, value)
        return values

    @staticmethod
    def _check_layer_value(name: str, value: Any) -> None:
        if name == "dropout":
            LIMITS["dropout"].check_one(value)
        elif name == "activation":
            ACTIVATIONS[value]
        elif not isinstance(value, (bool, np.bool_)):
            raise Refusal(f"batch_norm must be True or False; not {value!r}.")

    def rebuilds(self, other: Config) -> bool:
        """Whether going from this Config to the other needs new data or new weights."""
        return any(getattr(self, name) != getattr(other, name) for name in _REBUILDING)
