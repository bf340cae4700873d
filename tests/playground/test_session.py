"""The clock, mostly with a fake screen and seconds that pass only when told; at the end alive, in real time."""

import asyncio
import contextlib
import gc
import json
import math
import threading
import time
import weakref
from types import SimpleNamespace

import numpy as np
import pytest
from fakes import Desk, FakeScreen
from helpers import assert_same, assert_same_state, one_sentence
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from engine import CLIPPINGS, DATASETS, DIRECTIONS, EXPERIMENTS, LOSSES, OPTIMIZERS
from engine.look import QUANTITIES, VIEWS
from playground.choices import FULL_SPEED
from playground.commands import COMMANDS
from playground.flow_control import PATIENCE, WINDOW
from playground.frame import Section, Status
from playground.pictures import AXES, PICTURES
from playground.scheduler import FRAME, SLICE, Scheduler
from playground.sender import CHART_PERIOD, LAYER_DETAIL_PERIOD
from playground.session import Session
from playground.settings import Settings

PICTURE = {
    Section.BOUNDARY, Section.MAPS, Section.SILENCED, Section.WEIGHTS, Section.BIASES, Section.HISTOGRAMS,
    Section.RANGES, Section.SATURATION,
}  # fmt: skip
FIRST = {Section.FIRST_HISTOGRAMS, Section.FIRST_RANGES}
WILD = {
    "dataset": "plane", "activation": "relu", "loss": "squared_error", "learning_rate": 10, "hidden": [8, 8],
    "speed": FULL_SPEED,
}  # fmt: skip


# Before and at the first picture


@pytest.mark.parametrize("command", ["play", "step", "reset", "pause"])
def test_nothing_is_sent_to_a_page_that_is_not_ready(command):
    desk = Desk()
    desk.tell(command)
    desk.settings.update({"learning_rate": 1, "dark": True})
    desk.pass_time(2)
    assert desk.screen.pictures == desk.screen.scenes == []
    assert desk.step == (command == "step")


def test_a_ready_page_gets_the_scene_and_then_the_picture():
    desk = Desk(dataset="xor")
    desk.tell("ready")
    (scene, points), picture = desk.screen.scenes[0], desk.picture
    assert scene["settings"]["dataset"] == "xor"
    assert len(points) == 500 * 5
    assert scene["generation"] == picture.generation
    assert (picture.step, picture.status, picture.text) == (0, Status.PAUSED, "")
    assert set(picture.parts) == PICTURE | FIRST | {Section.SCALARS, Section.FOCUS, Section.TEXT}
    assert picture.losses["step"].tolist() == [0]
    assert len(desk.screen.pictures) == len(desk.screen.scenes) == 1


def test_a_resting_page_is_left_in_peace():
    desk = Desk().opened()
    assert desk.pass_time(100) is None
    assert len(desk.screen.pictures) == 1


def test_the_scalars_are_what_is_painted():
    desk = Desk(learning_rate=0.25).opened()
    desk.tell("step")
    seen = desk.run.evaluation
    assert desk.picture.parts[Section.SCALARS].tolist() == [1, 0, 0, *map(float, seen), 0, 0.25, 1]


def test_a_page_that_renders_again_is_told_all_again():
    desk = Desk(speed=60).opened()
    desk.tell("play")
    desk.pass_time(1, painting=False)
    before = len(desk.screen.pictures)
    desk.tell("ready")
    desk.pass_time(0.02, painting=False)
    assert len(desk.screen.scenes) == 2
    assert len(desk.screen.pictures) > before
    assert set(desk.screen.pictures[before].parts) >= PICTURE
    assert desk.screen.pictures[before].losses is not None
    assert desk.session.status == Status.PLAYING


def test_a_resting_page_that_renders_again_gets_its_chart_again():
    desk = Desk().opened()
    desk.tell("step")
    assert desk.settle().losses is not None
    desk.tell("ready")
    assert desk.settle().losses["step"].tolist() == [0, 1]


def test_a_page_that_comes_back_brings_its_settings():
    desk = Desk()
    kept = Settings(dataset="moons", hidden=[3], learning_rate=0.1).values()
    desk.tell("ready", restore=json.loads(json.dumps(kept)), dark=True)
    assert desk.settings.values() == {**kept, "dark": False} or desk.settings.values() == {**kept, "dark": True}
    assert [scene["settings"]["dataset"] for scene, _ in desk.screen.scenes] == ["moons"]
    assert desk.picture.generation == desk.screen.scenes[-1][0]["generation"]


@pytest.mark.parametrize(
    "restore", [{"nonsense": 1}, {"learning_rate": 99}, {"hidden": [[1]]}, "junk", 5, [1]], ids=repr
)
def test_settings_that_cannot_be_restored_do_not_cost_the_page(restore):
    desk = Desk()
    desk.tell("ready", restore=restore)
    assert len(desk.screen.scenes) == 1
    assert desk.picture.generation == desk.screen.scenes[0][0]["generation"]
    assert desk.settings.values() == Settings().values()
    assert desk.screen.notices


def test_a_page_can_open_dark():
    desk = Desk()
    desk.tell("ready", dark=True)
    assert desk.screen.scenes[0][0]["settings"]["dark"] is True


# FlowControl


@pytest.mark.parametrize("window", [1, WINDOW, 5])
def test_no_more_pictures_are_on_their_way_than_the_window(window):
    desk = Desk(window=window, speed=FULL_SPEED)
    desk.tell("ready")
    desk.tell("play")
    desk.pass_time(1, painting=False)
    assert [picture.sequence for picture in desk.screen.pictures] == list(range(1, window + 1))
    assert desk.step > desk.picture.step


@pytest.mark.parametrize(("acknowledged", "more"), [(0, 0), (1, 1), (2, 2), (3, 3), (10**12, 3)])
def test_acknowledging_frees_what_was_sent_up_to_there(acknowledged, more):
    desk = Desk(speed=FULL_SPEED)
    desk.tell("ready")
    desk.tell("play")
    desk.pass_time(0.5, painting=False)
    desk.tell("ack", seq=acknowledged)
    desk.pass_time(0.5, painting=False)
    assert len(desk.screen.pictures) == WINDOW + more
    steps = [picture.step for picture in desk.screen.pictures]
    assert steps == sorted(steps)


def test_a_slow_page_gets_the_newest_state_and_training_does_not_wait():
    desk = Desk(speed=300).opened()
    desk.tell("play")
    for _ in range(20):
        desk.pass_time(0.4, painting=False)
        desk.acknowledge()
        assert desk.picture.step == pytest.approx(desk.step, abs=10)
    assert desk.step == pytest.approx(20 * 0.4 * 300, rel=0.05)


def test_pictures_come_as_often_as_the_display_shows_them():
    desk = Desk(speed=FULL_SPEED, cost=5e-4).opened()
    desk.tell("play")
    desk.pass_time(0.5)
    before = len(desk.screen.pictures)
    desk.pass_time(3)
    assert len(desk.screen.pictures) - before == pytest.approx(3 / FRAME, abs=4)


def test_edits_and_glances_are_shown_no_more_often():
    desk = Desk().opened()
    for k in range(200):
        desk.tell("focus", kind="unit", layer=1, i=k % 4)
        desk.pass_time(0.005)
    assert len(desk.screen.pictures) == pytest.approx(1 + 1 / FRAME, abs=2)


