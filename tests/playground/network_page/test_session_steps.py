"""The session and its steps: transport, speed, the end of training, divergence."""

import numpy as np
import pytest
from fakes import SessionHarness
from helpers import assert_same_state

from playground.network_page.sections import Section
from playground.network_page.selection import position
from playground.runtime.frame import Status
from playground.runtime.scheduler import FRAME, SLICE, Scheduler
from playground.runtime.session_loop import FULL_SPEED

PICTURE = {
    Section.BOUNDARY, Section.MAPS, Section.SILENCED, Section.WEIGHTS, Section.BIASES, Section.HISTOGRAMS,
    Section.STATS, Section.SATURATION,
}  # fmt: skip
WILD = {
    "dataset": "plane", "activation": "relu", "loss": "squared_error", "learning_rate": 10, "hidden": [8, 8],
    "speed": FULL_SPEED,
}  # fmt: skip


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
    harness.pass_time(0.3)
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
    ("speed", "seconds"), [(1, 10), (2, 10), (5, 8), (30, 3), (60, 2), (100, 2), (1000, 1), (3000, 0.5)]
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
    harness.pass_time(0.5)
    before = harness.step
    harness.pass_time(0.5)
    share = (harness.step - before) * cost / 0.5
    assert 0.6 * SLICE / FRAME < share < 1.1 * SLICE / FRAME
    assert max(harness.slices[-30:]) * cost <= 1.1 * SLICE


def test_steps_that_cost_more_than_the_slice_are_made_one_by_one():
    harness = SessionHarness(speed=FULL_SPEED, cost=0.02).opened()
    harness.tell("play")
    harness.pass_time(2)
    assert set(harness.slices[2:]) == {1}
    assert harness.step == pytest.approx(100, rel=0.3)


def test_what_the_machine_could_not_do_is_forgotten():
    harness = SessionHarness(speed=1000, cost=0.01).opened()
    harness.tell("play")
    harness.pass_time(2)
    assert harness.step < 270
    harness.cost = 1e-5
    harness.pass_time(0.5)
    before = harness.step
    harness.pass_time(0.5)
    assert harness.step - before == pytest.approx(500, rel=0.3)


@pytest.mark.parametrize(
    "values", [{"optimizer": "newton"}, {"batch_size": 5000}, {"hidden": [8, 8]}, {"dataset": "xor"}], ids=str
)
@pytest.mark.parametrize("speed", [1000, FULL_SPEED])
def test_after_a_change_the_first_step_is_made_alone(values, speed):
    """It may cost a thousand times what the last one did, and all others would have to wait."""
    harness = SessionHarness(speed=speed, cost=1e-4).opened()
    harness.tell("play")
    harness.pass_time(0.2)
    before = len(harness.slices)
    assert harness.slices[-1] > 10
    harness.cost = 0.1
    harness.settings.update(values)
    harness.pass_time(0.5)
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
    harness.pass_time(0.3)
    harness.settings.update({"speed": 1})
    harness.pass_time(0.1)
    before = harness.step
    harness.pass_time(3)
    assert harness.step - before <= 4


def test_the_pace_is_shown():
    harness = SessionHarness(speed=300).opened()
    harness.tell("play")
    harness.pass_time(1)
    assert harness.picture.scalar("speed") == pytest.approx(300, rel=0.15)
    harness.tell("pause")
    assert harness.settle().scalar("speed") == 0


def test_several_sessions_share_the_slice():
    scheduler = Scheduler()
    harnesses = [SessionHarness(scheduler=scheduler, speed=FULL_SPEED).opened() for _ in range(4)]
    for harness in harnesses:
        harness.tell("play")
    harness = harnesses[0]
    harness.pass_time(0.5)
    assert harness.slices[-1] * harness.cost == pytest.approx(SLICE / 4, rel=0.2)
    for other in harnesses[1:]:
        other.tell("pause")
    harness.pass_time(0.5)
    assert harness.slices[-1] * harness.cost == pytest.approx(SLICE, rel=0.2)


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
    harness.pass_time(0.2)
    assert harness.picture.status == Status.PLAYING
    assert harness.picture.step > 0


def test_a_page_that_renders_again_after_divergence_has_something_to_paint():
    harness = diverged()
    before = len(harness.screen.pictures)
    harness.tell("ready")
    harness.settle()
    assert harness.picture.status == Status.DIVERGED
    assert {name for picture in harness.screen.pictures[before:] for name in picture.parts} >= PICTURE
