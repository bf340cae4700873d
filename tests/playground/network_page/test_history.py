import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Evaluation
from playground.network_page.history import CAPACITY, History


def seen(step):
    return Evaluation(1 / (step + 1), 2 / (step + 1), 0.5, 1.0, 1.0)


def filled(steps, capacity=CAPACITY):
    history = History(capacity)
    for step in steps:
        history.record(step, seen(step))
    return history


def steps_of(history):
    return history.columns()["step"].tolist()


def test_columns():
    columns = filled([0, 1]).columns()
    assert {name: column.dtype for name, column in columns.items()} == {
        "step": np.int32,
        "train": np.float32,
        "test": np.float32,
        "regularization": np.float32,
    }
    assert columns["train"].tolist() == [1.0, 0.5]
    assert columns["test"].tolist() == [2.0, 1.0]
    assert columns["regularization"].tolist() == [0.5, 0.5]


def test_nothing_yet():
    assert {name: len(column) for name, column in History().columns().items()} == {
        "step": 0,
        "train": 0,
        "test": 0,
        "regularization": 0,
    }


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=400), st.integers(4, 50))
def test_bounded_rising_and_up_to_date(gaps, capacity):
    history, last = History(capacity), 0
    history.record(0, seen(0))
    for gap in gaps:
        last += gap
        history.record(last, seen(last))
        steps = steps_of(history)
        assert len(steps) == len(history) <= capacity
        assert all(a < b for a, b in itertools.pairwise(steps))
        assert steps[-1] == last
        assert history.columns()["train"][-1] == np.float32(1 / (last + 1))
    assert steps[0] <= last / 2


def test_slow_stepping_leaves_a_point_for_every_step():
    assert steps_of(filled(range(CAPACITY))) == list(range(CAPACITY))


def test_a_redraw_leaves_none():
    history = filled(range(5))
    version = history.version
    assert not history.record(4, seen(4))
    assert not history.record(3, seen(3))
    assert history.version == version
    assert steps_of(history) == [0, 1, 2, 3, 4]


def test_the_version_tells_of_every_change():
    history, versions = History(), set()
    for step in range(3 * CAPACITY):
        assert history.record(step, seen(step))
        versions.add(history.version)
    assert len(versions) == 3 * CAPACITY


@pytest.mark.parametrize("gap", [1, 7, 137])
def test_a_long_run_is_covered_evenly(gap):
    last = 100_000 * gap
    steps = steps_of(filled(range(0, last + 1, gap)))
    assert steps[-1] == last
    assert steps[0] == 0
    assert len(steps) > CAPACITY / 4
    # Peaks may be anywhere in their slices, so distances differ; none is longer than two slices.
    assert np.diff(steps).max() < last / 25


@pytest.mark.parametrize("loss", [0.0, 1e-300, 1e40, 1e300])
def test_losses_of_any_size_become_columns(loss):
    history = History()
    history.record(1, Evaluation(loss, loss, loss, np.nan, np.nan))
    assert not np.isnan(history.columns()["train"]).any()


def test_a_change_of_pace_keeps_all_of_the_past():
    """Fast, then a step at a time: the past stays covered, and the newest is shown."""
    history = filled(range(0, 1_000_000, 500))
    widest = np.diff(steps_of(history)).max()
    for step in range(1_000_000, 1_000_050):
        history.record(step, seen(step))
        assert steps_of(history)[-1] == step
    assert np.diff(steps_of(history)).max() <= 2 * widest


def test_a_loss_that_was_drawn_is_not_forgotten():
    """A peak of 33.95 at step 2,198, seen again 100,000 steps later; and every peak among 800 records."""
    for records, stride, at in ((500, 200, 11), *((800, 1, at) for at in range(0, 800, 8))):
        history = History()
        for k in range(records):
            loss = 33.95 if k == at else 0.5 + 0.1 * np.sin(k)
            history.record(k * stride, Evaluation(loss, 0.25, 0.0, 1.0, 1.0))
        assert history.columns()["train"].max() == np.float32(33.95)


def test_clearing_starts_again():
    history = filled(range(0, 1_000_000, 500))
    version = history.version
    history.clear()
    assert len(history) == 0
    assert history.version != version
    for step in range(20):
        history.record(step, seen(step))
    assert steps_of(history) == list(range(20))
