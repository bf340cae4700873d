from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest
from helpers import one_sentence
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    ACTIVATIONS,
    AVERAGINGS,
    BIAS_INITIALIZERS,
    CLIPPINGS,
    DATASETS,
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
    Refusal,
    Trainer,
)
from engine.config import TUNED
from engine.data import training_points

DEFAULTS = {
    "dataset": "spiral",
    "samples": 500,
    "noise": 0.0,
    "train_fraction": 0.5,
    "features": ("x1", "x2"),
    "hidden": (4, 2),
    "activation": ("tanh", "tanh"),
    "initializer": "xavier_normal",
    "batch_norm": (False, False),
    "dropout": (0.0, 0.0),
    "loss": "cross_entropy",
    "regularization": "none",
    "regularization_rate": 0.0,
    "optimizer": "sgd",
    "optimizer_params": {},
    "learning_rate": 0.03,
    "schedule": "constant",
    "schedule_params": {},
    "preprocessing": "none",
    "batch_size": 10,
    "seed": 0,
    "activation_params": ({}, {}),
    "drop_connect": (0.0, 0.0),
    "input_noise": 0.0,
    "initializer_params": {},
    "bias_initializer": "zeros",
    "bias_initializer_params": {},
    "regularization_params": {},
    "clipping": "none",
    "clipping_params": {},
    "momentum_schedule": "constant",
    "momentum_schedule_params": {},
    "stopping": "never",
    "stopping_params": {},
    "averaging": "none",
    "averaging_params": {},
    "shuffle": True,
    "frozen": (),
}


def test_defaults_are_those_of_the_design():
    config = Config()
    assert {field.name: getattr(config, field.name) for field in fields(config)} == DEFAULTS


