"""Configs and States are values: they can be compared, hashed, copied, pickled and written down."""

import copy
import dataclasses
import json
import pickle

import numpy as np
import pytest
from helpers import assert_same, assert_same_state, one_sentence

from engine import AVERAGINGS, OPTIMIZERS, STOPPINGS, Config, DataConfig, ModelConfig, State, Trainer, TrainingConfig

MANY = {
    "dataset": "moons",
    "hidden": (3, 5),
    "activation": ["leaky_relu", "maxout"],
    "activation_params": [{"slope": 0.2}, {"k": 3}],
    "batch_norm": ["off", "after"],
    "frozen": ((1, "biases"), "scale"),
    "optimizer": "adam",
    "optimizer_params": {"beta1": np.array([0.5, 0.9])},
    "learning_rate": [0.1, 0.01],
    "schedule": "step",
    "regularization": "elastic",
    "regularization_rate": 0.1,
    "batch_size": "all",
}
CONFIGS = [Config(), Config(**MANY), Config(hidden=()), DataConfig(), ModelConfig(hidden=(2,)), TrainingConfig()]
COPIES = {
    "pickled": lambda value: pickle.loads(pickle.dumps(value)),
    "copied": copy.copy,
    "copied deeply": copy.deepcopy,
    "replaced": dataclasses.replace,
}


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: type(config).__name__)
def test_a_copy_of_a_config_is_equal_and_has_the_same_hash(config, way):
    other = COPIES[way](config)
    assert other == config
    assert hash(other) == hash(config)
    assert len({other, config}) == 1


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: type(config).__name__)
def test_a_config_goes_through_json(config):
    assert type(config).from_dict(json.loads(json.dumps(config.to_dict()))) == config
    assert set(dataclasses.asdict(config)) == set(config.to_dict())


@pytest.mark.parametrize("name", Config.__dataclass_fields__)
def test_every_choice_counts_when_configs_are_compared(name):
    other = {
        "dataset": "xor", "samples": 7, "noise": 3, "train_fraction": 0.7, "features": ("x1",), "preprocessing": "pca",
        "seed": 9, "hidden": (4, 3), "activation": "relu", "batch_norm": True, "dropout": 0.1, "drop_connect": 0.1,
        "input_noise": 0.1, "initializer": "zeros", "bias_initializer": "constant", "loss": "squared_error",
        "regularization": "l1", "regularization_rate": 1, "frozen": "biases", "optimizer": "momentum",
        "learning_rate": 1, "schedule": "step", "momentum_schedule": "staged", "clipping": "norm",
        "stopping": "epochs", "averaging": "checkpoints", "batch_size": 3, "shuffle": False,
    }  # fmt: skip
    tuned = {
        "activation": ("leaky_relu", {"slope": 0.3}), "initializer": ("constant", {"value": 2}),
        "bias_initializer": ("constant", {"value": 2}), "regularization": ("elastic", {"mix": 0.1}),
        "optimizer": ("momentum", {"momentum": 0.1}), "schedule": ("step", {"every": 3}),
        "momentum_schedule": ("staged", {"first": 3}), "clipping": ("norm", {"limit": 3}),
        "stopping": ("epochs", {"n": 3}), "averaging": ("checkpoints", {"every": 3}),
    }  # fmt: skip
    if name.endswith("_params"):
        owner = name.removesuffix("_params")
        entry, hyperparameters = tuned[owner]
        one, two = Config(**{owner: entry}), Config(**{owner: entry, name: hyperparameters})
    else:
        one, two = Config(), Config(**{name: other[name]})
    assert one != two
    assert (one == two) is False


def test_configs_of_another_kind_are_not_equal():
    assert TrainingConfig() != Config()
    assert Config() != {"dataset": "spiral"}
    assert Config() != None  # noqa: E711 - it is what is tried


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ({"colour": 1}, ["'colour'", "dataset"]),
        ({"hidden": [99]}, ["units", "99"]),
        (3, ["dictionary", "3"]),
        ([("seed", 1)], ["dictionary"]),
        ({1: 2}, ["1", "dataset"]),
    ],
    ids=str,
)
def test_what_is_no_config_is_refused(values, parts):
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        Config.from_dict(values)


