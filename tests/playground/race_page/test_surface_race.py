import json
from types import SimpleNamespace

import numpy as np
import pytest
from helpers import assert_close, assert_same, one_sentence
from race_fakes import Track

from engine import OPTIMIZERS
from engine.race import Ending, distances, step_lengths
from engine.surfaces import from_callable
from playground.race_page.choices import CURVES, LAST_STEP
from playground.race_page.details import dissect
from playground.race_page.sections import HEAD, NEVER, Section
from playground.race_page.sender import Memory
from playground.race_page.settings import RaceSettings
from playground.race_page.surface_race import _MEASURES, SurfaceRace

ALL = [name for name in OPTIMIZERS if name != "momentum_classic"][:12]
LOST = [("sgd", 100.0), ("sgd", 0.001)]


def race(**values):
    """Of the first rules unless others are named, with rates that do not depend on the surface's."""
    return SurfaceRace(RaceSettings(**{"racers": [("sgd", 0.01), ("adam", 0.05), ("momentum", 0.002)], **values}))


# The way


def test_it_begins_at_the_start():
    own = race(start=(2, 1))
    assert (own.cursor, own.length, own.winner) == (0, 0, -1)
    assert own.trajectory.positions[0].tolist() == [[2.0, 1.0]] * 3
    assert own.fates() == ["", "", ""]


@pytest.mark.parametrize(("step", "shown"), [(-5, 0), (0, 0), (17, 17), (40, 40), (41, 40), (10**12, 40)])
def test_seeking_keeps_to_what_is_known(step, shown):
    own = race()
    own.advance(40)
    own.seek(step)
    assert (own.cursor, own.length) == (shown, 40)


def test_going_on_from_the_past_shows_the_same_way():
    own = race(noise=0.2)
    own.advance(40)
    known = own.trajectory.positions.copy()
    own.seek(10)
    assert own.advance(20) == ""
    assert (own.cursor, own.length) == (30, 40)
    assert own.advance(30) == ""
    assert (own.cursor, own.length) == (60, 60)
    assert_same(own.trajectory.positions[:41], known)


def test_it_stops_at_the_last_step():
    own = race(surface="bowl", racers=[("sgd", 0.01)])
    assert own.advance(LAST_STEP - 1) == ""
    sentence = own.advance(5)
    assert own.cursor == own.length == LAST_STEP
    assert sentence == own.advance(5) == f"The race ends at step {LAST_STEP:,}; reset it to race again."
    own.seek(100)
    assert own.advance(1) == ""
    assert own.cursor == 101


def test_it_stops_when_nobody_is_left():
    own = race(surface="bowl", racers=[("sgd", 100.0), ("momentum", 50.0)])
    sentence = own.advance(200)
    assert sentence.startswith("No racer is left on the map")
    length = own.length
    assert own.advance(200) == sentence
    assert own.length == length, "there is nothing to compute any more"
    own.seek(1)
    assert own.advance(1) == ""
    assert own.cursor == 2


def test_a_racer_that_leaves_is_marked_and_the_others_go_on():
    own = race(surface="bowl", racers=LOST, start=(-3, 2))
    assert own.advance(50) == ""
    assert own.fates() == ["left the map at step 1", ""]
    assert own.ended.tolist() == [1, NEVER]
    assert_same(own.trajectory.positions[50, 0], own.trajectory.positions[0, 0])
    own.seek(0)
    assert own.fates() == ["", ""]
    assert own.ended.tolist() == [NEVER, NEVER]


def test_a_racer_that_overflows_says_so():
    own = race(
        surface=from_callable(lambda x, y: x**4 + y**2, box=((-1e305, 1e305), (-5, 5)), start=(3.0, 1.0)),
        racers=[("sgd", 1.0)],
    )
    own.advance(20)
    assert own.fates() == [f"not finite at step {own.ended[0]}"]
    assert own.heads(True)[0, HEAD.index("ending")] == Ending.OVERFLOWED


# What is sent


def test_every_step_is_sent_once():
    own, sent = race(noise=0.1), []
    for steps in (0, 1, 70, 0, 100):
        own.advance(steps) if steps else None
        first, positions, values = own.since(len(sent))
        assert first == len(sent)
        assert len(positions) == len(values)
        assert positions.dtype == values.dtype == np.float32
        sent += list(positions)
    assert_same(np.array(sent), own.trajectory.positions.astype(np.float32))