# Nobody looks


@pytest.mark.parametrize("speed", [10, 1000, FULL_SPEED])
def test_without_acknowledgement_training_pauses(speed):
    desk = Desk(speed=speed).opened()
    desk.tell("play")
    desk.pass_time(1)
    desk.pass_time(0.9 * PATIENCE, painting=False)
    assert desk.session in desk.scheduler
    desk.pass_time(2 - 0.9 * PATIENCE, painting=False)
    left = desk.step
    assert desk.pass_time(100, painting=False) is None
    assert desk.step == left
    assert desk.session not in desk.scheduler
    assert desk.session.status == Status.PLAYING
    assert len(desk.session._sender.under_way) <= WINDOW
    assert not desk.session._inbox


def test_one_acknowledgement_and_it_goes_on():
    desk = Desk(speed=1000).opened()
    desk.tell("play")
    desk.pass_time(10, painting=False)
    left = desk.step
    desk.acknowledge()
    desk.pass_time(1)
    # What was missed is not made up for, but for a quarter of a second.
    assert 950 < desk.step - left < 1300
    assert desk.picture.status == Status.PLAYING


def test_a_page_that_does_not_paint_can_still_be_paused_and_reset():
    desk = Desk(speed=1000).opened()
    desk.tell("play")
    desk.pass_time(5, painting=False)
    desk.tell("reset")
    assert (desk.step, desk.session.status) == (0, Status.PAUSED)


# Transport


def test_play_and_pause():
    desk = Desk(speed=1000).opened()
    desk.tell("play")
    desk.pass_time(0.5)
    assert desk.picture.status == Status.PLAYING
    assert desk.picture.step > 0
    desk.tell("pause")
    paused = desk.step
    assert desk.settle().status == Status.PAUSED
    assert desk.picture.step == paused
    desk.pass_time(3)
    assert desk.step == paused
    desk.tell("play")
    desk.pass_time(0.1)
    assert paused < desk.step < paused + 150


@pytest.mark.parametrize("playing", [False, True])
def test_step_makes_exactly_one_step_and_pauses(playing):
    desk = Desk(speed=1000).opened()
    if playing:
        desk.tell("play")
        desk.pass_time(0.5)
    before = desk.step
    for k in range(1, 4):
        desk.tell("step")
        assert desk.step == before + k
        assert desk.settle().status == Status.PAUSED
        assert desk.picture.step == before + k
    desk.pass_time(2)
    assert desk.step == before + 3


@pytest.mark.parametrize("playing", [False, True])
def test_reset_goes_back_to_the_same_weights(playing):
    desk = Desk(speed=1000).opened()
    first = desk.run.state
    desk.tell("play")
    desk.pass_time(1)
    if not playing:
        desk.tell("pause")
    desk.tell("reset")
    assert_same_state(desk.run.state, first)
    assert (desk.settle().step, desk.picture.status) == (0, Status.PAUSED)
    assert desk.picture.losses["step"].tolist() == [0]
    assert len(desk.screen.scenes) == 1


def test_pressing_play_again_and_again_changes_nothing():
    desk = Desk(speed=10).opened()
    for _ in range(10):
        desk.tell("play")
        desk.pass_time(0.5)
    assert desk.step == pytest.approx(50, abs=11)
    assert desk.session.status == Status.PLAYING


# Speed


@pytest.mark.parametrize(
    ("speed", "seconds"), [(1, 10), (2, 10), (5, 8), (30, 5), (60, 5), (100, 5), (1000, 3), (3000, 1)]
)
def test_speed_is_steps_per_second(speed, seconds):
    desk = Desk(speed=speed, cost=5e-5).opened()
    desk.tell("play")
    desk.pass_time(seconds)
    assert desk.step == pytest.approx(speed * seconds, abs=max(1, 0.03 * speed * seconds))


def test_one_step_a_second_is_one_step_each_second():
    desk = Desk(speed=1).opened()
    desk.tell("play")
    desk.pass_time(5.5)
    times = [
        p.time
        for p, before in zip(desk.screen.pictures[1:], desk.screen.pictures, strict=False)
        if p.step > before.step
    ]
    assert np.diff(times) == pytest.approx([1] * 5, abs=0.02)
    assert desk.slices == [1] * 6


@pytest.mark.parametrize("cost", [5e-5, 1e-4, 2e-3])
def test_as_fast_as_it_goes_fills_the_slice(cost):
    desk = Desk(speed=FULL_SPEED, cost=cost).opened()
    desk.tell("play")
    desk.pass_time(1)
    before = desk.step
    desk.pass_time(2)
    share = (desk.step - before) * cost / 2
    assert 0.6 * SLICE / FRAME < share < 1.1 * SLICE / FRAME
    assert max(desk.slices[-60:]) * cost <= 1.1 * SLICE


def test_steps_that_cost_more_than_the_slice_are_made_one_by_one():
    desk = Desk(speed=FULL_SPEED, cost=0.02).opened()
    desk.tell("play")
    desk.pass_time(3)
    assert set(desk.slices[2:]) == {1}
    assert desk.step == pytest.approx(150, rel=0.3)


def test_what_the_machine_could_not_do_is_forgotten():
    desk = Desk(speed=1000, cost=0.01).opened()
    desk.tell("play")
    desk.pass_time(3)
    assert desk.step < 400
    desk.cost = 1e-5
    desk.pass_time(1)
    before = desk.step
    desk.pass_time(1)
    assert desk.step - before == pytest.approx(1000, rel=0.3)


@pytest.mark.parametrize(
    "values", [{"optimizer": "newton"}, {"batch_size": 5000}, {"hidden": [8, 8]}, {"dataset": "xor"}], ids=str
)
@pytest.mark.parametrize("speed", [1000, FULL_SPEED])
def test_after_a_change_the_first_step_is_made_alone(values, speed):
    """It may cost a thousand times what the last one did, and all others would have to wait."""
    desk = Desk(speed=speed, cost=1e-5).opened()
    desk.tell("play")
    desk.pass_time(1)
    before = len(desk.slices)
    assert desk.slices[-1] > 10
    desk.cost = 0.1
    desk.settings.update(values)
    desk.pass_time(1)
    assert set(desk.slices[before:]) == {1}


@pytest.mark.parametrize("speed", [60, FULL_SPEED])
def test_a_faster_speed_applies_soon(speed):
    desk = Desk(speed=1).opened()
    desk.tell("play")
    desk.pass_time(0.1)
    before = desk.step
    desk.settings.update({"speed": speed})
    desk.pass_time(0.2)
    assert desk.step > before


def test_a_slower_speed_applies_soon():
    desk = Desk(speed=FULL_SPEED).opened()
    desk.tell("play")
    desk.pass_time(1)
    desk.settings.update({"speed": 1})
    desk.pass_time(0.1)
    before = desk.step
    desk.pass_time(3)
    assert desk.step - before <= 4


def test_the_pace_is_shown():
    desk = Desk(speed=300).opened()
    desk.tell("play")
    desk.pass_time(2)
    assert desk.picture.scalar("pace") == pytest.approx(300, rel=0.15)
    desk.tell("pause")
    assert desk.settle().scalar("pace") == 0


