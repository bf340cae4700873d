import contextlib
import json
import math
from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pytest
from helpers import case, one_sentence
from hypothesis import given
from hypothesis import strategies as st

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
    LOSSES,
    MOMENTUM_SCHEDULES,
    OPTIMIZERS,
    PREPROCESSORS,
    REGULARIZERS,
    SCHEDULES,
    STOPPINGS,
    Config,
    Registry,
    Trainer,
)
from engine.config import TUNED
from engine.look import QUANTITIES, VIEWS
from engine.registry import Refusal
from playground.network_page.experiment_views import EXPERIMENT_VIEWS
from playground.network_page.pictures import AXES, PICTURES
from playground.network_page.settings import Settings
from playground.runtime.options import Option
from playground.runtime.parameters import Bounded, Choice, Several, Switch, hyperparameter_setting
from playground.runtime.session_loop import FULL_SPEED

# The ranges that the issues promise.
RANGES = {
    "train_fraction": (0.1, 0.9),
    "noise": (0, 50),
    "samples": (50, 5000),
    "seed": (0, 2**32 - 1),
    "speed": (1, FULL_SPEED),
    "learning_rate": (1e-6, 10),
    "regularization_rate": (0, 10),
    "batch_size": (1, 5000),
    "input_noise": (0, 2),
    "layer_detail": (0, 51),
    "hidden_layer": (0, 50),
    "landscape_every": (0, 1e6),
    "optimizer_momentum_momentum": (0, 0.999),
    "optimizer_nesterov_momentum": (0, 0.999),
    "optimizer_adam_beta1": (0, 0.999),
    "optimizer_adam_beta2": (0, 0.9999),
    "optimizer_adam_epsilon": (1e-12, 1),
}
HYPERPARAMETERS = {
    hyperparameter_setting(owner, entry.name, hyperparameter.name): hyperparameter
    for owner, registry in TUNED.items()
    for entry in registry.values()
    for hyperparameter in entry.hyperparameters
}
ALL_RANGES = {
    **{name: (hyperparameter.low, hyperparameter.high) for name, hyperparameter in HYPERPARAMETERS.items()},
    **RANGES,
}
WHOLE = (
    "samples",
    "seed",
    "batch_size",
    "layer_detail",
    "hidden_layer",
    "landscape_every",
    *(name for name, hyperparameter in HYPERPARAMETERS.items() if hyperparameter.integer),
)
CHOSEN = {
    "dataset": DATASETS,
    "initializer": INITIALIZERS,
    "bias_initializer": BIAS_INITIALIZERS,
    "optimizer": OPTIMIZERS,
    "clipping": CLIPPINGS,
    "schedule": SCHEDULES,
    "momentum_schedule": MOMENTUM_SCHEDULES,
    "stopping": STOPPINGS,
    "averaging": AVERAGINGS,
    "preprocessing": PREPROCESSORS,
    "loss": LOSSES,
    "regularization": REGULARIZERS,
}
EXPERIMENT = Registry("experiment", [Option("none", "", ""), *EXPERIMENTS.values()])
CHOICES = {
    **CHOSEN, "view": VIEWS, "upper": QUANTITIES, "lower": QUANTITIES, "picture": PICTURES, "hidden_axes": AXES,
    "directions": DIRECTIONS, "experiment": EXPERIMENT,
}  # fmt: skip
LISTS = (
    "features", "hidden", "activation", "activation_params", "batch_norm", "dropout", "drop_connect", "hidden_units",
)  # fmt: skip
SWITCHES = ("shuffle", "show_test", "discretize", "log_loss", "log_counts", "dark")
NO_NUMBERS = [
    math.nan, math.inf, -math.inf, True, None, "1", "", [], [1], [0.5, 0.5], [[1]], ["1"], [True], {}, {"a": 1},
    10**400, 1j, b"1", object(),
]  # fmt: skip


def parameters():
    settings = Settings()
    return {name: group.param[name] for group in settings.groups for name in group.param if name != "name"}


def test_the_tables_of_this_file_cover_every_setting():
    assert set(parameters()) == {*ALL_RANGES, *CHOICES, *LISTS, *SWITCHES}


def test_every_setting_has_a_label_and_a_tooltip_of_one_sentence():
    for name, parameter in parameters().items():
        with case(name):
            assert parameter.label
            assert parameter.doc.endswith(".")
            assert "\n" not in parameter.doc


