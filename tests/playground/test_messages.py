"""What is sent as JSON is what its types say, key by key: the page's own types are written from them."""

from __future__ import annotations

import time
import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

import numpy as np
import pytest

from engine import DATASETS, Config
from engine.race import RATES
from playground import OptimizerRace, Playground
from playground.network_page import controls, messages, scene
from playground.network_page.settings import Settings
from playground.network_page.wire import WIRE as NETWORK
from playground.race_page import messages as race_messages
from playground.race_page import scene as race_scene
from playground.race_page.choices import GROUNDS
from playground.race_page.sections import Section
from playground.race_page.settings import RaceSettings
from playground.race_page.wire import WIRE as RACE
from playground.runtime.component import Component
from playground.runtime.frame import unpack
from playground.runtime.parameters import kinds
from playground.runtime.wire import Script


def conforms(value: Any, hint: Any) -> bool:
    """Whether JSON, or a message, is as an annotation says; a dictionary has exactly the keys of its type."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return conforms(value, parts[0]) and (isinstance(parts[1], Script) or len(value) == parts[1])
    if origin in (Union, types.UnionType):
        return any(is_one(value, part) for part in parts)
    if origin is Literal:
        return value in parts
    if origin is list:
        return isinstance(value, list) and all(conforms(one, parts[0]) for one in value)
    if origin in (dict, Mapping):
        return isinstance(value, dict) and all(isinstance(k, str) and conforms(v, parts[1]) for k, v in value.items())
    if is_typeddict(hint):
        return isinstance(value, dict) and is_record(value, get_type_hints(hint, include_extras=True))
    if hint in (int, float):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return value is None if hint in (None, types.NoneType) else isinstance(value, hint)


def is_one(value: Any, hint: Any) -> bool:
    """The same, without a word about what is wrong."""
    try:
        return conforms(value, hint)
    except AssertionError:
        return False


def is_record(value: Mapping[str, Any], hints: Mapping[str, Any]) -> bool:
    needed = {name for name, hint in hints.items() if get_origin(hint) is not NotRequired}
    if not needed <= set(value) <= set(hints):
        raise AssertionError(f"missing {needed - set(value)}, not told of {set(value) - set(hints)}")
    for name, one in value.items():
        if not conforms(one, hints[name]):
            raise AssertionError(f"{name} is {one!r}, not {hints[name]}")
    return True


@pytest.mark.parametrize(("value", "hint", "fits"), [
    (1, float, True), (True, float, False), ("a", str, True), (None, str | None, True), ([1, 2], list[int], True),
    ([1, "a"], list[int], False), ([1, 2], Annotated[list[int], 3], False), ("a", Literal["a", "b"], True),
    ("c", Literal["a", "b"], False), ({"a": 1}, dict[str, int], True), ({"a": "b"}, dict[str, int], False),
], ids=str)  # fmt: skip
def test_conforming(value, hint, fits):
    assert conforms(value, hint) is fits


@pytest.mark.parametrize("change", [{"layer": "1"}, {"more": 1}, {"layer": None}], ids=str)
def test_a_record_is_not_another_one(change):
    assert conforms({"layer": 1, "units": [1, 2]}, messages.HiddenSpace)
    with pytest.raises(AssertionError):
        conforms({"layer": 1, "units": [1, 2], **change}, messages.HiddenSpace)


@pytest.fixture
def told(monkeypatch):
    """All messages that components are told."""
    messages: list[Any] = []
    monkeypatch.setattr(Component, "tell", lambda self, message: messages.append(message))
    return messages


@pytest.fixture(scope="module")
def play():
    """A page for all tests that change nothing but its settings: to make one takes long."""
    return Playground()


@pytest.fixture(scope="module")
def race():
    return OptimizerRace(network=Config(hidden=(2,), samples=50))


def open_page(page, *commands):
    """Let a page greet its session and ask for something, and take its turns until there is no more to be told."""
    for command in ({"type": "ready"}, *commands):
        page.session.post(command)
        page.session._safe_turn()
    while (delay := page.session._safe_turn()) is not None:
        time.sleep(delay)


def assert_messages(told, wire, *expected):
    """All messages are of the kinds that a wire names, and these are among them."""
    known = {get_args(get_type_hints(kind)["type"])[0]: kind for kind in wire.messages}
    for message in told:
        assert conforms(message, known[message["type"]])
    assert set(expected) <= {message["type"] for message in told}


def assert_settings(values, groups):
    """Settings have the types that are written for the page; those of single entries have no types there."""
    hints = {name: kind for group in groups for name, kind in kinds(group).items()}
    assert is_record({name: value for name, value in values.items() if name in hints}, hints)
    assert not set(hints) - set(values)


NOBODY_KNOWS = {"type": "set", "id": 1, "values": {"nothing": 1}}


@pytest.mark.parametrize("values", [
    *({"dataset": name, "samples": 50} for name in DATASETS), {"hidden": []}, {"hidden": [2] * 11},
    {"hidden": [3, 2], "activation": ["prelu", "step"], "batch_norm": ["off", "after"], "experiment": "none"},
], ids=str)  # fmt: skip
def test_what_the_network_page_is_told(told, play, values):
    play.settings.update(Settings().values())
    play.settings.update(values)
    open_page(play, {"type": "check"}, NOBODY_KNOWS)
    assert_messages(told, NETWORK, "scene", "frame", "checked", "notice")
    assert_settings(
        next(message["scene"] for message in told if message["type"] == "scene")["settings"], NETWORK.settings
    )


def test_what_the_network_page_is_told_of_a_table(told, rng):
    data = rng.normal(size=(40, 5)), rng.integers(0, 2, (40, 2))
    play = Playground(data=data, plane=(0, 1))
    open_page(play)
    assert_messages(told, NETWORK, "scene", "frame")
    assert conforms(
        scene.catalog(play.session.run.trainer.data, play.session.run.composer.viewer.plane), messages.Catalog
    )


def test_what_the_network_page_may_offer():
    assert conforms(scene.catalog(), messages.Catalog)
    assert conforms(controls.outline(), list[messages.Outline])


@pytest.mark.parametrize("surface", GROUNDS)
def test_what_the_race_page_is_told(told, race, surface):
    race.settings.update({**RaceSettings().values(), "surface": surface, "selected": 0})
    open_page(race, {"type": "step"}, NOBODY_KNOWS)
    assert_messages(told, RACE, "scene", "frame", "notice")
    assert_settings(next(message["scene"] for message in told if message["type"] == "scene")["settings"], RACE.settings)


def test_an_update_written_out(told):
    race = OptimizerRace(racers=["adam"], selected=0)
    cards = [race.session.run.race.card(k) for k in (0, 5)]
    assert conforms(cards, list[race_messages.Card | None])
    assert cards[0]
    open_page(race)
    assert unpack(next(message["buf"] for message in told if message["type"] == "frame"))[2][Section.CARD].size > 4


def test_the_outcome_of_a_sweep(told):
    race = OptimizerRace(racers=["sgd"], swept_steps=10)
    open_page(race, {"type": "sweep"})
    assert_messages(told, RACE, "swept")
    (swept,) = (message for message in told if message["type"] == "swept")
    np.testing.assert_array_equal(swept["rates"], RATES)
    # The page writes the first and the last of them.
    assert (swept["rates"][0], swept["rates"][-1]) == (1e-6, 10)


def test_what_the_race_page_may_offer():
    assert conforms(race_scene.catalog(), race_messages.Catalog)
