import json
import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from fakes import Watched
from helpers import assert_same, assert_same_state, one_sentence

from engine import ACTIVATIONS
from engine.gradient_check import GroupCheck
from engine.look import Unit
from playground.network_page.memory import Memory
from playground.network_page.sections import Section
from playground.network_page.selection import position
from playground.network_page.settings import Settings
from playground.network_page.training_run import Effect, Run

WILD = {"dataset": "plane", "activation": "relu", "loss": "squared_error", "learning_rate": 10, "hidden": [8, 8]}

REBUILD = {
    "dataset": "xor", "samples": 300, "noise": 10, "train_fraction": 0.7, "seed": 1, "features": ["x1"],
    "hidden": [4, 3], "batch_norm": ["before", "off"], "initializer": "he_normal", "bias_initializer": "constant",
    "preprocessing": "standardise", "activation": ["maxout", "tanh"],
}  # fmt: skip
RETUNE = {
    "learning_rate": 0.5, "regularization": "l1", "regularization_rate": 0.1, "dropout": [0.5, 0.0], "batch_size": 30,
    "activation": ["relu", "tanh"], "loss": "squared_error", "speed": 5, "optimizer_adam_beta1": 0.5,
    "optimizer_adam_epsilon": 1e-3, "drop_connect": [0.5, 0.0], "input_noise": 0.3, "shuffle": False,
    "schedule": "warm_up",
}  # fmt: skip
REFUSED = {
    "a hinge on values": ({"dataset": "plane"}, {"loss": "hinge"}, ["loss", "made for values", "not hinge"]),
    "values for a hinge": ({"loss": "hinge"}, {"dataset": "plane"}, ["loss", "made for values", "not hinge"]),
    "Newton with a large network": (
        {"hidden": [32, 32]}, {"optimizer": "newton"}, ["newton", "parameters", "this network has 1185"],
    ),
    "a large network for Newton": ({"optimizer": "newton"}, {"hidden": [32, 32]}, ["newton", "parameters"]),
    "clipping with a line search": ({"optimizer": "lbfgs"}, {"clipping": "norm"}, ["clipping must be none", "lbfgs"]),
    "a line search with clipping": ({"clipping": "value"}, {"optimizer": "bfgs"}, ["clipping must be none", "bfgs"]),
    "batches of 1 with batch norm": ({"batch_norm": "after"}, {"batch_size": 1}, ["batch_size", "2 or more", "not 1"]),
    "batch norm with batches of 1": ({"batch_size": 1}, {"batch_norm": "before"}, ["batch_size", "2 or more", "not 1"]),
    "several at once": (
        {}, {"dataset": "plane", "loss": "perceptron", "learning_rate": 1, "dark": True}, ["loss", "not perceptron"],
    ),
}  # fmt: skip


class Curve(NamedTuple):
    """The section CURVE, and with it CURVE_HEIGHTS."""

    layer: int
    low: float
    high: float
    f: np.ndarray
    df: np.ndarray
    heights: np.ndarray


class Seen(NamedTuple):
    """What a page that has nothing yet is sent of the network."""

    boundary: np.ndarray
    maps: np.ndarray
    heights: np.ndarray
    curve: Curve | None


def look(run):
    parts = run.compose(Memory(), still=True).sections
    curve = None
    if Section.CURVE in parts:
        layer, low, high, *values = parts[Section.CURVE]
        curve = Curve(int(layer), low, high, *np.array(values).reshape(2, -1), parts[Section.CURVE_HEIGHTS])
    return Seen(parts[Section.BOUNDARY], parts[Section.MAPS], parts[Section.HISTOGRAMS], curve)


def trained(steps=50, **values):
    run = Run(Settings(**{"optimizer": "adam", "regularization": "l2", "regularization_rate": 0.01, **values}))
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


