"""The loss landscape as it is sent: when it is drawn anew, how it is coded, and where training stands in it."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_same

from engine import DIRECTIONS, Config, Evaluation, Trainer
from engine.landscape import LossLandscape, affordable, plane, project
from engine.parameter_history import ParameterHistory
from playground.network_page.landscape_view import look
from playground.network_page.progress import Progress
from playground.network_page.sections import Section
from playground.network_page.selection import Pointed
from playground.network_page.settings import Settings


class Walk:
    """A network in training, its path, and its landscape as a page asks for it."""

    def __init__(self, **values):
        self.trainer = Trainer(Config(samples=60, **values))
        self.state = self.first = self.trainer.init()
        self.path = ParameterHistory()
        self.path.record(self.state)
        self.landscape = LossLandscape(self.trainer)
        self.shown, self.pointed = None, Pointed()

    def step(self, steps=1):
        for _ in range(steps):
            self.state = self.trainer.step(self.state)
            self.path.record(self.state)

    def ask(self):
        """Somebody wants it drawn anew."""
        self.pointed = self.pointed.asking_to_redraw()

    def sections(self, directions="random", every=0, blank=False):
        progress = Progress(self.first, self.state, UNSEEN, self.path)
        selection = replace(
            Settings(picture="landscape").selection(self.pointed), directions=directions, landscape_every=every
        )
        parts, self.shown = look(self.landscape, progress, selection, blank, self.shown)
        return parts

    def plane(self, directions="random"):
        return plane(self.trainer, self.state, directions, self.path.params, self.trainer.config.seed)


UNSEEN = Evaluation(*[np.array(np.nan)] * 5)


@pytest.fixture
def walk():
    return Walk()


@pytest.fixture
def drawn(monkeypatch):
    """One entry for each landscape that was drawn."""
    found, work = [], LossLandscape.heights

    def heights(self, *arguments):
        found.append(arguments)
        return work(self, *arguments)

    monkeypatch.setattr(LossLandscape, "heights", heights)
    return found


# When


def test_it_is_drawn_when_it_is_first_asked_for(drawn, walk):
    assert drawn == []
    walk.sections()
    assert len(drawn) == 1


def test_on_request_means_not_by_itself(drawn, walk):
    for _ in range(30):
        walk.sections(every=0)
        walk.step()
    assert len(drawn) == 1
    walk.ask()
    assert len(drawn) == 1, "nobody sees it yet"
    walk.sections()
    walk.sections()
    assert len(drawn) == 2


def test_it_is_drawn_anew_every_so_many_steps(drawn, walk):
    at = []
    for step in range(35):
        before = len(drawn)
        walk.sections(every=10)
        walk.sections(every=10)
        if len(drawn) > before:
            at.append(step)
        walk.step()
    assert at == [0, 10, 20, 30]


def test_it_is_drawn_anew_when_training_goes_back(drawn, walk):
    first = walk.state
    walk.step(5)
    walk.sections(every=1000)
    walk.state = first
    walk.sections(every=1000)
    assert len(drawn) == 2


def test_it_is_drawn_anew_along_other_directions(drawn, walk):
    walk.step(3)
    for directions, count in ("random", 1), ("random", 1), ("path", 2), ("path", 2), ("random", 3):
        walk.sections(directions)
        assert len(drawn) == count


def test_it_costs_no_more_than_can_be_afforded(drawn):
    walk = Walk(hidden=(64,) * 10)
    walk.sections()
    ((_, side, rows),) = drawn
    assert (side, rows) == affordable(walk.trainer)
    assert walk.sections()[Section.HEIGHTS].shape == (side, side)


# How


def coded(monkeypatch, losses):
    """Codes, and the numbers that belong to them."""
    monkeypatch.setattr(LossLandscape, "heights", lambda self, *arguments: np.array(losses, float))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parts = Walk().sections()
    assert parts[Section.HEIGHTS].dtype == np.uint8
    return parts[Section.HEIGHTS].ravel().tolist(), parts[Section.LANDSCAPE_VIEW][:2].tolist()


@pytest.mark.parametrize(("losses", "codes", "ends"), [
    ([0.1, 1, 10], [1, 128, 255], [0.1, 10]),
    ([10, 0.1, 1], [255, 1, 128], [0.1, 10]),
    ([2, 2, 2], [1, 1, 1], [2, 2]),
    ([np.inf, 1, np.nan, 100, -np.inf], [0, 1, 0, 255, 0], [1, 100]),
    ([1, 1e2, 1e4, 1e5, 1e300], [1, 128, 255, 255, 255], [1, 1e4]),
    ([0, 1e-10, 1], [1, 128, 255], [1e-12, 1e-8]),
    ([np.nan, np.inf, np.nan], [0, 0, 0], [1e-12, 1e-12]),
], ids=str)  # fmt: skip
def test_heights_are_coded_by_their_logarithm(monkeypatch, losses, codes, ends):
    found, known = coded(monkeypatch, losses)
    assert found == codes
    assert known == pytest.approx(ends)


def test_codes_rise_with_the_loss(monkeypatch):
    losses = np.geomspace(0.3, 30, 200)
    found, _ = coded(monkeypatch, losses)
    share = np.log(losses / 0.3) / np.log(100)
    np.testing.assert_allclose((np.array(found) - 1) / 254, share, atol=1 / 254)
    assert found == sorted(found)


def test_the_middle_of_random_directions_is_the_loss_as_it_is():
    walk = Walk()
    parts = walk.sections()
    codes, (low, high, *_) = parts[Section.HEIGHTS].astype(float), parts[Section.LANDSCAPE_VIEW]
    middle = codes[len(codes) // 2, len(codes) // 2]
    loss = low * (high / low) ** ((middle - 1) / 254)
    assert loss == pytest.approx(float(walk.trainer.evaluate(walk.state).train_loss), rel=0.02)


# Where training is


def test_right_after_drawing_training_is_in_the_plane():
    walk = Walk()
    walk.step(4)
    parts = walk.sections()
    low, high = walk.plane().low, walk.plane().high
    window, here, distance = (
        parts[Section.LANDSCAPE_VIEW][2:6],
        parts[Section.LANDSCAPE_VIEW][6:8],
        parts[Section.LANDSCAPE_VIEW][8],
    )
    assert window.tolist() == [low[0], high[0], low[1], high[1]]
    assert (*here, distance) == (0, 0, 0)
    assert parts[Section.LANDSCAPE_VIEW][9:].tolist() == [4, list(DIRECTIONS).index("random")]


@pytest.mark.parametrize("directions", DIRECTIONS)
def test_training_leaves_the_plane(directions):
    walk = Walk()
    walk.step(4)
    first = walk.sections(directions)
    there = walk.plane(directions)
    walk.step(20)
    numbers = walk.sections(directions)[Section.LANDSCAPE_VIEW]
    here, distance = project(there, walk.state.params)
    assert numbers[6:8].tolist() == here.tolist()
    assert numbers[8] == distance > 0
    assert_same(numbers[[0, 1, 2, 3, 4, 5, 9, 10]], first[Section.LANDSCAPE_VIEW][[0, 1, 2, 3, 4, 5, 9, 10]])


def test_the_directions_that_are_shown_are_told(walk):
    assert walk.sections("path")[Section.LANDSCAPE_VIEW][10] == list(DIRECTIONS).index("random"), "there is no path yet"
    walk.step(5)
    walk.ask()
    assert walk.sections("path")[Section.LANDSCAPE_VIEW][10] == list(DIRECTIONS).index("path")


# The path


def test_the_path_is_sent_when_it_changed(walk):
    assert Section.PATH in walk.sections()
    assert Section.PATH not in walk.sections()
    walk.step()
    assert Section.PATH in walk.sections()
    assert Section.PATH not in walk.sections()
    assert Section.PATH in walk.sections(blank=True)
    assert Section.PATH not in walk.sections()
    walk.ask()
    assert Section.PATH in walk.sections(), "in another plane it is elsewhere"


@pytest.mark.parametrize("directions", DIRECTIONS)
def test_the_path_is_what_the_plane_sees_of_it(directions):
    walk = Walk()
    walk.step(12)
    sent = walk.sections(directions)[Section.PATH]
    assert sent.dtype == np.dtype("<f4")
    expected, _ = project(walk.plane(directions), walk.path.params)
    np.testing.assert_allclose(sent, expected, rtol=1e-6, atol=1e-6)
    assert sent.shape == (13, 2)
    np.testing.assert_allclose(sent[-1], [0, 0], atol=1e-6)


def test_heights_are_always_sent(walk):
    first = walk.sections()[Section.HEIGHTS]
    walk.step()
    assert_same(walk.sections()[Section.HEIGHTS], first)
