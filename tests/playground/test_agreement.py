"""What the browser's scripts and Python both know: the same numbers and names on both sides."""

import json
import re
import struct

import pytest
from fakes import SessionHarness

from engine import Evaluation
from engine.look import CURVE_POINTS
from playground.network_page.choices import ModelSettings
from playground.network_page.pictures import PICTURES
from playground.network_page.scene import catalog
from playground.network_page.sections import KINDS, Section
from playground.runtime import frame
from playground.runtime.assets import read
from playground.runtime.frame import Status


def constant(script, name):
    """The text of a constant of a script, up to its semicolon."""
    found = re.search(rf"^const {name} = (.*?);", read(script), re.MULTILINE | re.DOTALL)
    assert found, f"{script} has no constant {name}"
    return found[1]


def words(text):
    return re.findall(r'"([^"]*)"', text)


def numbered(text):
    """``{1: "a", 2: B}`` as a dictionary."""
    return {int(number): name for number, name in re.findall(r'(\d+): "?(\w+)"?', text)}


def test_the_sections_of_a_frame():
    renamed = {"STATS": "stats", "FIRST_STATS": "firstStats"}
    expected = {
        section.value: renamed.get(section.name, re.sub(r"_(\w)", lambda m: m[1].upper(), section.name.lower()))
        for section in Section
    }
    assert numbered(constant("network/frame.js", "SECTIONS")) == expected


def picture_sections(picture):
    """Which sections a large picture is made of, as the page is told."""
    return next(entry["sections"] for entry in catalog()["pictures"] if entry["name"] == picture)


@pytest.mark.parametrize("hidden", [[], [4, 2], [2] * 11], ids=["no layers", "columns", "strip"])
@pytest.mark.parametrize("picture", PICTURES)
def test_the_first_picture_has_all_that_the_page_waits_for(picture, hidden):
    harness = SessionHarness(hidden=hidden, picture=picture, samples=50).opened()
    names = numbered(constant("network/frame.js", "SECTIONS"))
    sent = {names[section] for section in harness.picture.parts}
    inside = {"profile"} if harness.screen.scenes[0][0]["strip"] else set(words(constant("network/frame.js", "UNITS")))
    assert sent == {
        *words(constant("network/frame.js", "ALWAYS")),
        *inside,
        *picture_sections(picture),
        "focus",
        "text",
    }


def test_the_header_and_the_table_of_a_frame():
    assert int(re.match(r"0x[0-9a-f]+", constant("runtime/container.js", "MAGIC"))[0], 16) == int.from_bytes(
        frame.MAGIC, "little"
    )
    assert int(constant("runtime/container.js", "HEADER_BYTES")) == len(frame.pack(0, 0, {}))
    table = len(frame.pack(0, 0, {1: frame.text("")})) - len(frame.pack(0, 0, {}))
    assert int(constant("runtime/container.js", "ENTRY_BYTES")) == table == struct.calcsize("<HHII4x")


def test_the_types_of_arrays():
    kinds = {"Uint8Array": "u1", "Int8Array": "i1", "Uint16Array": "<u2", "Float32Array": "<f4", "Float64Array": "<f8"}
    assert [kinds[name] for name in numbered(constant("runtime/container.js", "ARRAYS")).values()] == list(frame._TYPES)
    assert list(numbered(constant("runtime/container.js", "ARRAYS"))) == [*range(1, len(frame._TYPES) + 1)]


@pytest.mark.parametrize(("name", "known"), [
    ("STATUS", [status.name.lower() for status in Status]), ("FOCUS_KINDS", list(KINDS)),
])  # fmt: skip
def test_codes(name, known):
    assert words(constant("network/frame.js", name)) == known


def test_the_scalars():
    names = [
        re.sub("[A-Z]", lambda m: f"_{m[0].lower()}", name) for name in words(constant("network/frame.js", "SCALARS"))
    ]
    assert names == ["step", "epoch", "status", *Evaluation._fields, "speed", "learning_rate", "scale"]
    assert (
        SessionHarness(learning_rate=0.5).opened().picture.parts[Section.SCALARS][names.index("learning_rate")] == 0.5
    )


def test_a_curve_begins_with_its_layer_and_its_ends():
    harness = SessionHarness().opened()
    harness.tell("watch", layer=1)
    values = harness.settle().parts[Section.CURVE]
    assert int(constant("network/curve.js", "ENDS").split()[0]) == len(values) - 2 * CURVE_POINTS


def test_what_a_layer_has_of_its_own_and_how_the_first_one_begins():
    written = re.sub(r"(\w+):", r'"\1":', constant("network/layers.js", "FIRST_LAYER"))
    assert json.loads(re.sub(r",\s*}", "}", written)) == {"hidden": 2, **ModelSettings.PER_LAYER}
