"""ExtremesHistory: bounded, and no peak is forgotten."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.extremes_history import ExtremesHistory


@pytest.mark.parametrize("spike", [33.95, -33.95])
@pytest.mark.parametrize("at", range(3, 800, 53))
def test_a_single_spike_is_kept(at, spike, rng):
    record = ExtremesHistory(60)
    for step in range(800):
        record.add(step, (float(rng.random()), spike if step == at else 0.5))
    assert at in record.steps
    assert record.things[record.steps.index(at)][1] == spike


def test_what_is_kept_covers_the_whole_run():
    record = ExtremesHistory(60)
    for step in range(100_000):
        record.add(step, (np.sin(step / 1000), np.nan))
    assert np.diff(record.steps).max() <= 2 * 100_000 / 8
    assert len(record) > 15


@given(st.lists(st.tuples(st.integers(1, 50), st.floats()), min_size=1, max_size=200), st.integers(2, 30))
def test_it_is_bounded_in_order_and_keeps_the_first_and_the_newest(strides, capacity):
    record, steps = ExtremesHistory(capacity), []
    for stride, value in strides:
        steps.append((steps[-1] if steps else 0) + stride)
        assert record.add(steps[-1], (value, -value, steps[-1]))
        assert not record.add(steps[-1], (0.0, 0.0, 0))
        assert len(record) <= capacity
        assert record.steps == sorted(set(record.steps))
        assert (record.steps[0], record.steps[-1]) == (steps[0], steps[-1])
        assert [int(thing[2]) for thing in record.things] == record.steps
