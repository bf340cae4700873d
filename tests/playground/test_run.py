import math

import numpy as np
import pytest
from helpers import assert_same, assert_same_state, one_sentence

from engine.look import Unit
from playground.run import Effect, Run
from playground.settings import Settings

WILD = {"dataset": "plane", "activation": "relu", "loss": "squared_error", "learning_rate": 10, "hidden": [8, 8]}

REBUILD = {
    "dataset": "xor", "samples": 300, "noise": 10, "train_fraction": 0.7, "seed": 1, "features": ["x1"],
    "hidden": [4, 3], "batch_norm": [True, False], "initializer": "he_normal",
}  # fmt: skip
RETUNE = {
    "learning_rate": 0.5, "penalty": "l1", "penalty_rate": 0.1, "dropout": [0.5, 0.0], "batch_size": 30,
    "activation": ["relu", "tanh"], "loss": "squared_error", "speed": 5, "adam_beta1": 0.5, "adam_epsilon": 1e-3,
}  # fmt: skip


def trained(steps=50, **values):
    run = Run(Settings(**{"optimizer": "adam", "penalty": "l2", "penalty_rate": 0.01, **values}))
    assert run.step(steps) == ""
    return run


def test_a_run_starts_at_the_beginning():
    run = Run(Settings())
    assert (run.state.step, run.generation, len(run.history)) == (0, 1, 1)
    assert run.evaluation.train_loss == run.trainer.evaluate(run.state).train_loss


@pytest.mark.parametrize("steps", [1, 3, 4, 5, 100])
def test_steps_are_counted_exactly(steps):
    run = trained(steps)
    assert run.state.step == steps
    assert_same_state(run.state, run.trainer.run(run.trainer.init(), steps))
    assert run.evaluation.test_loss == run.trainer.evaluate(run.state).test_loss


@pytest.mark.parametrize(("steps", "recorded"), [(1, [0, 1]), (3, [0, 1, 2, 3]), (100, [0, 100])])
def test_few_steps_leave_a_point_each(steps, recorded):
    assert trained(steps).history.columns()["step"].tolist() == recorded


# Settings


@pytest.mark.parametrize(("name", "value"), REBUILD.items(), ids=REBUILD)
def test_data_inputs_shape_initialisation_and_seed_start_again(name, value):
    run = trained()
    before = run.state
    run.settings.update({name: value})
    assert run.apply()
    assert (run.state.step, run.generation) == (0, 2)
    assert run.history.columns()["step"].tolist() == [0]
    assert_same_state(run.state, trained(0, **{name: value}).state)
    assert not np.array_equal(run.state.params, before.params)


@pytest.mark.parametrize(("name", "value"), RETUNE.items(), ids=RETUNE)
def test_all_else_applies_to_the_running_network(name, value):
    run = trained()
    before = run.state
    run.settings.update({name: value})
    assert run.apply()
    assert_same_state(run.state, before)
    assert run.generation == 1
    run.step(5)
    assert run.state.step == 55
    stale = trained(55).state.params
    assert np.array_equal(run.state.params, stale) == (name == "speed")


def test_what_is_shown_is_judged_by_the_new_settings():
    run = trained(penalty="none")
    before = run.evaluation
    run.settings.update({"penalty": "l2", "penalty_rate": 0.1})
    run.apply()
    assert before.penalty == 0 < run.evaluation.penalty
    assert run.evaluation.train_loss == before.train_loss
    run.settings.update({"loss": "squared_error"})
    run.apply()
    assert run.evaluation.train_loss != before.train_loss


@pytest.mark.parametrize("rule", ["sgd", "momentum", "nesterov"])
def test_another_optimizer_keeps_the_weights_and_starts_its_memory(rule):
    run = trained()
    before = run.state
    run.settings.update({"optimizer": rule})
    assert run.apply()
    assert_same(run.state.params, before.params)
    assert run.state.step == before.step
    assert all(not slot.any() for slot in run.state.slots)
    assert run.step(5) == ""


def test_nothing_changed_is_nothing_to_do():
    run = trained()
    run.settings.update({"learning_rate": 0.03, "hidden": [4, 2]})
    assert run.apply() is Effect.NOTHING


@pytest.mark.parametrize("values", [{"show_test": True}, {"dark": True}, {"discretize": True}])
def test_how_it_is_shown_does_not_touch_the_training(values):
    run = trained()
    before = run.state
    run.settings.update(values)
    assert run.apply()
    assert_same_state(run.state, before)
    assert run.scene()[0]["settings"].items() >= values.items()


def test_the_same_seed_gives_the_same_weights_and_another_gives_others():
    run = Run(Settings())
    first = run.state
    run.step(20)
    run.start()
    assert_same_state(run.state, first)
    assert run.history.columns()["step"].tolist() == [0]
    run.settings.update({"seed": 1})
    run.apply()
    assert not np.array_equal(run.state.params, first.params)
    run.settings.update({"seed": 0})
    run.apply()
    assert_same_state(run.state, first)


