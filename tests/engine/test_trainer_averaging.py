"""Averages of the parameters in training: how they go with stopping, with several networks and with other choices."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_close, assert_same, assert_same_state, pairwise
from hypothesis import given
from hypothesis import strategies as st

from engine import AVERAGINGS, Config, Trainer

# 29 training points in batches of 6: five steps an epoch, of which the last is short.
SMALL = {"dataset": "circle", "samples": 58, "batch_size": 6, "hidden": (4, 3), "learning_rate": 0.1}
KINDS = {"checkpoints": {"every": 4}, "exponential": {"decay": 0.8}}
each_kind = pytest.mark.parametrize("name", KINDS)


def make(name="none", **more):
    return Trainer(Config(**{**SMALL, "averaging": name, "averaging_params": KINDS.get(name, {}), **more}))


def path(trainer, steps, seeds=None):
    """The State after each of some steps."""
    states = [trainer.step(trainer.init(seeds))]
    while len(states) < steps:
        states.append(trainer.step(states[-1]))
    return states


def test_every_kind_is_tried():
    assert [*KINDS] == [name for name, entry in AVERAGINGS.items() if entry.active]


@each_kind
@pytest.mark.parametrize("seeds", [None, range(3)], ids=str)
def test_each_average_is_of_the_parameters_so_far(name, seeds):
    plain = [state.params for state in path(make(), 21, seeds)]
    running_stats = plain[0]
    for steps, state in enumerate(path(make(name), 21, seeds), start=1):
        assert_same(state.params, plain[steps - 1])  # the average only looks on
        if steps > 1:
            running_stats = 0.8 * running_stats + 0.2 * plain[steps - 1]
        if name == "exponential":
            assert state.averaged == steps
            assert_close(state.average, running_stats)
        else:
            assert state.averaged == steps // 4
            if state.averaged:
                assert_close(state.average, np.mean(plain[3:steps:4], axis=0))


@given(st.lists(st.integers(0, 30), max_size=6), st.sampled_from(list(KINDS)))
def test_grouping_of_steps_does_not_matter(groups, name):
    trainer, again = make(name), make(name)
    state = trainer.init()
    for steps in groups:
        state = trainer.run(state, steps)
    assert_same_state(state, again.run(again.init(), sum(groups)))


@each_kind
def test_stopping_judges_the_average(name):
    """No network stops unless what is evaluated is on target; so the average, which lags behind, stops later."""
    goal = {"stopping": "target_loss", "stopping_params": {"target": 0.4}}
    trainer, plain = make(name, **goal), make(**goal)
    state, sooner = trainer.run(trainer.init(), 5000), plain.run(plain.init(), 5000)
    assert state.is_stopped
    assert trainer.evaluate(state).train_loss <= 0.4
    assert state.epoch > sooner.epoch
    before = trainer.run(trainer.init(), state.step - 5)
    assert trainer.evaluate(before).train_loss > 0.4


def test_a_network_that_rests_before_the_first_average_is_not_evaluated_as_zero():
    """Its parameters stand in, also when the others, who train on, come to have an average."""
    trainer = make(
        "checkpoints",
        averaging_params={"every": 40},
        learning_rate=[1e-6, 0.1],
        stopping="parameter_change",
        stopping_params={"goal": 1e-3},
    )
    state = trainer.run(trainer.init([0, 1]), 100)
    assert state.stopped.tolist() == [5, -1]
    assert state.averaged == 2
    assert_same(trainer.evaluated(state)[0][0], state.params[0])
    assert not np.array_equal(state.average[1], state.params[1])
    slow = trainer.retune(Config(**{**SMALL, "learning_rate": 1e-6}))
    alone = slow.run(slow.adopt(trainer.init([0]).replica(0)), 5)
    assert_close(trainer.predict(state, [[1.0, 2.0]])[0], make().predict(alone, [[1.0, 2.0]]))


@pytest.mark.parametrize(("old", "new", "seeds"), pairwise(AVERAGINGS, AVERAGINGS, [None, range(2)]))
def test_another_average_keeps_the_weights(old, new, seeds):
    trainer = make(old)
    state = trainer.run(trainer.init(seeds), 9)
    tuned = trainer.retune(make(new).config)
    adopted = tuned.adopt(state)
    assert_same_state(replace(adopted, average=state.average, averaged=state.averaged), state)
    if old == new:
        assert_same(adopted.average, state.average)
        assert adopted.averaged == state.averaged
    else:
        assert adopted.average.shape == tuned.init(seeds).average.shape
        assert adopted.averaged == 0
        assert_same(tuned.evaluated(adopted)[0], state.params)
    later = tuned.run(adopted, 7)
    assert_same(later.params, make().run(make().init(seeds), 16).params)
    assert bool(later.averaged) is (new != "none")


@pytest.mark.parametrize(
    ("averaging", "hyperparameters", "rate"),
    [("checkpoints", {"every": 100}, 0.03), ("exponential", {"decay": 0.999}, 0.01)],
)
def test_batch_norm_meets_the_average_with_its_own_statistics(averaging, hyperparameters, rate):
    """The running averages belong to the weights of the last steps; with the average of the weights they are wrong."""
    config = Config(
        dataset="circle",
        hidden=(8, 8),
        batch_norm=True,
        optimizer="adam",
        learning_rate=rate,
        averaging=averaging,
        averaging_params=hyperparameters,
    )
    trainer = Trainer(config)
    state = trainer.run(trainer.init(), 1500)
    params, statistics = trainer.evaluated(state)
    inputs, train = trainer.data.inputs, trainer.data.train
    tape = trainer.network.tape("batch", (), train)
    trainer.network.forward(trainer.network.bind(params), inputs[:train], tape)
    means = np.r_[0:8, 16:24]
    assert_close(statistics[means], tape.statistics[means])
    variances = np.setdiff1d(np.arange(32), means)
    assert_close(statistics[variances], tape.statistics[variances] * train / (train - 1))
    assert trainer.evaluate(state).test_accuracy > 0.98
