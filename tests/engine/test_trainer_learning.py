"""It learns: what a lecture shows, trained."""

import numpy as np
import pytest
from helpers import assert_same

from engine import DATASETS, Config, Trainer

SMALL = {"dataset": "circle", "samples": 58, "batch_size": 6, "hidden": (4, 3)}


def make(**choices):
    return Trainer(Config(**{**SMALL, **choices}))


def trained(trainer, steps):
    return trainer.run(trainer.init(), steps)


@pytest.mark.parametrize("seed", range(3))
def test_the_default_network_learns_the_circle(seed):
    trainer = Trainer(Config(dataset="circle", seed=seed))
    assert trainer.evaluate(trained(trainer, 2000)).test_accuracy > 0.95


@pytest.mark.parametrize(
    "choices",
    [
        {"activation": "leaky_relu", "initializer": "he_normal", "learning_rate": 0.01},
        {"batch_norm": True, "learning_rate": 0.03, "batch_size": 50},
        {"samples": 1000, "learning_rate": 0.03, "batch_size": 50},
    ],
    ids=["leaky ReLU", "tanh with batch norm", "tanh with more points"],
)
def test_two_layers_of_eight_learn_the_spiral_from_its_coordinates(choices):
    trainer = Trainer(Config(dataset="spiral", features=("x1", "x2"), hidden=(8, 8), optimizer="adam", **choices))
    state, best = trainer.init(), 0.0
    while state.step < 8000 and best < 0.95:
        state = trainer.run(state, 250)
        best = trainer.evaluate(state).test_accuracy
    assert best >= 0.95


def test_no_hidden_layer_is_logistic_regression():
    easy, hard = (Trainer(Config(dataset=name, hidden=(), learning_rate=0.1)) for name in ("gauss", "circle"))
    assert easy.evaluate(trained(easy, 500)).test_accuracy > 0.95
    assert hard.evaluate(trained(hard, 500)).test_accuracy < 0.8
    assert easy.network.size == 3


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_dataset_can_be_learned_from(dataset):
    trainer = Trainer(Config(dataset=dataset, hidden=(8, 8), optimizer="adam", learning_rate=0.01))
    before, after = trainer.evaluate(trainer.init()), trainer.evaluate(trained(trainer, 1000))
    assert after.train_loss < 0.9 * before.train_loss


def test_zeros_never_break_the_symmetry():
    trainer = make(initializer="zeros", hidden=(4,), dataset="gauss")
    weights = trained(trainer, 50).params[:8].reshape(2, 4)
    assert_same(weights, np.repeat(weights[:, :1], 4, axis=1))


def test_regularizers_shrink_weights():
    sizes = []
    for regularization in ("none", "l1", "l2"):
        trainer = make(regularization=regularization, regularization_rate=0.05)
        sizes.append(np.abs(trained(trainer, 500).params[trainer.network.is_weight > 0]).sum())
    assert max(sizes[1:]) < 0.7 * sizes[0]
