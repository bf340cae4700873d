"""The session and what it is asked for: settings, experiments, editing, and what does not fit."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from fakes import SessionHarness
from helpers import assert_same, assert_same_state, one_sentence, pairwise
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from engine import CLIPPINGS, DATASETS, DIRECTIONS, EXPERIMENTS, LOSSES, OPTIMIZERS
from engine.look import QUANTITIES, VIEWS
from playground.network_page.commands import COMMANDS
from playground.network_page.pictures import AXES, PICTURES
from playground.network_page.sections import Section
from playground.network_page.settings import Settings
from playground.runtime.flow_control import WINDOW
from playground.runtime.frame import Status

# Experiments, landscape, gradients

EXPERIMENT = next(iter(EXPERIMENTS))


@pytest.fixture
def prepared(monkeypatch):
    """What the first experiment chooses is the test's own."""
    choices = {}
    entry = SimpleNamespace(choices=choices)
    monkeypatch.setattr("playground.network_page.settings.EXPERIMENTS", {EXPERIMENT: entry})
    return choices


@pytest.mark.parametrize("choices", [
    {"hidden": [3]}, {"learning_rate": 1}, {"dataset": "xor", "optimizer": "adam"}, {}
], ids=str)  # fmt: skip
def test_an_experiment_begins_at_the_beginning(prepared, choices):
    prepared.update(choices)
    harness = SessionHarness(speed=1000).opened()
    harness.tell("play")
    harness.pass_time(0.2)
    scenes = len(harness.screen.scenes)
    harness.tell("open", name=EXPERIMENT)
    assert (harness.step, harness.session.status) == (0, Status.PAUSED)
    assert harness.settings.values().items() >= {**choices, "experiment": EXPERIMENT}.items()
    assert len(harness.screen.scenes) == scenes + 1
    assert harness.screen.scenes[-1][0]["settings"]["experiment"] == EXPERIMENT
    picture = harness.settle()
    assert (picture.step, picture.generation) == (0, harness.screen.scenes[-1][0]["generation"])
    assert picture.losses["step"].tolist() == [0]
    harness.session._turn()
    assert len(harness.screen.scenes) == scenes + 1, "the changes are not announced again"
    first = SessionHarness(**choices, experiment=EXPERIMENT)
    assert_same_state(harness.run.state, first.run.state)


def test_an_experiment_that_is_on_can_be_begun_again(prepared):
    harness = SessionHarness(speed=1000).opened()
    for _ in range(2):
        harness.tell("open", name=EXPERIMENT)
        harness.tell("play")
        harness.pass_time(0.2)
        assert 0 < harness.step < 300
    assert harness.screen.notices == []


def test_an_experiment_can_be_opened_before_the_page_is_there(prepared):
    prepared["hidden"] = [3]
    harness = SessionHarness()
    harness.session.post({"type": "open", "name": EXPERIMENT})
    harness.tell("ready", restore={})
    assert {tuple(scene["settings"]["hidden"]) for scene, _ in harness.screen.scenes} == {(3,)}
    assert harness.picture.generation == harness.screen.scenes[-1][0]["generation"]


def test_an_unknown_experiment_is_one_sentence_and_no_change():
    harness = SessionHarness(speed=100).opened()
    harness.tell("play")
    harness.pass_time(0.5)
    before = harness.settings.values()
    harness.tell("open", name="nonsense")
    harness.pass_time(0.5)
    ((level, sentence),) = harness.screen.notices
    assert level == "error"
    with pytest.raises(ValueError, match=one_sentence("experiment", EXPERIMENTS[EXPERIMENT].label, "not 'nonsense'")):
        raise ValueError(sentence)
    assert harness.settings.values() == before
    assert (harness.step, harness.session.status) == (pytest.approx(100, abs=5), Status.PLAYING)
    assert len(harness.screen.scenes) == 1


