"""The session of the race page, with a fake screen and seconds that pass only when told."""

import itertools
import json

import numpy as np
import pytest
from helpers import assert_same
from race_fakes import RaceHarness, Track

from engine import SURFACES
from playground.race_page.choices import LAST_STEP, SHOWN_AT_ONCE
from playground.race_page.commands import COMMANDS
from playground.race_page.sender import CHART_PERIOD, Section
from playground.race_page.settings import RaceSettings
from playground.runtime.flow_control import PATIENCE, WINDOW
from playground.runtime.frame import Status
from playground.runtime.scheduler import FRAME

TWO = [("sgd", 0.001), ("adam", 0.01)]
WILD = [("sgd", 1000.0), ("momentum", 1000.0)]


def harness(**values):
    """With slow racers, so that nobody ends by accident."""
    return RaceHarness(**{"surface": "bowl", "racers": TWO, **values})


# At the first picture


@pytest.mark.parametrize("command", ["play", "step", "back", "reset", "sweep"])
def test_nothing_is_sent_to_a_page_that_is_not_ready(command):
    own = harness(swept_steps=10)
    own.tell(command)
    own.settings.update({"noise": 1})
    own.pass_time(2)
    assert own.screen.shots == own.screen.scenes == []
    assert own.session not in own.scheduler


def test_a_ready_page_gets_scene_map_and_picture():
    own = harness()
    own.tell("ready")
    (scene, heights), shot = own.screen.scenes[0], own.shot
    assert scene["settings"]["surface"] == "bowl"
    assert heights == own.race.contour().heights.tobytes()
    assert scene["generation"] == shot.generation
    assert (shot.cursor, shot.status, shot.text) == (0, Status.PAUSED, "")
    assert set(shot.parts) == set(Section)
    assert shot.curves["steps"].tolist() == [0]
    assert len(own.screen.scenes) == len(own.screen.shots) == 1


def test_a_resting_page_is_left_in_peace():
    own = harness().opened()
    shots = len(own.screen.shots)
    assert own.pass_time(100) is None
    assert len(own.screen.shots) == shots


def test_a_page_that_comes_back_brings_its_settings():
    own = harness()
    kept = RaceSettings(surface="himmelblau", racers=["adam"], noise=0.5, start=(1, 1)).values()
    own.tell("ready", restore=json.loads(json.dumps(kept)), dark=True)
    assert own.settings.values() == kept
    assert own.scene["settings"]["surface"] == "himmelblau"
    assert own.shot.generation == own.scene["generation"]
    assert own.shot.parts[Section.POSITIONS].tolist() == [1, 1]


@pytest.mark.parametrize(
    "restore", [{"nonsense": 1}, {"racers": []}, {"start": [99, 0]}, {"surface": "network"}, "junk", 5, [1]], ids=repr
)
def test_settings_that_cannot_be_restored_do_not_cost_the_page(restore):
    own = harness()
    before = own.settings.values()
    own.tell("ready", restore=restore)
    own.settle()
    assert own.scene["settings"] == own.settings.values() == before
    assert own.shot.generation == own.scene["generation"]
    assert [level for level, _ in own.screen.notices] == ["error"]


@pytest.mark.parametrize("playing", [False, True])
def test_a_page_that_renders_again_is_told_all_again(playing):
    own = harness().opened()
    own.tell("play")
    own.pass_time(1)
    if not playing:
        own.tell("pause")
        own.pass_time(1)
    shots = len(own.screen.shots)
    own.tell("ready")
    own.pass_time(0.1)
    assert own.screen.scenes[-1][1] == own.race.contour().heights.tobytes()
    first = own.screen.shots[shots]
    assert first.scalar("first") == 0
    assert len(first.parts[Section.POSITIONS]) == 4 * (first.scalar("length") + 1)
    assert first.curves is not None
    assert own.session.status == (Status.PLAYING if playing else Status.PAUSED)


# Speed


@pytest.mark.parametrize("speed", [1, 30, 1000])
def test_so_many_steps_a_second(speed):
    own = harness(speed=speed).opened()
    own.tell("play")
    own.pass_time(4)
    assert own.cursor == pytest.approx(4 * speed, rel=0.02, abs=1)
    if speed > 1:
        assert own.shot.parts[Section.SCALARS][3] == pytest.approx(speed, rel=0.1)


def test_a_slow_machine_does_what_it_can():
    own = harness(cost=0.01, speed=1000).opened()
    own.tell("play")
    own.pass_time(2)
    assert 100 < own.cursor <= 200


