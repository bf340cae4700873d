from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_close, assert_same, assert_same_state

from engine import DATASETS, OPTIMIZERS, Config, Trainer
from engine.datasets import EXTENT
from engine.divergence import is_sound
from engine.look import BINS, Unit, Viewer, grid_points, to_bytes

RICH = {
    "dataset": "circle", "samples": 60, "hidden": (4, 3), "batch_norm": (True, False), "dropout": (0.2, 0.0),
    "optimizer": "adam", "features": ("x1", "x2", "x1_x2"), "preprocessing": "standardise",
}  # fmt: skip
# A byte has 256 steps for -1 to 1; single precision may tip it to the next.
BYTE = 1.01


def trained(choices=RICH, steps=30, **more):
    trainer = Trainer(Config(**{**choices, **more}))
    return trainer, trainer.run(trainer.init(), steps)


def assert_shows(picture, values):
    """Bytes 1 to 255 for values -1 to 1, within one step."""
    assert picture.dtype == np.uint8
    assert np.abs(picture.ravel() - (np.clip(values.ravel(), -1, 1) * 127 + 128)).max() <= BYTE


def test_bytes_span_the_range_and_clip():
    assert to_bytes(np.array([-9.0, -1.0, 0.0, 1.0, 9.0])).tolist() == [1, 1, 128, 255, 255]
    assert np.all(np.diff(to_bytes(np.linspace(-1, 1, 5000)).astype(int)) >= 0)


def test_grid_starts_at_the_top_left_with_pixel_centres():
    points = grid_points(4)
    assert points.shape == (16, 2)
    assert_close(points[[0, 3, 12]] / EXTENT, [[-0.75, 0.75], [0.75, 0.75], [-0.75, -0.75]])


def test_looking_changes_nothing():
    trainer, state = trained()
    kept = state.params.copy(), state.running.copy()
    viewer = Viewer(trainer)
    viewer.look(state)
    later = trainer.run(state, 13)
    viewer.look(later)
    viewer.look(state, Unit(1, 2))
    assert_same(state.params, kept[0])
    assert_same(state.running, kept[1])
    untouched, same = trained()
    assert_same_state(later, untouched.run(same, 13))


def test_a_frame_is_not_overwritten_by_the_next():
    trainer, state = trained()
    viewer = Viewer(trainer)
    first = viewer.look(state)
    kept = {name: np.array(getattr(first, name)) for name in
            ("boundary", "maps", "weights", "biases", "histograms", "histogram_ranges")}  # fmt: skip
    viewer.look(trainer.run(state, 50))
    for name, copy in kept.items():
        assert_same(getattr(first, name), copy)


@pytest.mark.parametrize("side", [100, 40, 37, 1])
def test_the_boundary_is_the_prediction(side):
    trainer, state = trained()
    boundary = Viewer(trainer, grid=side).look(state).boundary
    assert boundary.shape == (side, side)
    assert_shows(boundary, 2 * trainer.predict(state, grid_points(side)) - 1)


def test_the_boundary_of_values_is_the_value():
    trainer, state = trained(dataset="multi_gauss")
    assert_shows(Viewer(trainer).look(state).boundary, trainer.predict(state, grid_points(100)))


@pytest.mark.parametrize("dataset", ["blobs3", "blobs5"])
def test_the_boundary_of_classes_is_the_class_and_its_certainty(dataset):
    trainer, state = trained(dataset=dataset)
    boundary = Viewer(trainer).look(state).boundary
    predicted = trainer.predict(state, grid_points(100))
    top_two = np.sort(predicted, axis=1)[:, -2:]
    clear = top_two[:, 1] - top_two[:, 0] > 1e-4
    assert_same((boundary.ravel() >> 5)[clear], predicted.argmax(axis=1).astype(np.uint8)[clear])
    chance = 1 / predicted.shape[1]
    assert np.abs((boundary.ravel() & 31) - 31 * (top_two[:, 1] - chance) / (1 - chance)).max() < 0.51


@pytest.mark.parametrize("dataset", ["circle", "blobs3", "plane"])
@pytest.mark.parametrize("hidden", [(4, 3), ()])
def test_maps_show_every_unit(dataset, hidden):
    trainer, state = trained(dataset=dataset, hidden=hidden, batch_norm=bool(hidden), dropout=0.0)
    frame = Viewer(trainer, tile=20).look(state)
    assert frame.maps.shape == (sum(hidden) + trainer.data.outputs, 20, 20)
    tape = trainer.forward(state.params, state.running, trainer.data.inputs_at(grid_points(20)))
    outputs = trainer.predict(state, grid_points(20))
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
    tape = trainer.forward(state.params, state.running, inputs)
    output = trainer.predict(state, points)[:, -1]
    for focus, values in [
        (Unit(0, 2), inputs[:, 2]),
        (Unit(1, 3), tape.layers[0].post[:, 3]),
        (Unit(2, 0), tape.layers[1].post[:, 0]),
        (Unit(3, trainer.data.outputs - 1), 2 * output - 1 if trainer.data.classes == 2 else output),
    ]:
        frame = viewer.look(state, focus)
        assert frame.focus == focus
        assert_shows(frame.boundary, values / max(np.abs(values).max(), 1.0))


