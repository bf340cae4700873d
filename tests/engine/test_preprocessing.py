import numpy as np
import pytest
from helpers import assert_close, assert_same, name_of

from engine import PREPROCESSORS, Config, Trainer

every = pytest.mark.parametrize("entry", PREPROCESSORS.values(), ids=name_of)


@every
def test_a_transform_is_fitted_once_and_pure(entry, rng):
    train, other = rng.normal(3.0, 5.0, (2, 20, 3))
    before = train.copy()
    transform = entry.fit(train)
    first = transform(other).copy()
    transform(1e3 * other)
    assert first.shape == other.shape
    assert_same(transform(other), first)
    assert_same(train, before)


@every
@pytest.mark.parametrize("rows", [1, 2, 50])
@pytest.mark.parametrize("constant", [0.0, 0.1, -1 / 3, 1e6 + 0.1])
def test_a_constant_column_stays_small_wherever_the_picture_looks(entry, rows, constant):
    transform = entry.fit(np.full((rows, 1), constant))
    assert np.abs(transform(np.array([[constant - 6.0], [constant], [constant + 6.0]]))).max() <= abs(constant) + 6.0


def test_standardise(rng):
    train = rng.normal([3.0, -100.0], [5.0, 0.01], (400, 2))
    done = PREPROCESSORS["standardise"].fit(train)(train)
    assert_close(done.mean(axis=0), 0.0, atol=1e-9)  # -100 costs four digits
    assert_close(done.std(axis=0), 1.0)
    assert_close(PREPROCESSORS["standardise"].fit(np.array([[1.0], [3.0]]))(np.array([[2.0], [5.0]])), [[0.0], [3.0]])


@every
def test_only_training_rows_are_looked_at(entry, rng):
    """Moving the test points far away leaves the training inputs as they were."""
    points, labels = rng.normal(size=(40, 2)), np.arange(40) % 2
    trainer = Trainer(Config(preprocessing=entry.name, features=("x1", "x1_squared")), data=(points, labels))
    train = trainer.data.train
    test_rows = [k for k, point in enumerate(points) if point.tolist() in trainer.data.points[train:].tolist()]
    points[test_rows] += 50.0
    moved = Trainer(trainer.config, data=(points, labels))
    assert_same(moved.data.inputs[:train], trainer.data.inputs[:train])
    assert not np.array_equal(moved.data.inputs[train:], trainer.data.inputs[train:])
