"""Config: every choice that decides what a network is and how it trains. Immutable, checked, complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from engine.activations import ACTIVATIONS
from engine.arrays import frozen
from engine.averaging import AVERAGINGS
from engine.clipping import CLIPPINGS
from engine.datasets import DATASETS
from engine.features import FEATURES
from engine.initializers import BIAS_INITIALIZERS, INITIALIZERS
from engine.limits import ALL, LIMITS, MOST_LAYERS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.placements import placed
from engine.preprocessing import PREPROCESSORS
from engine.registry import Hyperparameter, Refusal, Registry, brief, complete
from engine.regularization import REGULARIZERS
from engine.schedules import MOMENTUM_SCHEDULES, SCHEDULES
from engine.stopping import STOPPINGS

PerLayer: TypeAlias = Any
"""One value, or a sequence with one for each hidden layer; in a made Config always a tuple."""

_NAMED: Mapping[str, Registry[Any]] = {
    "dataset": DATASETS,
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "regularization": REGULARIZERS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "preprocessing": PREPROCESSORS,
    "bias_initializer": BIAS_INITIALIZERS,
    "clipping": CLIPPINGS,
    "momentum_schedule": MOMENTUM_SCHEDULES,
    "stopping": STOPPINGS,
    "averaging": AVERAGINGS,
}
TUNED: Mapping[str, Registry[Any]] = {
    owner: registry
    for owner, registry in _NAMED.items()
    if any(getattr(entry, "hyperparameters", ()) for entry in registry.values())
}
"""Choices whose entries have hyperparameters: ``optimizer`` has ``optimizer_params`` beside it, and so on."""

_NUMBERS = ("samples", "noise", "train_fraction", "learning_rate", "regularization_rate", "input_noise", "seed")
_RATES = ("dropout", "drop_connect")
_PER_LAYER = ("activation", "batch_norm", *_RATES)
_REBUILDING = (
    "dataset", "samples", "noise", "train_fraction", "features", "hidden", "initializer", "initializer_params",
    "bias_initializer", "bias_initializer_params", "batch_norm", "preprocessing", "seed",
)  # fmt: skip
"""A change of these asks for new data or a new network; all others apply to a running one."""

MANY = "optimizer"
"""The choice whose hyperparameters, like the learning rate, may be arrays with one value for each network."""


def _names(hyperparameters: Sequence[Hyperparameter]) -> set[str]:
    return {hyperparameter.name for hyperparameter in hyperparameters}


def _plain(value: Any) -> Any:
    """A NumPy scalar, or array without axes, as Python's."""
    return value.item() if isinstance(value, (np.generic, np.ndarray)) and value.ndim == 0 else value


def _own(value: Any) -> Any:
    """A number, or a copy of an array that its giver cannot change any more."""
    return frozen(np.array(value, dtype=float)) if np.ndim(value) else _plain(value)


def _sequence(name: str, value: Any) -> tuple[Any, ...]:
    try:
        return tuple(value)
    except TypeError:
        raise Refusal(f"{name} must be a sequence; not {brief(value)}.") from None


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
    activation, batch_norm, dropout, drop_connect : one value, or one for each hidden layer
        Key of ACTIVATIONS; False, True or "before" (batch norm before the activation), or "after"; share of the
        outputs after the activation, and of the weights before it, silenced in training, 0 to 0.95.
    activation_params : mapping of str to number, or one for each hidden layer
        Missing ones take their defaults. One mapping for all may hold hyperparameters of any of the activations.
    input_noise : float
        Standard deviation of the noise that training adds to the preprocessed features, 0 to 5.
    initializer, bias_initializer, loss, penalty, optimizer, clipping, schedule, momentum_schedule, preprocessing, \
stopping, averaging : str
        Keys of the registries.
    regularization_rate : float
        0 to 100.
    initializer_params, bias_initializer_params, regularization_params, optimizer_params, clipping_params, \
