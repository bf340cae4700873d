"""What one reads off a race, by hand."""

import numpy as np
import pytest
from helpers import assert_close, assert_same

from engine.race import distances, first_within, step_lengths, winner


def test_distances_to_the_nearest_minimum():
    positions = np.array([[[0.0, 0.0], [3.0, 4.0]], [[6.0, 8.0], [-1.0, 0.0]]])
    assert_same(distances(positions, [(0.0, 0.0)]), [[0.0, 5.0], [10.0, 1.0]])
    assert_same(distances(positions, [(0.0, 0.0), (3.0, 4.0)]), [[0.0, 0.0], [5.0, 1.0]])
    assert_close(distances(np.array([1.0, 1.0]), ((2, 2), (-9, 9))), np.sqrt(2.0))


def test_without_a_minimum_there_is_no_distance():
    assert_same(distances(np.zeros((4, 3, 2)), ()), np.full((4, 3), np.nan))


def test_lengths_of_steps():
    positions = np.array([[[0.0, 0.0], [1.0, 1.0]], [[3.0, 4.0], [1.0, 1.0]], [[3.0, -1.0], [-5.0, 9.0]]])
    assert_same(step_lengths(positions), [[5.0, 0.0], [5.0, 10.0]])
    assert step_lengths(positions[:1]).shape == (0, 2)


VALUES = np.array(
    [
        # One racer a column: is there at the start; comes and goes; on the edge; never; below the lowest; not a number.
        [2.05, 5.0, 3.0, 9.0, 9.0, np.nan],
        [4.00, 2.0, 2.5, 8.0, 9.0, np.nan],
        [4.00, 7.0, 2.1, 7.0, 1.9, np.nan],
    ]
)


@pytest.mark.parametrize(
    ("tolerance", "steps"),
    [(0.1, [0, 1, -1, -1, 2, -1]), (0.5, [0, 1, 1, -1, 2, -1]), (0.0, [-1, 1, -1, -1, 2, -1])],
)
def test_the_first_step_within_a_tolerance(tolerance, steps):
    assert_same(first_within(VALUES, 2.0, tolerance), steps)


def test_nobody_comes_near_what_is_not_known():
    assert_same(first_within(VALUES, None, 1e9), [-1] * 6)


@pytest.mark.parametrize(
    ("reached", "winning"),
    [
        ([-1, -1, -1], -1),
        ([-1, 2, -1], 1),
        ([2, 1, -1], 1),
        ([0, 2, 2], 0),
        ([-1, 2, 2], 2),  # both at step 2, at 3.0 and at 1.0
        ([1, 1, 1], 1),  # 5.0, 4.0, 6.0
        ([2, 2, -1], 0),  # as low as each other: the first
    ],
)
def test_the_winner_was_there_first_and_of_several_stood_lowest(reached, winning):
    values = np.array([[9.0, 9.0, 9.0], [5.0, 4.0, 6.0], [3.0, 3.0, 1.0]])
    found = winner(np.array(reached), values)
    assert found == winning
    assert type(found) is int