def test_a_copy_cannot_be_changed_either():
    config = COPIES["pickled"](Config(**MANY))
    with pytest.raises(TypeError):
        config.optimizer_params["beta1"] = 0
    for array in (config.learning_rate, config.optimizer_params["beta1"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


# States

SMALL = {"dataset": "circle", "samples": 30, "hidden": (3, 2), "batch_norm": True, "batch_size": 10}
TRAINERS = {
    **{f"optimizer {name}": {"optimizer": name, "batch_size": "all"} for name in OPTIMIZERS},
    **{f"stopping {name}": {"stopping": name} for name in STOPPINGS},
    **{f"averaging {name}": {"averaging": name} for name in AVERAGINGS},
}


def trainer_of(name):
    return Trainer(Config(**{**SMALL, **TRAINERS[name]}))


def arrays_of(state):
    return [
        state.params,
        state.running_stats,
        state.average,
        state.stopped,
        *state.optimizer_state,
        *state.stopping_state,
    ]


@pytest.mark.parametrize("name", TRAINERS)
def test_a_state_in_a_file_goes_on_as_it_would_have(name, tmp_path):
    trainer = trainer_of(name)
    state = trainer.run(trainer.init(), 7)
    state.save(tmp_path / "state.npz")
    found = State.load(tmp_path / "state.npz")
    assert_same_state(found, state)
    assert_same_state(trainer.run(found, 7), trainer.run(state, 7))
    assert not any(array.flags.writeable for array in arrays_of(found))


@pytest.mark.parametrize("way", ["pickled", "copied", "copied deeply"])
@pytest.mark.parametrize("seeds", [None, range(3)], ids=str)
def test_a_copy_of_a_state_is_read_only_and_goes_on(way, seeds):
    trainer = trainer_of("optimizer adam")
    state = trainer.run(trainer.init(seeds), 3)
    found = COPIES[way](state)
    assert not any(array.flags.writeable for array in arrays_of(found))
    assert_same_state(trainer.run(found, 3), trainer.run(state, 3))


def test_several_networks_go_into_one_file(tmp_path):
    trainer = trainer_of("optimizer sgd")
    state = trainer.run(trainer.init(range(3)), 3)
    state.save(str(tmp_path / "many"))
    assert_same_state(State.load(str(tmp_path / "many")), state)


def rewritten(path, **changes):
    """A State's file in which arrays are others, or missing where None."""
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    arrays = {name: value for name, value in {**arrays, **changes}.items() if value is not None}
    np.savez(path, **arrays)


CHANGES = {
    "no params": {"params": None},
    "other params": {"params": np.zeros(3)},
    "text for params": {"params": "none"},
    "another rule": {"optimizer_state": "Nothing we know"},
    "another version": {"version": 99},
    "no layout": {"layout": "x"},
    "layout of another kind": {"layout": "3"},
    "two seeds": {"seeds": np.array([1, 2], np.uint64)},
    "objects": {"running_stats": np.array([None, {}], dtype=object)},
    "another memory": {"optimizer_state.velocity": np.zeros((2, 3)), "optimizer_state": "nonsense"},
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_is_no_state_is_refused_in_one_sentence(name, tmp_path):
    path = tmp_path / "state.npz"
    trainer_of("optimizer momentum").init().save(path)
    rewritten(path, **CHANGES[name])
    with pytest.raises(ValueError, match=one_sentence("path", "State.save", "state.npz")):
        State.load(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x04N.", b"x" * 1000], ids=str)
def test_any_other_file_is_refused_too(content, tmp_path):
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=one_sentence("path", "State.save")):
        State.load(path)


def test_a_file_that_is_not_there_is_said_to_be_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        State.load(tmp_path / "nothing")


# Trainers and data


@pytest.mark.parametrize("way", ["pickled", "copied deeply"])
@pytest.mark.parametrize("preprocessing", ["none", "centre", "standardise", "unit_interval", "pca", "whitening"])
def test_a_copy_of_a_trainer_trains_the_same(way, preprocessing):
    trainer = Trainer(Config(**SMALL, preprocessing=preprocessing, optimizer="adam"))
    other = COPIES[way](trainer)
    assert other.config == trainer.config
    state = trainer.run(trainer.init(), 20)
    assert_same_state(other.run(other.init(), 20), state)
    points = np.array([[0.3, -2.0], [5.0, 1.0]])
    assert_same(other.predict(state, points), trainer.predict(state, points))
    assert not other.data.inputs.flags.writeable


def test_a_copy_of_a_trainer_on_own_data_has_the_data(rng):
    X, y = rng.normal(size=(40, 5)), rng.integers(3, size=40)
    trainer = Trainer(Config(hidden=(3,)), data=(X, y))
    other = COPIES["pickled"](trainer)
    assert_same(other.data.rows, trainer.data.rows)
    assert_same_state(other.run(other.init(), 5), trainer.run(trainer.init(), 5))
