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
from fakes import FakeScreen, SessionHarness
from helpers import assert_same, assert_same_state, one_sentence
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from engine import CLIPPINGS, DATASETS, DIRECTIONS, EXPERIMENTS, LOSSES, OPTIMIZERS
from engine.look import QUANTITIES, VIEWS
from playground.network_page.commands import COMMANDS
from playground.network_page.pictures import AXES, PICTURES
from playground.network_page.sections import Section
from playground.network_page.selection import position
from playground.network_page.sender import CHART_PERIOD, LAYER_DETAIL_PERIOD
from playground.network_page.session import Session
from playground.network_page.settings import Settings
from playground.runtime.flow_control import PATIENCE, WINDOW
from playground.runtime.frame import Status
from playground.runtime.scheduler import FRAME, SLICE, Scheduler
from playground.runtime.session_loop import FULL_SPEED

PICTURE = {
    Section.BOUNDARY, Section.MAPS, Section.SILENCED, Section.WEIGHTS, Section.BIASES, Section.HISTOGRAMS,
    Section.STATS, Section.SATURATION,
}  # fmt: skip
FIRST = {Section.FIRST_HISTOGRAMS, Section.FIRST_STATS}
WILD = {
    "dataset": "plane", "activation": "relu", "loss": "squared_error", "learning_rate": 10, "hidden": [8, 8],
    "speed": FULL_SPEED,
}  # fmt: skip


# Before and at the first picture


@pytest.mark.parametrize("command", ["play", "step", "reset", "pause"])
def test_nothing_is_sent_to_a_page_that_is_not_ready(command):
    harness = SessionHarness()
    harness.tell(command)
    harness.settings.update({"learning_rate": 1, "dark": True})
    harness.pass_time(2)
    assert harness.screen.pictures == harness.screen.scenes == []
    assert harness.step == (command == "step")


def test_a_ready_page_gets_the_scene_and_then_the_picture():
    harness = SessionHarness(dataset="xor")
    harness.tell("ready")
    (scene, points), picture = harness.screen.scenes[0], harness.picture
    assert scene["settings"]["dataset"] == "xor"
    assert len(points) == 500 * 5
    assert scene["generation"] == picture.generation
    assert (picture.step, picture.status, picture.text) == (0, Status.PAUSED, "")
    assert set(picture.parts) == PICTURE | FIRST | {Section.SCALARS, Section.FOCUS, Section.TEXT}
    assert picture.losses["step"].tolist() == [0]
    assert len(harness.screen.pictures) == len(harness.screen.scenes) == 1


def test_a_resting_page_is_left_in_peace():
    harness = SessionHarness().opened()
    assert harness.pass_time(100) is None
    assert len(harness.screen.pictures) == 1


def test_the_scalars_are_what_is_painted():
    harness = SessionHarness(learning_rate=0.25).opened()
    harness.tell("step")
    seen = harness.run.evaluation
    assert harness.picture.parts[Section.SCALARS].tolist() == [1, 0, 0, *map(float, seen), 0, 0.25, 1]


def test_a_page_that_renders_again_is_told_all_again():
    harness = SessionHarness(speed=60).opened()
    harness.tell("play")
    harness.pass_time(1, painting=False)
    before = len(harness.screen.pictures)
    harness.tell("ready")
    harness.pass_time(0.02, painting=False)
    assert len(harness.screen.scenes) == 2
    assert len(harness.screen.pictures) > before
    assert set(harness.screen.pictures[before].parts) >= PICTURE
    assert harness.screen.pictures[before].losses is not None
    assert harness.session.status == Status.PLAYING


def test_a_resting_page_that_renders_again_gets_its_chart_again():
    harness = SessionHarness().opened()
    harness.tell("step")
    assert harness.settle().losses is not None
    harness.tell("ready")
    assert harness.settle().losses["step"].tolist() == [0, 1]


def test_a_page_that_comes_back_brings_its_settings():
    harness = SessionHarness()
    kept = Settings(dataset="moons", hidden=[3], learning_rate=0.1).values()
    harness.tell("ready", restore=json.loads(json.dumps(kept)), dark=True)
    assert harness.settings.values() == {**kept, "dark": False} or harness.settings.values() == {**kept, "dark": True}
    assert [scene["settings"]["dataset"] for scene, _ in harness.screen.scenes] == ["moons"]
    assert harness.picture.generation == harness.screen.scenes[-1][0]["generation"]


