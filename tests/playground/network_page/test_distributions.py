"""The record of the distributions below the layers, and one layer's as a picture."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Config, Evaluation, Trainer
from engine.look import BINS, Frame, FrameRequest, Viewer
from playground.network_page.distributions import CAPACITY, COLUMNS, ROWS, Distributions

UNSEEN = Evaluation(*[np.array(np.nan)] * 5)
REQUEST = FrameRequest()


def frame(step, heights=None, low=-1.0, high=1.0, request=REQUEST):
    """A Frame of one column with the same histogram in both rows."""
    own = np.full(BINS, 255, np.uint8) if heights is None else np.asarray(heights, np.uint8)
    ranges = np.array([[[low, high, 0, 0, 0]] * 2], np.float32)
    return Frame(step, 0, UNSEEN, request, heights=np.array([[own] * 2]), ranges=ranges)


def recorded(*frames):
    record = Distributions()
    for one in frames:
        record = record.after(one)
    return record


# The record


def test_it_is_bounded_and_keeps_both_ends():
    record = recorded(*(frame(step) for step in range(0, 5000, 5)))
    assert CAPACITY / 4 < len(record) <= CAPACITY
    assert (record.steps[0], record.steps[-1]) == (0, 4995)


@pytest.mark.parametrize(
    "asked",
    [
        FrameRequest(quantities=("weight", "gradient")),
        FrameRequest(quantities=("activation", "weight")),
        FrameRequest(log=True),
    ],
    ids=str,
)
def test_what_cannot_be_compared_starts_it_afresh(asked):
    record = recorded(*(frame(step) for step in range(10)))
    record = record.after(frame(10, request=asked))
    assert record.steps == [10]
    record = record.after(frame(11, request=asked))
    record = record.after(
        frame(12, request=FrameRequest(quantities=asked.quantities, log=asked.log, view="train", curve=1, maps=False))
    )
    assert record.steps == [10, 11, 12], "how the other pictures are made does not matter"


def test_a_frame_without_histograms_is_passed_over():
    record = recorded(frame(0), Frame(1, 0, UNSEEN, REQUEST), frame(2))
    assert record.steps == [0, 2]


def test_a_step_is_recorded_once():
    assert recorded(frame(0), frame(3), frame(3, low=-2), frame(1)).steps == [0, 3]


# The picture


def test_nothing_recorded_is_no_picture():
    assert Distributions().heat_map(0, 0) is None
    assert recorded(frame(0)).heat_map(0, 0) is not None


def test_a_column_that_never_had_values_has_no_picture():
    """As the inputs have no gradient: heights and edges are zero."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert recorded(frame(0, [0] * BINS, 0, 0), frame(1, [0] * BINS, 0, 0)).heat_map(0, 1) is None


def direct(frames, row):
    """The picture value by value: what the newest Frame at a step says of the bin that a value is in."""
    edges = [one.ranges[0, row, :2].astype(float) for one in frames]
    low, high = min(edge[0] for edge in edges), max(edge[1] for edge in edges)
    picture = np.zeros((ROWS, COLUMNS), int)
    for column in range(COLUMNS):
        step = frames[0].step + (frames[-1].step - frames[0].step) * column / (COLUMNS - 1)
        at = max(k for k, one in enumerate(frames) if one.step <= step + 1e-9)
        width = (edges[at][1] - edges[at][0]) / BINS
        for line in range(ROWS):
            place = math.floor((low + (line + 0.5) * (high - low) / ROWS - edges[at][0]) / width)
            picture[line, column] = frames[at].heights[0, row, place] if 0 <= place < BINS else 0
    return picture, low, high


heights = st.lists(st.integers(0, 255), min_size=BINS, max_size=BINS)
reach = st.sampled_from([0.25, 0.5, 1.0, 3.0])


@given(st.lists(st.tuples(st.integers(1, 40), heights, reach, reach), min_size=1, max_size=6))
def test_a_picture_is_what_a_direct_computation_makes(moments):
    step, frames = 0, []
    for gap, own, below, above in moments:
        step += gap
        frames.append(frame(step, own, -below, above))
    shown = recorded(*frames).heat_map(0, 1)
    expected, low, high = direct(frames, 1)
    assert (shown.first, shown.last, shown.low, shown.high) == (frames[0].step, step, low, high)
    assert shown.density.dtype == np.uint8
    # A value on the edge of two bins may be counted to either.
    assert (shown.density != expected).mean() < 0.05


def test_where_edges_were_narrow_there_was_nothing_outside():
    shown = recorded(frame(0, low=-1, high=1), frame(10, low=-4, high=4)).heat_map(0, 0)
    assert (shown.low, shown.high) == (-4, 4)
    inside = np.abs(-4 + (np.arange(ROWS) + 0.5) * 8 / ROWS) < 1
    assert (shown.density[:, 0] > 0).tolist() == inside.tolist()
    assert (shown.density[:, -1] > 0).all()


def test_the_lowest_values_come_first():
    shown = recorded(frame(0, [255] + [0] * (BINS - 1)), frame(1, [255] + [0] * (BINS - 1))).heat_map(0, 0)
    assert shown.density[0].tolist() == [255] * COLUMNS
    assert not shown.density[2:].any()


def test_a_moment_lasts_until_the_next():
    dark, bright = [10] * BINS, [200] * BINS
    shown = recorded(frame(0, dark), frame(90, bright), frame(100, bright)).heat_map(0, 0)
    steps = np.linspace(0, 100, COLUMNS)
    assert shown.density[5].tolist() == [200 if step >= 90 else 10 for step in steps]


def test_a_layer_in_training():
    trainer = Trainer(Config(samples=60, optimizer="adam", learning_rate=0.1))
    viewer, state, record, before = Viewer(trainer), trainer.init(), Distributions(), None
    for _ in range(40):
        before = viewer.look(state, before=before)
        record = record.after(before)
        state = trainer.step(state)
    for layer, row in (1, 0), (2, 1), (3, 1), (0, 0):
        shown = record.heat_map(layer, row)
        assert shown.density.shape == (ROWS, COLUMNS)
        assert (shown.first, shown.last) == (0, 39)
        assert shown.low < shown.high
        assert shown.density.max() >= 250
    assert record.heat_map(0, 1) is None, "the inputs have no gradient"
