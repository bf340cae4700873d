"""The race page over a websocket: what it is sent, what it answers, and the way to it and back."""

import asyncio
import json
import re

import numpy as np
import pytest
from headless import Page

from engine import SURFACES
from playground import OptimizerRace, pages
from playground.race_page.choices import SHOWN_AT_ONCE
from playground.race_page.sections import Section
from playground.runtime.flow_control import WINDOW
from playground.runtime.frame import Status

pytestmark = pytest.mark.asyncio(loop_scope="module")

SLOW = {"surface": "bowl", "racers": [{"optimizer": "sgd", "learning_rate": 1e-3}], "speed": 100}


@pytest.fixture(autouse=True)
def races(house, monkeypatch):
    """The race pages that were made."""
    made = []

    def race(**values):
        made.append(OptimizerRace(**values))
        return made[-1]

    monkeypatch.setattr(pages, "OptimizerRace", race)
    return made


@pytest.fixture
def enter(house):
    """Open a window on the race page; it is closed after the test."""

    async def enter(**restore):
        page = await Page.open(f"{house.url}?page=optimizers", component="RaceComponent", restore={**SLOW, **restore})
        house.pages.append(page)
        return page

    return enter


def told(page, kind):
    """All messages of a kind."""
    return [message for document in page.documents for message in document.told if message["type"] == kind]


def sought(page):
    return int(page.pictures[-1].parts[Section.SCALARS][6])


def text_of(page, section):
    return json.loads(page.pictures[-1].parts[section].tobytes())


async def test_the_address_opens_it(enter):
    page = await enter(surface="rosenbrock", racers=["sgd", "adam"])
    scene, picture = page.scenes[-1], page.pictures[-1]
    assert scene["surface"]["label"] == SURFACES["rosenbrock"].label
    assert [racer["label"] for racer in scene["racers"]] == ["SGD", "Adam"]
    assert scene["generation"] == picture.generation
    assert (picture.step, picture.status) == (0, Status.PAUSED)
    assert picture.parts[Section.POSITIONS].tolist() == pytest.approx([*SURFACES["rosenbrock"].start] * 2)
    assert page.components("Stage") == []
    assert page.errors == page.notices == []


async def test_another_name_opens_the_network(house):
    page = await Page.open(f"{house.url}?page=nonsense")
    house.pages.append(page)
    assert page.components("RaceComponent") == []
    assert page.scenes[-1]["settings"]["dataset"]


async def test_the_map_comes_with_the_scene_and_only_then(enter):
    page = await enter()
    assert len(np.frombuffer(told(page, "scene")[-1]["heights"], np.uint8)) == 300 * 300
    count = len(page.scenes)
    await page.tell("set", values={"type": "map", "entries": [["noise", 0.5]]}, id=1)
    await page.until(lambda: len(page.scenes) > count)
    assert told(page, "scene")[-1]["heights"] is None
    assert page.scenes[-1]["heard"] == 1


async def test_it_plays_pauses_seeks_and_resets(enter):
    page = await enter()
    await page.tell("play")
    await page.until(lambda: len(page.pictures) > 20)
    steps = [picture.step for picture in page.pictures]
    assert steps == sorted(steps)
    assert page.pictures[-1].status == Status.PLAYING
    await page.tell("pause")
    await page.until(lambda: page.pictures[-1].status == Status.PAUSED)
    known = page.pictures[-1].step
    await page.tell("seek", step=3, id=9)
    await page.until(lambda: sought(page) == 9)
    assert page.pictures[-1].step == 3
    await page.tell("back")
    await page.until(lambda: page.pictures[-1].step == 2)
    await page.tell("seek", step=10**9, id=10)
    await page.until(lambda: sought(page) == 10)
    assert page.pictures[-1].step == known
    sizes = [picture.parts[Section.VALUES].size for picture in page.pictures]
    assert sum(sizes) == known + 1
    assert [picture.parts[Section.SCALARS][4] for picture in page.pictures] == np.cumsum([0, *sizes[:-1]]).tolist()
    await page.tell("reset")
    await page.until(lambda: page.pictures[-1].step == 0)
    assert page.errors == page.notices == []


async def test_no_more_pictures_are_sent_than_the_window(enter):
    page = await enter()
    await asyncio.sleep(0.2)
    page.painting = False
    shown = len(page.pictures)
    await page.tell("play")
    await page.until(lambda: len(page.pictures) == shown + WINDOW)
    await asyncio.sleep(0.3)
    assert len(page.pictures) == shown + WINDOW
    page.painting = True
    await page.acknowledge()
    await page.until(lambda: len(page.pictures) > shown + 2 * WINDOW)


async def test_a_start_is_placed_and_rates_are_swept(enter):
    page = await enter(swept_steps=20)
    await page.tell("start", x=1.0, y=-1.0)
    await page.until(lambda: page.pictures[-1].step == SHOWN_AT_ONCE)
    assert page.scenes[-1]["settings"]["start"] == [1.0, -1.0]
    count = len(page.scenes)
    await page.tell("sweep")
    (swept,) = await page.until(lambda: told(page, "swept"))
    assert len(swept["rates"]) == len(swept["values"][0])
    await page.until(lambda: len(page.scenes) > count)
    assert page.scenes[-1]["settings"]["racers"][0]["learning_rate"] == pytest.approx(swept["best"][0], rel=0.01)
    assert page.errors == page.notices == []


