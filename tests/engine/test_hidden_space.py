from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_close, assert_same, assert_same_state, one_sentence

from engine import ACTIVATIONS, PREPROCESSORS, Config, Refusal, Trainer
from engine.datasets import EXTENT
from engine.hidden_space import look

RICH = {
    "dataset": "circle", "samples": 120, "hidden": (5, 3), "batch_norm": ("before", "after"), "dropout": 0.4,
    "drop_connect": 0.3, "input_noise": 0.5, "optimizer": "adam", "features": ("x1", "x2", "x1_x2"),
    "preprocessing": "standardise",
}  # fmt: skip
DATASETS_OF = {"binary": "circle", "multiclass": "blobs3", "regression": "multi_gauss"}
SIDE = 21
# The pass is in single precision, 6e-8; sums over units and layers lose a little more.
SINGLE = {"rtol": 1e-4, "atol": 1e-5}


def trained(choices=RICH, steps=30, **more):
    trainer = Trainer(Config(**{**choices, **more}))
    return trainer, trainer.run(trainer.init(), steps)


def corners_grid(side=SIDE):
    """Row by row from the top left, corners included."""
    lines = np.linspace(-EXTENT, EXTENT, side)
    return np.array([(x1, x2) for x2 in lines[::-1] for x1 in lines])


def outputs_of(trainer, state, layer, points):
    """What a layer makes of points, in double precision."""
    inputs = trainer.data.inputs_at(points)
    tape = trainer.forward(*trainer.evaluated(state), inputs)
    return inputs[:, :-1] if layer == 0 else tape.layers[layer - 1].post


def assert_seen(trainer, state, layer, units=None):
    """The coordinates of grid and data against outputs in double precision; for principal axes a decomposition too."""
    space = look(trainer, state, layer, units)
    train = trainer.data.train
    known = outputs_of(trainer, state, layer, trainer.data.points[:train])
    assert_close(space.centre, known.mean(axis=0), **SINGLE)
    for seen, points in ((space.mesh.reshape(-1, 2), corners_grid()), (space.points, trainer.data.points)):
        outputs = outputs_of(trainer, state, layer, points)
        expected = outputs[:, units] if units else (outputs - known.mean(axis=0)) @ space.axes.T
        assert seen.dtype == np.float32
        assert_close(seen, expected, **SINGLE)
    return space, known


def assert_principal(space, known):
    _, lengths, axes = np.linalg.svd(known - known.mean(axis=0), full_matrices=False)
    assert_close(space.shares, lengths[:2] ** 2 / (lengths**2).sum(), **SINGLE)
    assert_close(np.abs(space.axes @ axes[:2].T), np.eye(2), rtol=1e-4, atol=1e-3)
    assert np.all(space.axes[[0, 1], np.abs(space.axes).argmax(axis=1)] > 0)


