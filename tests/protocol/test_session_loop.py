"""Pages without a browser on a server in this process: what is sent, how much, and when it stops."""

import asyncio
import dataclasses
import socket
import time
from collections import Counter

import pytest

from engine import EXPERIMENTS, FEATURES
from playground.network_page.sections import Section
from playground.runtime.component import send_without_delay
from playground.runtime.flow_control import PATIENCE, WINDOW
from playground.runtime.frame import Status
from playground.runtime.page import scheduler
from playground.runtime.session_loop import FULL_SPEED

pytestmark = pytest.mark.asyncio(loop_scope="module")

MOST_BYTES = 40_000
FULL = {"speed": FULL_SPEED}
LARGE = {
    "dataset": "blobs5", "features": list(FEATURES), "hidden": [32] * 10, "batch_norm": ["before"] * 10,
    "activation": ["leaky_relu"] * 10, "drop_connect": [0.1] * 10, "dropout": [0.1] * 10,
    "activation_params": [{"slope": 0.015625, "alpha": 1.015625, "beta": 1.015625, "k": 5}] * 10,
}  # fmt: skip


async def test_a_ready_page_gets_scene_and_picture(house):
    page = await house.open()
    (scene,) = page.scenes
    (picture,) = page.pictures
    assert scene["settings"]["dataset"] == "circle"
    assert scene["generation"] == picture.generation
    assert (picture.step, picture.status) == (0, Status.PAUSED)
    assert picture.parts[Section.BOUNDARY].size == scene["grid"] ** 2
    assert page.errors == page.notices == []


async def test_a_page_that_is_not_ready_gets_nothing(house):
    page, play = await house.enter(ready=False)
    await page.event("document_ready")
    await page.tell("play")
    await asyncio.sleep(0.3)
    assert page.pictures == page.scenes == []
    assert play.session.run.state.step == 0


async def test_it_plays_pauses_steps_and_resets(house):
    page, play = await house.enter()
    await page.tell("play")
    await page.until(lambda: len(page.pictures) > 30)
    steps = [picture.step for picture in page.pictures]
    assert steps == sorted(steps)
    assert page.pictures[-1].status == Status.PLAYING
    await page.tell("pause")
    await page.until(lambda: page.pictures[-1].status == Status.PAUSED)
    paused = page.pictures[-1].step
    assert paused == play.session.run.state.step > 0
    await page.tell("step")
    await page.until(lambda: page.pictures[-1].step == paused + 1)
    await page.tell("reset")
    await page.until(lambda: page.pictures[-1].step == 0)
    assert page.pictures[-1].parts[Section.WEIGHTS].tolist() == page.pictures[0].parts[Section.WEIGHTS].tolist()
    assert page.errors == page.notices == []


async def test_a_page_brings_its_settings_back(house):
    page = await house.open(restore={"dataset": "moons", "hidden": [3, 3, 3], "learning_rate": 0.1}, dark=True)
    assert page.scenes[-1]["settings"].items() >= {"dataset": "moons", "hidden": [3, 3, 3], "dark": True}.items()
    await page.until(lambda: page.value("Learning rate") == "0.1")
    assert page.pictures[-1].generation == page.scenes[-1]["generation"]


async def test_hyperparameters_come_with_the_optimizer(house):
    page, play = await house.enter()
    await page.change(page.widget("Optimizer"), value="adam")
    await page.until(lambda: page.scenes[-1]["settings"]["optimizer"] == "adam")
    await page.until(lambda: page.value("Beta 1") == 0.9)
    await page.change(page.widget("Beta 1"), value=0.5)
    await page.until(lambda: page.scenes[-1]["settings"]["optimizer_adam_beta1"] == 0.5)
    assert play.session.run.trainer.config.optimizer_params["beta1"] == 0.5
    assert page.errors == page.notices == []