@pytest.mark.parametrize(
    "restore", [{"nonsense": 1}, {"learning_rate": 99}, {"hidden": [[1]]}, "junk", 5, [1]], ids=repr
)
def test_settings_that_cannot_be_restored_do_not_cost_the_page(restore):
    harness = SessionHarness()
    harness.tell("ready", restore=restore)
    assert len(harness.screen.scenes) == 1
    assert harness.picture.generation == harness.screen.scenes[0][0]["generation"]
    assert harness.settings.values() == Settings().values()
    assert harness.screen.notices


def test_a_page_can_open_dark():
    harness = SessionHarness()
    harness.tell("ready", dark=True)
    assert harness.screen.scenes[0][0]["settings"]["dark"] is True


# FlowControl


@pytest.mark.parametrize("window", [1, WINDOW, 5])
def test_no_more_pictures_are_on_their_way_than_the_window(window):
    harness = SessionHarness(window=window, speed=FULL_SPEED)
    harness.tell("ready")
    harness.tell("play")
    harness.pass_time(1, painting=False)
    assert [picture.sequence for picture in harness.screen.pictures] == list(range(1, window + 1))
    assert harness.step > harness.picture.step


@pytest.mark.parametrize(("acknowledged", "more"), [(0, 0), (1, 1), (2, 2), (3, 3), (10**12, 3)])
def test_acknowledging_frees_what_was_sent_up_to_there(acknowledged, more):
    harness = SessionHarness(speed=FULL_SPEED)
    harness.tell("ready")
    harness.tell("play")
    harness.pass_time(0.5, painting=False)
    harness.tell("ack", seq=acknowledged)
    harness.pass_time(0.5, painting=False)
    assert len(harness.screen.pictures) == WINDOW + more
    steps = [picture.step for picture in harness.screen.pictures]
    assert steps == sorted(steps)


def test_a_slow_page_gets_the_newest_state_and_training_does_not_wait():
    harness = SessionHarness(speed=300).opened()
    harness.tell("play")
    for _ in range(20):
        harness.pass_time(0.4, painting=False)
        harness.acknowledge()
        assert harness.picture.step == pytest.approx(harness.step, abs=10)
    assert harness.step == pytest.approx(20 * 0.4 * 300, rel=0.05)


def test_pictures_come_as_often_as_the_display_shows_them():
    harness = SessionHarness(speed=FULL_SPEED, cost=5e-4).opened()
    harness.tell("play")
    harness.pass_time(0.5)
    before = len(harness.screen.pictures)
    harness.pass_time(3)
    assert len(harness.screen.pictures) - before == pytest.approx(3 / FRAME, abs=4)


def test_edits_and_glances_are_shown_no_more_often():
    harness = SessionHarness().opened()
    for k in range(200):
        harness.tell("focus", kind="unit", layer=1, i=k % 4)
        harness.pass_time(0.005)
    assert len(harness.screen.pictures) == pytest.approx(1 + 1 / FRAME, abs=2)


# Nobody looks


@pytest.mark.parametrize("speed", [10, 1000, FULL_SPEED])
def test_without_acknowledgement_training_pauses(speed):
    harness = SessionHarness(speed=speed).opened()
    harness.tell("play")
    harness.pass_time(1)
    harness.pass_time(0.9 * PATIENCE, painting=False)
    assert harness.session in harness.scheduler
    harness.pass_time(2 - 0.9 * PATIENCE, painting=False)
    left = harness.step
    assert harness.pass_time(100, painting=False) is None
    assert harness.step == left
    assert harness.session not in harness.scheduler
    assert harness.session.status == Status.PLAYING
    assert len(harness.session._sender.under_way) <= WINDOW
    assert not harness.session._inbox


def test_one_acknowledgement_and_it_goes_on():
    harness = SessionHarness(speed=1000).opened()
    harness.tell("play")
    harness.pass_time(10, painting=False)
    left = harness.step
    harness.acknowledge()
    harness.pass_time(1)
    # What was missed is not made up for, but for a quarter of a second.
    assert 950 < harness.step - left < 1300
    assert harness.picture.status == Status.PLAYING