@pytest.mark.parametrize("values", [{"averaging": "exponential"}, {"stopping": "no_improvement"}], ids=str)
def test_what_only_looks_on_does_not_touch_the_training(values):
    run = trained()
    before = run.state
    run.settings.update(values)
    assert run.apply() is Effect.RETUNE
    assert run.state.step == before.step
    assert_same(run.state.params, before.params)
    run.step(5)
    assert_same(run.state.params, trained(55).state.params)


def test_a_momentum_schedule_applies_to_rules_with_momentum():
    run = Run(Settings(optimizer="momentum"))
    run.step(20)
    run.settings.update({"momentum_schedule": "staged"})
    assert run.apply() is Effect.RETUNE
    constant = Run(Settings(optimizer="momentum"))
    constant.step(20)
    for each in (run, constant):
        each.step(3)
    assert not np.array_equal(run.state.params, constant.state.params)


def test_a_gradient_is_clipped_from_now_on():
    run = trained(optimizer="sgd")
    before = run.state
    run.settings.update({"clipping": "norm", "clipping_norm_limit": 0.001, "learning_rate": 1})
    assert run.apply() is Effect.RETUNE
    run.step(1)
    assert np.linalg.norm(run.state.params - before.params) == pytest.approx(0.001)


def test_what_is_shown_is_judged_by_the_new_settings():
    run = trained(regularization="none")
    before = run.evaluation
    run.settings.update({"regularization": "l2", "regularization_rate": 0.1})
    run.apply()
    assert before.regularization == 0 < run.evaluation.regularization
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
    assert all(not slot.any() for slot in run.state.optimizer_state)
    assert run.step(5) == ""


@pytest.mark.parametrize(("before", "change", "parts"), REFUSED.values(), ids=REFUSED)
def test_choices_that_do_not_go_together_are_refused_and_all_is_as_it_was(before, change, parts):
    run = Run(Settings(**before))
    assert run.step(20) == ""
    values, trainer, state, evaluation = run.settings.values(), run.trainer, run.state, run.evaluation
    run.settings.update(change)
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        run.apply()
    assert run.settings.values() == values
    assert (run.trainer, run.state, run.evaluation) == (trainer, state, evaluation)
    assert (run.generation, len(run.history)) == (1, 2)
    assert run.apply() is Effect.NOTHING
    assert run.step(5) == ""
    assert run.state.step == 25
    look(run)


def test_a_choice_after_a_refused_one_is_taken():
    run = Run(Settings(dataset="plane"))
    run.settings.update({"loss": "hinge"})
    with pytest.raises(ValueError, match=one_sentence("hinge")):
        run.apply()
    run.settings.update({"loss": "squared_error"})
    assert run.apply() is Effect.RETUNE
    assert run.trainer.config.loss == "squared_error"


def test_an_average_is_what_is_evaluated():
    run = trained()
    run.settings.update({"averaging": "checkpoints", "averaging_checkpoints_every": 1})
    run.apply()
    run.step(20)
    plain = trained(70)
    assert_same(run.state.params, plain.state.params)
    assert run.evaluation.train_loss != plain.evaluation.train_loss
    assert not np.array_equal(look(run).boundary, look(plain).boundary)


def test_nothing_changed_is_nothing_to_do():
    run = trained()
    run.settings.update({"learning_rate": 0.03, "hidden": [4, 2]})
    assert run.apply() is Effect.NOTHING


@pytest.mark.parametrize("values", [{"show_test": True}, {"dark": True}, {"discretize": True}, {"view": "train"}])
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


@pytest.mark.parametrize("values", [{"optimizer": "bfgs"}, {"hidden": [3]}, {"learning_rate": 1}], ids=str)
def test_what_a_step_costs_is_unknown_after_a_change(values):
    run = trained()
    assert 0 < run.cost.step < 1
    run.settings.update(values)
    run.apply()
    assert run.cost.step == math.inf
    run.step(1)
    assert 0 < run.cost.step < 1


