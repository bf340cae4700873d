import numpy as np
import pytest
from helpers import assert_close, assert_same, name_of
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from engine import CLIPPINGS

every = pytest.mark.parametrize("entry", CLIPPINGS.values(), ids=name_of)
GRADIENTS = arrays(float, array_shapes(min_dims=1, max_dims=3), elements=st.floats(-1e6, 1e6))
LIMITS = st.floats(1e-3, 1e3)


def hyperparameters_of(entry, end="default"):
    return {hyperparameter.name: getattr(hyperparameter, end) for hyperparameter in entry.hyperparameters}


@every
@pytest.mark.parametrize("end", ["low", "default", "high"])
def test_each_network_is_clipped_by_itself_and_nothing_is_written(entry, end, rng):
    gradient = rng.normal(size=(4, 3, 6)) * 10.0 ** np.arange(-4, 8).reshape(4, 3, 1)
    before = gradient.copy()
    clipped = entry.clip(gradient, hyperparameters_of(entry, end))
    assert_same(gradient, before)
    for place in np.ndindex(4, 3):
        assert_same(clipped[place], entry.clip(gradient[place], hyperparameters_of(entry, end)))


@every
def test_active_means_that_long_gradients_change_and_short_ones_do_not(entry, rng):
    short, long = (scale * rng.normal(size=7) for scale in (1e-3, 1e3))
    assert_same(entry.clip(short, hyperparameters_of(entry)), short)
    assert np.array_equal(entry.clip(long, hyperparameters_of(entry)), long) != entry.active
    assert entry.active or entry.clip(long, hyperparameters_of(entry)) is long


@every
@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_divergence_stays_visible(entry, broken):
    gradient = np.array([[1.0, -2.0, 3.0], [1.0, broken, 3.0]])
    with np.errstate(all="ignore"):  # as in training
        clipped = entry.clip(gradient, hyperparameters_of(entry))
    assert np.isfinite(clipped[0]).all()
    assert not np.isfinite(clipped[1]).all()


def test_norm_by_hand():
    clip = CLIPPINGS["norm"].clip
    gradient = np.array([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]])
    assert_close(clip(gradient, {"limit": 1.0}), [[0.6, 0.8], [0.3, 0.4], [0.0, 0.0]])
    assert_close(clip(gradient, {"limit": 2.5}), [[1.5, 2.0], [0.3, 0.4], [0.0, 0.0]])
    assert_same(clip(gradient, {"limit": 6.0}), gradient)


def test_value_by_hand():
    clipped = CLIPPINGS["value"].clip(np.array([-3.0, -0.5, 0.2, 0.0, 4.0]), {"limit": 0.5})
    assert_same(clipped, np.array([-0.5, -0.5, 0.2, 0.0, 0.5]))


@given(GRADIENTS, LIMITS)
def test_norm_keeps_the_direction_and_the_limit(gradient, limit):
    clipped = CLIPPINGS["norm"].clip(gradient, {"limit": limit})
    length, now = (np.linalg.norm(g, axis=-1, keepdims=True) for g in (gradient, clipped))
    assert_close(now, np.minimum(length, limit))
    assert_close(clipped * length, gradient * now, atol=1e-11 * limit)


@given(GRADIENTS, LIMITS)
def test_value_keeps_signs_order_and_the_limit(gradient, limit):
    clipped = CLIPPINGS["value"].clip(gradient, {"limit": limit})
    assert np.abs(clipped).max() <= limit
    assert_same(clipped, np.sign(gradient) * np.minimum(np.abs(gradient), limit))


def test_the_length_of_huge_and_tiny_gradients_neither_overflows_nor_vanishes():
    """The square of 1e200 is infinite, that of 1e-200 zero."""
    clip = CLIPPINGS["norm"].clip
    assert_close(clip(np.array([3e200, -4e200]), {"limit": 1.0}), [0.6, -0.8])
    assert_same(clip(np.array([3e-200, 4e-200]), {"limit": 1e-3}), np.array([3e-200, 4e-200]))