def test_several_sessions_share_the_slice():
    scheduler = Scheduler()
    desks = [Desk(scheduler=scheduler, speed=FULL_SPEED).opened() for _ in range(4)]
    for desk in desks:
        desk.tell("play")
    desk = desks[0]
    desk.pass_time(2)
    assert desk.slices[-1] * desk.cost == pytest.approx(SLICE / 4, rel=0.2)
    for other in desks[1:]:
        other.tell("pause")
    desk.pass_time(1)
    assert desk.slices[-1] * desk.cost == pytest.approx(SLICE, rel=0.2)


# The chart


def test_the_chart_is_drawn_now_and_then_while_playing():
    desk = Desk(speed=FULL_SPEED).opened()
    desk.tell("play")
    desk.pass_time(0.5)
    before = len(desk.screen.charts)
    desk.pass_time(3)
    times = [picture.time for picture in desk.screen.charts[before:]]
    assert np.diff(times).min() >= 0.99 * CHART_PERIOD
    assert len(times) == pytest.approx(3 / CHART_PERIOD, abs=2)


def test_the_chart_is_up_to_date_whenever_it_stands_still():
    desk = Desk(speed=1000).opened()
    for _ in range(5):
        desk.tell("step")
        assert desk.settle().losses["step"][-1] == desk.step
    desk.tell("play")
    desk.pass_time(0.33)
    desk.tell("pause")
    desk.settle()
    assert desk.screen.charts[-1].losses["step"][-1] == desk.step


def test_the_chart_has_a_point_for_each_slow_step():
    desk = Desk(speed=60).opened()
    desk.tell("play")
    desk.pass_time(3)
    desk.tell("pause")
    desk.settle()
    assert desk.screen.charts[-1].losses["step"].tolist() == list(range(desk.step + 1))


def test_redrawing_leaves_the_chart_alone():
    desk = Desk().opened()
    charts = len(desk.screen.charts)
    for k in range(4):
        desk.tell("focus", kind="unit", layer=1, i=k)
        desk.settle()
    desk.settings.update({"dark": True, "discretize": True})
    desk.settle()
    assert len(desk.screen.pictures) == 6
    assert len(desk.screen.charts) == charts


# A layer in detail


def details(desk):
    return [picture for picture in desk.screen.pictures if picture.layer_detail is not None]


def test_a_layer_in_detail_is_drawn_now_and_then_while_playing():
    desk = Desk(speed=FULL_SPEED, layer_detail=1).opened()
    desk.tell("play")
    desk.pass_time(0.5)
    before = len(details(desk))
    desk.pass_time(4)
    times = [picture.time for picture in details(desk)[before:]]
    assert np.diff(times).min() >= 0.99 * LAYER_DETAIL_PERIOD
    assert len(times) == pytest.approx(4 / LAYER_DETAIL_PERIOD, abs=2)


def test_a_layer_in_detail_is_up_to_date_whenever_it_stands_still():
    desk = Desk(speed=1000, layer_detail=2).opened()
    assert desk.settle().layer_detail.layer_detail.layer == 2
    for step in range(1, 4):
        before = len(desk.screen.pictures)
        desk.tell("step")
        assert desk.settle().layer_detail.heat_map.last == step
        first, second = desk.screen.pictures[before:]
        assert Section.WEIGHTS in first.parts, "what it shows is part of the layer's history"
        assert second.layer_detail is not None
    desk.tell("play")
    desk.pass_time(0.33)
    desk.tell("pause")
    desk.settle()
    assert details(desk)[-1].layer_detail.heat_map.last == desk.step


def test_at_rest_a_layer_in_detail_is_drawn_once():
    desk = Desk(layer_detail=1).opened()
    desk.settle()
    assert len(desk.screen.pictures) == 2
    for k in range(4):
        desk.tell("focus", kind="unit", layer=1, i=k)
        desk.settle()
    desk.settings.update({"dark": True})
    desk.settle()
    assert len(desk.screen.pictures) == 7
    assert len(details(desk)) == 1


@pytest.mark.parametrize("playing", [False, True])
@pytest.mark.parametrize("change", [{"layer_detail": 2}, {"upper": "weight"}, {"activation": "relu"}], ids=str)
def test_another_detail_is_there_soon(playing, change):
    desk = Desk(speed=100, layer_detail=1).opened()
    if playing:
        desk.tell("play")
    desk.pass_time(1)
    before = len(details(desk))
    desk.tell("set", values=change)
    desk.pass_time(1.1 * LAYER_DETAIL_PERIOD if playing else 0.02)
    assert len(details(desk)) > before
    shown, _ = details(desk)[-1].layer_detail
    assert (shown.layer, shown.quantity) == (change.get("layer_detail", 1), change.get("upper", "activation"))
    if "activation" in change:
        assert shown.curve.f.min() == 0


def test_a_detail_that_is_closed_is_taken_away_once():
    desk = Desk(layer_detail=1).opened()
    desk.tell("set", values={"layer_detail": 0})
    assert desk.settle().layer_detail == (None, None)
    desk.tell("step")
    desk.settle()
    assert len(details(desk)) == 2


@pytest.mark.parametrize("playing", [False, True])
def test_a_layer_in_detail_may_vanish_and_come_back(playing):
    desk = Desk(speed=60, layer_detail=4, hidden=[2, 2, 2]).opened()
    if playing:
        desk.tell("play")
    for hidden, there in ([2], False), ([], False), ([2, 2, 2, 2], True):
        desk.tell("set", values={"hidden": hidden})
        desk.pass_time(1)
        assert (details(desk)[-1].layer_detail.layer_detail is not None) == there
    assert details(desk)[-1].layer_detail.layer_detail.curve is not None, "what was the output is a hidden layer now"
    assert desk.screen.notices == []


def test_a_picture_and_a_detail_are_never_one_message():
    desk = Desk(speed=60, layer_detail=1).opened()
    desk.tell("play")
    desk.pass_time(1)
    desk.tell("pause")
    desk.pass_time(1)
    desk.tell("step")
    desk.pass_time(1)
    assert len(details(desk)) >= 4
    for picture in details(desk):
        assert set(picture.parts) == {Section.SCALARS, Section.FOCUS, Section.TEXT}
        assert picture.losses is None


@pytest.mark.parametrize("status", [Status.PAUSED, Status.PLAYING])
def test_a_detail_takes_no_picture_away(status):
    """The newest State is always drawn, whether its layer in detail went before or after."""
    desk = Desk(speed=2, layer_detail=1).opened()
    if status == Status.PLAYING:
        desk.tell("play")
    for _ in range(20):
        desk.pass_time(0.26)
        if status == Status.PAUSED:
            desk.tell("step")
            desk.tell("step")
        desk.pass_time(0.05)
        drawn = [picture for picture in desk.screen.pictures if Section.WEIGHTS in picture.parts]
        assert drawn[-1].step == desk.step
        assert drawn[-1].status == status
    assert desk.step > 5
    assert len(details(desk)) > 5


def test_a_pause_draws_everything_though_a_detail_is_due():
    desk = Desk(speed=1000, layer_detail=1).opened()
    for k in range(8):
        desk.tell("play")
        desk.pass_time(0.4 + 0.01 * k)
        desk.tell("pause")
        desk.pass_time(0.05)
        drawn = [picture for picture in desk.screen.pictures if Section.WEIGHTS in picture.parts][-1]
        assert (drawn.step, drawn.status) == (desk.step, Status.PAUSED)
        assert Section.HISTOGRAMS in drawn.parts
        assert details(desk)[-1].layer_detail.heat_map.last == desk.step