def test_the_speed_can_change_while_it_plays():
    own = harness(speed=10).opened()
    own.tell("play")
    own.pass_time(1)
    before = own.cursor
    own.tell("set", values={"speed": 300}, id=1)
    own.pass_time(1)
    assert own.cursor - before == pytest.approx(300, rel=0.05)
    assert own.run.generation == 0


# FlowControl


@pytest.mark.parametrize("window", [1, WINDOW, 5])
def test_no_more_pictures_are_on_their_way_than_the_window(window):
    own = harness(window=window, speed=1000)
    own.tell("ready")
    own.tell("play")
    own.pass_time(1, painting=False)
    assert [shot.sequence for shot in own.screen.shots] == list(range(1, window + 1))
    assert own.cursor > own.shot.cursor
    own.tell("ack", seq=1)
    own.pass_time(0.2, painting=False)
    assert len(own.screen.shots) == window + 1


def test_without_acknowledgement_the_race_pauses_and_goes_on_with_one():
    own = harness(speed=100).opened()
    own.tell("play")
    own.pass_time(1)
    own.pass_time(PATIENCE + 1, painting=False)
    left = own.cursor
    assert own.pass_time(100, painting=False) is None
    assert own.cursor == left < 1.3 * 100 * (1 + PATIENCE)
    assert own.session not in own.scheduler
    assert own.session.status == Status.PLAYING
    own.tell("ack", seq=own.shot.sequence)
    own.pass_time(1)
    assert own.cursor - left == pytest.approx(100, abs=30)


def test_pictures_come_as_often_as_the_display_shows_them_and_the_chart_less_often():
    own = harness(speed=1000).opened()
    own.tell("play")
    own.pass_time(0.5)
    before = len(own.screen.shots)
    own.pass_time(2)
    new = own.screen.shots[before:]
    assert len(new) == pytest.approx(2 / FRAME, abs=4)
    times = [shot.time for shot in new if shot.curves is not None]
    assert len(times) == pytest.approx(2 / CHART_PERIOD, abs=1)
    assert np.diff(times).min() >= CHART_PERIOD


def test_at_rest_the_chart_is_up_to_date():
    own = harness(speed=300).opened()
    own.tell("play")
    own.pass_time(0.99)
    own.tell("pause")
    own.pass_time(0.5)
    charts = [shot for shot in own.screen.shots if shot.curves is not None]
    assert charts[-1].curves["cursor"] == own.cursor
    assert charts[-1].curves["steps"][-1] == own.cursor


# The whole way arrives


def test_a_page_knows_the_whole_way_whatever_happens():
    own, track, taken = harness(noise=0.1, speed=300).opened(), Track(), 0

    def catch_up():
        nonlocal taken
        own.pass_time(0.3)
        for shot in own.screen.shots[taken:]:
            if shot.generation == own.run.generation:
                track.take(shot, 2)
        taken = len(own.screen.shots)
        assert_same(np.array(track.positions), own.race.trajectory.positions.astype(np.float32))

    own.tell("play")
    catch_up()
    own.tell("set", values={"racers": [("sgd", 0.002), ("adam", 0.02)]}, id=1)
    catch_up()
    own.tell("seek", step=20, id=1)
    catch_up()
    own.tell("set", values={"racers": [("sgd", 0.003), ("adam", 0.02)]}, id=2)
    catch_up()
    own.tell("pause")
    own.tell("back")
    catch_up()
    own.tell("set", values={"racers": [("sgd", 0.004), ("adam", 0.02)]}, id=3)
    own.tell("step")
    catch_up()
    assert own.race.length == own.cursor > 20


@pytest.mark.parametrize("broken", ["frame", "heads", "card", "curves"])
def test_steps_whose_sending_failed_are_sent_again(broken, monkeypatch):
    own, track = harness(selected=0).opened(), Track()
    for shot in own.screen.shots:
        track.take(shot, 2)
    taken = len(own.screen.shots)
    target = own.screen if broken == "frame" else own.race

    def fail(*given):
        raise OSError("no line")

    with monkeypatch.context() as patch:
        patch.setattr(target, broken, fail)
        own.tell("step")
        own.pass_time(0.05)
    assert own.screen.notices[-1][0] == "error"
    own.tell("step")
    own.pass_time(1)
    for shot in own.screen.shots[taken:]:
        track.take(shot, 2)
    assert own.cursor == 2
    assert_same(np.array(track.positions), own.race.trajectory.positions.astype(np.float32))


# Transport


def test_step_and_back():
    own = harness(speed=100).opened()
    own.tell("play")
    own.pass_time(0.5)
    before = own.cursor
    own.tell("step")
    assert own.cursor == before + 1
    assert own.settle().status == Status.PAUSED
    for k in range(3):
        own.tell("back")
        assert own.cursor == before - k
    assert own.settle().cursor == before - 2
    assert own.race.length == before + 1
    own.tell("step")
    assert (own.cursor, own.race.length) == (before - 1, before + 1)