NAMES = {
    "dataset": DATASETS,
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "regularization": REGULARIZERS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "preprocessing": PREPROCESSORS,
    "activation": ACTIVATIONS,
    "features": FEATURES,
    "bias_initializer": BIAS_INITIALIZERS,
    "clipping": CLIPPINGS,
    "momentum_schedule": MOMENTUM_SCHEDULES,
    "stopping": STOPPINGS,
    "averaging": AVERAGINGS,
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wrong", ["nonsense", ""])
def test_unknown_names_list_the_choices(name, wrong):
    with pytest.raises(ValueError, match=one_sentence(NAMES[name].kind, *NAMES[name], repr(wrong))):
        Config(**{name: [wrong] if name == "features" else wrong})


BAD = [
    ("samples", 1, "a whole number between 2 and 100000"),
    ("samples", 100_001, "a whole number between 2 and 100000"),
    ("samples", 10.5, "a whole number"),
    ("samples", True, "a whole number"),
    ("noise", -1, "between 0 and 50"),
    ("noise", 51, "between 0 and 50"),
    ("noise", float("nan"), "between 0 and 50"),
    ("train_fraction", 0.0, "between 0.01 and 1"),
    ("train_fraction", 1.01, "between 0.01 and 1"),
    ("learning_rate", -0.1, "between 0 and 1000"),
    ("learning_rate", float("inf"), "between 0 and 1000"),
    ("learning_rate", "0.1", "between 0 and 1000"),
    ("learning_rate", None, "between 0 and 1000"),
    ("regularization_rate", 101, "between 0 and 100"),
    ("batch_size", 0, "a whole number between 1 and 100000"),
    ("batch_size", 0.5, "a whole number"),
    ("seed", -1, "a whole number between 0 and"),
    ("seed", 2**32, "a whole number between 0 and"),
    ("seed", 10**400, "a whole number between 0 and"),
    ("features", (), "at least one feature"),
    ("features", ("x1", "x1"), "each once"),
    ("hidden", [4] * 51, "between 0 and 50 layers"),
    ("dropout", 0.96, "between 0 and 0.95"),
    ("dropout", -0.1, "between 0 and 0.95"),
    ("dropout", "0.1", "between 0 and 0.95"),
    ("dropout", True, "between 0 and 0.95"),
    ("dropout", (0.1,), "one for each of 2 hidden layers"),
    ("dropout", (0.1, float("nan")), "between 0 and 0.95"),
    ("activation", ("tanh",) * 3, "one for each of 2 hidden layers"),
    ("batch_norm", "yes", "True, False or one of off, before, after"),
    ("batch_norm", 1, "True, False or one of off, before, after"),
    ("input_noise", 6, "between 0 and 5"),
    ("drop_connect", 1.0, "between 0 and 0.95"),
    ("shuffle", 1, "True or False"),
    ("shuffle", None, "True or False"),
    ("input_noise", (0.1, 0.1), "between 0 and 5"),
    ("drop_connect", (0.1,), "one for each of 2 hidden layers"),
    ("batch_size", True, "a whole number"),
    ("batch_size", None, "a whole number"),
    ("batch_size", "half", "a whole number between 1 and 100000"),
    ("activation_params", {"alpha": 1.0}, "there are none"),
    ("activation_params", ({},), "one for each of 2 hidden layers"),
    ("batch_norm", (True,), "one for each of 2 hidden layers"),
]


@pytest.mark.parametrize(("name", "value", "allowed"), BAD, ids=lambda value: repr(value)[:30])
def test_bad_values_are_refused_with_one_sentence(name, value, allowed):
    with pytest.raises(ValueError, match=one_sentence(name, allowed)):
        Config(**{name: value})


@pytest.mark.parametrize("units", [0, 65, 2.5, True, "4", None])
def test_bad_layer_sizes(units):
    with pytest.raises(ValueError, match=one_sentence("units", "a whole number between 1 and 64", repr(units))):
        Config(hidden=(4, units))


@pytest.mark.parametrize(
    ("name", "value"),
    [("hidden", 5), ("hidden", None), ("features", None), ("features", 3), ("activation", None), ("dropout", None),
     ("batch_norm", None), ("optimizer_params", None), ("schedule_params", [1])],
)  # fmt: skip
def test_values_of_the_wrong_kind_are_refused_like_any_other(name, value):
    with pytest.raises(ValueError, match=one_sentence(name.split("_params")[0])):
        Config(**{name: value})


@pytest.mark.parametrize("name", ["samples", "noise", "train_fraction", "regularization_rate", "batch_size", "seed"])
def test_only_the_learning_rate_and_hyperparameters_may_be_arrays(name):
    value = getattr(Config(), name)
    with pytest.raises(ValueError, match=name):
        Config(**{name: [value, value]})


@pytest.mark.parametrize(("name", "value"), [("activation", "nonsense"), ("dropout", 7.0), ("batch_norm", "yes")])
def test_bad_values_are_refused_without_hidden_layers_too(name, value):
    with pytest.raises(ValueError, match=name):
        Config(hidden=(), **{name: value})


@pytest.mark.parametrize(
    ("owner", "entry", "hyperparameters", "parts"),
    [
        ("optimizer", "momentum", {"momentum": 1.0}, ("momentum", "between 0 and 0.999", "1.0")),
        ("optimizer", "adam", {"beta1": "high"}, ("beta1", "between 0 and 0.999", "'high'")),
        ("optimizer", "adam", {"momentum": 0.9}, ("optimizer adam", "'momentum'", "beta1, beta2, epsilon")),
        ("optimizer", "sgd", {"momentum": 0.9}, ("optimizer sgd", "'momentum'", "it has none")),
        ("optimizer", "bfgs", {"line_search": 2}, ("line_search", "a whole number between 0 and 1", "2")),
        ("optimizer", "lbfgs", {"line_search": 0.5}, ("line_search", "a whole number between 0 and 1", "0.5")),
        ("optimizer", "newton", {"line_search": True}, ("line_search", "a whole number between 0 and 1", "True")),
        ("schedule", "exponential", {"decay": -1}, ("decay", "between 0 and 1", "-1")),
        ("schedule", "step", {"every": 2.5}, ("every", "a whole number", "2.5")),
        ("schedule", "cosine", {"floor": [0.1, 0.2]}, ("floor", "[0.1, 0.2]")),
        ("initializer", "uniform", {"edge": "wide"}, ("edge", "'wide'")),
        ("bias_initializer", "constant", {"value": 11}, ("value", "between -10 and 10", "11")),
        ("regularization", "elastic", {"mix": 1.1}, ("mix", "between 0 and 1", "1.1")),
        ("regularization", "l2", {"mix": 0.5}, ("regularization l2", "'mix'", "it has none")),
        ("clipping", "norm", {"limit": 0}, ("limit", "between 0.001 and 1000", "0")),
        ("momentum_schedule", "staged", {"first": -1}, ("first", "a whole number", "-1")),
        ("stopping", "epochs", {"n": 0}, ("n must be a whole number", "0")),
        ("stopping", "no_improvement", {"margin": [0.1, 0.2]}, ("margin", "[0.1, 0.2]")),
        ("averaging", "exponential", {"decay": 1.0}, ("decay", "between 0 and 0.9999", "1.0")),
        ("activation", "elu", {"alpha": -1.0}, ("alpha", "-1.0")),
        ("activation", "maxout", {"k": 6}, ("k must be a whole number between 2 and 5", "6")),
        ("activation", ("elu", "swish"), {"slope": 1.0}, ("activation_params", "there are alpha, beta", "'slope'")),
        ("activation", ("elu", "swish"), ({"beta": 1.0}, {}), ("activation elu", "'beta'", "alpha")),
    ],
)
def test_bad_hyperparameters(owner, entry, hyperparameters, parts):
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        Config(**{owner: entry, f"{owner}_params": hyperparameters})


@pytest.mark.parametrize(
    ("name", "value", "made"),
    [
        ("activation", "relu", ("relu", "relu", "relu")),
        ("activation", ["relu", "tanh", "linear"], ("relu", "tanh", "linear")),
        ("batch_norm", True, (True, True, True)),
        ("batch_norm", (True, False, True), (True, False, True)),
        ("dropout", 0, (0, 0, 0)),
        ("dropout", np.array([0.1, 0.2, 0.0]), (0.1, 0.2, 0.0)),
        ("dropout", np.float32(0.5), (0.5, 0.5, 0.5)),
        ("drop_connect", np.array(0.5), (0.5, 0.5, 0.5)),
        ("activation", np.array("relu"), ("relu", "relu", "relu")),
        ("batch_norm", np.True_, (True, True, True)),
        ("hidden", np.array([8, 8, 8]), (8, 8, 8)),
        ("features", "x2", ("x2",)),
    ],
    ids=repr,
)
def test_one_value_or_one_for_each_layer(name, value, made):
    assert getattr(Config(**{"hidden": (5, 5, 5), name: value}), name) == made


def test_missing_hyperparameters_take_their_defaults():
    config = Config(optimizer="adam", optimizer_params={"beta1": 0.5})
    assert config.optimizer_params == {"beta1": 0.5, "beta2": 0.999, "epsilon": 1e-8}


@pytest.mark.parametrize(("name", "value"), [("batch_size", 5), ("samples", 30), ("seed", 3), ("hidden", [2])])
def test_whole_numbers_may_come_as_floats(name, value):
    trainer = Trainer(Config(**{name: np.asarray(value, dtype=float).tolist()}))
    again = Trainer(Config(**{name: value}))
    assert np.array_equal(trainer.step(trainer.init()).params, again.step(again.init()).params)


def test_a_config_cannot_be_changed():
    config = Config(optimizer="adam")
    with pytest.raises(FrozenInstanceError):
        config.seed = 1
    with pytest.raises(TypeError):
        config.optimizer_params["beta1"] = 0.1


def test_a_config_does_not_follow_what_it_was_made_from():
    rates, hyperparameters, hidden = np.array([0.1, 0.2]), {"momentum": 0.5}, [3, 3]
    config = Config(learning_rate=rates, optimizer="momentum", optimizer_params=hyperparameters, hidden=hidden)
    rates[0], hyperparameters["momentum"], hidden[0] = 9.0, 0.1, 7
    assert config.hidden == (3, 3)
    assert config.optimizer_params == {"momentum": 0.5}
    assert list(config.learning_rate) == [0.1, 0.2]


@pytest.mark.parametrize("name", ["noise", "train_fraction", "learning_rate", "regularization_rate", "input_noise"])
def test_an_array_without_axes_is_a_number(name):
    """And its giver cannot change the Config through it."""
    given = np.array(0.5)
    config = Config(**{name: given})
    given[...] = 0.1
    assert isinstance(getattr(config, name), float)
    assert getattr(config, name) == 0.5


def test_nor_can_a_hyperparameter_be_changed_through_its_giver():
    given = np.array(0.5)
    config = Config(optimizer="momentum", optimizer_params={"momentum": given})
    given[...] = 0.1
    assert config.optimizer_params == {"momentum": 0.5}


REBUILDING = {
    "dataset": "xor", "samples": 400, "noise": 1, "train_fraction": 0.6, "features": ("x2", "x1"), "hidden": (4, 3),
    "initializer": "he_normal", "batch_norm": (True, False), "preprocessing": "standardise", "seed": 1,
    "bias_initializer": "constant",
}  # fmt: skip
TUNING = {
    "activation": "relu", "dropout": 0.5, "loss": "squared_error", "regularization": "l1", "regularization_rate": 0.1,
    "optimizer": "momentum", "learning_rate": 0.1, "schedule": "exponential", "batch_size": 3, "drop_connect": 0.5,
    "input_noise": 0.1, "clipping": "norm", "momentum_schedule": "staged", "stopping": "epochs",
    "averaging": "exponential", "shuffle": False, "frozen": "biases",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "rebuilds"),
    [(n, v, True) for n, v in REBUILDING.items()] + [(n, v, False) for n, v in TUNING.items()],
)
def test_what_rebuilds(name, value, rebuilds):
    assert replace(Config(), **{name: value}).rebuilds(Config()) is rebuilds