def test_a_page_that_renders_again_gets_its_detail_again():
    desk = Desk(layer_detail=1).opened()
    desk.tell("ready")
    assert desk.settle().layer_detail.layer_detail.layer == 1


# Experiments, landscape, gradients

EXPERIMENT = next(iter(EXPERIMENTS))


@pytest.fixture
def prepared(monkeypatch):
    """What the first experiment chooses is the test's own."""
    choices = {}
    entry = SimpleNamespace(choices=choices, look={})
    monkeypatch.setattr("playground.settings.EXPERIMENTS", {EXPERIMENT: entry})
    return choices


@pytest.mark.parametrize("choices", [
    {"hidden": [3]}, {"learning_rate": 1}, {"dataset": "xor", "optimizer": "adam"}, {}
], ids=str)  # fmt: skip
def test_an_experiment_begins_at_the_beginning(prepared, choices):
    prepared.update(choices)
    desk = Desk(speed=1000).opened()
    desk.tell("play")
    desk.pass_time(0.5)
    scenes = len(desk.screen.scenes)
    desk.tell("open", name=EXPERIMENT)
    assert (desk.step, desk.session.status) == (0, Status.PAUSED)
    assert desk.settings.values().items() >= {**choices, "experiment": EXPERIMENT}.items()
    assert len(desk.screen.scenes) == scenes + 1
    assert desk.screen.scenes[-1][0]["settings"]["experiment"] == EXPERIMENT
    picture = desk.settle()
    assert (picture.step, picture.generation) == (0, desk.screen.scenes[-1][0]["generation"])
    assert picture.losses["step"].tolist() == [0]
    desk.session._tick()
    assert len(desk.screen.scenes) == scenes + 1, "the changes are not announced again"
    first = Desk(**choices, experiment=EXPERIMENT)
    assert_same_state(desk.run.state, first.run.state)


def test_an_experiment_that_is_on_can_be_begun_again(prepared):
    desk = Desk(speed=1000).opened()
    for _ in range(2):
        desk.tell("open", name=EXPERIMENT)
        desk.tell("play")
        desk.pass_time(0.5)
        assert 0 < desk.step < 700
    assert desk.screen.notices == []


def test_an_experiment_can_be_opened_before_the_page_is_there(prepared):
    prepared["hidden"] = [3]
    desk = Desk()
    desk.session.post({"type": "open", "name": EXPERIMENT})
    desk.tell("ready", restore={})
    assert {tuple(scene["settings"]["hidden"]) for scene, _ in desk.screen.scenes} == {(3,)}
    assert desk.picture.generation == desk.screen.scenes[-1][0]["generation"]


def test_an_unknown_experiment_is_one_sentence_and_no_change():
    desk = Desk(speed=100).opened()
    desk.tell("play")
    desk.pass_time(0.5)
    before = desk.settings.values()
    desk.tell("open", name="nonsense")
    desk.pass_time(0.5)
    ((level, sentence),) = desk.screen.notices
    assert level == "error"
    with pytest.raises(ValueError, match=one_sentence("experiment", EXPERIMENT, "not 'nonsense'")):
        raise ValueError(sentence)
    assert desk.settings.values() == before
    assert (desk.step, desk.session.status) == (pytest.approx(100, abs=5), Status.PLAYING)
    assert len(desk.screen.scenes) == 1


def test_the_landscape_is_drawn_when_it_is_asked_for():
    desk = Desk(picture="landscape", landscape_every=0, speed=100).opened()
    drawn_at = [desk.picture.parts[Section.LANDSCAPE_VIEW][9]]
    desk.tell("play")
    desk.pass_time(0.5)
    drawn_at.append(desk.picture.parts[Section.LANDSCAPE_VIEW][9])
    desk.tell("pause")
    desk.settle()
    desk.tell("redraw_landscape")
    drawn_at.append(desk.settle().parts[Section.LANDSCAPE_VIEW][9])
    assert drawn_at == [0, 0, desk.step]
    assert desk.picture.parts[Section.LANDSCAPE_VIEW][8] == 0
    assert desk.run.state.step > 0


def test_gradients_are_checked_when_it_is_asked_for():
    desk = Desk(batch_norm=["before", "off"], activation=["prelu", "tanh"], speed=100).opened()
    desk.tell("step")
    state, pictures = desk.run.state, len(desk.screen.pictures)
    desk.tell("check")
    (groups,) = desk.screen.checks
    assert json.loads(json.dumps(groups, allow_nan=False)) == groups
    assert {group["verdict"] for group in groups} == {"right"}
    assert {(group["layer"], group["group"]) for group in groups} >= {
        (1, "weights"), (1, "scale"), (1, "shift"), (1, "slopes"), (2, "weights"), (2, "biases"), (3, "biases"),
    }  # fmt: skip
    assert desk.run.state is state
    assert len(desk.screen.pictures) == pictures
    desk.tell("play")
    desk.pass_time(0.2)
    desk.tell("check")
    assert len(desk.screen.checks) == 2
    assert desk.session.status == Status.PLAYING


def test_a_check_of_the_network_before_is_not_made_of_the_next():
    desk = Desk().opened()
    before = desk.picture.generation
    desk.settings.update({"seed": 5})
    desk.tell("check", generation=before)
    assert desk.screen.checks == desk.screen.notices == []
    desk.tell("check", generation=desk.settle().generation)
    assert len(desk.screen.checks) == 1


# Settings


@pytest.mark.parametrize("values", [
    {"learning_rate": 1}, {"regularization": "l2", "regularization_rate": 0.1}, {"dropout": [0.5, 0.5]}, {"batch_size": 50},
    {"optimizer": "sgd"}, {"optimizer_adam_beta1": 0.5}, {"activation": ["relu", "relu"]}, {"loss": "squared_error"},
    {"speed": 10}, {"show_test": True}, {"view": "train"}, {"schedule": "cosine"}, {"clipping": "norm"},
    {"averaging": "exponential"}, {"drop_connect": [0.5, 0.5]}, {"activation_params": [{"alpha": 2}, {}]},
], ids=str)  # fmt: skip
def test_settings_apply_to_the_running_network(values):
    desk = Desk(speed=500, optimizer="adam").opened()
    desk.tell("play")
    desk.pass_time(1)
    before, scenes = desk.run.state, len(desk.screen.scenes)
    desk.settings.update(values)
    desk.tell("pause")
    assert_same(desk.run.state.params, before.params)
    assert desk.step == before.step
    assert len(desk.screen.scenes) == scenes + 1
    scene = desk.screen.scenes[-1][0]
    assert scene["settings"].items() >= values.items()
    assert scene["generation"] == desk.settle().generation == desk.screen.scenes[0][0]["generation"]
    desk.tell("play")
    desk.pass_time(0.5)
    assert desk.step > before.step
    assert desk.picture.status == Status.PLAYING


