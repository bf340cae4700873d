"""Cost: what steps take, and how many of them fit into a while."""

import math

import pytest

from playground.network_page.cost import CHEAP, LEAST, ONE_BY_ONE, Cost


def test_the_first_step_is_made_alone_and_known_at_once():
    cost = Cost()
    assert cost.affordable(10.0) == 1
    cost.learn(1, 0.5, 0.0)
    assert cost.step == 0.5


def test_it_follows_what_was_measured_without_jumping():
    cost = Cost(1.0, 0.5)
    cost.learn(2, 4.0, 1.0)
    assert (cost.step, cost.evaluation) == (pytest.approx(1.2), pytest.approx(0.6))
    for _ in range(100):
        cost.learn(10, 0.0, 0.0)
    assert cost.step == LEAST
    assert cost.evaluation == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(("step", "evaluation", "steps"), [
    (1.1e-5, 1e-4, 627),      # one evaluation after all of them
    (1e-3, 1e-4, 6),
    (2e-3, 5e-4, 2),          # few enough to be evaluated one by one
    (1e-4, 2e-3, 50),
    (1e-3, 1e-2, 5),          # the evaluation alone takes longer: half as long for steps
    (0.02, 1e-4, 1),
    (0.02, 0.01, 1),
])  # fmt: skip
def test_as_many_as_fit(step, evaluation, steps):
    assert Cost(step, evaluation).affordable(0.007) == steps


def test_few_steps_are_evaluated_one_by_one_where_that_is_cheap():
    assert Cost(1e-5, CHEAP).turns(ONE_BY_ONE) == [1] * ONE_BY_ONE
    assert Cost(1e-5, CHEAP).turns(ONE_BY_ONE + 1) == [ONE_BY_ONE + 1]
    assert Cost(1e-5, 1.1 * CHEAP).turns(ONE_BY_ONE) == [ONE_BY_ONE]
    assert Cost().turns(2) == [1, 1]


def test_a_turn_never_ends_in_nothing():
    assert Cost(math.inf).affordable(0.0) == 1
    assert Cost(LEAST).affordable(0.0) == 1