def test_every_setting_checks_itself():
    kinds = {
        **dict.fromkeys(ALL_RANGES, Bounded), **dict.fromkeys(CHOICES, Choice), **dict.fromkeys(LISTS, Several),
        **dict.fromkeys(SWITCHES, Switch),
    }  # fmt: skip
    assert {name: type(parameter) for name, parameter in parameters().items()} == kinds


# Numbers


def _plain(limit):
    return str(int(limit)) if limit == int(limit) else f"{limit:g}"


@pytest.mark.parametrize(("name", "low", "high"), [(name, *ends) for name, ends in ALL_RANGES.items()])
def test_numbers_keep_to_their_range(name, low, high):
    assert parameters()[name].bounds == (low, high)
    settings = Settings()
    for inside in (low, high):
        settings.update({name: inside})
        assert settings.values()[name] == inside
    step = 1 if name in WHOLE else 1e-9
    for outside in (low - step, high * 1.001 + step):
        allowed = f"{_plain(low)} and {_plain(high)}"
        with pytest.raises(ValueError, match=one_sentence(name, allowed, f"not {outside!r}")):
            settings.update({name: outside})


@pytest.mark.parametrize("name", WHOLE)
def test_counts_are_whole(name):
    with pytest.raises(ValueError, match=one_sentence(name, "a whole number", "not 100.5")):
        Settings(**{name: 100.5})


@pytest.mark.parametrize("name", ["learning_rate", "samples", "speed", "optimizer_adam_beta1"])
def test_what_is_no_number_is_refused(name):
    settings = Settings()
    for value in NO_NUMBERS:
        with case(repr(value)[:12]):
            with pytest.raises(ValueError, match=one_sentence(name)):
                settings.update({name: value})
            assert settings.values() == Settings().values()


@pytest.mark.parametrize("value", [11, math.nan, [0.1], "fast"])
def test_assigning_is_checked_like_updating(value):
    training = Settings().training
    with pytest.raises(ValueError, match=one_sentence("learning_rate", repr(value))):
        training.learning_rate = value
    assert training.learning_rate == 0.03


# Names


@pytest.mark.parametrize(("name", "registry"), CHOSEN.items(), ids=CHOSEN)
def test_every_entry_can_be_chosen(name, registry):
    for entry in registry:
        assert getattr(Settings(**{name: entry}).config(), name) == entry


@pytest.mark.parametrize(("name", "registry"), CHOICES.items(), ids=CHOICES)
def test_unknown_names_list_the_choices(name, registry):
    settings = Settings()
    for value in ("nonsense", "", None, 1, math.nan, [], ["sgd"], {}, True):
        refused = one_sentence(registry.kind, ", ".join(registry), f"not {value!r}")
        with case(repr(value)), pytest.raises(ValueError, match=refused):
            settings.update({name: value})


def test_unknown_settings_list_the_settings():
    with pytest.raises(
        ValueError, match=one_sentence("'colour'", "dataset", "learning_rate", "dark", "hyperparameters")
    ) as why:
        Settings(colour="red")
    assert len(str(why.value)) < 700, "the page has to show it"


# Lists