schedule_params, momentum_schedule_params, stopping_params, averaging_params : mapping of str to number
        Missing ones take their defaults.
    learning_rate : float
        0 to 1000.
    batch_size : int or "all"
        1 to the number of training points (the default makes do with fewer), 2 at least with batch norm.
    shuffle : bool
        Whether the order of the training points changes from epoch to epoch; the same seed gives the same orders.
    seed : int
        0 to 2**32 - 1.

    Raises
    ------
    ValueError
        One sentence that names the parameter, what is allowed and what came.

    Notes
    -----
    ``learning_rate`` and the optimizer's hyperparameters may be arrays (n,) when n networks train at once.
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
    regularization: str = "none"
    regularization_rate: float = 0.0
    optimizer: str = "sgd"
    optimizer_params: Mapping[str, Any] = field(default_factory=dict)
    learning_rate: Any = 0.03
    schedule: str = "constant"
    schedule_params: Mapping[str, Any] = field(default_factory=dict)
    preprocessing: str = "none"
    batch_size: int | str = 10
    seed: int = 0
    activation_params: PerLayer = field(default_factory=dict)
    drop_connect: PerLayer = 0.0
    input_noise: float = 0.0
    initializer_params: Mapping[str, Any] = field(default_factory=dict)
    bias_initializer: str = "zeros"
    bias_initializer_params: Mapping[str, Any] = field(default_factory=dict)
    regularization_params: Mapping[str, Any] = field(default_factory=dict)
    clipping: str = "none"
    clipping_params: Mapping[str, Any] = field(default_factory=dict)
    momentum_schedule: str = "constant"
    momentum_schedule_params: Mapping[str, Any] = field(default_factory=dict)
    stopping: str = "never"
    stopping_params: Mapping[str, Any] = field(default_factory=dict)
    averaging: str = "none"
    averaging_params: Mapping[str, Any] = field(default_factory=dict)
    shuffle: bool = True

    def __post_init__(self) -> None:
        for name, registry in _NAMED.items():
            registry[getattr(self, name)]
        for name in _NUMBERS:
            value, hyperparameter = getattr(self, name), LIMITS[name]
            if name == "learning_rate":
                hyperparameter.check(value)
            else:
                hyperparameter.check_one(value)
            self._set(name, int(value) if hyperparameter.integer else _own(value))
        self._set("features", self._checked_features())
        self._set("hidden", self._checked_hidden())
        for name in _PER_LAYER:
            self._set(name, self._per_layer(name))
        self._set("activation_params", self._checked_activation_params())
        for owner, registry in TUNED.items():
            self._set(f"{owner}_params", self._checked_params(owner, registry))
        self._set("batch_size", self._checked_batch_size())
        if OPTIMIZERS[self.optimizer].probes and CLIPPINGS[self.clipping].active:
            raise Refusal(
                f"clipping must be none with the optimizer {self.optimizer}, whose line search needs the true "
                f"gradient; not {self.clipping}."
            )
        if not isinstance(self.shuffle, (bool, np.bool_)):
            raise Refusal(f"shuffle must be True or False; not {brief(self.shuffle)}.")
        self._set("shuffle", bool(self.shuffle))

    def _set(self, name: str, value: Any) -> None:
        # A frozen dataclass may still complete itself while it is made.
        object.__setattr__(self, name, value)

    def _checked_features(self) -> tuple[str, ...]:
        names = (self.features,) if isinstance(self.features, str) else _sequence("features", self.features)
        for name in names:
            FEATURES[name]
        if not names or len(set(names)) < len(names):
            raise Refusal(f"features must name at least one feature, each once; not {brief(names)}.")
        return names

    def _checked_hidden(self) -> tuple[int, ...]:
        hidden = _sequence("hidden", self.hidden)
        if len(hidden) > MOST_LAYERS:
            raise Refusal(f"hidden must have between 0 and {MOST_LAYERS} layers; not {len(hidden)}.")
        for units in hidden:
            LIMITS["units"].check_one(units)
        return tuple(int(units) for units in hidden)

    def _checked_batch_size(self) -> int | str:
        given = self.batch_size
        if isinstance(given, str) and given == ALL:
            return given
        LIMITS["batch_size"].check_one(given)
        if given == 1 and any(self.batch_norm):
            raise Refusal("batch_size must be 2 or more with batch norm, which needs a spread; not 1.")
        return int(given)

    def _checked_params(self, owner: str, registry: Registry[Any]) -> Mapping[str, Any]:
        entry = registry[getattr(self, owner)]
        given = getattr(self, f"{owner}_params")
        hyperparameters = complete(entry.hyperparameters, given, f"{owner} {entry.name}", several=owner == MANY)
        return MappingProxyType({name: _own(value) for name, value in hyperparameters.items()})

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
                {name: given[name] for name in given if name in _names(entry.hyperparameters)} for entry in entries
            ]
        given = _sequence("activation_params", given)
        if len(given) != len(entries):
            raise Refusal(
                f"activation_params must be one mapping, or one for each of {len(entries)} hidden layers; "
                f"not {brief(given)}."
            )
        return tuple(
            MappingProxyType(
                {
                    name: _own(value)
                    for name, value in complete(
                        entry.hyperparameters, hyperparameters, f"activation {entry.name}", several=False
                    ).items()
                }
            )
            for entry, hyperparameters in zip(entries, given, strict=True)
        )

    def _per_layer(self, name: str) -> tuple[Any, ...]:
        """One value for each hidden layer, whether one or all were given."""
        given, layers = _plain(getattr(self, name)), len(self.hidden)
        if isinstance(given, (str, bool, int, float)):
            return (self._layer_value(name, given),) * layers
        values = tuple(_plain(value) for value in given) if np.iterable(given) else None
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

    def rebuilds(self, other: Config) -> bool:
        """Whether going from this Config to the other needs new data or new weights."""
        return any(getattr(self, name) != getattr(other, name) for name in _REBUILDING) or self._shapes != other._shapes

    @property
    def _shapes(self) -> list[Any]:
        """What an activation adds to the parameters: several pieces, or learned ones and where they begin."""
        shapes = []
        for name, hyperparameters in zip(self.activation, self.activation_params, strict=True):
            entry, values = ACTIVATIONS[name], tuple(hyperparameters.values())
            shapes.append((entry.pieces(*values), values if entry.learned else ()))
        return shapes