def shot_of(own, memory):
    """A picture, as far as a Track reads it, of what is new."""
    first, positions, _ = own.since(memory.first_new(0, own.cuts))
    numbers = {"first": first, "length": own.length}
    return SimpleNamespace(parts={Section.POSITIONS: positions}, scalar=numbers.__getitem__)


def sent(own):
    """What is remembered of a race when all of it was sent."""
    return Memory(0, own.length + 1, len(own.cuts))


@pytest.mark.parametrize("cut", [0, 1, 33, 59, 60])
def test_after_a_retune_only_what_is_new_is_sent(cut):
    own, track = race(noise=0.1), Track()
    own.advance(60)
    track.take(shot_of(own, Memory()), 3)
    memory = sent(own)
    own.seek(cut)
    own._settings.update({"racers": [("sgd", 0.002), ("adam", 0.01), ("momentum", 0.001)]})
    own.retune()
    track.take(shot_of(own, memory), 3)
    assert len(track.positions) == cut + 1
    memory = sent(own)
    own.advance(30)
    track.take(shot_of(own, memory), 3)
    assert_same(np.array(track.positions), own.trajectory.positions.astype(np.float32))
    assert track.received == 61 + 30


def test_a_retune_before_anything_was_sent_leaves_no_gap():
    own, track = race(), Track()
    own.advance(60)
    own.seek(20)
    own.retune()
    own.advance(5)
    track.take(shot_of(own, Memory()), 3)
    assert_same(np.array(track.positions), own.trajectory.positions.astype(np.float32))


def test_heights_that_are_too_high_for_single_precision_are_sent_as_infinite():
    own = race(surface="own", formula="exp(60 x) + y^2", start=(4.5, 1.0), racers=[("sgd", 0.0)])
    assert np.isfinite(own.trajectory.values).all()
    assert own.since(0)[2].tolist() == [[np.inf]]


# Who has arrived


def test_arrival_and_victory_are_those_until_the_step_shown():
    own = race(surface="bowl", racers=[("sgd", 0.05), ("sgd", 0.2), ("sgd", 0.0)], tolerance=0.01)
    own.advance(300)
    within = own.trajectory.values <= 0.01
    fast, slow = (int(np.argmax(within[:, k])) for k in (1, 0))
    assert 0 < fast < slow
    for step, reached, winner in [
        (0, [-1, -1, -1], -1), (fast - 1, [-1, -1, -1], -1), (fast, [-1, fast, -1], 1), (slow - 1, [-1, fast, -1], 1),
        (slow, [slow, fast, -1], 1), (300, [slow, fast, -1], 1),
    ]:  # fmt: skip
        own.seek(step)
        assert own.reached.tolist() == reached
        assert own.winner == winner
        assert own.heads(False)[:, HEAD.index("reached")].tolist() == reached


def test_the_tolerance_counts_at_once():
    own = race(surface="bowl", racers=[("sgd", 0.1)], tolerance=1e-6)
    own.advance(20)
    assert own.winner == -1
    own._settings.update({"tolerance": 1.0})
    assert own.winner == 0


def test_nobody_arrives_where_there_is_no_lowest_point():
    own = race(surface="plane")
    own.advance(10)
    assert (own.reached == NEVER).all()
    assert own.winner == NEVER
    assert np.isnan(own.heads(False)[:, HEAD.index("distance")]).all()


# Heads and cards


def columns(rows, *names):
    return rows[:, [HEAD.index(name) for name in names]]