def test_the_landscape_is_drawn_when_it_is_asked_for():
    harness = SessionHarness(picture="landscape", landscape_every=0, speed=100).opened()
    drawn_at = [harness.picture.parts[Section.LANDSCAPE_VIEW][9]]
    harness.tell("play")
    harness.pass_time(0.5)
    drawn_at.append(harness.picture.parts[Section.LANDSCAPE_VIEW][9])
    harness.tell("pause")
    harness.settle()
    harness.tell("redraw_landscape")
    drawn_at.append(harness.settle().parts[Section.LANDSCAPE_VIEW][9])
    assert drawn_at == [0, 0, harness.step]
    assert harness.picture.parts[Section.LANDSCAPE_VIEW][8] == 0
    assert harness.run.state.step > 0


def test_gradients_are_checked_when_it_is_asked_for():
    harness = SessionHarness(batch_norm=["before", "off"], activation=["prelu", "tanh"], speed=100).opened()
    harness.tell("step")
    state, pictures = harness.run.state, len(harness.screen.pictures)
    harness.tell("check")
    (groups,) = harness.screen.checks
    assert json.loads(json.dumps(groups, allow_nan=False)) == groups
    assert {group["verdict"] for group in groups} == {"right"}
    assert {(group["layer"], group["group"]) for group in groups} >= {
        (1, "weights"),
        (1, "scale"),
        (1, "shift"),
        (1, "slopes"),
        (2, "weights"),
        (2, "biases"),
        (3, "biases"),
    }
    assert harness.run.state is state
    assert len(harness.screen.pictures) == pictures
    harness.tell("play")
    harness.pass_time(0.2)
    harness.tell("check")
    assert len(harness.screen.checks) == 2
    assert harness.session.status == Status.PLAYING


def test_a_check_of_the_network_before_is_not_made_of_the_next():
    harness = SessionHarness().opened()
    before = harness.picture.generation
    harness.settings.update({"seed": 5})
    harness.tell("check", generation=before)
    assert harness.screen.checks == harness.screen.notices == []
    harness.tell("check", generation=harness.settle().generation)
    assert len(harness.screen.checks) == 1


# Settings


@pytest.mark.parametrize(
    "values",
    [
        {"learning_rate": 1},
        {"regularization": "l2", "regularization_rate": 0.1},
        {"dropout": [0.5, 0.5]},
        {"batch_size": 50},
        {"optimizer": "sgd"},
        {"optimizer_adam_beta1": 0.5},
        {"activation": ["relu", "relu"]},
        {"loss": "squared_error"},
        {"speed": 10},
        {"show_test": True},
        {"view": "train"},
        {"schedule": "cosine"},
        {"clipping": "norm"},
        {"averaging": "exponential"},
        {"drop_connect": [0.5, 0.5]},
        {"activation_params": [{"alpha": 2}, {}]},
    ],
    ids=str,
)
def test_settings_apply_to_the_running_network(values):
    harness = SessionHarness(speed=500, optimizer="adam").opened()
    harness.tell("play")
    harness.pass_time(0.2)
    before, scenes = harness.run.state, len(harness.screen.scenes)
    harness.settings.update(values)
    harness.tell("pause")
    assert_same(harness.run.state.params, before.params)
    assert harness.step == before.step
    assert len(harness.screen.scenes) == scenes + 1
    scene = harness.screen.scenes[-1][0]
    assert scene["settings"].items() >= values.items()
    assert scene["generation"] == harness.settle().generation == harness.screen.scenes[0][0]["generation"]
    harness.tell("play")
    harness.pass_time(0.2)
    assert harness.step > before.step
    assert harness.picture.status == Status.PLAYING


@pytest.mark.parametrize(
    "values", [{"dataset": "spiral"}, {"hidden": [8, 8, 8]}, {"features": ["x1"]}, {"seed": 3}], ids=str
)
@pytest.mark.parametrize("playing", [False, True])
def test_what_rebuilds_starts_at_step_nought_and_goes_on_as_before(values, playing):
    harness = SessionHarness(speed=100).opened()
    harness.tell("play")
    harness.pass_time(0.3)
    if not playing:
        harness.tell("pause")
    pictures = len(harness.screen.pictures)
    harness.settings.update(values)
    harness.pass_time(0.5)
    assert len(harness.screen.scenes) == 2
    assert {picture.generation for picture in harness.screen.pictures[pictures:]} == {
        harness.screen.scenes[1][0]["generation"]
    }
    assert harness.step == pytest.approx(50 if playing else 0, abs=5)
    assert harness.picture.status == (Status.PLAYING if playing else Status.PAUSED)
    charts = [picture.losses["step"] for picture in harness.screen.charts]
    assert charts[-1][0] == 0


