from itertools import product

import numpy as np
import pytest
from helpers import assert_close, assert_slope, central_differences

from engine import REGULARIZERS


def shapes(entry):
    """An entry with its hyperparameters at their defaults and at both ends."""
    names = [hyperparameter.name for hyperparameter in entry.hyperparameters]
    choices = [
        dict.fromkeys((hyperparameter.default, hyperparameter.low, hyperparameter.high))
        for hyperparameter in entry.hyperparameters
    ]
    return [
        pytest.param(entry, dict(zip(names, values, strict=True)), id=" ".join(map(str, (entry.name, *values))))
        for values in product(*choices)
    ]


every = pytest.mark.parametrize(
    ("entry", "hyperparameters"), [case for entry in REGULARIZERS.values() for case in shapes(entry)]
)


@every
@pytest.mark.parametrize("batch_shape", [(), (3,)], ids=str)
def test_gradient_against_differences(entry, hyperparameters, batch_shape, rng):
    weights = rng.choice([-1, 1], (*batch_shape, 7)) * rng.uniform(0.1, 2.0, (*batch_shape, 7))
    assert entry.value(weights, hyperparameters).shape == batch_shape
    numeric = central_differences(lambda x: entry.value(x, hyperparameters), weights)
    assert_slope(entry.gradient(weights, hyperparameters), numeric)


@every
def test_no_weights_no_regularization_and_no_pull(entry, hyperparameters):
    assert entry.value(np.zeros(4), hyperparameters) == 0.0
    assert np.array_equal(entry.gradient(np.zeros(4), hyperparameters), np.zeros(4))


@every
def test_inactive_means_zero(entry, hyperparameters, rng):
    weights = rng.normal(size=6)
    assert (entry.value(weights, hyperparameters) != 0) == entry.active
    assert np.any(entry.gradient(weights, hyperparameters)) == entry.active


@every
def test_gradient_is_a_new_array_and_the_weights_stay(entry, hyperparameters, rng):
    weights = rng.normal(size=6)
    before = weights.copy()
    assert not np.shares_memory(entry.gradient(weights, hyperparameters), weights)
    entry.value(weights, hyperparameters)
    assert np.array_equal(weights, before)


@pytest.mark.parametrize(
    ("name", "hyperparameters", "value", "gradient"),
    [
        ("none", {}, 0.0, [0.0, 0.0, 0.0]),
        ("l1", {}, 5.0, [1.0, -1.0, 0.0]),
        ("l2", {}, 6.5, [2.0, -3.0, 0.0]),
        ("elastic", {"mix": 0.5}, 5.75, [1.5, -2.0, 0.0]),
        ("elastic", {"mix": 0.2}, 6.2, [1.8, -2.6, 0.0]),
    ],
)
def test_known_values(name, hyperparameters, value, gradient):
    weights = np.array([2.0, -3.0, 0.0])
    assert_close(REGULARIZERS[name].value(weights, hyperparameters), value)
    assert_close(REGULARIZERS[name].gradient(weights, hyperparameters), gradient)


@pytest.mark.parametrize(("mix", "other"), [(1.0, "l1"), (0.0, "l2")])
def test_elastic_is_l1_at_one_end_and_l2_at_the_other(mix, other, rng):
    weights = rng.normal(size=(3, 6))
    for part in ("value", "gradient"):
        elastic, pure = getattr(REGULARIZERS["elastic"], part), getattr(REGULARIZERS[other], part)
        assert_close(elastic(weights, {"mix": mix}), pure(weights, {}))
