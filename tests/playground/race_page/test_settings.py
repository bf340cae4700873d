import json

import numpy as np
import pytest
from helpers import assert_same, one_sentence
from hypothesis import given
from hypothesis import strategies as st

from engine import OPTIMIZERS, SURFACES
from engine.race import Racer
from engine.surfaces import from_callable
from playground.race_page.choices import GROUNDS, MOST_RACERS, WATCHED
from playground.race_page.settings import RaceSettings
from playground.runtime.parameters import hyperparameter_setting

# Racers and their shorthands


def test_a_racer_may_be_a_name_a_pair_or_its_settings():
    settings = RaceSettings(racers=["sgd", ("adam", 0.1), ["adam", 0.2], {"optimizer": "momentum", "shown": False}])
    assert [(one["optimizer"], one["learning_rate"], one["shown"]) for one in settings.race.racers] == [
        ("sgd", None, True),
        ("adam", 0.1, True),
        ("adam", 0.2, True),
        ("momentum", None, False),
    ]


def test_racers_may_come_as_a_tuple():
    assert [one["optimizer"] for one in RaceSettings(racers=("sgd", "lion")).race.racers] == ["sgd", "lion"]


def test_all_settings_of_a_racer_are_taken():
    given = {
        "optimizer": "nesterov", "learning_rate": 0.5, "hyperparameters": {"momentum": 0.25}, "schedule": "step",
        "schedule_params": {"factor": 0.5}, "momentum_schedule": "sutskever", "momentum_schedule_params": {},
        "color": 7, "shown": False,
    }  # fmt: skip
    settings = RaceSettings(racers=[given])
    assert settings.race.racers == [given]
    (racer,) = settings.racers(SURFACES["bowl"])
    assert (racer.optimizer, racer.learning_rate, racer.schedule) == ("nesterov", 0.5, "step")
    assert racer.hyperparameters["momentum"] == 0.25
    assert racer.schedule_params["factor"] == 0.5


@given(st.lists(st.one_of(st.none(), st.integers(0, MOST_RACERS - 1)), min_size=1, max_size=MOST_RACERS))
def test_racers_without_a_colour_get_one_that_nobody_has(chosen):
    given = ["sgd" if color is None else {"color": color} for color in chosen]
    colors = [one["color"] for one in RaceSettings(racers=given).race.racers]
    assert [color for color, asked in zip(colors, chosen, strict=True) if asked is not None] == [
        color for color in chosen if color is not None
    ]
    free = [color for color, asked in zip(colors, chosen, strict=True) if asked is None]
    assert len(set(free)) == len(free)
    assert not set(free) & set(chosen)


