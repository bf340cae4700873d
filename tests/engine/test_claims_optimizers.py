"""The lectures' claims about update rules, 12 to 16 of the syllabus, measured on toy surfaces.

Where a measurement disagrees with the lectures, or holds only within limits, the test says so.
"""

import numpy as np
import pytest
from helpers import assert_close, name_of

from engine import SURFACES
from engine.race import Ending, Race, Racer, distances, step_lengths

BOWL, VALLEY, PLANE, BOOTH, MATYAS, ROSENBROCK, BEALE = (
    SURFACES[name] for name in ("bowl", "valley", "plane", "booth", "matyas", "rosenbrock", "beale")
)
SEEDS = range(3)


def valley(condition):
    """x^2 / condition + y^2: its largest curvature is 2, its smallest 2 / condition."""
    return VALLEY.tuned({"condition": condition})


def raced(surface, racers, steps, **given):
    """Places (steps + 1, n, 2) and how the racers stand at the end."""
    race = Race(surface, racers, **given)
    first = race.begin()
    state, trajectory = race.run(first, steps)
    return np.concatenate([first.positions[None], trajectory.positions]), state


def arrivals(surface, positions):
    """The step (n,) from which on racers are within 1e-3 of the minimum; as many as there are if never."""
    far = distances(positions, surface.minima) > 1e-3
    return len(positions) - np.argmax(far[::-1], axis=0)


# Claim 12: a steep and shallow valley


def test_gradient_descent_jitters_across_a_valley_and_crawls_along_it():
    """Claim 12, lecture 1: at condition number 100 and nine tenths of the largest rate that works.

    It is on the other side after every step; after 50 of them 1e-5 of the way across is left, and two fifths of the
    way along.
    """
    positions, _ = raced(valley(100), [Racer("sgd", 0.9)], 50)
    x, y = positions[:, 0].T
    assert np.all(np.sign(y[1:]) == -np.sign(y[:-1]))
    assert np.all(np.diff(x) > 0.0)
    assert abs(y[-1] / y[0]) < 2e-5
    assert x[-1] / x[0] > 0.4


@pytest.mark.parametrize(("condition", "times"), [(20, 5), (50, 8), (100, 12)])
def test_momentum_goes_along_a_valley_several_times_faster(condition, times):
    """Claim 12, lecture 1, at the same rate of 0.1: 155 steps against 812 at condition number 20."""
    surface = valley(condition)
    positions, _ = raced(surface, [Racer("sgd", 0.1), Racer("momentum", 0.1)], 5000)
    plain, heavy = arrivals(surface, positions)
    assert heavy * times < plain <= 5000


@pytest.mark.parametrize(("condition", "times"), [(10, 2), (20, 3), (100, 7), (1000, 15)])
def test_momentum_is_faster_when_each_has_its_best_rate(condition, times):
    """Claim 12, lecture 1. As the condition number grows, gradient descent needs steps in proportion to it, momentum
    to its root. The best rates and momentum for a quadratic are Polyak's (1964).

    The claim holds only so far as momentum fits: at condition number 20 a momentum of 0.9 is too much, and gradient
    descent at its best rate is there before it (the next test).
    """
    surface, roots = valley(condition), np.sqrt([2.0, 2.0 / condition])
    momentum = (np.subtract(*roots) / roots.sum()) ** 2
    racers = [
        Racer("sgd", 2.0 / (roots**2).sum()), Racer("momentum", 4.0 / roots.sum() ** 2, {"momentum": momentum}),
    ]  # fmt: skip
    positions, _ = raced(surface, racers, 5000, start=(-3.5, 0.3))
    plain, heavy = arrivals(surface, positions)
    assert heavy * times < plain <= 5000


