"""Choices: everything a person can choose, as bounded parameters in small groups.

Strings, numbers and lists only; no widget and no session is known here. All bounds and names come from the engine's
registries. A value out of range is refused with one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import param

from engine import (
    ACTIVATIONS,
    AVERAGINGS,
    BIAS_INITIALIZERS,
    CLIPPINGS,
    DATASETS,
    DIRECTIONS,
    EXPERIMENTS,
    FEATURES,
    INITIALIZERS,
    LIMITS,
    LOSSES,
    MOMENTUM_SCHEDULES,
    OPTIMIZERS,
    PREPROCESSORS,
    REGULARIZERS,
    SCHEDULES,
    STOPPINGS,
    Hyperparameter,
    Registry,
)
from engine.config import TUNED
from engine.limits import MOST_LAYERS
from engine.look import QUANTITIES, VIEWS
from engine.placements import placed
from engine.registry import Refusal, brief
from playground.network_page.messages import LayerChoices
from playground.network_page.pictures import AXES, PICTURES
from playground.runtime.json_value import Json
from playground.runtime.options import Described, Option
from playground.runtime.parameters import Bounded, Choice, Several, Switch, hyperparameter_setting, mapping
from playground.runtime.session_loop import FULL_SPEED

SAMPLES = replace(LIMITS["samples"], low=50, high=5000)
LAYERS = Hyperparameter("layers", 2, 0, MOST_LAYERS, "Number of hidden layers.", integer=True)
UNITS = LIMITS["units"]
DROPOUT = replace(LIMITS["dropout"], high=0.8)
DROP_CONNECT = replace(LIMITS["drop_connect"], high=0.8)
SPEED = Hyperparameter("speed", 1000, 1, FULL_SPEED, "Steps per second, as far as the machine can.", "Speed", log=True)
_HIDDEN_LAYER = Hyperparameter(
    "hidden_layer", MOST_LAYERS, 0, MOST_LAYERS, "Whose space is shown, at most the last.", "Layer", integer=True
)
_REDRAWN = "Steps until the landscape is drawn anew; 0 for on request."
_LANDSCAPE_EVERY = Hyperparameter("landscape_every", 1000, 0, 1e6, _REDRAWN, "Redraw", integer=True)
_PAGE = {
    "samples": SAMPLES,
    "train_fraction": replace(LIMITS["train_fraction"], low=0.1, high=0.9),
    "learning_rate": replace(LIMITS["learning_rate"], low=1e-6, high=10),
    "regularization_rate": replace(LIMITS["regularization_rate"], high=10),
    "batch_size": replace(LIMITS["batch_size"], high=SAMPLES.high),
    "input_noise": replace(LIMITS["input_noise"], high=2),
}


def _widest_hyperparameters() -> dict[str, Hyperparameter]:
    """Every hyperparameter that an activation has, by its name, with the range of all of that name together."""
    widest: dict[str, Hyperparameter] = {}
    for hyperparameter in (
        hyperparameter for entry in ACTIVATIONS.values() for hyperparameter in entry.hyperparameters
    ):
        known = widest.get(hyperparameter.name, hyperparameter)
        widest[hyperparameter.name] = replace(
            known, low=min(known.low, hyperparameter.low), high=max(known.high, hyperparameter.high)
        )
    return widest


_ACTIVATION_HYPERPARAMETERS = _widest_hyperparameters()


def check_own_hyperparameters(activations: list[str], hyperparameters: Sequence[object]) -> None:
    """Refuse what a layer's own activation does not allow."""
    for name, values in zip(activations, hyperparameters, strict=False):
        for hyperparameter in ACTIVATIONS[name].hyperparameters:
            given = mapping("activation_params", values)
            if hyperparameter.name in given:
                hyperparameter.check_one(given[hyperparameter.name])


def own_hyperparameters(activation: str, hyperparameters: Mapping[str, float]) -> dict[str, float]:
    """Those numbers of a layer that its present activation has; the others wait for theirs to be chosen again."""
    own = {hyperparameter.name for hyperparameter in ACTIVATIONS[activation].hyperparameters}
    return {name: value for name, value in hyperparameters.items() if name in own}


def _within(activation: str, hyperparameters: Mapping[str, float]) -> dict[str, float]:
    """Those numbers of a layer that its activation allows, and those that are not its own."""
    own = {hyperparameter.name: hyperparameter for hyperparameter in ACTIVATIONS[activation].hyperparameters}
    return {
        name: value
        for name, value in hyperparameters.items()
        if name not in own or own[name].low <= value <= own[name].high
    }