@pytest.mark.parametrize("noise", [0.0, 0.4])
@pytest.mark.parametrize("step", [0, 1, 64, 90])
def test_heads_are_what_the_engine_says(noise, step):
    racers = [{"optimizer": "sgd", "learning_rate": 0.01, "schedule": "exponential"}, ("adam", 0.05)]
    own = race(noise=noise, racers=racers)
    own.advance(100)
    own.seek(step)
    entry, rows = own.trajectory.race, own.heads(False)
    positions = own.trajectory.positions[step]
    slopes = own.surface.gradient(positions)
    seen = columns(rows, "gradient_x", "gradient_y")
    assert rows.shape == (2, len(HEAD))
    # All see the same noise: what is added to the slope is the same for both.
    assert_close((seen - slopes)[0], (seen - slopes)[1], atol=1e-12)
    assert ((seen - slopes)[0] != 0).all() if noise else (seen == slopes).all()
    assert_same(rows[:, HEAD.index("value")], own.trajectory.values[step])
    assert_close(rows[:, HEAD.index("distance")], distances(positions, own.surface.minima))
    rates = [racer.hyperparameters_at(step)["learning_rate"] for racer in entry.racers]
    assert rows[:, HEAD.index("rate")].tolist() == rates
    assert columns(rows, "ending", "ended", "reached").tolist() == [[0, -1, -1]] * 2
    assert np.isnan(columns(rows, *HEAD[2:11])).all(), "nobody asked for what is inside"


@pytest.mark.parametrize("surface", ["beale", "rastrigin"])
def test_deep_heads_show_what_each_rule_sees(surface):
    own = race(surface=surface, racers=[(name, 0.005) for name in ALL], noise=0.05)
    own.advance(30)
    entry, state = own.trajectory.at(30)
    rows, plain = own.heads(True), own.heads(False)
    assert_same(rows[:, :2], plain[:, :2])
    assert_same(rows[:, 11:], plain[:, 11:])
    known = set()
    for k, row in enumerate(rows):
        overlay = dissect(entry, state, k).overlay
        for name, first in (("velocity", 2), ("home", 4), ("rates", 6)):
            vector = getattr(overlay, name)
            known |= {name} if vector is not None else set()
            assert_same(row[first : first + 2], np.full(2, np.nan) if vector is None else np.asarray(vector, float))
        if overlay.model is None:
            assert np.isnan(row[8:11]).all()
        else:
            known.add("model")
            assert row[8:11].tolist() == overlay.model[[0, 0, 1], [0, 1, 1]].tolist()
    assert known == {"velocity", "home", "rates", "model"}


def test_momentum_is_seen_as_the_last_step_says():
    """An independent look: the velocity of classical momentum at rest of gradients is the last step times mu."""
    own = race(racers=[{"optimizer": "momentum", "learning_rate": 0.002, "hyperparameters": {"momentum": 0.8}}])
    own.advance(25)
    rows = own.heads(True)
    last = own.trajectory.positions[25, 0] - own.trajectory.positions[24, 0]
    assert_close(columns(rows, "velocity_x", "velocity_y")[0], 0.8 * last)


def test_of_adagrad_the_rates_are_those_of_its_sums():
    own = race(racers=[("adagrad", 0.3)])
    own.advance(20)
    slopes = own.surface.gradient(own.trajectory.positions[:21, 0])
    expected = 0.3 / (np.sqrt((slopes**2).sum(axis=0)) + 1e-10)
    assert_close(columns(own.heads(True), "rates_x", "rates_y")[0], expected)


@pytest.mark.parametrize("racer", range(12), ids=ALL)
@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_a_card_can_be_sent_and_ends_where_the_next_step_does(racer, noise):
    own = race(racers=[(name, 0.005) for name in ALL], noise=noise)
    own.advance(20)
    own.seek(15)
    card = own.card(racer)
    assert json.loads(json.dumps(card, allow_nan=False)) == card
    assert (card["racer"], card["step"]) == (racer, 15)
    assert all({"title", "formula", "numbers", "says", "role", "vector"} == set(line) for line in card["lines"])
    (gradient,) = (line["vector"] for line in card["lines"] if line["role"] == "gradient")
    (change,) = (line["vector"] for line in card["lines"] if line["role"] == "change")
    assert_close(gradient, own.heads(False)[racer, :2])
    assert_close(own.trajectory.positions[15, racer] + change, own.trajectory.positions[16, racer])


@pytest.mark.parametrize("racer", [-1, 2, 99])
def test_there_is_no_card_of_nobody(racer):
    assert race(racers=["sgd", "adam"]).card(racer) is None


def test_there_is_no_card_of_one_that_ended():
    own = race(surface="bowl", racers=LOST, start=(-3, 2))
    own.advance(5)
    assert own.card(0) is None
    assert own.card(1) is not None
    assert np.isnan(own.heads(True)[0, 2:11]).all()
    own.seek(0)
    assert own.card(0) is not None