def test_back_stops_at_the_start_and_a_player_that_goes_back_rests():
    own = harness(speed=100).opened()
    own.tell("step")
    own.tell("play")
    own.pass_time(0.05)
    own.tell("back")
    assert own.settle().status == Status.PAUSED
    for _ in range(20):
        own.tell("back")
    assert own.settle().cursor == 0


@pytest.mark.parametrize("playing", [False, True])
def test_seeking(playing):
    own = harness(speed=100).opened()
    own.tell("play")
    own.pass_time(1)
    if not playing:
        own.tell("pause")
    length = own.race.length
    own.tell("seek", step=10, id=7)
    shot = own.settle()
    assert shot.scalar("sought") == 7
    assert 10 <= shot.cursor <= 20 if playing else shot.cursor == 10
    assert own.race.length == length
    own.pass_time(0.5)
    assert own.cursor == (pytest.approx(65, abs=10) if playing else 10)
    for step, shown in ((-3, 0), (10**9, own.race.length)):
        own.tell("pause")
        own.tell("seek", step=step, id=8)
        assert own.settle().cursor == shown


@pytest.mark.parametrize("playing", [False, True])
def test_reset_goes_back_to_the_start_and_rests(playing):
    own = harness(speed=100).opened()
    own.tell("play")
    own.pass_time(1)
    if not playing:
        own.tell("pause")
    own.tell("reset")
    shot = own.settle()
    assert (shot.cursor, shot.scalar("length"), shot.status) == (0, 0, Status.PAUSED)
    assert shot.generation == own.scene["generation"] == 1
    own.pass_time(1)
    assert own.cursor == 0


def test_the_end_of_the_race_is_told_and_pauses():
    own = harness(speed=1000).opened()
    own.run.race.advance(LAST_STEP - 100)
    own.tell("play")
    own.pass_time(2)
    shot = own.shot
    assert (shot.cursor, shot.status) == (LAST_STEP, Status.PAUSED)
    assert shot.text == f"The race ends at step {LAST_STEP:,}; reset it to race again."
    assert own.session not in own.scheduler
    own.tell("seek", step=5, id=1)
    assert own.settle().text == ""


def test_when_all_have_ended_the_race_pauses_and_a_smaller_rate_goes_on():
    own = harness(racers=WILD).opened()
    own.tell("play")
    own.pass_time(1)
    assert own.shot.status == Status.PAUSED
    assert own.shot.text.startswith("No racer is left on the map")
    assert own.shot.read(Section.FATES) == ["left the map at step 1"] * 2
    own.tell("seek", step=0, id=1)
    assert own.settle().read(Section.FATES) == ["", ""]
    own.tell("set", values={"racers": [("sgd", 0.01), ("momentum", 0.01)]}, id=2)
    own.tell("play")
    own.pass_time(1)
    assert own.shot.status == Status.PLAYING
    assert own.shot.text == ""


# Settings


@pytest.mark.parametrize("by_hand", [False, True], ids=["from the page", "from Python"])
def test_a_new_race_while_it_plays_goes_on_playing(by_hand):
    own = harness(speed=100).opened()
    own.tell("play")
    own.pass_time(1)
    if by_hand:
        own.settings.update({"surface": "himmelblau"})
    else:
        own.tell("set", values={"surface": "himmelblau"}, id=1)
    own.pass_time(0.5)
    assert own.session.status == Status.PLAYING
    assert own.shot.generation == own.scene["generation"] == 1
    assert own.cursor == pytest.approx(50, abs=10)
    assert own.screen.scenes[-1][1] == own.race.contour().heights.tobytes()
    assert own.scene["surface"]["label"] == SURFACES["himmelblau"].label


def test_a_new_race_at_rest_is_shown_as_far():
    own = harness(speed=1000).opened()
    own.tell("play")
    own.pass_time(0.1)
    own.tell("pause")
    shown = own.cursor
    own.tell("set", values={"noise": 0.1}, id=1)
    assert own.settle().cursor == shown > 50
    assert own.session.status == Status.PAUSED


