"""Settings are taken over once, however they were changed, and whoever changed them."""

import numpy as np
import pytest
from fakes import SessionHarness
from race_fakes import RaceHarness

HARNESSES = pytest.mark.parametrize("made", [SessionHarness, RaceHarness], ids=["network", "race"])


def counted(harness):
    """How often the run compares the settings with what it has, from now on."""
    calls, apply = [], harness.run.apply

    def count(*arguments):
        calls.append(arguments)
        return apply(*arguments)

    harness.run.apply = count
    return calls


@pytest.mark.parametrize(("made", "values"), [
    (SessionHarness, {"dark": True}), (RaceHarness, {"dark": True}), (SessionHarness, {"speed": 60, "dark": True}),
    (SessionHarness, {"seed": 3}), (RaceHarness, {"surface": "booth"}),
])  # fmt: skip
def test_what_the_browser_sets_is_taken_over_once(made, values):
    harness = made().opened()
    calls = counted(harness)
    harness.tell("set", id=1, values=values)
    harness.settle()
    assert len(calls) == 1


@HARNESSES
def test_what_a_page_brings_along_is_taken_over_once(made):
    harness = made()
    calls = counted(harness)
    harness.tell("ready", restore={"speed": 60}, dark=True)
    harness.settle()
    assert len(calls) == 1
    assert harness.settings.values()["dark"]


@HARNESSES
def test_what_python_sets_is_taken_over_once(made):
    harness = made().opened()
    calls = counted(harness)
    harness.settings.update({"speed": 60, "dark": True})
    harness.settle()
    assert len(calls) == 1


@HARNESSES
def test_what_python_sets_after_the_browser_is_taken_over_too(made):
    harness = made().opened()
    calls = counted(harness)
    harness.session.post({"type": "set", "id": 1, "values": {"speed": 60}})
    harness.settings.display.dark = True
    harness.settle()
    assert len(calls) == 1
    harness.settings.display.dark = False
    harness.settle()
    assert len(calls) == 2


def test_an_experiment_is_taken_over_once():
    harness = SessionHarness().opened()
    calls = counted(harness)
    harness.tell("open", name="dying_relu")
    harness.settle()
    assert len(calls) == 1


def test_a_start_is_taken_over_once():
    harness = RaceHarness().opened()
    calls = counted(harness)
    harness.tell("start", x=1.0, y=2.0)
    harness.settle()
    assert len(calls) == 1
    assert np.array_equal(harness.settings.race.start, [1, 2])