def test_every_choice_either_rebuilds_or_tunes():
    hyperparameters = {"activation_params", *(f"{owner}_params" for owner in TUNED)}
    assert {field.name for field in fields(Config)} == {*REBUILDING, *TUNING, *hyperparameters}


@pytest.mark.parametrize(
    ("before", "after", "rebuilds"),
    [
        ({"activation": "relu"}, {"activation": "maxout"}, True),  # twice the weights
        ({"activation": "maxout"}, {"activation": "maxout", "activation_params": {"k": 3}}, True),
        ({"activation": "relu"}, {"activation": "prelu"}, True),  # a learned slope
        (
            {"activation": "prelu"},
            {"activation": "prelu", "activation_params": {"slope": 0.1}},
            True,
        ),  # begins elsewhere
        ({"activation": "elu"}, {"activation": "elu", "activation_params": {"alpha": 0.5}}, False),
        ({"initializer": "uniform"}, {"initializer": "uniform", "initializer_params": {"edge": 0.1}}, True),
        ({"bias_initializer": "constant"}, {"bias_initializer": "zeros"}, True),
        ({"regularization": "elastic"}, {"regularization": "elastic", "regularization_params": {"mix": 0.1}}, False),
        ({"batch_norm": True}, {"batch_norm": "after"}, True),
        ({"batch_norm": True}, {"batch_norm": "before"}, False),
    ],
)
def test_hyperparameters_rebuild_where_they_change_the_parameters(before, after, rebuilds):
    assert Config(**before).rebuilds(Config(**after)) is rebuilds