@pytest.mark.parametrize(
    "values", [{"dataset": "spiral"}, {"hidden": [8, 8, 8]}, {"features": ["x1"]}, {"seed": 3}], ids=str
)
@pytest.mark.parametrize("playing", [False, True])
def test_what_rebuilds_starts_at_step_nought_and_goes_on_as_before(values, playing):
    desk = Desk(speed=100).opened()
    desk.tell("play")
    desk.pass_time(1)
    if not playing:
        desk.tell("pause")
    pictures = len(desk.screen.pictures)
    desk.settings.update(values)
    desk.pass_time(1)
    assert len(desk.screen.scenes) == 2
    assert {picture.generation for picture in desk.screen.pictures[pictures:]} == {
        desk.screen.scenes[1][0]["generation"]
    }
    assert desk.step == pytest.approx(100 if playing else 0, abs=5)
    assert desk.picture.status == (Status.PLAYING if playing else Status.PAUSED)
    charts = [picture.losses["step"] for picture in desk.screen.charts]
    assert charts[-1][0] == 0


def test_many_changes_at_once_are_one_scene():
    desk = Desk().opened()
    desk.settings.update({"hidden": [8, 8, 8], "activation": "relu", "dataset": "xor", "optimizer_adam_beta1": 0.5})
    desk.session._tick()
    assert len(desk.screen.scenes) == 2


def test_a_page_may_set_what_it_shows():
    desk = Desk().opened()
    desk.tell("set", values={"hidden": [3], "dataset": "xor"})
    assert desk.settings.config().hidden == (3,)
    assert desk.screen.scenes[-1][0]["settings"]["dataset"] == "xor"
    assert desk.screen.notices == []


@pytest.mark.parametrize(("values", "parts"), [
    ({"learning_rate": 11}, ["learning_rate", "1e-06 and 10", "not 11"]),
    ({"dataset": "xor", "hidden": [99]}, ["hidden", "1 and 64", "not 99"]),
    ({"colour": "red"}, ["'colour'"]),
    ({"optimizer": "best"}, ["optimizer", "sgd", "not 'best'"]),
], ids=str)  # fmt: skip
def test_a_refused_setting_is_one_sentence_and_no_change(values, parts):
    desk = Desk().opened()
    before = desk.settings.values()
    desk.tell("set", values=values)
    ((level, sentence),) = desk.screen.notices
    assert level == "error"
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        raise ValueError(sentence)
    assert desk.settings.values() == before
    assert len(desk.screen.scenes) == 1


TOGETHER = {"dataset": "plane"}, {"loss": "hinge"}, ["loss", "made for values", "not hinge"]
REFUSED = {
    "hinge": TOGETHER,
    "Newton": ({"hidden": [32, 32]}, {"optimizer": "newton", "learning_rate": 1}, ["newton", "parameters"]),
    "batches of 1": ({"batch_norm": "before"}, {"batch_size": 1}, ["batch_size", "2 or more", "not 1"]),
    "clipping": ({"optimizer": "lbfgs"}, {"clipping": "value"}, ["clipping must be none", "lbfgs"]),
}


