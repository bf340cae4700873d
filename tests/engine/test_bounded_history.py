"""BoundedHistory: bounded, evenly spaced, and never without its first and newest entry."""

import numpy as np
from helpers import assert_same
from hypothesis import given
from hypothesis import strategies as st

from engine.bounded_history import BoundedHistory

STRIDES = st.lists(st.integers(1, 50), max_size=200)
CAPACITIES = st.integers(2, 12)


def filled(strides, capacity):
    """A record of things that are their own steps, and all the steps there were."""
    record, steps = BoundedHistory(capacity), np.cumsum(strides).tolist()
    for step in steps:
        assert record.add(step, f"at {step}")
    return record, steps


@given(STRIDES, CAPACITIES)
def test_it_is_bounded_in_order_and_keeps_the_first_and_the_newest(strides, capacity):
    record, steps = BoundedHistory(capacity), []
    for step in np.cumsum(strides).tolist():
        record.add(step, f"at {step}")
        steps.append(step)
        assert len(record) == len(record.steps) == len(record.things) <= capacity
        assert (record.steps[0], record.steps[-1]) == (steps[0], steps[-1])
        assert record.steps == sorted(set(record.steps) & set(steps))
        assert record.things == [f"at {kept}" for kept in record.steps]
        assert len(record) >= min(len(steps), 2)


@given(STRIDES, CAPACITIES)
def test_all_is_kept_until_it_is_full(strides, capacity):
    record, steps = filled(strides[:capacity], capacity)
    assert record.steps == steps


@given(STRIDES, st.integers(4, 12))
def test_what_is_thinned_out_is_evenly_spaced(strides, capacity):
    """All but the newest stand at least a gap apart, and no further than a gap and the longest stride allow."""
    record, steps = filled(strides, capacity)
    if len(steps) <= capacity:
        return
    gaps = np.diff(record.steps)
    widest, stride = gaps[:-1].max(), max(strides)
    assert widest <= 2 * gaps[:-1].min() + 2 * stride
    assert gaps[-1] <= widest + stride


@given(st.integers(2, 12), st.integers(1, 2000))
def test_of_equal_strides_gaps_are_a_power_of_two(capacity, count):
    record, _ = filled([1] * count, capacity)
    gaps = np.diff(record.steps)
    assert len(set(gaps[:-1].tolist())) <= 1
    for gap in gaps[:-1]:
        assert gap & (gap - 1) == 0
    assert not len(gaps) > 1 or gaps[-1] <= gaps[0]
    # Thinned to half when it is full, so at least half of it is in use.
    assert len(record) >= min(count, capacity // 2)


def test_by_hand():
    record, seen = BoundedHistory(4), []
    for step in range(9):
        record.add(step, step)
        seen.append(record.steps)
    assert seen == [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3], [0, 2, 4], [0, 2, 4, 5], [0, 2, 4, 6], [0, 4, 7], [0, 4, 8]]


def test_what_is_not_newer_is_not_added():
    record = BoundedHistory(5)
    assert record.add(3, "first")
    version = record.version
    for step in (3, 2, 0, -1):
        assert not record.add(step, "another")
    assert (record.steps, record.things, record.version) == ([3], ["first"], version)


@given(STRIDES, CAPACITIES)
def test_the_version_changes_with_the_record(strides, capacity):
    record, seen = BoundedHistory(capacity), set()
    for step in np.cumsum(strides).tolist():
        seen.add(record.version)
        record.add(step, None)
        record.add(step, None)
    record.clear()
    seen.add(record.version)
    assert len(seen) == len(strides) + 1


@given(STRIDES, CAPACITIES)
def test_cleared_it_begins_anew(strides, capacity):
    record, steps = filled(strides, capacity)
    record.clear()
    assert (len(record), record.steps, record.things) == (0, [], [])
    for step in steps:
        record.add(step, f"at {step}")
    again, _ = filled(strides, capacity)
    assert (record.steps, record.things) == (again.steps, again.things)


def test_what_is_handed_out_is_not_the_record_itself():
    record, _ = filled([1, 1], 4)
    record.steps.append(99)
    record.things.clear()
    assert_same(np.array(record.steps), np.array([1, 2]))
    assert record.things == ["at 1", "at 2"]


def test_a_smaller_capacity_holds_from_the_next_entry_on():
    record, _ = filled([1] * 30, 40)
    record.capacity = 5
    record.add(31, "at 31")
    assert len(record) <= 5
    assert (record.steps[0], record.steps[-1]) == (1, 31)