NO_EXPERIMENT = Option("none", "none", "No experiment, free play.")
_OPENED: Registry[Described] = Registry("experiment", [NO_EXPERIMENT, *EXPERIMENTS.values()])


def _units(name: str, value: Json) -> None:
    replace(UNITS, name=name).check_one(value)


def _rate(name: str, value: Json) -> None:
    replace(DROPOUT, name=name).check_one(value)


def _norm(name: str, value: Json) -> None:
    placed(value)


def _layer_params(name: str, value: Json) -> None:
    """Whether these are numbers by the names of hyperparameters; their range depends on the layer's activation."""
    for hyperparameter, number in mapping(name, value).items():
        if not isinstance(hyperparameter, str) or hyperparameter not in _ACTIVATION_HYPERPARAMETERS:
            raise Refusal(
                f"{name} must be hyperparameters out of {', '.join(_ACTIVATION_HYPERPARAMETERS)}; "
                f"not {brief(hyperparameter)}."
            )
        _ACTIVATION_HYPERPARAMETERS[hyperparameter].check_one(number)


def _feature(name: str, value: Json) -> None:
    FEATURES[value]  # type: ignore[index]  # whatever it is, a registry refuses it


def _activation(name: str, value: Json) -> None:
    ACTIVATIONS[value]  # type: ignore[index]


def _of_layers(first: Json, item: Callable[[str, Any], None], label: str, doc: str, of: Any = str) -> Several:
    """A choice with one value for each hidden layer."""
    return Several([first, first], item, 0, int(LAYERS.high), label, doc, of)


class DataSettings(param.Parameterized):
    """What there is to learn."""

    dataset = Choice(DATASETS, "circle", "Dataset", "What the network has to learn.")
    train_fraction = Bounded(_PAGE["train_fraction"])
    noise = Bounded(LIMITS["noise"])
    samples = Bounded(SAMPLES)
    preprocessing = Choice(PREPROCESSORS, "none", "Preprocessing", "What is done to the inputs before training.")
    seed = Bounded(LIMITS["seed"])


class OwnDataSettings(DataSettings):
    """The same for data of a user's own, all of which may be for training."""

    train_fraction = Bounded(replace(_PAGE["train_fraction"], high=1.0))


class ModelSettings(param.Parameterized):
    """What the network is.

    ``activation``, its hyperparameters, ``batch_norm`` and the drop rates have one value for each hidden layer.
    """

    features = Several(
        ["x1", "x2"], _feature, 1, len(FEATURES), "Inputs", "What the network sees of a point, in the registry's order."
    )
    hidden = Several(
        [4, 2], _units, int(LAYERS.low), int(LAYERS.high), "Hidden layers", "Units of each hidden layer.", int
    )
    activation = _of_layers("tanh", _activation, "Activation", "Activation function of each hidden layer.")
    activation_params = _of_layers(
        {}, _layer_params, "Activation hyperparameters", "The numbers of each layer's activation.", dict[str, float]
    )
    batch_norm = _of_layers("off", _norm, "Batch norm", "Whether and where each layer normalises its signal.")
    dropout = _of_layers(0.0, _rate, "Dropout", "Share of each layer's outputs silenced while training.", float)
    drop_connect = _of_layers(
        0.0, _rate, "DropConnect", "Share of each layer's weights silenced while training.", float
    )
    initializer = Choice(INITIALIZERS, "xavier_normal", "Initialisation", "How the initial weights are drawn.")
    bias_initializer = Choice(BIAS_INITIALIZERS, "zeros", "First biases", "The initial values of the biases.")

    PER_LAYER = {
        "activation": "tanh",
        "activation_params": {},
        "batch_norm": "off",
        "dropout": 0.0,
        "drop_connect": 0.0,
    }

    @param.depends("hidden", *PER_LAYER, watch=True)
    def _fit_to_layers(self) -> None:
        """Give every hidden layer one value of each kind; a new layer takes after the one before."""
        layers = len(self.hidden)
        fitted = {}
        for name in self.PER_LAYER:
            values = getattr(self, name)
            if len(values) != layers:
                fitted[name] = (values + [self._of_next(name)] * layers)[:layers]
        plain = [placed(value).name for value in fitted.get("batch_norm", self.batch_norm)]
        if plain != self.batch_norm:
            fitted["batch_norm"] = plain
        if fitted:
            self.param.update(**fitted)

    def _of_next(self, name: str) -> Any:
        """What a new layer takes over from the one before, or what the first one has."""
        values = getattr(self, name)
        return values[-1] if values else self.PER_LAYER[name]

    def next_layer(self) -> LayerChoices:
        """What one more hidden layer would be like."""
        units = max([int(UNITS.default), *self.hidden[-1:]])
        return cast(LayerChoices, {"hidden": units, **{name: self._of_next(name) for name in self.PER_LAYER}})

    @param.depends("activation", watch=True)
    def _forget_what_is_not_allowed(self) -> None:
        """Another activation may have a hyperparameter of the same name and a narrower range."""
        kept = [_within(*pair) for pair in zip(self.activation, self.activation_params, strict=False)]
        kept += self.activation_params[len(kept) :]
        if kept != self.activation_params:
            self.activation_params = kept

    @param.depends("features", watch=True)
    def _sort_features(self) -> None:
        ordered = [name for name in FEATURES if name in self.features]
        if ordered != self.features:
            self.features = ordered