@pytest.mark.parametrize(("values", "change", "parts"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("way", ["a widget", "the page"])
@pytest.mark.parametrize("playing", [False, True])
def test_choices_that_do_not_go_together_are_one_sentence_and_no_change(values, change, parts, way, playing):
    desk = Desk(speed=100, **values).opened()
    if playing:
        desk.tell("play")
        desk.pass_time(0.5)
    kept, scene, step = desk.settings.values(), desk.screen.scenes[-1], desk.step
    if way == "a widget":
        desk.settings.update(change)
        desk.session._tick()
    else:
        desk.tell("set", id=1, values=change)
    desk.pass_time(0.5)
    ((level, sentence),) = desk.screen.notices
    assert level == "error"
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        raise ValueError(sentence)
    assert desk.settings.values() == kept
    assert desk.screen.scenes[-1] == scene
    assert desk.step == pytest.approx(step + 50, abs=5) if playing else desk.step == step
    assert desk.picture.status == (Status.PLAYING if playing else Status.PAUSED)


@pytest.mark.parametrize("act", [
    {"type": "play"}, {"type": "reset"}, {"type": "set", "values": {"noise": 5}}, {"type": "choose"},
], ids=lambda act: act["type"])  # fmt: skip
def test_the_sentence_stays_until_something_else_is_done(act):
    desk = Desk(dataset="plane").opened()
    desk.settings.update({"loss": "hinge"})
    desk.pass_time(1)
    for looking in ({"type": "watch", "layer": 1}, {"type": "focus", "kind": "none"}):
        desk.session.post(looking)
    desk.pass_time(1)
    assert [level for level, _ in desk.screen.notices] == ["error"]
    if act["type"] == "choose":
        desk.settings.update({"noise": 5})
    else:
        desk.session.post(act)
    desk.pass_time(1)
    assert desk.screen.notices[1:] == [("info", "")]


def test_a_refused_choice_can_be_followed_by_the_next():
    desk = Desk(dataset="plane").opened()
    desk.settings.update({"loss": "hinge"})
    desk.pass_time(0.1)
    desk.settings.update({"dataset": "circle"})
    desk.pass_time(0.1)
    desk.settings.update({"loss": "hinge"})
    desk.pass_time(0.1)
    assert desk.screen.scenes[-1][0]["settings"].items() >= {"dataset": "circle", "loss": "hinge"}.items()
    assert [level for level, _ in desk.screen.notices] == ["error", "info"]


def test_choices_restored_that_do_not_go_together_do_not_cost_the_page():
    desk = Desk()
    desk.tell("ready", restore=json.loads(json.dumps({**Settings().values(), "loss": "hinge", "dataset": "plane"})))
    assert desk.settings.values() == Settings().values()
    assert desk.screen.scenes[-1][0]["settings"] == Settings().values()
    assert "not hinge" in desk.screen.notices[0][1]
    assert desk.picture.generation == desk.screen.scenes[-1][0]["generation"]


def test_new_choices_come_back_with_a_page():
    kept = Settings(
        activation=["elu", "maxout"], activation_params=[{"alpha": 2}, {"k": 3}], batch_norm=["off", "after"],
        drop_connect=0.1, optimizer="adam", optimizer_params={"beta1": 0.5}, stopping="target_loss", view="train",
        preprocessing="whitening", shuffle=False,
    ).values()  # fmt: skip
    desk = Desk()
    desk.tell("ready", restore=json.loads(json.dumps(kept)))
    assert desk.settings.values() == kept
    assert desk.screen.notices == []
    assert [layer.get("activation_label") for layer in desk.screen.scenes[-1][0]["layers"]] == [
        None, "ELU", "Maxout", None
    ]  # fmt: skip
    desk.acknowledge()
    desk.tell("step")
    assert desk.settle().step == 1


# Editing and looking


def test_a_weight_set_by_hand_is_shown():
    desk = Desk().opened()
    desk.tell("focus", kind="link", layer=1, i=1, j=2)
    desk.settle()
    desk.tell("edit", kind="weight", layer=1, i=1, j=2, value=2.5)
    kind, *place, value = desk.settle().parts[Section.FOCUS].tolist()
    assert (kind, place, value) == (2, [1, 1, 2], 2.5)
    assert desk.picture.parts[Section.WEIGHTS][1 * 4 + 2] > 90


def test_a_unit_is_shown_large():
    desk = Desk().opened()
    plain = desk.picture.parts[Section.BOUNDARY]
    desk.tell("focus", kind="unit", layer=0, i=0)
    assert not np.array_equal(desk.settle().parts[Section.BOUNDARY], plain)
    desk.tell("focus", kind="none")
    assert np.array_equal(desk.settle().parts[Section.BOUNDARY], plain)


def test_a_watched_layer_is_in_the_pictures_until_nobody_watches():
    desk = Desk(activation="relu", speed=1000).opened()
    desk.tell("watch", layer=2)
    assert desk.settle().parts[Section.CURVE][0] == 2
    desk.tell("play")
    desk.pass_time(0.5)
    assert desk.picture.parts[Section.CURVE][0] == 2
    desk.tell("watch", layer=0)
    assert Section.CURVE not in desk.settle().parts


def test_a_watched_layer_is_forgotten_with_the_network():
    desk = Desk().opened()
    desk.tell("watch", layer=2)
    before = desk.settle().generation
    desk.settings.update({"hidden": [4]})
    assert Section.CURVE not in desk.settle().parts
    # A page that has not heard of the new network yet.
    desk.tell("watch", layer=2, generation=before)
    assert Section.CURVE not in desk.settle().parts
    assert desk.screen.notices == []
    desk.tell("watch", layer=1, generation=desk.picture.generation)
    assert desk.settle().parts[Section.CURVE][0] == 1


def test_another_view_is_another_picture_of_the_same_training():
    desk = Desk(dropout=0.5, batch_norm="before").opened()
    desk.tell("step")
    plain, state = desk.settle().parts[Section.BOUNDARY], desk.run.state
    seen = []
    for view in ("batch", "train"):
        desk.tell("set", values={"view": view})
        seen.append(desk.settle().parts[Section.BOUNDARY])
    assert not np.array_equal(plain, seen[0])
    assert not np.array_equal(seen[0], seen[1])
    assert desk.run.state is state
    assert desk.picture.generation == 1
    desk.tell("set", values={"view": "evaluate"})
    assert np.array_equal(desk.settle().parts[Section.BOUNDARY], plain)


# The end of training

ENDING = {"stopping": "epochs", "stopping_params": {"n": 2}, "speed": 1000}
"""After 2 epochs of 25 steps."""


@pytest.mark.parametrize("speed", [60, 1000, FULL_SPEED])
def test_training_that_ends_is_paused_and_says_why(speed):
    desk = Desk(**{**ENDING, "speed": speed}).opened()
    desk.tell("play")
    desk.pass_time(2)
    picture = desk.picture
    assert (picture.step, picture.status) == (50, Status.PAUSED)
    assert picture.text == "Training stopped after epoch 2: the epochs asked for are over. Play goes on."
    assert set(picture.parts) >= PICTURE
    assert desk.screen.charts[-1].losses["step"][-1] == 50
    assert desk.session not in desk.scheduler
    assert desk.pass_time(10) is None
    assert desk.step == 50


@pytest.mark.parametrize("rounds", [1, 3])
def test_play_goes_on_after_the_end(rounds):
    desk = Desk(**ENDING).opened()
    for k in range(1, rounds + 1):
        desk.tell("play")
        desk.pass_time(0.03)
        assert (desk.picture.status, desk.picture.text) == (Status.PLAYING, "")
        desk.pass_time(2)
        assert (desk.step, desk.picture.status) == (50 * k, Status.PAUSED)
        assert f"after epoch {2 * k}:" in desk.picture.text


def test_step_goes_on_after_the_end():
    desk = Desk(**ENDING).opened()
    desk.tell("play")
    desk.pass_time(2)
    for k in range(1, 4):
        desk.tell("step")
        assert (desk.settle().step, desk.picture.text) == (50 + k, "")


@pytest.mark.parametrize("way_out", [
    {"type": "reset"}, {"type": "set", "values": {"seed": 5}}, {"type": "set", "values": {"stopping": "never"}},
], ids=str)  # fmt: skip
def test_the_sentence_about_the_end_goes_with_what_it_was_about(way_out):
    desk = Desk(**ENDING).opened()
    desk.tell("play")
    desk.pass_time(2)
    desk.session.post(way_out)
    assert (desk.settle().text, desk.picture.status) == ("", Status.PAUSED)
    desk.tell("play")
    desk.pass_time(0.02)
    assert desk.picture.status == Status.PLAYING


def test_a_single_step_can_be_the_last():
    desk = Desk(**{**ENDING, "batch_size": 5000, "stopping_params": {"n": 1}}).opened()
    for k in range(1, 4):
        desk.tell("step")
        assert desk.settle().step == k
        assert f"after epoch {k}:" in desk.picture.text


# Divergence


def diverged(**values):
    desk = Desk(**{**WILD, **values}).opened()
    desk.tell("play")
    desk.pass_time(5)
    assert desk.session.status == Status.DIVERGED
    return desk


@pytest.mark.parametrize("speed", [100, FULL_SPEED])
def test_a_run_that_breaks_says_so_and_keeps_the_last_good_picture(speed):
    desk = diverged(speed=speed)
    assert set(desk.picture.parts) == {Section.SCALARS, Section.FOCUS, Section.TEXT}
    assert desk.picture.status == Status.DIVERGED
    assert f"step {desk.step + 1:,}" in desk.picture.text
    assert "learning rate 10" in desk.picture.text
    assert desk.run.state.finite
    assert np.isfinite(desk.picture.scalar("train_loss"))
    assert desk.session not in desk.scheduler
    assert desk.pass_time(10) is None


@pytest.mark.parametrize(("act", "section"), [
    ({"type": "set", "values": {"picture": "landscape"}}, Section.HEIGHTS),
    ({"type": "set", "values": {"picture": "hidden"}}, Section.MESH),
    ({"type": "set", "values": {"upper": "weight"}}, Section.FIRST_HISTOGRAMS),
    ({"type": "watch", "layer": 1}, Section.CURVE), ({"type": "focus", "kind": "unit", "layer": 1}, Section.BOUNDARY),
], ids=lambda value: str(value))  # fmt: skip
def test_one_may_look_around_in_what_is_left_of_a_run_that_broke(act, section):
    desk = diverged()
    desk.session.post(act)
    assert section in desk.settle().parts
    assert desk.picture.status == Status.DIVERGED
    assert desk.picture.text


def test_a_weight_of_a_run_that_broke_can_be_read():
    desk = diverged()
    desk.tell("focus", kind="link", layer=1, i=0, j=2)
    kind, *place, value = desk.settle().parts[Section.FOCUS].tolist()
    assert (kind, place) == (2, [1, 0, 2])
    assert value == desk.run.state.params[desk.run.composer.position("link", 1, 0, 2)]


def test_stepping_into_divergence_says_so_at_once():
    desk = diverged()
    desk.tell("step")
    assert desk.settle().status == Status.DIVERGED
    assert desk.picture.text


@pytest.mark.parametrize("way_out", [
    {"type": "reset"}, {"type": "set", "values": {"seed": 5}}, {"type": "set", "values": {"learning_rate": 1e-6}},
    {"type": "edit", "kind": "weight", "layer": 1, "i": 0, "j": 0, "value": 0},
], ids=lambda way: way["type"])  # fmt: skip
def test_there_is_a_way_out(way_out):
    desk = diverged()
    desk.session.post(way_out)
    assert desk.settle().status == Status.PAUSED
    assert desk.picture.text == ""
    assert set(desk.picture.parts) >= PICTURE


def test_after_a_reset_it_trains_again():
    desk = diverged()
    desk.tell("reset")
    desk.settings.update({"learning_rate": 0.001})
    desk.tell("play")
    desk.pass_time(1)
    assert desk.picture.status == Status.PLAYING
    assert desk.picture.step > 0


def test_a_page_that_renders_again_after_divergence_has_something_to_paint():
    desk = diverged()
    before = len(desk.screen.pictures)
    desk.tell("ready")
    desk.settle()
    assert desk.picture.status == Status.DIVERGED
    assert {name for picture in desk.screen.pictures[before:] for name in picture.parts} >= PICTURE


# What does not fit

MESSAGES = [
    None, 5, "play", [], ["type"], {}, {"type": None}, {"type": []}, {"type": {}},
    {"type": "nonsense"}, {"type": "_tick"},
    {"type": "ack"}, {"type": "ack", "seq": None}, {"type": "ack", "seq": "x"}, {"type": "ack", "seq": []},
    {"type": "ack", "seq": float("nan")}, {"type": "ack", "seq": float("inf")}, {"type": "ack", "seq": -5},
    {"type": "set"}, {"type": "set", "values": None}, {"type": "set", "values": 5}, {"type": "set", "values": "ab"},
    {"type": "set", "values": [1]}, {"type": "set", "values": {"hidden": "x"}},
    {"type": "set", "values": {"optimizer_params": 5}}, {"type": "set", "values": {"hidden": [[4, 2]]}},
    {"type": "set", "values": {"learning_rate": [0.1]}}, {"type": "set", "values": {"samples": [100]}},
    {"type": "set", "values": {"seed": 10**400}}, {"type": "set", "values": {"name": "x"}},
    {"type": "edit"}, {"type": "edit", "kind": "link"}, {"type": "edit", "kind": "link", "layer": 1, "value": None},
    {"type": "edit", "kind": "link", "layer": 1, "value": "1"},
    {"type": "edit", "kind": "link", "layer": 1, "value": [1]},
    {"type": "edit", "kind": "link", "layer": 1, "value": []},
    {"type": "edit", "kind": "link", "layer": 99, "value": 1},
    {"type": "edit", "kind": "link", "layer": "x", "value": 1},
    {"type": "edit", "kind": "bias", "layer": 1, "value": 10**400},
    {"type": "edit", "kind": "bias", "layer": float("inf"), "value": 1},
    {"type": "focus"}, {"type": "focus", "kind": "colour"}, {"type": "focus", "kind": []},
    {"type": "focus", "kind": "none", "layer": 99, "i": 99},
    {"type": "focus", "kind": "unit", "layer": 1, "i": 10**30}, {"type": "focus", "kind": "unit", "layer": {}, "i": 0},
    {"type": "watch"}, {"type": "watch", "layer": 3}, {"type": "watch", "layer": -1}, {"type": "watch", "layer": "x"},
    {"type": "watch", "layer": 1.5}, {"type": "watch", "layer": [1]}, {"type": "watch", "layer": 10**30},
    {"type": "set", "values": {"activation_params": 5}}, {"type": "set", "values": {"activation_params": [[], []]}},
    {"type": "set", "values": {"activation_params": [{"alpha": 1e99}, {}]}},
    {"type": "set", "values": {"activation_params": [{"alpha": None}, {}]}},
    {"type": "set", "values": {"batch_norm": ["both", "off"]}}, {"type": "set", "values": {"batch_norm": {}}},
    {"type": "set", "values": {"view": []}}, {"type": "set", "values": {"stopping_epochs_n": 1.5}},
    {"type": "set", "values": {"loss": "hinge", "dataset": "plane"}},
    {"type": "open"}, {"type": "open", "name": None}, {"type": "open", "name": "none"}, {"type": "open", "name": 5},
    {"type": "open", "name": ["none"]}, {"type": "open", "name": {}}, {"type": "open", "name": "x" * 10_000},
    {"type": "redraw_landscape", "layer": [], "generation": {}}, {"type": "redraw_landscape", "layer": []}, {"type": "check", "layer": {}},
    {"type": "check", "most": 10**30}, {"type": "changed", "values": 5},
    {"type": "set", "values": {"layer_detail": 52}}, {"type": "set", "values": {"layer_detail": -1}},
    {"type": "set", "values": {"layer_detail": 1.5}}, {"type": "set", "values": {"layer_detail": [1]}},
    {"type": "set", "values": {"picture": 5}}, {"type": "set", "values": {"picture": ["hidden"]}},
    {"type": "set", "values": {"hidden_layer": 51}}, {"type": "set", "values": {"hidden_units": [0, 1]}},
    {"type": "set", "values": {"hidden_units": "12"}}, {"type": "set", "values": {"landscape_every": -1}},
    {"type": "set", "values": {"landscape_every": 1e300}}, {"type": "set", "values": {"directions": {}}},
    {"type": "set", "values": {"upper": None}}, {"type": "set", "values": {"lower": "weights"}},
    {"type": "set", "values": {"log_counts": 1}}, {"type": "set", "values": {"experiment": "nonsense"}},
    {"type": "set", "values": {"hidden": [64] * 51}}, {"type": "set", "values": {"hidden": [65]}},
]  # fmt: skip


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: str(message)[:60])
def test_a_malformed_message_changes_nothing(message, caplog):
    desk = Desk().opened()
    settings, state = desk.settings.values(), desk.run.state
    desk.session.post(message)
    desk.session._tick()
    desk.session.post({"type": "step"})
    desk.session._tick()
    assert desk.settings.values() == settings
    assert_same_state(desk.run.state, desk.run.trainer.step(state))
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR", "CRITICAL")] == []


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: str(message)[:60])
def test_what_is_refused_is_answered_with_a_sentence_a_person_can_read(message):
    desk = Desk().opened()
    desk.session.post(message)
    desk.session._tick()
    for level, sentence in desk.screen.notices:
        assert level == "error"
        assert sentence.endswith(".")
        assert "\n" not in sentence
        for jargon in ("literal", "float NaN", "array", "iterable", "object", "sequence", "convert"):
            assert jargon not in sentence