def test_twelve_racers_have_twelve_colours():
    racers = RaceSettings(racers=["adam"] * MOST_RACERS).race.racers
    assert sorted(one["color"] for one in racers) == list(range(MOST_RACERS))


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ({"racers": []}, ["racers", "1 to 12"]),
        ({"racers": ["sgd"] * 13}, ["racers", "1 to 12"]),
        ({"racers": ["sgd"] * 100_000}, ["racers", "1 to 12"]),
        ({"racers": "sgd"}, ["racers", "1 to 12", "not 'sgd'"]),
        ({"racers": {"sgd": 1}}, ["racers", "1 to 12"]),
        ({"racers": None}, ["racers", "not None"]),
        ({"racers": [5]}, ["racer must be a name", "not 5"]),
        ({"racers": [None]}, ["racer must be a name", "not None"]),
        ({"racers": [("sgd", 0.1, 5)]}, ["racer must be a name"]),
        ({"racers": ["sgdd"]}, ["optimizer", "momentum", "not 'sgdd'"]),
        ({"racers": [(["sgd"], 0.1)]}, ["optimizer", "not ['sgd']"]),
        ({"racers": [("sgd", -1)]}, ["learning_rate", "0 and 1000", "not -1"]),
        ({"racers": [("sgd", float("nan"))]}, ["learning_rate", "not nan"]),
        ({"racers": [("sgd", "0.1")]}, ["learning_rate", "not '0.1'"]),
        ({"racers": [("sgd", True)]}, ["learning_rate", "not True"]),
        ({"racers": [("sgd", [0.1])]}, ["learning_rate", "not [0.1]"]),
        (
            {"racers": [{"optimizer": "adam", "hyperparameters": {"momentum": 0.5}}]},
            ["adam", "no hyperparameter 'momentum'"],
        ),
        ({"racers": [{"optimizer": "adam", "hyperparameters": {"beta1": 1}}]}, ["beta1", "not 1"]),
        ({"racers": [{"optimizer": "adam", "hyperparameters": 5}]}, ["not 5"]),
        ({"racers": [{"schedule": "linear"}]}, ["schedule", "cosine", "not 'linear'"]),
        ({"racers": [{"momentum_schedule": "x"}]}, ["momentum schedule", "not 'x'"]),
        ({"racers": [{"rate": 0.1}]}, ["racer has optimizer", "color, shown", "not 'rate'"]),
        ({"racers": [{"name": "adam"}]}, ["racer has optimizer", "not 'name'"]),
        ({"racers": [{5: "adam"}]}, ["racer has optimizer", "not 5"]),
        ({"racers": [{"color": 12}]}, ["color", "0 and 11", "not 12"]),
        ({"racers": [{"color": 0.5}]}, ["color", "whole number", "not 0.5"]),
        ({"racers": [{"color": [1]}]}, ["color", "not [1]"]),
        ({"racers": [{"shown": 1}]}, ["shown", "true or false", "not 1"]),
    ],
    ids=lambda value: str(value)[:60],
)
def test_wrong_racers_are_refused_with_one_sentence(values, parts):
    settings = RaceSettings()
    before = settings.values()
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        settings.update(values)
    assert settings.values() == before


# The other choices


@pytest.mark.parametrize(("values", "parts"), [
    ({"surface": "bowll"}, ["surface", "bowl", "rosenbrock", "network", "not 'bowll'"]),
    ({"surface": ["bowl"]}, ["surface", "not ['bowl']"]),
    ({"surface": None}, ["surface", "not None"]),
    ({"start": [1]}, ["start", "not [1]"]),
    ({"start": [1, 2, 3]}, ["start", "not [1, 2, 3]"]),
    ({"start": ["1", 2]}, ["start", "two numbers", "not '1'"]),
    ({"start": [float("inf"), 2]}, ["start", "not inf"]),
    ({"start": [float("nan"), 2]}, ["start", "not nan"]),
    ({"start": [0, -(10**400)]}, ["start", "two numbers"]),
    ({"start": [None, None]}, ["start", "not None"]),
    ({"start": [True, 1]}, ["start", "not True"]),
    ({"noise": -0.1}, ["noise", "0 and 100", "not -0.1"]),
    ({"noise_seed": 1.5}, ["noise_seed", "whole number", "not 1.5"]),
    ({"speed": 0}, ["speed", "1 and 1000", "not 0"]),
    ({"tolerance": 0}, ["tolerance", "not 0"]),
    ({"swept_steps": 10**6}, ["swept_steps", "10 and 1000"]),
    ({"curve": "height"}, ["curve", "loss, distance, length", "not 'height'"]),
    ({"selected": 12}, ["selected", "-1 and 11", "not 12"]),
    ({"log_scale": "yes"}, ["log_scale", "true or false", "not 'yes'"]),
    ({"surface_valley_condition": -1}, ["surface_valley_condition", "not -1"]),
    ({"hidden": [4]}, ["no setting 'hidden'", "surface, formula, start"]),
    ({"name": "x"}, ["no setting 'name'"]),
    ({5: "x"}, ["no setting 5"]),
], ids=str)  # fmt: skip
def test_wrong_values_are_refused_with_one_sentence_and_nothing_is_applied(values, parts):
    settings = RaceSettings()
    before = settings.values()
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        settings.update({"noise": 0.5, "dark": True, "racers": ["adam"], **values})
    assert settings.values() == before
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        settings.update(values)


