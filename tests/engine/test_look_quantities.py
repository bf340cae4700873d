"""What histograms are of: every quantity against its own computation, and values that are no numbers."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_close, assert_same, name_of
from looking import NUMBERS, OF_TASK, passes, trained

from engine import ACTIVATIONS, LOSSES, PLACEMENTS
from engine.look import QUANTITIES, FrameRequest, Viewer, histogram
from engine.look.histograms import heights_of

EVERY = replace(NUMBERS, quantities=tuple(QUANTITIES))
SINGLE = 1e-6
"""Relative rounding of single precision, in which a Frame keeps its ranges."""


def computed(trainer, state):
    """Each quantity of each column; None where it has none."""
    n = trainer.data.train
    tape, gradients = passes(trainer, state)
    regularization = trainer.objective.regularization_loss(state.params)
    assert regularization == 0, "the gradient is that of the data loss alone"
    positions = [own.ravel() for own in trainer.network.weight_positions]
    change = trainer.step(state).params - state.params
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.clip(np.log10(np.abs(change) / np.abs(state.params)), -8, 2)
    return {
        "pre_activation": [None, *(signal.pre for signal in tape.layers)],
        "activation": [
            trainer.data.inputs[:n, :-1], *(signal.post for signal in tape.layers[:-1]), trainer.link.f(tape.scores)
        ],
        # The loss is a mean over points.
        "gradient": [None, *(n * slope.pre for slope in gradients.layers)],
        "weight": [None, *(state.params[own] for own in positions)],
        "weight_gradient": [None, *(gradients.flat[own] for own in positions)],
        "update_ratio": [None, *(ratios[own] for own in positions)],
    }  # fmt: skip


def assert_tells(trainer, state):
    """A Frame and layer_details tell what ``computed`` says."""
    viewer, expected = Viewer(trainer), computed(trainer, state)
    assert set(expected) == set(QUANTITIES)
    frame = viewer.look(state, EVERY)
    for row, (name, blocks) in enumerate(expected.items()):
        for place, values in enumerate(blocks):
            heights, ranges = frame.heights[place, row], frame.ranges[place, row]
            if values is None:
                assert not heights.any()
                assert not ranges.any()
                continue
            low, high, mean, std, nonfinite = ranges
            assert nonfinite == 0
            size = np.abs(values).max()
            centre = np.abs(values).mean() if QUANTITIES[name].sizes else values.mean()
            assert_close([mean, std], [centre, values.std()], rtol=SINGLE, atol=SINGLE * size)
            if place:
                found = viewer.close_up(state, place, name).distribution
                assert_close([low, high], [found.low, found.high], rtol=SINGLE)
                assert_same(heights, heights_of(histogram(values, (found.low, found.high)).counts))
                counts, _ = np.histogram(np.clip(values, found.low, found.high), 48, (found.low, found.high))
                # A value on the line between two bins may be counted on either side.
                assert np.abs(np.cumsum(found.counts) - np.cumsum(counts)).max() <= 1
                assert_close([found.mean, found.std], [centre, values.std()], atol=1e-7 * size)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("norm", PLACEMENTS)
def test_every_quantity_of_every_activation(activation, norm):
    assert_tells(*trained(activation=activation, batch_norm=norm, dropout=0.0))


@pytest.mark.parametrize(
    ("loss", "task"), [(loss.name, task) for loss in LOSSES.values() for task in loss.forms], ids=name_of
)
def test_every_quantity_of_every_task(loss, task):
    assert_tells(*trained(**OF_TASK[task], loss=loss, batch_norm=("off", "after"), dropout=0.0, batch_size="all"))


def test_an_activation_with_pieces_and_no_hidden_layer():
    assert_tells(*trained(activation="maxout", activation_params={"k": 4}, batch_norm=False, dropout=0.0))
    assert_tells(*trained(hidden=(), batch_norm=False, dropout=0.0))


def test_chance_plays_no_part_in_signals_but_in_updates():
    """Masks are those of the next step where the next step counts, and off elsewhere."""
    assert_tells(*trained(dropout=0.5, drop_connect=0.3, input_noise=0.4, batch_size=3))


def test_the_regularization_pulls_at_weights_and_not_at_the_gradient():
    quantities = ("weight_gradient", "update_ratio")
    (plain, state), (pulled, _) = (
        trained(regularization="l2", regularization_rate=rate, optimizer="sgd") for rate in (0.0, 10.0)
    )
    one, other = (Viewer(each).look(state, replace(NUMBERS, quantities=quantities)) for each in (plain, pulled))
    assert_same(one.ranges[:, 0], other.ranges[:, 0])
    assert np.all(one.ranges[1:, 1, 2] < other.ranges[1:, 1, 2])


def test_an_update_of_nothing_and_a_weight_of_nothing():
    trainer, state = trained(learning_rate=0.0)
    request = replace(NUMBERS, quantities=("update_ratio",))
    still = Viewer(trainer).look(state, request).ranges[1:, 0]
    assert_same(still, np.tile(np.float32([-8, 2, -8, 0, 0]), (3, 1)))
    nothing = Viewer(trainer).look(replace(state, params=np.zeros_like(state.params)), request)
    assert_same(nothing.ranges[1:, 0], still)
    # Weights of zero behind the hidden layer move, and keep all before them from moving.
    trainer, state = trained({"hidden": (3,), "samples": 40})
    params = state.params.copy()
    params[trainer.network.weight_positions[1].ravel()] = 0.0
    moves = Viewer(trainer).look(replace(state, params=params), request).ranges[1:, 0, 2:]
    assert_same(moves, np.float32([[-8, 0, 0], [2, 0, 0]]))


def test_of_a_run_that_has_stopped_updates_are_those_of_its_going_on():
    trainer, state = trained(stopping="epochs", stopping_params={"n": 1}, steps=500, dropout=0.0)
    assert state.is_stopped
    request = replace(NUMBERS, quantities=("update_ratio",))
    found = Viewer(trainer).look(state, request)
    going, _ = trained(dropout=0.0)
    same = replace(
        going.init(),
        **{
            name: getattr(state, name)
            for name in ("params", "optimizer_state", "running_stats", "step", "epoch", "cursor")
        },
    )
    assert_same(found.ranges, Viewer(going).look(same, request).ranges)
    assert np.all(found.ranges[1:, 0, 2] > -8)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_parameter_that_is_no_number(bad):
    """Where it spoils some numbers they are counted; the others are drawn."""
    trainer, state = trained({"hidden": (4, 3), "samples": 40})
    place = trainer.network.weight_position(2, 1, 2)
    params = state.params.copy()
    params[place] = bad
    frame = Viewer(trainer).look(replace(state, params=params), replace(NUMBERS, quantities=("weight", "activation")))
    weight, activation = frame.ranges[:, 0], frame.ranges[:, 1]
    assert weight[1:, 4].tolist() == [0, 1, 0]
    others = np.delete(state.params[trainer.network.weight_positions[1].ravel()], 5)
    assert_close(weight[2, 2:4], [others.mean(), others.std()], rtol=SINGLE)
    assert frame.heights[2, 0].max() == 255
    n = trainer.data.train
    assert activation[1, 4] == 0
    assert activation[2, 4] == (n if np.isnan(bad) else 0), "of three units one is spoiled; tanh of infinity is 1"
    assert_same(frame.heights[1], Viewer(trainer).look(state, frame.request).heights[1])


def test_parameters_that_are_no_numbers_at_all():
    trainer, state = trained()
    frame = Viewer(trainer).look(replace(state, params=np.full_like(state.params, np.nan)), EVERY)
    sizes = [own.size for own in trainer.network.weight_positions]
    assert frame.ranges[1:, list(QUANTITIES).index("weight"), 4].tolist() == sizes
    assert not frame.heights[1:].any()
    assert frame.heights[0, 1].any(), "the inputs are numbers"


# Known ranges


def test_histograms_of_bounded_units_have_the_units_range():
    trainer, state = trained(activation=("tanh", "sigmoid"))
    edges = Viewer(trainer).look(state, NUMBERS).ranges[:, 0, :2]
    assert edges[1:].tolist() == [[-1, 1], [0, 1], [0, 1]]


@pytest.mark.parametrize("loss", [loss.name for loss in LOSSES.values() if "binary" in loss.forms])
def test_the_histogram_of_the_output_shows_predictions(loss):
    trainer, state = trained(loss=loss, dropout=0.0, batch_norm=False)
    found = Viewer(trainer).look(state, NUMBERS).ranges[-1, 0]
    predictions = trainer.predict(state, trainer.data.points[: trainer.data.train])
    assert_close(found, [0.0, 1.0, predictions.mean(), predictions.std(), 0.0], rtol=1e-5, atol=SINGLE)


def test_batch_norm_after_the_activation_moves_its_range():
    trainer, state = trained(activation=("tanh", "sigmoid"), batch_norm=("after", "before"))
    frame = Viewer(trainer).look(state, NUMBERS)
    assert frame.ranges[2, 0, :2].tolist() == [0, 1]
    low, high = frame.ranges[1, 0, :2]
    assert low == -high
    assert high > 1


def test_quantities_are_rows_in_the_order_they_were_asked_for():
    trainer, state = trained()
    viewer, names = Viewer(trainer), ("weight", "activation", "weight")
    frame, whole = viewer.look(state, FrameRequest(quantities=names)), viewer.look(state, EVERY)
    at = [list(QUANTITIES).index(name) for name in names]
    assert_same(frame.heights, whole.heights[:, at])
    assert_same(frame.ranges, whole.ranges[:, at])
