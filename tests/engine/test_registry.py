"""Registry and Hyperparameter; and what every entry of every registry owes to those who read it."""

from dataclasses import FrozenInstanceError, dataclass

import numpy as np
import pytest
from helpers import case, one_sentence

import engine
from engine import LIMITS, Hyperparameter, Registry, UnknownNameError
from engine.registry import brief, complete


@dataclass(frozen=True)
class Thing:
    name: str


THINGS = Registry("thing", [Thing("pear"), Thing("apple"), Thing("fig")])
REGISTRIES = {name: part for name, part in vars(engine).items() if isinstance(part, Registry)}
ENTRIES = [entry for registry in REGISTRIES.values() for entry in registry.values()]
each_registry = pytest.mark.parametrize("name", REGISTRIES)


def test_keeps_the_order_given():
    assert list(THINGS) == ["pear", "apple", "fig"]
    assert len(THINGS) == 3
    assert THINGS["fig"] == Thing("fig")


@pytest.mark.parametrize("change", [lambda r: r.__setitem__("kiwi", Thing("kiwi")), lambda r: r.__delitem__("fig")])
def test_is_read_only(change):
    with pytest.raises(AttributeError):
        change(THINGS)


def test_refuses_duplicates():
    with pytest.raises(ValueError, match=one_sentence("thing", "'fig'")):
        Registry("thing", [Thing("fig"), Thing("pear"), Thing("fig")])


@pytest.mark.parametrize("name", ["plum", "Pear", "", None, 3, ["pear"]], ids=repr)
def test_unknown_names_list_the_choices(name):
    with pytest.raises(UnknownNameError) as error:
        THINGS[name]
    assert str(error.value) == f"The thing must be one of pear, apple, fig; not {name!r}."
    assert isinstance(error.value, ValueError)
    assert isinstance(error.value, KeyError)
    assert name not in THINGS


def test_get_keeps_the_contract_of_a_mapping():
    assert THINGS.get("plum") is None


@each_registry
def test_keys_are_the_entries_names(name):
    assert [entry.name for entry in REGISTRIES[name].values()] == list(REGISTRIES[name])
    assert all(key.isidentifier() and key == key.lower() for key in REGISTRIES[name])


@each_registry
def test_entries_are_frozen(name):
    for entry in REGISTRIES[name].values():
        with case(entry.name), pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
            entry.name = "other"


LESS = {
    "DATASETS": ("label", "doc"),
    "EXPERIMENTS": ("label", "notice", "source"),
    "FEATURES": ("label", "doc", "formula"),
    "LIMITS": ("label", "doc"),
    "TASKS": ("label",),
}


@each_registry
def test_entries_can_be_read(name):
    for entry in REGISTRIES[name].values():
        for field in LESS.get(name, ("label", "doc", "formula", "source")):
            with case(entry.name, field):
                text = getattr(entry, field)
                assert text
                assert text == text.strip()
                assert field != "doc" or (text[0].isupper() and text.endswith(".")), "a sentence"


HYPERPARAMETERS = {
    "of Config": [("Config", hyperparameter) for hyperparameter in LIMITS.values()],
    **{
        name: [(entry.name, one) for entry in registry.values() for one in getattr(entry, "hyperparameters", ())]
        for name, registry in REGISTRIES.items()
    },
}


@pytest.mark.parametrize("owner", HYPERPARAMETERS)
def test_hyperparameters_are_sane_and_can_be_read(owner):
    for name, hyperparameter in HYPERPARAMETERS[owner]:
        with case(name, hyperparameter.name):
            assert_sane(hyperparameter)
            assert_readable(hyperparameter)


def assert_sane(hyperparameter):
    assert hyperparameter.low < hyperparameter.high
    for value in (hyperparameter.low, hyperparameter.default, hyperparameter.high):
        hyperparameter.check(value)
    assert hyperparameter.doc.endswith(".")
    assert hyperparameter.label


def assert_readable(hyperparameter):
    assert hyperparameter.name.isidentifier()
    assert hyperparameter.name == hyperparameter.name.lower()
    assert hyperparameter.doc[0].isupper()
    assert "\n" not in hyperparameter.doc
    if hyperparameter.integer:
        assert all(
            float(value).is_integer() for value in (hyperparameter.low, hyperparameter.default, hyperparameter.high)
        )


