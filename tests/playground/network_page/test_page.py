import asyncio
import gc
import inspect
import time
import weakref

import panel as pn
import pytest
from helpers import one_sentence
from notebook import loops, shown, until
from panel.custom import JSComponent

from playground import Playground
from playground.network_page.component import Stage
from playground.network_page.layer_detail import LayerDetailCharts
from playground.runtime.component import send_without_delay
from playground.runtime.flow_control import WINDOW
from playground.runtime.page import scheduler
from playground.runtime.session_loop import FULL_SPEED


@pytest.fixture
def lean(monkeypatch):
    """Without the charts of a layer in detail, which take longer to make than all else, and which nobody opens here."""
    monkeypatch.setattr(LayerDetailCharts, "make", lambda charts: None)


@pytest.fixture
async def play(lean):
    async with shown(Playground(speed=FULL_SPEED)) as page:
        yield page


def test_it_can_be_made_anywhere():
    play = Playground(dataset="spiral", hidden=(8, 8), optimizer="adam", optimizer_params={"beta1": 0.8})
    assert play.settings.config().hidden == (8, 8)
    assert play.session.run.trainer.config.optimizer_params["beta1"] == 0.8
    assert isinstance(play.__panel__(), Stage)
    play.stop()


@pytest.mark.parametrize(("values", "parts"), [
    ({"dataset": "iris"}, ["dataset", "circle, xor", "not 'iris'"]),
    ({"learning_rate": 11}, ["learning_rate", "1e-06 and 10", "not 11"]),
    ({"hidden": (4, 65)}, ["hidden", "1 and 64", "not 65"]),
    ({"activation": "soft"}, ["activation", "tanh", "not 'soft'"]),
    ({"batch_norm": "both"}, ["batch_norm", "off, before, after", "not 'both'"]),
    ({"dataset": "plane", "loss": "hinge"}, ["loss", "made for values", "not hinge"]),
    ({"batch_size": 1, "batch_norm": True}, ["batch_size", "2 or more", "not 1"]),
    ({"hidden": (32, 32), "optimizer": "newton"}, ["newton", "parameters"]),
    ({"colour": "red"}, ["'colour'", "dataset"]),
    ({"optimizer": "adam", "optimizer_params": {"momentum": 0.5}}, ["optimizer adam", "no hyperparameter 'momentum'"]),
], ids=str)  # fmt: skip
def test_a_wrong_value_is_refused_with_one_sentence(values, parts):
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        Playground(**values)


@pytest.mark.usefixtures("lean")
def test_all_playgrounds_of_a_process_share_a_room_and_in_a_notebook_have_a_longer_window():
    assert scheduler() is scheduler()
    one, other = Playground().session, Playground().session
    assert one.scheduler is other.scheduler is scheduler()
    assert one.window > WINDOW


# The stage's hooks


def test_panel_still_has_the_hook_that_saves_its_bookkeeping():
    """Private; where it goes, messages arrive through ``_handle_msg`` alone, only slower."""
    ours, theirs = Stage._process_bokeh_event, JSComponent._process_bokeh_event
    assert ours is not theirs
    assert list(inspect.signature(ours).parameters) == list(inspect.signature(theirs).parameters)
    assert "_process_bokeh_event" in inspect.getsource(JSComponent._server_event) + inspect.getsource(
        JSComponent._event_coroutine
    )


@pytest.mark.parametrize("name", ["_send_msg", "_handle_msg"])
def test_panel_still_has_the_messages(name):
    assert callable(getattr(JSComponent, name))


class Event:
    def __init__(self, data):
        self.data = data


def test_messages_reach_the_session_past_the_bookkeeping(monkeypatch):
    heard, booked = [], []
    monkeypatch.setattr(JSComponent, "_process_bokeh_event", lambda self, doc, event: booked.append(event))
    stage = Stage(heard.append)
    stage._process_bokeh_event(None, Event({"type": "ack", "seq": 1}))
    assert (heard, booked) == ([{"type": "ack", "seq": 1}], [])
    for data in ({"no": "type"}, None, 5, [1]):
        stage._process_bokeh_event(None, Event(data))
    assert len(booked) == 4