def test_steps_and_evaluations_are_timed_apart():
    ticks = iter([0, 1, 3])
    run = Run(Settings(), clock=lambda: next(ticks))
    run.step(1)
    assert (run.cost.step, run.cost.evaluation) == (1, pytest.approx(0.4))


def test_what_is_slow_to_evaluate_is_evaluated_once_a_turn():
    run = Run(Settings())
    run.step(3)
    run.cost.evaluation = 0.1
    run.step(3)
    assert run.history.columns()["step"].tolist() == [0, 1, 2, 3, 6]


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
    assert run.state.params[position(run.trainer.network, kind, *place)] == 1.25
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
    plain = look(run)
    run.focus("unit", *unit, 0)
    code, layer, i, _, value = run.focused()
    assert (code, layer, i) == (1, *unit)
    if unit.layer == 0:
        assert math.isnan(value)
    else:
        assert value == run.state.params[position(run.trainer.network, "bias", *unit, 0)]
    assert np.array_equal(look(run).boundary, plain.boundary) == (unit == Unit(3, 0))
    run.focus("none", 0, 0, 0)
    assert_same(look(run).boundary, plain.boundary)


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
    look(run)


def test_a_running_network_keeps_what_is_looked_at():
    run = trained()
    run.focus("link", 1, 0, 0)
    run.settings.update({"learning_rate": 0.5})
    run.apply()
    assert run.focused()[0] == 2


# The activation of a layer


@pytest.mark.parametrize("layer", [1, 2])
def test_a_watched_layer_shows_its_activation(layer):
    run = Run(Settings(activation=["elu", "swish"], activation_params=[{"alpha": 2}, {"beta": 0.5}]))
    assert look(run).curve is None
    run.watch(layer)
    curve = look(run).curve
    z = np.linspace(curve.low, curve.high, len(curve.f))
    expected = np.where(z > 0, z, 2 * np.expm1(np.minimum(z, 0))) if layer == 1 else z / (1 + np.exp(-0.5 * z))
    assert curve.layer == layer
    np.testing.assert_allclose(curve.f, expected, atol=1e-6 * np.abs(expected).max())  # it is float32
    assert curve.heights.max() == 255
    run.watch(0)
    assert look(run).curve is None


@pytest.mark.parametrize("layer", [3, -1, 99])
def test_there_is_no_such_layer_to_watch(layer):
    run = Run(Settings())
    run.watch(2)
    with pytest.raises(ValueError, match=one_sentence("2 hidden layers", f"not layer {layer}")):
        run.watch(layer)
    assert look(run).curve.layer == 2


def test_a_watched_layer_is_forgotten_with_the_network():
    run = Run(Settings(hidden=[4, 4, 4]))
    run.watch(3)
    run.settings.update({"hidden": [4, 4]})
    run.apply()
    assert look(run).curve is None
    run.settings.update({"hidden": []})
    run.apply()
    with pytest.raises(ValueError, match=one_sentence("0 hidden layers")):
        run.watch(1)


def test_a_running_network_keeps_what_is_watched():
    run = trained()
    run.watch(1)
    before = look(run).curve
    run.settings.update({"activation": ["relu", "tanh"]})
    assert run.apply() is Effect.RETUNE
    after = look(run).curve
    assert after.layer == 1
    assert before.f.min() < 0 == after.f.min()


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_every_activation_can_be_watched(name):
    run = Run(Settings(activation=name, initializer="zeros"))
    for _ in range(2):
        for layer in (1, 2):
            run.watch(layer)
            curve = look(run).curve
            assert curve.low < 0 < curve.high
            assert np.isfinite([*curve.f, *curve.df]).all()
        run.step(10)


# Checking the gradients