def test_many_changes_at_once_are_one_scene():
    harness = SessionHarness().opened()
    harness.settings.update({"hidden": [8, 8, 8], "activation": "relu", "dataset": "xor", "optimizer_adam_beta1": 0.5})
    harness.session._turn()
    assert len(harness.screen.scenes) == 2


def test_a_page_may_set_what_it_shows():
    harness = SessionHarness().opened()
    harness.tell("set", values={"hidden": [3], "dataset": "xor"})
    assert harness.settings.config().hidden == (3,)
    assert harness.screen.scenes[-1][0]["settings"]["dataset"] == "xor"
    assert harness.screen.notices == []


@pytest.mark.parametrize(("values", "parts"), [
    ({"learning_rate": 11}, ["Learning rate", "1e-06 and 10", "not 11"]),
    ({"dataset": "xor", "hidden": [99]}, ["Hidden layers", "1 and 64", "not 99"]),
    ({"colour": "red"}, ["'colour'"]),
    ({"optimizer": "best"}, ["optimizer", "SGD", "not 'best'"]),
], ids=str)  # fmt: skip
def test_a_refused_setting_is_one_sentence_and_no_change(values, parts):
    harness = SessionHarness().opened()
    before = harness.settings.values()
    harness.tell("set", values=values)
    ((level, sentence),) = harness.screen.notices
    assert level == "error"
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        raise ValueError(sentence)
    assert harness.settings.values() == before
    assert len(harness.screen.scenes) == 1


TOGETHER = {"dataset": "plane"}, {"loss": "hinge"}, ["Loss", "made for values", "not hinge"]
REFUSED = {
    "hinge": TOGETHER,
    "Newton": ({"hidden": [32, 32]}, {"optimizer": "newton", "learning_rate": 1}, ["newton", "parameters"]),
    "batches of 1": ({"batch_norm": "before"}, {"batch_size": 1}, ["Batch size", "2 or more", "not 1"]),
    "clipping": ({"optimizer": "lbfgs"}, {"clipping": "value"}, ["clipping must be none", "lbfgs"]),
}


@pytest.mark.parametrize(("name", "way", "playing"), pairwise(REFUSED, ["a widget", "the page"], [False, True]))
def test_choices_that_do_not_go_together_are_one_sentence_and_no_change(name, way, playing):
    values, change, parts = REFUSED[name]
    harness = SessionHarness(speed=100, **values).opened()
    if playing:
        harness.tell("play")
        harness.pass_time(0.5)
    kept, scene, step = harness.settings.values(), harness.screen.scenes[-1], harness.step
    if way == "a widget":
        harness.settings.update(change)
        harness.session._turn()
    else:
        harness.tell("set", id=1, values=change)
    harness.pass_time(0.5)
    ((level, sentence),) = harness.screen.notices
    assert level == "error"
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        raise ValueError(sentence)
    assert harness.settings.values() == kept
    assert harness.screen.scenes[-1] == scene
    assert harness.step == pytest.approx(step + 50, abs=5) if playing else harness.step == step
    assert harness.picture.status == (Status.PLAYING if playing else Status.PAUSED)


@pytest.mark.parametrize("act", [
    {"type": "play"}, {"type": "reset"}, {"type": "set", "values": {"noise": 5}}, {"type": "choose"},
], ids=lambda act: act["type"])  # fmt: skip
def test_the_sentence_stays_until_something_else_is_done(act):
    harness = SessionHarness(dataset="plane").opened()
    harness.settings.update({"loss": "hinge"})
    harness.pass_time(1)
    for looking in ({"type": "watch", "layer": 1}, {"type": "focus", "kind": "none"}):
        harness.session.post(looking)
    harness.pass_time(1)
    assert [level for level, _ in harness.screen.notices] == ["error"]
    if act["type"] == "choose":
        harness.settings.update({"noise": 5})
    else:
        harness.session.post(act)
    harness.pass_time(1)
    assert harness.screen.notices[1:] == [("info", "")]


