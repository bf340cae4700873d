"""SessionLoop: what any page's session does, here with one that only counts."""

import logging
from typing import NamedTuple

import numpy as np
import param
import pytest

from engine import Hyperparameter, Registry
from playground.runtime.commands import BASICS
from playground.runtime.frame import Status, unpack
from playground.runtime.parameters import Bounded, Switch
from playground.runtime.scheduler import FRAME, SLICE, Scheduler
from playground.runtime.sender import Sender
from playground.runtime.session_loop import RETRY, SessionLoop
from playground.runtime.settings_groups import Groups


class Display(param.Parameterized):
    speed = Bounded(Hyperparameter("speed", 100, 1, 1000, "Steps a second.", "Speed"))
    dark = Switch(False, label="Dark mode", doc="Light text on a dark page.")


class Picture(NamedTuple):
    sections: dict
    charts: None = None


class Count(Sender[Picture]):
    count, generation = 0, 3

    def compose(self, moment):
        return Picture({1: np.array([self.count, moment.status, moment.pace])})


class Counter(SessionLoop):
    """Counts its steps, each of which takes a thousandth of a second."""

    generation, fails = 3, False

    def __init__(self, screen, settings):
        self.now, self.slices = 100.0, []
        super().__init__(settings, screen, Scheduler(), Count(screen), Registry("command", BASICS), lambda: self.now)

    @property
    def speed(self):
        return self.settings.display.speed

    def affordable(self, seconds):
        return max(round(seconds / 0.001), 1)

    def make(self, steps):
        if self.fails:
            raise ZeroDivisionError("by nothing")
        self.slices.append(steps)
        self.now += 0.001 * steps
        self._sender.count += steps
        self._sender.stale = True

    def take_over(self):
        self.settings.take()
        return True

    def announce(self):
        self.screen.scenes.append(self._heard)

    def reset(self):
        self.pause()
        self._sender.count, self._sender.stale = 0, True


class Screen:
    def __init__(self):
        self.scenes, self.pictures, self.notices = [], [], []

    def notice(self, level, message):
        self.notices.append((level, message))

    def frame(self, message, charts):
        self.pictures.append(unpack(message))

    @property
    def last(self):
        """Count, status and pace of the newest picture."""
        return self.pictures[-1][2][1].tolist()


@pytest.fixture
def loop():
    settings = Groups(display := Display())
    settings.display = display
    loop = Counter(Screen(), settings)
    settings.take()
    tell(loop, "ready")
    return loop


def tell(loop, command, **fields):
    loop.post({"type": command, **fields})
    return loop._safe_turn()


def pass_time(loop, seconds):
    """Turns for a while, with a page that paints at once."""
    end = loop.now + seconds
    while loop.now < end:
        delay = loop._safe_turn()
        for number, _ in list(loop._sender.under_way):
            loop.post({"type": "ack", "seq": number})
        loop.now = max(loop.now, min(loop.now + (FRAME if delay is None else max(delay, 1e-4)), end))


def test_a_page_that_greets_gets_the_scene_and_a_picture(loop):
    assert loop.screen.scenes == [0]
    assert loop.screen.last == [0, Status.PAUSED, 0]


@pytest.mark.parametrize("speed", [1, 30, 300])
def test_it_makes_as_many_steps_a_second_as_are_asked_for(loop, speed):
    loop.settings.update({"speed": speed})
    tell(loop, "play")
    pass_time(loop, 4)
    assert loop._sender.count == pytest.approx(4 * speed, rel=0.05, abs=1)


def test_it_makes_no_more_steps_at_a_time_than_its_slice_allows(loop):
    loop.settings.update({"speed": 1000})
    tell(loop, "play")
    pass_time(loop, 4)
    assert max(loop.slices) == SLICE / 0.001
    assert loop._sender.count == pytest.approx(4 / FRAME * SLICE / 0.001, rel=0.05)


def test_it_says_how_many_steps_there_really_are(loop):
    tell(loop, "play")
    pass_time(loop, 3)
    count, status, pace = loop.screen.last
    assert status == Status.PLAYING
    assert count > 0
    assert pace == pytest.approx(100, rel=0.1)


def test_a_step_is_one_step_and_rest(loop):
    tell(loop, "play")
    pass_time(loop, 0.5)
    before = loop._sender.count
    tell(loop, "step")
    assert loop._sender.count == before + 1
    pass_time(loop, 1)
    assert loop.screen.last == [before + 1, Status.PAUSED, 0]
    assert loop not in loop.scheduler


def test_at_rest_it_waits_for_news(loop):
    pass_time(loop, 0.5)
    before = len(loop.screen.pictures)
    assert tell(loop, "ack", seq=1) is None
    pass_time(loop, 5)
    assert len(loop.screen.pictures) == before


@pytest.mark.parametrize(
    "message",
    [{"type": "dance"}, {"type": None}, {}, {"type": "set", "values": 3, "id": 1}],
    ids=str,
)
def test_what_makes_no_sense_is_one_sentence_and_changes_nothing(loop, message):
    loop.post(message)
    loop._safe_turn()
    (level, sentence), *more = loop.screen.notices
    assert level == "error"
    assert sentence.endswith(".")
    assert not more
    tell(loop, "play")
    assert loop.screen.notices[1:] == [("info", "")], "what makes sense takes the sentence off the page"
    assert loop.status == Status.PLAYING


def test_a_refused_choice_leaves_all_as_they_were(loop):
    tell(loop, "set", values={"dark": True, "speed": 5000}, id=4)
    assert loop.settings.values() == {"speed": 100, "dark": False}
    assert loop.screen.notices[0][0] == "error"


def test_a_choice_is_taken_and_the_scene_says_how_far_it_has_heard(loop):
    tell(loop, "set", values={"speed": 200}, id=4)
    assert loop.screen.scenes[1] == 4
    assert loop.speed == 200


def test_what_is_said_of_another_generation_is_void(loop):
    tell(loop, "step", generation=2)
    assert loop._sender.count == 0
    tell(loop, "step", generation=3)
    assert loop._sender.count == 1


def test_an_error_is_shown_and_pauses_and_the_loop_lives_on(loop, caplog):
    loop.fails = True
    with caplog.at_level(logging.ERROR):
        assert tell(loop, "play") == RETRY
    assert "ZeroDivisionError: by nothing" in loop.screen.notices[0][1]
    assert "ZeroDivisionError" in caplog.text
    loop.fails = False
    pass_time(loop, 1)
    assert loop.screen.last[:2] == [0, Status.PAUSED]
    tell(loop, "play")
    pass_time(loop, 1)
    assert loop._sender.count > 50


def test_a_page_that_comes_again_brings_its_choices(loop):
    tell(loop, "ready", restore={"speed": 7}, dark=True)
    assert (loop.speed, loop.settings.display.dark) == (7, True)
    assert len(loop.screen.scenes) == 2


def test_choices_that_cannot_be_restored_do_not_cost_the_page(loop):
    tell(loop, "ready", restore={"speed": "fast"})
    assert loop.screen.notices[0][0] == "error"
    assert len(loop.screen.scenes) == 2
    assert loop.speed == 100