@pytest.mark.parametrize(("name", "value", "parts"), [
    ("hidden", [1] * 51, ["hidden", "0 to 50"]),
    ("hidden", [0], ["hidden", "1 and 64", "not 0"]),
    ("hidden", [4, 65], ["hidden", "1 and 64", "not 65"]),
    ("hidden", [2.5], ["hidden", "whole", "not 2.5"]),
    ("hidden", [True], ["hidden", "not True"]),
    ("hidden", [math.nan], ["hidden", "not nan"]),
    ("hidden", [None], ["hidden", "not None"]),
    ("hidden", [[4, 2]], ["hidden", "not [4, 2]"]),
    ("hidden", [[]], ["hidden", "not []"]),
    ("hidden", ["4"], ["hidden", "not '4'"]),
    ("hidden", 4, ["hidden", "list", "not 4"]),
    ("hidden", "42", ["hidden", "list", "not '42'"]),
    ("hidden", None, ["hidden", "list"]),
    ("hidden", {"0": 4}, ["hidden", "list"]),
    ("features", [], ["features", "1 to 9"]),
    ("features", ["x3"], ["feature", "x1, x2", "not 'x3'"]),
    ("features", [["x1"]], ["feature", "x1, x2"]),
    ("features", "x1", ["features", "list"]),
    ("activation", "soft", ["activation", ", ".join(ACTIVATIONS), "not 'soft'"]),
    ("activation", ["tanh", 3], ["activation", "not 3"]),
    ("activation", ["tanh"] * 11, ["activation", "one for each of 2"]),
    ("batch_norm", [1, 0], ["batch_norm", "off, before, after", "not 1"]),
    ("batch_norm", "yes", ["batch_norm", "True, False", "off, before, after", "not 'yes'"]),
    ("batch_norm", None, ["batch_norm", "not None"]),
    ("batch_norm", ["before", []], ["batch_norm", "not []"]),
    ("drop_connect", 0.81, ["0 and 0.8", "not 0.81"]),
    ("drop_connect", [0.5], ["drop_connect", "one for each of 2"]),
    ("activation_params", 5, ["activation_params", "names with values", "not 5"]),
    ("activation_params", [{}], ["activation_params", "one for each of 2"]),
    ("activation_params", [{}, None], ["activation_params", "names with values", "not None"]),
    ("activation_params", {"gamma": 1}, ["activation_params", "alpha", "slope", "not 'gamma'"]),
    ("activation_params", {1: 1}, ["activation_params", "alpha", "not 1"]),
    ("activation_params", {"alpha": 11}, ["alpha", "0 and 10", "not 11"]),
    ("activation_params", {"alpha": "1"}, ["alpha", "0 and 10", "not '1'"]),
    ("activation_params", {"alpha": [1, 1]}, ["alpha", "0 and 10", "not [1, 1]"]),
    ("activation_params", {"alpha": math.nan}, ["alpha", "not nan"]),
    ("activation_params", {"k": 2.5}, ["k", "whole", "2 and 5", "not 2.5"]),
    ("view", "inside out", ["view", "evaluate, batch, train", "not 'inside out'"]),
    ("hidden_units", [1], ["hidden_units", "2 to 2", "not [1]"]),
    ("hidden_units", [1, 2, 3], ["hidden_units", "2 to 2"]),
    ("hidden_units", [0, 1], ["hidden_units", "1 and 64", "not 0"]),
    ("hidden_units", [1, 65], ["hidden_units", "1 and 64", "not 65"]),
    ("hidden_units", [1, 1.5], ["hidden_units", "whole", "not 1.5"]),
    ("hidden_units", 1, ["hidden_units", "list", "not 1"]),
    ("upper", "weights", ["quantity", "activation, gradient", "not 'weights'"]),
    ("picture", "film", ["picture", "output, hidden, landscape", "not 'film'"]),
    ("log_counts", 1, ["log_counts", "true or false", "not 1"]),
    ("shuffle", 1, ["shuffle", "true or false", "not 1"]),
    ("dropout", 0.81, ["dropout", "0 and 0.8", "not 0.81"]),
    ("dropout", [0.1, -0.1], ["dropout", "0 and 0.8", "not -0.1"]),
    ("dropout", [[0.1], [0.1]], ["dropout", "not [0.1]"]),
    ("dropout", math.inf, ["dropout", "not inf"]),
    ("dark", 1, ["dark", "true or false", "not 1"]),
    ("log_loss", None, ["log_loss", "true or false"]),
    ("optimizer_params", {"momentum": 0.5}, ["optimizer sgd", "no hyperparameter 'momentum'"]),
    ("stopping_params", {"target": 0.1}, ["stopping never", "no hyperparameter 'target'"]),
    ("schedule_params", [], ["schedule_params", "names with values"]),
    ("optimizer_params", 5, ["optimizer_params"]),
    ("optimizer_params", None, ["optimizer_params"]),
])  # fmt: skip
def test_what_does_not_fit_is_refused(name, value, parts):
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        Settings(**{name: value}).config()


def test_features_are_put_in_order_and_named_once():
    assert Settings(features=["sin_x1", "x2", "x1", "x2"]).model.features == ["x1", "x2", "sin_x1"]


PER_LAYER = {
    "activation": ("relu", "sigmoid"),
    "activation_params": ({"alpha": 2.0}, {"beta": 3.0}),
    "batch_norm": ("before", "after"),
    "dropout": (0.3, 0.5),
    "drop_connect": (0.2, 0.4),
}