@pytest.mark.parametrize("junk", [None, 5, "junk", [1]], ids=repr)
def test_settings_are_names_with_values(junk):
    with pytest.raises(ValueError, match=one_sentence("settings must be names with values")):
        RaceSettings().update(junk)


def test_values_survive_json():
    settings = RaceSettings(
        surface="valley",
        surface_valley_condition=50,
        start=(np.float64(1), 2),
        noise=np.float64(0.5),
        dark=True,
        racers=[
            "sgd",
            ("adam", np.float64(0.1)),
            {"optimizer": "lion", "hyperparameters": {"beta1": 0.5}, "schedule": "step"},
        ],
        formula="x^2 + y^4",
        curve="distance",
        selected=1,
    )
    carried = json.loads(json.dumps(settings.values(), allow_nan=False))
    other = RaceSettings()
    other.update(carried)
    assert other.values() == settings.values() == carried


def test_a_watcher_hears_of_every_group():
    settings, heard = RaceSettings(), []
    settings.watch(lambda: heard.append(1))
    for values in ({"noise": 1}, {"surface_valley_condition": 7}, {"dark": True}):
        settings.update(values)
    settings.update({"noise": 1})
    assert len(heard) == 3


def test_what_only_changes_the_view_is_no_part_of_the_race():
    race = set(RaceSettings().race.param) | set(RaceSettings().hyperparameters.param)
    assert WATCHED & race == set()
    assert WATCHED | (race - {"name"}) == set(RaceSettings().values())


# Learning rates


def test_a_rate_that_is_not_chosen_follows_the_surface(monkeypatch):
    settings = RaceSettings(racers=["sgd", ("sgd", 0.7), "adam"])
    bowl = SURFACES["bowl"]
    monkeypatch.setattr(type(bowl), "rates", property(lambda surface: {"sgd": 0.125}), raising=False)
    assert [racer.learning_rate for racer in settings.racers(bowl)] == [0.125, 0.7, OPTIMIZERS["adam"].usual_rate]


def test_without_a_surface_a_rule_has_its_usual_rate():
    settings = RaceSettings(racers=[*list(OPTIMIZERS)[:11], ("sgd", 0.7)])
    rates = [racer.learning_rate for racer in settings.racers(None)]
    assert rates == [*(Racer(name).rule.usual_rate for name in list(OPTIMIZERS)[:11]), 0.7]


# Surfaces


@pytest.mark.parametrize("name", list(SURFACES))
def test_settings_begin_at_the_start_of_their_surface(name):
    assert tuple(RaceSettings(surface=name).race.start) == SURFACES[name].start


def test_one_can_go_to_the_start_of_the_surface():
    settings = RaceSettings(start=(0.25, 0.5))
    settings.update({"surface": "himmelblau"})
    settings.go_to_start()
    assert tuple(settings.race.start) == SURFACES["himmelblau"].start


@pytest.mark.parametrize(("formula", "start", "goes"), [
    ("x^2 + y^2", (4.0, -4.0), False), ("log(x) + y^2", (1.0, 1.0), False), ("log(x) + y^2", (-1.0, 1.0), True),
    ("x^2 + y^2", (40.0, 1.0), True),
], ids=str)  # fmt: skip
def test_a_start_that_will_do_may_stay(formula, start, goes):
    settings = RaceSettings(surface="own", formula=formula, start=start)
    settings.go_to_start(anyway=False)
    assert tuple(settings.race.start) == (settings.surface().start if goes else start)


def test_a_start_that_comes_with_a_surface_stays():
    assert RaceSettings(surface="himmelblau", start=(1, 2)).race.start == [1, 2]


def test_the_hyperparameters_of_a_surface_are_turned():
    entry = SURFACES["valley"]
    (hyperparameter,) = entry.hyperparameters
    name = hyperparameter_setting("surface", "valley", hyperparameter.name)
    settings = RaceSettings(surface="valley", **{name: hyperparameter.high})
    w = np.array([0.3, 0.7])
    assert_same(settings.surface().f(w), entry.tuned({hyperparameter.name: hyperparameter.high}).f(w))
    assert settings.surface().f(w) != entry.f(w)


