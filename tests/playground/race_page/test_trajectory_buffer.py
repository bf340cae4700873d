import numpy as np
import pytest
from helpers import assert_same, assert_same_optimizer_state
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from engine.race import BLOCK, Race
from engine.surfaces import SURFACES
from playground.race_page.trajectory_buffer import _FIRST_ROOM, TrajectoryBuffer

KINDS = ["sgd", "momentum", "adam", "adam", "lbfgs", "bfgs", "newton", "delta_bar_delta"]


def race(noise=0.3, rate=0.01, kinds=KINDS, surface="beale"):
    rates = [rate * (1 + k) for k in range(len(kinds))]
    return Race(
        SURFACES[surface],
        [{"optimizer": kind, "learning_rate": rate} for kind, rate in zip(kinds, rates, strict=True)],
        noise=noise,
    )


def assert_same_race_state(first, second):
    for name in ("positions", "values", "gradients", "endings", "ended"):
        assert_same(getattr(first, name), getattr(second, name))
    assert first.step == second.step
    for one, other in zip(first.optimizer_state, second.optimizer_state, strict=True):
        assert_same_optimizer_state(one, other)


def from_the_start(own, step):
    state, trajectory = own.run(own.begin(), step)
    return state, np.concatenate([own.begin().positions[None], trajectory.positions])


def test_it_begins_with_the_start():
    trajectory = TrajectoryBuffer(race())
    assert trajectory.length == trajectory.last.step == len(trajectory.cuts) == 0
    assert trajectory.positions.tolist() == [[list(SURFACES["beale"].start)] * len(KINDS)]
    assert_same(trajectory.values[0], trajectory.last.values)


@pytest.mark.parametrize(
    ("noise", "parts"), [(0.0, [150]), (0.3, [1, 1, 62, 1, 85]), (0.3, [64, 64, 22])], ids=["whole", "odd", "blocks"]
)
def test_any_step_is_as_the_race_from_the_beginning(noise, parts):
    own = race(noise)
    trajectory = TrajectoryBuffer(own)
    for part in parts:
        trajectory.extend(part)
    assert trajectory.length == 150
    end, positions = from_the_start(own, 150)
    assert_same(trajectory.positions, positions)
    assert_same_race_state(trajectory.last, end)
    plain = own.begin()
    for step in (0, 63, 64, 65, 149):
        plain, _ = own.run(plain, step - plain.step)
        through, state = trajectory.at(step)
        assert through is own
        assert_same_race_state(state, plain)
        assert_same(state.positions, trajectory.positions[step])
        assert_same(state.values, trajectory.values[step])


@examples(max_examples=10)
@given(st.lists(st.integers(0, 100), min_size=2, max_size=8), st.integers(0, 100))
def test_glances_in_any_order_see_the_same(steps, cut):
    old, new = race(kinds=KINDS[2:4]), race(rate=0.003, kinds=KINDS[2:4])
    trajectory = TrajectoryBuffer(old)
    trajectory.extend(100)
    trajectory.at(steps[0])
    trajectory.retune(new, cut)
    trajectory.extend(100 - cut)
    for step in steps:
        through, state = trajectory.at(step)
        assert through is (old if step < cut else new)
        assert_same(state.positions, trajectory.positions[step])
        assert_same(state.values, trajectory.values[step])
    assert_same_race_state(trajectory.at(100)[1], trajectory.last)


def test_racers_that_ended_stay_where_they_were():
    own = race(noise=0, rate=0.5, kinds=["sgd", "momentum", "adam"])
    trajectory = TrajectoryBuffer(own)
    trajectory.extend(130)
    assert (trajectory.last.endings != 0).any(), "else this shows nothing"
    for step in range(0, 131, 13):
        assert_same_race_state(trajectory.at(step)[1], from_the_start(own, step)[0])