@pytest.mark.parametrize("start", [{}, {"hidden": [32, 32]}], ids=["small", "large"])
async def test_a_refused_choice_goes_back_on_the_page(house, start):
    page, play = await house.enter(restore=start)
    before = play.settings.values()
    await page.change(page.widget("Optimizer"), value="newton")
    if start:
        await page.until(lambda: page.notices)
        assert "takes at most" in page.notices[0]
        await page.until(lambda: (page.value("Optimizer"), page.value("Learning rate")) == ("sgd", "0.03"))
        assert play.settings.values() == before
        await asyncio.sleep(0.2)
        assert len(page.notices) == 1
    else:
        await page.until(lambda: page.scenes[-1]["settings"]["optimizer"] == "newton")
        assert page.notices == []


async def test_training_that_ends_says_so_and_goes_on(house):
    ending = {"stopping": "epochs", "stopping_epochs_n": 2}
    page, play = await house.enter(restore=ending)
    for end in (50, 100):
        await page.tell("play")
        await page.until(lambda end=end: (page.pictures[-1].step, page.pictures[-1].status) == (end, Status.PAUSED))
        assert f"after epoch {end // 25}:" in page.pictures[-1].text
    assert play.session not in play.session.scheduler


async def test_a_watched_layer_has_its_curve(house):
    page = await house.open()
    assert Section.CURVE not in page.pictures[-1].parts
    await page.tell("watch", layer=1)
    await page.until(lambda: page.pictures[-1].parts.get(Section.CURVE, [0])[0] == 1)
    await page.tell("watch", layer=0)
    await page.until(lambda: Section.CURVE not in page.pictures[-1].parts)


async def test_gradients_are_checked_when_the_page_asks(house):
    page, play = await house.enter()
    await page.tell("check")
    await page.until(lambda: page.checks)
    assert page.checks[0] == play.session.run.check()


async def test_an_experiment_is_set_up_and_shown_on_the_widgets(house):
    page, play = await house.enter()
    for name in list(EXPERIMENTS)[::8]:
        await page.tell("open", name=name)
        await page.until(lambda name=name: page.scenes[-1]["settings"]["experiment"] == name)
        await page.until(lambda: page.value("Optimizer") == play.settings.training.optimizer)
        await page.until(lambda: page.pictures[-1].generation == page.scenes[-1]["generation"])
        assert page.value("Dataset") == play.settings.data.dataset
    assert page.errors == page.notices == []


# How much is sent


@pytest.mark.parametrize("net", [{}, LARGE], ids=["default", "largest"])
async def test_a_picture_is_one_message_of_at_most_40_kb(house, net):
    page, play = await house.enter(restore={**net, **FULL})
    run = play.session.run
    for step in range(1, run.history.capacity):
        run.history.record(step, run.evaluation)
    run.state = dataclasses.replace(run.state, step=run.history.capacity)
    await page.tell("watch", layer=2)
    await page.tell("play")
    await page.until(lambda: sum(picture.document.has_chart for picture in page.pictures) > 5)
    sent = Counter(len(document.told) for document in page.documents if document.told)
    assert set(sent) == {1}
    assert all(document.told for document in page.documents if document.has_chart)
    sizes = [picture.document.size for picture in page.pictures]
    assert max(sizes) <= MOST_BYTES
    largest = max((picture for picture in page.pictures), key=lambda picture: picture.document.size)
    assert largest.document.has_chart
    assert Section.CURVE in largest.parts


@pytest.mark.parametrize("net", [
    LARGE, {"hidden": [64] * 50, "layer_detail": 51, "picture": "landscape", "samples": 50},
    {**LARGE, "picture": "hidden", "samples": 1000},
], ids=["largest", "strip", "hidden space"])  # fmt: skip
async def test_a_layer_in_detail_is_one_message_of_at_most_40_kb(house, net):
    page = await house.open(restore={"layer_detail": 2, **net, **FULL})
    # The empty charts themselves come once, when they are first wanted.
    await page.until(lambda: len(page.pictures) == 2)
    await page.tell("watch", layer=2)
    await page.tell("play")
    await page.until(lambda: sum(picture.document.has_chart for picture in page.pictures) > 6)
    later = page.pictures[2:]
    slim = {Section.SCALARS, Section.FOCUS, Section.TEXT}
    assert any(picture.document.has_chart for picture in later if set(picture.parts) == slim)
    assert max(picture.document.size for picture in later) <= MOST_BYTES
    assert {len(document.told) for document in page.documents if document.told or document.has_chart} == {1}


