from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_close, assert_same, assert_same_state, name_of, one_sentence

from engine import ACTIVATIONS, DATASETS, LOSSES, OPTIMIZERS, PLACEMENTS, TASKS, Config, Trainer
from engine.datasets import EXTENT
from engine.divergence import is_sound
from engine.look import BINS, CURVE_POINTS, VIEWS, Unit, Viewer, grid_points, to_bytes

RICH = {
    "dataset": "circle", "samples": 60, "hidden": (4, 3), "batch_norm": (True, False), "dropout": (0.2, 0.0),
    "optimizer": "adam", "features": ("x1", "x2", "x1_x2"), "preprocessing": "standardise",
}  # fmt: skip
# Every kind of layer at once.
CHANCES = {
    **RICH, "activation": ("prelu", "maxout"), "batch_norm": ("before", "after"), "dropout": 0.5, "drop_connect": 0.3,
    "input_noise": 0.2, "averaging": "exponential", "averaging_knobs": {"decay": 0.99},
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


@pytest.mark.parametrize("view", VIEWS)
def test_looking_in_any_way_changes_nothing(view):
    trainer, state = trained(CHANCES)
    viewer = Viewer(trainer)
    first = viewer.look(state, view=view, curve=1)
    later = trainer.run(state, 13)
    viewer.look(later, Unit(1, 2), view=view, curve=2)
    again = viewer.look(state, view=view, curve=1)
    for name in ("boundary", "maps", "weights", "biases", "histograms", "histogram_ranges"):
        assert_same(getattr(first, name), getattr(again, name))
    for one, other in zip(first.curve, again.curve, strict=True):
        assert_same(one, other)
    untouched, same = trained(CHANCES)
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


@pytest.mark.parametrize(("loss", "task"), [(loss.name, task) for loss in LOSSES.values() for task in loss.forms])
def test_the_boundary_is_what_the_loss_calls_a_prediction(loss, task):
    dataset = {"binary": "circle", "multiclass": "blobs3", "regression": "multi_gauss"}[task]
    trainer, state = trained(dataset=dataset, loss=loss)
    points = grid_points(40)
    scores = trainer.forward(state.params, state.running, trainer.data.inputs_at(points)).scores
    form = LOSSES[loss].forms[task]
    expected = form.link.f(scores) if form.link else TASKS[task].link(scores)
    boundary = Viewer(trainer, grid=40).look(state).boundary
    if task == "multiclass":
        top_two = np.sort(expected, axis=1)[:, -2:]
        clear = top_two[:, 1] - top_two[:, 0] > 1e-4
        assert_same((boundary.ravel() >> 5)[clear], expected.argmax(axis=1).astype(np.uint8)[clear])
    elif form.link and form.link.label == "step":
        clear = np.abs(scores[:, 0]) > 1e-4  # single precision
        assert_same(boundary.ravel()[clear], np.where(scores[:, 0] > 0, 255, 1).astype(np.uint8)[clear])
    else:
        assert_shows(boundary, 2 * expected - 1 if task == "binary" else expected)


def test_the_boundary_of_a_hinge_goes_from_margin_to_margin():
    trainer, state = trained(loss="hinge")
    scores = trainer.forward(state.params, state.running, trainer.data.inputs_at(grid_points(40))).scores
    assert 0.1 < np.mean(np.abs(scores) > 1) < 0.9
    assert_shows(Viewer(trainer, grid=40).look(state).boundary, np.clip(scores, -1, 1))


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
    # 3 inputs, 4 normed units, 3 units, 1 output: the blocks of the flat vector, and beta as the first biases.
    sizes = [3 * 4, 4, 4, 4 * 3, 3, 3 * 1, 1]
    first, _, beta, second, bias, third, last = np.split(state.params, np.cumsum(sizes)[:-1])
    assert_same(frame.weights, np.concatenate([first, second, third]))
    assert_same(frame.biases, np.concatenate([beta, bias, last]))
    assert network.size == sum(sizes)


@pytest.mark.parametrize("norm", PLACEMENTS)
def test_of_a_maxout_unit_weights_and_biases_are_the_means_of_its_pieces(norm):
    trainer, state = trained(
        activation=("tanh", "maxout"), activation_knobs=({}, {"k": 3}), batch_norm=("off", norm), dropout=0.0
    )
    frame = Viewer(trainer).look(state)
    # 3 inputs, 4 units with biases; 4 x 9 weights, 9 biases or gammas and betas, and after the activation 3 of them.
    block = state.params[16 : 16 + 36].reshape(4, 3, 3)
    shifts = state.params[52 + (norm == "before") * 9 :][:9].reshape(3, 3)
    assert frame.weights.shape == (12 + 12 + 3,)
    assert_close(frame.weights[12:24], block.mean(axis=1).ravel())
    assert_close(frame.biases[4:7], shifts.mean(axis=0))


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
    activations = [trainer.data.inputs[:n, :-1], *(s.post for s in work.layers[:-1]), trainer.link.f(work.scores)]
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


@pytest.mark.parametrize("loss", [loss.name for loss in LOSSES.values() if "binary" in loss.forms])
def test_the_histogram_of_the_output_shows_predictions(loss):
    trainer, state = trained(loss=loss, dropout=0.0, batch_norm=False)
    found = Viewer(trainer).look(state).histogram_ranges[-1, 0]
    predictions = trainer.predict(state, trainer.data.points[: trainer.data.train])
    # kept in float32
    assert_close(found, [0.0, 1.0, predictions.mean(), predictions.std()], rtol=1e-5, atol=1e-6)


def test_batch_norm_after_the_activation_moves_its_range():
    trainer, state = trained(activation=("tanh", "sigmoid"), batch_norm=("after", "before"))
    frame = Viewer(trainer).look(state)
    assert frame.histogram_ranges[2, 0, :2].tolist() == [0, 1]
    low, high = frame.histogram_ranges[1, 0, :2]
    assert low == -high
    assert high > 1


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("view", VIEWS)
def test_every_activation_can_be_looked_at(activation, view):
    trainer, state = trained(CHANCES, activation=activation)
    frame = Viewer(trainer, grid=10).look(state, Unit(1, 1), view=view, curve=2)
    assert frame.maps.shape == (4 + 3 + 1, 20, 20)
    assert np.isfinite(frame.histogram_ranges).all()
    assert np.isfinite(frame.weights).all()


# Views: with which parameters, statistics and masks the pictures are made


def picture(trainer, state, view):
    """The prediction over a small grid, in [-1, 1]."""
    return (Viewer(trainer, grid=20).look(state, view=view).boundary.astype(float).ravel() - 128) / 127


def predicted(trainer, params, statistics, points):
    """The same, computed in double precision with statistics that are given."""
    scores = trainer.forward(params, statistics, trainer.data.inputs_at(points)).scores
    return 2 * trainer.link.f(scores)[:, 0] - 1


def statistics_of(trainer, params):
    """Batch norm's statistics over all training points, without masks or noise."""
    tape = trainer.network.tape("batch", (), trainer.data.train)
    trainer.network.forward(trainer.network.bind(params), trainer.data.inputs[: trainer.data.train], tape)
    return tape.statistics.copy()


def test_an_unknown_view_is_refused():
    trainer, state = trained()
    with pytest.raises(ValueError, match=one_sentence("view", *VIEWS, "'nonsense'")):
        Viewer(trainer).look(state, view="nonsense")


@pytest.mark.parametrize("averaging", ["exponential", "checkpoints"])
def test_evaluation_uses_the_average_of_weights_when_there_is_one(averaging):
    knobs = {"every": 25} if averaging == "checkpoints" else {"decay": 0.99}
    choices = {**RICH, "averaging": averaging, "averaging_knobs": knobs}
    points = grid_points(20)
    for steps in (10, 60):
        trainer, state = trained(choices, steps)
        shown = picture(trainer, state, "evaluate")
        assert (state.averaged > 0) == (steps == 60 or averaging == "exponential")
        used = trainer.evaluated(state)
        assert_same(used[0], state.average if state.averaged else state.params)
        assert_close(shown, predicted(trainer, *used, points), rtol=0, atol=BYTE / 127)
    plain = predicted(trainer, state.params, state.running, points)
    assert np.abs(shown - plain).max() > 0.1, "the average is another network"
    frame = Viewer(trainer).look(state)
    other = Viewer(trainer).look(replace(state, average=state.average + 1.0))
    assert_same(frame.weights, other.weights)
    assert_same(frame.histograms, other.histograms)
    for view in ("batch", "train"):
        shown, same = (picture(trainer, each, view) for each in (state, replace(state, average=state.average + 1.0)))
        assert_same(shown, same)


@pytest.mark.parametrize("norm", [("before", "off"), ("after", "before")])
def test_batch_statistics_are_those_of_the_training_points_now(norm):
    trainer, state = trained(batch_norm=norm, dropout=0.0, averaging="exponential", steps=12)
    now, points = statistics_of(trainer, state.params), grid_points(20)
    expected = predicted(trainer, state.params, now, points)
    for view in ("batch", "train"):
        assert_close(picture(trainer, state, view), expected, rtol=0, atol=BYTE / 127)
    running = predicted(trainer, state.params, state.running, points)
    assert np.abs(running - expected).max() > 0.05, "the running averages lag behind"


def test_without_batch_norm_masks_and_averages_all_views_are_alike():
    trainer, state = trained(batch_norm=False, dropout=0.0, input_noise=1.0)
    frames = [Viewer(trainer).look(state, view=view) for view in VIEWS]
    for frame in frames[1:]:
        assert_same(frame.boundary, frames[0].boundary)
        assert_same(frame.maps, frames[0].maps)


def test_histograms_do_not_depend_on_the_view():
    trainer, state = trained(CHANCES)
    frames = [Viewer(trainer).look(state, view=view) for view in VIEWS]
    for frame in frames[1:]:
        assert_same(frame.histograms, frames[0].histograms)
        assert_same(frame.histogram_ranges, frames[0].histogram_ranges)
        assert not np.array_equal(frame.boundary, frames[0].boundary)


def test_in_training_the_same_units_are_silenced_at_every_pixel():
    """Over the whole picture, whose 100 x 100 pixels are made in four blocks, and in the small maps."""
    trainer, state = trained(hidden=(16,), batch_norm=False, dropout=0.5, features=("x1", "x2"))
    viewer, points = Viewer(trainer), grid_points(100)
    units = trainer.forward(state.params, state.running, trainer.data.inputs_at(points)).layers[0].post
    silenced = []
    for j in range(16):
        frame = viewer.look(state, Unit(1, j), view="train")
        silenced.append(bool(np.all(frame.boundary == 128)))
        assert np.all(frame.maps[j] == 128) == silenced[-1]
        if not silenced[-1]:
            doubled = 2.0 * units[:, j]
            assert_shows(frame.boundary, doubled / max(np.abs(doubled).max(), 1.0))
    assert 2 <= sum(silenced) <= 14
    whole = predicted_from(state.params, units * np.where(silenced, 0.0, 2.0))
    assert_shows(viewer.look(state, view="train").boundary, whole)
    later = viewer.look(trainer.step(state), view="train").maps[:16]
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
        boundary = viewer.look(state, Unit(1, j), view="train").boundary
        fits = []
        for mask in ((0, 0), (0, 2), (2, 0), (2, 2)):
            values = inputs[:, :2] @ (weights[:, j] * mask) + biases[j]
            values /= max(np.abs(values).max(), 1.0)
            if np.abs(boundary.ravel() - (values * 127 + 128)).max() <= BYTE:
                fits.append(mask)
        assert len(fits) == 1
        chosen += fits
    assert 0 < np.mean(chosen) < 2


def test_a_replica_is_looked_at_with_masks_of_its_own():
    trainer, _ = trained(CHANCES)
    states = trainer.run(trainer.init(seeds=[0, 5]), 9)
    alone = trainer.run(trainer.init(seeds=[5]).replica(0), 9)
    viewer = Viewer(trainer)
    for view in VIEWS:
        boundary = viewer.look(states.replica(1), view=view).boundary
        assert_same(boundary, viewer.look(alone, view=view).boundary)
        other = viewer.look(replace(alone, seeds=(0,)), view=view).boundary
        assert np.array_equal(boundary, other) != VIEWS[view].masked, "the seed decides the masks, and nothing else"


# The activation of one layer, in detail


def test_no_curve_unless_one_is_asked_for():
    trainer, state = trained()
    assert Viewer(trainer).look(state).curve is None


@pytest.mark.parametrize("entry", ACTIVATIONS.values(), ids=name_of)
@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.parametrize("norm", ["off", "before"])
def test_the_curve_is_the_function_and_its_slope(entry, layer, norm):
    trainer, state = trained(activation=entry.name, batch_norm=norm, dropout=0.0)
    curve = Viewer(trainer).look(state, curve=layer).curve
    assert curve.layer == layer
    assert curve.low < 0 < curve.high
    z = np.linspace(curve.low, curve.high, CURVE_POINTS)
    values = tuple(knob.default for knob in entry.knobs)
    if entry.learned:
        places = trainer.network.slices[trainer.network.columns[layer - 1].activate]
        assert not np.allclose(state.params[places], values[0], atol=1e-3), "something was learned"
        values = (state.params[places].mean(),)
    f = entry.f(z, np.empty_like(z), *values)
    assert_same(curve.f, f.astype(np.float32))
    assert_same(curve.df, entry.df(z, f, np.empty_like(z), *values).astype(np.float32))

    tape = trainer.network.tape("batch", (), trainer.data.train)
    trainer.network.forward(trainer.network.bind(state.params), trainer.data.inputs[: trainer.data.train], tape)
    pre = tape.layers[layer - 1].pre
    assert curve.low <= pre.min() <= pre.max() <= curve.high
    counts, _ = np.histogram(pre, BINS, (curve.low, curve.high))
    assert_same(curve.heights, (counts * 255 // counts.max()).astype(np.uint8))


def test_the_curve_has_the_layers_own_knobs():
    trainer, state = trained(activation=("leaky_relu", "elu"), activation_knobs=({"slope": 0.5}, {"alpha": 2.0}))
    viewer = Viewer(trainer)
    leaky, elu = (viewer.look(state, curve=layer).curve for layer in (1, 2))
    assert_close(leaky.f[0], 0.5 * leaky.low, rtol=1e-6)  # single precision
    assert_close(leaky.df[0], 0.5)
    assert_close(elu.df[0], 2.0 * np.exp(elu.low), rtol=1e-6)


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


@pytest.mark.parametrize("scale", [1e10, 1e38, 1e300, np.inf, np.nan])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("view", VIEWS)
def test_weights_of_any_size_can_be_looked_at_in_any_way(scale, activation, view):
    trainer, state = trained(CHANCES, 3, activation=activation)
    with np.errstate(all="ignore"):
        wild = replace(state, params=state.params * scale, average=state.average * scale)
        Viewer(trainer, grid=10).look(wild, view=view, curve=2)
