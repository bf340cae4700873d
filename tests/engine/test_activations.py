import math
from itertools import product

import numpy as np
import pytest
from helpers import STEP, assert_close, assert_same, assert_slope, away_from, name_of

from engine import ACTIVATIONS

POINTS = np.linspace(-4.0, 4.0, 401)
EXTREMES = np.array([-1e300, -1e30, -1000.0, -1.0, 0.0, 1.0, 1000.0, 1e30, 1e300])


def value(entry, z, *values):
    return entry.f(z, np.empty_like(z), *(values or defaults(entry)))


def slope(entry, z, *values):
    return entry.df(z, value(entry, z, *values), np.empty_like(z), *(values or defaults(entry)))


def defaults(entry):
    return [hyperparameter.default for hyperparameter in entry.hyperparameters]


def shapes(entry):
    """An entry with its hyperparameters at their defaults and at both ends."""
    choices = [
        dict.fromkeys((hyperparameter.default, hyperparameter.low, hyperparameter.high))
        for hyperparameter in entry.hyperparameters
    ]
    return [pytest.param(entry, values, id=" ".join(map(str, (entry.name, *values)))) for values in product(*choices)]


every = pytest.mark.parametrize(("entry", "values"), [case for entry in ACTIVATIONS.values() for case in shapes(entry)])
every_entry = pytest.mark.parametrize("entry", ACTIVATIONS.values(), ids=name_of)
LEARNED = [entry for entry in ACTIVATIONS.values() if entry.learned]
every_learned = pytest.mark.parametrize("entry", LEARNED, ids=name_of)


def test_the_menu():
    assert list(ACTIVATIONS) == [
        "linear",
        "sigmoid",
        "tanh",
        "relu",
        "leaky_relu",
        "prelu",
        "elu",
        "selu",
        "gelu",
        "swish",
        "softplus",
        "maxout",
        "step",
    ]


@every
def test_slope_against_differences(entry, values):
    z = away_from(POINTS, entry.kinks)
    numeric = (value(entry, z + STEP, *values) - value(entry, z - STEP, *values)) / (2 * STEP)
    assert_slope(slope(entry, z, *values), numeric)
    assert entry.forward_only == (not numeric.any())


@every
def test_slope_at_a_kink_is_that_from_the_left(entry, values):
    for kink in entry.kinks:
        at, below = np.array([kink]), np.array([kink - 1e-12])
        assert_close(slope(entry, at, *values), slope(entry, below, *values))


@every_entry
def test_a_slope_jumps_at_kinks_and_nowhere_else(entry):
    jumps = np.abs(slope(entry, POINTS + 1e-9) - slope(entry, POINTS - 1e-9)) > 1e-3
    leaps = np.abs(value(entry, POINTS + 1e-9) - value(entry, POINTS - 1e-9)) > 1e-3
    found = set(POINTS[jumps | leaps].round(9))
    # ELU is the one whose kink is smoothed by its hyperparameter, and its default does so.
    assert found == (set() if entry.name == "elu" else set(entry.kinks))


@every
def test_leading_axes_and_views_are_free(entry, values):
    z = POINTS[:400].reshape(2, 5, 40)
    wide = np.ones((2, 2, 5, 41))
    a = entry.f(z, wide[0, ..., :40], *values)
    assert_close(a.ravel(), value(entry, POINTS[:400], *values))
    assert_close(entry.df(z, a, wide[1, ..., :40], *values).ravel(), slope(entry, POINTS[:400], *values))
    assert np.all(wide[..., 40] == 1.0)


@every
def test_a_unit_does_not_depend_on_its_neighbours(entry, values):
    assert_close(value(entry, POINTS, *values)[::7], value(entry, POINTS[::7].copy(), *values), rtol=1e-15, atol=0)


@every
def test_writes_into_out_and_leaves_the_rest_alone(entry, values):
    z, out = POINTS.copy(), np.empty_like(POINTS)
    assert entry.f(z, out, *values) is out
    a = out.copy()
    assert entry.df(z, a, out, *values) is out
    assert np.array_equal(z, POINTS)
    assert np.array_equal(a, value(entry, POINTS, *values))


@every
def test_stays_within_its_range_and_finite(entry, values):
    z = np.concatenate([EXTREMES, np.linspace(-40.0, 40.0, 16001)])
    a = value(entry, z, *values)
    assert np.isfinite(a).all()
    assert np.isfinite(slope(entry, z, *values)).all()
    low, high = entry.range(*values)
    assert low - 1e-16 <= a.min()
    assert a.max() <= high
    if not entry.learned:  # whose range is that of all it may learn
        # A minimum between two points of the grid, 0.005 apart, is missed by curvature x 0.0025^2 / 2.
        assert a.min() == pytest.approx(low, abs=1e-4) if np.isfinite(low) else a.min() < -1e200
        assert a.max() == pytest.approx(high, abs=1e-4) if np.isfinite(high) else a.max() > 1e200


