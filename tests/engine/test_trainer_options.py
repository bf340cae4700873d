"""Schedules, annealing, clipping, noise and masks in training; remarks, refusals, and what else is beside the rule."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from helpers import assert_close, assert_same, assert_same_state, one_sentence

from engine import CLIPPINGS, MOMENTUM_SCHEDULES, OPTIMIZERS, SCHEDULES, Config, Refusal, Trainer

# 20 training points in batches of 6: four steps an epoch, of which the last is short.
SMALL = {"dataset": "circle", "samples": 40, "batch_size": 6, "hidden": (4, 2), "learning_rate": 0.1}


def make(**choices):
    return Trainer(Config(**{**SMALL, **choices}))


def path(trainer, steps, seeds=None):
    """The State before each of some steps, and after the last."""
    states = [trainer.init(seeds)]
    for _ in range(steps):
        states.append(trainer.step(states[-1]))
    return states


def changes(trainer, steps):
    """By how much each step moves the parameters, (steps, P)."""
    return np.diff([state.params for state in path(trainer, steps)], axis=0)


def slope(trainer, state):
    """The gradient that the next step sees."""
    return trainer.inspect(state)[1].flat


# Schedules

SHORT = {
    "constant": {}, "step": {"every": 2, "factor": 0.3}, "exponential": {"decay": 0.2}, "inverse": {"decay": 0.5},
    "cosine": {"steps": 4, "floor": 0.1}, "warm_up": {"steps": 3},
    "warm_up_cosine": {"warm_up": 2, "steps": 4, "floor": 0.1},
}  # fmt: skip


@pytest.mark.parametrize("name", SCHEDULES)
def test_each_step_takes_the_rate_of_its_schedule(name):
    trainer = make(schedule=name, schedule_params=SHORT[name])
    factors = [SCHEDULES[name].factor(step, SHORT[name]) for step in range(7)]
    assert (len(set(factors)) > 1) is (name != "constant")
    for factor, (before, after) in zip(factors, pairwise(path(trainer, 7)), strict=True):
        assert_close(after.params - before.params, -0.1 * factor * slope(trainer, before))


# Annealing

STAGES = {"first": 2, "second": 4}
WITH_MOMENTUM = [name for name, entry in OPTIMIZERS.items() if entry.momentum]


@pytest.mark.parametrize("rate", [0.1, 0.0])
def test_momentum_in_stages_by_hand(rate):
    """0.5 for steps 0 and 1, 0.9 for 2 and 3, then 0.99, whatever was chosen."""
    trainer = make(
        optimizer="momentum",
        momentum_schedule="staged",
        momentum_schedule_params=STAGES,
        learning_rate=rate,
        optimizer_params={"momentum": 0.3},
    )
    velocity = 0.0
    for momentum, (before, after) in zip((0.5, 0.5, 0.9, 0.9, 0.99, 0.99), pairwise(path(trainer, 6)), strict=True):
        velocity = momentum * velocity + slope(trainer, before)
        assert_close(after.params, before.params - rate * velocity)


@pytest.mark.parametrize("name", WITH_MOMENTUM)
@pytest.mark.parametrize("schedule", [name for name, entry in MOMENTUM_SCHEDULES.items() if entry.active])
@pytest.mark.parametrize("seeds", [None, range(2)], ids=str)
def test_annealing_reaches_every_rule_that_has_momentum(name, schedule, seeds):
    """Against the rule itself, handed the momentum of each step."""
    entry, hyperparameters = OPTIMIZERS[name], STAGES if schedule == "staged" else {}
    chosen = 0.7 if seeds is None else [0.7, 0.4]
    trainer = make(
        optimizer=name,
        optimizer_params={entry.momentum: chosen},
        momentum_schedule=schedule,
        momentum_schedule_params=hyperparameters,
    )
    state = trainer.init(seeds)
    optimizer_state, base = state.optimizer_state, 0.7 if seeds is None else np.array([[0.7], [0.4]])
    for step in range(6):
        momentum = MOMENTUM_SCHEDULES[schedule].value(step, base, hyperparameters)
        numbers = {hyperparameter.name: hyperparameter.default for hyperparameter in entry.hyperparameters}
        numbers |= {entry.momentum: momentum, "learning_rate": 0.1}
        change, optimizer_state = entry.update(slope(trainer, state), optimizer_state, state.params, step, numbers)
        after = trainer.step(state)
        assert_close(after.params, state.params + change)
        state = after


def test_annealing_does_not_wear_off_the_chosen_momentum():
    """In one run or step by step: the base is what was chosen, not what the schedule made of it last."""
    chosen = {"optimizer": "nesterov", "momentum_schedule": "sutskever"}
    trainer = make(**chosen)
    assert_same_state(path(trainer, 520)[-1], make(**chosen).run(make(**chosen).init(), 520))


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name not in WITH_MOMENTUM])
def test_a_rule_without_momentum_has_nothing_to_anneal(name):
    annealed, plain = (make(optimizer=name, momentum_schedule=schedule) for schedule in ("staged", "constant"))
    assert_same_state(path(annealed, 6)[-1], path(plain, 6)[-1])


# Clipping


@pytest.mark.parametrize(("name", "norm"), [("norm", 2), ("value", np.inf)])
def test_a_step_of_sgd_is_no_longer_than_clipping_allows(name, norm):
    free = np.linalg.norm(changes(make(), 12), norm, axis=1)
    bound = np.linalg.norm(changes(make(clipping=name, clipping_params={"limit": 0.05}), 12), norm, axis=1)
    assert free.max() > 0.1 * 0.05 * 1.2
    assert bound.max() == pytest.approx(0.1 * 0.05)


@pytest.mark.parametrize("name", CLIPPINGS)
def test_a_limit_that_is_never_reached_changes_nothing(name):
    hyperparameters = {hyperparameter.name: hyperparameter.high for hyperparameter in CLIPPINGS[name].hyperparameters}
    assert_same_state(path(make(clipping=name, clipping_params=hyperparameters), 9)[-1], path(make(), 9)[-1])


def test_the_optimizer_sees_the_clipped_gradient():
    """Not the change is clipped: with momentum it may become longer than any gradient."""
    trainer = make(optimizer="momentum", clipping="norm", clipping_params={"limit": 0.01})
    velocity = 0.0
    for before, after in pairwise(path(trainer, 9)):
        g = slope(trainer, before)
        velocity = 0.9 * velocity + g * min(1.0, 0.01 / np.linalg.norm(g))
        assert_close(after.params - before.params, -0.1 * velocity)
    assert np.linalg.norm(velocity) > 0.011


def test_each_network_is_clipped_on_its_own():
    clipped = make(clipping="norm", clipping_params={"limit": 0.05})
    together = path(clipped, 8, range(3))[-1]
    for k in range(3):
        assert_close(together.params[k], path(clipped, 8, [k])[-1].params[0])


@pytest.mark.parametrize("clipping", [name for name, entry in CLIPPINGS.items() if entry.active])
@pytest.mark.parametrize("optimizer", [name for name, entry in OPTIMIZERS.items() if entry.probes])
def test_line_searches_refuse_clipping(optimizer, clipping):
    with pytest.raises(Refusal, match=one_sentence("clipping must be none", optimizer, f"not {clipping}")):
        make(optimizer=optimizer, clipping=clipping)


# Noise and masks


@pytest.mark.parametrize("choices", [{"input_noise": 0.5}, {"drop_connect": 0.5}, {"dropout": 0.5}], ids=str)
def test_noise_and_masks_are_for_training_only(choices):
    noisy, plain = make(**choices), make()
    state = noisy.init()
    assert_same(state.params, plain.init().params)
    assert np.abs(noisy.step(state).params - plain.step(state).params).max() > 1e-4
    later = path(noisy, 9)[-1]
    for found, expected in zip(noisy.evaluate(later), plain.evaluate(later), strict=True):
        assert_same(found, expected)
    assert_same(noisy.predict(later, [[1.0, 2.0]]), plain.predict(later, [[1.0, 2.0]]))


@pytest.mark.parametrize("choices", [{"input_noise": 0.5}, {"drop_connect": 0.5}], ids=str)
def test_noise_is_new_at_every_step_and_the_same_again(choices):
    trainer = make(**choices, batch_size="all", shuffle=False)
    state = trainer.init()
    now, again, next_step = (slope(trainer, replace(state, step=step)) for step in (0, 0, 1))
    assert_same(now, again)
    assert not np.array_equal(now, next_step)
    assert_same_state(path(trainer, 9)[-1], make(**choices, batch_size="all", shuffle=False).run(state, 9))


# What goes together, and what does not


def test_remarks():
    assert make().remarks == []
    assert make(optimizer="lbfgs", batch_size="all").remarks == []
    (said,) = make(optimizer="lbfgs").remarks
    for part in ("L-BFGS", "mini-batches of 6", "batch size all"):
        assert part in said
    (said,) = make(activation=("tanh", "step")).remarks
    assert "no slope" in said
    (said,) = make(loss="perceptron").remarks
    assert "perceptron rule trains a single unit" in said
    assert make(loss="perceptron", hidden=()).remarks == []
    assert len(make(optimizer="bfgs", activation="step", loss="adaline").remarks) == 3


@pytest.mark.parametrize("name", [name for name, entry in OPTIMIZERS.items() if entry.full_batch])
def test_the_whole_training_set_needs_no_remark_however_it_is_asked_for(name):
    assert make(optimizer=name, batch_size=20).remarks == make(optimizer=name, batch_size="all").remarks == []
    assert len(make(optimizer=name, batch_size=19).remarks) == 1


LIMITED = {name: entry.most_parameters for name, entry in OPTIMIZERS.items() if entry.most_parameters}


@pytest.mark.parametrize("name", LIMITED)
def test_too_many_parameters_for_a_matrix_are_refused(name):
    big = {"hidden": (24, 24), "batch_size": "all"}
    size = make(**big).network.size
    assert size > LIMITED[name]
    with pytest.raises(Refusal, match=one_sentence(name, f"at most {LIMITED[name]} parameters", f"has {size}")):
        make(**big, optimizer=name)
    with pytest.raises(Refusal, match=one_sentence(name, f"at most {LIMITED[name]} parameters")):
        make(**big).retune(Config(**{**SMALL, **big, "optimizer": name}))
    make(**{**big, "hidden": (8, 8)}, optimizer=name)


def test_rules_without_a_matrix_take_any_network():
    assert {"lbfgs", "sgd", "adam"}.isdisjoint(LIMITED)
    trainer = make(hidden=(24, 24), batch_size="all", optimizer="lbfgs", learning_rate=1.0)
    assert trainer.step(trainer.init()).finite


# By hand


@pytest.mark.parametrize("seeds", [None, range(2)], ids=str)
def test_the_pieces_of_a_maxout_unit_move_together(seeds):
    trainer = make(hidden=(3,), activation="maxout", activation_params={"k": 3})
    state = trainer.run(trainer.init(seeds), 5)
    for places in (trainer.network.weight_position(1, 0, 2), trainer.network.bias_position(1, 1)):
        assert len(places) == 3
        edited = trainer.edit(state, places, 1.5)
        assert_close(edited.params[..., places].mean(axis=-1), np.full(state.batch_shape, 1.5))
        assert_close(np.diff(edited.params[..., places]), np.diff(state.params[..., places]))
        others = np.setdiff1d(np.arange(trainer.network.size), places)
        assert_same(edited.params[..., others], state.params[..., others])


# A short last batch with batch norm


def normed(train, size, **more):
    return Trainer(Config(samples=2 * train, batch_norm=True, batch_size=size, **more))


@pytest.mark.parametrize(("train", "size", "better"), [(51, 10, 9), (25, 2, 5), (3, 2, 3), (21, 20, 21)])
def test_a_last_batch_of_one_is_refused_as_batch_size_one_is(train, size, better):
    with pytest.raises(ValueError, match=one_sentence("batch_size must", f"{train} points", f"{better} at a time")):
        normed(train, size)
    assert normed(train, better).remarks == []
    assert Trainer(Config(samples=2 * train, batch_size=size)).remarks == []


def test_a_problem_of_ones_own_has_no_batch_of_one_either():
    problem = normed(20, 10).problem
    with pytest.raises(ValueError, match=one_sentence("batch_size must", "one point has no variance")):
        Trainer(Config(batch_size=1), problem=problem)


@pytest.mark.parametrize(("train", "size", "better"), [(52, 10, 9), (54, 10, 9), (23, 20, 18)])
def test_a_short_last_batch_is_remarked(train, size, better):
    (remark,) = normed(train, size).remarks
    assert f"has {train % size} points" in remark
    assert f"batches of {better} " in remark
    assert normed(train, better).remarks == []


@pytest.mark.parametrize(("train", "size"), [(50, 10), (55, 10), (52, 2), (8, 4), (4, "all")])
def test_other_batches_need_no_remark(train, size):
    assert normed(train, size).remarks == []