def test_a_page_that_does_not_paint_can_still_be_paused_and_reset():
    harness = SessionHarness(speed=1000).opened()
    harness.tell("play")
    harness.pass_time(5, painting=False)
    harness.tell("reset")
    assert (harness.step, harness.session.status) == (0, Status.PAUSED)


# Transport


def test_play_and_pause():
    harness = SessionHarness(speed=1000).opened()
    harness.tell("play")
    harness.pass_time(0.5)
    assert harness.picture.status == Status.PLAYING
    assert harness.picture.step > 0
    harness.tell("pause")
    paused = harness.step
    assert harness.settle().status == Status.PAUSED
    assert harness.picture.step == paused
    harness.pass_time(3)
    assert harness.step == paused
    harness.tell("play")
    harness.pass_time(0.1)
    assert paused < harness.step < paused + 150


@pytest.mark.parametrize("playing", [False, True])
def test_step_makes_exactly_one_step_and_pauses(playing):
    harness = SessionHarness(speed=1000).opened()
    if playing:
        harness.tell("play")
        harness.pass_time(0.5)
    before = harness.step
    for k in range(1, 4):
        harness.tell("step")
        assert harness.step == before + k
        assert harness.settle().status == Status.PAUSED
        assert harness.picture.step == before + k
    harness.pass_time(2)
    assert harness.step == before + 3


@pytest.mark.parametrize("playing", [False, True])
def test_reset_goes_back_to_the_same_weights(playing):
    harness = SessionHarness(speed=1000).opened()
    first = harness.run.state
    harness.tell("play")
    harness.pass_time(1)
    if not playing:
        harness.tell("pause")
    harness.tell("reset")
    assert_same_state(harness.run.state, first)
    assert (harness.settle().step, harness.picture.status) == (0, Status.PAUSED)
    assert harness.picture.losses["step"].tolist() == [0]
    assert len(harness.screen.scenes) == 1


def test_pressing_play_again_and_again_changes_nothing():
    harness = SessionHarness(speed=10).opened()
    for _ in range(10):
        harness.tell("play")
        harness.pass_time(0.5)
    assert harness.step == pytest.approx(50, abs=11)
    assert harness.session.status == Status.PLAYING


# Speed


@pytest.mark.parametrize(
    ("speed", "seconds"), [(1, 10), (2, 10), (5, 8), (30, 5), (60, 5), (100, 5), (1000, 3), (3000, 1)]
)
def test_speed_is_steps_per_second(speed, seconds):
    harness = SessionHarness(speed=speed, cost=5e-5).opened()
    harness.tell("play")
    harness.pass_time(seconds)
    assert harness.step == pytest.approx(speed * seconds, abs=max(1, 0.03 * speed * seconds))


def test_one_step_a_second_is_one_step_each_second():
    harness = SessionHarness(speed=1).opened()
    harness.tell("play")
    harness.pass_time(5.5)
    times = [
        p.time
        for p, before in zip(harness.screen.pictures[1:], harness.screen.pictures, strict=False)
        if p.step > before.step
    ]
    assert np.diff(times) == pytest.approx([1] * 5, abs=0.02)
    assert harness.slices == [1] * 6


@pytest.mark.parametrize("cost", [5e-5, 1e-4, 2e-3])
def test_as_fast_as_it_goes_fills_the_slice(cost):
    harness = SessionHarness(speed=FULL_SPEED, cost=cost).opened()
    harness.tell("play")
    harness.pass_time(1)
    before = harness.step
    harness.pass_time(2)
    share = (harness.step - before) * cost / 2
    assert 0.6 * SLICE / FRAME < share < 1.1 * SLICE / FRAME
    assert max(harness.slices[-60:]) * cost <= 1.1 * SLICE


def test_steps_that_cost_more_than_the_slice_are_made_one_by_one():
    harness = SessionHarness(speed=FULL_SPEED, cost=0.02).opened()
    harness.tell("play")
    harness.pass_time(3)
    assert set(harness.slices[2:]) == {1}
    assert harness.step == pytest.approx(150, rel=0.3)


def test_what_the_machine_could_not_do_is_forgotten():
    harness = SessionHarness(speed=1000, cost=0.01).opened()
    harness.tell("play")
    harness.pass_time(3)
    assert harness.step < 400
    harness.cost = 1e-5
    harness.pass_time(1)
    before = harness.step
    harness.pass_time(1)
    assert harness.step - before == pytest.approx(1000, rel=0.3)


