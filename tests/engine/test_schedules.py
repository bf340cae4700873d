import math

import numpy as np
import pytest
from helpers import assert_close, assert_same, name_of

from engine import MOMENTUM_SCHEDULES, SCHEDULES

every = pytest.mark.parametrize("entry", SCHEDULES.values(), ids=name_of)
every_momentum = pytest.mark.parametrize("entry", MOMENTUM_SCHEDULES.values(), ids=name_of)
STEPS = (0, 1, 10, 249, 250, 1000, 10**5, 10**7)


def hyperparameters_of(entry, end="default"):
    return {hyperparameter.name: getattr(hyperparameter, end) for hyperparameter in entry.hyperparameters}


@every
@pytest.mark.parametrize("end", ["low", "default", "high"])
def test_is_a_share_and_lets_the_first_step_be_made(entry, end):
    factors = [entry.factor(step, hyperparameters_of(entry, end)) for step in STEPS]
    assert all(type(factor) is float for factor in factors)
    assert all(0.0 <= factor <= 1.0 for factor in factors)
    assert factors[0] > 0.0


@every
def test_never_rises_again_once_it_has_fallen(entry):
    factors = np.array([entry.factor(step, hyperparameters_of(entry)) for step in range(8000)])
    top = factors.argmax()
    assert factors[top] == 1.0
    assert np.all(np.diff(factors[: top + 1]) >= 0)
    assert np.all(np.diff(factors[top:]) <= 0)


# The root of 1/2 comes from the cosine of 45 degrees: (1 + sqrt(1/2)) / 2 and (1 - sqrt(1/2)) / 2.
HIGH, LOW = 0.8535533905932737, 0.14644660940672627
# PyTorch 2.13 gives the same with StepLR(3, 0.5), CosineAnnealingLR(4, 0.2) as far as step 4,
# LinearLR(1/4, total_iters=3), and SequentialLR of LinearLR(1/2, total_iters=1) and CosineAnnealingLR(4) from step 2.
BY_HAND = [
    ("constant", {}, [1.0, 1.0, 1.0]),
    ("step", {"every": 3, "factor": 0.5}, [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25]),
    ("exponential", {"decay": math.log(2)}, [1.0, 0.5, 0.25, 0.125]),
    ("inverse", {"decay": 0.5}, [1.0, 2 / 3, 0.5, 0.4, 1 / 3]),
    ("cosine", {"steps": 4, "floor": 0.0}, [1.0, HIGH, 0.5, LOW, 0.0, 0.0, 0.0]),
    ("cosine", {"steps": 4, "floor": 0.2}, [1.0, 0.2 + 0.8 * HIGH, 0.6, 0.2 + 0.8 * LOW, 0.2, 0.2]),
    ("cosine", {"steps": 1, "floor": 0.2}, [1.0, 0.2, 0.2]),
    ("warm_up", {"steps": 4}, [0.25, 0.5, 0.75, 1.0, 1.0]),
    ("warm_up", {"steps": 1}, [1.0, 1.0]),
    ("warm_up_cosine", {"warm_up": 2, "steps": 4, "floor": 0.0}, [0.5, 1.0, 1.0, HIGH, 0.5, LOW, 0.0, 0.0]),
    ("warm_up_cosine", {"warm_up": 1, "steps": 2, "floor": 0.5}, [1.0, 1.0, 0.75, 0.5, 0.5]),
]


@pytest.mark.parametrize(("name", "hyperparameters", "factors"), BY_HAND)
def test_by_hand(name, hyperparameters, factors):
    assert_close([SCHEDULES[name].factor(step, hyperparameters) for step in range(len(factors))], factors)


def test_cosine_stays_at_its_floor():
    """Exactly: a rate of 1e-17 instead of 0 would still be drawn."""
    assert SCHEDULES["cosine"].factor(10**7, {"steps": 5000, "floor": 0.0}) == 0.0
    assert SCHEDULES["cosine"].factor(10**7, {"steps": 5000, "floor": 0.3}) == 0.3


# Momentum


@every_momentum
@pytest.mark.parametrize("end", ["low", "default", "high"])
def test_momentum_is_a_share_below_one(entry, end):
    for base in (0.0, 0.9, 0.999):
        values = [entry.value(step, base, hyperparameters_of(entry, end)) for step in STEPS]
        assert all(type(value) is float for value in values)
        assert all(0.0 <= value < 1.0 for value in values)
        assert np.all(np.diff(values) >= 0)


@every_momentum
def test_inactive_means_as_chosen(entry):
    base = np.array([[0.5], [0.95]])
    as_chosen = [entry.value(step, base, hyperparameters_of(entry)) is base for step in STEPS]
    assert all(as_chosen) != entry.active


@every_momentum
def test_one_momentum_for_each_network(entry):
    """Each network gets what it would get alone."""
    base = np.array([[0.1], [0.6], [0.995]])
    for step in STEPS:
        together = np.broadcast_to(entry.value(step, base, hyperparameters_of(entry)), base.shape)
        alone = [[entry.value(step, float(own), hyperparameters_of(entry))] for own in base[:, 0]]
        assert_same(together, np.array(alone))


def test_staged_by_hand():
    steps = (0, 9, 10, 29, 30, 10**6)
    staged = MOMENTUM_SCHEDULES["staged"]
    values = [staged.value(step, 0.3, {"first": 10, "second": 30}) for step in steps]
    assert values == [0.5, 0.5, 0.9, 0.9, 0.99, 0.99]
    # Stages in the wrong order: the second is then skipped.
    assert [staged.value(step, 0.3, {"first": 30, "second": 10}) for step in steps] == [0.5] * 4 + [0.99] * 2


def test_sutskever_by_hand():
    rising = MOMENTUM_SCHEDULES["sutskever"]
    steps = (0, 249, 250, 499, 500, 750, 1000, 24_750)
    values = [rising.value(step, 0.99, {}) for step in steps]
    assert_close(values, [0.5, 0.5, 0.75, 0.75, 5 / 6, 0.875, 0.9, 0.99])
    assert_close(values[:-1], [1 - 2 ** (-1 - math.log2(step // 250 + 1)) for step in steps[:-1]])
    assert_close(rising.value(250, np.array([[0.6], [0.99]]), {}), [[0.6], [0.75]])