@pytest.mark.parametrize(("playing", "cursor"), [(False, SHOWN_AT_ONCE), (True, 0)])
@pytest.mark.parametrize("start", [[1.0, 1.0], list(SURFACES["bowl"].start)], ids=["another", "the same"])
def test_a_start_is_placed(playing, cursor, start):
    own = harness(speed=30).opened()
    if playing:
        own.tell("play")
        own.pass_time(3)
    own.tell("start", x=start[0], y=start[1])
    assert own.run.generation == 1
    assert own.settings.race.start == start
    assert cursor <= own.cursor <= cursor + 1
    assert own.settle().generation == own.scene["generation"]
    assert own.shot.status == (Status.PLAYING if playing else Status.PAUSED)
    assert own.race.trajectory.positions[0].tolist() == [start] * 2


@pytest.mark.parametrize(("message", "said"), [
    ({"type": "start", "x": 99, "y": 0}, "Start must have x from -4 to 4"),
    ({"type": "start", "x": None, "y": 0}, "Start must be two numbers"),
    ({"type": "start"}, "Start must be two numbers"),
    ({"type": "start", "x": "1", "y": [2]}, "Start must be two numbers"),
    ({"type": "start", "x": float("nan"), "y": 1}, "Start must be two numbers"),
    ({"type": "seek", "step": "x"}, "Step must be a whole number"),
    ({"type": "seek", "step": 1.5}, "Step must be a whole number"),
    ({"type": "seek", "step": float("nan")}, "Step must be a whole number"),
    ({"type": "seek", "step": 3, "id": [1]}, "Id must be a whole number"),
    ({"type": "ack", "seq": {}}, ""),
    ({"type": "set", "values": {"racers": []}, "id": 1}, "Racers must be a list of 1 to 12"),
    ({"type": "set", "values": {"racers": [{5: 1}]}, "id": 1}, "A racer has"),
    ({"type": "set", "values": {"formula": "x +"}, "id": 1}, "must not end"),
    ({"type": "set", "values": {"formula": 5}, "id": 1}, "5"),
    ({"type": "set", "values": {"surface": "own", "formula": "1/0"}, "id": 1}, "finite"),
    ({"type": "set", "values": {"surface": "network"}, "id": 1}, "no network"),
    ({"type": "set", "values": 5, "id": 1}, "Settings must be names with values"),
    ({"type": "focus"}, "command"), ({"type": "live"}, "command"), ({"type": None}, "command"), ({}, "command"),
    ({"type": ["play"]}, "command"),
], ids=str)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_the_race_goes_on(message, said):
    own = harness(speed=100).opened()
    own.tell("play")
    own.pass_time(0.2)
    before, generation, cursor = own.settings.values(), own.run.generation, own.cursor
    own.session.post(message)
    own.pass_time(0.3)
    notices = [text for level, text in own.screen.notices if level == "error"]
    if said:
        (sentence,) = notices
        assert said in sentence
        assert sentence.endswith(".")
        assert "Something went wrong" not in sentence
    assert own.settings.values() == before
    assert own.session.status == Status.PLAYING
    assert own.run.generation == generation
    assert own.cursor - cursor == pytest.approx(30, abs=6)


def test_the_sentence_of_a_refusal_goes_with_the_next_good_choice():
    own = harness().opened()
    own.tell("set", values={"noise": -1}, id=1)
    own.pass_time(1)
    assert own.screen.notices[-1][0] == "error"
    own.tell("set", values={"noise": 1}, id=2)
    assert own.screen.notices[-1] == ("info", "")


def test_a_scene_says_how_far_we_have_heard():
    own = harness().opened()
    own.tell("set", values={"noise": 0.1}, id=41)
    assert own.scene["heard"] == 41
    own.settings.update({"noise": 0.2})
    own.pass_time(0.1)
    assert own.scene["heard"] == 41
    assert own.scene["settings"]["noise"] == 0.2


def test_what_is_said_about_a_race_before_is_void():
    own = harness().opened()
    own.tell("start", x=1.0, y=1.0)
    cursor = own.cursor
    own.tell("seek", step=3, id=1, generation=0)
    assert own.cursor == cursor
    own.tell("seek", step=3, id=1, generation=1)
    assert own.cursor == 3


def test_the_map_is_sent_when_it_is_another_one():
    own = harness().opened()
    for values, sent in [
        ({"noise": 0.1}, False), ({"dark": True}, False), ({"racers": ["lion"]}, False), ({"log_scale": False}, True),
        ({"log_scale": True}, True), ({"surface": "booth"}, True), ({"surface": "own"}, True),
        ({"formula": "x^2 + y^4"}, True), ({"start": [1, 2]}, False),
    ]:  # fmt: skip
        own.tell("set", values=values, id=1)
        heights = own.screen.scenes[-1][1]
        assert (heights is not None) == sent, values
        if sent:
            assert heights == own.race.contour().heights.tobytes()