@pytest.mark.parametrize(
    "values", [{"optimizer": "newton"}, {"batch_size": 5000}, {"hidden": [8, 8]}, {"dataset": "xor"}], ids=str
)
@pytest.mark.parametrize("speed", [1000, FULL_SPEED])
def test_after_a_change_the_first_step_is_made_alone(values, speed):
    """It may cost a thousand times what the last one did, and all others would have to wait."""
    harness = SessionHarness(speed=speed, cost=1e-4).opened()
    harness.tell("play")
    harness.pass_time(0.3)
    before = len(harness.slices)
    assert harness.slices[-1] > 10
    harness.cost = 0.1
    harness.settings.update(values)
    harness.pass_time(1)
    assert set(harness.slices[before:]) == {1}


@pytest.mark.parametrize("speed", [60, FULL_SPEED])
def test_a_faster_speed_applies_soon(speed):
    harness = SessionHarness(speed=1).opened()
    harness.tell("play")
    harness.pass_time(0.1)
    before = harness.step
    harness.settings.update({"speed": speed})
    harness.pass_time(0.2)
    assert harness.step > before


def test_a_slower_speed_applies_soon():
    harness = SessionHarness(speed=FULL_SPEED).opened()
    harness.tell("play")
    harness.pass_time(1)
    harness.settings.update({"speed": 1})
    harness.pass_time(0.1)
    before = harness.step
    harness.pass_time(3)
    assert harness.step - before <= 4


def test_the_pace_is_shown():
    harness = SessionHarness(speed=300).opened()
    harness.tell("play")
    harness.pass_time(2)
    assert harness.picture.scalar("pace") == pytest.approx(300, rel=0.15)
    harness.tell("pause")
    assert harness.settle().scalar("pace") == 0


def test_several_sessions_share_the_slice():
    scheduler = Scheduler()
    harnesses = [SessionHarness(scheduler=scheduler, speed=FULL_SPEED).opened() for _ in range(4)]
    for harness in harnesses:
        harness.tell("play")
    harness = harnesses[0]
    harness.pass_time(2)
    assert harness.slices[-1] * harness.cost == pytest.approx(SLICE / 4, rel=0.2)
    for other in harnesses[1:]:
        other.tell("pause")
    harness.pass_time(1)
    assert harness.slices[-1] * harness.cost == pytest.approx(SLICE, rel=0.2)


# The chart


def test_the_chart_is_drawn_now_and_then_while_playing():
    harness = SessionHarness(speed=FULL_SPEED).opened()
    harness.tell("play")
    harness.pass_time(0.5)
    before = len(harness.screen.charts)
    harness.pass_time(3)
    times = [picture.time for picture in harness.screen.charts[before:]]
    assert np.diff(times).min() >= 0.99 * CHART_PERIOD
    assert len(times) == pytest.approx(3 / CHART_PERIOD, abs=2)


def test_the_chart_is_up_to_date_whenever_it_stands_still():
    harness = SessionHarness(speed=1000).opened()
    for _ in range(5):
        harness.tell("step")
        assert harness.settle().losses["step"][-1] == harness.step
    harness.tell("play")
    harness.pass_time(0.33)
    harness.tell("pause")
    harness.settle()
    assert harness.screen.charts[-1].losses["step"][-1] == harness.step


def test_the_chart_has_a_point_for_each_slow_step():
    harness = SessionHarness(speed=60).opened()
    harness.tell("play")
    harness.pass_time(3)
    harness.tell("pause")
    harness.settle()
    assert harness.screen.charts[-1].losses["step"].tolist() == list(range(harness.step + 1))


def test_redrawing_leaves_the_chart_alone():
    harness = SessionHarness().opened()
    charts = len(harness.screen.charts)
    for k in range(4):
        harness.tell("focus", kind="unit", layer=1, i=k)
        harness.settle()
    harness.settings.update({"dark": True, "discretize": True})
    harness.settle()
    assert len(harness.screen.pictures) == 6
    assert len(harness.screen.charts) == charts


# A layer in detail


def details(harness):
    return [picture for picture in harness.screen.pictures if picture.layer_detail is not None]