async def test_a_scene_is_at_most_40_kb(house):
    page = await house.open(restore={**LARGE, "samples": 5000})
    assert max(document.size for document in page.documents if document.told) <= MOST_BYTES


async def test_the_chart_is_sent_at_most_ten_times_a_second(house):
    page = await house.open(restore=FULL)
    await page.tell("play")
    await page.until(lambda: len(page.pictures) > 60)
    times = [picture.document.time for picture in page.pictures[5:] if picture.document.has_chart]
    assert len(times) <= 1.3 + 10 * (page.pictures[-1].document.time - page.pictures[5].document.time)


# When it stops


async def test_no_more_pictures_are_sent_than_the_window(house):
    page, play = await house.enter(restore=FULL)
    page.painting = False
    await page.tell("play")
    await page.until(lambda: play.session not in play.session.scheduler and play.session.run.state.step > 0)
    assert len(page.pictures) - 1 == WINDOW


async def test_a_page_that_stops_painting_pauses_the_training_until_it_paints_again(house):
    page, play = await house.enter(restore=FULL)
    await page.tell("play")
    await page.until(lambda: len(page.pictures) > 20)
    page.painting = False
    start = time.perf_counter()
    await page.until(lambda: play.session not in play.session.scheduler)
    assert time.perf_counter() - start < 2
    step, documents = play.session.run.state.step, len(page.documents)
    await asyncio.sleep(0.7)
    assert (play.session.run.state.step, len(page.documents)) == (step, documents)
    assert not play.session._inbox
    page.painting = True
    await page.acknowledge()
    await page.until(lambda: page.pictures[-1].step > step)
    await page.until(lambda: page.pictures[-1].status == Status.PLAYING)


async def test_a_slow_page_sees_the_newest_and_not_a_queue(house):
    page, play = await house.enter(restore={"speed": 300})
    page.painting = False
    await page.tell("play")
    for _ in range(8):
        await asyncio.sleep(0.2 * PATIENCE)
        await page.acknowledge()
        count = len(page.pictures)
        await page.until(lambda count=count: len(page.pictures) > count)
        assert play.session.run.state.step - page.pictures[count].step < 0.25 * 300


async def test_many_pages_leave_nothing_behind(house):
    await house.empty()
    await house.until(lambda: not house.clocks)
    _, documents = house.remains
    for k in range(30):
        page = await house.open(ready=k % 3 > 0)
        if k % 3 == 1:
            await page.tell("play")
            await page.until(lambda page=page: page.pictures[-1].step > 0)
        await house.close_pages()
    # Held on to, so that it is the page's end and not the collector's that ends the clocks.
    plays = list(house.plays)
    await house.empty()
    await house.until(lambda: not house.clocks)
    del page, plays
    await house.until(lambda: house.remains <= (0, documents))
    assert scheduler().training == 0


# What a person does


@pytest.mark.parametrize(("label", "sent", "name", "value"), [
    ("Learning rate", "0.3", "learning_rate", 0.3), ("Penalty", "l2", "regularization", "l2"),
    ("Dropout", "0.2", "dropout", [0.2] * 2), ("Optimizer", "adam", "optimizer", "adam"),
    ("Batch size", "30", "batch_size", 30),
])  # fmt: skip
async def test_a_widget_applies_to_the_running_network(house, label, sent, name, value):
    page, play = await house.enter(restore={"speed": 1000})
    await page.tell("play")
    await page.until(lambda: page.pictures[-1].step > 50)
    await page.change(page.widget(label), value=sent)
    await page.until(lambda: len(page.scenes) == 2)
    assert page.scenes[1]["settings"][name] == play.settings.values()[name] == value
    assert page.scenes[1]["generation"] == page.scenes[0]["generation"]
    step = page.pictures[-1].step
    await page.until(lambda: page.pictures[-1].step > step >= 50)


