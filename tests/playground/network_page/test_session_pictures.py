"""The session and its pictures: when they are sent, what they carry, and charts now and then."""

import json

import numpy as np
import pytest
from fakes import SessionHarness

from playground.network_page.sections import Section
from playground.network_page.sender import CHART_PERIOD, LAYER_DETAIL_PERIOD
from playground.network_page.settings import Settings
from playground.runtime.flow_control import PATIENCE, WINDOW
from playground.runtime.frame import Status, unpack
from playground.runtime.scheduler import FRAME
from playground.runtime.session_loop import FULL_SPEED

PICTURE = {
    Section.BOUNDARY, Section.MAPS, Section.SILENCED, Section.WEIGHTS, Section.BIASES, Section.HISTOGRAMS,
    Section.STATS, Section.SATURATION,
}  # fmt: skip
FIRST = {Section.FIRST_HISTOGRAMS, Section.FIRST_STATS}


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
    assert [part.size for part in unpack(points)[2].values()] == [2 * 500, 500]
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


# Flow control


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
    for _ in range(8):
        harness.pass_time(0.4, painting=False)
        harness.acknowledge()
        assert harness.picture.step == pytest.approx(harness.step, abs=10)
    assert harness.step == pytest.approx(8 * 0.4 * 300, rel=0.05)


def test_pictures_come_as_often_as_the_display_shows_them():
    harness = SessionHarness(speed=FULL_SPEED, cost=1e-3).opened()
    harness.tell("play")
    harness.pass_time(0.5)
    before = len(harness.screen.pictures)
    harness.pass_time(2)
    assert len(harness.screen.pictures) - before == pytest.approx(2 / FRAME, abs=4)


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
    harness.pass_time(0.2)
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


# The chart


def test_the_chart_is_drawn_now_and_then_while_playing():
    harness = SessionHarness(speed=FULL_SPEED, cost=1e-3).opened()
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
    harness = SessionHarness(speed=FULL_SPEED, cost=1e-3, layer_detail=1).opened()
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
    for k in range(4):
        harness.tell("play")
        harness.pass_time(0.4 + 0.02 * k)
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
