import numpy as np
import pytest
from helpers import assert_close, assert_same, name_of, pairwise
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine import PREPROCESSORS, Config, Trainer
from engine.preprocessing import EPSILON

every = pytest.mark.parametrize("entry", PREPROCESSORS.values(), ids=name_of)
SHAPES = st.tuples(st.integers(1, 12), st.integers(1, 5))
TABLES = SHAPES.flatmap(lambda shape: arrays(float, shape, elements=st.floats(-100, 100)))
"""Training columns of every kind: often constant, of low rank, or with fewer rows than columns."""

# Differences of numbers up to 100 are blurred by 1e-14, and sums of products of two of them by 1e-11 or so.
BLUR = 1e-10


def applied(name, train, columns=None):
    return PREPROCESSORS[name].fit(np.array(train))(np.array(train if columns is None else columns))


def covariance(columns):
    centred = columns - columns.mean(axis=0)
    return centred.T @ centred / len(columns)


def mixed(rng, rows=400, width=4):
    """Correlated columns of different size, away from the origin; their principal axes are well told apart."""
    return rng.normal(size=(rows, width)) * 3.0 ** np.arange(width) @ rng.normal(size=(width, width)) + [5.0] * width


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
    assert_close(transform(other[:3]), first[:3])


@pytest.mark.parametrize(
    ("entry", "rows", "constant", "beside"),
    pairwise(PREPROCESSORS.values(), [1, 2, 50], [0.0, 0.1, -1 / 3, 1e6 + 0.1], ["", "beside another"]),
    ids=name_of,
)
def test_a_constant_column_stays_small_wherever_the_picture_looks(entry, rows, constant, beside):
    train = np.full((rows, 1), constant)
    places = np.array([[constant - 6.0], [constant], [constant + 6.0]])
    if beside:  # a column from -1 to 1; at 0 in the places, so that any length there is the constant column's
        train = np.hstack([np.linspace(-1.0, 1.0, rows)[:, None] if rows > 1 else np.zeros((1, 1)), train])
        places = np.hstack([np.zeros((3, 1)), places])
    done = entry.fit(train)(places)
    assert np.abs(done).max() <= abs(constant) + 6.0


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


@every
@given(train=TABLES)
def test_degenerate_columns_come_out_finite(entry, train):
    transform = entry.fit(train)
    places = np.vstack([train, train + 6.0, train - 6.0, np.zeros_like(train)])
    assert np.isfinite(transform(places)).all()


@every
@pytest.mark.parametrize("spread", [1e-160, 1e-310, 5e-324])
def test_columns_too_close_to_divide_by_come_out_finite(entry, spread):
    assert np.isfinite(applied(entry.name, [[0.0], [spread]], [[6.0], [-6.0]])).all()


@every
def test_one_training_row_is_enough(entry):
    """It tells where the data are and nothing of their spread: distances from it stay."""
    row = np.array([[2.0, -3.0, 0.5]])
    steps = np.array([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [1.0, 1.0, 1.0]])
    transform = entry.fit(row)
    assert_close(transform(row + steps) - transform(row), steps)


@given(TABLES)
@pytest.mark.parametrize("name", ["centre", "standardise", "pca", "whitening"])
def test_mean_zero(name, train):
    transform, mean = PREPROCESSORS[name].fit(train), train.mean(axis=0)
    # Rounding leaves 1e-14 of the largest number in the mean; where a small spread is blown up, so is that.
    blown = np.linalg.norm(transform(mean + np.eye(train.shape[1])) - transform(mean[None]), ord=2)
    assert_close(transform(train).mean(axis=0), 0.0, atol=1e-14 * (1.0 + blown) * np.abs(train).max() + 1e-99)


@given(TABLES)
def test_unit_interval_is_filled_and_kept(train):
    done = applied("unit_interval", train)
    constant = np.ptp(train, axis=0) <= 1e-12 * np.abs(train).max(axis=0) + 1e-100
    assert_same(done.min(axis=0), np.zeros(train.shape[1]))
    assert np.all(done.max(axis=0)[~constant] == 1.0)
    assert np.all(done[:, constant] <= 1e-10)


@given(TABLES)
def test_pca_turns_and_sorts(train):
    done = applied("pca", train)
    centred = train - train.mean(axis=0)
    assert_close(done @ done.T, centred @ centred.T, atol=BLUR)  # lengths and angles between rows
    variances = np.linalg.eigvalsh(covariance(train))[::-1]
    assert_close(covariance(done), np.diag(variances), atol=BLUR)