def test_a_check_is_told_group_by_group():
    run = trained(batch_norm=["before", "off"], activation=["prelu", "tanh"])
    before = run.state
    groups = run.check()
    assert json.loads(json.dumps(groups, allow_nan=False)) == groups
    assert [(group["layer"], group["group"], group["size"]) for group in groups] == [
        (1, "weights", 8),
        (1, "scale", 4),
        (1, "shift", 4),
        (1, "slopes", 4),
        (2, "weights", 8),
        (2, "biases", 2),
        (3, "weights", 2),
        (3, "biases", 1),
    ]
    for group in groups:
        assert group["checked"] == group["size"]
        assert group["kinks"] == 0
        assert 0 <= group["worst"] < 1e-6
        assert group["verdict"] == "right"
    assert run.state is before


def test_of_a_large_network_fewer_numbers_are_checked():
    small, large = (Run(Settings(hidden=hidden, samples=50)).check() for hidden in ([8, 8], [64] * 8))
    assert max(group["checked"] for group in small) == 48
    assert {group["checked"] for group in large if group["size"] > 64} == {48}
    ((huge, *_),) = [Run(Settings(hidden=[64] * 50, samples=50, batch_size=5)).check()]
    assert huge["checked"] == 9


def test_a_gradient_that_is_no_number_is_wrong_and_can_be_told(monkeypatch):
    found = [GroupCheck(1, "weights", 8, 8, 0, value, 0, 1.0, 1.0) for value in (math.nan, math.inf, 1e-2, 1e-4, 1e-9)]
    monkeypatch.setattr("playground.network_page.training_run.check", lambda *arguments: found)
    groups = Run(Settings()).check()
    json.dumps(groups, allow_nan=False)
    assert [(group["worst"], group["verdict"]) for group in groups] == [
        (None, "wrong"),
        (None, "wrong"),
        (1e-2, "wrong"),
        (1e-4, "doubtful"),
        (1e-9, "right"),
    ]


# Memory


def test_what_is_remembered_of_a_run_is_bounded():
    run = Watched(Run(Settings(hidden=[2], samples=50, layer_detail=1, picture="landscape", landscape_every=0)))

    def records():
        return {"history": run.history, "path": run._path, "distributions": run.memory.distributions}

    most = dict.fromkeys(records(), 0)
    for _ in range(700):
        run.step(1)
        run.parts(blank=False, still=False)
        for name, record in records().items():
            most[name] = max(most[name], len(record))
    for name, record in records().items():
        assert record.capacity / 3 < most[name] <= record.capacity
        assert record.steps[-1] >= 699
    run.step(1000)
    run.parts(blank=False, still=True)
    assert run.history.steps[0] == run._path.steps[0] == 0
    assert run.history.steps[-1] == run._path.steps[-1] == run.memory.distributions.steps[-1] == 1700


def test_the_path_of_a_large_network_is_short():
    run = Run(Settings(hidden=[64] * 50, samples=50, batch_size=5))
    for step in range(1, 40):
        run._path.record(replace(run.state, step=step))
    kept = run._path
    assert len(kept) <= kept.capacity == 8
    assert kept.steps[-1] == 39


# How the network is used for the pictures

MASKED = {"dropout": 0.5}
NORMED = {"batch_norm": "before"}


@pytest.mark.parametrize(("values", "view", "differs"), [
    ({}, "batch", False), ({}, "train", False), (MASKED, "batch", False), (MASKED, "train", True),
    ({"drop_connect": 0.5}, "batch", False), ({"drop_connect": 0.5}, "train", True), (NORMED, "batch", True),
    (NORMED, "train", True), ({"batch_norm": "after"}, "batch", True), ({**MASKED, **NORMED}, "train", True),
], ids=str)  # fmt: skip
def test_a_view_changes_the_pictures_and_not_the_training(values, view, differs):
    run, other = (trained(**values) for _ in range(2))
    before, plain = run.state, look(run)
    run.settings.update({"view": view})
    assert run.apply() is Effect.REDRAW
    seen = look(run)
    assert np.array_equal(seen.boundary, plain.boundary) != differs
    assert np.array_equal(seen.maps, plain.maps) != differs
    assert_same(seen.heights, plain.heights)
    assert run.state is before
    run.step(20)
    other.step(20)
    assert_same_state(run.state, other.state)
    run.settings.update({"view": "evaluate"})
    run.apply()
    assert_same(look(run).boundary, look(other).boundary)