@every
def test_works_in_float32(entry, values):
    z = np.concatenate([POINTS, [-1e30, -100.0, -30.0, 30.0, 100.0, 1e30]]).astype(np.float32)
    a, da = value(entry, z, *values), slope(entry, z, *values)
    assert a.dtype == da.dtype == np.float32
    wide = z.astype(float)
    assert_close(a, value(entry, wide, *values), rtol=1e-5, atol=1e-6)  # single precision
    assert_close(da, slope(entry, wide, *values), rtol=1e-5, atol=1e-5)  # single precision, and differences of it


# Learned parameters


def learned(entry, z, own):
    out = np.empty_like(z)
    assert entry.learned(z, value(entry, z, own), out, own) is out
    return out


@every_learned
@pytest.mark.parametrize("own", [-0.5, 0.0, 0.25, 1.5])
def test_learned_slope_against_differences(entry, own):
    z = away_from(POINTS, entry.kinks)
    more, less = value(entry, z, own + STEP), value(entry, z, own - STEP)
    assert_slope(learned(entry, z, own), (more - less) / (2 * STEP))
    numeric = (value(entry, z + STEP, own) - value(entry, z - STEP, own)) / (2 * STEP)
    assert_slope(slope(entry, z, own), numeric)


@every_learned
def test_every_unit_has_its_own_learned_parameter(entry, rng):
    z = rng.normal(size=(2, 5, 3))
    own = rng.normal(size=(2, 1, 3))
    for f in (value, slope, learned):
        apart = np.array([[f(entry, z[i, :, j], own[i, 0, j]) for j in range(3)] for i in range(2)])
        assert_same(f(entry, z, own), apart.swapaxes(1, 2))


@every_learned
def test_a_learned_parameter_is_the_only_hyperparameter_and_its_start_is_allowed(entry):
    (hyperparameter,) = entry.hyperparameters
    assert hyperparameter.low <= hyperparameter.default <= hyperparameter.high


# Gains


def mean(f):
    """E[f(z)] for standard normal z: Gauss-Legendre quadrature on either side of zero, where the kinks are."""
    points, weights = np.polynomial.legendre.leggauss(200)
    z = np.concatenate([6 * (points - 1), 6 * (points + 1)])
    return np.sum(6 * np.tile(weights, 2) * np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi) * f(z))


@every_entry
def test_gain_keeps_the_spread_of_a_wide_layer(entry):
    kept = entry.gain**2 * mean(lambda z: value(entry, z) ** 2)
    if entry.name in ("sigmoid", "tanh"):  # conventional gains, of which only the order of magnitude can be asked
        assert 0.2 < kept < 1.2
    else:
        assert_close(kept, 1.0, rtol=1e-12)


def test_gain_of_maxout_is_that_of_two_pieces():
    # The larger of two has the density 2 phi Phi.
    lower = np.vectorize(lambda z: math.erfc(-z / math.sqrt(2)) / 2)
    assert_close(ACTIVATIONS["maxout"].gain ** 2 * mean(lambda z: z**2 * 2 * lower(z)), 1.0)


@pytest.mark.parametrize(
    ("name", "gain"),
    [
        ("leaky_relu", math.sqrt(2 / 1.0001)),
        ("prelu", math.sqrt(2 / 1.0625)),
        ("selu", 1.0),
        ("gelu", (1 / 3 + 1 / (2 * math.pi * math.sqrt(3))) ** -0.5),
        ("step", math.sqrt(2)),
    ],
)
def test_gains_in_closed_form(name, gain):
    assert_close(ACTIVATIONS[name].gain, gain, rtol=1e-14)


def test_selu_keeps_mean_zero():
    # Together with a gain of 1 that is the fixed point of its authors: mean 0 and variance 1.
    assert_close(mean(lambda z: value(ACTIVATIONS["selu"], z)), 0.0)


@pytest.mark.parametrize(
    ("name", "width", "gain"),
    [
        ("linear", 1, math.exp(0.5)),
        ("linear", 50, math.exp(0.01)),
        ("relu", 2, math.sqrt(2) * math.exp(1 / 3)),
        ("relu", 6, math.sqrt(2) * math.exp(1 / 3)),
        ("relu", 26, math.sqrt(2) * math.exp(1.2 / 23.6)),
    ],
)
def test_walk_gains_of_sussillo_and_abbott(name, width, gain):
    assert_close(ACTIVATIONS[name].walk_gain(width), gain)


@every
def test_only_maxout_has_several_pieces(entry, values):
    pieces = entry.pieces(*values)
    assert isinstance(pieces, int)
    assert pieces == (values[0] if entry.name == "maxout" else 1)