@each_registry
def test_menus_can_tell_entries_and_hyperparameters_apart(name):
    entries = list(REGISTRIES[name].values())
    assert len({entry.label for entry in entries}) == len(entries)
    for entry in entries:
        hyperparameters = getattr(entry, "hyperparameters", ())
        assert (
            len({hyperparameter.name for hyperparameter in hyperparameters})
            == len({hyperparameter.label for hyperparameter in hyperparameters})
            == len(hyperparameters)
        )


WHOLE = Hyperparameter("count", 5, 1, 10, "How many.", integer=True)
REAL = Hyperparameter("rate", 0.5, 0.0, 1.0, "How much.")


@pytest.mark.parametrize(
    "value", [0, 1, 0.25, np.float32(0.5), np.int64(1), np.array(0.1), [0.1, 0.9], np.ones((2, 3))]
)
def test_check_accepts_numbers_and_arrays(value):
    REAL.check(value)


@pytest.mark.parametrize(
    "value",
    [-0.1, 1.1, True, False, "0.5", None, float("nan"), float("inf"), -float("inf"), 1j, {}, object, [0.1, 1.1],
     [0.1, float("nan")], ["a"], [[0.1], [0.2, 0.3]]],
    ids=repr,
)  # fmt: skip
def test_check_names_parameter_range_and_value(value):
    with pytest.raises(ValueError, match=one_sentence("rate", "a number between 0 and 1", repr(value))):
        REAL.check(value)


@pytest.mark.parametrize(
    "value",
    [10**400, b"0.5", ["0.5"], np.True_, [True], np.array([True, False]), np.complex128(0.5), []],
    ids=lambda value: repr(value)[:20],
)
def test_check_refuses_what_only_looks_like_a_number(value):
    with pytest.raises(ValueError, match="rate must be a number between 0 and 1"):
        REAL.check(value)


def test_the_message_about_an_array_is_one_line():
    with pytest.raises(ValueError, match=one_sentence("rate", "between 0 and 1")):
        REAL.check(np.full(200, 2.0))


@pytest.mark.parametrize("value", [1, 10, 3.0, np.int32(4), [1, 2, 3]], ids=repr)
def test_check_accepts_whole_numbers(value):
    WHOLE.check(value)


@pytest.mark.parametrize("value", [0, 11, 2.5, True, "3", float("nan"), float("inf"), [1, 2.5]], ids=repr)
def test_check_refuses_broken_numbers(value):
    with pytest.raises(ValueError, match=one_sentence("count", "a whole number between 1 and 10", repr(value))):
        WHOLE.check(value)


@pytest.mark.parametrize("value", [[0.5], (0.5,), np.array([0.5]), np.ones((2, 2)), []], ids=repr)
def test_check_one_refuses_several(value):
    with pytest.raises(ValueError, match=one_sentence("rate", "a number between 0 and 1", repr(value)[:5])):
        REAL.check_one(value)


@pytest.mark.parametrize("value", [0.5, 1, np.float32(0.5), np.array(0.5)], ids=repr)
def test_check_one_accepts_a_number(value):
    REAL.check_one(value)


def test_complete_fills_in_defaults_in_the_hyperparameters_order():
    assert list(complete((REAL, WHOLE), {"count": 2}, "thing fig").items()) == [("rate", 0.5), ("count", 2)]
    assert complete((), {}, "thing fig") == {}


def test_complete_takes_several_values_only_where_there_are_several_networks():
    assert complete((REAL,), {"rate": [0.1, 0.2]}, "thing fig")["rate"] == [0.1, 0.2]
    with pytest.raises(ValueError, match=one_sentence("rate", "[0.1, 0.2]")):
        complete((REAL,), {"rate": [0.1, 0.2]}, "thing fig", several=False)


@pytest.mark.parametrize(
    ("hyperparameters", "values", "parts"),
    [
        ((REAL, WHOLE), {"speed": 1}, ("thing fig", "'speed'", "its hyperparameters are rate, count")),
        ((), {"speed": 1}, ("thing fig", "'speed'", "it has none")),
        ((REAL,), {"rate": 2}, ("rate", "between 0 and 1", "2")),
        ((REAL,), [0.5], ("thing fig", "a mapping", "[0.5]")),
    ],
    ids=["another's", "none", "out of range", "no mapping"],
)
def test_complete_refuses_the_rest(hyperparameters, values, parts):
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        complete(hyperparameters, values, "thing fig")


@pytest.mark.parametrize("value", ["a" * 100, "a\nb", np.zeros((50, 50)), list(range(1000)), {"a": "b\n"}, None])
def test_brief_is_one_short_line(value):
    line = brief(value)
    assert "\n" not in line
    assert 0 < len(line) <= 80
    assert line.startswith(repr(value)[:3])