# Looking and editing


@pytest.mark.parametrize(
    ("kind", "place"), [("link", (1, 0, 3)), ("link", (3, 1, 0)), ("bias", (1, 2, 0)), ("bias", (3, 0, 0))]
)
def test_a_number_set_by_hand_is_there(kind, place):
    run = trained()
    before = run.state
    run.edit(kind, *place, 1.25)
    run.focus(kind, *place)
    assert run.focused()[-1] == 1.25
    assert (run.state.params != before.params).sum() == 1
    assert run.state.params[run.position(kind, *place)] == 1.25
    assert run.state.step == before.step
    assert run.evaluation.train_loss == run.trainer.evaluate(run.state).train_loss
    assert len(run.history) == 2


@pytest.mark.parametrize(
    "value", [1001, -1001, math.nan, math.inf, "1", None, True, [1.0], [], 10**400], ids=lambda value: repr(value)[:12]
)
def test_a_number_out_of_range_is_not_taken(value):
    run = Run(Settings())
    before = run.state
    with pytest.raises(ValueError, match=one_sentence("value must be", "not")):
        run.edit("bias", 1, 0, 0, value)
    assert_same_state(run.state, before)


@pytest.mark.parametrize("place", [(0, 0, 0), (4, 0, 0), (1, 2, 0), (1, 0, 4), (-1, 0, 0), (1, -1, 0), (3, 0, 1)])
def test_there_is_no_such_link(place):
    run = Run(Settings())
    for act in (run.focus, lambda *where: run.edit(*where, 1.0)):
        with pytest.raises(ValueError, match=one_sentence("not")):
            act("link", *place)
    assert run.focused()[0] == 0


@pytest.mark.parametrize(("kind", "place"), [
    ("unit", (0, 2, 0)), ("unit", (0, -1, 0)), ("unit", (1, 4, 0)), ("unit", (4, 0, 0)), ("bias", (0, 0, 0)),
    ("colour", (1, 0, 0)), (None, (0, 0, 0)), ([], (0, 0, 0)),
])  # fmt: skip
def test_there_is_nothing_to_look_at(kind, place):
    run = Run(Settings())
    with pytest.raises(ValueError, match=one_sentence("not")):
        run.focus(kind, *place)
    assert run.focused()[0] == 0


@pytest.mark.parametrize("unit", [Unit(0, 1), Unit(1, 3), Unit(3, 0)])
def test_a_unit_is_shown_large(unit):
    run = trained()
    plain = run.look()
    run.focus("unit", *unit, 0)
    code, layer, i, _, value = run.focused()
    assert (code, layer, i) == (1, *unit)
    if unit.layer == 0:
        assert math.isnan(value)
    else:
        assert value == run.state.params[run.position("bias", *unit, 0)]
    assert run.look().focus == unit
    assert np.array_equal(run.look().boundary, plain.boundary) == (unit == Unit(3, 0))
    run.focus("none", 0, 0, 0)
    assert_same(run.look().boundary, plain.boundary)


def test_looking_at_nothing_needs_no_place():
    run = Run(Settings())
    run.focus("none", 99, 0, 0)
    assert run.focused()[0] == 0


def test_what_is_looked_at_is_forgotten_with_the_network():
    run = Run(Settings(hidden=[8]))
    run.focus("unit", 1, 7, 0)
    run.settings.update({"hidden": [2]})
    run.apply()
    assert run.focused()[0] == 0
    run.look()


def test_a_running_network_keeps_what_is_looked_at():
    run = trained()
    run.focus("link", 1, 0, 0)
    run.settings.update({"learning_rate": 0.5})
    run.apply()
    assert run.focused()[0] == 2


# Divergence


@pytest.mark.parametrize("chunk", [1, 3, 40, 2000])
def test_a_run_that_breaks_keeps_the_last_good_state_and_says_why(chunk):
    run = Run(Settings(**WILD))
    why = next(filter(None, (run.step(chunk) for _ in range(2000))))
    assert run.state.finite
    assert np.isfinite(run.evaluation.train_loss)
    for part in (f"step {run.state.step + 1:,}:", "learning rate 10 ", "gradient norm", "e+"):
        assert part in why
    assert why.endswith(".")
    assert run.step(1) != ""


def test_the_step_that_breaks_does_not_depend_on_the_chunks():
    def broken(chunk):
        run = Run(Settings(**WILD))
        return next(filter(None, (run.step(chunk) for _ in range(2000)))), run.state

    (first, state), (second, other) = broken(1), broken(500)
    assert first == second
    assert_same_state(state, other)


def test_after_it_broke_it_can_start_again():
    run = Run(Settings(**WILD))
    first = run.state
    while not run.step(100):
        pass
    run.start()
    assert_same_state(run.state, first)
    run.settings.update({"learning_rate": 0.001})
    run.apply()
    assert run.step(200) == ""