@examples(max_examples=8)
@given(st.lists(st.integers(1, 90), min_size=1, max_size=6), st.data())
def test_after_a_retune_the_past_stays_and_the_rest_has_the_new_numbers(parts, data):
    old, new = race(kinds=KINDS[:4]), race(rate=0.003, kinds=KINDS[:4])
    trajectory = TrajectoryBuffer(old)
    for part in parts:
        trajectory.extend(part)
    past = trajectory.positions.copy()
    cut = data.draw(st.integers(0, trajectory.length))
    trajectory.retune(new, cut)
    assert trajectory.length == cut
    assert_same(trajectory.positions, past[: cut + 1])
    trajectory.extend(100)
    middle, _ = from_the_start(old, cut)
    end, after = new.run(middle, 100)
    assert_same(trajectory.positions, np.concatenate([past[: cut + 1], after.positions]))
    assert_same_race_state(trajectory.last, end)
    for step in {0, cut // 2, max(cut - 1, 0), cut, cut + 1, cut + 57, cut + 100}:
        through, state = trajectory.at(step)
        assert through is (old if step < cut else new)
        assert_same(state.positions, trajectory.positions[step])
        assert_same(state.values, trajectory.values[step])
        if step >= cut:
            assert_same_race_state(state, new.run(middle, step - cut)[0])


def test_many_retunes_are_all_remembered():
    races = [race(rate=rate, kinds=KINDS[:3]) for rate in (0.01, 0.001, 0.02, 0.005)]
    trajectory = TrajectoryBuffer(races[0])
    for own in races[1:]:
        trajectory.extend(50)
        trajectory.retune(own, trajectory.length)
        trajectory.retune(own, trajectory.length)
    trajectory.extend(50)
    assert trajectory.cuts == ()
    state = races[0].begin()
    for k, own in enumerate(races):
        state, _ = own.run(state, 50)
        assert_same_race_state(trajectory.at(50 * (k + 1))[1], state)
        assert_same(trajectory.positions[50 * (k + 1)], state.positions)
    assert trajectory.at(75)[0] is races[1]


def test_what_was_cut_away_is_forgotten():
    old, new = race(kinds=["sgd"]), race(rate=0.002, kinds=["sgd"])
    trajectory = TrajectoryBuffer(old)
    trajectory.extend(300)
    trajectory.retune(new, 100)
    trajectory.retune(old, 40)
    assert (trajectory.length, trajectory.cuts) == (40, (100, 40))
    trajectory.extend(260)
    end, positions = from_the_start(old, 300)
    assert_same(trajectory.positions, positions)
    assert_same_race_state(trajectory.last, end)
    assert_same_race_state(trajectory.at(200)[1], from_the_start(old, 200)[0])


def test_the_room_grows_with_the_way():
    own = race(noise=0, kinds=["sgd", "adam"])
    trajectory, other = TrajectoryBuffer(own), TrajectoryBuffer(own)
    for part in (_FIRST_ROOM - 2, 1, 1, 1, 3 * _FIRST_ROOM - 2):
        trajectory.extend(part)
    other.extend(4 * _FIRST_ROOM - 1)
    assert trajectory.length == other.length == 4 * _FIRST_ROOM - 1
    assert_same(trajectory.positions, other.positions)
    assert_same(trajectory.values, other.values)
    for step in (_FIRST_ROOM - 2, _FIRST_ROOM - 1, _FIRST_ROOM, 2 * _FIRST_ROOM, trajectory.length):
        assert_same(trajectory.at(step)[1].positions, trajectory.positions[step])


def test_a_glance_back_costs_no_more_than_a_block(monkeypatch):
    trajectory, made = TrajectoryBuffer(race(kinds=["sgd"])), []
    trajectory.extend(10 * BLOCK + 5)
    run = Race.run
    monkeypatch.setattr(Race, "run", lambda own, state, steps: made.append(steps) or run(own, state, steps))
    for step in range(0, trajectory.length, 37):
        trajectory.at(step)
    assert max(made) < BLOCK
