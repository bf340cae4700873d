"""Whatever a client sends: the settings keep to their bounds, the session lives, and others notice nothing."""

import asyncio
import json
import random

import pytest

from playground.network_page.settings import Settings

pytestmark = pytest.mark.asyncio(loop_scope="module")

FAR = 10**9

WIDGETS = [
    ("Noise", {"value": FAR}), ("Noise", {"value": -1}), ("Noise", {"value": "x"}), ("Noise", {"value": None}),
    ("Noise", {"value": {"type": "number", "value": "nan"}}), ("Noise", {"end": FAR, "value": FAR}),
    ("Samples", {"value": FAR}), ("Samples", {"value": 0}), ("Samples", {"value": [100, 200]}),
    ("Samples", {"start": 0, "value": 1}), ("Train share", {"value": 1}), ("Seed", {"value": 2**40}),
    ("Seed", {"value": "x"}), ("Dataset", {"value": "Iris"}), ("Dataset", {"value": None}),
    ("Dataset", {"options": [["iris", "Iris"]], "value": "iris"}),
    ("Learning rate", {"value": "99"}), ("Learning rate", {"options": [["99", "99"]], "value": "99"}),
    ("Learning rate", {"value": {"type": "map"}}), ("Batch size", {"value": "0"}), ("Optimizer", {"value": FAR}),
    ("Activation", {"value": "mixed"}), ("Speed", {"value": "1e99"}), ("Beta 1", {"value": 2}),
    ("Beta 1", {"end": 2, "value": 2}), ("Beta 2", {"value": "x"}), ("Epsilon", {"value": "0"}),
    ("Epsilon", {"options": [["0", "0"]], "value": "0"}), ("Shuffle", {"value": "maybe"}),
    ("Batch norm", {"value": True}), ("Stop when", {"value": "now"}), ("Loss", {"value": "hinge loss"}),
    ("Gradient clipping", {"options": [["x", "x"]], "value": "x"}), ("Input noise", {"value": "-1"}),
]  # fmt: skip

MESSAGES = [
    None, 5, "play", ["play"], {}, {"type": None}, {"type": "nonsense"}, {"type": "live"}, {"type": "ack"},
    {"type": "ack", "seq": "x"}, {"type": "ack", "seq": None}, {"type": "set"}, {"type": "set", "values": "ab"},
    {"type": "set", "values": {"type": "map", "entries": [["learning_rate", FAR]]}},
    {"type": "set", "values": {"type": "map", "entries": [["learning_rate", [0.1]]]}},
    {"type": "set", "values": {"type": "map", "entries": [["hidden", [[4, 2]]]]}},
    {"type": "set", "values": {"type": "map", "entries": [["hidden", [65] * 50]]}},
    {"type": "set", "values": {"type": "map", "entries": [["samples", []]]}},
    {"type": "set", "values": {"type": "map", "entries": [["optimizer_params", 5]]}},
    {"type": "set", "values": {"type": "map", "entries": [["name", "x"], ["dark", 1]]}},
    {"type": "edit", "kind": "link", "layer": 1, "i": 99, "j": 0, "value": 1},
    {"type": "edit", "kind": "link", "layer": 1, "i": 0, "j": 0, "value": "x"},
    {"type": "edit", "kind": "bias", "layer": 1, "i": 0, "value": [1]},
    {"type": "focus", "kind": "unit", "layer": 1, "i": FAR}, {"type": "focus", "kind": {"type": "map"}},
    {"type": "focus"}, {"type": "focus", "kind": "none", "layer": 99},
    {"type": "edit", "kind": "link", "layer": [1], "value": 1},
    {"type": "watch"}, {"type": "watch", "layer": FAR}, {"type": "watch", "layer": "x"},
    {"type": "set", "values": {"type": "map", "entries": [["activation_params", [5, 5]]]}},
    {"type": "set", "values": {"type": "map", "entries": [["activation_params", 5], ["view", "x"]]}},
    {"type": "set", "values": {"type": "map", "entries": [["loss", "hinge"], ["dataset", "plane"]]}},
    {"type": "set", "values": {"type": "map", "entries": [["optimizer", "newton"], ["clipping", "norm"]]}},
    {"type": "set", "values": {"type": "map", "entries": [["batch_norm", [2, 2]]]}},
]  # fmt: skip