# Remarks


@pytest.mark.parametrize(("values", "parts"), [
    ({}, []), ({"optimizer": "lbfgs"}, ["L-BFGS", "mini-batches of 10"]),
    ({"optimizer": "lbfgs", "batch_size": 5000}, []), ({"optimizer": "bfgs"}, ["BFGS", "mini-batches of 10"]),
    ({"activation": ["tanh", "step"]}, ["step function", "neither its layer nor any before it learns"]),
    ({"loss": "perceptron"}, ["perceptron rule", "single unit"]), ({"loss": "adaline"}, ["ADALINE", "single unit"]),
    ({"loss": "perceptron", "hidden": []}, []), ({"optimizer": "newton", "batch_size": 5000}, []),
], ids=str)  # fmt: skip
def test_a_scene_remarks_on_choices_that_may_surprise(values, parts):
    remark = Run(Settings(**values)).scene()[0]["remark"]
    assert bool(remark) == bool(parts)
    assert all(part in remark for part in parts)
    assert remark == "" or remark.endswith(".")


def test_a_remark_comes_and_goes_with_its_choice():
    run = Run(Settings())
    for values, there in ({"optimizer": "lbfgs"}, True), ({"batch_size": 5000}, False), ({"batch_size": 5}, True):
        run.settings.update(values)
        run.apply()
        assert bool(run.scene()[0]["remark"]) == there


# The end of training

ENDING = {"stopping": "epochs", "stopping_params": {"n": 2}}
"""After 2 epochs of 25 steps."""


@pytest.mark.parametrize("chunk", [1, 3, 4, 7, 1000])
def test_training_ends_when_the_criterion_is_met(chunk):
    run = Run(Settings(**ENDING))
    while not run.stopped:
        assert run.step(chunk) == ""
    assert (run.state.step, run.state.epoch) == (50, 2)
    assert run.stopped == "Training stopped after epoch 2: the number of epochs is reached. Play goes on."
    assert run.step(10) == ""
    assert run.state.step == 50
    assert run.history.columns()["step"][-1] == 50


def test_training_goes_on_when_it_is_told_to():
    run = Run(Settings(**ENDING))
    run.resume()
    run.step(50)
    run.resume()
    assert run.stopped == ""
    run.step(1000)
    assert run.state.step == 100
    assert_same(run.state.params, Run(Settings()).trainer.run(Run(Settings()).state, 100).params)


def test_training_that_ended_can_start_again_and_be_told_to_end_otherwise():
    run = Run(Settings(**ENDING))
    run.step(50)
    run.start()
    assert run.stopped == ""
    run.step(50)
    assert run.stopped
    run.settings.update({"stopping": "never"})
    run.apply()
    assert run.stopped == ""
    run.step(50)
    assert run.state.step == 100


@pytest.mark.parametrize(("name", "hyperparameters", "reason"), [
    ("target_loss", {"target": 0.6}, "the training loss has reached the target"),
    ("parameter_change", {"goal": 1}, "no parameter changed by as much as the goal in an epoch"),
    ("no_improvement", {"patience": 1, "margin": 1}, "the test loss has not fallen"),
    ("back_to_best", {"patience": 1, "margin": 1}, "as it was at step 25."),
])  # fmt: skip
def test_every_criterion_says_why(name, hyperparameters, reason):
    run = Run(Settings(optimizer="adam", stopping=name, stopping_params=hyperparameters))
    run.step(5000)
    assert reason in run.stopped
    assert run.state.step < 5000
    if name == "target_loss":
        assert run.evaluation.train_loss <= 0.6


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
