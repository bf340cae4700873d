"""Stopping and resuming, in training."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_close, assert_same, assert_same_slots, assert_same_state
from hypothesis import given
from hypothesis import strategies as st

from engine import AVERAGINGS, STOPPINGS, Config, Trainer

# 29 training points in batches of 6: five steps an epoch.
SMALL = {"dataset": "circle", "samples": 58, "batch_size": 6, "hidden": (4, 3), "learning_rate": 0.1}
CRITERIA = {
    "parameter_change": {"goal": 0.1},
    "target_loss": {"target": 0.5},
    "epochs": {"n": 7},
    "no_improvement": {"patience": 3, "margin": 0.01},
}
STEPS = 5
each_criterion = pytest.mark.parametrize("name", CRITERIA)


def make(name="never", choices=None, **more):
    knobs = CRITERIA.get(name, {}) if choices is None else choices
    return Trainer(Config(**{**SMALL, "stopping": name, "stopping_knobs": knobs, **more}))


def first_met(name, seed=0, most=400, **more):
    """The epoch after which a network meets a criterion, found without it: from every epoch of an endless run."""
    endless, knobs = make(**more), CRITERIA[name]
    state = endless.run(endless.init([seed]), 0).replica(0)
    best, waited = np.inf, 0
    for epoch in range(1, most):
        after = endless.run(state, STEPS)
        seen = endless.evaluate(after)
        if seen.test_loss < best - knobs.get("margin", 0.0):
            best, waited = seen.test_loss, 0
        else:
            waited += 1
        met = {
            "parameter_change": lambda: np.abs(after.params - state.params).max() < knobs["goal"],  # noqa: B023
            "target_loss": lambda: seen.train_loss <= knobs["target"],  # noqa: B023
            "epochs": lambda: epoch == knobs["n"],  # noqa: B023
            "no_improvement": lambda: waited == knobs["patience"],  # noqa: B023
        }[name]()
        if met:
            return epoch, after
        state = after
    raise AssertionError("The criterion is never met.")


def test_every_criterion_is_tried():
    assert [*CRITERIA] == [name for name, entry in STOPPINGS.items() if entry.active]


@each_criterion
def test_ends_a_run_at_the_right_epoch(name):
    epoch, expected = first_met(name)
    assert epoch > 1
    trainer = make(name)
    state = trainer.run(trainer.init(), 5000)
    assert state.is_stopped
    assert (state.step, state.epoch, state.cursor) == (STEPS * epoch, epoch, 0)
    assert state.stopped.item() == state.step
    assert_same(state.params, expected.params)
    assert trainer.run(state, 100) is state
    assert trainer.step(state) is state


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.sampled_from(list(CRITERIA)))
def test_grouping_of_steps_does_not_matter(groups, name):
    trainer = make(name)
    state = trainer.init()
    for steps in groups:
        state = trainer.run(state, steps)
    again = make(name)
    assert_same_state(state, again.run(again.init(), sum(groups)))