def test_a_refused_choice_can_be_followed_by_the_next():
    harness = SessionHarness(dataset="plane").opened()
    harness.settings.update({"loss": "hinge"})
    harness.pass_time(0.1)
    harness.settings.update({"dataset": "circle"})
    harness.pass_time(0.1)
    harness.settings.update({"loss": "hinge"})
    harness.pass_time(0.1)
    assert harness.screen.scenes[-1][0]["settings"].items() >= {"dataset": "circle", "loss": "hinge"}.items()
    assert [level for level, _ in harness.screen.notices] == ["error", "info"]


def test_choices_restored_that_do_not_go_together_do_not_cost_the_page():
    harness = SessionHarness()
    harness.tell("ready", restore=json.loads(json.dumps({**Settings().values(), "loss": "hinge", "dataset": "plane"})))
    assert harness.settings.values() == Settings().values()
    assert harness.screen.scenes[-1][0]["settings"] == Settings().values()
    assert "not hinge" in harness.screen.notices[0][1]
    assert harness.picture.generation == harness.screen.scenes[-1][0]["generation"]


def test_new_choices_come_back_with_a_page():
    kept = Settings(
        activation=["elu", "maxout"],
        activation_params=[{"alpha": 2}, {"k": 3}],
        batch_norm=["off", "after"],
        drop_connect=0.1,
        optimizer="adam",
        optimizer_params={"beta1": 0.5},
        stopping="target_loss",
        view="train",
        preprocessing="whitening",
        shuffle=False,
    ).values()
    harness = SessionHarness()
    harness.tell("ready", restore=json.loads(json.dumps(kept)))
    assert harness.settings.values() == kept
    assert harness.screen.notices == []
    assert [layer.get("activation_label") for layer in harness.screen.scenes[-1][0]["layers"]] == [
        None,
        "ELU",
        "Maxout",
        None,
    ]
    harness.acknowledge()
    harness.tell("step")
    assert harness.settle().step == 1


# Editing and looking


def test_a_weight_set_by_hand_is_shown():
    harness = SessionHarness().opened()
    harness.tell("focus", kind="link", layer=1, i=1, j=2)
    harness.settle()
    harness.tell("edit", kind="link", layer=1, i=1, j=2, value=2.5)
    kind, *place, value = harness.settle().parts[Section.FOCUS].tolist()
    assert (kind, place, value) == (2, [1, 1, 2], 2.5)
    assert harness.picture.parts[Section.WEIGHTS][1 * 4 + 2] > 90


def test_a_unit_is_shown_large():
    harness = SessionHarness().opened()
    plain = harness.picture.parts[Section.BOUNDARY]
    harness.tell("focus", kind="unit", layer=0, i=0)
    assert not np.array_equal(harness.settle().parts[Section.BOUNDARY], plain)
    harness.tell("focus", kind="none")
    assert np.array_equal(harness.settle().parts[Section.BOUNDARY], plain)


def test_a_watched_layer_is_in_the_pictures_until_nobody_watches():
    harness = SessionHarness(activation="relu", speed=1000).opened()
    harness.tell("watch", layer=2)
    assert harness.settle().parts[Section.CURVE][0] == 2
    harness.tell("play")
    harness.pass_time(0.5)
    assert harness.picture.parts[Section.CURVE][0] == 2
    harness.tell("watch", layer=0)
    assert Section.CURVE not in harness.settle().parts


def test_a_watched_layer_is_forgotten_with_the_network():
    harness = SessionHarness().opened()
    harness.tell("watch", layer=2)
    before = harness.settle().generation
    harness.settings.update({"hidden": [4]})
    assert Section.CURVE not in harness.settle().parts
    # A page that has not heard of the new network yet.
    harness.tell("watch", layer=2, generation=before)
    assert Section.CURVE not in harness.settle().parts
    assert harness.screen.notices == []
    harness.tell("watch", layer=1, generation=harness.picture.generation)
    assert harness.settle().parts[Section.CURVE][0] == 1