@pytest.mark.parametrize("junk", [None, 5, "play", [], [{"type": "play"}]], ids=repr)
def test_what_is_no_message_is_not_heard(junk):
    heard = []
    Stage(heard.append)._handle_msg(junk)
    assert heard == []


def test_without_a_server_there_is_no_delay_to_switch_off():
    assert send_without_delay(None) is False


# The session loop


async def test_the_clock_starts_when_it_is_shown_and_only_once(play):
    for _ in range(3):
        play.__panel__()
    await until(loops)
    await asyncio.sleep(0)
    assert len(loops()) == 1


async def test_it_plays_in_a_notebook(play):
    play._stage._handle_msg({"type": "ready"})
    play._stage._handle_msg({"type": "play"})
    await until(lambda: sum(message["type"] == "frame" for message in play.told) > 5)
    assert play.told[0]["type"] == "scene"
    assert play.session.run.state.step > 0
    assert play._chart.source.data["step"][-1] > 0


async def test_messages_may_come_from_another_thread(play):
    play.__panel__()
    await asyncio.to_thread(play._stage._handle_msg, {"type": "ready"})
    await asyncio.to_thread(play._stage._handle_msg, {"type": "step"})
    await until(lambda: play.session.run.state.step == 1)


@pytest.mark.usefixtures("lean")
async def test_a_playground_made_before_there_was_a_loop_starts_with_the_first_word():
    play = await asyncio.to_thread(Playground)
    play._stage._handle_msg({"type": "ready"})
    await until(loops)
    play.stop()
    await until(lambda: not loops())


async def test_a_refused_setting_is_shown(play):
    play._stage._handle_msg({"type": "ready"})
    play._stage._handle_msg({"type": "set", "values": {"noise": 99}})
    await until(lambda: "notice" in [message["type"] for message in play.told])
    (notice,) = (message for message in play.told if message["type"] == "notice")
    assert notice["level"] == "error"
    assert "Noise" in notice["text"]


async def test_settings_changed_in_python_reach_the_page(play):
    play._stage._handle_msg({"type": "ready"})
    await until(lambda: play.told)
    play.settings.update({"dataset": "moons", "log_loss": True, "dark": True})
    await until(lambda: [message["type"] for message in play.told].count("scene") == 2)
    scene = next(message for message in reversed(play.told) if message["type"] == "scene")["scene"]
    assert scene["settings"].items() >= {"dataset": "moons", "log_loss": True, "dark": True}.items()
    assert [type(axis).__name__ for axis in play._chart.figure.yaxis if axis.visible] == ["LogAxis"]


async def test_stopping_ends_the_clock(play):
    play._stage._handle_msg({"type": "ready"})
    play._stage._handle_msg({"type": "play"})
    await until(lambda: play.session.run.state.step > 0)
    play.stop()
    await until(lambda: not loops())
    assert play.session not in scheduler()
    step = play.session.run.state.step
    play._stage._handle_msg({"type": "ready"})
    await asyncio.sleep(0.05)
    assert play.session.run.state.step == step
    assert not loops()


@pytest.mark.usefixtures("lean")
async def test_stopping_before_the_clock_has_begun_ends_it_too():
    play = Playground()
    play.__panel__()
    play.stop()
    await asyncio.sleep(0.05)
    assert not loops()


@pytest.mark.usefixtures("lean")
async def test_a_stopped_playground_is_forgotten():
    play = Playground()
    gone = weakref.ref(play.session)
    play.__panel__()
    await until(loops)
    play.stop()
    await until(lambda: not loops())
    del play
    await until(lambda: gc.collect() is None or gone() is None)


async def test_other_tasks_get_their_turn(play):
    play._stage._handle_msg({"type": "ready"})
    play._stage._handle_msg({"type": "play"})
    await until(lambda: play.session.run.state.step > 100)
    start = time.perf_counter()
    for _ in range(10):
        await asyncio.sleep(0)
    assert time.perf_counter() - start < 2


def test_what_holds_messages_together_is_still_there():
    assert callable(pn.io.hold)
    assert callable(pn.io.push_notebook)
