"""Newton's method, BFGS and L-BFGS."""

from types import SimpleNamespace

import numpy as np
import pytest
from descent import SurfaceProbe, descend, flat, hyperparameters_of, update
from helpers import assert_close, assert_same, name_of

from engine import OPTIMIZERS, SURFACES
from engine.optimizers.lbfgs import MEMORY, inverse_times
from engine.optimizers.line_search import C1, C2, weak_wolfe

NEWTON, BFGS, LBFGS = (OPTIMIZERS[name] for name in ("newton", "bfgs", "lbfgs"))
BOWL, VALLEY, ROSENBROCK = (SURFACES[name] for name in ("bowl", "valley", "rosenbrock"))
learning = pytest.mark.parametrize("entry", [BFGS, LBFGS], ids=name_of)
searched = pytest.mark.parametrize("line_search", [0, 1])


def quadratic(A, minimum):
    """Half (w - minimum)' A (w - minimum)."""
    return SimpleNamespace(
        f=lambda w: 0.5 * np.vecdot(w - minimum, ((w - minimum)[..., None, :] @ A)[..., 0, :]),
        gradient=lambda w: ((w - minimum)[..., None, :] @ A)[..., 0, :],
        hessian=lambda w: np.broadcast_to(A, (*w.shape, w.shape[-1])).copy(),
    )


def positive(rng, *shape):
    """Random positive definite matrices."""
    A = rng.normal(size=shape)
    return A @ A.mT + np.eye(shape[-1])


# Newton


@pytest.mark.parametrize("batch_shape", [(), (4,), (2, 3)], ids=str)
def test_newton_reaches_the_minimum_of_a_quadratic_in_one_step(batch_shape, rng):
    A, minimum, start = (
        positive(rng, *batch_shape, 5, 5),
        rng.normal(size=(*batch_shape, 5)),
        rng.normal(size=(*batch_shape, 5)),
    )
    path = descend(NEWTON, quadratic(A, minimum), 1, hyperparameters_of(NEWTON, 1.0), start)
    assert_close(path[1], minimum)


@pytest.mark.parametrize("surface", [BOWL, VALLEY], ids=name_of)
def test_newton_with_half_the_rate_goes_half_the_way(surface):
    path = descend(NEWTON, surface, 3, hyperparameters_of(NEWTON, 0.5))
    assert_close(path, np.array(surface.start) * 0.5 ** np.arange(4)[:, None])


def test_newton_leaves_a_saddle():
    # x^2 - 2 y^2 bends by 2 and -4: along y the step is as long as for 4, but down.
    saddle = quadratic(np.diag([2.0, -4.0]), np.zeros(2))
    assert_close(descend(NEWTON, saddle, 1, hyperparameters_of(NEWTON, 1.0), (3.0, 1.0))[1], [0.0, 2.0])


def test_newton_takes_no_curvature_for_less_than_the_damping():
    # Without curvature the step is g / damping; with less than the damping too.
    bends, slope = np.array([0.0, 0.1, -0.1, 4.0]), np.array([1.0, 2.0, 3.0, 4.0])
    probe = SimpleNamespace(hessian=lambda w: np.diag(bends))
    hyperparameters = hyperparameters_of(NEWTON, 1.0, damping=0.5, line_search=0)
    change, _ = NEWTON.update(slope, NEWTON.init(slope), np.zeros(4), 0, hyperparameters, probe)
    assert_close(change, [-2.0, -4.0, -6.0, -1.0])


def test_newton_goes_down_the_gradient_where_the_hessian_is_not_finite():
    hessians = np.stack([np.full((2, 2), np.nan), np.diag([2.0, 4.0]), np.diag([np.inf, 1.0])])
    slope = np.ones((3, 2))
    probe = SimpleNamespace(hessian=lambda w: hessians)
    hyperparameters = hyperparameters_of(NEWTON, 1.0, line_search=0)
    change, _ = NEWTON.update(slope, NEWTON.init(slope), np.zeros((3, 2)), 0, hyperparameters, probe)
    assert_close(change, [[-1.0, -1.0], [-0.5, -0.25], [-1.0, -1.0]])


@pytest.mark.parametrize(("line_search", "lands"), [(0, -8.0), (1, 2.0)])
def test_the_line_search_keeps_newton_from_overshooting(line_search, lands):
    # f = sqrt(1 + w^2) is flat far out: from w = 2 Newton's own step is -w (1 + w^2) = -10, to -8, where f is higher.
    class Bowl:
        value = np.sqrt(np.array(5.0))
        hessian = staticmethod(lambda w: np.array([[5.0**-1.5]]))
        at = staticmethod(lambda w: (np.sqrt(1 + w[0] ** 2), w / np.sqrt(1 + w**2)))

    w = np.array([2.0])
    hyperparameters = hyperparameters_of(NEWTON, 1.0, line_search=line_search, damping=1e-8)
    change, _ = NEWTON.update(w / 5.0**0.5, NEWTON.init(w), w, 0, hyperparameters, Bowl())
    after = float(w[0] + change[0])
    assert after == pytest.approx(lands) if not line_search else abs(after) < lands