def test_a_layer_in_detail_is_drawn_now_and_then_while_playing():
    harness = SessionHarness(speed=FULL_SPEED, layer_detail=1).opened()
    harness.tell("play")
    harness.pass_time(0.5)
    before = len(details(harness))
    harness.pass_time(4)
    times = [picture.time for picture in details(harness)[before:]]
    assert np.diff(times).min() >= 0.99 * LAYER_DETAIL_PERIOD
    assert len(times) == pytest.approx(4 / LAYER_DETAIL_PERIOD, abs=2)


def test_a_layer_in_detail_is_up_to_date_whenever_it_stands_still():
    harness = SessionHarness(speed=1000, layer_detail=2).opened()
    assert harness.settle().layer_detail.layer_detail.layer == 2
    for step in range(1, 4):
        before = len(harness.screen.pictures)
        harness.tell("step")
        assert harness.settle().layer_detail.heat_map.last == step
        first, second = harness.screen.pictures[before:]
        assert Section.WEIGHTS in first.parts, "what it shows is part of the layer's history"
        assert second.layer_detail is not None
    harness.tell("play")
    harness.pass_time(0.33)
    harness.tell("pause")
    harness.settle()
    assert details(harness)[-1].layer_detail.heat_map.last == harness.step


def test_at_rest_a_layer_in_detail_is_drawn_once():
    harness = SessionHarness(layer_detail=1).opened()
    harness.settle()
    assert len(harness.screen.pictures) == 2
    for k in range(4):
        harness.tell("focus", kind="unit", layer=1, i=k)
        harness.settle()
    harness.settings.update({"dark": True})
    harness.settle()
    assert len(harness.screen.pictures) == 7
    assert len(details(harness)) == 1


@pytest.mark.parametrize("playing", [False, True])
@pytest.mark.parametrize("change", [{"layer_detail": 2}, {"upper": "weight"}, {"activation": "relu"}], ids=str)
def test_another_detail_is_there_soon(playing, change):
    harness = SessionHarness(speed=100, layer_detail=1).opened()
    if playing:
        harness.tell("play")
    harness.pass_time(1)
    before = len(details(harness))
    harness.tell("set", values=change)
    harness.pass_time(1.1 * LAYER_DETAIL_PERIOD if playing else 0.02)
    assert len(details(harness)) > before
    shown, _ = details(harness)[-1].layer_detail
    assert (shown.layer, shown.quantity) == (change.get("layer_detail", 1), change.get("upper", "activation"))
    if "activation" in change:
        assert shown.curve.f.min() == 0


def test_a_detail_that_is_closed_is_taken_away_once():
    harness = SessionHarness(layer_detail=1).opened()
    harness.tell("set", values={"layer_detail": 0})
    assert harness.settle().layer_detail == (None, None)
    harness.tell("step")
    harness.settle()
    assert len(details(harness)) == 2


@pytest.mark.parametrize("playing", [False, True])
def test_a_layer_in_detail_may_vanish_and_come_back(playing):
    harness = SessionHarness(speed=60, layer_detail=4, hidden=[2, 2, 2]).opened()
    if playing:
        harness.tell("play")
    for hidden, there in ([2], False), ([], False), ([2, 2, 2, 2], True):
        harness.tell("set", values={"hidden": hidden})
        harness.pass_time(1)
        assert (details(harness)[-1].layer_detail.layer_detail is not None) == there
    assert details(harness)[-1].layer_detail.layer_detail.curve is not None, "what was the output is a hidden layer now"
    assert harness.screen.notices == []


def test_a_picture_and_a_detail_are_never_one_message():
    harness = SessionHarness(speed=60, layer_detail=1).opened()
    harness.tell("play")
    harness.pass_time(1)
    harness.tell("pause")
    harness.pass_time(1)
    harness.tell("step")
    harness.pass_time(1)
    assert len(details(harness)) >= 4
    for picture in details(harness):
        assert set(picture.parts) == {Section.SCALARS, Section.FOCUS, Section.TEXT}
        assert picture.losses is None


@pytest.mark.parametrize("status", [Status.PAUSED, Status.PLAYING])
def test_a_detail_takes_no_picture_away(status):
    """The newest State is always drawn, whether its layer in detail went before or after."""
    harness = SessionHarness(speed=2, layer_detail=1).opened()
    if status == Status.PLAYING:
        harness.tell("play")
    for _ in range(20):
        harness.pass_time(0.26)
        if status == Status.PAUSED:
            harness.tell("step")
            harness.tell("step")
        harness.pass_time(0.05)
        drawn = [picture for picture in harness.screen.pictures if Section.WEIGHTS in picture.parts]
        assert drawn[-1].step == harness.step
        assert drawn[-1].status == status
    assert harness.step > 5
    assert len(details(harness)) > 5