@pytest.mark.parametrize("layer", [0, 1, 2])
@pytest.mark.parametrize("dataset", DATASETS_OF.values(), ids=list(DATASETS_OF))
def test_principal_axes_for_every_task_and_layer(dataset, layer):
    trainer, state = trained(dataset=dataset)
    space, known = assert_seen(trainer, state, layer)
    assert_principal(space, known)
    assert space.units is None
    assert (space.layer, space.train) == (layer, trainer.data.train)
    assert_close(space.axes @ space.axes.T, np.eye(2), atol=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_principal_axes_for_every_activation(activation):
    trainer, state = trained(activation=activation, hidden=(6, 6))
    assert_principal(*assert_seen(trainer, state, 2))


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_chosen_units_are_shown_as_they_are(layer):
    space, _ = assert_seen(*trained(), layer, (2, 0))
    assert space.units == (2, 0)
    assert np.isnan(space.shares).all()
    assert_same(space.axes, np.eye(len(space.centre))[[2, 0]])


@pytest.mark.parametrize("preprocessing", PREPROCESSORS)
def test_layer_0_is_what_the_network_is_given(preprocessing):
    trainer, state = trained(preprocessing=preprocessing, features=("x2", "x1_squared"))
    space = look(trainer, state, 0, (0, 1))
    assert_close(space.points, trainer.data.inputs[:, :-1], **SINGLE)
    assert_close(space.mesh.reshape(-1, 2), trainer.data.inputs_at(corners_grid())[:, :-1], **SINGLE)


def test_the_mesh_goes_from_corner_to_corner_with_the_top_row_first():
    mesh = look(*trained({}), 0, (0, 1), side=3).mesh
    assert_close(mesh / EXTENT, [[(x1, x2) for x1 in (-1, 0, 1)] for x2 in (1, 0, -1)])


def test_evaluation_mode_knows_neither_masks_nor_noise_nor_the_batch():
    trainer, state = trained()
    other = Trainer(Config(**{**RICH, "dropout": 0.0, "drop_connect": 0.0, "input_noise": 0.0}))
    first, second = look(trainer, state, 2), look(other, other.adopt(state), 2)
    for name in ("axes", "centre", "mesh", "points", "line"):
        assert_same(getattr(first, name), getattr(second, name))


def test_the_average_of_the_weights_is_what_is_seen():
    trainer, state = trained(averaging="exponential", averaging_params={"decay": 0.9})
    assert state.averaged
    space, known = assert_seen(trainer, state, 2)
    assert_principal(space, known)
    averaged = replace(
        state, params=state.average, running_stats=trainer.problem.statistics_of(state.average), averaged=0
    )
    assert_same(space.points, look(trainer, averaged, 2).points)
    assert np.abs(space.points - look(trainer, replace(state, averaged=0), 2).points).max() > 1e-2


def scores_by_line(space, places):
    return places @ space.line[:, :2].T + space.line[:, 2]


@pytest.mark.parametrize("dataset", DATASETS_OF.values(), ids=list(DATASETS_OF))
@pytest.mark.parametrize("units", [None, (0, 1), (1, 0)])
@pytest.mark.parametrize("hidden", [(), (4, 2), (4, 1)])
def test_the_line_is_the_score_where_the_plane_holds_the_layer(dataset, units, hidden):
    trainer, state = trained({}, dataset=dataset, hidden=hidden)
    if hidden[-1:] == (1,) and units:
        units = (0, 0)
    space = look(trainer, state, len(hidden), units)
    scores = trainer.forward(state.params, state.running_stats, trainer.data.inputs_at(corners_grid())).scores
    assert_close(scores_by_line(space, space.mesh.reshape(-1, 2).astype(float)), scores, **SINGLE)


def test_the_score_is_zero_on_the_line_and_changes_its_sign_across():
    trainer, state = trained({"dataset": "circle"}, 300, hidden=(4, 2))
    space = look(trainer, state, 2)
    a, b, c = space.line[0]
    normal, along = np.array([a, b]), np.array([-b, a])
    foot = -c * normal / (normal @ normal)
    block = trainer.network.bind(state.params).views[-1].affine
    for place in (foot, foot + along, foot - 3 * along):
        at, above, below = ((place + step * normal) @ space.axes + space.centre for step in (0, 0.1, -0.1))
        assert_close(at @ block[:-1] + block[-1], 0.0, atol=1e-9)
        assert (above @ block[:-1] + block[-1]).item() > 0 > (below @ block[:-1] + block[-1]).item()


@pytest.mark.parametrize("units", [None, (3, 1)])
def test_in_a_wider_layer_the_line_is_a_cut_through_the_surface(units):
    trainer, state = trained({}, dataset="blobs3", hidden=(4, 5))
    space = look(trainer, state, 2, units)
    places = np.random.default_rng(0).normal(size=(9, 2))
    outputs = np.tile(space.centre, (9, 1))
    if units:
        outputs[:, units] = places
    else:
        outputs += places @ space.axes
    block = trainer.network.bind(state.params).views[-1].affine
    assert_close(scores_by_line(space, places), outputs @ block[:-1] + block[-1])


def test_only_the_last_hidden_layer_has_a_line():
    trainer, state = trained()
    assert [look(trainer, state, layer).line is None for layer in range(3)] == [True, True, False]
    assert look(trainer, state, 2).line.shape == (1, 3)
    assert look(*trained({}, dataset="blobs3", hidden=()), 0).line.shape == (3, 3)


@pytest.mark.parametrize("layer", [1, 2])
def test_axes_do_not_flip_from_frame_to_frame(layer):
    trainer = Trainer(Config(hidden=(8, 8), learning_rate=0.1, seed=3))
    state = trainer.init()
    before, turned = look(trainer, state, layer), 0
    for _ in range(60):
        state = trainer.run(state, 20)
        space, free = look(trainer, state, layer, before=before), look(trainer, state, layer)
        assert np.all((space.axes * before.axes).sum(axis=1) > 0)
        turned += np.any((free.axes * before.axes).sum(axis=1) < 0)
        assert set(space.shares.tolist()) == set(free.shares.tolist())
        assert_close(np.sort(np.abs(space.points), axis=None), np.sort(np.abs(free.points), axis=None))
        before = space
    assert turned, "there was something to prevent"


@pytest.mark.parametrize("signs", [(1, 1), (-1, 1), (1, -1), (-1, -1)])
@pytest.mark.parametrize("swapped", [False, True])
def test_order_and_signs_of_before_are_kept(signs, swapped):
    trainer, state = trained()
    free = look(trainer, state, 1)
    order = [1, 0] if swapped else [0, 1]
    before = replace(free, axes=free.axes[order] * np.array(signs)[:, None])
    space = look(trainer, state, 1, before=before)
    assert_same(space.axes, before.axes)
    assert_same(space.shares, free.shares[order])
    assert_close(space.points, free.points[:, order] * np.array(signs), rtol=1e-6)


@pytest.mark.parametrize("before", [(2, None), (1, (0, 1))], ids=["another layer", "chosen units"])
def test_what_is_of_another_kind_is_no_guide(before):
    trainer, state = trained(hidden=(3, 3))
    layer, units = before
    other = look(trainer, state, layer, units)
    other = replace(other, axes=-other.axes)
    assert_same(look(trainer, state, 1, before=other).axes, look(trainer, state, 1).axes)


def test_chosen_units_follow_no_guide():
    trainer, state = trained()
    before = look(trainer, state, 1, (0, 1))
    assert_same(look(trainer, state, 1, (1, 0), before=before).axes, look(trainer, state, 1, (1, 0)).axes)


@pytest.mark.parametrize("seed", range(10))
def test_of_equal_components_the_first_is_positive(seed):
    # All units see the same, with alternating signs: which component is largest is a matter of rounding.
    trainer, signs = Trainer(Config(hidden=(4,))), np.array([1.0, -1.0, 1.0, -1.0])
    weights = np.outer(np.random.default_rng(seed).normal(size=2), signs)
    params = np.concatenate([weights.ravel(), np.zeros(9)])
    space = look(trainer, replace(trainer.init(), params=params), 1)
    assert_close(space.axes[0], signs / 2, rtol=1e-6)
    assert_close(space.shares, [1.0, 0.0], atol=1e-9)


@pytest.mark.parametrize("units", [None, (0, 0)])
def test_a_layer_of_one_unit_lies_on_an_axis(units):
    trainer, state = trained({}, hidden=(3, 1))
    space = look(trainer, state, 2, units)
    assert_same(space.axes, np.array([[1.0], [0.0]]))
    assert_same(space.points[:, 1], np.zeros(500, np.float32))
    known = outputs_of(trainer, state, 2, trainer.data.points)
    shift = 0.0 if units else known[: space.train].mean()
    assert_close(space.points[:, :1], known - shift, **SINGLE)
    assert_same(space.shares, np.full(2, np.nan) if units else np.array([1.0, 0.0]))


@pytest.mark.parametrize("bias", [-50.0, 50.0])
@pytest.mark.parametrize("width", [1, 2, 5])
def test_a_layer_that_does_not_vary_has_the_first_two_units_as_axes(width, bias):
    trainer = Trainer(Config(hidden=(4, width)))
    state = trainer.init()
    state = trainer.edit(state, trainer.network.bias_positions[1].ravel(), bias)  # saturated: all outputs 1, or -1
    before = look(trainer, state, 2)
    space = look(trainer, state, 2, before=replace(before, axes=-before.axes))
    assert_same(space.axes, np.eye(2, width))
    assert_same(space.shares, np.zeros(2))
    assert_same(space.centre, np.full(width, np.sign(bias)))
    assert_same(space.points, np.zeros((500, 2), np.float32))
    assert np.isfinite(space.line).all()


@pytest.mark.parametrize("value", [1e30, 1e160, 1e308, np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("units", [None, (0, 1)])
@pytest.mark.parametrize("choices", [{"hidden": (3, 3)}, {"hidden": (3, 3), "activation": "relu"}, RICH])
def test_beyond_all_bounds_all_is_finite(choices, units, value):
    trainer = Trainer(Config(**choices))
    signs = np.where(np.arange(trainer.network.size) % 3, value, -value)
    state = replace(trainer.init(), params=signs)
    for layer in range(3):
        space = look(trainer, state, layer, units)
        for name in ("axes", "centre", "mesh", "points"):
            assert np.isfinite(getattr(space, name)).all()
        assert units or np.isfinite(space.shares).all()
        assert space.line is None or np.isfinite(space.line).all()


def test_vast_points_of_ones_own_are_clipped():
    points = np.array([[1e49, -1e49], [0.0, 1.0], [1.0, 0.0], [2.0, 1e49]])
    trainer = Trainer(Config(hidden=()), data=(points, np.array([0, 1, 0, 1])))
    space = look(trainer, trainer.init(), 0, (0, 1))
    assert np.abs(space.points).max() == np.finfo(np.float32).max
    assert np.isfinite(look(trainer, trainer.init(), 0).points).all()


@pytest.mark.parametrize("most", [1, 7, 30, 31, 500])
def test_the_first_points_of_each_kind_are_shown(most):
    trainer, state = trained({"samples": 100, "train_fraction": 0.3})
    space = look(trainer, state, 1, (0, 1), most=most)
    assert space.train == min(30, most)
    shown = np.r_[0 : space.train, 30 : 30 + min(70, most)]
    assert_close(space.points, outputs_of(trainer, state, 1, trainer.data.points[shown])[:, :2], **SINGLE)
    assert_close(space.centre, outputs_of(trainer, state, 1, trainer.data.points[: space.train]).mean(0), **SINGLE)


def test_looking_changes_nothing():
    trainer, state = trained()
    kept = state.params.copy(), state.running_stats.copy()
    first = look(trainer, state, 2)
    mesh = first.mesh.copy()
    later = trainer.run(state, 10)
    look(trainer, later, 2, before=first)
    assert_same(first.mesh, mesh)
    assert_same(state.params, kept[0])
    assert_same(state.running_stats, kept[1])
    untouched, same = trained()
    assert_same_state(later, untouched.run(same, 10))


@pytest.mark.parametrize("layer", [-1, 3, 1.5, "1", None, True])
def test_layers_that_do_not_exist_are_refused(layer):
    with pytest.raises(Refusal, match=one_sentence("layer must be a whole number between 0 and 2", repr(layer))):
        look(*trained(), layer)


@pytest.mark.parametrize("units", [(0,), (0, 5), (-1, 0), (0, 1, 2), (0.0, 1.0), "01", 3, (True, False), ([0], [1, 2])])
def test_units_that_do_not_exist_are_refused(units):
    with pytest.raises(Refusal, match=one_sentence("units must be two whole numbers between 0 and 4")):
        look(*trained(), 1, units)


def test_a_unit_against_itself_is_refused():
    with pytest.raises(Refusal, match=one_sentence("units must be two different ones of the 5 in layer 1", "(1, 1)")):
        look(*trained(), 1, (1, 1))


@pytest.mark.parametrize(("name", "value"), [("side", 1), ("side", 2.5), ("side", 1001), ("most", 0), ("most", "all")])
def test_numbers_out_of_range_are_refused(name, value):
    with pytest.raises(Refusal, match=one_sentence(f"{name} must be a whole number", repr(value))):
        look(*trained(), 1, **{name: value})


def test_leading_axes_are_refused():
    trainer = Trainer(Config())
    with pytest.raises(Refusal, match=one_sentence("state must be", "leading axes", "(2,)")):
        look(trainer, trainer.init([0, 1]), 1)