# What BFGS and L-BFGS learn


def textbook(H, s, y):
    """Nocedal and Wright 2006, equation 6.17."""
    rho, identity = 1 / (s @ y), np.eye(len(s))
    return (identity - rho * np.outer(s, y)) @ H @ (identity - rho * np.outer(y, s)) + rho * np.outer(s, s)


def two_loops(S, Y, g, scale):
    """Nocedal and Wright 2006, algorithm 7.4, pair by pair."""
    alphas, q = [], g.copy()
    for s, y in zip(S[::-1], Y[::-1], strict=True):
        alphas.append((s @ q) / (s @ y))
        q -= alphas[-1] * y
    r = scale * q
    for s, y, alpha in zip(S, Y, alphas[::-1], strict=True):
        r += (alpha - (y @ r) / (s @ y)) * s
    return r


def steps_of(path, surface):
    """All pairs of a path: the steps, and the changes of the gradient."""
    return np.diff(path, axis=0), np.diff(surface.gradient(path), axis=0)


@pytest.mark.parametrize("surface", [VALLEY, ROSENBROCK], ids=name_of)
def test_bfgs_keeps_the_textbooks_matrix(surface):
    params = np.array(surface.start)
    optimizer_state, path = BFGS.init(params), [params]
    for step in range(6):
        change, optimizer_state = update(BFGS, surface, optimizer_state, params, step, hyperparameters_of(BFGS, 1.0))
        # What the matrix has learned from are the steps before this one.
        if step:
            S, Y = steps_of(np.array(path), surface)
            H = np.eye(2) * (S[0] @ Y[0]) / (Y[0] @ Y[0])
            for s, y in zip(S, Y, strict=True):
                H = textbook(H, s, y)
            assert_close(
                optimizer_state.H, H, rtol=1e-7
            )  # the steps here are differences of parameters, which rounds them
            assert_close(optimizer_state.H @ Y[-1], S[-1], rtol=1e-7)
            assert_same(optimizer_state.H, optimizer_state.H.T)
            assert np.linalg.eigvalsh(optimizer_state.H).min() > 0
        assert_same((optimizer_state.w, optimizer_state.g), (params, surface.gradient(params)))
        assert_same((optimizer_state.t, optimizer_state.pairs), ([step + 1.0], [float(step)]))
        params = params + change
        path.append(params)


def test_lbfgs_remembers_the_last_ten_steps():
    # A low rate and no line search, so that all of 15 steps are good pairs.
    hyperparameters = hyperparameters_of(LBFGS, 0.1, line_search=0)
    path = descend(LBFGS, ROSENBROCK, 15, hyperparameters)
    S, Y = steps_of(path, ROSENBROCK)
    optimizer_state = LBFGS.init(path[0])
    for step, params in enumerate(path):
        change, optimizer_state = update(LBFGS, ROSENBROCK, optimizer_state, params, step, hyperparameters)
        kept = min(step, MEMORY)
        assert_same(optimizer_state.S[MEMORY - kept :], S[step - kept : step])
        assert_same(optimizer_state.Y[MEMORY - kept :], Y[step - kept : step])
        assert not optimizer_state.S[: MEMORY - kept].any()
        assert not optimizer_state.Y[: MEMORY - kept].any()
        if step:
            s, y = optimizer_state.S[MEMORY - kept :], optimizer_state.Y[MEMORY - kept :]
            direction = -two_loops(s, y, ROSENBROCK.gradient(params), (s[-1] @ y[-1]) / (y[-1] @ y[-1]))
            assert_close(change, 0.1 * direction)


@pytest.mark.parametrize("count", [0, 1, 4, MEMORY])
def test_lbfgs_multiplies_by_what_bfgs_would_have(count, rng):
    """The same pairs and the same beginning: the matrix, the two loops, and ours for several networks at once."""
    A = positive(rng, 3, 6, 6)
    S, g = rng.normal(size=(3, MEMORY, 6)), rng.normal(size=(3, 6))
    S[:, : MEMORY - count] = 0.0
    Y, scale = S @ A, rng.uniform(0.1, 2.0, 3)
    ours = inverse_times(S, Y, g, scale)
    for k in range(3):
        H = scale[k] * np.eye(6)
        for s, y in zip(S[k, MEMORY - count :], Y[k, MEMORY - count :], strict=True):
            H = textbook(H, s, y)
        assert_close(ours[k], H @ g[k], rtol=1e-8)  # ten random pairs of six dimensions are ill-conditioned
        assert_close(ours[k], two_loops(S[k, MEMORY - count :], Y[k, MEMORY - count :], g[k], scale[k]))
        assert_close(inverse_times(S[k], Y[k], g[k], scale[k]), ours[k])


