import numpy as np
import pytest
from helpers import assert_same, one_sentence

from engine import SURFACES, Config
from engine.registry import Refusal
from engine.surfaces import from_callable
from playground.race_page.choices import SHOWN_AT_ONCE
from playground.race_page.network_race import NetworkRace
from playground.race_page.race_run import Change, RaceRun
from playground.race_page.sender import Memory
from playground.race_page.settings import RaceSettings
from playground.race_page.surface_race import SurfaceRace
from playground.runtime.parameters import hyperparameter_setting

CONDITION = hyperparameter_setting("surface", "valley", SURFACES["valley"].hyperparameters[0].name)
TWO = [("sgd", 0.01), ("adam", 0.05)]


def run(network=None, **values):
    return RaceRun(RaceSettings(**{"surface": "valley", "racers": TWO, **values}), network)


def changed(own, /, playing=False, shown=None, **values):
    own.settings.update(values)
    return own.apply(playing, shown)


def positions(own):
    return own.race.trajectory.positions.copy()


LOOKS = [{**racer, "shown": False, "color": 5} for racer in RaceSettings(racers=TWO).race.racers]


@pytest.mark.parametrize(("values", "change"), [
    ({}, Change.NOTHING),
    ({"racers": TWO}, Change.NOTHING),
    ({"dark": True, "speed": 5, "tolerance": 0.1, "swept_steps": 50, "curve": "length", "selected": 1}, Change.REDRAW),
    ({"log_scale": False, "lookahead": True, "rate_ellipses": True, "local_model": True}, Change.REDRAW),
    ({"racers": LOOKS}, Change.REDRAW),
    ({"racers": [("sgd", 0.02), ("adam", 0.05)]}, Change.RETUNE),
    ({"racers": [{"optimizer": "sgd", "learning_rate": 0.01, "schedule": "step"}, ("adam", 0.05)]}, Change.RETUNE),
    ({"racers": [("sgd", 0.02), ("adam", 0.05)], "dark": True}, Change.RETUNE),
    ({"racers": ["sgd", "adam"]}, Change.RETUNE),
    ({"racers": [("adam", 0.05), ("sgd", 0.01)]}, Change.RESTART),
    ({"racers": TWO[:1]}, Change.RESTART),
    ({"racers": [*TWO, "lion"]}, Change.RESTART),
    ({"surface": "bowl"}, Change.RESTART),
    ({CONDITION: 77}, Change.RESTART),
    ({"start": [1, 1]}, Change.RESTART),
    ({"noise": 0.1}, Change.RESTART),
    ({"noise_seed": 1}, Change.RESTART),
    ({"surface": "own"}, Change.RESTART),
], ids=str)  # fmt: skip
def test_what_a_change_of_the_settings_does(values, change):
    own = run(racers=[{**racer, "color": k} for k, racer in enumerate(RaceSettings(racers=TWO).race.racers)])
    own.advance(10)
    memory = Memory(own.generation, own.race.length + 1)
    before, generation, race = positions(own), own.generation, own.race
    assert changed(own, **values) is change
    assert own.generation == generation + (change is Change.RESTART)
    assert changed(own) is Change.NOTHING
    if change is not Change.RESTART:
        assert own.race is race
        assert_same(positions(own), before)
    assert memory.first_new(own.generation, own.race.cuts) == (0 if change is Change.RESTART else 11)


def test_other_numbers_hold_from_the_step_shown_and_keep_the_past():
    own, other = run(noise=0.1), run(noise=0.1)
    own.advance(80)
    other.advance(30)
    own.race.seek(30)
    past = positions(own)
    assert changed(own, racers=[("sgd", 0.001), ("adam", 0.05)]) is Change.RETUNE
    assert own.race.length == own.race.cursor == 30
    own.advance(50)
    assert_same(positions(own)[:31], past[:31])
    assert (positions(own)[31:, 0] != past[31:, 0]).any(axis=1).all()
    assert_same(positions(own)[:, 1], past[:, 1])
    assert changed(other, racers=[("sgd", 0.001), ("adam", 0.05)]) is Change.RETUNE
    other.advance(50)
    assert_same(positions(other), positions(own))


