"""Pictures: the boundary, the maps, and the byte each pixel becomes."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_close, assert_same
from looking import OF_TASK, PICTURES, assert_shows, trained

from engine import LOSSES, TASKS, Config, Trainer
from engine.datasets import EXTENT
from engine.look import FrameRequest, Unit, Viewer, certainties, grid_points, plane_of, to_bytes

BOUNDARY = FrameRequest(maps=False, histograms=False)


def test_bytes_span_the_range_and_clip():
    assert to_bytes(np.array([-9.0, -1.0, 0.0, 1.0, 9.0])).tolist() == [1, 1, 128, 255, 255]
    assert np.all(np.diff(to_bytes(np.linspace(-1, 1, 5000)).astype(int)) >= 0)


def test_grid_starts_at_the_top_left_with_pixel_centres():
    points = grid_points(4)
    assert points.shape == (16, 2)
    assert_close(points[[0, 3, 12]] / EXTENT, [[-0.75, 0.75], [0.75, 0.75], [-0.75, -0.75]])


@pytest.mark.parametrize("side", [100, 40, 37, 1])
def test_the_boundary_is_the_prediction(side):
    trainer, state = trained()
    boundary = Viewer(trainer, grid=side).look(state, BOUNDARY).boundary
    assert boundary.shape == (side, side)
    assert_shows(boundary, 2 * trainer.predict(state, grid_points(side)) - 1)


@pytest.mark.parametrize(("loss", "task"), [(loss.name, task) for loss in LOSSES.values() for task in loss.forms])
def test_the_boundary_is_what_the_loss_calls_a_prediction(loss, task):
    trainer, state = trained(**OF_TASK[task], loss=loss)
    points = plane_of(trainer.data).rows(grid_points(40))
    scores = trainer.forward(state.params, state.running_stats, trainer.data.inputs_at(points)).scores
    form = LOSSES[loss].forms[task]
    expected = form.link.f(scores) if form.link else TASKS[task].link(scores)
    boundary = Viewer(trainer, grid=40).look(state, BOUNDARY).boundary
    if task == "multiclass":
        top_two = np.sort(expected, axis=1)[:, -2:]
        clear = top_two[:, 1] - top_two[:, 0] > 1e-4
        assert_same((boundary.ravel() >> 5)[clear], expected.argmax(axis=1).astype(np.uint8)[clear])
    elif form.link and form.link.label == "step":
        clear = np.abs(scores[:, 0]) > 1e-4  # single precision
        assert_same(boundary.ravel()[clear], np.where(scores[:, 0] > 0, 255, 1).astype(np.uint8)[clear])
    else:
        first = expected[:, 0]
        assert_shows(boundary, 2 * first - 1 if TASKS[task].probabilities else first)


def test_the_boundary_of_a_hinge_goes_from_margin_to_margin():
    trainer, state = trained(loss="hinge")
    scores = trainer.forward(state.params, state.running_stats, trainer.data.inputs_at(grid_points(40))).scores
    assert 0.1 < np.mean(np.abs(scores) > 1) < 0.9
    assert_shows(Viewer(trainer, grid=40).look(state, BOUNDARY).boundary, np.clip(scores, -1, 1))


def test_the_boundary_of_values_is_the_value():
    trainer, state = trained(dataset="multi_gauss")
    assert_shows(Viewer(trainer).look(state, BOUNDARY).boundary, trainer.predict(state, grid_points(100)))


@pytest.mark.parametrize("dataset", ["blobs3", "blobs5"])
def test_the_boundary_of_classes_is_the_class_and_its_certainty(dataset):
    trainer, state = trained(dataset=dataset)
    boundary = Viewer(trainer).look(state, BOUNDARY).boundary
    predicted = trainer.predict(state, grid_points(100))
    top_two = np.sort(predicted, axis=1)[:, -2:]
    clear = top_two[:, 1] - top_two[:, 0] > 1e-4
    assert_same((boundary.ravel() >> 5)[clear], predicted.argmax(axis=1).astype(np.uint8)[clear])
    chance = 1 / predicted.shape[1]
    assert np.abs((boundary.ravel() & 31) - 31 * (top_two[:, 1] - chance) / (1 - chance)).max() < 0.51


@pytest.mark.parametrize(("classes", "degrees"), [(0, 32), (2, 32), (8, 32), (9, 28), (10, 25), (20, 12)])
def test_a_byte_has_room_for_every_class_and_its_certainty(classes, degrees):
    assert certainties(classes) == degrees
    assert classes * degrees <= 256


def test_the_boundary_tells_twenty_classes_apart(rng):
    labels = np.arange(200) % 20
    points = 5 * np.stack([np.sin(labels * 0.1 * np.pi), np.cos(labels * 0.1 * np.pi)], axis=1)
    config = Config(hidden=(16,), optimizer="adam", learning_rate=0.05)
    trainer = Trainer(config, data=(points + rng.normal(0, 0.1, points.shape), labels))
    state = trainer.run(trainer.init(), 1500)
    boundary = Viewer(trainer).look(state, BOUNDARY).boundary.ravel()
    predicted = trainer.predict(state, plane_of(trainer.data).rows(grid_points(100)))
    top_two = np.sort(predicted, axis=1)[:, -2:]
    clear = top_two[:, 1] - top_two[:, 0] > 1e-4
    assert_same((boundary // 12)[clear], predicted.argmax(axis=1).astype(np.uint8)[clear])
    assert set(boundary // 12) == set(range(20))
    assert np.abs(boundary % 12 - 11 * (top_two[:, 1] - 1 / 20) / (1 - 1 / 20)).max() < 0.51


@pytest.mark.parametrize("dataset", ["circle", "blobs3", "plane"])
@pytest.mark.parametrize(("hidden", "side"), [((4, 3), 20), ((4, 3), 60), ((), 20)])
def test_maps_show_every_unit(dataset, hidden, side):
    trainer, state = trained(dataset=dataset, hidden=hidden, batch_norm=bool(hidden), dropout=0.0)
    frame = Viewer(trainer, tile=side).look(state, PICTURES)
    assert frame.maps.shape == (sum(hidden) + trainer.data.outputs, side, side)
    tape = trainer.forward(state.params, state.running_stats, trainer.data.inputs_at(grid_points(side)))
    outputs = trainer.predict(state, grid_points(side))
    if trainer.data.classes == 2:
        outputs = 2 * outputs - 1
    units = np.concatenate([*(signal.post for signal in tape.layers[:-1]), outputs], axis=1).T
    for tile, values in zip(frame.maps, units, strict=True):
        assert_shows(tile, values / max(np.abs(values).max(), 1.0))


@pytest.mark.parametrize("dataset", ["circle", "blobs3"])
def test_focus_enlarges_one_unit(dataset):
    trainer, state = trained(dataset=dataset)
    viewer, points = Viewer(trainer), grid_points(100)
    inputs = trainer.data.inputs_at(points)
    tape = trainer.forward(state.params, state.running_stats, inputs)
    output = trainer.predict(state, points)[:, -1]
    for focus, values in [
        (Unit(0, 2), inputs[:, 2]),
        (Unit(1, 3), tape.layers[0].post[:, 3]),
        (Unit(2, 0), tape.layers[1].post[:, 0]),
        (Unit(3, trainer.data.outputs - 1), 2 * output - 1 if trainer.data.classes == 2 else output),
    ]:
        frame = viewer.look(state, FrameRequest(focus=focus, maps=False, histograms=False))
        peak = max(np.abs(values).max(), 1.0)
        assert_close(frame.scale, peak, rtol=1e-5)  # single precision
        assert_shows(frame.boundary, values / peak)


def test_what_is_no_number_is_shown_as_zero():
    assert to_bytes(np.array([np.nan, np.inf, -np.inf])).tolist() == [128, 255, 1]


def test_pictures_get_coarser_as_networks_grow_but_never_finer_than_asked():
    sides = []
    for hidden in ((4, 2), (64,) * 4, (64,) * 12, (64,) * 40):
        trainer, state = trained({"hidden": hidden, "samples": 20}, 0)
        sides.append(len(Viewer(trainer, grid=100).look(state, BOUNDARY).boundary))
        assert len(Viewer(trainer, grid=4).look(state, BOUNDARY).boundary) == 4
        # A tenth of a second is enough for about so many multiplications in single precision.
        assert sides[-1] ** 2 * trainer.network.size < 1.3e8
    assert sides == sorted(sides, reverse=True)
    assert sides[0] == 100
    assert 8 <= sides[-1] < 50


def test_a_boundary_that_may_take_longer_is_finer_only_where_it_was_coarse():
    for hidden, finer in ((4, 2), False), ((64,) * 10, True), ((64,) * 50, True):
        trainer, state = trained({"hidden": hidden, "samples": 20}, 0)
        viewer = Viewer(trainer, grid=100)
        coarse, fine = (viewer.look(state, replace(BOUNDARY, fine=fine)).boundary for fine in (False, True))
        assert viewer.can_be_finer is finer
        assert (len(fine) > 1.5 * len(coarse)) is finer
        assert len(fine) >= 50
        assert_shows(fine, 2 * trainer.predict(state, grid_points(len(fine))) - 1)
