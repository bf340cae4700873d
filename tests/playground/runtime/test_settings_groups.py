import json

import numpy as np
import param
import pytest
from helpers import one_sentence

from engine import Hyperparameter
from playground.runtime.parameters import Bounded, Switch
from playground.runtime.settings_groups import Groups, python


class First(param.Parameterized):
    number = Bounded(Hyperparameter("number", 1, 0, 10, ""))
    switch = Switch(False)


class Second(param.Parameterized):
    other = Bounded(Hyperparameter("other", 2, 0, 10, ""))
    items = param.List([1])


@pytest.fixture
def groups():
    return Groups(First(), Second())


def test_choices_are_known_by_their_names_alone(groups):
    groups.update({"number": 3, "items": (4, 5)})
    assert groups.values() == {"number": 3, "switch": False, "other": 2, "items": [4, 5]}
    assert groups.owner("other") is groups.groups[1]
    assert groups.owner("number") is groups.groups[0]


@pytest.mark.parametrize(("values", "parts"), [
    ({"number": 11}, ["number", "0 and 10", "not 11"]),
    ({"switch": 1}, ["switch", "true or false", "not 1"]),
    ({"other": None}, ["other", "not None"]),
    ({"none": 1}, ["no setting 'none'", "number, switch, other, items"]),
    ({"name": "x"}, ["no setting 'name'"]),
    ({7: 1}, ["no setting 7"]),
    ({("a",): 1}, ["no setting ('a',)"]),
], ids=str)  # fmt: skip
@pytest.mark.parametrize("first", [True, False], ids=["good first", "bad first"])
def test_of_a_refused_update_nothing_is_applied(groups, values, parts, first):
    good, heard = {"number": 5, "other": 6}, []
    groups.watch(lambda: heard.append(1))
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        groups.update({**good, **values} if first else {**values, **{k: v for k, v in good.items() if k not in values}})
    assert groups.values() == {"number": 1, "switch": False, "other": 2, "items": [1]}
    assert heard == []


@pytest.mark.parametrize("junk", [None, 5, "ab", [1], {1}], ids=repr)
def test_an_update_is_names_with_values(groups, junk):
    with pytest.raises(ValueError, match=one_sentence("settings must be names with values")):
        groups.update(junk)


def test_values_are_what_json_carries(groups):
    groups.update({"number": np.float64(3), "other": np.array(4), "items": (1, 2), "switch": np.bool_(True)})
    assert json.loads(json.dumps(groups.values())) == {"number": 3, "switch": True, "other": 4, "items": [1, 2]}


def test_a_list_that_was_given_is_not_kept(groups):
    mine = [1, 2]
    groups.update({"items": mine})
    mine.append(3)
    assert groups.values()["items"] == [1, 2]


def test_a_watcher_is_told_once_for_each_group_that_changes(groups):
    heard = []
    groups.watch(lambda: heard.append(groups.values()["number"]))
    groups.update({"number": 3, "switch": True})
    assert heard == [3]
    groups.update({"number": 4, "other": 5})
    assert len(heard) == 3
    groups.update({"number": 4})
    assert len(heard) == 3
    groups.groups[1].other = 1
    assert len(heard) == 4


@pytest.mark.parametrize(("value", "plain"), [
    ((1, 2), [1, 2]), ([1, 2], [1, 2]), (np.int64(3), 3), (np.float32(0.5), 0.5), (np.array(7), 7), ("x", "x"),
    (None, None), ({"a": 1}, {"a": 1}), (True, True),
], ids=repr)  # fmt: skip
def test_a_value_as_json_carries_it(value, plain):
    assert python(value) == plain
    assert type(python(value)) is type(plain)


def test_an_array_of_several_numbers_is_left_to_be_refused(groups):
    with pytest.raises(ValueError, match=one_sentence("number", "0 and 10")):
        groups.update({"number": np.array([1, 2])})
