import numpy as np
import pytest
from helpers import assert_close, assert_same, name_of

from engine import AVERAGINGS

every = pytest.mark.parametrize("entry", AVERAGINGS.values(), ids=name_of)
every_active = pytest.mark.parametrize("entry", [e for e in AVERAGINGS.values() if e.active], ids=name_of)


def hyperparameters_of(entry, end="default", **chosen):
    return {hyperparameter.name: getattr(hyperparameter, end) for hyperparameter in entry.hyperparameters} | chosen


def averages(entry, path, hyperparameters):
    """The average after each of some parameters."""
    mean, means = np.full_like(path[0], np.nan), []
    for count, params in enumerate(path):
        mean = entry.update(mean, params, count, hyperparameters)
        means.append(mean)
    return np.array(means)


@every
@pytest.mark.parametrize("end", ["low", "default", "high"])
def test_begins_with_a_copy_of_the_first_parameters(entry, end):
    params = np.array([1.0, -2.0, 0.1])
    mean = entry.update(np.full(3, np.nan), params, 0, hyperparameters_of(entry, end))
    assert_same(mean, params)
    assert not np.shares_memory(mean, params)


@every
def test_nothing_is_written(entry, rng):
    mean, params = rng.normal(size=(2, 5))
    before = mean.copy(), params.copy()
    new = entry.update(mean, params, 3, hyperparameters_of(entry))
    assert_same(mean, before[0])
    assert_same(params, before[1])
    assert not np.shares_memory(new, mean)
    assert not np.shares_memory(new, params)


@every
def test_leading_axes_are_free(entry, rng):
    path = rng.normal(size=(6, 2, 3, 4))
    together = averages(entry, path, hyperparameters_of(entry))
    assert together.shape == path.shape
    for place in np.ndindex(2, 3):
        assert_same(together[:, *place], averages(entry, path[:, *place], hyperparameters_of(entry)))


@every
def test_parameters_at_rest_are_their_own_average(entry):
    """Bit for bit, however often they are added."""
    path = np.tile([0.1, -1 / 3, 1e10], (200, 1))
    assert_same(averages(entry, path, hyperparameters_of(entry)), path)


@every
def test_stays_among_the_parameters(entry, rng):
    path = rng.normal(size=(50, 20)).cumsum(axis=0)
    means = averages(entry, path, hyperparameters_of(entry))
    slack = 1e-12 * np.abs(path).max()
    assert np.all(means >= np.minimum.accumulate(path) - slack)
    assert np.all(means <= np.maximum.accumulate(path) + slack)


@every
def test_inactive_means_never_due(entry):
    assert any(entry.due(step, hyperparameters_of(entry)) for step in range(1, 2001)) == entry.active


@every_active
def test_an_average_differs_from_its_last_parameters(entry):
    assert averages(entry, np.array([[1.0], [2.0]]), hyperparameters_of(entry))[-1] < 2.0


def test_checkpoints_are_taken_after_every_so_many_steps():
    due = AVERAGINGS["checkpoints"].due
    assert [step for step in range(1, 13) if due(step, {"every": 4})] == [4, 8, 12]
    assert all(due(step, {"every": 1}) for step in range(1, 13))
    assert all(AVERAGINGS["exponential"].due(step, {"decay": 0.9}) for step in range(1, 13))


def test_checkpoints_against_plain_means(rng):
    path = rng.normal(size=(40, 2, 5)).cumsum(axis=0)
    means = averages(AVERAGINGS["checkpoints"], path, {"every": 7})
    assert_close(means, [path[: count + 1].mean(axis=0) for count in range(40)])


# Worked by hand with PyTorch's recursion, mean <- decay mean + (1 - decay) params, from a copy of the first:
# 1; 0.75 * 1 + 0.25 * 5 = 2; 0.75 * 2 + 0.25 * (-2) = 1; 0.75 * 1 + 0.25 * 9 = 3.
@pytest.mark.parametrize(
    ("decay", "means"), [(0.75, [1.0, 2.0, 1.0, 3.0]), (0.5, [1.0, 3.0, 0.5, 4.75]), (0.0, [1.0, 5.0, -2.0, 9.0])]
)
def test_exponential_by_hand(decay, means):
    path = np.array([[1.0], [5.0], [-2.0], [9.0]])
    assert_close(averages(AVERAGINGS["exponential"], path, {"decay": decay})[:, 0], means)


def test_exponential_against_the_weights_written_out(rng):
    """The first counts d^n, the k-th after it (1 - d) d^(n - k)."""
    path = rng.normal(size=(30, 4))
    weights = 0.1 * 0.9 ** np.arange(29.0, -1.0, -1.0)
    weights[0] = 0.9**29
    assert_close(averages(AVERAGINGS["exponential"], path, {"decay": 0.9})[-1], weights @ path)