# Values


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
        ("prelu", -3.0, -0.75, 0.25),
        ("prelu", 3.0, 3.0, 1.0),
        ("elu", -1.0, 1 / math.e - 1, 1 / math.e),
        ("elu", 3.0, 3.0, 1.0),
        ("selu", -1.0, 1.7580993408473766 * (1 / math.e - 1), 1.7580993408473766 / math.e),
        ("selu", 2.0, 2.101401974710961, 1.0507009873554805),
        ("gelu", 0.0, 0.0, 0.5),
        ("gelu", 1.0, 0.8413447460685429, 1.0833154705876863),
        ("gelu", -1.0, -0.15865525393145705, -0.08331547058768629),
        ("swish", 0.0, 0.0, 0.5),
        ("swish", 1.0, 0.7310585786300049, 0.9276705118714867),
        ("softplus", 0.0, math.log(2), 0.5),
        ("softplus", 2.0, 2.1269280110429727, 0.8807970779778823),
        ("maxout", -2.5, -2.5, 1.0),
        ("step", -1e-300, 0.0, 0.0),
        ("step", 0.0, 0.0, 0.0),
        ("step", 1e-300, 1.0, 0.0),
    ],
)
def test_known_values(name, z, a, da):
    z = np.array([z])
    assert_close(value(ACTIVATIONS[name], z), [a])
    assert_close(slope(ACTIVATIONS[name], z), [da])


@pytest.mark.parametrize(
    ("name", "z", "values", "a", "da"),
    [
        ("leaky_relu", -3.0, [0.5], -1.5, 0.5),
        ("leaky_relu", -3.0, [0.0], 0.0, 0.0),
        ("prelu", -3.0, [-1.0], 3.0, -1.0),
        ("prelu", 3.0, [2.0], 3.0, 1.0),
        ("prelu", -3.0, [2.0], -6.0, 2.0),
        ("elu", -1.0, [0.5], 0.5 / math.e - 0.5, 0.5 / math.e),
        ("swish", 1.0, [2.0], 0.8807970779778823, 0.8807970779778823 + 2 * 0.10499358540350662),
        ("swish", 3.0, [0.0], 1.5, 0.5),
    ],
)
def test_known_values_of_other_hyperparameters(name, z, values, a, da):
    z = np.array([z])
    assert_close(value(ACTIVATIONS[name], z, *values), [a])
    assert_close(slope(ACTIVATIONS[name], z, *values), [da])


@pytest.mark.parametrize(
    ("name", "f", "df"),
    [
        ("sigmoid", lambda z: math.exp(z), lambda z: math.exp(z)),
        ("elu", lambda z: -1.0, lambda z: math.exp(z)),
        ("swish", lambda z: z * math.exp(z), lambda z: (1 + z) * math.exp(z)),
        ("softplus", lambda z: math.exp(z), lambda z: math.exp(z)),
    ],
)
@pytest.mark.parametrize("z", [-40.0, -300.0, -700.0])
def test_tails_keep_their_digits(name, f, df, z):
    """Where 1 + e^z is 1 to the last digit."""
    assert_close(value(ACTIVATIONS[name], np.array([z])), [f(z)], rtol=1e-13, atol=0)
    assert_close(slope(ACTIVATIONS[name], np.array([z])), [df(z)], rtol=1e-13, atol=0)


def test_gelu_is_right_to_the_last_digits_and_in_its_tail():
    """Against the error function of the C library, on a dense grid to where the tail leaves double precision."""
    small = np.geomspace(1e-12, 1e-3, 50)
    z = np.concatenate([np.arange(-37.0, 12.0, 1 / 256) + 1e-3, small, -small])
    below = np.array([math.erfc(-x / math.sqrt(2)) / 2 for x in z])
    # Rounding z^2 / 2 in the exponent costs z^2 / 2 units in the last place, on their side and on ours.
    allowed = 1e-15 + 2.3e-16 * np.minimum(z, 0.0) ** 2
    error = np.abs(value(ACTIVATIONS["gelu"], z) - z * below) / np.abs(z * below)
    assert np.all(error < allowed)

    density = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    expected = below + z * density
    # The terms have opposite signs below zero: the error is measured against the larger.
    error = np.abs(slope(ACTIVATIONS["gelu"], z) - expected) / np.maximum(below, np.abs(z) * density)
    assert np.all(error < 2 * allowed)


def test_gelu_and_its_slope_far_out():
    z = np.array([-1e300, -50.0, -1e-200, 0.0, 1e-200, 50.0, 1e300])
    assert_close(value(ACTIVATIONS["gelu"], z), [0.0, 0.0, -0.5e-200, 0.0, 0.5e-200, 50.0, 1e300], rtol=1e-15, atol=0)
    assert_close(slope(ACTIVATIONS["gelu"], z), [0.0, 0.0, 0.5, 0.5, 0.5, 1.0, 1.0], rtol=1e-15, atol=0)


def test_rectifiers_meet_where_their_hyperparameters_say():
    relu, linear = ACTIVATIONS["relu"], ACTIVATIONS["linear"]
    for name, hyperparameter, other in (
        ("leaky_relu", 0.0, relu), ("leaky_relu", 1.0, linear), ("prelu", 0.0, relu), ("prelu", 1.0, linear),
        ("elu", 0.0, relu),
    ):  # fmt: skip
        assert_close(value(ACTIVATIONS[name], POINTS, hyperparameter), value(other, POINTS))
        assert_close(slope(ACTIVATIONS[name], POINTS, hyperparameter), slope(other, POINTS))