@pytest.mark.parametrize("name", PER_LAYER)
def test_lists_of_layers_follow_the_layers(name):
    one, other = PER_LAYER[name]
    model = Settings(hidden=[4, 2], **{name: [one, other]}).model
    model.hidden = [4, 2, 8]
    assert getattr(model, name) == [one, other, other]
    model.hidden = [4]
    assert getattr(model, name) == [one]
    model.hidden = []
    assert getattr(model, name) == []
    model.hidden = [3, 3]
    assert getattr(model, name) == [model.PER_LAYER[name]] * 2


@pytest.mark.parametrize("given", [[], ["relu"], ["relu"] * 5], ids=len)
def test_a_list_of_another_length_is_refused(given):
    with pytest.raises(ValueError, match=one_sentence("activation", "one for each of 3 hidden layers")):
        Settings(hidden=[4, 4, 4], activation=given)


def test_one_value_stands_for_all_layers_of_the_same_update():
    settings = Settings(
        hidden=(8, 8, 8),
        activation="elu",
        activation_params={"alpha": 2},
        batch_norm="after",
        dropout=0.2,
        drop_connect=0.1,
    )
    assert settings.model.activation == ["elu"] * 3
    assert settings.model.activation_params == [{"alpha": 2}] * 3
    assert settings.model.batch_norm == ["after"] * 3
    assert settings.model.dropout == [0.2] * 3
    assert settings.model.drop_connect == [0.1] * 3


@pytest.mark.parametrize(("given", "meant"), [
    (True, ["before", "before"]), (False, ["off", "off"]), ([True, "after"], ["before", "after"]),
    ((False, "before"), ["off", "before"]),
], ids=str)  # fmt: skip
def test_batch_norm_may_be_true_or_false(given, meant):
    settings = Settings(batch_norm=given)
    assert settings.values()["batch_norm"] == meant
    assert settings.config().batch_norm == Config(hidden=(4, 2), batch_norm=meant).batch_norm


# Hyperparameters of activations: each layer has its own


def test_a_layers_hyperparameters_wait_for_their_activation():
    settings = Settings(activation="elu", activation_params=[{"alpha": 2}, {"alpha": 3}])
    assert [dict(hyperparameters) for hyperparameters in settings.config().activation_params] == [
        {"alpha": 2},
        {"alpha": 3},
    ]
    settings.update({"activation": ["relu", "swish"]})
    assert [dict(hyperparameters) for hyperparameters in settings.config().activation_params] == [{}, {"beta": 1}]
    settings.update({"activation": "elu"})
    assert [dict(hyperparameters) for hyperparameters in settings.config().activation_params] == [
        {"alpha": 2},
        {"alpha": 3},
    ]


def test_a_number_that_the_next_activation_does_not_allow_is_forgotten():
    """PReLU and Leaky ReLU both have a slope, and only one may be below zero."""
    settings = Settings(hidden=[4, 4, 4], activation="prelu", activation_params={"slope": -0.5})
    settings.update({"activation": ["prelu", "leaky_relu", "relu"]})
    assert settings.model.activation_params == [{"slope": -0.5}, {}, {"slope": -0.5}]
    assert [dict(hyperparameters) for hyperparameters in settings.config().activation_params] == [
        {"slope": -0.5},
        {"slope": 0.01},
        {},
    ]
    settings.update({"hidden": [4, 4, 4, 4], "activation": "leaky_relu"})
    assert [dict(hyperparameters) for hyperparameters in settings.config().activation_params] == [{"slope": 0.01}] * 4


WILD = {
    "dataset": "plane", "hidden": [1, 64, 7], "activation": ["relu", "linear", "sigmoid"], "dropout": [0.8, 0.0, 0.25],
    "features": list(FEATURES), "speed": FULL_SPEED, "optimizer": "nesterov", "optimizer_nesterov_momentum": 0.125,
    "dark": True,
    "batch_norm": ["before", "off", "after"], "learning_rate": 1e-6, "seed": 2**32 - 1, "initializer": "zeros",
    "activation_params": [{"slope": -0.5, "alpha": 0}, {}, {"k": 5}], "drop_connect": [0.0, 0.8, 0.1], "view": "train",
    "stopping": "target_loss", "stopping_target_loss_target": 0, "averaging": "exponential", "shuffle": False,
    "layer_detail": 51, "hidden_axes": "units", "hidden_units": [64, 1], "directions": "path", "landscape_every": 1e6,
}  # fmt: skip


