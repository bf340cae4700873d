import tracemalloc
from dataclasses import replace

import naive
import numpy as np
import pytest
from helpers import assert_close, assert_same, name_of, one_sentence

from engine import Config, Refusal, Trainer, UnknownNameError
from engine.landscape import DIRECTIONS, LossLandscape, Plane, affordable, heights, plane, planes, project
from engine.landscape import loss_landscape as measuring
from engine.parameter_history import BYTES, LEAST, MOST, ParameterHistory, capacity

# Single precision keeps 7 digits; sums over some layers and points may lose two of them.
SINGLE = 1e-5

CASES = {
    "no hidden layer": {"hidden": ()},
    "default": {},
    "deep": {"hidden": (3,) * 6},
    "maxout": {"hidden": (3, 2), "activation": ("maxout", "tanh"), "activation_params": {"k": 3}},
    "prelu": {"hidden": (3, 2), "activation": "prelu"},
    "batch norm before": {"hidden": (3, 2), "batch_norm": True},
    "batch norm after": {"hidden": (3, 2), "batch_norm": "after", "activation": ("prelu", "maxout")},
    "multiclass": {"dataset": "blobs3", "hidden": (3,)},
    "regression": {"dataset": "multi_gauss", "hidden": (3,), "features": ("x1", "x2", "x1_x2")},
    "masks, noise and regularization": {
        "hidden": (4, 3),
        "dropout": 0.5,
        "drop_connect": 0.5,
        "input_noise": 1.0,
        "regularization": "l2",
        "regularization_rate": 0.1,
    },
}

all_cases = pytest.mark.parametrize("choices", CASES.values(), ids=CASES)
all_kinds = pytest.mark.parametrize("kind", DIRECTIONS)