async def test_widgets_of_the_bar_change_the_race(enter):
    page = await enter()
    await page.change(page.widget("Surface"), value="valley")
    await page.until(lambda: page.scenes[-1]["settings"]["surface"] == "valley")
    await page.until(lambda: page.pictures[-1].generation == page.scenes[-1]["generation"])
    await page.change(page.widget("Scale"), value="False")
    await page.until(lambda: page.scenes[-1]["settings"]["log_scale"] is False)
    assert page.scenes[-1]["surface"]["scale"]["unit"] == 0
    assert page.errors == page.notices == []


JUNK = [
    None, 5, "play", ["play"], {}, {"type": None}, {"type": "nonsense"}, {"type": "live"}, {"type": "focus"},
    {"type": "ack", "seq": "x"}, {"type": "seek", "step": "x"}, {"type": "seek", "step": 1.5, "id": 1},
    {"type": "start"}, {"type": "start", "x": 10**9, "y": 0}, {"type": "start", "x": "1", "y": [1]},
    {"type": "start", "x": {"type": "number", "value": "nan"}, "y": 0},
    {"type": "set"}, {"type": "set", "values": "ab"},
    {"type": "set", "values": {"type": "map", "entries": [["racers", []]]}},
    {"type": "set", "values": {"type": "map", "entries": [["racers", [{"type": "map", "entries": [[5, 1]]}]]]}},
    {"type": "set", "values": {"type": "map", "entries": [["racers", ["sgd"] * 13]]}},
    {"type": "set", "values": {"type": "map", "entries": [["formula", "__import__('os')"]]}},
    {"type": "set", "values": {"type": "map", "entries": [["formula", "(" * 5000 + "x"]]}},
    {"type": "set", "values": {"type": "map", "entries": [["surface", "x"], ["noise", 3]]}},
    {"type": "set", "values": {"type": "map", "entries": [["start", [1, 10**400]]]}},
    {"type": "set", "values": {"type": "map", "entries": [["name", "x"], ["dark", 1]]}},
]  # fmt: skip


async def test_junk_is_refused_and_harms_nothing(enter):
    page = await enter()
    before = page.scenes[-1]["settings"]
    for message in JUNK:
        await page.message(message)
    await page.tell("step")
    await page.until(lambda: page.pictures[-1].step == 1)
    assert page.is_open
    assert len(page.notices) >= 18
    assert not [notice for notice in page.notices if "Something went wrong" in notice]
    assert all(re.fullmatch(r"[^\n]*\.|", notice) for notice in page.notices)
    assert page.pictures[-1].generation == page.scenes[-1]["generation"]
    count = len(page.scenes)
    await page.tell("set", values={"type": "map", "entries": [["dark", True]]}, id=5)
    await page.until(lambda: len(page.scenes) > count)
    assert page.scenes[-1]["settings"] == {**before, "dark": True}


async def test_from_the_network_to_the_race_and_back(house):
    page, play = await house.enter(restore={"hidden": [3], "dataset": "xor", "speed": 100})
    await page.tell("play")
    await page.until(lambda: page.pictures[-1].step > 10)
    await page.tell("goto", page="optimizers")
    await page.until(lambda: page.components("RaceComponent"))
    assert play._stage.visible is False
    page.component = "RaceComponent"
    await page.rendered(restore={"racers": ["sgd", "adam"]})
    assert page.scenes[-1]["surface"]
    # Nobody paints the network now: it comes to rest.
    await page.until(lambda: play.session not in play.session.scheduler)
    left = play.session.run.state.step

    await page.tell("set", values={"type": "map", "entries": [["surface", "network"]]}, id=1)
    await page.until(lambda: "surface" in page.scenes[-1] and page.scenes[-1]["surface"] is None)
    await page.tell("play")
    await page.until(lambda: page.pictures[-1].step > 5)
    assert text_of(page, Section.FATES) == ["", ""]
    await page.tell("pause")
    await page.until(lambda: page.pictures[-1].status == Status.PAUSED)
    assert play.session.run.state.step == left

    chosen = {"type": "map", "entries": [["optimizer", "adam"], ["learning_rate", 0.01]]}
    await page.tell("goto", page="network", values=chosen)
    await page.until(lambda: play.settings.training.optimizer == "adam")
    await page.until(lambda: play.session.run.state.step == 0)
    assert play._stage.visible is True
    assert play.settings.data.dataset == "xor"
    page.component = "Stage"
    await page.rendered()
    assert page.scenes[-1]["settings"]["hidden"] == [3]
    await page.tell("step")
    await page.until(lambda: page.pictures[-1].step == 1)
    await page.tell("goto", page="optimizers")
    await page.until(lambda: play._stage.visible is False)
    assert len(page.components("RaceComponent")) == 1
    assert page.errors == page.notices == []


async def test_settings_that_make_no_sense_on_the_way_are_refused(house):
    page, play = await house.enter()
    before = play.settings.values()
    await page.tell("goto", page="optimizers")
    await page.until(lambda: page.components("RaceComponent"))
    page.component = "RaceComponent"
    await page.rendered()
    for values in (5, "x", {"type": "map", "entries": [["optimizer", "nonsense"]]}):
        await page.tell("goto", page="network", values=values)
    await page.tell("goto", page=None)
    await page.until(lambda: len(page.notices) >= 3)
    assert play.settings.values() == before
    assert page.is_open


async def test_both_clocks_end_with_the_window(house, races):
    page, play = await house.enter()
    await page.tell("goto", page="optimizers")
    await page.until(lambda: page.components("RaceComponent"))
    page.component = "RaceComponent"
    await page.rendered()
    clocks = [play._task, races[-1]._task]
    assert not any(clock.done() for clock in clocks)
    await page.close()
    await house.until(lambda: all(clock.done() for clock in clocks))