def test_a_rate_that_is_not_chosen_is_that_of_the_new_surface():
    own = run(racers=["sgd"])
    for name in ("bowl", "rosenbrock"):
        changed(own, surface=name)
        rate = own.settings.rate_of(own.settings.race.racers[0], SURFACES[name])
        assert own.race.trajectory.race.racers[0].learning_rate == rate


@pytest.mark.parametrize(("playing", "cursor", "shown", "expected"), [
    (False, 50, None, 50), (False, 5000, None, SHOWN_AT_ONCE), (False, 50, 120, 120), (False, 0, None, 0),
    (True, 50, None, 0), (True, 50, 120, 0),
])  # fmt: skip
def test_a_new_race_is_shown_as_far_as_the_one_before(playing, cursor, shown, expected):
    own = run()
    own.advance(cursor)
    assert changed(own, playing, shown, noise=0.5) is Change.RESTART
    assert (own.race.cursor, own.race.length) == (expected, expected)


def test_a_new_race_begins_at_the_new_start():
    own = run()
    changed(own, start=[1.5, 0.5])
    assert positions(own)[0].tolist() == [[1.5, 0.5]] * 2
    changed(own, surface="bowl")
    assert tuple(positions(own)[0, 0]) == SURFACES["bowl"].start
    changed(own, surface="own", formula="(x - 1)^2 + y^2")
    assert positions(own)[0].tolist() == [list(own.settings.surface().start)] * 2


def test_a_hyperparameter_of_the_surface_makes_another_surface():
    own = run(**{CONDITION: 10})
    narrow = own.race.surface
    changed(own, **{CONDITION: 100})
    w = np.array([1.0, 1.0])
    assert own.race.surface.f(w) != narrow.f(w)


# What cannot be


OFF = {"start": [100, 0]}


@pytest.mark.parametrize(("values", "parts"), [
    (OFF, ["start must have x from -4 to 4", "not (100, 0)"]),
    ({"surface": "bowl", **OFF}, ["start", "not (100, 0)"]),
    ({"noise": 1, "dark": True, **OFF}, ["start", "not (100, 0)"]),
    ({"surface": "network"}, ["surface", "no network"]),
], ids=str)  # fmt: skip
def test_choices_that_do_not_go_together_go_back(values, parts):
    own = run(noise=0.3)
    own.advance(40)
    before, settings, race = positions(own), own.settings.values(), own.race
    own.settings.update(values)
    with pytest.raises(Refusal, match=one_sentence(*parts)):
        own.apply(False)
    assert own.settings.values() == settings
    assert (own.race, own.generation, own.race.cursor) == (race, 0, 40)
    assert_same(positions(own), before)
    assert own.apply(False) is Change.NOTHING
    own.advance(10)
    assert_same(positions(own)[:41], before)


def test_a_surface_of_python_is_still_there_after_a_refusal():
    surface = from_callable(lambda x, y: x**2 + y**2, box=((-1, 1), (-1, 1)))
    own = RaceRun(RaceSettings(surface=surface, racers=TWO))
    own.settings.update({"start": [3, 3]})
    with pytest.raises(Refusal):
        own.apply(False)
    changed(own, noise=0.5)
    assert own.race.surface is surface
    assert own.settings.surface() is surface


def test_a_formula_takes_the_place_of_a_surface_of_python_on_a_wider_map():
    surface = from_callable(lambda x, y: x**2 + y**2, box=((-100, 100), (-100, 100)), start=(80.0, 80.0))
    own = RaceRun(RaceSettings(surface=surface, racers=TWO))
    assert changed(own, formula="x^4 + y^2") is Change.RESTART
    assert own.race.surface.f(np.array([2.0, 1.0])) == 17.0
    assert tuple(positions(own)[0, 0]) == own.race.surface.start