def test_too_much_momentum_is_slower_than_none():
    """Claim 12, where it does not hold as stated: at condition number 20 and a rate of 0.9, gradient descent arrives
    after 87 steps, the usual momentum of 0.9 after 156; and across the valley it does not damp, it swings for longer.
    """
    positions, _ = raced(VALLEY, [Racer("sgd", 0.9), Racer("momentum", 0.9)], 500)
    plain, heavy = arrivals(VALLEY, positions)
    assert plain * 1.5 < heavy <= 500
    across = np.abs(np.diff(positions[..., 1], axis=0)).sum(axis=0)
    assert across[1] > 2 * across[0]


def test_less_momentum_damps_the_jitter():
    """Claim 12, lecture 1: at the same rate of 0.9 a momentum of 0.5 halves the way across and arrives earlier."""
    positions, _ = raced(VALLEY, [Racer("sgd", 0.9), Racer("momentum", 0.9, {"momentum": 0.5})], 500)
    across = np.abs(np.diff(positions[..., 1], axis=0)).sum(axis=0)
    assert across[1] < 0.6 * across[0]
    plain, heavy = arrivals(VALLEY, positions)
    assert heavy < 0.7 * plain


def test_momentum_overshoots_the_minimum_and_gradient_descent_does_not():
    """Claim 12, lecture 1: half a unit beyond the minimum at x = 0, after 3.5 units of way."""
    positions, state = raced(VALLEY, [Racer("sgd", 0.1), Racer("momentum", 0.1)], 1000)
    beyond = positions[..., 0].max(axis=0)
    assert beyond[0] <= 0.0
    assert 0.5 < beyond[1] < 0.6
    assert np.all(state.values < 1e-6)


# Claim 13: a tilted plane


@pytest.mark.parametrize("name", ["momentum", "momentum_classic", "nesterov"])
@pytest.mark.parametrize("alpha", [0.0, 0.5, 0.8, 0.9, 0.95, 0.99])
def test_momentums_terminal_velocity(name, alpha):
    """Claim 13, lecture 2: on a tilted plane it is the gradient's step over 1 - alpha, in both forms of momentum.

    And in Nesterov's rule, which looks ahead in vain, for the slope is the same everywhere.
    """
    rate, steps = 3e-5, int(1 + np.log(1e-7) / np.log(max(alpha, 0.1)))
    positions, _ = raced(PLANE, [Racer(name, rate, {"momentum": alpha})], steps + 1)
    lengths = step_lengths(positions)[:, 0]
    assert lengths[-1] == pytest.approx(rate * np.hypot(0.3, 0.1) / (1.0 - alpha), rel=1e-6)
    assert np.all(np.diff(lengths) > -1e-15)


@pytest.mark.parametrize("alpha", [0.5, 0.9, 0.99])
def test_how_momentum_gets_there(alpha):
    """Claim 13, lecture 2: a step is 1 + alpha + alpha^2 + ... times the gradient's."""
    positions, _ = raced(PLANE, [Racer("momentum", 1e-3, {"momentum": alpha})], 30)
    sums = np.cumsum(alpha ** np.arange(30))
    assert_close(step_lengths(positions)[:, 0], 1e-3 * np.hypot(0.3, 0.1) * sums)


# Claim 14: Nesterov


def overshoots(positions):
    """How far (n, 2) racers get beyond a minimum at the origin, along each axis."""
    return np.maximum((-np.sign(positions[0]) * positions).max(axis=0), 0.0)


