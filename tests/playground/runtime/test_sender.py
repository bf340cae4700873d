"""Sender: a picture that was not sent is not taken note of."""

from typing import NamedTuple

import numpy as np
import pytest

from playground.runtime.frame import Status, unpack
from playground.runtime.sender import Moment, Sender

AT_REST = Moment(5.0, Status.PAUSED, "", 0.0)


class Picture(NamedTuple):
    sections: dict
    charts: object


class Counting(Sender[Picture]):
    """Counts the pictures that were composed, and those that were kept."""

    generation = 7

    def __init__(self, screen):
        super().__init__(screen)
        self.composed, self.kept = 0, []
        self.welcome()

    def compose(self, moment):
        self.composed += 1
        return Picture({3: np.array([moment.status, moment.pace])}, "charts")

    def keep(self, picture, moment):
        self.kept.append((picture, moment))


class Screen:
    """Takes pictures, or loses them."""

    def __init__(self):
        self.pictures, self.works = [], True

    def frame(self, message, charts):
        if not self.works:
            raise ConnectionError
        self.pictures.append((unpack(message), charts))


def test_a_picture_has_its_number_its_generation_and_its_sections():
    sender = Counting(screen := Screen())
    sender.send(0.1, Moment(5.0, Status.PLAYING, "", 60.0))
    (number, generation, sections), charts = screen.pictures[0]
    assert (number, generation, charts) == (1, 7, "charts")
    assert sections[3].tolist() == [Status.PLAYING, 60.0]
    assert list(sender.under_way) == [(1, 5.0)]


def test_what_was_sent_is_kept_and_nothing_is_new():
    sender = Counting(Screen())
    sender.send(0.1, AT_REST)
    assert [moment for picture, moment in sender.kept] == [AT_REST]
    assert not sender.stale


def test_what_was_lost_is_not_kept_and_is_still_new():
    sender = Counting(screen := Screen())
    screen.works = False
    with pytest.raises(ConnectionError):
        sender.send(0.1, AT_REST)
    assert (sender.composed, sender.kept, list(sender.under_way)) == (1, [], [])
    assert sender.stale
    screen.works = True
    sender.send(0.1, AT_REST)
    assert screen.pictures[0][0][0] == 2, "a number is never used twice"