def test_a_pause_draws_everything_though_a_detail_is_due():
    harness = SessionHarness(speed=1000, layer_detail=1).opened()
    for k in range(8):
        harness.tell("play")
        harness.pass_time(0.4 + 0.01 * k)
        harness.tell("pause")
        harness.pass_time(0.05)
        drawn = [picture for picture in harness.screen.pictures if Section.WEIGHTS in picture.parts][-1]
        assert (drawn.step, drawn.status) == (harness.step, Status.PAUSED)
        assert Section.HISTOGRAMS in drawn.parts
        assert details(harness)[-1].layer_detail.heat_map.last == harness.step


def test_a_page_that_renders_again_gets_its_detail_again():
    harness = SessionHarness(layer_detail=1).opened()
    harness.tell("ready")
    assert harness.settle().layer_detail.layer_detail.layer == 1


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
    harness.pass_time(0.5)
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
        harness.pass_time(0.5)
        assert 0 < harness.step < 700
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
    with pytest.raises(ValueError, match=one_sentence("experiment", EXPERIMENT, "not 'nonsense'")):
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
        (1, "weights"), (1, "scale"), (1, "shift"), (1, "slopes"), (2, "weights"), (2, "biases"), (3, "biases"),
    }  # fmt: skip
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
    harness.pass_time(1)
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
    harness.pass_time(0.5)
    assert harness.step > before.step
    assert harness.picture.status == Status.PLAYING


@pytest.mark.parametrize(
    "values", [{"dataset": "spiral"}, {"hidden": [8, 8, 8]}, {"features": ["x1"]}, {"seed": 3}], ids=str
)
@pytest.mark.parametrize("playing", [False, True])
def test_what_rebuilds_starts_at_step_nought_and_goes_on_as_before(values, playing):
    harness = SessionHarness(speed=100).opened()
    harness.tell("play")
    harness.pass_time(1)
    if not playing:
        harness.tell("pause")
    pictures = len(harness.screen.pictures)
    harness.settings.update(values)
    harness.pass_time(1)
    assert len(harness.screen.scenes) == 2
    assert {picture.generation for picture in harness.screen.pictures[pictures:]} == {
        harness.screen.scenes[1][0]["generation"]
    }
    assert harness.step == pytest.approx(100 if playing else 0, abs=5)
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
    ({"learning_rate": 11}, ["learning_rate", "1e-06 and 10", "not 11"]),
    ({"dataset": "xor", "hidden": [99]}, ["hidden", "1 and 64", "not 99"]),
    ({"colour": "red"}, ["'colour'"]),
    ({"optimizer": "best"}, ["optimizer", "sgd", "not 'best'"]),
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
        activation=["elu", "maxout"], activation_params=[{"alpha": 2}, {"k": 3}], batch_norm=["off", "after"],
        drop_connect=0.1, optimizer="adam", optimizer_params={"beta1": 0.5}, stopping="target_loss", view="train",
        preprocessing="whitening", shuffle=False,
    ).values()  # fmt: skip
    harness = SessionHarness()
    harness.tell("ready", restore=json.loads(json.dumps(kept)))
    assert harness.settings.values() == kept
    assert harness.screen.notices == []
    assert [layer.get("activation_label") for layer in harness.screen.scenes[-1][0]["layers"]] == [
        None, "ELU", "Maxout", None
    ]  # fmt: skip
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


# The end of training

ENDING = {"stopping": "epochs", "stopping_params": {"n": 2}, "speed": 1000}
"""After 2 epochs of 25 steps."""


@pytest.mark.parametrize("speed", [60, 1000, FULL_SPEED])
def test_training_that_ends_is_paused_and_says_why(speed):
    harness = SessionHarness(**{**ENDING, "speed": speed}).opened()
    harness.tell("play")
    harness.pass_time(2)
    picture = harness.picture
    assert (picture.step, picture.status) == (50, Status.PAUSED)
    assert picture.text == "Training stopped after epoch 2: the number of epochs is reached. Play goes on."
    assert set(picture.parts) >= PICTURE
    assert harness.screen.charts[-1].losses["step"][-1] == 50
    assert harness.session not in harness.scheduler
    assert harness.pass_time(10) is None
    assert harness.step == 50


