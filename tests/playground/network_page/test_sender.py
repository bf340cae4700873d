"""What a picture carries counts as sent once it is on its way: one whose sending failed is made up for by the next."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from fakes import SessionHarness
from helpers import assert_same

from playground.network_page.memory import Memory
from playground.network_page.pictures import PICTURES
from playground.network_page.sections import Section

FIRST = {Section.FIRST_HISTOGRAMS, Section.FIRST_STATS}


class LostError(Exception):
    """A picture did not get away."""


def lose_next(harness):
    """The next picture does not arrive, nor does its sender hear that it did."""
    frame = harness.screen.frame

    def fail(message, charts):
        harness.screen.frame = frame
        raise LostError

    harness.screen.frame = fail


def lost(harness, **values):
    """Change settings, and lose the picture that shows it."""
    lose_next(harness)
    harness.settings.update(values)
    with pytest.raises(LostError):
        harness.pass_time(0.05)
    before = len(harness.screen.pictures)
    harness.pass_time(0.05)
    return harness.screen.pictures[before]


@pytest.mark.parametrize("values", [{"upper": "weight"}, {"log_counts": True}, {"activation": "relu"}], ids=str)
def test_first_histograms_that_were_lost_come_with_the_next_picture(values):
    harness = SessionHarness(samples=50).opened()
    assert set(lost(harness, **values).parts) >= FIRST
    harness.tell("step")
    assert not FIRST & set(harness.settle().parts), "the page has them now"


@pytest.mark.parametrize("values", [{"directions": "random"}, {"picture": "landscape"}], ids=str)
def test_a_landscape_that_was_lost_comes_whole_with_the_next_picture(values):
    harness = SessionHarness(samples=50, picture="output" if "picture" in values else "landscape").opened()
    for _ in range(5):
        harness.tell("step")
        harness.settle()
    found = lost(harness, **values).parts
    assert {Section.HEIGHTS, Section.LANDSCAPE_VIEW, Section.PATH} <= set(found)
    assert len(found[Section.PATH]) == 2 * 6


def test_a_landscape_that_was_asked_for_and_lost_is_asked_for_still():
    harness = SessionHarness(samples=50, picture="landscape", landscape_every=0).opened()
    harness.tell("step")
    harness.settle()
    harness.session.post({"type": "redraw_landscape"})
    lose_next(harness)
    with pytest.raises(LostError):
        harness.pass_time(0.05)
    parts = harness.settle().parts
    assert Section.PATH in parts, "in another plane it is elsewhere"
    assert parts[Section.LANDSCAPE_VIEW][9] == 1


@pytest.mark.parametrize("picture", PICTURES)
def test_composing_changes_nothing(picture):
    """The same selection, progress and memory give the same picture, however often, and leave the memory alone."""
    harness = SessionHarness(samples=50, picture=picture, layer_detail=1).opened()
    run, memory = harness.run, harness.session._sender._memory
    run.step(3)
    composer, before = dict(vars(run.composer)), {name: getattr(memory, name) for name in Memory.__slots__}
    once, again = (run.compose(memory, still=False).sections for _ in range(2))
    assert list(once) == list(again)
    for section, array in once.items():
        assert_same(array, again[section])
    assert vars(run.composer) == composer
    assert all(getattr(memory, name) is value for name, value in before.items())
    steps = memory.distributions.steps
    first, second = (run.close_up(memory)[0] for _ in range(2))
    assert_same(first.layer_detail.distribution.counts, second.layer_detail.distribution.counts)
    assert memory.distributions.steps == steps


def test_a_memory_is_a_value():
    with pytest.raises(FrozenInstanceError):
        Memory().blank = False


def test_edges_follow_the_last_picture_that_was_sent():
    """A picture that is lost leaves no trace in the ones after it."""
    lossy, sound = (SessionHarness(samples=50, seed=3).opened() for _ in range(2))
    for harness in (lossy, sound):
        harness.run.step(200)
        if harness is lossy:
            lose_next(harness)
            harness.settings.update({"upper": "weight"})
            with pytest.raises(LostError):
                harness.pass_time(0.05)
            harness.settings.update({"upper": "activation"})
        harness.tell("step")
        harness.settle()
    ranges = [harness.picture.parts[Section.STATS] for harness in (lossy, sound)]
    np.testing.assert_array_equal(*ranges)
