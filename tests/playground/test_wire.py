"""The wires: what is generated from their tables stands in static/, and what passes is what they say."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple, NotRequired, TypedDict

import numpy as np
import param
import pytest
from fakes import SessionHarness
from race_fakes import RaceHarness

from engine.look import CURVE_POINTS
from engine.registry import Refusal
from playground.network_page.commands import Actions
from playground.network_page.pictures import PICTURES
from playground.network_page.sections import ALWAYS, KINDS, OF_STRIP, OF_UNITS, CurveEnds, Focus, Scalars, Section
from playground.network_page.session import Session
from playground.network_page.wire import WIRE as NETWORK
from playground.pages import PAGES
from playground.race_page.commands import RaceActions
from playground.race_page.sections import Section as RaceSection
from playground.race_page.session import RaceSession
from playground.race_page.wire import WIRE as RACE
from playground.runtime import wire
from playground.runtime.assets import read
from playground.runtime.frame import ENTRY, HEADER, Status, offsets, pack, text
from playground.runtime.parameters import Several, Switch
from playground.runtime.sender import Moment
from playground.runtime.wire import Command, Constant, Field, Script, Wire, one_of, whole
from playground.runtime.wire_script import camel, literal, script, script_type
from playground.wires import WIRES


@pytest.mark.parametrize("name", WIRES)
def test_the_scripts_are_what_the_tables_make(name):
    assert read(f"{name}/wire.js") == script(WIRES[name]), "python -m playground.wires"


# What the tables say is what passes


def assert_shapes(sections, parts):
    """All arrays have the numbers and axes that the table says; axes of one name have one length."""
    sizes = {}
    for number, array in parts.items():
        section = sections(number)
        assert array.dtype == np.dtype(section.dtype), section
        assert array.ndim == len(section.shape), section
        for axis, length in zip(section.shape, array.shape, strict=True):
            assert length == (axis if isinstance(axis, int) else sizes.setdefault(axis, length)), (section, axis)


def sent(harness):
    """The sections of the first picture for a new page, before they are packed."""
    harness.tell("ready")
    sender = harness.session._sender
    sender.welcome()
    return sender.compose(Moment(0.0, Status.PAUSED, "", 0.0)).sections


@pytest.mark.parametrize("hidden", [[], [4, 2], [3] * 11], ids=["no layers", "columns", "strip"])
@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_of_a_network_is_as_the_table_says(picture, hidden):
    harness = SessionHarness(hidden=hidden, picture=picture, samples=50, dataset="blobs3")
    if hidden:
        harness.session.post({"type": "watch", "layer": 1})
    parts = sent(harness)
    assert_shapes(Section, parts)
    assert len(parts[Section.STATS]) == len(hidden) + 2
    assert (Section.CURVE in parts) == bool(hidden)
    if hidden:
        assert len(parts[Section.CURVE]) == len(CurveEnds._fields) + 2 * CURVE_POINTS


@pytest.mark.parametrize("hidden", [[], [4, 2], [2] * 11], ids=["no layers", "columns", "strip"])
@pytest.mark.parametrize("picture", PICTURES)
def test_the_first_picture_has_all_that_the_page_waits_for(picture, hidden):
    harness = SessionHarness(hidden=hidden, picture=picture, samples=50).opened()
    inside = OF_STRIP if harness.screen.scenes[0][0]["strip"] else OF_UNITS
    needed = {*ALWAYS, *inside, *PICTURES[picture].sections, Section.FOCUS, Section.TEXT}
    assert set(harness.picture.parts) == needed


def test_scalars_are_where_the_table_says():
    harness = SessionHarness(learning_rate=0.5, seed=3).opened()
    harness.tell("step")
    scalars = Scalars(*harness.settle().parts[Section.SCALARS])
    evaluation = harness.run.evaluation
    assert scalars[:3] == (1, harness.run.state.epoch, Status.PAUSED)
    assert scalars[3:8] == pytest.approx([float(value) for value in evaluation])
    assert (scalars.speed, scalars.learning_rate) == (0, 0.5)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_looked_at_is_where_the_table_says(kind):
    harness = SessionHarness().opened()
    harness.tell("focus", kind=kind, layer=1, i=1, j=2)
    focus = Focus(*harness.settle().parts[Section.FOCUS])
    assert KINDS[int(focus.kind)] == kind
    if kind != "none":
        assert focus[1:4] == (1, 1, 2)


def test_a_picture_of_a_race_is_as_the_table_says():
    parts = sent(RaceHarness(selected=0))
    assert set(parts) == set(RaceSection)
    assert_shapes(RaceSection, parts)
    assert json.loads(parts[RaceSection.CARD].tobytes())["racer"] == 0


@pytest.mark.parametrize(("commands", "actions", "session"), [
    (NETWORK.commands, Actions, Session), (RACE.commands, RaceActions, RaceSession),
], ids=["network", "race"])  # fmt: skip
def test_every_command_has_an_action_with_as_many_parameters(commands, actions, session):
    for command in commands:
        if command.name == "goto":
            continue  # the window's
        for owner in (actions, session):
            parameters = inspect.signature(getattr(owner, command.action)).parameters
            assert len(parameters) == 1 + len(command.fields), (command, owner)


# The container


def test_offsets_are_those_of_the_bytes():
    message = pack(7, 9, {Section.TEXT: text("hello")})
    header, entry = offsets(HEADER), offsets(ENTRY)
    assert header["bytes"] == len(pack(0, 0, {}))
    assert entry["bytes"] == len(pack(0, 0, {1: text("")})) - header["bytes"]
    number = lambda offset, size: int.from_bytes(message[offset : offset + size], "little")  # noqa: E731
    assert [number(header[name], size) for name, size in (("count", 2), ("sequence", 4), ("generation", 4))] == [
        1,
        7,
        9,
    ]
    start = header["bytes"]
    assert [number(start + entry[name], size) for name, size in (("id", 2), ("type", 2), ("count", 4))] == [9, 1, 5]
    assert message[number(start + entry["offset"], 4) :] == b"hello"


# Commands


class Doing:
    def __init__(self):
        self.done = []

    def put(self, *values):
        self.done.append(values)


def test_a_command_reads_its_fields_in_order():
    doing = Doing()
    Command("put", "put", (Field("n", wire.WHOLE), Field("on", wire.TRUTH), Field("v", wire.NUMBER))).act(
        doing, {"type": "put", "v": 2.5, "n": 3.0, "more": "ignored"}
    )
    assert doing.done == [(3, False, 2.5)]


@pytest.mark.parametrize("value", ["x", [1], {}, 1.5, float("nan"), float("inf"), 2**53], ids=str)
def test_what_is_no_whole_number_is_refused(value):
    if value == {}:
        assert whole("n", value) == 0, "as nothing"
        return
    with pytest.raises(Refusal, match=r"^n must be a whole number; not .*\.$"):
        whole("n", value)


@pytest.mark.parametrize("value", [None, "c", ["a"], 1], ids=str)
def test_a_name_that_is_not_among_them_is_refused(value):
    kind = one_of(("a", "b"))
    assert kind.read("which", "b") == "b"
    with pytest.raises(Refusal, match=r"^which must be one of a, b; not .*\.$"):
        kind.read("which", value)


# The script


class Point(NamedTuple):
    """A place.

    Not told."""

    x_axis: int
    y: float


class Told(TypedDict):
    """Something
    in words.

    type : By which it is known.
    """

    type: Literal["told"]
    at: Point
    maybe: NotRequired[str | None]


class Choices(param.Parameterized):
    """What can be chosen."""

    pair = Several([1, 2], lambda name, value: None, 2, 2, "Pair", "Two.", int)
    on = Switch(True, label="On", doc="Whether it is on.")


class Part(wire.Section):
    """Arrays."""

    FIRST_PART = 1, "u1", ("n", 2), "pairs"


def test_a_script_has_constants_and_types():
    made = script(
        Wire(
            [Constant("NAMES", ("a", "b"), "Some."), Constant("UNIT", 0.5, "One.")],
            Part,
            [],
            [Told],
            [Command("put", "put", (Field("n", wire.WHOLE),)), Command("go", "go")],
            [Choices],
        )
    )
    assert made.splitlines() == [
        "// Generated by python -m playground.wires; not to be changed by hand.",
        "",
        "/** Some. */",
        'export const NAMES = /** @type {const} */ (["a", "b"]);',
        "",
        "/** One. */",
        "export const UNIT = 0.5;",
        "",
        "/**",
        " * The names of a frame's sections by their numbers.",
        " * @type {Record<number, string>}",
        " */",
        'export const SECTIONS = {1: "firstPart"};',
        "",
        "/**",
        " * A frame's sections as they come; each may be absent.",
        " * @typedef {object} Sections",
        " * @property {Uint8Array} firstPart (n, 2) pairs",
        " */",
        "",
        "/**",
        " * A place.",
        " * @typedef {object} Point",
        " * @property {number} xAxis",
        " * @property {number} y",
        " */",
        "",
        "/**",
        " * Something in words.",
        " * @typedef {object} Told",
        ' * @property {"told"} type By which it is known.',
        " * @property {Point} at",
        " * @property {string | null} [maybe]",
        " */",
        "",
        "/**",
        " * What is chosen, by name.",
        " * @typedef {object} Settings",
        " * @property {[number, number]} pair Two.",
        " * @property {boolean} on Whether it is on.",
        " */",
        "",
        "/**",
        " * What Python says.",
        " * @typedef {Told} Message",
        " */",
        "",
        "/**",
        " * What the page may ask for; with a generation, only of that network or race.",
        ' * @typedef {{type: "put", n: number, generation?: number}',
        ' * | {type: "go", generation?: number}',
        " * } Command",
        " */",
    ]


@pytest.mark.parametrize(("value", "written"), [
    (6.0, "6"), (0.1, "0.1"), (True, "true"), (None, "null"), ("a\"b", '"a\\"b"'), ((), "[]"), ([1, "x"], '[1, "x"]'),
    ({"a": 1, "b c": [2]}, '{a: 1, "b c": [2]}'), (Script("Float32Array"), "Float32Array"),
], ids=str)  # fmt: skip
def test_values_as_javascript(value, written):
    assert literal(value) == written


def test_long_values_have_a_line_for_each_part():
    value = {"first": ["x" * 40, "y" * 40], "second": 2}
    assert literal(value) == "\n".join(
        ["{", "  first: [", f'    "{"x" * 40}",', f'    "{"y" * 40}",', "  ],", "  second: 2,", "}"]
    )


@pytest.mark.parametrize(("hint", "written"), [
    (int, "number"), (bytes, "ArrayBuffer"), (list[str | None], "Array<string | null>"), (Point, "Point"),
    (tuple[float, float], "[number, number]"), (dict[str, bool], "Record<string, boolean>"),
    (Mapping[str, int], "Record<string, number>"), (Literal["a", "b"], '"a" | "b"'),
    (Annotated[list[float], 3], "[number, number, number]"), (Annotated[list[float], Script("Some")], "Some"),
], ids=str)  # fmt: skip
def test_types_as_javascript(hint, written):
    assert script_type(hint) == written


def test_what_cannot_pass_is_no_type():
    with pytest.raises(ValueError, match="no counterpart"):
        script_type(np.ndarray)


@pytest.mark.parametrize(("name", "written"), [("FIRST_STATS", "firstStats"), ("step", "step"), ("a_b_c", "aBC")])
def test_names_as_javascript(name, written):
    assert camel(name) == written
    assert re.fullmatch(r"[a-z]\w*", written)


def test_the_tables_are_written_before_the_scripts_fit_them():
    """Else a new constant could not be written into the table that a script already imports it from."""
    code = "import sys, playground.wires; print([name for name in sys.modules if name.endswith('_page.component')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_page_has_its_table():
    assert list(WIRES) == ["runtime", *(entry.name for entry in PAGES.values())]