# Experiments

PREPARED = next(iter(EXPERIMENTS))


def made_of(settings):
    """All that makes and trains a network."""
    config = settings.config()
    return {field.name: getattr(config, field.name) for field in fields(Config)}


@pytest.fixture
def prepared(monkeypatch):
    """Two experiments; of the second a test says what it chooses and shows."""
    one = SimpleNamespace(choices={"hidden": [8, 8, 8], "activation": "relu"})
    other = SimpleNamespace(choices={}, view={})
    views = {PREPARED: {"upper": "weight", "dark": True}, "none": other.view}
    monkeypatch.setattr("playground.network_page.settings.EXPERIMENTS", {PREPARED: one, "none": other})
    monkeypatch.setattr("playground.network_page.settings.EXPERIMENT_VIEWS", views)
    return other


def test_an_experiment_is_its_choices_and_else_the_defaults(prepared):
    settings = Settings(
        dataset="spiral",
        noise=20,
        hidden=[3],
        activation="elu",
        activation_params={"alpha": 2},
        dropout=0.5,
        batch_norm="after",
        features=["x2"],
        optimizer="adam",
        optimizer_params={"beta1": 0.5},
        seed=9,
        shuffle=False,
    )
    settings.open(PREPARED)
    assert made_of(settings) == made_of(Settings(hidden=(8, 8, 8), activation="relu"))
    assert settings.values()["optimizer_adam_beta1"] == Settings().values()["optimizer_adam_beta1"]
    assert settings.values()["experiment"] == PREPARED


def test_an_experiment_leaves_the_speed_and_what_no_experiment_shows(prepared):
    kept = {"speed": 5, "show_test": True, "log_loss": True, "discretize": True}
    settings = Settings(**kept, layer_detail=2, upper="gradient", lower="weight", dark=False)
    settings.open(PREPARED)
    assert settings.values().items() >= kept.items()
    assert (
        settings.values().items() >= {"layer_detail": 0, "upper": "weight", "lower": "gradient", "dark": True}.items()
    )


def test_an_experiment_takes_back_what_the_one_before_it_shows(prepared):
    settings = Settings()
    settings.open(PREPARED)
    settings.open("none")
    assert settings.values() == Settings().values()


def test_an_experiment_may_choose_what_is_else_kept(prepared):
    prepared.choices = {"speed": 10}
    prepared.view |= {"layer_detail": 1, "picture": "hidden", "lower": "update_ratio"}
    settings = Settings()
    settings.open("none")
    assert settings.values() == {**Settings().values(), **prepared.choices, **prepared.view}


def test_an_experiment_is_opened_whole_or_not_at_all(prepared):
    prepared.choices = {"dataset": "spiral", "noise": 99}
    settings = Settings(dataset="moons")
    with pytest.raises(ValueError, match=one_sentence("noise", "not 99")):
        settings.open("none")
    assert settings.values() == Settings(dataset="moons").values()


@pytest.mark.parametrize(
    "name", ["nonsense", "", None, 5, [], ["none"], {}, "x" * 10_000], ids=lambda name: str(name)[:9]
)
def test_an_unknown_experiment_is_refused(name):
    settings = Settings(dataset="moons")
    with pytest.raises(ValueError, match=one_sentence("experiment must be one of", PREPARED, "not")) as why:
        settings.open(name)
    assert len(str(why.value)) < 1000
    assert settings.values() == Settings(dataset="moons").values()


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_can_be_opened_from_anywhere(name):
    first = Settings(experiment=name)
    settings = Settings(**WILD)
    settings.open(name)
    assert made_of(settings) == made_of(first)
    shown = {"layer_detail", "upper", "lower", "experiment", *EXPERIMENT_VIEWS.get(name, {})}
    assert {key: settings.values()[key] for key in shown} == {key: first.values()[key] for key in shown}


@pytest.mark.parametrize("name", EXPERIMENT_VIEWS)
def test_what_a_page_shows_belongs_to_an_experiment_and_is_allowed(name):
    assert name in EXPERIMENTS
    view = EXPERIMENT_VIEWS[name]
    settings = Settings(experiment=name)
    assert view.items() <= settings.values().items()
    assert view.items() <= Settings(**view).values().items()