def test_another_view_is_another_picture_of_the_same_training():
    harness = SessionHarness(dropout=0.5, batch_norm="before").opened()
    harness.tell("step")
    plain, state = harness.settle().parts[Section.BOUNDARY], harness.run.state
    seen = []
    for view in ("batch", "train"):
        harness.tell("set", values={"view": view})
        seen.append(harness.settle().parts[Section.BOUNDARY])
    assert not np.array_equal(plain, seen[0])
    assert not np.array_equal(seen[0], seen[1])
    assert harness.run.state is state
    assert harness.picture.generation == 1
    harness.tell("set", values={"view": "evaluate"})
    assert np.array_equal(harness.settle().parts[Section.BOUNDARY], plain)


# What does not fit

MESSAGES = [
    None,
    5,
    "play",
    [],
    ["type"],
    {},
    {"type": None},
    {"type": []},
    {"type": {}},
    {"type": "nonsense"},
    {"type": "_turn"},
    {"type": "ack"},
    {"type": "ack", "seq": None},
    {"type": "ack", "seq": "x"},
    {"type": "ack", "seq": []},
    {"type": "ack", "seq": float("nan")},
    {"type": "ack", "seq": float("inf")},
    {"type": "ack", "seq": -5},
    {"type": "set"},
    {"type": "set", "values": None},
    {"type": "set", "values": 5},
    {"type": "set", "values": "ab"},
    {"type": "set", "values": [1]},
    {"type": "set", "values": {"hidden": "x"}},
    {"type": "set", "values": {"optimizer_params": 5}},
    {"type": "set", "values": {"hidden": [[4, 2]]}},
    {"type": "set", "values": {"learning_rate": [0.1]}},
    {"type": "set", "values": {"samples": [100]}},
    {"type": "set", "values": {"seed": 10**400}},
    {"type": "set", "values": {"name": "x"}},
    {"type": "edit"},
    {"type": "edit", "kind": "link"},
    {"type": "edit", "kind": "link", "layer": 1, "value": None},
    {"type": "edit", "kind": "link", "layer": 1, "value": "1"},
    {"type": "edit", "kind": "link", "layer": 1, "value": [1]},
    {"type": "edit", "kind": "link", "layer": 1, "value": []},
    {"type": "edit", "kind": "link", "layer": 99, "value": 1},
    {"type": "edit", "kind": "link", "layer": "x", "value": 1},
    {"type": "edit", "kind": "bias", "layer": 1, "value": 10**400},
    {"type": "edit", "kind": "bias", "layer": float("inf"), "value": 1},
    {"type": "focus"},
    {"type": "focus", "kind": "colour"},
    {"type": "focus", "kind": []},
    {"type": "focus", "kind": "none", "layer": 99, "i": 99},
    {"type": "focus", "kind": "unit", "layer": 1, "i": 10**30},
    {"type": "focus", "kind": "unit", "layer": {}, "i": 0},
    {"type": "watch"},
    {"type": "watch", "layer": 3},
    {"type": "watch", "layer": -1},
    {"type": "watch", "layer": "x"},
    {"type": "watch", "layer": 1.5},
    {"type": "watch", "layer": [1]},
    {"type": "watch", "layer": 10**30},
    {"type": "set", "values": {"activation_params": 5}},
    {"type": "set", "values": {"activation_params": [[], []]}},
    {"type": "set", "values": {"activation_params": [{"alpha": 1e99}, {}]}},
    {"type": "set", "values": {"activation_params": [{"alpha": None}, {}]}},
    {"type": "set", "values": {"batch_norm": ["both", "off"]}},
    {"type": "set", "values": {"batch_norm": {}}},
    {"type": "set", "values": {"view": []}},
    {"type": "set", "values": {"stopping_epochs_n": 1.5}},
    {"type": "set", "values": {"loss": "hinge", "dataset": "plane"}},
    {"type": "open"},
    {"type": "open", "name": None},
    {"type": "open", "name": "none"},
    {"type": "open", "name": 5},
    {"type": "open", "name": ["none"]},
    {"type": "open", "name": {}},
    {"type": "open", "name": "x" * 10_000},
    {"type": "redraw_landscape", "layer": [], "generation": {}},
    {"type": "redraw_landscape", "layer": []},
    {"type": "check", "layer": {}},
    {"type": "check", "most": 10**30},
    {"type": "changed", "values": 5},
    {"type": "set", "values": {"layer_detail": 52}},
    {"type": "set", "values": {"layer_detail": -1}},
    {"type": "set", "values": {"layer_detail": 1.5}},
    {"type": "set", "values": {"layer_detail": [1]}},
    {"type": "set", "values": {"picture": 5}},
    {"type": "set", "values": {"picture": ["hidden"]}},
    {"type": "set", "values": {"hidden_layer": 51}},
    {"type": "set", "values": {"hidden_units": [0, 1]}},
    {"type": "set", "values": {"hidden_units": "12"}},
    {"type": "set", "values": {"landscape_every": -1}},
    {"type": "set", "values": {"landscape_every": 1e300}},
    {"type": "set", "values": {"directions": {}}},
    {"type": "set", "values": {"upper": None}},
    {"type": "set", "values": {"lower": "weights"}},
    {"type": "set", "values": {"log_counts": 1}},
    {"type": "set", "values": {"experiment": "nonsense"}},
    {"type": "set", "values": {"hidden": [64] * 51}},
    {"type": "set", "values": {"hidden": [65]}},
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: str(message)[:60])
def test_a_malformed_message_changes_nothing_and_is_answered_with_a_sentence_a_person_can_read(message, caplog):
    harness = SessionHarness().opened()
    settings, state = harness.settings.values(), harness.run.state
    harness.session.post(message)
    harness.session._turn()
    for level, sentence in harness.screen.notices:
        assert level == "error"
        assert sentence.endswith(".")
        assert "\n" not in sentence
        for jargon in ("literal", "float NaN", "array", "iterable", "object", "sequence", "convert"):
            assert jargon not in sentence
    harness.session.post({"type": "step"})
    harness.session._turn()
    assert harness.settings.values() == settings
    assert_same_state(harness.run.state, harness.run.trainer.step(state))
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR", "CRITICAL")] == []