def test_networks_may_have_different_numbers_of_pairs(rng):
    A = positive(rng, 5, 5)
    S, g = rng.normal(size=(3, MEMORY, 5)), rng.normal(size=(3, 5))
    S[0], S[1, :7] = 0.0, 0.0
    Y = S @ A
    together = inverse_times(S, Y, g)
    assert_close(together[0], g[0])
    for k, count in ((1, 3), (2, MEMORY)):
        s, y = S[k, MEMORY - count :], Y[k, MEMORY - count :]
        assert_close(together[k], two_loops(s, y, g[k], (s[-1] @ y[-1]) / (y[-1] @ y[-1])))


@pytest.mark.parametrize("surface", [VALLEY, ROSENBROCK], ids=name_of)
def test_bfgs_and_lbfgs_take_the_same_first_ten_steps(surface):
    """As long as nothing is forgotten, with the scaling by the first pair that BFGS has."""
    walked = descend(BFGS, surface, MEMORY, hyperparameters_of(BFGS, 1.0))
    params = walked[0]
    S, Y, scale = np.zeros((MEMORY, 2)), np.zeros((MEMORY, 2)), np.array(1.0)
    for step in range(MEMORY):
        probe = SurfaceProbe(surface, params)
        g = surface.gradient(params)
        direction = -inverse_times(S, Y, g, scale)
        slope = g @ direction
        first = np.array(1.0 if step else min(1.0, 1.0 / np.abs(g).sum()))
        length, _ = weak_wolfe(probe, params, direction, slope, first, slope < 0)
        s = length * direction
        y = surface.gradient(params + s) - g
        S, Y = np.vstack([S[1:], s]), np.vstack([Y[1:], y])
        if step == 0:
            scale = (s @ y) / (y @ y)
        params = params + s
        # From the same formulas in another order; ten steps of Rosenbrock make more of the rounding.
        assert_close(params, walked[step + 1], rtol=1e-6, atol=1e-9)


@learning
@searched
def test_the_first_step_is_short_and_learns_nothing(entry, line_search):
    # From (3, 4) on the bowl: the sizes of the slopes sum to 7, so a rate of 0.5 goes 1/14 of the way. 13/14 of the
    # slope is left there, more than the 0.9 that Wolfe allows: a search doubles the step.
    params, hyperparameters = np.array([3.0, 4.0]), hyperparameters_of(entry, 0.5, line_search=line_search)
    probe = SurfaceProbe(BOWL, params)
    optimizer_state = entry.init(params)
    change, optimizer_state = entry.update(probe.slope_here(), optimizer_state, params, 0, hyperparameters, probe)
    assert_close(change, -params * (2 / 14 if line_search else 1 / 14))
    kept = optimizer_state.pairs if entry is BFGS else optimizer_state.S
    assert not kept.any()
    # The bowl's curvature is one everywhere: now the minimum is in reach, at a rate of one.
    params = params + change
    change, _ = update(entry, BOWL, optimizer_state, params, 1, {**hyperparameters, "learning_rate": 1.0})
    assert_close(change, -params)


@learning
def test_evaluates_no_more_than_it_must(entry):
    params = np.array([0.3, 0.4])
    for line_search, evaluations in ((0, 0), (1, 1)):
        probe = SurfaceProbe(BOWL, params)
        hyperparameters = hyperparameters_of(entry, 1.0, line_search=line_search)
        entry.update(probe.slope_here(), entry.init(params), params, 0, hyperparameters, probe)
        assert probe.evaluations == evaluations


@learning
@pytest.mark.parametrize("surface", [surface for surface in SURFACES.values() if surface.reach], ids=name_of)
def test_every_step_meets_the_wolfe_conditions(entry, surface, rng):
    low, high = np.array(surface.box).T
    path = descend(entry, surface, 12, hyperparameters_of(entry, 1.0), rng.uniform(low, high, (40, 2)))
    change, start, end = np.diff(path, axis=0), path[:-1], path[1:]
    slope = np.vecdot(surface.gradient(start), change)
    walked = change.any(axis=-1)
    assert walked[:3].mean() > 0.5
    # Between the parameters before and after, up to what rounding makes of a change.
    assert np.all((surface.f(end) <= surface.f(start) + C1 * slope + 1e-15)[walked])
    assert np.all((np.vecdot(surface.gradient(end), change) >= C2 * slope - 1e-15)[walked])