class TrainingSettings(param.Parameterized):
    """How the network learns."""

    speed = Bounded(SPEED)
    optimizer = Choice(OPTIMIZERS, "sgd", "Optimizer", "The rule that turns gradients into steps.")
    learning_rate = Bounded(_PAGE["learning_rate"])
    clipping = Choice(
        CLIPPINGS, "none", "Gradient clipping", "Limits the norm of the gradient, or each of its numbers."
    )
    schedule = Choice(SCHEDULES, "constant", "Rate schedule", "How the learning rate changes with the steps.")
    momentum_schedule = Choice(
        MOMENTUM_SCHEDULES, "constant", "Momentum schedule", "How the momentum changes, where the optimizer has one."
    )
    stopping = Choice(STOPPINGS, "never", "Stop when", "The criterion at which training stops.")
    averaging = Choice(
        AVERAGINGS, "none", "Average of weights", "Which average of the weights over the steps is used for evaluation."
    )
    loss = Choice(LOSSES, "cross_entropy", "Loss", "The function that training minimises.")
    regularization = Choice(REGULARIZERS, "none", "Penalty", "A term that is added to the loss for large weights.")
    regularization_rate = Bounded(_PAGE["regularization_rate"])
    batch_size = Bounded(_PAGE["batch_size"])
    shuffle = Switch(True, label="Shuffle", doc="Put the training points into a new random order in every epoch.")
    input_noise = Bounded(_PAGE["input_noise"])


class DisplaySettings(param.Parameterized):
    """What is shown, and how. Nothing here touches the training."""

    show_test = Switch(False, label="Test points", doc="Show the test points, with a dark rim.")
    discretize = Switch(False, label="Discretise", doc="Show only the sign, or the class, of every value.")
    view = Choice(VIEWS, "evaluate", "View", "How the network is used for these pictures and those of the units.")
    log_loss = Switch(False, label="Log scale", doc="Show the losses on a logarithmic axis.")
    dark = Switch(False, label="Dark mode", doc="Light text on a dark page.")
    upper = Choice(QUANTITIES, "activation", "Upper histograms", "What the upper row below the layers shows.")
    lower = Choice(QUANTITIES, "gradient", "Lower histograms", "What the lower row below the layers shows.")
    log_counts = Switch(False, label="Log counts", doc="Logarithmic heights: a lone value among thousands shows.")
    layer_detail = Bounded(
        Hyperparameter("layer_detail", 0, 0, MOST_LAYERS + 1, "The layer seen in detail; 0 for none.", integer=True)
    )
    picture = Choice(PICTURES, "output", "Picture", "What the large picture shows.")
    hidden_layer = Bounded(_HIDDEN_LAYER)
    hidden_axes = Choice(AXES, "principal", "Axes", "Along which axes the hidden space is shown.")
    hidden_units = Several([1, 2], _units, 2, 2, "Units", "The two units whose outputs are the axes.", int)
    directions = Choice(DIRECTIONS, "path", "Directions", "The plane on which the loss is shown.")
    landscape_every = Bounded(_LANDSCAPE_EVERY)
    experiment = Choice(_OPENED, "none", "Experiment", "A prepared experiment, and what to notice in it.")


def _hyperparameter_settings() -> type[param.Parameterized]:
    """One parameter for each hyperparameter of each entry, so that an entry chosen again still has its numbers."""
    params: dict[str, param.Parameter[Any]] = {
        hyperparameter_setting(owner, entry.name, hyperparameter.name): Bounded(hyperparameter)
        for owner, registry in TUNED.items()
        for entry in registry.values()
        for hyperparameter in entry.hyperparameters
    }
    return param.parameterized_class("HyperparameterSettings", params, bases=param.Parameterized)


HyperparameterSettings = _hyperparameter_settings()


REDRAWING = frozenset(DisplaySettings.param) - {"name"} | {"speed"}
"""Choices that change neither network nor training, only what is seen of them and how fast."""
