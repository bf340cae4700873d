"""The line search, on lines through losses made for it."""

from types import SimpleNamespace

import numpy as np
import pytest
from descent import SurfaceProbe
from helpers import assert_close, assert_same

from engine.optimizers.line_search import C1, C2, MOST_EVALUATIONS, weak_wolfe


def line(f, slope):
    """A loss of one parameter."""
    return SimpleNamespace(f=lambda w: f(w[..., 0]), gradient=lambda w: slope(w[..., 0])[..., None])


def search(loss, first, batch_shape=()):
    """Step, whether lost, and the number of evaluations, from w = 0 in the direction 1."""
    params = np.zeros((*batch_shape, 1))
    probe = SurfaceProbe(loss, params)
    slope = probe.slope_here()[..., 0].copy()
    first = np.broadcast_to(np.asarray(first, dtype=float), batch_shape)
    step, lost = weak_wolfe(probe, params, np.ones_like(params), slope, first, slope < 0)
    return step, lost, probe.evaluations


def parabola(minimum):
    return line(lambda t: (t - minimum) ** 2, lambda t: 2 * (t - minimum))


# f = (t - 0.1)^2: 1, 1/2 and 1/4 do not get below f(0) = 0.01; 1/8 does, and there the slope is positive.
# f = (t - 10)^2: from 0.1 every step is doubled until the slope is above -18, that is from t = 1 on.
# f = (t - 1)^2: 1 is taken at once. At 1.99999 the decrease is 0.00002, not 1e-4 of the 4 that the slope promises.
@pytest.mark.parametrize(
    ("minimum", "first", "step", "evaluations"),
    [(0.1, 1.0, 0.125, 4), (10.0, 0.1, 1.6, 5), (1.0, 1.0, 1.0, 1), (1.0, 1.99999, 0.999995, 2)],
)
def test_brackets_by_hand(minimum, first, step, evaluations):
    found, lost, asked = search(parabola(minimum), first)
    assert_close(found, step)
    assert (asked, bool(lost)) == (evaluations, False)


def test_doubles_then_bisects():
    # Down with a slope of -1 up to 2.25, and high above the start beyond: no step lowers the loss and leaves less of
    # the slope. 1 and 2 are too short, 4 is too long; the bracket closes on the cliff until no evaluation is left.
    cliff = line(lambda t: np.where(t < 2.25, -t, 10 * t), lambda t: np.where(t < 2.25, -1.0, 10.0))
    found, lost, asked = search(cliff, 1.0)
    assert_close(found, 2.25, rtol=2.0**-20)
    assert found < 2.25
    assert (asked, bool(lost)) == (MOST_EVALUATIONS, False)


