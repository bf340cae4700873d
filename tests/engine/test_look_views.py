"""Views: with which parameters, statistics and masks the pictures are made."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_close, assert_same
from looking import BYTE, CHANCES, PICTURES, RICH, assert_shows, passes, trained

from engine import Trainer
from engine.look import VIEWS, FrameRequest, Unit, Viewer, grid_points
from engine.look.views import MEMBERS
from engine.streams import Purpose, stream

ONE = [view.name for view in VIEWS.values() if not view.members]
"""Views of one network."""


def picture(trainer, state, view):
    """The prediction over a small grid, in [-1, 1]."""
    return (Viewer(trainer, grid=20).look(state, FrameRequest(view=view)).boundary.astype(float).ravel() - 128) / 127


def predicted(trainer, params, statistics, points):
    """The same, computed in double precision with statistics that are given."""
    scores = trainer.forward(params, statistics, trainer.data.inputs_at(points)).scores
    return 2 * trainer.link.f(scores)[:, 0] - 1


@pytest.mark.parametrize("averaging", ["exponential", "checkpoints"])
def test_evaluation_uses_the_average_of_weights_when_there_is_one(averaging):
    hyperparameters = {"every": 25} if averaging == "checkpoints" else {"decay": 0.99}
    choices = {**RICH, "averaging": averaging, "averaging_params": hyperparameters}
    points = grid_points(20)
    for steps in (10, 60):
        trainer, state = trained(choices, steps)
        shown = picture(trainer, state, "evaluate")
        assert (state.averaged > 0) == (steps == 60 or averaging == "exponential")
        used = trainer.evaluated(state)
        assert_same(used[0], state.average if state.averaged else state.params)
        assert_close(shown, predicted(trainer, *used, points), rtol=0, atol=BYTE / 127)
    plain = predicted(trainer, state.params, state.running_stats, points)
    assert np.abs(shown - plain).max() > 0.1, "the average is another network"
    moved = replace(state, average=state.average + 1.0)
    frame, other = (Viewer(trainer).look(each) for each in (state, moved))
    assert_same(frame.weights, other.weights)
    assert_same(frame.heights, other.heights)
    for view in VIEWS:
        alike = np.array_equal(*(picture(trainer, each, view) for each in (state, moved)))
        assert alike == (view in ("batch", "train"))


@pytest.mark.parametrize("norm", [("before", "off"), ("after", "before")])
def test_batch_statistics_are_those_of_the_training_points_now(norm):
    trainer, state = trained(batch_norm=norm, dropout=0.0, averaging="exponential", steps=12)
    now, points = passes(trainer, state)[0].statistics, grid_points(20)
    expected = predicted(trainer, state.params, now, points)
    for view in ("batch", "train"):
        assert_close(picture(trainer, state, view), expected, rtol=0, atol=BYTE / 127)
    running_stats = predicted(trainer, state.params, state.running_stats, points)
    assert np.abs(running_stats - expected).max() > 0.05, "the running averages lag behind"


def test_batch_statistics_do_not_depend_on_what_else_is_looked_at():
    """More training points than are looked at together: a dead unit makes the others be looked at too."""
    trainer, state = trained(
        samples=1400, hidden=(4, 3), activation=("relu", "tanh"), batch_norm=("off", "before"), dropout=0.0
    )
    params = state.params.copy()
    params[12] = -100.0  # the first bias, behind 3 x 4 weights
    state, viewer = replace(state, params=params), Viewer(trainer, grid=20)
    with_histograms, without = (
        viewer.look(state, FrameRequest(view="batch", maps=False, histograms=inside)) for inside in (True, False)
    )
    assert with_histograms.saturation[1, 1] > 0, "a unit is dead"
    assert_same(with_histograms.boundary, without.boundary)
    tape = trainer.network.tape("batch", (), 500)
    trainer.network.forward(trainer.network.bind(params), trainer.data.inputs[:500], tape)
    assert_shows(without.boundary, predicted(trainer, params, tape.statistics, grid_points(20)))


def test_without_batch_norm_masks_and_averages_all_views_are_alike():
    trainer, state = trained(batch_norm=False, dropout=0.0, input_noise=1.0)
    viewer = Viewer(trainer, grid=40)
    frames = {view: viewer.look(state, replace(PICTURES, view=view)) for view in VIEWS}
    for view, frame in frames.items():
        assert_same(frame.maps, frames["evaluate"].maps)
        assert not frame.silenced.any()
        if view in ONE:
            assert_same(frame.boundary, frames["evaluate"].boundary)
    assert_shows(frames["mean"].boundary, (frames["evaluate"].boundary.astype(float) - 128) / 127)
    assert_same(frames["spread"].boundary, np.full((40, 40), 128, np.uint8))


def test_what_is_told_of_the_layers_does_not_depend_on_the_view():
    trainer, state = trained(CHANCES)
    viewer = Viewer(trainer, grid=20)
    frames = [viewer.look(state, FrameRequest(view=view, profile=True)) for view in VIEWS]
    for frame in frames[1:]:
        for name in ("heights", "ranges", "saturation", "profile", "weights", "biases"):
            assert_same(getattr(frame, name), getattr(frames[0], name))
        assert not np.array_equal(frame.boundary, frames[0].boundary)


# Masks of one step


def test_in_training_the_same_units_are_silenced_at_every_pixel():
    """Over the whole picture, whose 100 x 100 pixels are made in four blocks, and in the small maps."""
    trainer, state = trained(hidden=(16,), batch_norm=False, dropout=0.5, features=("x1", "x2"))
    viewer, points = Viewer(trainer), grid_points(100)
    units = trainer.forward(state.params, state.running_stats, trainer.data.inputs_at(points)).layers[0].post
    silenced = []
    for j in range(16):
        frame = viewer.look(state, FrameRequest("train", Unit(1, j), histograms=False))
        silenced.append(bool(np.all(frame.boundary == 128)))
        assert np.all(frame.maps[j] == 128) == silenced[-1] == frame.silenced[j]
        if not silenced[-1]:
            doubled = 2.0 * units[:, j]
            assert_shows(frame.boundary, doubled / max(np.abs(doubled).max(), 1.0))
    assert 2 <= sum(silenced) <= 14
    whole = predicted_from(state.params, units * np.where(silenced, 0.0, 2.0))
    assert_shows(viewer.look(state, FrameRequest("train")).boundary, whole)
    later = viewer.look(trainer.step(state), FrameRequest("train")).maps[:16]
    assert silenced != [bool(np.all(tile == 128)) for tile in later], "each step has masks of its own"


def predicted_from(params, units):
    """The prediction, in [-1, 1], from the values of the last hidden layer."""
    weights, bias = params[-len(units[0]) - 1 : -1], params[-1]
    return 2 / (1 + np.exp(-(units @ weights + bias))) - 1


def test_in_training_the_same_weights_are_silenced_at_every_pixel():
    trainer, state = trained(
        hidden=(8,), activation="linear", batch_norm=False, dropout=0.0, drop_connect=0.5, features=("x1", "x2")
    )
    viewer = Viewer(trainer)
    inputs = trainer.data.inputs_at(grid_points(100))
    weights, biases = state.params[:16].reshape(2, 8), state.params[16:24]
    chosen = []
    for j in range(8):
        boundary = viewer.look(state, FrameRequest("train", Unit(1, j), histograms=False)).boundary
        fits = []
        for mask in ((0, 0), (0, 2), (2, 0), (2, 2)):
            values = inputs[:, :2] @ (weights[:, j] * mask) + biases[j]
            values /= max(np.abs(values).max(), 1.0)
            if np.abs(boundary.ravel() - (values * 127 + 128)).max() <= BYTE:
                fits.append(mask)
        assert len(fits) == 1
        chosen += fits
    assert 0 < np.mean(chosen) < 2


def test_units_are_marked_as_silenced_as_their_masks_say():
    trainer, state = trained(hidden=(8, 5, 6), batch_norm=("off", "after", "off"), dropout=(0.5, 0.0, 0.4))
    viewer = Viewer(trainer, grid=10)
    found = []
    for step in range(5):
        state = replace(state, step=step)
        rng = stream(trainer.config.seed, Purpose.MASKS, step)
        masks = [rng.random(8) < 0.5, np.zeros(5, bool), rng.random(6) < 0.4, np.zeros(1, bool)]
        found.append(viewer.look(state, replace(PICTURES, view="train")).silenced)
        assert_same(found[-1], np.concatenate(masks).astype(np.uint8))
        for view in set(VIEWS) - {"train"}:
            assert not viewer.look(state, replace(PICTURES, view=view)).silenced.any()
    assert 0 < np.mean(found) < 1


def test_a_replica_is_looked_at_with_masks_of_its_own():
    trainer, _ = trained(CHANCES)
    states = trainer.run(trainer.init(seeds=[0, 5]), 9)
    alone = trainer.run(trainer.init(seeds=[5]).replica(0), 9)
    viewer = Viewer(trainer, grid=20)
    for view in VIEWS:
        request = replace(PICTURES, view=view)
        boundary = viewer.look(states.replica(1), request).boundary
        assert_same(boundary, viewer.look(alone, request).boundary)
        other = viewer.look(replace(alone, seeds=(0,)), request).boundary
        assert np.array_equal(boundary, other) != VIEWS[view].masked, "the seed decides the masks, and nothing else"


# Masks of many networks


def thinned(trainer, params, statistics, points):
    """What networks with masks of their own predict, (members, points, outputs), one after the other."""
    network, inputs = trainer.network, trainer.data.inputs_at(points).astype(np.float32)
    bound, tape = network.bind(params.astype(np.float32)), network.tape("masked", (), len(points), np.float32)
    answers = []
    for k in range(MEMBERS):
        network.draw(tape, [stream(trainer.config.seed, Purpose.MEMBERS, k)], shared=True)
        tape.statistics[...] = statistics
        answers.append(trainer.link.f(network.forward(bound, inputs, tape).scores))
    return np.array(answers, float)


@pytest.mark.parametrize("dataset", ["circle", "blobs3", "multi_gauss"])
@pytest.mark.parametrize("choices", [CHANCES, RICH], ids=["every layer", "dropout"])
def test_the_answers_of_many_networks_are_those_of_each(dataset, choices):
    trainer, state = trained(choices, dataset=dataset)
    answers = thinned(trainer, *trainer.evaluated(state), grid_points(20))
    viewer = Viewer(trainer, grid=20)
    mean, spread = (viewer.look(state, FrameRequest(view, maps=False, histograms=False)) for view in ("mean", "spread"))
    middle = answers.mean(axis=0)
    if dataset == "blobs3":
        top_two = np.sort(middle, axis=1)[:, -2:]
        clear = top_two[:, 1] - top_two[:, 0] > 1e-4
        assert_same((mean.boundary.ravel() >> 5)[clear], middle.argmax(axis=1).astype(np.uint8)[clear])
        assert np.abs((mean.boundary.ravel() & 31) - 31 * (top_two[:, 1] - 1 / 3) * 3 / 2).max() < 0.51
    else:
        assert_shows(mean.boundary, (2 * middle - 1 if dataset == "circle" else middle) / mean.scale)
    # Of classes: how far the probabilities of the likeliest lie apart, whichever two there are.
    apart = np.array([answers[:, k, best].std() for k, best in enumerate(middle.argmax(axis=1))])
    assert_close(spread.scale, max(apart.max(), 0.01), rtol=1e-5)  # single precision
    assert apart.max() > 0.05
    assert_shows(spread.boundary, apart / spread.scale)


def test_the_spread_of_dropout_by_hand():
    trainer, state = trained(hidden=(8,), batch_norm=False, dropout=0.5, features=("x1", "x2"))
    points = grid_points(20)
    units = trainer.forward(state.params, state.running_stats, trainer.data.inputs_at(points)).layers[0].post
    kept = [2.0 * (stream(trainer.config.seed, Purpose.MEMBERS, k).random(8) >= 0.5) for k in range(MEMBERS)]
    answers = [predicted_from(state.params, units * mask) / 2 for mask in kept]
    frame = Viewer(trainer, grid=20).look(state, FrameRequest("spread"))
    assert_close(frame.scale, np.std(answers, axis=0).max(), rtol=1e-4)  # single precision
    assert_shows(frame.boundary, np.std(answers, axis=0) / frame.scale)


@pytest.mark.parametrize("view", ["mean", "spread"])
def test_many_networks_do_not_flicker(view):
    """As long as the weights stay, so does the picture, whoever looks and whenever."""
    trainer, state = trained(CHANCES)
    request = replace(PICTURES, view=view)
    viewer = Viewer(trainer, grid=20)
    first = viewer.look(state, request)
    later = viewer.look(replace(state, step=state.step + 1), request)
    anew = Viewer(Trainer(trainer.config), grid=20).look(state, request)
    for frame in (later, anew):
        assert_same(frame.boundary, first.boundary)
        assert frame.scale == first.scale


def test_one_unit_of_many_networks_is_that_of_evaluation():
    trainer, state = trained(CHANCES)
    viewer = Viewer(trainer, grid=20)
    shown = [
        viewer.look(state, FrameRequest(view, Unit(2, 1), histograms=False)) for view in ("evaluate", "mean", "spread")
    ]
    for frame in shown[1:]:
        assert_same(frame.boundary, shown[0].boundary)
        assert_same(frame.maps, shown[0].maps)


def test_pictures_of_many_networks_are_small():
    trainer, state = trained()
    for grid, side in [(100, 40), (40, 40), (5, 5)]:
        assert Viewer(trainer, grid=grid).look(state, FrameRequest("spread", histograms=False)).boundary.shape == (
            side,
            side,
        )