@pytest.mark.parametrize(
    ("given", "kept"),
    [(True, True), ("before", True), (False, False), ("off", False), ("after", "after"), (np.True_, True)],
)
def test_batch_norm_has_one_spelling(given, kept):
    assert Config(batch_norm=given).batch_norm == (kept, kept)


def test_one_mapping_of_hyperparameters_serves_all_layers():
    config = Config(activation=("elu", "leaky_relu"), activation_params={"alpha": 0.5, "slope": 0.2})
    assert config.activation_params == ({"alpha": 0.5}, {"slope": 0.2})
    spelled = Config(activation=("elu", "leaky_relu"), activation_params=({"alpha": 0.5}, {}))
    assert spelled.activation_params == ({"alpha": 0.5}, {"slope": 0.01})


def test_batch_norm_needs_two_samples():
    with pytest.raises(Refusal, match=one_sentence("batch_size", "2 or more", "not 1")):
        Config(batch_norm=(False, "after"), batch_size=1)
    assert Config(batch_size=1).batch_size == 1


@pytest.mark.parametrize("optimizer", [name for name, rule in OPTIMIZERS.items() if rule.probes])
def test_a_line_search_needs_the_true_gradient(optimizer):
    with pytest.raises(Refusal, match=one_sentence("clipping", "none", optimizer, "norm")):
        Config(optimizer=optimizer, clipping="norm")


