import numpy as np
import pytest
from helpers import assert_close, assert_slope, central_differences, name_of

from engine import PENALTIES

every = pytest.mark.parametrize("entry", PENALTIES.values(), ids=name_of)


@every
@pytest.mark.parametrize("lead", [(), (3,)], ids=str)
def test_gradient_against_differences(entry, lead, rng):
    weights = rng.choice([-1, 1], (*lead, 7)) * rng.uniform(0.1, 2.0, (*lead, 7))
    assert entry.value(weights).shape == lead
    assert_slope(entry.gradient(weights), central_differences(entry.value, weights))


@every
def test_no_weights_no_penalty_and_no_pull(entry):
    assert entry.value(np.zeros(4)) == 0.0
    assert np.array_equal(entry.gradient(np.zeros(4)), np.zeros(4))


@every
def test_inactive_means_zero(entry, rng):
    weights = rng.normal(size=6)
    assert (entry.value(weights) != 0) == entry.active
    assert np.any(entry.gradient(weights)) == entry.active


@every
def test_gradient_is_a_new_array(entry, rng):
    weights = rng.normal(size=6)
    assert not np.shares_memory(entry.gradient(weights), weights)


@pytest.mark.parametrize(("name", "value"), [("none", 0.0), ("l1", 5.0), ("l2", 6.5)])
def test_known_values(name, value):
    assert_close(PENALTIES[name].value(np.array([2.0, -3.0, 0.0])), value)
