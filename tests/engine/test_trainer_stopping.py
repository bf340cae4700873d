"""Stopping and resuming, in training."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_close, assert_same, assert_same_optimizer_state, assert_same_state, neighbours, one_sentence
from hypothesis import given
from hypothesis import strategies as st

from engine import OPTIMIZERS, STOPPINGS, Config, Trainer
from engine.stopping import best_step

# 29 training points in batches of 6: five steps an epoch, of which the last is short.
SMALL = {"dataset": "circle", "samples": 58, "batch_size": 6, "hidden": (4, 3), "learning_rate": 0.1}
STEPS = 5
CRITERIA = {
    "parameter_change": {"goal": 0.038},
    "target_loss": {"target": 0.5},
    "epochs": {"n": 7},
    "no_improvement": {"patience": 3, "margin": 0.01},
}
each_criterion = pytest.mark.parametrize("name", CRITERIA)


def make(name="never", hyperparameters=None, **more):
    return Trainer(
        Config(**{**SMALL, "stopping": name, "stopping_params": hyperparameters or CRITERIA.get(name, {}), **more})
    )


def is_met(name, epochs):
    """What each criterion says in words, of the parameters and evaluations of all epochs so far, the start first."""
    hyperparameters, losses = CRITERIA[name], [float(seen.test_loss) for _, seen in epochs[1:]]
    if name == "parameter_change":
        return np.abs(epochs[-1][0].params - epochs[-2][0].params).max() < hyperparameters["goal"]
    if name == "target_loss":
        return epochs[-1][1].train_loss <= hyperparameters["target"]
    if name == "epochs":
        return len(epochs) - 1 == hyperparameters["n"]
    best, waited = np.inf, 0
    for loss in losses:
        best, waited = (loss, 0) if loss < best - hyperparameters["margin"] else (best, waited + 1)
    return waited == hyperparameters["patience"]


def watched(name, seed=0, **more):
    """The State at which a network meets a criterion, found without it, from every epoch of a run that never stops."""
    endless = make(seed=seed, **more)
    state = endless.init()
    epochs = [(state, endless.evaluate(state))]
    while not (len(epochs) > 1 and is_met(name, epochs)):
        assert len(epochs) < 500, "The criterion is never met."
        state = endless.run(state, STEPS)
        epochs.append((state, endless.evaluate(state)))
    return state


def test_every_criterion_is_tried():
    assert [*CRITERIA] == [name for name, entry in STOPPINGS.items() if entry.active and name != "back_to_best"]


@each_criterion
def test_ends_a_run_at_the_right_epoch(name):
    expected = watched(name)
    assert expected.epoch > 1
    trainer = make(name)
    state = trainer.run(trainer.init(), 5000)
    assert state.is_stopped
    assert (state.step, state.epoch, state.cursor) == (STEPS * expected.epoch, expected.epoch, 0)
    assert state.stopped.item() == state.step
    assert_same(state.params, expected.params)
    assert trainer.run(state, 100) is state
    assert trainer.step(state) is state


@given(st.lists(st.integers(1, 90), min_size=1, max_size=6), st.sampled_from(list(CRITERIA)), st.booleans())
def test_grouping_of_steps_does_not_matter(groups, name, several):
    seeds = range(3) if several else None
    trainer, again = make(name), make(name)
    state = trainer.init(seeds)
    for steps in groups:
        # Once all have stopped, further groups change nothing; so the sum may be more than was made.
        state = trainer.run(state, steps)
    assert_same_state(state, again.run(again.init(seeds), sum(groups)))


@each_criterion
def test_looking_does_not_disturb(name):
    trainer, again = make(name), make(name)
    state = trainer.init()
    for _ in range(40):
        state = trainer.run(state, 4)
        trainer.evaluate(state)
        trainer.inspect(state)
    assert_same_state(state, again.run(again.init(), 160))


def test_a_run_that_never_stops():
    trainer = make()
    state = trainer.run(trainer.init(), 200)
    assert not state.is_stopped
    assert state.stopped.item() == -1
    assert state.step == 200


# Several networks

SEEDS = [4, 0, 7, 3]


def seed_by_seed(name, **more):
    """Each network alone, as long as it takes."""
    trainer = make(name, **more)
    return [trainer.run(trainer.init([seed]), 5000).replica(0) for seed in SEEDS]


ADAM = {"optimizer": "adam", "learning_rate": 0.03, "batch_norm": True}


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("parameter_change", {}),
        ("target_loss", {}),
        ("no_improvement", {}),
        ("parameter_change", {**ADAM, "stopping_params": {"goal": 0.06}}),
        ("target_loss", {**ADAM, "dropout": 0.2}),
        ("no_improvement", {**ADAM, "dropout": 0.2}),
    ],
    ids=str,
)
def test_each_network_stops_as_it_would_alone(name, more):
    alone = seed_by_seed(name, **more)
    assert len({state.step for state in alone}) > 1, "this test wants networks that stop apart"
    trainer = make(name, **more)
    together = trainer.run(trainer.init(SEEDS), 5000)
    assert together.is_stopped
    assert together.step == max(state.step for state in alone)
    assert together.stopped.tolist() == [state.step for state in alone]
    for k, state in enumerate(alone):
        assert_close(together.params[k], state.params)
        assert_close(together.running_stats[k], state.running_stats)
        for one, other in zip(together.optimizer_state, state.optimizer_state, strict=True):
            assert_close(one[k], other)


@pytest.mark.parametrize(
    ("name", "hyperparameters"),
    [("parameter_change", {"goal": 0.06}), ("target_loss", {"target": 0.5}), ("no_improvement", {"patience": 3})],
)
def test_a_network_that_has_stopped_rests_bit_for_bit(name, hyperparameters):
    choices = {**ADAM, "stopping_params": hyperparameters}
    trainer = make(name, **choices)
    first = trainer.run(trainer.init(SEEDS), min(alone.step for alone in seed_by_seed(name, **choices)))
    resting = first.stopped >= 0
    assert 0 < resting.sum() < len(SEEDS)
    later = trainer.run(first, 3)
    assert not later.is_stopped
    assert later.step == first.step + 3
    for k in range(len(SEEDS)):
        before, after = first.replica(k), later.replica(k)
        if resting[k]:
            assert_same_state(replace(after, step=before.step, epoch=before.epoch, cursor=before.cursor), before)
        else:
            assert not np.array_equal(before.params, after.params)


def test_rates_and_hyperparameters_stay_with_their_networks_when_others_rest():
    """The one in the middle stops first; the others go on with their own numbers."""
    rates, decay = [0.01, 0.3, 0.02], [0.9, 0.5, 0.8]
    chosen = {"optimizer": "momentum", "stopping": "target_loss", "stopping_params": {"target": 0.5}}
    choices = {**SMALL, **chosen}
    several = Trainer(Config(**{**choices, "learning_rate": rates, "optimizer_params": {"momentum": decay}}))
    together = several.run(several.init([5, 5, 5]), 5000)
    assert together.stopped.argmin() == 1
    for k in range(3):
        one = Trainer(Config(**{**choices, "learning_rate": rates[k], "optimizer_params": {"momentum": decay[k]}}))
        alone = one.run(one.init([5]), 5000)
        assert together.stopped[k] == alone.step
        assert_close(together.params[k], alone.params[0])


# Resuming


@each_criterion
def test_resuming_trains_on_with_a_fresh_criterion(name):
    trainer = make(name)
    stopped = trainer.run(trainer.init(), 5000)
    resumed = trainer.resume(stopped)
    assert not resumed.is_stopped
    assert_same_optimizer_state(resumed.stopping_state, STOPPINGS[name].memory(stopped.params))
    assert_same_state(replace(resumed, stopping_state=stopped.stopping_state, stopped=stopped.stopped), stopped)
    # Until the criterion is judged again it trains as if it had never stopped.
    endless = make()
    assert_same(trainer.run(resumed, STEPS).params, endless.run(endless.adopt(stopped), STEPS).params)


def test_epochs_are_counted_anew_after_resuming():
    trainer = make("epochs")
    again = trainer.run(trainer.resume(trainer.run(trainer.init(), 5000)), 5000)
    assert (again.epoch, again.is_stopped) == (14, True)
    endless = make()
    assert_same(again.params, endless.run(endless.init(), 14 * STEPS).params)


def test_patience_is_full_again_after_resuming():
    trainer = make("no_improvement")
    stopped = trainer.run(trainer.init(), 5000)
    assert trainer.run(trainer.resume(stopped), 5000).epoch >= stopped.epoch + 4  # a first best, then three to wait


# Other choices while it runs


@pytest.mark.parametrize(("old", "new", "seeds"), [
    *((name, name, None) for name in STOPPINGS), *((old, new, None) for old, new in neighbours(STOPPINGS)),
    *((new, old, range(2)) for old, new in neighbours(STOPPINGS)),
])  # fmt: skip
def test_another_criterion_keeps_the_weights(old, new, seeds):
    trainer = make(old)
    state = trainer.run(trainer.init(seeds), 8)
    tuned = trainer.retune(make(new).config)
    adopted = tuned.adopt(state)
    fresh = STOPPINGS[new].memory(state.params)
    assert_same_state(replace(adopted, stopping_state=state.stopping_state, stopped=state.stopped), state)
    assert_same_optimizer_state(
        adopted.stopping_state, state.stopping_state if type(fresh) is type(state.stopping_state) else fresh
    )
    assert tuned.step(adopted).step == 9


@each_criterion
def test_nothing_rests_when_stopping_is_switched_off(name):
    trainer = make(name)
    stopped = trainer.run(trainer.init(), 5000)
    adopted = trainer.retune(make().config).adopt(stopped)
    assert not adopted.is_stopped
    endless = make()
    # Bit for bit the run that nobody ever wanted to stop.
    expected = endless.run(endless.init(), stopped.step + 11)
    assert_same_state(endless.run(adopted, 11), expected)


def test_a_network_that_runs_away_is_not_taken_for_one_at_rest():
    wild = {"dataset": "plane", "activation": "relu", "hidden": (8, 8), "learning_rate": 10.0, "batch_size": 10}
    for name in ("parameter_change", "target_loss"):
        trainer = make(name, **wild)
        state = trainer.run(trainer.init(), 300)
        assert not state.finite
        assert not state.is_stopped
        assert state.step == 300


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "nadam", "lbfgs"])
def test_networks_of_different_age_train_on_as_each_would_alone(optimizer):
    """After a rest they have made different numbers of updates, and each is corrected for its own."""
    entry = OPTIMIZERS[optimizer]
    choices = {
        "dataset": "circle", "samples": 100, "optimizer": optimizer, "stopping": "epochs", "stopping_params": {"n": 2},
        "batch_size": "all" if entry.full_batch else 10, "learning_rate": entry.usual_rate,
    }  # fmt: skip
    trainer = Trainer(Config(**choices))
    young, old = trainer.init([3]), trainer.run(trainer.init([4]), 10_000)
    state = trainer.init([3, 4])
    merged = trainer.resume(state.with_part(np.array([False, True]), replace(old, step=0, epoch=0)))
    together = trainer.run(merged, 3)
    for k, single in enumerate((young, trainer.resume(replace(old, step=0, epoch=0)))):
        assert_close(together.params[k], trainer.run(single, 3).params[0], rtol=1e-9)


def test_a_criterion_chosen_within_an_epoch_waits_for_the_next():
    free = Trainer(Config(dataset="circle", samples=100, batch_size=10))
    state = free.run(free.init(), 7)  # two steps into the second epoch of five
    assert state.cursor == 20
    for name, hyperparameters in (("parameter_change", {"goal": 0.5}), ("epochs", {"n": 1})):
        trainer = free.retune(replace(free.config, stopping=name, stopping_params=hyperparameters))
        begun = trainer.run(trainer.adopt(state), 3)
        assert (begun.epoch, begun.cursor) == (2, 0)
        # It begins there, and knows nothing of the part of an epoch before.
        assert_same_optimizer_state(begun.stopping_state, STOPPINGS[name].memory(begun.params))
        end = trainer.run(begun, 97)
        assert (end.epoch, end.step) == (3, 15), "the first whole epoch that it sees is the third"


# Back to the best


@pytest.mark.parametrize("seeds", [None, [3], range(3)], ids=str)
@pytest.mark.parametrize("more", [{}, {**ADAM, "batch_norm": False}], ids=str)
def test_it_stops_when_no_improvement_does_and_goes_back_to_the_best(seeds, more):
    chosen = CRITERIA["no_improvement"]
    forward, back = make("no_improvement", **more), make("back_to_best", chosen, **more)
    last, best = (trainer.run(trainer.init(seeds), 5000) for trainer in (forward, back))
    assert_same(best.stopped, last.stopped)
    assert_same(back.evaluate(best).test_loss, best.stopping_state.loss)
    assert_same(best.stopping_state.loss, last.stopping_state.loss)
    endless = make(**more)
    for k, step in enumerate(np.atleast_1d(best.stopping_state.step).tolist()):
        then = endless.run(endless.init(seeds), step)
        assert_same(np.atleast_2d(best.params)[k], np.atleast_2d(then.params)[k])


def test_batch_norm_goes_back_with_averages_of_all_training_points():
    trainer = make("back_to_best", CRITERIA["no_improvement"], **ADAM)
    best = trainer.run(trainer.init(), 5000)
    endless = make(**ADAM)
    assert_same(best.params, endless.run(endless.init(), int(best.stopping_state.step)).params)
    assert_same(best.running_stats, trainer.problem.statistics_of(best.params))


def test_a_network_that_never_had_a_test_loss_does_not_go_back():
    wild = {"dataset": "plane", "activation": "relu", "hidden": (8, 8), "learning_rate": 1000.0}
    trainer = make("back_to_best", {"patience": 2}, **wild)
    state = trainer.run(trainer.init(), 5000)
    assert state.is_stopped
    assert best_step(state.stopping_state) is None or state.finite


def test_there_is_no_way_back_from_an_average():
    with pytest.raises(ValueError, match=one_sentence("stopping", "averaged", "back_to_best")):
        make("back_to_best", averaging="exponential")