@pytest.mark.parametrize("formula", ["log(x) + y^2", "sqrt(x) + 1/(x + y)"])
@pytest.mark.parametrize("rules", [ALL[:8], ALL[8:]], ids=["first", "others"])
def test_a_start_where_there_is_no_height_is_no_accident(formula, rules):
    own = race(surface="own", formula=formula, start=(-2.0, 1.0), racers=[(name, 0.1) for name in rules])
    rows = own.heads(True)
    assert np.isnan(rows[:, HEAD.index("value")]).all()
    for k in range(len(rules)):
        json.dumps(own.card(k), allow_nan=False)
    own.advance(3)
    assert own.heads(True)[:, HEAD.index("ending")].tolist() == [Ending.OVERFLOWED] * len(rules)
    assert all(own.card(k) is None for k in range(len(rules)))


# Curves


def test_every_curve_can_be_measured():
    assert set(_MEASURES) == set(CURVES)


def test_the_loss_is_the_height_above_the_lowest_point():
    own = race(surface="goldstein_price", racers=[("sgd", 1e-6), ("sgd", 1e-7)])
    own.advance(50)
    own.seek(20)
    shown = own.curves()
    assert shown["steps"].tolist() == list(range(51))
    assert_close(shown["curves"], own.trajectory.values.T - own.surface.lowest)
    assert (shown["log"], shown["cursor"]) == (True, 20)


@pytest.mark.parametrize("curve", ["distance", "length"])
def test_distances_and_lengths(curve):
    own = race(curve=curve)
    own.advance(30)
    shown = own.curves()
    lengths = np.concatenate([np.full((1, 3), np.nan), step_lengths(own.trajectory.positions)])
    expected = distances(own.trajectory.positions, own.surface.minima) if curve == "distance" else lengths
    assert_close(shown["curves"], expected.T)
    assert shown["log"]


def test_without_a_lowest_point_the_loss_is_the_height_itself():
    own = race(surface="plane")
    own.advance(5)
    shown = own.curves()
    assert not shown["log"]
    assert_close(shown["curves"], own.trajectory.values.T)
    own._settings.update({"curve": "length"})
    assert own.curves()["log"]
    own._settings.update({"curve": "distance"})
    assert_close(own.curves()["curves"], own.trajectory.values.T)
    assert (own.curve, own.logarithmic) == ("loss", False)


def test_long_curves_are_thinned_out_and_keep_both_ends():
    own = race(racers=[("sgd", 0.001)])
    own.advance(5000)
    shown = own.curves()
    assert len(shown["steps"]) == shown["curves"].shape[1] <= 400
    assert (shown["steps"][0], shown["steps"][-1]) == (0, 5000)
    assert np.diff(shown["steps"]).max() <= 2 * 5000 / 399


def test_a_curve_ends_with_its_racer():
    own = race(surface="bowl", racers=[("sgd", 2.05), ("sgd", 0.01)], start=(-3, 2))
    own.advance(100)
    (ended, never), shown = own.ended, own.curves()
    assert 1 < ended < 100
    assert never == NEVER
    assert np.isfinite(shown["curves"][0, : ended + 1]).all()
    assert np.isnan(shown["curves"][0, ended + 1 :]).all()
    assert np.isfinite(shown["curves"][1]).all()


# Sweeps


def test_a_sweep_is_run_from_the_start_with_the_noise():
    own = race(surface="bowl", racers=["sgd", ("momentum", 0.5)], noise=0.1, swept_steps=50)
    sweeping = own.sweep()
    sweeping.run(sweeping.left)
    outcome = sweeping.outcome()
    assert outcome.values.shape == (2, len(outcome.rates))
    k = int(np.argmin(outcome.values[0]))
    assert outcome.best[0] == outcome.rates[k]
    again = race(surface="bowl", racers=[("sgd", float(outcome.rates[k]))], noise=0.1)
    again.advance(50)
    assert_close(again.trajectory.values[50, 0], outcome.values[0, k])


def test_a_start_off_the_map_is_refused():
    with pytest.raises(ValueError, match=one_sentence("start must have x from", "not (100, 0)")):
        race(start=(100, 0))