def trained(choices, steps=30, **more):
    """A trainer, a State some steps on, and the parameters (n, P) on the way there."""
    trainer = Trainer(Config(**{"samples": 40, "noise": 10, "batch_size": 5, "learning_rate": 0.1, **choices, **more}))
    state, path = trainer.init(), ParameterHistory()
    for _ in range(6):
        path.record(state)
        state = trainer.run(state, steps // 6)
    path.record(state)
    return trainer, state, path.params


def slice_of(kind, choices, **more):
    trainer, state, path = trained(choices, **more)
    found = plane(trainer, state, kind, path, seed=3)
    assert found.kind == kind
    return trainer, state, found


def dealt(trainer, flat):
    """The naive network's layers of a flat vector."""
    config = trainer.config
    hyperparameters = [tuple(own.values()) for own in config.activation_params]
    shape = len(config.features), config.hidden, trainer.data.outputs
    return naive.build(flat, *shape, config.activation, config.batch_norm, hyperparameters)


def naive_loss(trainer, flat, rows):
    """Mean loss with the statistics of these rows, in float64, one number at a time."""
    data = trainer.data
    scores = naive.forward(dealt(trainer, flat), data.inputs[:rows, :-1].tolist())
    if data.task == "regression":
        squares = [(z - t) ** 2 for (z,), t in zip(scores, data.labels[:rows].tolist(), strict=True)]
        return sum(squares) / rows / 2
    return naive.cross_entropy(scores, data.labels[:rows].tolist())


@all_kinds
@all_cases
def test_heights_against_the_naive_network_point_by_point(choices, kind):
    trainer, state, found = slice_of(kind, choices)
    side, rows = 5, 17
    expected = np.empty((side, side))
    for i in range(side):
        for j in range(side):
            a = found.low[0] + (found.high[0] - found.low[0]) * j / (side - 1)
            b = found.high[1] - (found.high[1] - found.low[1]) * i / (side - 1)
            expected[i, j] = naive_loss(trainer, state.params + a * found.axes[0] + b * found.axes[1], rows)
    measured = heights(trainer, found, side, rows)
    assert measured.dtype == np.float64
    assert np.ptp(expected) > 1000 * SINGLE * expected.min()
    np.testing.assert_allclose(measured, expected, rtol=SINGLE)


@pytest.mark.parametrize("name", [name for name in CASES if not name.startswith("batch norm")])
def test_the_centre_is_the_training_loss(name):
    trainer, state, found = slice_of("random", CASES[name])
    centre = heights(trainer, found, 11)[5, 5]
    np.testing.assert_allclose(centre, trainer.evaluate(state).train_loss, rtol=1e-5)


def test_the_centre_with_batch_norm_is_the_loss_with_the_statistics_of_all_training_points():
    trainer, state, found = slice_of("random", CASES["batch norm before"])
    loss = trainer.evaluate(replace(state, running_stats=trainer.problem.statistics_of(state.params))).train_loss
    biased = replace(
        state, running_stats=trainer.problem.statistics_of(state.params) / trainer.network.unbiased(trainer.data.train)
    )
    np.testing.assert_allclose(heights(trainer, found, 3)[1, 1], trainer.evaluate(biased).train_loss, rtol=1e-5)
    assert abs(loss / trainer.evaluate(biased).train_loss - 1) > 1e-5


def test_a_linear_network_has_the_bowl_of_its_second_derivatives(rng):
    """Half the mean square of X v, where v is the way from parameters that fit perfectly."""
    points = rng.normal(size=(40, 2))
    trainer = Trainer(Config(hidden=(), train_fraction=0.5), (points, points @ [1.5, -2.0] + 0.5))
    state = trainer.edit(trainer.edit(trainer.edit(trainer.init(), 0, 1.5), 1, -2.0), 2, 0.5)
    axes = np.array([[0.5, 1.0, 0.0], [0.0, 1.0, -2.0]])
    found = Plane(state.params, axes, np.array([-1.0, -2.0]), np.array([1.0, 3.0]), "random")
    inputs = trainer.data.inputs[:20]
    bowl = axes @ inputs.T @ inputs @ axes.T / 20
    ways = np.array([[(a, b) for a in np.linspace(-1, 1, 7)] for b in np.linspace(3, -2, 7)])
    assert_close(found.grid(7), ways)
    expected = 0.5 * np.einsum("ijk,kl,ijl->ij", ways, bowl, ways)
    assert_close(heights(trainer, found, 7), expected, rtol=SINGLE, atol=1e-6)


def test_the_grid_is_that_of_a_picture():
    found = Plane(np.zeros(3), np.ones((2, 3)), np.array([-1.0, 10.0]), np.array([1.0, 30.0]), "random")
    grid = found.grid(3)
    assert_close(grid[0], [[-1.0, 30.0], [0.0, 30.0], [1.0, 30.0]])
    assert_close(grid[:, 0, 1], [30.0, 20.0, 10.0])


def test_only_the_first_rows_count_and_no_more_than_there_are():
    trainer, _, found = slice_of("random", {})
    every = heights(trainer, found, 3, 20)
    assert_same(heights(trainer, found, 3, 500), every)
    assert np.all(heights(trainer, found, 3, 10) != every)


def test_groups_and_scratch_do_not_show(monkeypatch):
    """However many networks run together, and whatever the scratch was used for before."""
    trainer, _, found = slice_of("random", CASES["batch norm before"])
    loss_landscape = LossLandscape(trainer)
    first = loss_landscape.heights(found, 7, 20)
    loss_landscape.heights(found, 4, 9)
    assert_same(loss_landscape.heights(found, 7, 20), first)
    for few in (1, 6, 1000):
        monkeypatch.setattr(measuring, "_CACHED", 0)
        monkeypatch.setattr(measuring, "_FEW", few)
        np.testing.assert_allclose(heights(trainer, found, 7, 20), first, rtol=1e-5)


@pytest.mark.parametrize(("side", "rows"), [(11, 32), (4, 250)])
def test_scratch_of_the_largest_network_is_bounded(side, rows):
    trainer = Trainer(Config(hidden=(64,) * 50, batch_norm=True))
    found = plane(trainer, trainer.init())
    tracemalloc.start()
    heights(trainer, found, side, rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 70e6


def test_scratch_does_not_pile_up():
    trainer, _, found = slice_of("random", {"samples": 200})
    loss_landscape = LossLandscape(trainer)
    tracemalloc.start()
    loss_landscape.heights(found, 11, 100)
    once = tracemalloc.get_traced_memory()[0]
    for rows in range(80, 100):
        loss_landscape.heights(found, 11, rows)
    assert tracemalloc.get_traced_memory()[0] < 1.5 * once
    tracemalloc.stop()


# Random directions.


@all_cases
def test_random_directions_are_as_long_as_the_weights_of_each_unit(choices):
    trainer, state, found = slice_of("random", choices)
    own = dealt(trainer, state.params)
    for axis in found.axes:
        for layer, current in zip(dealt(trainer, axis), own, strict=True):
            lengths, expected = (np.linalg.norm(one.weights, axis=0) for one in (layer, current))
            assert len(lengths) == len(layer.bias)  # one of each piece
            assert_close(lengths, expected)
            others = [*layer.bias, *(layer.gamma or []), *(layer.beta or [])]
            if layer.f == "prelu":
                others += [hyperparameter for (hyperparameter,) in layer.hyperparameters]
            assert not np.any(others)
    assert_same(found.low, np.full(2, -1.0))
    assert_same(found.high, np.full(2, 1.0))
    assert_same(found.origin, state.params)


def test_random_directions_are_normal():
    """Weights of two units of 64 inputs: undoing the scale, mean 0, and a normal's fourth moment of 3."""
    trainer = Trainer(Config(hidden=(64, 64)))
    state = trainer.init()
    positions = trainer.network.weight_positions[1][..., 0]
    parts = [plane(trainer, state, seed=seed).axes[:, positions] for seed in range(3)]
    units = np.array(parts) / np.linalg.norm(state.params[positions], axis=0) * 8
    # 24576 numbers: the mean strays by 1/157, the fourth moment by sqrt(96 / 24576) = 0.06; five times that. Dividing
    # by a unit's own length takes 2 / 66 of the moment.
    assert abs(units.mean()) < 5 / 157
    assert abs((units**4).mean() - 3 * 64 / 66) < 0.31


def test_random_directions_follow_the_seed_and_differ_from_each_other():
    trainer, state, _ = trained({})
    first, again, other = (plane(trainer, state, seed=seed).axes for seed in (1, 1, 2))
    assert_same(first, again)
    units = np.concatenate([first, other])
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    cosines = units @ units.T
    assert np.abs(cosines - np.eye(4)).max() < 0.9


def test_random_directions_differ_from_layer_to_layer():
    trainer = Trainer(Config(hidden=(4, 4, 4)))
    positions = trainer.network.weight_positions
    units = plane(trainer, trainer.init()).axes[0][np.array(positions[1:3])]
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    assert np.abs(units[0] - units[1]).max() > 0.1


def test_where_all_weights_are_zero_the_land_is_flat():
    trainer, state, _ = trained({})
    found = plane(trainer, replace(state, params=np.zeros_like(state.params)))
    assert not found.axes.any()
    np.testing.assert_allclose(heights(trainer, found, 3), np.log(2), rtol=1e-6)


# The path.


def test_path_axes_against_the_singular_value_decomposition_of_the_whole_matrix():
    trainer, state, path = trained({"hidden": (8, 8)}, steps=120)
    axes = plane(trainer, state, "path", path).axes
    differences = path - state.params
    whole = np.linalg.svd(differences)[2][:2]
    assert_close(axes @ axes.T, np.eye(2))
    # The spread along the second axis is squared in the small matrix, so it keeps half its digits.
    assert_close(np.abs(np.sum(axes * whole, axis=1)), [1.0, 1.0])
    assert_close(np.abs(axes @ whole.T), np.eye(2), atol=1e-7)
    assert np.all(axes @ differences[0] <= 0)


@pytest.mark.parametrize("share", [1.0, 1e-3, 1e-5, 1e-9, 0.0])
def test_path_axes_are_orthonormal_however_straight_the_path(share, rng):
    trainer, state, _ = trained({})
    first, second = np.linalg.qr(rng.normal(size=(state.params.size, 2)))[0].T
    a, b = np.array([-4.0, -3.0, -1.0, 0.0]), np.array([-1.0, 1.0, 0.0, 0.0])
    path = state.params + np.outer(a, first) + share * np.outer(b, second)
    found = plane(trainer, state, "path", path)
    assert found.kind == "path"
    assert_close(found.axes @ found.axes.T, np.eye(2))
    assert_close(project(found, path)[0][:, 0], a, rtol=0.3)
    assert np.all(found.high - found.low >= 0.0999 * (found.high - found.low).max())


@pytest.mark.parametrize("count", [2, 5, 40])
def test_the_window_holds_the_path_and_the_origin_with_a_margin(count, rng):
    trainer, state, _ = trained({})
    path = state.params + rng.uniform(0.5, 1.5, (count, 1)) * rng.normal(size=(count, state.params.size))
    found = plane(trainer, state, "path", path)
    points = np.concatenate([project(found, path)[0], np.zeros((1, 2))])
    extent = np.ptp(points, axis=0)
    assert extent.min() > 0.12 * extent.max()  # else the window is wider than that
    assert_close(found.low, points.min(axis=0) - 0.25 * extent)
    assert_close(found.high, points.max(axis=0) + 0.25 * extent)


def test_a_single_weight_moved_by_hand_makes_a_straight_path():
    trainer, state, _ = trained({})
    path = np.stack([trainer.edit(state, 3, value).params for value in (0.5, 1.5, 2.0)])
    found = plane(trainer, trainer.edit(state, 3, 2.0), "path", path, seed=1)
    assert found.kind == "path"
    assert_same(found.axes[0], np.eye(state.params.size)[3])
    assert_close(found.axes @ found.axes.T, np.eye(2))
    assert_close(found.low[0], -1.5 - 0.375)
    assert_close(found.high[0], 0.375)
    assert_close(found.high[1] - found.low[1], 0.225)
    assert np.count_nonzero(found.axes[1]) == state.params.size - 1
    assert_same(plane(trainer, trainer.edit(state, 3, 2.0), "path", path, seed=1).axes, found.axes)


def test_the_window_is_never_much_smaller_than_single_precision_can_tell_apart():
    trainer, state, _ = trained({})
    path = state.params + 1e-9 * np.eye(state.params.size)[:3]
    found = plane(trainer, state, "path", path)
    assert found.kind == "path"
    assert_close(found.high - found.low, np.full(2, 1e-4 * np.linalg.norm(state.params)))


def test_a_path_from_zero_parameters_has_a_window():
    trainer, state, _ = trained({})
    state = replace(state, params=np.zeros_like(state.params))
    found = plane(trainer, state, "path", np.eye(state.params.size)[:2] * 1e-30)
    assert np.all(found.high > found.low)
    assert_close(found.axes @ found.axes.T, np.eye(2))


@pytest.mark.parametrize(
    "points",
    [
        lambda now: None,
        lambda now: np.empty((0, 0)),
        lambda now: now[None],
        lambda now: np.stack([now, now + 1.0, now]),
        lambda now: np.stack([now + 1.0, now + 1.0, now + 1.0]),
        lambda now: np.stack([now + 1.0, now + np.nan, now + np.inf, now]),
    ],
)
def test_with_fewer_than_three_points_the_path_is_random(points):
    trainer, state, _ = trained({})
    found, expected = plane(trainer, state, "path", points(state.params), 5), plane(trainer, state, "random", seed=5)
    assert found.kind == "random"
    assert_same(found.axes, expected.axes)
    assert_same(found.high, expected.high)


def test_the_current_parameters_count_as_the_end_of_the_path():
    trainer, state, path = trained({})
    one, other = plane(trainer, state, "path", path[:-1]), plane(trainer, state, "path", path)
    assert_close(one.axes, other.axes, atol=1e-7)
    assert plane(trainer, state, "path", path[[0, 3]]).kind == "path"


def test_what_is_not_finite_on_the_path_is_passed_over():
    trainer, state, path = trained({})
    spoilt = np.concatenate([np.full((1, path.shape[1]), np.nan), path, np.full((1, path.shape[1]), np.inf)])
    assert_same(plane(trainer, state, "path", spoilt).axes, plane(trainer, state, "path", path).axes)


# Projection.


@all_kinds
def test_points_in_the_plane_project_onto_themselves(kind, rng):
    _, _, found = slice_of(kind, {"hidden": (8, 8)})
    coordinates = rng.normal(size=(3, 4, 2))
    found_at, distance = project(found, found.origin + coordinates @ found.axes)
    assert_close(found_at, coordinates)
    assert distance.shape == (3, 4)
    assert_close(distance, 0.0, atol=1e-13)
    assert_same(project(found, found.origin)[0], np.zeros(2))


@all_kinds
def test_the_distance_is_that_at_right_angles(kind, rng, monkeypatch):
    _, _, found = slice_of(kind, {"hidden": (8, 8)})
    off = rng.normal(size=found.origin.size)
    off -= np.linalg.lstsq(found.axes.T, off)[0] @ found.axes
    off /= np.linalg.norm(off)
    coordinates, lengths = rng.normal(size=(9, 2)), np.geomspace(1e-6, 1e3, 9)
    params = found.origin + coordinates @ found.axes + lengths[:, None] * off
    for block in (1, 2 * off.size, 10**6):
        monkeypatch.setattr(planes, "_BLOCK", block)
        found_at, distance = project(found, params)
        assert_close(found_at, coordinates, atol=1e-10)
        assert_close(distance, lengths)


@pytest.mark.parametrize(("first", "second"), [((0, 0, 0), (0, 0, 0)), ((2, 0, 0), (0, 0, 0)), ((2, 0, 0), (-4, 0, 0))])
def test_axes_that_span_less_than_a_plane(first, second):
    axes = np.array([first, second], float)
    found = Plane(np.ones(3), axes, np.full(2, -1.0), np.full(2, 1.0), "random")
    (a, b), distance = project(found, np.array([4.0, 5.0, 1.0]))
    reached = float(axes.any()) * 3.0
    assert_close(a * axes[0] + b * axes[1], [reached, 0.0, 0.0])
    assert_close(distance, np.hypot(3.0 - reached, 4.0))


def test_what_is_not_finite_projects_to_nowhere():
    _, _, found = slice_of("random", {})
    params = np.stack([found.origin, np.full_like(found.origin, np.nan)])
    coordinates, distance = project(found, params)
    assert np.isfinite(distance).tolist() == [True, False]
    assert np.isfinite(coordinates).all(axis=1).tolist() == [True, False]
    assert np.isnan(project(replace(found, axes=np.full_like(found.axes, np.inf)), found.origin)[1])


# Overflow: NumPy's warnings are errors here.


@pytest.mark.parametrize("size", [1e200, 1e308, np.inf, np.nan])
@pytest.mark.parametrize("choices", [CASES[name] for name in ("default", "batch norm before", "prelu", "regression")])
@all_kinds
def test_overflow_is_silent(kind, choices, size):
    trainer, state, path = trained(choices)
    huge = replace(state, params=np.full_like(state.params, size))
    with np.errstate(all="ignore"):
        path = path * size
    found = plane(trainer, huge, kind, path)
    assert np.isfinite(found.low).all()
    assert np.isfinite(found.high).all()
    assert np.all(found.high > found.low)
    assert heights(trainer, found, 3).shape == (3, 3)
    project(found, path)


def test_near_the_largest_number_there_is_a_window():
    trainer, state, _ = trained({})
    params = np.full_like(state.params, 1e308)
    found = plane(trainer, replace(state, params=params), "path", params - 1e295 * np.eye(params.size)[:2])
    assert found.kind == "path"
    assert np.isfinite([found.low, found.high]).all()


def test_the_scale_of_large_parameters_is_kept():
    """1e200 has no square in float64, but a norm."""
    trainer, state, path = trained({})
    scaled, plain = (plane(trainer, replace(state, params=state.params * s), "path", path * s) for s in (1e200, 1.0))
    assert_close(scaled.axes, plain.axes, atol=1e-7)
    assert_close(scaled.high / 1e200, plain.high, rtol=1e-6)
    coordinates, distance = project(scaled, path * 1e200)
    assert_close(coordinates / 1e200, project(plain, path)[0], rtol=1e-6, atol=1e-7)
    assert np.isfinite(distance).all()
    axes = plane(trainer, replace(state, params=state.params * 1e200)).axes
    assert_close(axes / 1e200, plane(trainer, state).axes)


def test_infinite_losses_stay_where_they_are():
    trainer, _, found = slice_of("random", {"dataset": "multi_gauss", "activation": "linear", "learning_rate": 0.01})
    steep = replace(found, axes=found.axes * 1e30)
    measured = heights(trainer, steep, 3)
    assert np.isfinite(measured[1, 1])
    assert not np.isfinite(np.delete(measured.ravel(), 4)).any()


# What one can afford.


@pytest.mark.parametrize(("samples", "rows"), [(1000, 500), (500, 250), (40, 20), (100_000, 500)])
def test_small_networks_get_all(samples, rows):
    assert affordable(Trainer(Config(samples=samples))) == (31, rows)


SIZES = [(), (4, 2), (8,) * 6, (16,) * 6, (64, 64), (8,) * 50, (64,) * 6, (64,) * 50]


@pytest.mark.parametrize("samples", [20, 60, 500, 2000])
@pytest.mark.parametrize("hidden", SIZES, ids=str)
def test_work_is_bounded(hidden, samples):
    trainer = Trainer(Config(hidden=hidden, samples=samples))
    train = trainer.data.train
    for buffers in (1e6, 1e8, 4e8):
        side, rows = affordable(trainer, buffers)
        assert side % 2 == 1
        assert 11 <= side <= 31
        assert min(32, train) <= rows <= min(500, train)
        at_least = side == 11 and rows == min(32, train)
        assert at_least or side**2 * rows * trainer.network.size <= buffers


def test_less_work_cuts_the_grid_and_the_points_alike():
    trainer = Trainer(Config(hidden=(8,) * 6))
    found = [affordable(trainer, buffers) for buffers in np.geomspace(1e10, 1e5, 30)]
    assert (found[0], found[-1]) == ((31, 250), (11, 32))
    buffers = [side**2 * rows for side, rows in found]
    assert buffers == sorted(buffers, reverse=True)
    # The side is odd, so it goes in leaps of up to a fifth; the rows make up for that.
    for side, rows in found:
        if 32 < rows < 250 and 11 < side < 31:
            assert 0.6 < (side / 31) ** 2 / (rows / 250) < 1.4


# What is refused.


def test_refusals():
    trainer, state, path = trained({})
    size = trainer.network.size
    found = plane(trainer, state)
    for call, parts in [
        (lambda: plane(trainer, trainer.init([1, 2])), ("state", "leading axes", "(2,)")),
        (lambda: plane(trainer, trained({"hidden": ()})[1]), ("state", str(size), "not 3")),
        (lambda: plane(trainer, state, "path", path[:, 1:]), ("path", f"(n, {size})", str(path[:, 1:].shape))),
        (lambda: plane(trainer, state, "path", path[0]), ("path", f"(n, {size})")),
        (lambda: plane(trainer, state, "path", [["a"] * size]), ("path", "numbers")),
        (lambda: plane(trainer, state, seed=-1), ("seed", "-1")),
        (lambda: plane(trainer, state, seed=1.5), ("seed", "1.5")),
        (lambda: heights(trainer, found, 1), ("side", "between 2", "not 1")),
        (lambda: heights(trainer, found, 11, 0), ("rows", "between 1", "not 0")),
        (lambda: heights(trainer, slice_of("random", {"hidden": ()})[2]), ("plane", str(size), "not 3")),
        (lambda: project(found, path[:, 1:]), ("params", f"(..., {size})")),
        (lambda: project(found, np.float64(1.0)), ("params", f"(..., {size})", "not ()")),
    ]:
        with pytest.raises(Refusal, match=one_sentence(*parts)):
            call()
    with pytest.raises(UnknownNameError, match=one_sentence("direction", "random", "path", "'up'")):
        plane(trainer, state, "up")


@pytest.mark.parametrize("entry", DIRECTIONS.values(), ids=name_of)
def test_entries_say_what_they_are(entry):
    assert all([entry.label, entry.formula, entry.doc.endswith("."), entry.source])


def test_a_plane_cannot_be_written_to():
    trainer, state, path = trained({})
    for kind in DIRECTIONS:
        found = plane(trainer, state, kind, path)
        for array in (found.origin, found.axes, found.low, found.high):
            assert not array.flags.writeable


# ParameterHistory: the record.


@pytest.fixture(scope="module")
def start():
    return Trainer(Config(samples=10)).init()


def at(state, step):
    """The State at some step; its first parameter is the step."""
    params = state.params.copy()
    params[0] = step
    return replace(state, params=params, step=step)


def test_a_path_remembers_the_very_arrays(start):
    path = ParameterHistory()
    assert len(path) == 0
    assert path.params.shape == (0, 0)
    assert path.steps == []
    states = [at(start, step) for step in (0, 3, 7)]
    assert all(path.record(state) for state in states)
    assert_same(path.params, np.stack([state.params for state in states]))
    assert path.steps == [0, 3, 7]
    path.params[...] = 0.0
    assert path.params[1, 0] == 3.0


def test_vectors_are_not_copied():
    trainer = Trainer(Config(hidden=(64,) * 50))
    states = [replace(trainer.init(), step=step) for step in range(3)]
    path = ParameterHistory()
    tracemalloc.start()
    for state in states:
        path.record(state)
    assert tracemalloc.get_traced_memory()[1] < states[0].params.nbytes / 10
    tracemalloc.stop()


def test_a_step_is_recorded_once_and_time_does_not_run_back(start):
    path = ParameterHistory()
    assert path.record(at(start, 5))
    assert not path.record(at(start, 5))
    assert not path.record(at(start, 4))
    assert path.steps == [5]
    path.clear()
    assert len(path) == 0
    assert path.record(at(start, 4))


@pytest.mark.parametrize("stride", [1, 7, 1000])
def test_a_path_is_bounded_and_evenly_spaced_with_its_first_and_newest(start, stride):
    path = ParameterHistory()
    for k in range(1000):
        path.record(at(start, k * stride))
        steps = path.steps
        assert len(path) <= MOST
        assert (steps[0], steps[-1]) == (0, k * stride)
        assert_same(path.params[:, 0], np.array(steps, float))
        gaps = np.diff(steps)[:-1]
        if len(gaps):
            assert gaps.max() <= 2 * gaps.min()
    assert len(path) >= MOST // 3


def test_thinning_leaves_every_other(start):
    path = ParameterHistory()
    for step in range(MOST + 1):
        path.record(at(start, step))
    assert path.steps == list(range(0, MOST + 1, 2))
    path.clear()
    for step in range(MOST):
        path.record(at(start, step))
    assert path.steps == list(range(MOST))


def test_capacity_follows_the_memory():
    assert (MOST, LEAST) == (128, 8)
    assert [capacity(size) for size in (1, 7812, 7813, 50_000, 125_000, 10**6)] == [128, 128, 127, 20, 8, 8]
    assert all(capacity(size) * size * 8 <= BYTES for size in range(1, 125_000, 997))


def test_a_path_of_a_large_network_is_shorter():
    trainer = Trainer(Config(hidden=(64,) * 50))
    state, path = trainer.init(), ParameterHistory()
    for step in range(40):
        path.record(replace(state, step=step))
    assert len(path) <= LEAST
    assert (path.steps[0], path.steps[-1]) == (0, 39)
    path.clear()
    assert path.record(Trainer(Config()).init())


def test_a_path_is_of_one_network(start):
    path = ParameterHistory()
    path.record(start)
    with pytest.raises(Refusal, match=one_sentence("state", str(start.params.size), "not 3")):
        path.record(replace(Trainer(Config(hidden=())).init(), step=1))
    with pytest.raises(Refusal, match=one_sentence("state", "leading axes", "(2,)")):
        path.record(Trainer(Config()).init([1, 2]))
    assert len(path) == 1
