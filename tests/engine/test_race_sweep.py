"""Sweeps: forty learning rates at once are forty races."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_same, name_of, one_sentence

from engine import OPTIMIZERS, SURFACES
from engine.race import RATES, Ending, Race, Racer, Sweeping, sweep
from engine.surfaces import from_text

RACERS = [
    Racer("momentum", hyperparameters={"momentum": 0.5}),
    Racer("adam", schedule="step", schedule_params={"every": 10}),
    "bfgs",
]
STEPS = 40


def test_the_rates():
    assert len(RATES) == 40
    assert RATES[0] == pytest.approx(1e-6)
    assert RATES[-1] == pytest.approx(10.0)
    np.testing.assert_allclose(RATES[1:] / RATES[:-1], 1e7 ** (1 / 39))
    with pytest.raises(ValueError, match="read-only"):
        RATES[0] = 1.0


@pytest.mark.parametrize(("surface", "noise"), [(SURFACES["valley"], 0.2), (SURFACES["beale"], 0.0)], ids=name_of)
def test_each_value_is_where_a_race_alone_ends(surface, noise):
    found = sweep(surface, RACERS, STEPS, noise=noise, seed=3)
    assert_same(found.rates, RATES)
    for k, racer in enumerate(RACERS):
        racer = Racer(racer) if isinstance(racer, str) else racer
        # Every third rate, from the lowest to the highest.
        for rate, value in [*zip(RATES, found.values[k], strict=True)][::3]:
            race = Race(surface, [replace(racer, learning_rate=float(rate))], noise=noise, seed=3)
            state, _ = race.run(race.begin(), STEPS)
            assert value == (np.inf if state.endings[0] else state.values[0])
    assert np.isinf(found.values).any()
    assert np.isfinite(found.values).any(axis=1).all()


def test_the_best_rate_has_the_lowest_value():
    found = sweep("rosenbrock", list(OPTIMIZERS), 60)
    for best, values in zip(found.best, found.values, strict=True):
        assert values[list(found.rates).index(best)] - values.min() < 1e-12  # below that it is rounding
    # Gradient descent: 2 over the largest curvature of the valley, about 1000 where it is steepest, is the limit.


def test_on_a_bowl_the_best_rate_is_the_one_nearest_to_one():
    """A step of gradient descent multiplies the position by 1 - rate, from 2 on it only grows."""
    assert sweep("bowl", ["sgd"], 5, (1.0, 0.0)).best[0] == RATES[np.abs(1.0 - RATES).argmin()]
    found = sweep("bowl", ["sgd"], STEPS, (1.0, 0.0))
    with np.errstate(over="ignore"):
        expected = np.where(RATES < 2.0, 0.5 * (1.0 - RATES) ** (2 * STEPS), np.inf)
    np.testing.assert_allclose(found.values[0], expected, rtol=1e-9)


def test_who_fell_does_not_count_however_low_it_was():
    """Down a slope without end the fastest leave the box; the best is the fastest that is still on it."""
    found = sweep("plane", ["sgd"], STEPS)
    left = found.values[0] == np.inf
    # From x = 3.2 to -4 at 0.3 times the rate: 40 steps take at most 0.6.
    assert_same(left, RATES > 0.6)
    assert found.best[0] == RATES[~left].max()


def test_of_equal_values_the_rate_nearest_to_the_racers_own_is_the_best():
    found = sweep("bowl", [Racer("sgd", 1e-9), Racer("adam", RATES[7] * 1.1), Racer("sgd", 500.0)], 5, (0.0, 0.0))
    assert not found.values.any()
    assert_same(found.best, RATES[[0, 7, -1]])


def test_rounding_decides_nothing():
    """A line search is at the bottom whatever its first step: what is left there is rounding."""
    found = sweep("rosenbrock", [Racer("lbfgs", 1e-6), Racer("lbfgs", 10.0)], 60)
    there = found.values[0] < 1e-12
    assert len(set(found.values[0][there])) > 1
    assert_same(found.best, RATES[there][[0, -1]])


def test_a_sweep_may_be_made_in_parts():
    parts, whole = (Sweeping("beale", ["adam", "newton"], 40, noise=0.1) for _ in range(2))
    for steps in (1, 7, 30, 9):
        parts.run(steps)
    whole.run(40)
    assert parts.left == whole.left == 0
    assert_same(parts.outcome().values, whole.outcome().values)


def test_where_nobody_arrives_no_rate_is_the_best():
    edge = from_text("log(x)")
    found = sweep(edge, ["sgd", Racer("adam", hyperparameters={"beta1": 0.0})], 3, (1e-9, 0.0))
    assert np.isinf(found.values).all()
    assert_same(found.best, [np.nan, np.nan])


def test_a_racers_own_rate_does_not_matter():
    first, second = (sweep("matyas", [Racer("momentum", rate)], 10) for rate in (0.1, 5.0))
    assert_same(first.values, second.values)


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ({"racers": []}, ["at least one"]), ({"racers": ["sdg"]}, ["optimizer", "'sdg'"]),
        ({"surface": "bowel"}, ["surface", "'bowel'"]), ({"start": (9, 9)}, ["start", "(9, 9)"]),
        ({"noise": -1}, ["noise", "-1"]), ({"seed": 1.5}, ["seed", "1.5"]),
    ],
)  # fmt: skip
def test_what_is_refused(given, parts):
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        sweep(**{"surface": "bowl", "racers": ["sgd"], "steps": 5, **given})


def test_a_surface_may_be_ones_own():
    state, _ = (race := Race(from_text("x^2 + y^4"), ["newton"])).run(race.begin(), 30)
    found = sweep(from_text("x^2 + y^4"), ["newton"], 30)
    assert state.endings[0] == Ending.GOING
    assert found.values.min() <= state.values[0] < 1e-9