async def test_another_data_set_starts_again_and_plays_on(house):
    page = await house.open(restore={"speed": 1000})
    await page.tell("play")
    await page.until(lambda: page.pictures[-1].step > 500)
    await page.change(page.widget("Dataset"), value="spiral")
    await page.until(lambda: len(page.scenes) == 2)
    await page.until(lambda: page.pictures[-1].generation == page.scenes[1]["generation"])
    assert page.pictures[-1].step < 500
    assert page.pictures[-1].status == Status.PLAYING


async def test_what_the_stage_sets_the_widgets_show(house):
    page = await house.open()
    await page.tell("set", values={"activation": "relu", "dataset": "xor"})
    await page.until(lambda: (page.value("Activation"), page.value("Dataset")) == ("relu", "xor"))
    await page.tell("set", values={"activation": ["relu", "tanh"]})
    await page.until(lambda: page.value("Activation") == "mixed")


async def test_divergence_is_a_status_and_reset_a_way_out(house):
    wild = {"dataset": "plane", "loss": "squared_error", "activation": ["relu"] * 2, "learning_rate": 10}
    page = await house.open(restore={**wild, "hidden": [8, 8], **FULL})
    await page.tell("play")
    await page.until(lambda: page.pictures[-1].status == Status.DIVERGED)
    last = page.pictures[-1]
    assert Section.BOUNDARY not in last.parts
    assert f"step {last.step + 1:,}" in last.text
    assert "learning rate 10" in last.text
    await page.tell("reset")
    await page.until(lambda: page.pictures[-1].status == Status.PAUSED)
    assert (page.pictures[-1].step, page.pictures[-1].text) == (0, "")
    assert Section.BOUNDARY in page.pictures[-1].parts


async def test_an_error_reaches_the_page_and_the_log(house, caplog, monkeypatch):
    page, play = await house.enter(restore=FULL)
    await page.tell("play")
    await page.until(lambda: page.pictures[-1].step > 0)
    with monkeypatch.context() as patch:
        patch.setattr(play.session.run, "compose", lambda *how: 1 / 0)
        await page.until(lambda: page.notices)
    assert "ZeroDivisionError" in page.notices[0]
    assert any(record.exc_info and record.levelname == "ERROR" for record in caplog.records)
    await page.tell("reset")
    await page.until(lambda: (page.pictures[-1].step, page.pictures[-1].status) == (0, Status.PAUSED))


# Several pages


async def test_pages_do_not_touch_each_other(house):
    first, second = await house.open(), await house.open()
    await first.tell("set", values={"dataset": "xor"})
    await first.tell("step")
    await first.until(lambda: first.pictures[-1].step == 1)
    assert len(second.scenes) == len(second.pictures) == 1
    assert second.value("Dataset") == "circle"
    await second.tell("step")
    await second.until(lambda: second.pictures[-1].step == 1)


async def test_pages_share_the_processor_fairly(house):
    pages = [await house.open(restore=FULL) for _ in range(3)]
    for page in pages:
        await page.tell("play")
    for page in pages:
        await page.until(lambda page=page: page.pictures[-1].step > 0)
    before = [page.pictures[-1].step for page in pages]
    await asyncio.sleep(2)
    steps = [page.pictures[-1].step - start for page, start in zip(pages, before, strict=True)]
    assert max(steps) < 2 * min(steps), steps


# The private name we rely on


async def test_messages_are_not_held_back(house):
    _, play = await house.enter()
    (connection,) = play._doc.session_context.session._subscribed_connections
    stream = connection._socket.ws_connection.stream
    assert stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    stream.set_nodelay(False)
    assert send_without_delay(play._doc)
    assert stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