def test_a_long_value_is_not_sent_back_whole():
    desk = Desk().opened()
    desk.tell("set", values={"dataset": "x" * 100_000})
    ((_, sentence),) = desk.screen.notices
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
    "loss": LOSSES, "dataset": DATASETS, "optimizer": OPTIMIZERS, "clipping": CLIPPINGS, "view": VIEWS,
    "picture": PICTURES, "upper": QUANTITIES, "hidden_axes": AXES, "directions": DIRECTIONS, "layer_detail": [0, 1, 2, 51],
}  # fmt: skip
together = st.fixed_dictionaries({}, optional={name: st.sampled_from([*names]) for name, names in choices.items()})
fields = st.fixed_dictionaries(
    {"type": st.sampled_from([*TYPES, "set", "set", "ready"])},
    optional={
        "seq": json_values, "kind": kinds, "layer": json_values, "i": json_values, "j": json_values,
        "value": json_values, "values": values | together | json_values, "restore": values | json_values,
        "dark": json_values, "name": json_values, "generation": st.integers(0, 3) | json_values,
    },
)  # fmt: skip


@examples(max_examples=60)
@given(st.lists(fields | json_values, max_size=12))
def test_no_message_raises_or_leaves_the_bounds(messages):
    desk = Desk(hidden=[2], samples=50, speed=10)
    desk.tell("ready")
    for message in messages:
        kind = message.get("type") if isinstance(message, dict) else None
        settings, state, status = desk.settings.values(), desk.run.state, desk.session.status
        desk.session.post(message)
        desk.session._tick()
        if kind not in ("set", "ready"):
            assert desk.settings.values() == settings
        if kind not in ("set", "ready", "play", "step", "reset", "edit") and status != Status.PLAYING:
            assert desk.run.state is state
        if kind not in ("play", "pause", "step", "reset"):
            assert desk.session.status == status
        Settings(**desk.settings.values()).config()
        assert desk.run.state.finite
        assert len(desk.session._sender.under_way) <= WINDOW