def test_there_is_no_other_ground_than_surfaces_ones_own_and_the_network():
    assert list(GROUNDS) == [*SURFACES, "own", "network"]


# Your own


def test_a_formula_is_a_surface():
    settings = RaceSettings(surface="own", formula="(x - 1)^2 + 3 y^2")
    surface = settings.surface()
    assert surface.f(np.array([3.0, 1.0])) == 7.0
    assert surface.gradient(np.array([3.0, 1.0])).tolist() == [4.0, 6.0]
    assert tuple(settings.race.start) == surface.start


def test_a_formula_starts_where_it_is_finite():
    settings = RaceSettings(surface="own", formula="log(x) + y^2")
    assert settings.race.start[0] > 0


BAD = {
    "unknown name": "x + z", "unknown function": "gamma(x)", "empty": "", "blank": "  ", "long": "x+" * 5000 + "x",
    "deep": "(" * 2000 + "x" + ")" * 2000, "deep functions": "sin(" * 2000 + "x" + ")" * 2000,
    "minus": "-" * 9000 + "x",
    "division by zero": "1/0", "nowhere": "log(-1 - x^2)", "code": "__import__('os')", "attribute": "x.real",
    "unfinished": "x +", "number": 5, "nothing": None, "list": ["x"], "bytes": b"x", "truth": True,
}  # fmt: skip


@pytest.mark.parametrize("formula", BAD.values(), ids=BAD)
def test_a_bad_formula_is_refused_with_one_sentence(formula):
    settings = RaceSettings(surface="own", formula="x^2 + y^2")
    before = settings.values()
    with pytest.raises(ValueError, match=one_sentence()):
        settings.update({"formula": formula, "noise": 1})
    assert settings.values() == before
    assert settings.surface().f(np.array([3.0, 4.0])) == 25.0


def bowl_of_python():
    return from_callable(lambda x, y: x**2 + 2 * y**2, box=((-1, 1), (-2, 2)), start=(0.5, 1.5), label="Mine")


def test_a_surface_of_python_may_be_given():
    surface = bowl_of_python()
    settings = RaceSettings(surface=surface, racers=["sgd"])
    assert settings.surface() is surface
    assert settings.race.surface == "own"
    assert settings.race.start == [0.5, 1.5]
    assert RaceSettings(surface=surface, start=(0.1, 0.2)).race.start == [0.1, 0.2]


def test_a_formula_takes_the_place_of_a_surface_of_python():
    settings = RaceSettings(surface=bowl_of_python())
    settings.update({"formula": "x^4 + y^2"})
    assert settings.surface().f(np.array([2.0, 1.0])) == 17.0


def test_a_surface_of_python_gives_way_to_a_formula_that_is_set_as_an_attribute():
    settings = RaceSettings(surface=bowl_of_python())
    settings.race.formula = "x^4 + y^2"
    assert settings.surface().f(np.array([2.0, 1.0])) == 17.0


def test_a_surface_of_python_stays_when_a_formula_is_refused():
    surface = bowl_of_python()
    settings = RaceSettings(surface=surface)
    with pytest.raises(ValueError, match=one_sentence("'z'")):
        settings.update({"formula": "x + z"})
    assert settings.surface() is surface
    with pytest.raises(ValueError, match=one_sentence("noise")):
        settings.update({"formula": "x^4", "noise": -1})
    assert settings.surface() is surface


def test_a_surface_of_python_survives_its_own_values():
    surface = bowl_of_python()
    settings = RaceSettings(surface=surface)
    settings.update(json.loads(json.dumps(settings.values())))
    assert settings.surface() is surface


def test_one_can_go_away_from_a_surface_of_python_and_back():
    surface = bowl_of_python()
    settings = RaceSettings(surface=surface)
    settings.update({"surface": "bowl"})
    settings.update({"surface": "own"})
    assert settings.surface() is surface
