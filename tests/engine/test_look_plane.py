import numpy as np
import pytest
from helpers import assert_close, assert_same, one_sentence

from engine import Config, Trainer, load
from engine.datasets import EXTENT
from engine.hidden_space import look
from engine.look import FrameRequest, Viewer, grid_points, plane_of

COLUMNS = ("height", "weight", "age", "constant")


def table(rng, rows=40):
    """Four columns of different sizes, of which two go together and one never changes."""
    first = rng.normal(size=rows)
    values = [100 + 20 * first, 5 * first + rng.normal(size=rows), rng.normal(size=rows), np.full(rows, 3.0)]
    return np.stack(values, axis=1), (first > 0).astype(int)


class Frame:
    def __init__(self, values):
        self.values, self.columns = values, COLUMNS

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


@pytest.fixture
def data(rng):
    values, labels = table(rng)
    return load(Config(), (Frame(values), labels))


def test_two_coordinates_are_drawn_as_they_are():
    data = load(Config())
    plane = plane_of(data)
    assert plane.sentence == ""
    assert_same(plane.points(data.points), data.points)
    assert_same(plane.rows(grid_points(30)), grid_points(30))


def two_columns(rng, names=COLUMNS[:2]):
    """Two columns of a user's own, far from the square of the built-in data and much wider in one direction."""
    rows = np.array([1000.0, -0.02]) + rng.normal(size=(40, 2)) * [50.0, 0.001]
    frame = Frame(rows)
    frame.columns = names
    return load(Config(), (frame, (rows[:, 0] > 1000).astype(int)))


def test_two_columns_of_ones_own_are_the_axes_of_a_plane_that_fits(rng):
    data = two_columns(rng)
    plane, known = plane_of(data), data.rows[: data.train]
    assert plane.columns == (0, 1)
    assert plane.sentence == "The picture shows height (x1) to the right and weight (x2) upwards."
    at = plane.points(known)
    assert_close(np.abs(at).max(axis=0), 0.9 * EXTENT)
    assert_close(np.diff(at[np.argsort(known[:, 0])][:, 0]) >= 0, True)
    assert_close(plane.rows(at), known)
    assert_close(plane.axes[[0, 1], [1, 0]], 0.0)
    assert plane_of(two_columns(rng, ("x1", "x2"))).sentence == ""


def test_two_columns_of_ones_own_may_be_swapped(rng):
    data = two_columns(rng)
    plane = plane_of(data, ("weight", "height"))
    assert plane.columns == (1, 0)
    assert "weight (x2) to the right and height (x1) upwards" in plane.sentence
    assert_close(plane.points(data.rows), plane_of(data).points(data.rows)[:, ::-1])


def test_the_boundary_of_two_columns_of_ones_own_is_that_of_their_rows(rng):
    data = two_columns(rng)
    trainer = Trainer(Config(preprocessing="standardise"), data=(data.rows, data.labels))
    state = trainer.run(trainer.init(), 50)
    shown = Viewer(trainer, 24).look(state, FrameRequest(maps=False, histograms=False)).boundary
    predicted = trainer.predict(state, plane_of(trainer.data).rows(grid_points(24)))[:, 0]
    assert np.abs((shown.astype(float).ravel() - 128) / 127 - (2 * predicted - 1)).max() < 0.01
    assert shown.min() < 100
    assert shown.max() > 156


@pytest.mark.parametrize("columns", [None, (0, 2), ("age", "height"), ("weight", 0)])
def test_points_and_rows_are_each_others_inverse_on_the_plane(data, columns, rng):
    plane, points = plane_of(data, columns), rng.uniform(-EXTENT, EXTENT, (9, 2))
    assert_close(plane.points(plane.rows(points)), points)


@pytest.mark.parametrize("columns", [None, (0, 2)])
def test_the_training_points_fill_the_square(data, columns):
    reach = np.abs(plane_of(data, columns).points(data.rows[: data.train])).max(axis=0)
    assert_close(reach, 0.9 * EXTENT)


def test_two_columns_with_the_others_at_their_mean(data):
    plane = plane_of(data, ("age", "height"))
    mean = data.rows[: data.train].mean(axis=0)
    rows = plane.rows(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, -2.0]]))
    assert_close(rows[0], mean)
    assert_same(np.flatnonzero(np.abs(rows[1] - mean) > 1e-9), np.array([2]))
    assert_same(np.flatnonzero(np.abs(rows[2] - mean) > 1e-9), np.array([0]))
    assert all(part in plane.sentence for part in ("age to the right", "height upwards", "at their mean"))
    order = np.argsort(plane.points(data.rows)[:, 0])
    assert_same(order, np.argsort(data.rows[:, 2]))


def test_principal_axes_are_those_of_the_standardised_columns(data):
    plane = plane_of(data)
    known = data.rows[: data.train]
    scaled = (known - known.mean(axis=0)) / np.where(known.std(axis=0) > 1e-9, known.std(axis=0), 1.0)
    variances, vectors = np.linalg.eigh(np.cov(scaled.T, bias=True))
    expected = scaled @ vectors[:, [-1, -2]]
    found = plane.points(known)
    for k in range(2):
        assert abs(np.corrcoef(found[:, k], expected[:, k])[0, 1]) > 1 - 1e-9
    assert f"{(variances[-1] + variances[-2]) / variances.sum():.0%} of the variance" in plane.sentence
    assert "4 columns" in plane.sentence
    assert_close(plane.rows(np.array([[3.0, -4.0]]))[:, 3], 3.0)


@pytest.mark.parametrize(
    "columns", [("age", "age"), ("age", 2), ("age", "nonsense"), (0, 4), (-1, 0), (True, 0), (0.5, 1)], ids=str
)
def test_columns_that_are_not_there_are_refused(data, columns):
    with pytest.raises(ValueError, match=one_sentence("plane must", "column")):
        plane_of(data, columns)


@pytest.mark.parametrize("columns", [None, (2, 0)])
def test_the_boundary_is_that_of_the_rows_on_the_plane(columns, rng):
    values, labels = table(rng)
    trainer = Trainer(Config(preprocessing="standardise", hidden=(3,)), data=(values, labels))
    state, plane = trainer.run(trainer.init(), 50), plane_of(trainer.data, columns)
    viewer = Viewer(trainer, 24, 8, plane)
    frame = viewer.look(state, FrameRequest(histograms=False))
    predicted = trainer.predict(state, plane.rows(grid_points(24)))[:, 0]
    shown = (frame.boundary.astype(float).ravel() - 128) / 127
    assert np.abs(shown - (2 * predicted - 1)).max() < 0.01
    space = look(trainer, state, 0, (0, 1), side=5, plane=plane)
    corner = trainer.data.inputs_at(plane.rows(np.array([[-EXTENT, EXTENT]])))
    assert_close(space.mesh[0, 0], corner[0, :2], rtol=1e-5, atol=1e-5)  # in single precision


def test_of_several_outputs_the_first_is_drawn_until_one_is_chosen(rng):
    values, _ = table(rng)
    trainer = Trainer(Config(hidden=(3,), loss="squared_error"), data=(values, rng.normal(size=(40, 3))))
    state = trainer.run(trainer.init(), 20)
    frame = Viewer(trainer, 16).look(state, FrameRequest(histograms=False))
    predicted = trainer.predict(state, plane_of(trainer.data).rows(grid_points(16)))
    assert np.abs((frame.boundary.astype(float).ravel() - 128) / 127 - predicted[:, 0] / frame.scale).max() < 0.01
    assert len(frame.maps) == 3 + 3