# Alive


@contextlib.asynccontextmanager
async def living(screen_type=FakeScreen, **values):
    """A session whose clock really runs, and the screen it shows itself on."""
    screen = screen_type(time.perf_counter)
    session = Session(Settings(**values), screen, Scheduler())
    task = asyncio.create_task(session.live())
    try:
        yield session, screen
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(condition, seconds=5.0):
    """Wait until something is true."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.002)


def painting(session, screen):
    """Let a screen acknowledge each picture as soon as it comes."""
    show = screen.frame

    def frame(message, losses):
        show(message, losses)
        session.post({"type": "ack", "seq": screen.pictures[-1].sequence})

    screen.frame = frame


async def test_a_living_session_plays():
    async with living(speed=FULL_SPEED) as (session, screen):
        painting(session, screen)
        session.post({"type": "ready"})
        session.post({"type": "play"})
        await until(lambda: len(screen.pictures) > 20)
        assert screen.pictures[-1].step > 20
        session.post({"type": "pause"})
        await until(lambda: screen.pictures[-1].status == Status.PAUSED)
        assert session.run.state.step == screen.pictures[-1].step


async def test_a_living_session_rests_when_there_is_nothing_to_do():
    async with living() as (session, screen):
        painting(session, screen)
        session.post({"type": "ready"})
        await until(lambda: screen.pictures and not session._sender.under_way)
        ticks, tick = [], session._tick
        session._tick = lambda: ticks.append(1) or tick()
        await asyncio.sleep(0.1)
        assert ticks == []


async def test_others_get_their_turn_while_it_trains_at_full_speed():
    async with living(speed=FULL_SPEED) as (session, screen):
        painting(session, screen)
        session.post({"type": "ready"})
        session.post({"type": "play"})
        await until(lambda: screen.pictures[-1:] and screen.pictures[-1].step > 100)
        waits = []
        for _ in range(20):
            start = time.perf_counter()
            await asyncio.sleep(0)
            waits.append(time.perf_counter() - start)
        assert sorted(waits)[10] < 0.1


async def test_commands_come_from_any_thread():
    async with living() as (session, screen):
        painting(session, screen)
        threads = [threading.Thread(target=session.post, args=({"type": "step"},)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            await asyncio.to_thread(thread.join)
        await until(lambda: session.run.state.step == 20)
        await asyncio.to_thread(session.post, {"type": "ready"})
        await until(lambda: screen.pictures)


async def test_a_command_from_another_thread_wakes_a_sleeping_loop():
    async with living() as (session, screen):
        await asyncio.sleep(0)
        heard = asyncio.Event()
        screen.scene = lambda *scene: heard.set()
        threading.Timer(0.05, session.post, [{"type": "ready"}]).start()
        async with asyncio.timeout(3):
            await heard.wait()


async def test_settings_may_be_changed_in_any_thread():
    async with living() as (session, screen):
        session.post({"type": "ready"})
        await until(lambda: screen.scenes)
        await asyncio.to_thread(session.settings.update, {"dataset": "xor"})
        await until(lambda: len(screen.scenes) == 2)
        assert screen.scenes[1][0]["settings"]["dataset"] == "xor"


def breaking(owner, name, times=1):
    """Make a method fail for the first few calls."""
    work, left = getattr(owner, name), [times]

    def method(*arguments):
        if left[0]:
            left[0] -= 1
            raise ZeroDivisionError("the test's own fault")
        return work(*arguments)

    setattr(owner, name, method)


@pytest.mark.parametrize("part", ["parts", "step", "apply", "scene", "check"])
async def test_an_error_is_logged_and_shown_and_pauses_but_the_clock_lives_on(part, caplog):
    async with living(speed=FULL_SPEED) as (session, screen):
        painting(session, screen)
        session.post({"type": "ready"})
        session.post({"type": "play"})
        await until(lambda: screen.pictures[-1:] and screen.pictures[-1].step > 0)
        breaking(session.run, part)
        if part in ("apply", "scene"):
            session.settings.update({"noise": 5})
        if part == "check":
            session.post({"type": "check"})
        await until(lambda: screen.notices)
        level, sentence = screen.notices[0]
        assert level == "error"
        assert "ZeroDivisionError: the test's own fault" in sentence
        assert any(record.exc_info and record.levelname == "ERROR" for record in caplog.records)
        await until(lambda: screen.pictures[-1].status == Status.PAUSED)
        session.post({"type": "reset"})
        session.post({"type": "play"})
        await until(lambda: screen.pictures[-1].status == Status.PLAYING)


async def test_a_screen_that_fails_for_a_while_does_not_end_the_clock():
    async with living() as (session, screen):
        painting(session, screen)
        breaking(screen, "frame", times=2 * WINDOW)
        breaking(screen, "notice", times=2)
        session.post({"type": "ready"})
        await until(lambda: session.post({"type": "step"}) or screen.pictures)


def test_a_chart_that_did_not_arrive_comes_with_the_next_picture():
    desk = Desk().opened()
    breaking(desk.screen, "frame")
    desk.session.post({"type": "step"})
    desk.session._guarded_tick()
    assert desk.settle().losses["step"].tolist() == [0, 1]


async def test_who_leaves_is_forgotten():
    async with living(speed=FULL_SPEED) as (session, screen):
        painting(session, screen)
        session.post({"type": "ready"})
        session.post({"type": "play"})
        await until(lambda: session.scheduler.training == 1)
    assert session.scheduler.training == 0


async def test_who_is_gone_takes_no_memory():
    async def short_life():
        async with living() as (session, _):
            return weakref.ref(session)

    gone = await short_life()
    await until(lambda: gc.collect() is None or gone() is None)


def test_a_command_after_the_end_is_no_error():
    async def short_life():
        async with living() as (session, _):
            pass
        return session

    session = asyncio.run(short_life())
    session.post({"type": "play"})


# Large networks


def side_of(picture):
    return math.isqrt(picture.parts[Section.BOUNDARY].size)


def test_at_rest_a_new_network_is_shown_at_once_and_then_finely():
    desk = Desk(hidden=[64] * 12)
    desk.tell("ready")
    for _ in range(3):
        desk.acknowledge()
        desk.pass_time(0.2)
    first, second = desk.screen.pictures
    assert side_of(second) > 1.5 * side_of(first)
    desk.tell("play")
    desk.pass_time(0.5)
    assert side_of(desk.picture) == side_of(first)
    desk.tell("pause")
    assert side_of(desk.settle()) == side_of(first)
    desk.pass_time(0.4)
    assert side_of(desk.picture) == side_of(second)


def test_a_small_network_is_shown_once():
    desk = Desk()
    desk.tell("ready")
    for _ in range(3):
        desk.acknowledge()
        desk.pass_time(0.2)
    assert len(desk.screen.pictures) == 1