def test_a_surface_of_python_is_still_there_after_a_formula_that_could_not_be_raced_on():
    surface = from_callable(lambda x, y: x**2 + y**2, box=((-1, 1), (-1, 1)))
    own = RaceRun(RaceSettings(surface=surface, racers=TWO))
    own.settings.update({"formula": "x^4 + y^2", "start": [100, 100]})
    with pytest.raises(Refusal):
        own.apply(False)
    assert own.settings.surface() is own.race.surface is surface


@pytest.mark.parametrize("formula", ["log(x) + y^2", "sqrt(x) + y"])
def test_a_new_formula_keeps_the_start_where_it_can(formula):
    own = run(surface="own", formula="x^2 + y^2", start=(-2.0, 1.0))
    changed(own, formula="x^4 + y^2")
    assert own.settings.race.start == [-2.0, 1.0]
    changed(own, formula=formula)
    assert tuple(own.settings.race.start) == tuple(positions(own)[0, 0]) == own.race.surface.start
    assert changed(own) is Change.NOTHING


def test_without_a_network_one_cannot_begin_on_it():
    with pytest.raises(Refusal, match=one_sentence("surface", "no network")):
        run(surface="network")


# The network


def test_one_can_go_to_the_network_and_back():
    asked = []

    def network():
        asked.append(1)
        return Config(dataset="xor", hidden=(3,))

    own = run(network)
    assert asked == []
    assert changed(own, surface="network") is Change.RESTART
    assert isinstance(own.race, NetworkRace)
    own.advance(3)
    assert own.race.cursor == 3
    assert changed(own, surface="bowl") is Change.RESTART
    assert isinstance(own.race, SurfaceRace)
    assert tuple(positions(own)[0, 0]) == SURFACES["bowl"].start
    assert own.generation == 2


def test_a_new_race_asks_for_the_network_again():
    hidden = [3]
    own = run(lambda: Config(hidden=tuple(hidden)), surface="network")
    own.advance(2)
    hidden.append(2)
    own.begin()
    assert own.race.config.hidden == (3, 2)
    assert own.race.cursor == 0


def test_a_network_that_cannot_be_had_is_refused():
    def network():
        raise Refusal("hidden must be smaller; not this.")

    own = run(network)
    race = own.race
    own.settings.update({"surface": "network"})
    with pytest.raises(Refusal, match=one_sentence("hidden")):
        own.apply(False)
    assert own.race is race
    assert own.settings.race.surface == "valley"


# Costs and remarks


def test_the_cost_of_a_step_is_measured_where_steps_are_made():
    now = [0.0]
    own = RaceRun(RaceSettings(racers=TWO, surface="bowl"), clock=lambda: now[0])
    advance = own.race.advance

    def slow(steps):
        now[0] += 0.004 * steps
        return advance(steps)

    own.race.advance = slow
    for _ in range(60):
        own.advance(5)
    assert own.cost == pytest.approx(0.004, rel=0.01)
    own.race.seek(0)
    now[0] += 1
    known = own.cost
    own.advance(100)
    assert own.cost == known, "what is known already is only shown"


@pytest.mark.parametrize(("values", "said"), [
    ({"racers": ["sgd", "lbfgs"]}, []),
    ({"racers": ["sgd", "adam"], "noise": 1}, []),
    ({"racers": ["lbfgs", "newton", "lbfgs"], "noise": 1}, ["L-BFGS", "Newton"]),
    ({"racers": ["sgd", {"optimizer": "lbfgs", "shown": False}], "noise": 1}, []),
], ids=str)  # fmt: skip
def test_rules_that_want_no_noise_are_remarked_on(values, said):
    remark = run(**values).remark
    assert bool(remark) == bool(said)
    assert all(remark.count(label) == 1 for label in said)