def test_another_look_does_not_touch_the_race():
    own = harness(speed=100).opened()
    own.tell("play")
    own.pass_time(1)
    own.tell("pause")
    positions, generation = own.race.trajectory.positions.copy(), own.shot.generation
    looks = {"dark": True, "curve": "distance", "tolerance": 10.0, "selected": 1, "rate_ellipses": True}
    own.tell("set", values=looks, id=1)
    own.pass_time(1)
    assert own.shot.generation == generation
    assert_same(own.race.trajectory.positions, positions)
    assert own.shot.read(Section.CARD)["racer"] == 1
    charts = [shot.curves for shot in own.screen.shots if shot.curves is not None]
    assert_same(charts[-1]["curves"], own.race.curves()["curves"])


def test_a_hidden_racer_redraws_the_chart():
    own = harness().opened()
    shots = len(own.screen.shots)
    hidden = [{**own.settings.race.racers[0], "shown": False}, own.settings.race.racers[1]]
    own.tell("set", values={"racers": hidden}, id=1)
    own.pass_time(0.5)
    assert any(shot.curves is not None for shot in own.screen.shots[shots:])


# The sweep


@pytest.mark.parametrize("playing", [False, True])
def test_a_sweep_takes_the_best_rates_and_races_anew(playing):
    own = harness(racers=["sgd", ("momentum", 5.0)], swept_steps=30, speed=30).opened()
    if playing:
        own.tell("play")
        own.pass_time(2)
    expected = own.race.sweep()
    expected.run(30)
    expected = expected.outcome()
    own.tell("sweep")
    (outcome,) = own.screen.sweeps
    assert json.loads(json.dumps(outcome, allow_nan=False)) == outcome
    assert outcome["rates"] == expected.rates.tolist()
    assert outcome["best"] == expected.best.tolist()
    rates = [racer["learning_rate"] for racer in own.settings.race.racers]
    assert rates == pytest.approx(outcome["best"], rel=5e-3)
    assert [racer.learning_rate for racer in own.race.trajectory.race.racers] == rates
    assert own.settle().generation == own.scene["generation"] == 1
    assert own.session.status == (Status.PLAYING if playing else Status.PAUSED)
    assert own.cursor < 5 if playing else own.cursor == SHOWN_AT_ONCE
    own.pass_time(1)
    assert own.run.generation == 1, "once is enough"


def test_a_sweep_lets_others_in_between_and_ends_when_the_question_changes(monkeypatch):
    own = harness(racers=["sgd"], swept_steps=100).opened()
    sweeping = own.race.sweep()
    monkeypatch.setattr(type(own.race), "sweep", lambda race: sweeping)
    # Each look at the clock takes a second: one part of a sweep for each turn.
    own.session._clock = itertools.count(own.session._clock()).__next__
    own.session.post({"type": "sweep"})
    assert own.session._turn() == 0.0, "there is more to do"
    assert 0 < sweeping.left < 100
    left = sweeping.left
    own.session._turn()
    assert sweeping.left < left
    own.settings.race.noise = 1.0
    left = sweeping.left
    own.session._turn()
    own.session._turn()
    assert (sweeping.left, own.screen.sweeps) == (left, [])


def test_a_sweep_without_any_good_rate_leaves_the_rates_alone():
    own = harness(surface="own", formula="sqrt(x) + y^2", start=(-2.0, 1.0), racers=TWO, swept_steps=10).opened()
    own.tell("sweep")
    (outcome,) = own.screen.sweeps
    assert outcome["best"] == [None, None]
    assert {value for row in outcome["values"] for value in row} == {None}
    assert [racer["learning_rate"] for racer in own.settings.race.racers] == [0.001, 0.01]


# Errors


def test_an_error_is_told_and_pauses(monkeypatch, caplog):
    own = harness(speed=100).opened()
    own.tell("play")
    own.pass_time(0.5)

    def fail(steps):
        raise ArithmeticError("two is three")

    with monkeypatch.context() as patch:
        patch.setattr(own.race, "advance", fail)
        own.pass_time(0.5)
    assert own.session.status == Status.PAUSED
    assert own.shot.status == Status.PAUSED
    (notice,) = own.screen.notices
    assert notice[0] == "error"
    assert "two is three" in notice[1]
    assert "failed" in caplog.text
    cursor = own.cursor
    own.tell("play")
    own.pass_time(1)
    assert own.cursor - cursor == pytest.approx(100, abs=10)


def test_every_command_has_been_tried():
    assert set(COMMANDS) == {
        "ready",
        "ack",
        "play",
        "pause",
        "step",
        "reset",
        "set",
        "changed",
        "back",
        "seek",
        "start",
        "sweep",
    }