PATCHES = [
    {}, [], "x", None, {"kind": "nonsense"}, {"kind": "ModelChanged"},
    {"kind": "ModelChanged", "model": {"id": "nobody"}, "attr": "value", "new": 1},
    {"kind": "ModelChanged", "model": {"id": "STAGE"}, "attr": "nothing", "new": 1},
    {"kind": "ModelChanged", "model": {"id": "STAGE"}, "attr": "esm", "new": "alert(1)"},
    {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": {"type": "event", "name": "nonsense"}},
    {"kind": "MessageSent", "msg_type": "nonsense", "msg_data": 5},
    {"kind": "RootAdded", "model": {"id": "STAGE"}}, {"kind": "RootRemoved", "model": {"id": "STAGE"}},
]  # fmt: skip

RAW = [
    ("x",),
    ("{}", "{}", "{}"),
    ("[", "]"),
    (b"\0\1\2",),
    ("",),
    (json.dumps({"msgid": "1", "msgtype": "NONSENSE"}), "{}", "{}"),
]


async def assert_alive(page, play, **chosen):
    """The choices are what they were, and the page can do what it could."""
    assert play.settings.values() == Settings(**chosen).values()
    step = page.pictures[-1].step
    await page.tell("step")
    await page.until(lambda: page.pictures[-1].step == step + 1)


def complaints(caplog):
    """What our own code says went wrong. Panel logs a widget's refusals, Bokeh a protocol's."""
    return [record for record in caplog.records if record.name.startswith("playground") and record.levelname != "INFO"]


async def test_widgets(house, caplog):
    page, play = await house.enter(restore={"optimizer": "adam"})
    await page.until(lambda: page.value("Beta 1") == 0.9)
    for label, attributes in WIDGETS:
        await page.change(page.widget(label), **attributes)
    # Panel waits 50 ms before it tells of a change.
    await asyncio.sleep(0.2)
    await assert_alive(page, play, optimizer="adam")
    assert complaints(caplog) == []


async def test_messages(house, caplog):
    page, play = await house.enter()
    for message in MESSAGES:
        await page.message(message)
        await assert_alive(page, play)
        assert complaints(caplog) == [], message
    assert max(map(len, page.notices)) < 1000


async def test_a_flood(house, caplog):
    page, play = await house.enter()
    choices = random.Random(1)
    for _ in range(1000):
        await page.message(choices.choice(MESSAGES))
    await assert_alive(page, play)
    assert complaints(caplog) == []


async def test_a_message_as_long_as_a_book(house, caplog):
    page, play = await house.enter()
    await page.tell("set", values={"type": "map", "entries": [["dataset", "x" * 1_000_000]]})
    await page.tell("set", values={"type": "map", "entries": [["hidden", [1] * 200_000]]})
    await assert_alive(page, play)
    assert complaints(caplog) == []
    assert max(document.size for document in page.documents) < 40_000


@pytest.mark.parametrize("attempts", [PATCHES, RAW], ids=["patches", "garbage"])
async def test_messages_that_are_none_of_ours(house, attempts):
    """They may cost the page that sends them its connection, and nobody else anything."""
    witness, its = await house.enter()
    page, play = await house.enter()
    for attempt in attempts:
        if not page.is_open:
            page, play = await house.enter()
        if isinstance(attempt, tuple):
            await page.write(*attempt)
        else:
            await page.patch(json.loads(json.dumps(attempt).replace("STAGE", page.stage)))
        await assert_alive(witness, its)
        assert play.settings.values() == Settings().values()