def test_a_long_value_is_not_sent_back_whole():
    harness = SessionHarness().opened()
    harness.tell("set", values={"dataset": "x" * 100_000})
    ((_, sentence),) = harness.screen.notices
    assert len(sentence) < 1000


TYPES = [*COMMANDS, "nonsense"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 40) | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)
kinds = st.sampled_from(["none", "unit", "link", "bias"]) | json_values
values = st.dictionaries(st.sampled_from([*Settings().values(), "optimizer_params", "x"]), json_values, max_size=3)
choices = {
    "loss": LOSSES,
    "dataset": DATASETS,
    "optimizer": OPTIMIZERS,
    "clipping": CLIPPINGS,
    "view": VIEWS,
    "picture": PICTURES,
    "upper": QUANTITIES,
    "hidden_axes": AXES,
    "directions": DIRECTIONS,
    "layer_detail": [0, 1, 2, 51],
}
together = st.fixed_dictionaries({}, optional={name: st.sampled_from([*names]) for name, names in choices.items()})
fields = st.fixed_dictionaries(
    {"type": st.sampled_from([*TYPES, "set", "set", "ready"])},
    optional={
        "seq": json_values,
        "kind": kinds,
        "layer": json_values,
        "i": json_values,
        "j": json_values,
        "value": json_values,
        "values": values | together | json_values,
        "restore": values | json_values,
        "dark": json_values,
        "name": json_values,
        "generation": st.integers(0, 3) | json_values,
    },
)


@examples(max_examples=60)
@given(st.lists(fields | json_values, max_size=12))
def test_no_message_raises_or_leaves_the_bounds(messages):
    harness = SessionHarness(hidden=[2], samples=50, speed=10)
    harness.tell("ready")
    for message in messages:
        kind = message.get("type") if isinstance(message, dict) else None
        settings, state, status = harness.settings.values(), harness.run.state, harness.session.status
        harness.session.post(message)
        harness.session._turn()
        if harness.settings.values() != settings:
            assert kind in ("set", "ready")
            Settings(**harness.settings.values()).config()
        if kind not in ("set", "ready", "play", "step", "reset", "edit") and status != Status.PLAYING:
            assert harness.run.state is state
        if kind not in ("play", "pause", "step", "reset"):
            assert harness.session.status == status
        assert harness.run.state.finite
        assert len(harness.session._sender.under_way) <= WINDOW
