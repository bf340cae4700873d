import numpy as np
import pytest
from helpers import assert_close, assert_same, name_of, one_sentence

from engine import DATASETS, Config, Trainer
from engine.data import load


@pytest.mark.parametrize("entry", DATASETS.values(), ids=name_of)
def test_shapes(entry):
    data = load(Config(dataset=entry.name, samples=50, features=("x1", "x2", "x1_x2")))
    assert data.points.shape == (50, 2)
    assert data.inputs.shape == (50, 4)
    assert data.targets.shape == (50, entry.outputs)
    assert np.all(data.inputs[:, -1] == 1.0)
    assert (data.task, data.classes, data.train) == (entry.task, entry.classes, 25)


@pytest.mark.parametrize(
    ("samples", "fraction", "train"),
    [(2, 0.01, 1), (2, 0.99, 1), (3, 0.5, 2), (10, 0.01, 1), (10, 0.99, 9), (500, 0.5, 250), (500, 0.9, 450)],
)
def test_both_parts_have_at_least_one_point(samples, fraction, train):
    assert load(Config(samples=samples, train_fraction=fraction)).train == train


def test_the_share_of_training_points_only_moves_the_cut():
    few, many = load(Config(train_fraction=0.1)), load(Config(train_fraction=0.9))
    assert_same(few.points, many.points)
    assert_same(few.labels, many.labels)


@pytest.mark.parametrize("change", [{"hidden": (5, 3, 3)}, {"batch_size": 3}, {"initializer": "zeros"}], ids=str)
def test_the_network_does_not_reshuffle_the_data(change):
    assert_same(load(Config()).points, load(Config(**change)).points)


def test_arrays_are_read_only():
    data = load(Config())
    for array in (data.points, data.labels, data.inputs, data.targets):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_inputs_anywhere_are_those_of_the_data_points():
    data = load(Config(preprocessing="standardise", features=("x1_squared", "sin_x2")))
    assert_close(data.inputs_at(data.points), data.inputs)


X = np.random.default_rng(0).normal(size=(20, 2))
TWO = np.arange(20) % 2


@pytest.mark.parametrize(
    ("y", "task", "classes"),
    [
        (TWO, "binary", 2),
        (TWO.tolist(), "binary", 2),
        (TWO.astype(np.uint8), "binary", 2),
        (TWO == 1, "binary", 2),
        (np.arange(20) % 3, "multiclass", 3),
        (np.arange(20) % 8, "multiclass", 8),
        (X[:, 0], "regression", 0),
        (X[:, 0].astype(np.float32), "regression", 0),
        (TWO.astype(float), "regression", 0),
    ],
    ids=lambda value: getattr(getattr(value, "dtype", None), "name", None),
)
def test_labels_of_your_own_decide_the_task(y, task, classes):
    trainer = Trainer(Config(batch_size=4), data=(X, y))
    assert (trainer.data.task, trainer.data.classes) == (task, classes)
    assert trainer.run(trainer.init(), 5).finite


def test_points_of_your_own_keep_their_labels():
    data = load(Config(seed=3), (X, TWO))
    before = {tuple(point): label for point, label in zip(X, TWO, strict=True)}
    assert {tuple(point): label for point, label in zip(data.points, data.labels, strict=True)} == before


def test_points_of_your_own_are_copied():
    points, labels = X.copy(), TWO.copy()
    data = load(Config(), (points, labels))
    kept = data.points.copy(), data.labels.copy()
    points[...], labels[...] = 9.0, 0
    assert_same(data.points, kept[0])
    assert_same(data.labels, kept[1])


@pytest.mark.parametrize(
    ("points", "labels", "why"),
    [
        (X[:, :1], TWO, "(n, 2)"),
        (X[0], TWO, "(n, 2)"),
        (X[:1], TWO[:1], "at least 2"),
        (X, TWO[:-1], "one label for each of its 20 points"),
        (X, TWO[:, None], "one label for each"),
        (X * np.nan, TWO, "finite"),
        (X * np.inf, TWO, "finite"),
        (X, np.where(TWO, np.nan, 0.0), "finite"),
        (X, TWO - 1, "classes"),
        (X, TWO * 0, "two at least"),
        (X, np.arange(20), "up to 7"),
        ([["a", "b"], ["c", "d"]], [0, 1], "numbers"),
        ([[1, 2], [3]], [0, 1], "(n, 2)"),
        (X, ["no", "yes"] * 10, "numbers"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unusable_data_is_refused_with_one_sentence(points, labels, why):
    with pytest.raises(ValueError, match=one_sentence("data must", why)):
        Trainer(Config(), data=(points, labels))