@pytest.mark.parametrize("surface", [VALLEY, BOWL], ids=name_of)
@pytest.mark.parametrize("momentum", [0.5, 0.8, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("rate", [0.01, 0.03, 0.1, 0.3])
def test_nesterov_overshoots_less(surface, momentum, rate):
    """Claim 14, lecture 3: along both axes, as long as the rate is not near the largest one (the next test)."""
    racers = [Racer(name, rate, {"momentum": momentum}) for name in ("momentum", "nesterov")]
    positions, state = raced(surface, racers, 300)
    heavy, ahead = overshoots(positions)
    assert not state.endings.any()
    assert np.all(ahead <= heavy)
    far = heavy > 1e-3
    assert np.all(ahead[far] < 0.97 * heavy[far])
    if momentum >= 0.9:
        assert far.any()


def test_nesterov_overshoots_more_and_diverges_earlier_at_high_rates():
    """Claim 14, where it does not hold as stated: across the valley, of curvature 2.

    At a momentum of 0.9 Nesterov's rule diverges from a rate of 2 (1 + 0.9) / (1 + 2 * 0.9) / 2 = 0.679 on, momentum
    only from 2 (1 + 0.9) / 2 = 1.9 on; already at 0.6 it is Nesterov that overshoots more.
    """
    positions, state = raced(VALLEY, [Racer("momentum", 0.6), Racer("nesterov", 0.6)], 500)
    heavy, ahead = overshoots(positions)
    assert ahead[1] > 1.1 * heavy[1]
    assert not state.endings.any()
    _, state = raced(VALLEY, [Racer("nesterov", 0.67), Racer("nesterov", 0.69), Racer("momentum", 0.69)], 500)
    assert list(state.endings) == [Ending.GOING, Ending.LEFT, Ending.GOING]


# Claim 15: the learning rate


def largest_rate(surface):
    """Two over the largest curvature of a quadratic."""
    return 2.0 / np.linalg.eigvalsh(surface.hessian(np.array(surface.start))).max()


@pytest.mark.parametrize(
    "surface", [BOWL, BOOTH, MATYAS, *(valley(condition) for condition in (1, 10, 100, 1000))],
    ids=["bowl", "booth", "matyas", "valley-1", "valley-10", "valley-100", "valley-1000"],
)  # fmt: skip
def test_gradient_descent_diverges_from_two_over_the_curvature_on(surface):
    """Claim 15, lecture 1: on a quadratic exactly there, however shallow it is the other way."""
    limit, minimum = largest_rate(surface), np.array(surface.minima[0])
    start = minimum + 0.4 * (surface.start - minimum)  # nearer than usual, so that the way to and fro is on the map
    positions, state = raced(surface, [Racer("sgd", 0.999 * limit), Racer("sgd", 1.001 * limit)], 5000, start=start)
    assert list(state.endings) == [Ending.GOING, Ending.LEFT]
    assert distances(positions[-1], surface.minima)[0] < 1e-3
    # Until it falls off the map the other one rises with every step.
    rising = surface.f(positions[state.ended[1] - 100 : state.ended[1], 1])
    assert np.all(np.diff(rising) > 0.0)


@pytest.mark.parametrize("surface", [BOWL, VALLEY, BOOTH], ids=name_of)
def test_too_low_a_rate_crawls(surface):
    """Claim 15, lecture 1: with a thousandth of the largest rate, 100 steps leave more than three quarters of the way,
    in which half of the largest rate does nearly all of it.
    """
    limit = largest_rate(surface)
    positions, _ = raced(surface, [Racer("sgd", 1e-3 * limit), Racer("sgd", 0.5 * limit)], 100)
    low, good = distances(positions[[0, -1]], surface.minima)[-1] / distances(positions[0], surface.minima)
    assert low > 0.75
    assert good < 0.01


@pytest.mark.parametrize(("surface", "high"), [(VALLEY, 0.5), (BOWL, 0.5), (BOOTH, 0.05)], ids=name_of)
def test_decay_ends_lower_than_a_high_and_a_low_rate(surface, high):
    """Claim 15, lecture 1: with gradient noise, which keeps a constant rate at a height in proportion to it.

    The heights after 1000 steps, means of 8 runs.
    """
    decays = {"inverse": {"decay": 0.02}, "exponential": {"decay": 0.005}, "cosine": {"steps": 1000}}
    racers = [
        Racer("sgd", high),
        Racer("sgd", high / 200),
        *(
            Racer("sgd", high, schedule=name, schedule_params=hyperparameters)
            for name, hyperparameters in decays.items()
        ),
    ]
    runs = [raced(surface, racers, 1000, noise=0.3, seed=seed)[1].values for seed in range(8)]
    fast, slow, *decayed = np.mean(runs, axis=0)
    assert max(decayed) < fast / 4
    assert max(decayed) < slow / 20


# Claim 16: curvature


@pytest.mark.parametrize(
    "surface", [BOWL, BOOTH, MATYAS, *(valley(condition) for condition in (1, 20, 400, 1000))],
    ids=["bowl", "booth", "matyas", "valley-1", "valley-20", "valley-400", "valley-1000"],
)  # fmt: skip
def test_newton_reaches_a_quadratics_minimum_in_one_step(surface):
    """Claim 16, lecture 3: from anywhere, and however shallow the valley.

    Two over the condition number, the least curvature here, is more than the damping.
    """
    (left, right), (bottom, top) = surface.box
    for start in (surface.start, (left, top), (0.3 * right, bottom)):
        positions, _ = raced(surface, ["newton"], 1, start=start)
        assert distances(positions[1], surface.minima)[0] < 1e-12


@pytest.mark.parametrize(
    ("surface", "steps"), [(BOWL, 5), (VALLEY, 15), (BEALE, 30), (ROSENBROCK, 50)], ids=name_of
)  # fmt: skip
def test_lbfgs_is_excellent_without_noise(surface, steps):
    """Claim 16, lecture 3: it arrives where SGD and Adam have hardly begun to."""
    rates = {"sgd": 0.01, "adam": 0.03, **surface.reach}
    positions, _ = raced(surface, ["lbfgs", Racer("sgd", rates["sgd"]), Racer("adam", rates["adam"])], steps)
    lbfgs, *others = surface.f(positions[-1]) - surface.lowest
    assert lbfgs < 1e-12
    assert min(others) > 1e-2


@pytest.mark.parametrize(("surface", "noise"), [(BOWL, 0.3), (VALLEY, 0.1), (BEALE, 0.1)], ids=name_of)
def test_lbfgs_is_poor_with_noise(surface, noise):
    """Claim 16, lecture 3: noise on the gradient, as mini-batches make it, puts it last.

    The mean height over steps 600 to 800. The search sees the surface tilted by the same noise, as it sees the
    mini-batch's loss; it goes all the way to the minimum of each.
    """
    rates = {"sgd": 0.01, "adam": 0.03, **surface.reach}
    racers = ["lbfgs", Racer("sgd", rates["sgd"]), Racer("adam", rates["adam"])]
    for seed in SEEDS:
        positions, _ = raced(surface, racers, 800, noise=noise, seed=seed)
        lbfgs, *others = surface.f(positions[-200:]).mean(axis=0) - surface.lowest
        assert lbfgs > 3 * max(others)


def test_more_noise_throws_lbfgs_off_the_map():
    """Claim 16, lecture 3: it goes to the lowest point of the tilted surface, wherever that is."""
    for surface, noise in ((VALLEY, 0.3), (BEALE, 1.0), (ROSENBROCK, 10.0)):
        rates = {"sgd": 0.01, "adam": 0.03, **surface.reach}
        racers = ["lbfgs", Racer("sgd", rates["sgd"]), Racer("adam", rates["adam"])]
        for seed in SEEDS:
            _, state = raced(surface, racers, 800, noise=noise, seed=seed)
            assert list(state.endings) == [Ending.LEFT, Ending.GOING, Ending.GOING]


def test_lbfgs_with_little_noise_may_still_be_ahead():
    """Claim 16, where it does not hold as stated: along Rosenbrock's valley SGD and Adam are so slow that L-BFGS is
    lower than both, also with noise, until there is enough of it to throw L-BFGS off (the test above).
    """
    racers = ["lbfgs", *(Racer(name, ROSENBROCK.reach[name]) for name in ("sgd", "adam"))]
    for seed in SEEDS:
        positions, _ = raced(ROSENBROCK, racers, 800, noise=1.0, seed=seed)
        lbfgs, *others = ROSENBROCK.f(positions[-200:]).mean(axis=0)
        assert 2 * lbfgs < min(others)