@pytest.mark.parametrize("beyond", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("in_slope", [False, True])
def test_what_is_not_finite_is_too_long(beyond, in_slope):
    with np.errstate(invalid="ignore"):
        walled = line(
            lambda t: np.where(t > 0.3, -1.0 if in_slope else beyond, (t - 0.2) ** 2),
            lambda t: np.where(t > 0.3, beyond if in_slope else 0.0, 2 * (t - 0.2)),
        )
        found, lost, asked = search(walled, 1.0)
    assert_close(found, 0.25)
    assert (asked, bool(lost)) == (3, False)


def test_a_loss_without_bottom_ends_the_search_too():
    found, lost, asked = search(line(lambda t: -t, lambda t: -np.ones_like(t)), 0.1)
    assert_close(found, 0.1 * 2 ** (MOST_EVALUATIONS - 1))
    assert (asked, bool(lost)) == (MOST_EVALUATIONS, False)


def test_lost_where_nothing_is_lower():
    found, lost, asked = search(line(lambda t: 1 + 0.1 * t, lambda t: -np.ones_like(t)), 1.0)
    assert (found, asked, bool(lost)) == (0.0, MOST_EVALUATIONS, True)


def test_stays_without_a_look_where_the_gain_is_lost_in_rounding():
    settled = line(lambda t: 1 + 1e-15 * (t - 1) ** 2, lambda t: 2e-15 * (t - 1))
    assert search(settled, 1.0) == (0.0, False, 0)


def test_takes_the_first_step_unseen_where_the_loss_is_not_finite():
    unknown = line(lambda t: np.full_like(t, np.nan), lambda t: -np.ones_like(t))
    assert search(unknown, 0.7) == (0.7, False, 0)


def test_asks_for_nothing_when_no_one_searches():
    params = np.zeros((3, 1))
    probe = SurfaceProbe(parabola(1.0), params)
    first = np.array([1.0, 2.0, 3.0])
    step, lost = weak_wolfe(probe, params, np.ones_like(params), -first, first, np.zeros(3, bool))
    assert_same(step, first)
    assert not lost.any()
    assert probe.evaluations == 0


def test_networks_search_side_by_side_as_they_would_alone():
    minima = np.array([[0.1, 10.0, 1.0, 1e6], [3.0, 0.011, 0.5, 2.5]])
    heights = np.array([[0.0, 0.0, 5.0, 0.0], [1e20, 0.0, 1.0, 0.0]])  # one that has settled on a height of 1e20
    first = np.array([[1.0, 0.1, 1.0, 0.3], [1.0, 1.0, 0.7, 0.01]])
    together, lost, asked = search(
        line(lambda t: heights + (t - minima) ** 2, lambda t: 2 * (t - minima)), first, minima.shape
    )
    alone = [
        search(line(lambda t, h=h, m=m: h + (t - m) ** 2, lambda t, m=m: 2 * (t - m)), first)
        for h, m, first in zip(heights.flat, minima.flat, first.flat, strict=True)
    ]
    assert_same(together.ravel(), np.array([float(step) for step, _, _ in alone]))
    assert_same(lost.ravel(), np.array([bool(lost) for _, lost, _ in alone]))
    assert asked == max(asked for _, _, asked in alone) < MOST_EVALUATIONS
    assert sorted({asked for _, _, asked in alone})[:2] == [0, 1]


def test_a_search_that_is_lost_drags_no_other_along():
    """Side by side: one that rises, one that does not search, one that has settled, and one that has it easy."""
    heights, rise = np.array([1.0, 1.0, 1e20, 1.0]), np.array([0.1, 0.1, 0.1, -1.0])
    four = line(lambda t: heights + rise * t, lambda t: np.where((rise < 0) & (t > 0), 0.0, -np.ones_like(t)))
    params = np.zeros((4, 1))
    probe = SurfaceProbe(four, params)
    searching = np.array([True, False, True, True])
    first = np.full(4, 0.7)
    step, lost = weak_wolfe(probe, params, np.ones((4, 1)), probe.slope_here()[:, 0].copy(), first, searching)
    assert_same(step, np.array([0.0, 0.7, 0.0, 0.7]))
    assert_same(lost, np.array([True, False, False, False]))
    assert probe.evaluations == MOST_EVALUATIONS


def test_accepted_steps_meet_both_conditions(rng):
    """On lines through a bumpy loss, from many points at once."""
    bumps = line(lambda t: np.sin(3 * t) + 0.1 * t**2, lambda t: 3 * np.cos(3 * t) + 0.2 * t)
    start = rng.uniform(-5, 5, (500, 1))
    probe = SurfaceProbe(bumps, start)
    slope = probe.slope_here().copy()
    direction = -slope * rng.uniform(0.01, 10, (500, 1))
    steepness = (slope * direction)[:, 0]
    step, lost = weak_wolfe(probe, start, direction, steepness, np.ones(500), steepness < 0)
    assert not lost.any()
    end = start + step[:, None] * direction
    assert np.all(step > 0)
    assert np.all(bumps.f(end) <= bumps.f(start) + C1 * step * steepness)
    assert np.all((bumps.gradient(end) * direction)[:, 0] >= C2 * steepness)