@pytest.mark.parametrize("rounds", [1, 3])
def test_play_goes_on_after_the_end(rounds):
    harness = SessionHarness(**ENDING).opened()
    for k in range(1, rounds + 1):
        harness.tell("play")
        harness.pass_time(0.03)
        assert (harness.picture.status, harness.picture.text) == (Status.PLAYING, "")
        harness.pass_time(2)
        assert (harness.step, harness.picture.status) == (50 * k, Status.PAUSED)
        assert f"after epoch {2 * k}:" in harness.picture.text


def test_step_goes_on_after_the_end():
    harness = SessionHarness(**ENDING).opened()
    harness.tell("play")
    harness.pass_time(2)
    for k in range(1, 4):
        harness.tell("step")
        assert (harness.settle().step, harness.picture.text) == (50 + k, "")


@pytest.mark.parametrize("way_out", [
    {"type": "reset"}, {"type": "set", "values": {"seed": 5}}, {"type": "set", "values": {"stopping": "never"}},
], ids=str)  # fmt: skip
def test_the_sentence_about_the_end_goes_with_what_it_was_about(way_out):
    harness = SessionHarness(**ENDING).opened()
    harness.tell("play")
    harness.pass_time(2)
    harness.session.post(way_out)
    assert (harness.settle().text, harness.picture.status) == ("", Status.PAUSED)
    harness.tell("play")
    harness.pass_time(0.02)
    assert harness.picture.status == Status.PLAYING


def test_a_single_step_can_be_the_last():
    harness = SessionHarness(**{**ENDING, "batch_size": 5000, "stopping_params": {"n": 1}}).opened()
    for k in range(1, 4):
        harness.tell("step")
        assert harness.settle().step == k
        assert f"after epoch {k}:" in harness.picture.text


# Divergence


def diverged(**values):
    harness = SessionHarness(**{**WILD, **values}).opened()
    harness.tell("play")
    harness.pass_time(5)
    assert harness.session.status == Status.DIVERGED
    return harness


@pytest.mark.parametrize("speed", [100, FULL_SPEED])
def test_a_run_that_breaks_says_so_and_keeps_the_last_good_picture(speed):
    harness = diverged(speed=speed)
    assert set(harness.picture.parts) == {Section.SCALARS, Section.FOCUS, Section.TEXT}
    assert harness.picture.status == Status.DIVERGED
    assert f"step {harness.step + 1:,}" in harness.picture.text
    assert "learning rate 10" in harness.picture.text
    assert harness.run.state.finite
    assert np.isfinite(harness.picture.scalar("train_loss"))
    assert harness.session not in harness.scheduler
    assert harness.pass_time(10) is None


@pytest.mark.parametrize(("act", "section"), [
    ({"type": "set", "values": {"picture": "landscape"}}, Section.HEIGHTS),
    ({"type": "set", "values": {"picture": "hidden"}}, Section.MESH),
    ({"type": "set", "values": {"upper": "weight"}}, Section.FIRST_HISTOGRAMS),
    ({"type": "watch", "layer": 1}, Section.CURVE), ({"type": "focus", "kind": "unit", "layer": 1}, Section.BOUNDARY),
], ids=lambda value: str(value))  # fmt: skip
def test_one_may_look_around_in_what_is_left_of_a_run_that_broke(act, section):
    harness = diverged()
    harness.session.post(act)
    assert section in harness.settle().parts
    assert harness.picture.status == Status.DIVERGED
    assert harness.picture.text


def test_a_weight_of_a_run_that_broke_can_be_read():
    harness = diverged()
    harness.tell("focus", kind="link", layer=1, i=0, j=2)
    kind, *place, value = harness.settle().parts[Section.FOCUS].tolist()
    assert (kind, place) == (2, [1, 0, 2])
    assert value == harness.run.state.params[position(harness.run.trainer.network, "link", 1, 0, 2)]


def test_stepping_into_divergence_says_so_at_once():
    harness = diverged()
    harness.tell("step")
    assert harness.settle().status == Status.DIVERGED
    assert harness.picture.text


