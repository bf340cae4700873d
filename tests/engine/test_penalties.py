from itertools import product

import numpy as np
import pytest
from helpers import assert_close, assert_slope, central_differences

from engine import PENALTIES


def shapes(entry):
    """An entry with its knobs at their defaults and at both ends."""
    names = [knob.name for knob in entry.knobs]
    choices = [dict.fromkeys((knob.default, knob.low, knob.high)) for knob in entry.knobs]
    return [
        pytest.param(entry, dict(zip(names, values, strict=True)), id=" ".join(map(str, (entry.name, *values))))
        for values in product(*choices)
    ]


every = pytest.mark.parametrize(("entry", "knobs"), [case for entry in PENALTIES.values() for case in shapes(entry)])


@every
@pytest.mark.parametrize("lead", [(), (3,)], ids=str)
def test_gradient_against_differences(entry, knobs, lead, rng):
    weights = rng.choice([-1, 1], (*lead, 7)) * rng.uniform(0.1, 2.0, (*lead, 7))
    assert entry.value(weights, knobs).shape == lead
    numeric = central_differences(lambda x: entry.value(x, knobs), weights)
    assert_slope(entry.gradient(weights, knobs), numeric)


@every
def test_no_weights_no_penalty_and_no_pull(entry, knobs):
    assert entry.value(np.zeros(4), knobs) == 0.0
    assert np.array_equal(entry.gradient(np.zeros(4), knobs), np.zeros(4))


@every
def test_inactive_means_zero(entry, knobs, rng):
    weights = rng.normal(size=6)
    assert (entry.value(weights, knobs) != 0) == entry.active
    assert np.any(entry.gradient(weights, knobs)) == entry.active


@every
def test_gradient_is_a_new_array_and_the_weights_stay(entry, knobs, rng):
    weights = rng.normal(size=6)
    before = weights.copy()
    assert not np.shares_memory(entry.gradient(weights, knobs), weights)
    entry.value(weights, knobs)
    assert np.array_equal(weights, before)


@pytest.mark.parametrize(
    ("name", "knobs", "value", "gradient"),
    [
        ("none", {}, 0.0, [0.0, 0.0, 0.0]),
        ("l1", {}, 5.0, [1.0, -1.0, 0.0]),
        ("l2", {}, 6.5, [2.0, -3.0, 0.0]),
        ("elastic", {"mix": 0.5}, 5.75, [1.5, -2.0, 0.0]),
        ("elastic", {"mix": 0.2}, 6.2, [1.8, -2.6, 0.0]),
    ],
)
def test_known_values(name, knobs, value, gradient):
    weights = np.array([2.0, -3.0, 0.0])
    assert_close(PENALTIES[name].value(weights, knobs), value)
    assert_close(PENALTIES[name].gradient(weights, knobs), gradient)


@pytest.mark.parametrize(("mix", "other"), [(1.0, "l1"), (0.0, "l2")])
def test_elastic_is_l1_at_one_end_and_l2_at_the_other(mix, other, rng):
    weights = rng.normal(size=(3, 6))
    for part in ("value", "gradient"):
        elastic, pure = getattr(PENALTIES["elastic"], part), getattr(PENALTIES[other], part)
        assert_close(elastic(weights, {"mix": mix}), pure(weights, {}))