def test_learning_rates_for_several_networks_do_not_rebuild():
    assert not Config(learning_rate=[0.1, 0.2]).rebuilds(Config(learning_rate=[0.1, 0.3]))


@st.composite
def configs(draw):
    """Any valid Config, small enough to train a step of."""
    hidden = draw(st.lists(st.integers(1, 5), max_size=4))
    samples, fraction = draw(st.integers(4, 60)), draw(st.floats(0.01, 0.99))
    train = training_points(samples, fraction)
    placements = st.sampled_from([False, True, "after"]) if train > 1 else st.just(False)
    names = {
        name: draw(st.sampled_from(list(NAMES[name])))
        for name in NAMES
        if name not in ("activation", "features", "loss", "clipping")
    }
    task = DATASETS[names["dataset"]].task
    names["loss"] = draw(st.sampled_from([name for name, loss in LOSSES.items() if task in loss.forms]))
    searches = OPTIMIZERS[names["optimizer"]].probes
    names["clipping"] = "none" if searches else draw(st.sampled_from(list(CLIPPINGS)))
    layers = {"min_size": len(hidden), "max_size": len(hidden)}
    if names["stopping"] == "back_to_best":
        names["averaging"] = "none"
    one_or_all = lambda values: values | st.lists(values, **layers)  # noqa: E731
    norms = draw(one_or_all(placements))
    # With batch norm the last batch must not be a single point.
    sizes = [size for size in range(2, train + 1) if train % size != 1 or not np.any(np.array(norms, dtype=bool))]
    return Config(
        hidden=hidden,
        activation=draw(one_or_all(st.sampled_from(list(ACTIVATIONS)))),
        batch_norm=norms,
        dropout=draw(one_or_all(st.floats(0, 0.95))),
        drop_connect=draw(one_or_all(st.floats(0, 0.95))),
        input_noise=draw(st.floats(0, 5)),
        shuffle=draw(st.booleans()),
        features=draw(st.lists(st.sampled_from(list(FEATURES)), min_size=1, unique=True)),
        samples=samples,
        noise=draw(st.floats(0, 50)),
        train_fraction=fraction,
        learning_rate=draw(st.floats(0, 10)),
        regularization_rate=draw(st.floats(0, 1)),
        batch_size=draw(st.sampled_from(["all", *sizes])),
        seed=draw(st.integers(0, 2**32 - 1)),
        **names,
    )


@settings(max_examples=100)
@given(configs())
def test_any_valid_config_trains(config):
    trainer = Trainer(config)
    state = trainer.step(trainer.init())
    assert state.step == 1
    assert np.isfinite(trainer.init().params).all()
    assert state.params.shape == (trainer.network.size,)
    assert trainer.evaluate(state).train_loss.shape == ()
    assert trainer.predict(state, [[0.0, 0.0]]).shape == (1, trainer.data.outputs)


def test_the_largest_config_trains_a_step():
    trainer = Trainer(Config(hidden=[64] * 50, features=list(FEATURES), batch_norm=True, dropout=0.5, samples=20))
    assert trainer.step(trainer.init()).finite