def test_pca_keeps_lengths_and_angles_away_from_the_training_rows_too(rng):
    train, other = mixed(rng), mixed(rng, rows=30)
    done, centred = applied("pca", train, other), other - train.mean(axis=0)
    assert_close(done @ done.T, centred @ centred.T)


def test_pca_by_hand():
    # Along (1, 1) the rows lie at 2, -2, along (1, -1) at 1, -1, both times the root of 2; the mean is (3, 5).
    train = [[5.0, 7.0], [1.0, 3.0], [4.0, 4.0], [2.0, 6.0]]
    root = 2**0.5
    assert_close(applied("pca", train), [[2 * root, 0.0], [-2 * root, 0.0], [0.0, root], [0.0, -root]])
    # Variances 4 and 1: all rows end at the same distance. Whitening's epsilon costs 2e-10 of the smaller one.
    white = [[root, 0.0], [-root, 0.0], [0.0, root], [0.0, -root]]
    assert_close(applied("whitening", train), white)


@pytest.mark.parametrize("name", ["pca", "whitening"])
def test_the_sign_of_an_axis_does_not_hang_on_rounding(name, rng):
    """Along the diagonals both coordinates are equally large, and a change in the last digit could swap them."""
    along, across = rng.normal(0.0, 3.0, 50), rng.normal(size=50)
    train = np.stack([along + across, across - along], axis=1)
    first = applied(name, train)
    for _ in range(20):
        order = rng.permutation(50)
        assert_close(applied(name, train[order]), first[order])
        assert_close(applied(name, train + rng.uniform(-1e-14, 1e-14, train.shape)), first)


def test_the_first_large_coordinate_of_every_axis_is_positive(rng):
    train = mixed(rng)
    axes = applied("pca", train, train.mean(axis=0) + np.eye(4))
    sizes = np.abs(axes)
    for k in range(4):
        large = axes[sizes[:, k] >= 0.5 * sizes[:, k].max(), k]
        assert large[0] > 0


def test_whitening_gives_the_identity_as_covariance(rng):
    train = mixed(rng)
    variances = np.linalg.eigvalsh(covariance(train))
    # Epsilon leaves so much of a variance of 1 undone.
    short = EPSILON * variances[-1] / variances[0]
    assert short < 1e-4
    assert_close(covariance(applied("whitening", train)), np.eye(4), atol=short + 1e-9)


@given(TABLES)
def test_whitening_gives_every_direction_that_varies_the_same_variance(train):
    variances = np.linalg.eigvalsh(covariance(train))[::-1]
    largest = variances.max()
    told = variances > 1e-6 * largest + 1e-12  # below, rounding has a say
    done = np.diag(covariance(applied("whitening", train)))
    assert_close(done[told], 1.0 / (1.0 + EPSILON * largest / variances[told]), rtol=1e-6)
    assert np.all(done <= 1.0 + 1e-6)


def test_whitening_holds_back_where_a_direction_is_as_faint_as_epsilon():
    """By hand: variances 1/2 and 1e-10 / 2, which epsilon doubles; without it the rows end at the root of 2."""
    train = [[1.0, 0.0], [-1.0, 0.0], [0.0, 1e-5], [0.0, -1e-5]]
    assert_close(applied("whitening", train), [[2**0.5, 0.0], [-(2**0.5), 0.0], [0.0, 1.0], [0.0, -1.0]])


def test_whitening_of_rows_on_a_line():
    """Across the line nothing is known; distances there stay as they are instead of becoming huge."""
    train = np.outer([-1.0, 0.0, 1.0], [3.0, 4.0])
    done = applied("whitening", train, [[3.0, 4.0], [4.0, -3.0], [-8.0, 6.0]])
    # The variance along the line is 25 * 2/3.
    assert_close(done, [[1.5**0.5, 0.0], [0.0, 5.0], [0.0, -10.0]])


def test_standardise(rng):
    train = rng.normal([3.0, -100.0], [5.0, 0.01], (400, 2))
    done = PREPROCESSORS["standardise"].fit(train)(train)
    assert_close(done.mean(axis=0), 0.0, atol=1e-9)  # -100 costs four digits
    assert_close(done.std(axis=0), 1.0)


def test_columns_by_hand():
    train, places = [[1.0, 7.0], [3.0, 7.0]], [[2.0, 7.0], [5.0, 8.0]]
    assert_close(applied("none", train, places), places)
    assert_close(applied("centre", train, places), [[0.0, 0.0], [3.0, 1.0]])
    assert_close(applied("standardise", train, places), [[0.0, 0.0], [3.0, 1.0]])
    assert_close(applied("unit_interval", train, places), [[0.5, 0.0], [2.0, 1.0]])
