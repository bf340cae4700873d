import numpy as np
import pytest
from helpers import STEP, assert_close, assert_slope, away_from, name_of

from engine import ACTIVATIONS

POINTS = np.linspace(-4.0, 4.0, 401)


def value(entry, z):
    return entry.f(z, np.empty_like(z))


def slope(entry, z):
    return entry.df(z, value(entry, z), np.empty_like(z))


every = pytest.mark.parametrize("entry", ACTIVATIONS.values(), ids=name_of)


@every
def test_slope_against_differences(entry):
    z = away_from(POINTS, entry.kinks)
    assert_slope(slope(entry, z), (value(entry, z + STEP) - value(entry, z - STEP)) / (2 * STEP))


@every
def test_slope_at_a_kink_is_that_from_the_left(entry):
    for kink in entry.kinks:
        below = np.array([kink - 1e-3])
        assert_close(slope(entry, np.array([kink])), slope(entry, below))


@every
def test_leading_axes_and_views_are_free(entry):
    z = POINTS[:400].reshape(2, 5, 40)
    wide = np.ones((2, 2, 5, 41))
    a = entry.f(z, wide[0, ..., :40])
    assert_close(a.ravel(), value(entry, POINTS[:400]))
    assert_close(entry.df(z, a, wide[1, ..., :40]).ravel(), slope(entry, POINTS[:400]))
    assert np.all(wide[..., 40] == 1.0)


@every
def test_writes_into_out_and_leaves_the_rest_alone(entry):
    z, out = POINTS.copy(), np.empty_like(POINTS)
    assert entry.f(z, out) is out
    a = out.copy()
    assert entry.df(z, a, out) is out
    assert np.array_equal(z, POINTS)
    assert np.array_equal(a, value(entry, POINTS))


@every
def test_stays_within_its_range_and_finite(entry):
    z = np.array([-1e300, -1000.0, -1.0, 0.0, 1.0, 1000.0, 1e300])
    a = value(entry, z)
    assert np.isfinite(a).all()
    assert np.isfinite(slope(entry, z)).all()
    assert a.min() >= entry.range[0]
    assert a.max() <= entry.range[1]
    for end in entry.range:
        if np.isfinite(end):
            assert np.abs(a - end).min() < 1e-12, f"{end} is approached"


@every
def test_works_in_float32(entry):
    z = POINTS.astype(np.float32)
    assert value(entry, z).dtype == np.float32
    assert_close(value(entry, z), value(entry, POINTS), rtol=1e-5, atol=1e-6)  # single precision


@every
def test_gain_keeps_the_spread_of_a_wide_layer(entry, rng):
    # He's condition, gain^2 E[f(z)^2] = 1 for standard normal z, holds for the rectifiers and linear;
    # tanh and sigmoid carry conventional gains, of which only the order of magnitude can be asked.
    kept = entry.gain**2 * np.mean(value(entry, rng.normal(size=200_000)) ** 2)
    unbounded = np.isinf(entry.range[1])
    assert kept == pytest.approx(1.0, abs=0.02) if unbounded else 0.2 < kept < 1.2


@pytest.mark.parametrize(
    ("name", "z", "a", "da"),
    [
        ("linear", -2.5, -2.5, 1.0),
        ("sigmoid", 0.0, 0.5, 0.25),
        ("sigmoid", 2.0, 0.8807970779778823, 0.10499358540350662),
        ("tanh", 0.5, 0.46211715726000973, 0.7864477329659274),
        ("relu", -3.0, 0.0, 0.0),
        ("relu", 3.0, 3.0, 1.0),
        ("leaky_relu", -3.0, -0.03, 0.01),
        ("leaky_relu", 3.0, 3.0, 1.0),
    ],
)
def test_known_values(name, z, a, da):
    z = np.array([z])
    assert_close(value(ACTIVATIONS[name], z), [a])
    assert_close(slope(ACTIVATIONS[name], z), [da])