def test_weights_biases_and_losses_are_the_states():
    trainer, state = trained()
    frame = Viewer(trainer).look(state)
    network = trainer.network
    assert (frame.step, frame.epoch) == (state.step, state.epoch)
    assert frame.evaluation == trainer.evaluate(state)
    assert_same(frame.weights, np.concatenate([state.params[network.weight_slice(c)] for c in network.columns]))
    assert_same(frame.biases, np.concatenate([state.params[network.bias_slice(c)] for c in network.columns]))


def test_an_evaluation_at_hand_is_taken_over():
    trainer, state = trained()
    known = trainer.evaluate(state)
    assert Viewer(trainer).look(state, evaluation=known).evaluation is known


def test_histograms_count_activations_and_slopes():
    trainer, state = trained(batch_norm=False)
    frame = Viewer(trainer).look(state)
    n = trainer.data.train
    work = trainer.network.tape("batch", (), n)
    gradients = trainer.network.gradients(work, ())
    bound = trainer.network.bind(state.params)
    trainer.objective.gradient(bound, trainer.data.inputs[:n], trainer.data.targets[:n], work, gradients)
    activations = [trainer.data.inputs[:n, :-1], *(s.post for s in work.layers[:-1]), trainer.task.link(work.scores)]
    slopes = [None, *(s.pre * n for s in gradients.layers)]
    for column in range(4):
        for row, values in enumerate((activations[column], slopes[column])):
            low, high, mean, spread = (float(number) for number in frame.histogram_ranges[column, row])
            heights = frame.histograms[column, row]
            if values is None:
                assert not heights.any()
                continue
            counts, _ = np.histogram(values, BINS, (low, high))
            assert low <= values.min() <= values.max() <= high
            centre = np.abs(values).mean() if row else values.mean()
            assert_close([mean, spread], [centre, values.std()], rtol=1e-5, atol=1e-6)  # kept in float32
            # edges are float32 too, so a value may fall on the other side of one
            assert np.abs(heights / 255 - counts / counts.max()).max() < 2 / counts.max()


def test_histograms_of_bounded_units_have_the_units_range():
    trainer, state = trained(activation=("tanh", "sigmoid"))
    edges = Viewer(trainer).look(state).histogram_ranges[:, 0, :2]
    assert edges[1:].tolist() == [[-1, 1], [0, 1], [0, 1]]


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_dataset_and_the_smallest_ones_can_be_looked_at(dataset):
    for choices in ({}, {"samples": 2}, {"initializer": "zeros"}, {"hidden": (1,) * 6, "activation": "relu"}):
        trainer = Trainer(Config(dataset=dataset, **choices))
        frame = Viewer(trainer).look(trainer.init())
        assert frame.boundary.shape == (100, 100)
        assert np.isfinite(frame.histogram_ranges).all()


def test_a_replica_can_be_looked_at():
    trainer, _ = trained()
    states = trainer.run(trainer.init(seeds=[0, 5]), 9)
    alone = trainer.run(trainer.init(seeds=[5]).replica(0), 9)
    viewer = Viewer(trainer)
    assert_same(viewer.look(states.replica(1)).boundary, viewer.look(alone).boundary)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("dataset", ["circle", "blobs3", "plane"])
@pytest.mark.parametrize("norm", [False, True])
def test_looking_at_a_run_that_diverges_raises_nothing(name, dataset, norm):
    trainer = Trainer(
        Config(dataset=dataset, activation="relu", optimizer=name, learning_rate=1000.0, penalty="l2",
               penalty_rate=100.0, batch_norm=norm, samples=50)
    )  # fmt: skip
    viewer, state = Viewer(trainer, grid=10), trainer.init()
    for _ in range(60):
        state = trainer.step(state)
        viewer.look(state)


def test_every_sound_state_can_be_looked_at():
    """The last good picture of a run that blows up is wanted most."""
    trainer = Trainer(
        Config(dataset="multi_gauss", activation="relu", hidden=(8, 8), optimizer="momentum", learning_rate=100.0)
    )
    viewer, state = Viewer(trainer, grid=10), trainer.init()
    while is_sound(state, trainer.evaluate(state)):
        viewer.look(state)
        state = trainer.step(state)
    assert state.step > 1


@pytest.mark.parametrize("scale", [1e10, 1e30, 1e38, 1e100, 1e300, np.inf, np.nan])
def test_weights_of_any_size_can_be_looked_at(scale):
    trainer, state = trained()
    with np.errstate(all="ignore"):
        Viewer(trainer, grid=10).look(replace(state, params=state.params * scale))
