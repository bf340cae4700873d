"""The race page as in a notebook: a loop, no server. Pages are slow to make, so that there are few of them."""

import asyncio
import gc
import weakref

import numpy as np
import pytest
from helpers import one_sentence
from notebook import loops, shown, until

from engine import Config
from engine.surfaces import from_callable
from playground import OptimizerRace
from playground.race_page.component import RaceComponent
from playground.race_page.scene import catalog
from playground.runtime.flow_control import WINDOW
from playground.runtime.page import scheduler


@pytest.fixture
async def race():
    async with shown(OptimizerRace(surface="bowl", racers=[("sgd", 0.001), ("adam", 0.01)], speed=1000)) as page:
        yield page


def kinds(race):
    return [message["type"] for message in race.told]


def test_it_can_be_made_anywhere():
    surface = from_callable(lambda x, y: np.hypot(x, y) + x**2, box=((-2, 2), (-2, 2)))
    race = OptimizerRace(surface=surface, racers=["momentum", ("adam", 0.1)], noise=0.1, start=(1, -1))
    assert race.session.run.race.surface is surface
    assert [racer.optimizer for racer in race.session.run.race.trajectory.race.racers] == ["momentum", "adam"]
    assert race.session.run.race.trajectory.positions[0].tolist() == [[1, -1]] * 2
    assert isinstance(race.__panel__(), RaceComponent)
    assert race._stage.catalog == catalog()
    assert race.session.scheduler is scheduler()
    assert race.session.window > WINDOW
    race.stop()


@pytest.mark.parametrize(("values", "parts"), [
    ({"surface": "hill"}, ["surface", "not 'hill'"]),
    ({"racers": []}, ["racers", "1 to 12"]),
    ({"racers": [("adam", -1)]}, ["learning_rate", "not -1"]),
    ({"start": (100, 0)}, ["start", "not (100, 0)"]),
    ({"formula": "x + z", "surface": "own"}, ["'z'"]),
    ({"surface": "network"}, ["surface", "no network"]),
    ({"dataset": "xor"}, ["no setting 'dataset'"]),
], ids=str)  # fmt: skip
def test_a_wrong_value_is_refused_with_one_sentence(values, parts):
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        OptimizerRace(**values)


@pytest.mark.parametrize("as_function", [False, True])
def test_a_network_may_be_given(as_function):
    config = Config(dataset="xor", hidden=(3,))
    race = OptimizerRace(network=(lambda: config) if as_function else config, surface="network", racers=["sgd"])
    assert race.session.run.race.config is config


async def test_it_plays_in_a_notebook(race):
    race._stage._handle_msg({"type": "ready"})
    race._stage._handle_msg({"type": "play"})
    await until(lambda: kinds(race).count("frame") > 5)
    assert race.told[0]["type"] == "scene"
    assert isinstance(race.told[0]["heights"], bytes)
    assert race.session.run.race.cursor > 0
    await until(lambda: len(race._chart.source.data["xs"]) == 2 and len(race._chart.source.data["xs"][0]) > 1)
    assert race._chart.source.data["label"] == ["SGD", "Adam"]
    race._stage._handle_msg({"type": "pause"})
    await asyncio.to_thread(race._stage._handle_msg, {"type": "seek", "step": 1, "id": 3})
    await until(lambda: race.session.run.race.cursor == 1)
    await until(lambda: race._chart._cursor.location == 1)
    race._stage._handle_msg({"type": "sweep"})
    await until(lambda: "swept" in kinds(race))
    swept = next(message for message in race.told if message["type"] == "swept")
    assert len(swept["best"]) == 2


async def test_settings_changed_in_python_reach_the_page(race):
    race._stage._handle_msg({"type": "ready"})
    await until(lambda: "frame" in kinds(race))
    race.settings.update({"surface": "plane", "dark": True, "racers": ["lion"]})
    await until(lambda: kinds(race).count("scene") == 2)
    scene = next(message for message in reversed(race.told) if message["type"] == "scene")["scene"]
    assert scene["settings"].items() >= {"surface": "plane", "dark": True}.items()
    await until(lambda: race._chart.source.data["label"] == ["Lion"])
    assert [type(axis).__name__ for axis in race._chart.figure.yaxis if axis.visible] == ["LinearAxis"]


async def test_a_refusal_is_shown_and_the_race_goes_on(race):
    race._stage._handle_msg({"type": "ready"})
    race._stage._handle_msg({"type": "play"})
    await until(lambda: race.session.run.race.cursor > 0)
    race._stage._handle_msg({"type": "set", "values": {"formula": "__import__('os')"}, "id": 1})
    await until(lambda: "notice" in kinds(race))
    (notice,) = (message for message in race.told if message["type"] == "notice")
    assert notice["level"] == "error"
    assert notice["text"].endswith(".")
    cursor = race.session.run.race.cursor
    await until(lambda: race.session.run.race.cursor > cursor)


async def test_it_leads_to_other_pages(race):
    gone = []
    pages = [{"name": name, "label": name.title(), "invitation": None} for name in ("network", "optimizers")]
    race.lead_to(lambda name, values: gone.append((name, values)), pages, "optimizers")
    assert (race._stage.nav, race._stage.page) == (pages, "optimizers")
    race._stage._handle_msg({"type": "goto", "page": "network"})
    race._stage._handle_msg({"type": "goto", "page": "network", "values": {"optimizer": "adam"}})
    race._stage._handle_msg({"type": "goto"})
    assert gone == [("network", None), ("network", {"optimizer": "adam"}), ("None", None)]
    race.set_visible(False)
    assert race._stage.visible is False


async def test_a_stopped_page_is_forgotten():
    race = OptimizerRace(racers=["sgd"])
    gone = weakref.ref(race.session)
    race.__panel__()
    await until(loops)
    race.stop()
    await until(lambda: not loops())
    del race
    await until(lambda: gc.collect() is None or gone() is None)