def test_a_playground_can_begin_with_an_experiment_and_choices_of_its_own():
    settings = Settings(experiment=PREPARED, seed=7)
    assert settings.values() == {**Settings(experiment=PREPARED).values(), "seed": 7}


def test_what_an_experiment_chooses_is_not_shared():
    settings = Settings(experiment=PREPARED)
    kept = json.dumps(settings.values())
    for values in (settings.model.hidden, settings.model.features, settings.display.hidden_units):
        values.append(1)
    assert json.dumps(Settings(experiment=PREPARED).values()) == kept
    assert Settings().model.features == ["x1", "x2"]


# The whole


def test_the_defaults_are_the_page_as_it_opens():
    config = Settings().config()
    assert (config.dataset, config.features, config.hidden) == ("circle", ("x1", "x2"), (4, 2))
    assert (config.activation, config.batch_norm, config.dropout) == (("tanh",) * 2, (False,) * 2, (0.0,) * 2)
    assert (config.optimizer, config.learning_rate, config.batch_size) == ("sgd", 0.03, 10)
    assert (config.samples, config.train_fraction, config.noise, config.seed) == (500, 0.5, 0, 0)
    assert config.regularization == "none"
    assert {config.clipping, config.averaging, config.preprocessing} == {"none"}
    assert {config.schedule, config.momentum_schedule} == {"constant"}
    assert (config.stopping, config.bias_initializer, config.shuffle) == ("never", "zeros", True)
    assert (config.drop_connect, config.input_noise) == ((0.0,) * 2, 0)


def test_config_is_what_was_chosen():
    chosen = {
        "dataset": "blobs5", "samples": 750, "noise": 12.5, "train_fraction": 0.7, "features": ("x1", "sin_x2"),
        "hidden": (8, 3), "activation": ("elu", "swish"), "activation_params": ({"alpha": 2}, {"beta": 0.5}),
        "initializer": "uniform", "initializer_params": {"edge": 0.2}, "bias_initializer": "constant",
        "bias_initializer_params": {"value": -0.3}, "batch_norm": (True, "after"), "dropout": (0.1, 0.0),
        "drop_connect": (0.0, 0.3), "input_noise": 0.2, "loss": "squared_error", "regularization": "elastic",
        "regularization_params": {"mix": 0.25}, "regularization_rate": 0.01, "optimizer": "adam",
        "optimizer_params": {"beta1": 0.8, "beta2": 0.99, "epsilon": 1e-6}, "learning_rate": 0.003, "batch_size": 25,
        "clipping": "norm", "clipping_params": {"limit": 5}, "schedule": "step",
        "schedule_params": {"every": 100, "factor": 0.9}, "momentum_schedule": "staged",
        "momentum_schedule_params": {"first": 10, "second": 20}, "stopping": "no_improvement",
        "stopping_params": {"patience": 7, "margin": 0.01}, "averaging": "checkpoints",
        "averaging_params": {"every": 50}, "preprocessing": "standardise", "shuffle": False, "seed": 7,
    }  # fmt: skip
    missing = {field.name for field in fields(Config)} - set(chosen)
    assert missing == {"frozen"}, "every other choice of the engine is one of the page"
    config = Settings(**chosen).config()
    made = {name: getattr(config, name) for name in chosen}
    assert made == chosen
    assert not config.rebuilds(Config(**chosen))


@pytest.mark.parametrize(("size", "samples", "share", "meant"), [
    (10, 500, 0.5, 10), (249, 500, 0.5, 249), (250, 500, 0.5, "all"), (251, 500, 0.5, "all"), (5000, 500, 0.5, "all"),
    (5000, 5000, 0.9, "all"), (10, 50, 0.1, "all"), (1, 50, 0.1, 1),
])  # fmt: skip
def test_a_batch_of_all_points_or_more_is_all(size, samples, share, meant):
    settings = Settings(batch_size=size, samples=samples, train_fraction=share)
    assert settings.config().batch_size == meant
    assert Trainer(settings.config()).batch_size == min(size, round(samples * share))
    assert settings.training.batch_size == size, "the person's own number waits for more points"