# What may go wrong


@learning
@searched
def test_pairs_without_positive_curvature_are_skipped(entry, line_search):
    """From 0 to 1 and the gradient fell, or stayed, or is no number that one can use: nothing is learned."""
    params = np.ones((5, 1))
    gradient = np.array([[-1.0], [1.0], [2.0], [1e200], [1.0 + 1e-11]])  # was 1: curvature -2, 0, 1, too large, 1e-11
    optimizer_state = entry.init(params)._replace(g=np.ones((5, 1)), t=np.ones((5, 1)))
    with np.errstate(over="ignore"):
        hyperparameters = hyperparameters_of(entry, 0.0, line_search=line_search)
        _, after = entry.update(gradient, optimizer_state, params, 1, hyperparameters, flat(params))
    # Without a line search the least curvature is PyTorch's 1e-10; with one it is relative, and 1e-11 is one.
    learned = after.pairs[:, 0] > 0 if entry is BFGS else after.S[:, -1, 0] != 0
    assert_same(learned, np.array([False, False, True, False, bool(line_search)]))


def test_goes_down_the_gradient_where_the_direction_does_not_lead_down():
    # One matrix that leads up, one that leads down. Down the gradient of (3, 4) the first step is 1/7 of it.
    params = np.array([[3.0, 4.0], [3.0, 4.0]])
    optimizer_state = BFGS.init(params)
    optimizer_state = optimizer_state._replace(
        H=optimizer_state.H * np.array([-1.0, 0.5])[:, None, None], w=params, g=params, t=np.ones((2, 1))
    )
    change, _ = update(BFGS, BOWL, optimizer_state, params, 1, hyperparameters_of(BFGS, 1.0, line_search=0))
    assert_close(change, [[-3 / 7, -4 / 7], [-1.5, -2.0]])


@learning
def test_forgets_what_leads_nowhere(entry):
    """A loss that has nothing lower: 25 evaluations, no step, and at the next one a fresh start."""
    lying = SimpleNamespace(f=lambda w: 1.0 + np.abs(w - 1).sum(axis=-1), gradient=lambda w: np.full_like(w, -2.0))
    params = np.ones((2, 1))
    optimizer_state = entry.init(params)._replace(w=params - 1.0, g=np.full((2, 1), -3.0), t=np.ones((2, 1)))
    probe = SurfaceProbe(lying, params)
    change, after = entry.update(probe.slope_here(), optimizer_state, params, 1, hyperparameters_of(entry, 1.0), probe)
    assert not change.any()
    assert probe.evaluations == 25
    fresh = entry.init(params)
    for name in ("H", "pairs") if entry is BFGS else ("S", "Y"):
        assert_same(getattr(after, name), getattr(fresh, name))


@learning
@searched
@pytest.mark.parametrize("batch_shape", [(), (4,)], ids=str)
def test_batches_that_differ_leave_everything_finite(entry, line_search, batch_shape, rng):
    """Mini-batches of a quadratic, each with its own minimum: poor, but never broken."""
    A, params = positive(rng, 5, 5), rng.normal(size=(*batch_shape, 5))
    optimizer_state = entry.init(params)
    for step in range(200):
        batch = quadratic(A * rng.uniform(0.2, 2.0), 0.3 * rng.normal(size=5))
        change, optimizer_state = update(
            entry, batch, optimizer_state, params, step, hyperparameters_of(entry, 0.1, line_search=line_search)
        )
        params = params + change
        assert np.isfinite(params).all()
        assert all(np.isfinite(array).all() for array in optimizer_state)
    if entry is BFGS:
        assert np.linalg.eigvalsh(optimizer_state.H).min() > 0


@learning
def test_stays_where_it_has_arrived(entry):
    """At a minimum well above zero, where a decrease is soon lost in rounding, steps end and cost no evaluation."""
    lifted = SimpleNamespace(f=lambda w: 1.0 + ROSENBROCK.f(w), gradient=ROSENBROCK.gradient)
    params, asked = np.array(ROSENBROCK.start), []
    optimizer_state = entry.init(params)
    for step in range(60):
        probe = SurfaceProbe(lifted, params)
        change, optimizer_state = entry.update(
            probe.slope_here(), optimizer_state, params, step, hyperparameters_of(entry, 1.0), probe
        )
        params = params + change
        asked.append(probe.evaluations)
    assert_close(params, [1.0, 1.0], rtol=1e-6)  # the square root of the loss's precision
    assert min(asked[:20]) > 0
    assert not any(asked[-10:])