@pytest.mark.parametrize("way_out", [
    {"type": "reset"}, {"type": "set", "values": {"seed": 5}}, {"type": "set", "values": {"learning_rate": 1e-6}},
    {"type": "edit", "kind": "link", "layer": 1, "i": 0, "j": 0, "value": 0},
], ids=lambda way: way["type"])  # fmt: skip
def test_there_is_a_way_out(way_out):
    harness = diverged()
    harness.session.post(way_out)
    assert harness.settle().status == Status.PAUSED
    assert harness.picture.text == ""
    assert set(harness.picture.parts) >= PICTURE


def test_after_a_reset_it_trains_again():
    harness = diverged()
    harness.tell("reset")
    harness.settings.update({"learning_rate": 0.001})
    harness.tell("play")
    harness.pass_time(1)
    assert harness.picture.status == Status.PLAYING
    assert harness.picture.step > 0


def test_a_page_that_renders_again_after_divergence_has_something_to_paint():
    harness = diverged()
    before = len(harness.screen.pictures)
    harness.tell("ready")
    harness.settle()
    assert harness.picture.status == Status.DIVERGED
    assert {name for picture in harness.screen.pictures[before:] for name in picture.parts} >= PICTURE


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
def test_a_malformed_message_changes_nothing(message, caplog):
    harness = SessionHarness().opened()
    settings, state = harness.settings.values(), harness.run.state
    harness.session.post(message)
    harness.session._turn()
    harness.session.post({"type": "step"})
    harness.session._turn()
    assert harness.settings.values() == settings
    assert_same_state(harness.run.state, harness.run.trainer.step(state))
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR", "CRITICAL")] == []


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: str(message)[:60])
def test_what_is_refused_is_answered_with_a_sentence_a_person_can_read(message):
    harness = SessionHarness().opened()
    harness.session.post(message)
    harness.session._turn()
    for level, sentence in harness.screen.notices:
        assert level == "error"
        assert sentence.endswith(".")
        assert "\n" not in sentence
        for jargon in ("literal", "float NaN", "array", "iterable", "object", "sequence", "convert"):
            assert jargon not in sentence


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
        "seq": json_values, "kind": kinds, "layer": json_values, "i": json_values, "j": json_values,
        "value": json_values, "values": values | together | json_values, "restore": values | json_values,
        "dark": json_values, "name": json_values, "generation": st.integers(0, 3) | json_values,
    },
)  # fmt: skip


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
        if kind not in ("set", "ready"):
            assert harness.settings.values() == settings
        if kind not in ("set", "ready", "play", "step", "reset", "edit") and status != Status.PLAYING:
            assert harness.run.state is state
        if kind not in ("play", "pause", "step", "reset"):
            assert harness.session.status == status
        Settings(**harness.settings.values()).config()
        assert harness.run.state.finite
        assert len(harness.session._sender.under_way) <= WINDOW


# Alive


@contextlib.asynccontextmanager
async def living(screen_type=FakeScreen, **values):
    """A session whose clock really runs, and the screen it shows itself on."""
    screen = screen_type(time.perf_counter)
    session = Session(Settings(**values), screen, Scheduler())
    task = asyncio.create_task(session.run_until_cancelled())
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
        ticks, tick = [], session._turn
        session._turn = lambda: ticks.append(1) or tick()
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


@pytest.mark.parametrize("part", ["compose", "step", "apply", "scene", "check"])
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
    harness = SessionHarness().opened()
    breaking(harness.screen, "frame")
    harness.session.post({"type": "step"})
    harness.session._safe_turn()
    assert harness.settle().losses["step"].tolist() == [0, 1]


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
    harness = SessionHarness(hidden=[64] * 12)
    harness.tell("ready")
    for _ in range(3):
        harness.acknowledge()
        harness.pass_time(0.2)
    first, second = harness.screen.pictures
    assert side_of(second) > 1.5 * side_of(first)
    harness.tell("play")
    harness.pass_time(0.5)
    assert side_of(harness.picture) == side_of(first)
    harness.tell("pause")
    assert side_of(harness.settle()) == side_of(first)
    harness.pass_time(0.4)
    assert side_of(harness.picture) == side_of(second)


def test_a_small_network_is_shown_once():
    harness = SessionHarness()
    harness.tell("ready")
    for _ in range(3):
        harness.acknowledge()
        harness.pass_time(0.2)
    assert len(harness.screen.pictures) == 1