def test_each_rule_remembers_its_hyperparameters():
    settings = Settings(optimizer="momentum", optimizer_params={"momentum": 0.5})
    settings.update({"optimizer": "nesterov"})
    assert settings.config().optimizer_params == {"momentum": 0.9}
    settings.update({"optimizer": "momentum"})
    assert settings.config().optimizer_params == {"momentum": 0.5}


@pytest.mark.parametrize("bad", [
    {"learning_rate": 11}, {"hidden": [99]}, {"nonsense": 1}, {"activation": "soft"}, {"dark": "yes"},
])  # fmt: skip
def test_an_update_is_taken_whole_or_not_at_all(bad):
    settings, changes = Settings(), []
    settings.watch(lambda: changes.append(1))
    good = {
        "dataset": "xor",
        "noise": 5,
        "features": ["x2"],
        "optimizer": "adam",
        "optimizer_adam_beta1": 0.5,
        "show_test": True,
    }
    for update in ({**good, **bad}, {**bad, **good}):
        with pytest.raises(ValueError, match=one_sentence()):
            settings.update(update)
    assert settings.values() == Settings().values()
    assert changes == []
    settings.update(good)
    assert settings.values().items() >= good.items()


def test_every_change_is_heard():
    settings, changes = Settings(), []
    settings.watch(lambda: changes.append(settings.values()))
    for update in (
        {"noise": 5}, {"hidden": [2]}, {"speed": 5}, {"optimizer_adam_beta1": 0.5}, {"dark": True}, {"layer_detail": 1},
        {"picture": "landscape"}, {"hidden_units": [2, 1]},
    ):  # fmt: skip
        before = len(changes)
        settings.update(update)
        assert len(changes) > before
        assert changes[-1].items() >= update.items()


@pytest.mark.parametrize("values", [{}, {"hidden": []}, WILD], ids=["default", "linear", "wild"])
def test_values_survive_json(values):
    settings = Settings(**values)
    again = Settings(**json.loads(json.dumps(settings.values())))
    assert again.values() == settings.values()
    assert not settings.config().rebuilds(again.config())


def test_settings_do_not_share_their_lists():
    one, other = Settings(), Settings()
    one.update({"hidden": [1]})
    one.model.features.append("sin_x1")
    assert other.values() == Settings().values()


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*OPTIMIZERS, "x1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*parameters(), "optimizer_params"]), json_values, max_size=4))
def test_whatever_is_taken_makes_a_config(values):
    settings = Settings()
    try:
        settings.update(values)
    except ValueError:
        assert settings.values() == Settings().values()
    # Each may be allowed and all together not, as clipping with Newton's method: that is a sentence, not a crash.
    with contextlib.suppress(Refusal):
        settings.config()
    taken = settings.values()
    assert all(low <= taken[name] <= high for name, (low, high) in ALL_RANGES.items())


@pytest.mark.parametrize(("activation", "refused"), [("leaky_relu", "between 0 and 1"), ("prelu", "between -1 and 1")])
def test_a_layers_hyperparameter_is_refused_in_the_words_of_its_own_activation(activation, refused):
    settings = Settings(activation=activation)
    with pytest.raises(ValueError, match=one_sentence("slope", refused, "not 5")):
        settings.update({"activation_params": [{}, {"slope": 5}]})
    assert settings.model.activation_params == [{}, {}]


def test_numbers_of_numpy_are_kept_as_pythons():
    settings = Settings(samples=np.int64(100), noise=np.float64(5), learning_rate=np.array(0.1))
    assert json.loads(json.dumps(settings.values()))["samples"] == 100


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_is_departed_from_by_what_makes_or_trains_the_network(name):
    settings = Settings(experiment=name)
    assert not settings.departed
    settings.update({"speed": 10, "show_test": True, "upper": "weight"})
    assert not settings.departed
    settings.update({"learning_rate": 0.017})
    assert settings.departed
    settings.open(name)
    assert not settings.departed
    settings.update({"experiment": "none", "learning_rate": 0.017})
    assert not settings.departed


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_is_the_same_network_in_the_engine(name):
    opened, prepared = Settings(experiment=name).config(), Config(**EXPERIMENTS[name].choices)
    for field in fields(Config):
        mine, its = getattr(opened, field.name), getattr(prepared, field.name)
        full = field.name == "batch_size" and mine == "all"
        assert mine == its or (full and its == Trainer(prepared).data.train), field.name
