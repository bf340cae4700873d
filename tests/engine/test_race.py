"""Races: everyone as if alone, the same however the steps are grouped, and nobody disturbed by whoever falls."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from descent import hyperparameters_of, update
from helpers import assert_close, assert_same, assert_same_optimizer_state, name_of, one_sentence, pairwise
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine import MOMENTUM_SCHEDULES, OPTIMIZERS, SCHEDULES, SURFACES
from engine.optimizers.line_search import C1
from engine.race import BLOCK, Ending, Race, Racer, as_racer
from engine.race.rule_batch import COUNT, RuleBatch, counted_on, rests
from engine.surfaces import from_callable, from_text

BOWL, VALLEY, PLANE, ROSENBROCK, ACKLEY = (
    SURFACES[name] for name in ("bowl", "valley", "plane", "rosenbrock", "ackley")
)
SEARCHING = ["newton", "bfgs", "lbfgs"]
every = pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=name_of)


def other_params(hyperparameters):
    """Values other than the defaults."""
    return {
        hyperparameter.name: hyperparameter.low
        if hyperparameter.integer
        else 0.5 * (hyperparameter.low + hyperparameter.default)
        for hyperparameter in hyperparameters
    }


def crowd(surface):
    """Every rule twice: as usual, and with other hyperparameters under one of the schedules."""
    usual = [Racer(name, surface.reach.get(name)) for name in OPTIMIZERS]
    schedules, courses = list(SCHEDULES), list(MOMENTUM_SCHEDULES)
    scheduled = [
        Racer(
            name,
            0.5 * surface.reach.get(name, entry.usual_rate),
            other_params(entry.hyperparameters),
            schedules[k % len(schedules)],
            {},
            courses[k % len(courses)],
            {},
        )
        for k, (name, entry) in enumerate(OPTIMIZERS.items())
    ]
    return [*usual, *scheduled]


def from_start(race, steps):
    return race.run(race.begin(), steps)


def walked(race, steps):
    """Places (steps + 1, n, 2) with the start."""
    return np.concatenate([race.begin().positions[None], from_start(race, steps)[1].positions])


def assert_same_race_state(first, second):
    for name in ("positions", "values", "gradients", "endings", "ended"):
        assert_same(getattr(first, name), getattr(second, name))
    assert first.step == second.step
    for one, other in zip(first.optimizer_state, second.optimizer_state, strict=True):
        assert_same_optimizer_state(one, other)


# Everyone as if alone


@pytest.mark.parametrize(
    ("name", "noise"), [("valley", 0.0), ("valley", 0.4), ("ackley", 0.0), ("six_hump_camel", 0.4)]
)
def test_all_at_once_is_each_alone_bit_for_bit(name, noise):
    surface, steps = SURFACES[name], BLOCK + 20
    race = Race(surface, crowd(surface), noise=noise, seed=3)
    together, trajectory = from_start(race, steps)
    for k, racer in enumerate(race.racers):
        lone = Race(surface, [racer], noise=noise, seed=3)
        alone, own = from_start(lone, steps)
        assert_same(trajectory.positions[:, k], own.positions[:, 0])
        assert_same(trajectory.values[:, k], own.values[:, 0])
        for name in ("gradients", "endings", "ended"):
            assert_same(getattr(together, name)[k], getattr(alone, name)[0])
        if not alone.endings[0]:
            assert_same_optimizer_state(race.optimizer_state_of(together, k), lone.optimizer_state_of(alone, 0))


def test_a_racers_optimizer_state_are_found_in_any_order():
    names = ["momentum", "adam", "momentum", "bfgs", "adam", "momentum"]
    race = Race(BOWL, [Racer(name, 0.02 * (k + 1)) for k, name in enumerate(names)])
    state, _ = from_start(race, 5)
    for k, name in enumerate(names):
        params, optimizer_state = np.array(BOWL.start), OPTIMIZERS[name].init(np.array(BOWL.start))
        for step in range(5):
            change, optimizer_state = update(
                OPTIMIZERS[name],
                BOWL,
                optimizer_state,
                params,
                step,
                hyperparameters_of(OPTIMIZERS[name], 0.02 * (k + 1)),
            )
            params = params + change
        own = race.optimizer_state_of(state, k)
        assert type(own) is type(optimizer_state)
        for one, other in zip(own, optimizer_state, strict=True):
            assert_close(one, other)
            assert one.shape == other.shape


def tilted(surface, tilt):
    """A surface with a slope on top."""
    tilt = np.zeros(2) if tilt is None else tilt
    return SimpleNamespace(
        f=lambda w: surface.f(w) + (w * tilt).sum(axis=-1),
        gradient=lambda w: surface.gradient(w) + tilt,
        hessian=surface.hessian,
    )


@pytest.mark.parametrize(
    ("entry", "noise", "surface"), pairwise(OPTIMIZERS.values(), [0.0, 0.1], [VALLEY, ROSENBROCK]), ids=name_of
)
def test_the_way_is_a_plain_loop_over_the_rule(entry, noise, surface):
    """Also with noise, with which the whole surface is tilted: the searches look at the tilted one."""
    rate = surface.reach.get(entry.name, entry.usual_rate)
    race = Race(surface, [Racer(entry.name, rate)], noise=noise, seed=1)
    path = walked(race, 60)[:, 0]
    params = np.array(surface.start)
    optimizer_state = entry.init(params)
    for step in range(60):
        assert_close(path[step], params, rtol=1e-7, atol=1e-9)  # searches stop at what rounding leaves of a slope
        there = tilted(surface, race.objective_at(step).tilt)
        change, optimizer_state = update(entry, there, optimizer_state, params, step, hyperparameters_of(entry, rate))
        params = params + change


# However the steps are grouped

STEPS = 2 * BLOCK + 10


def falling_and_going(noise):
    """Some that end in the first block, some in the second, some never, in teams with others and alone."""
    racers = [
        Racer("sgd", 0.7), Racer("sgd", 1.002, schedule="exponential", schedule_params={"decay": 1e-5}), "adam",
        Racer("momentum", 0.1, momentum_schedule="staged", momentum_schedule_params={"first": 30, "second": 90}),
        Racer("nesterov", 30.0), "lbfgs", Racer("lbfgs", 0.5), Racer("newton", 0.3), Racer("bfgs", 1.0),
        Racer("rmsprop", 8.0), Racer("adam", 0.5, schedule="warm_up"), Racer("adam", 8.0),
    ]  # fmt: skip
    return Race(VALLEY, racers, noise=noise, seed=5)


@cache
def in_one_go(noise):
    race = falling_and_going(noise)
    state, trajectory = from_start(race, STEPS)
    return race, state, trajectory


def test_the_example_has_racers_that_end_and_racers_that_go_on():
    _, state, _ = in_one_go(0.3)
    ended = state.ended
    assert ((ended > 0) & (ended <= BLOCK)).any()
    assert (ended > BLOCK).any()
    assert (ended < 0).sum() >= 5


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(0, STEPS), max_size=5), st.sampled_from([0.0, 0.3]))
@example([*range(40, 60), BLOCK - 1, BLOCK, BLOCK + 1], 0.3)
def test_how_steps_are_grouped_does_not_matter(cuts, noise):
    race, whole, way = in_one_go(noise)
    state, trajectories = race.begin(), []
    for steps in np.diff([0, *sorted(cuts), STEPS]):
        state, trajectory = race.run(state, int(steps))
        trajectories.append(trajectory)
    assert_same_race_state(state, whole)
    assert_same(np.concatenate([trajectory.positions for trajectory in trajectories]), way.positions)
    assert_same(np.concatenate([trajectory.values for trajectory in trajectories]), way.values)


def test_no_steps_change_nothing():
    race, state, _ = in_one_go(0.3)
    same, trajectory = race.run(state, 0)
    assert_same_race_state(same, state)
    assert trajectory.positions.shape == (0, len(race.racers), 2)
    assert trajectory.values.shape == (0, len(race.racers))


def test_a_race_state_never_changes():
    race = falling_and_going(0.3)
    first = race.begin()
    states = [first, race.run(first, 40)[0], in_one_go(0.3)[1]]
    for state in states:
        optimizer_state = [array for own in state.optimizer_state for array in own]
        arrays = (state.positions, state.values, state.gradients, state.endings, state.ended)
        assert not any(array.flags.writeable for array in (*arrays, *optimizer_state))
    assert_same(first.positions, np.tile(VALLEY.start, (len(race.racers), 1)))
    assert_same(first.values, VALLEY.f(first.positions))
    assert_same(first.gradients, VALLEY.gradient(first.positions))
    assert not first.endings.any()
    assert np.all(first.ended == -1)


def test_a_race_state_has_height_and_slope_where_the_racers_are():
    for state in (in_one_go(noise)[1] for noise in (0.0, 0.3)):
        assert_same(state.values, VALLEY.f(state.positions))
        assert_same(state.gradients, VALLEY.gradient(state.positions))


# Whoever ends


@pytest.mark.parametrize(("rate", "last"), [(1.1, 21), (0.11, 218)])
def test_who_leaves_the_box_stops_at_the_last_place_inside(rate, last):
    # From x = 3.2 by 0.3 times the rate at each step: x = -4 is passed after 21.8 steps, and after 218.2.
    race = Race(PLANE, [Racer("sgd", rate)])
    state, trajectory = from_start(race, 300)
    assert (state.endings[0], state.ended[0]) == (Ending.LEFT, last + 1)
    stops = np.array(PLANE.start) - last * rate * np.array([0.3, 0.1])
    assert_close(trajectory.positions[last - 1 :, 0], np.tile(stops, (301 - last, 1)))
    assert_close(state.positions[0], stops)
    assert_same(trajectory.values[:, 0], PLANE.f(trajectory.positions[:, 0]))
    assert state.step == 300


def test_who_stands_on_the_edge_has_not_left():
    # The slope is 1 and the borders at 5 to each side, so that a rate of 1.5 leads from 3.5 away onto them.
    for text, start in (("-x", (3.5, 0.0)), ("x", (-3.5, 0.0)), ("-y", (0.0, 3.5)), ("y", (0.0, -3.5))):
        for rate, ending in ((1.5, Ending.GOING), (1.5000001, Ending.LEFT)):
            state, _ = from_start(Race(from_text(text), [Racer("sgd", rate)], start), 1)
            assert state.endings[0] == ending


@pytest.mark.parametrize(
    ("surface", "start"),
    [(from_text("log(x)"), (0.1, 0.0)), (ACKLEY, (0.0, 0.0)), (from_text("sqrt(x) + y^2"), (0.01, 1.0))],
)
def test_who_comes_where_there_is_no_number_has_overflowed(surface, start):
    """Left of x = 0 there is no logarithm and no root; in its sharp point Ackley's surface has no gradient."""
    state, trajectory = from_start(Race(surface, [Racer("sgd", 0.03)], start), 3)
    assert (state.endings[0], state.ended[0]) == (Ending.OVERFLOWED, 1)
    assert_same(trajectory.positions[:, 0], np.tile(start, (3, 1)))
    assert np.isfinite(state.values).all()


def test_who_ends_leaves_the_others_alone():
    """Of the same rule and of others, whether it ends at once or later."""
    good = ["sgd", "adam", "bfgs", "lbfgs", "newton", "nadam", "lion", Racer("sgd", 0.2), Racer("adam", 0.4)]
    falling = [
        Racer("sgd", 1000.0), Racer("sgd", 1.03), Racer("adam", 50.0), Racer("newton", 1000.0, {"line_search": 0}),
        Racer("lbfgs", 3.0, {"line_search": 0}), Racer("nadam", 20.0),
    ]  # fmt: skip
    race, quiet = (Race(VALLEY, racers, noise=0.1) for racers in ([*falling, *good], good))
    state, trajectory = from_start(race, 2 * BLOCK)
    calm, way = from_start(quiet, 2 * BLOCK)
    assert np.all(state.endings[: len(falling)] != Ending.GOING)
    assert not state.endings[len(falling) :].any()
    assert_same(trajectory.positions[:, len(falling) :], way.positions)
    for k in range(len(good)):
        assert_same_optimizer_state(race.optimizer_state_of(state, len(falling) + k), quiet.optimizer_state_of(calm, k))


def test_who_has_ended_remembers_nothing():
    """But for the count of updates, which is one for all of a rule, as long as one of them is going."""
    race, state, _ = in_one_go(0.3)
    for k in np.flatnonzero(state.endings):
        own = race.optimizer_state_of(state, int(k))._asdict()
        fresh = race.racers[k].rule.init(state.positions[k])._asdict()
        for name in own.keys() - {COUNT}:
            assert_same(own[name], fresh[name])
    (ended,) = (k for k in np.flatnonzero(state.endings) if race.racers[k].optimizer == "adam")
    assert_same(race.optimizer_state_of(state, int(ended)).t, [float(STEPS)])


# Noise


def tilts_of(positions, rate):
    """What was added to the gradients of gradient descent on the bowl, whose gradient is w."""
    return -np.diff(positions, axis=0) / rate - positions[:-1]


def test_all_racers_see_the_same_noise():
    rates = (0.01, 0.02, 0.5)
    positions = walked(Race(BOWL, [Racer("sgd", rate) for rate in rates], noise=0.7, seed=2), 3 * BLOCK)
    first, *others = (tilts_of(positions[:, k], rate) for k, rate in enumerate(rates))
    for tilts in others:
        assert_close(tilts, first, atol=1e-10)  # the rounding of a position, divided by the rate
    assert len(np.unique(first.round(9))) == first.size


def test_noise_is_normal_with_the_standard_deviation_asked_for():
    tilts = tilts_of(walked(Race(BOWL, [Racer("sgd", 0.01)], noise=0.7), 4000)[:, 0], 0.01)
    n = len(tilts)
    assert np.all(np.abs(tilts.mean(axis=0)) < 4 * 0.7 / np.sqrt(n))
    assert np.all(np.abs(tilts.std(axis=0) / 0.7 - 1.0) < 4 / np.sqrt(2 * n))
    assert abs(np.corrcoef(tilts.T)[0, 1]) < 4 / np.sqrt(n)
    within = (np.abs(tilts) < 0.7).mean()
    assert within == pytest.approx(0.6827, abs=4 * np.sqrt(0.6827 * 0.3173 / tilts.size))


def test_the_seed_decides_the_noise():
    def end(**noise):
        return from_start(Race(BOWL, ["sgd"], **noise), 10)[0].positions

    assert_same(end(noise=0.5, seed=1), end(noise=0.5, seed=1))
    assert np.all(end(noise=0.5, seed=1) != end(noise=0.5, seed=2))
    assert_same(end(seed=1), end(seed=2))


def test_what_racers_are_given_next():
    """Gradient descent moves by it; it is the slope of the surface as the step sees it."""
    race = Race(BOWL, [Racer("sgd", 0.25), Racer("sgd", 0.5)], noise=0.5, seed=8)
    state = race.begin()
    for _ in range(3):
        seen = race.seen(state)
        after, _ = race.run(state, 1)
        assert_same(after.positions, state.positions - np.array([[0.25], [0.5]]) * seen)
        value, gradient = race.objective_at(state.step).value_and_gradient(state.positions)
        assert_same(gradient, seen)
        assert_close(value, state.values + ((seen - state.gradients) * state.positions).sum(axis=-1))
        state, _ = race.run(after, BLOCK - 1)
    calm = Race(BOWL, ["sgd"])
    assert_same(calm.seen(calm.begin()), [BOWL.start])
    assert calm.objective_at(7).tilt is None


def test_a_step_of_newton_leads_to_the_lowest_point_of_the_tilted_bowl():
    race = Race(BOWL, ["newton"], noise=0.5, seed=4)
    for step, (position,) in enumerate(from_start(race, 5)[1].positions):
        assert_close(position, -race.objective_at(step).tilt)


# Schedules, and changes on the way


@pytest.mark.parametrize(
    ("schedule", "hyperparameters", "factors"),
    [
        ("constant", {}, [1, 1, 1, 1, 1, 1, 1]),
        ("step", {"every": 3, "factor": 0.5}, [1, 1, 1, 1 / 2, 1 / 2, 1 / 2, 1 / 4]),
        ("inverse", {"decay": 1.0}, [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6, 1 / 7]),
        ("exponential", {"decay": 0.5}, np.exp(-0.5 * np.arange(7))),
        ("warm_up", {"steps": 4}, [1 / 4, 1 / 2, 3 / 4, 1, 1, 1, 1]),
        ("cosine", {"steps": 2, "floor": 0.2}, [1, 0.6, 0.2, 0.2, 0.2, 0.2, 0.2]),
        ("warm_up_cosine", {"warm_up": 2, "steps": 2}, [1 / 2, 1, 1, 1 / 2, 0, 0, 0]),
    ],
)
def test_schedules_count_steps_from_zero(schedule, hyperparameters, factors):
    race = Race(BOWL, [Racer("sgd", 0.4, schedule=schedule, schedule_params=hyperparameters)])
    shrinks = np.cumprod(1.0 - 0.4 * np.array(factors))
    assert_close(from_start(race, 7)[1].positions[:, 0], shrinks[:, None] * BOWL.start)


@pytest.mark.parametrize(
    ("course", "hyperparameters", "momenta"),
    [
        ("constant", {}, [0.8] * 6),
        ("staged", {"first": 2, "second": 4}, [0.5, 0.5, 0.9, 0.9, 0.99, 0.99]),
        ("sutskever", {}, [*[0.5] * 250, *[0.75] * 250, *[0.8] * 10]),
    ],
)
@pytest.mark.parametrize("name", ["momentum", "momentum_classic", "nesterov"])
def test_momentum_schedules_count_steps_from_zero(name, course, hyperparameters, momenta):
    rate = 0.001
    racer = Racer(name, rate, {"momentum": 0.8}, momentum_schedule=course, momentum_schedule_params=hyperparameters)
    w, v = np.array(BOWL.start), np.zeros(2)
    for position, mu in zip(from_start(Race(BOWL, [racer]), len(momenta))[1].positions[:, 0], momenta, strict=True):
        v = mu * v + w
        w = w - rate * (w + mu * v if name == "nesterov" else v)
        assert_close(position, w)


def test_a_momentum_schedule_is_nothing_to_a_rule_without_momentum():
    staged = [Racer(name, momentum_schedule="staged") for name in ("sgd", "adam", "bfgs")]
    ways = [walked(Race(ROSENBROCK, racers), 20) for racers in (staged, ["sgd", "adam", "bfgs"])]
    assert_same(*ways)


@every
def test_another_race_goes_on_from_the_same_race_state(entry):
    """Rates and hyperparameters may change on the way, and what the rule remembers stays."""
    rate = VALLEY.reach[entry.name]
    later = other_params(entry.hyperparameters)
    state, _ = from_start(Race(VALLEY, ["sgd", Racer(entry.name, rate)]), 50)
    _, trajectory = Race(VALLEY, ["sgd", Racer(entry.name, rate / 2, later)]).run(state, 30)
    params = np.array(VALLEY.start)
    optimizer_state = entry.init(params)
    for step in range(80):
        hyperparameters = hyperparameters_of(entry, rate) if step < 50 else hyperparameters_of(entry, rate / 2, **later)
        change, optimizer_state = update(entry, VALLEY, optimizer_state, params, step, hyperparameters)
        params = params + change
        if step >= 50:
            assert_close(trajectory.positions[step - 50, 1], params, rtol=1e-7, atol=1e-9)  # searches, as above


def test_without_a_rate_one_ball_stops_and_the_classic_one_rolls_on():
    names = ("momentum", "momentum_classic")
    state, _ = from_start(Race(BOWL, [Racer(name, 0.05) for name in names]), 10)
    _, trajectory = Race(BOWL, [Racer(name, 0.0) for name in names]).run(state, 1)
    moved = np.linalg.norm(trajectory.positions[0] - state.positions, axis=-1)
    assert moved[0] == 0.0
    assert moved[1] > 0.1


# Rest


@pytest.mark.parametrize("surface", [SURFACES[name] for name in ("rosenbrock", "beale")], ids=name_of)
def test_rest_saves_work_and_changes_nothing(surface, monkeypatch):
    """Newton, BFGS and L-BFGS, once they have arrived: not asked again within the same block of steps."""
    calls = []
    plain = RuleBatch.update

    def counting(rule_batch, *given):
        calls.append(rule_batch.rule.name)
        return plain(rule_batch, *given)

    monkeypatch.setattr(RuleBatch, "update", counting)
    racers = [*SEARCHING, "sgd", Racer("lbfgs", 0.5), Racer("bfgs", 0.8)]
    rested, way = from_start(Race(surface, racers), 3 * BLOCK)
    few = {name: calls.count(name) for name in SEARCHING}
    monkeypatch.setattr("engine.race.race.rests", lambda *given: False)
    calls.clear()
    restless, same_way = from_start(Race(surface, racers), 3 * BLOCK)
    assert_same_race_state(rested, restless)
    assert_same(way.positions, same_way.positions)
    assert_same(way.values, same_way.values)
    assert all(calls.count(name) == 3 * BLOCK for name in SEARCHING)
    assert max(few.values()) < 2 * BLOCK


def test_at_rest_only_the_count_goes_on():
    optimizer_state = OPTIMIZERS["bfgs"].init(np.ones((2, 2)))
    still, counted = np.zeros((2, 2)), counted_on(optimizer_state, 3)
    assert_same(counted.t, np.full((2, 1), 3.0))
    assert rests(still, optimizer_state, counted)
    hardly = np.array([[0.0, 0.0], [0.0, 1e-300]])
    assert not rests(hardly, optimizer_state, counted)
    assert not rests(still, optimizer_state, optimizer_state._replace(g=optimizer_state.g + hardly))
    assert not rests(still, optimizer_state, optimizer_state._replace(g=np.full((2, 2), np.nan)))
    nothing = OPTIMIZERS["newton"].init(np.ones((2, 2)))
    assert counted_on(nothing, 3) == nothing
    assert rests(still, nothing, nothing)


def test_noise_wakes_who_rests():
    """In the point of |x| + |y| nobody moves, as long as the noise does not tilt a side of it down."""
    point = from_callable(lambda x, y: np.where(x > 0, x, -x) + np.where(y > 0, y, -y))  # a formula has no slope there
    race = Race(point, ["newton"], (0.0, 0.0), noise=0.6, seed=1)
    tilts = np.array([race.objective_at(step).tilt for step in range(BLOCK)])
    # Down the tilt t the surface rises by |t_x| + |t_y| and falls by t't; a search wants a little more than that.
    first = int(np.argmax((tilts**2).sum(axis=1) * (1.0 - C1) > np.abs(tilts).sum(axis=1)))
    positions = walked(race, BLOCK)[:, 0]
    assert not positions[: first + 1].any()
    assert positions[first + 1].any()
    assert first > 0


def test_a_rate_that_rises_wakes_who_rests():
    """At first what the slope promises is lost in rounding, later it is not."""
    racer = Racer("newton", 5e-15, schedule="warm_up", schedule_params={"steps": BLOCK})
    positions = walked(Race(BOWL, [racer], (1.0, 0.0)), BLOCK)[:, 0]
    assert_same(positions[1], positions[0])
    assert positions[-1, 0] < 1.0


# What may come


def assert_in_bounds(race, trajectory):
    low, high = np.array(race.surface.box).T
    assert np.isfinite(trajectory.positions).all()
    assert np.all((trajectory.positions >= low) & (trajectory.positions <= high))
    assert np.isfinite(trajectory.values).all()


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("log(x)", (1e-3, 0.0)), ("1/x", (-0.02, 1.0)), ("sqrt(x y)", (1.0, 1e-9)), ("1/(x^2 + y^2)", (0.1, 1e-300)),
        ("exp(exp(x + y))", (2.0, 2.0)), ("abs(x)^0.5 + abs(y)", (0.0, 0.0)), ("x^(1/3)", (1e-12, 0.0)),
    ],
)  # fmt: skip
def test_formulas_with_holes_and_cliffs(text, start):
    """Nothing raises and nothing warns, which the tests turn into errors."""
    surface = from_text(text)
    for noise in (0.0, 1.0):
        race = Race(surface, [*OPTIMIZERS, *(Racer(name, 1000.0) for name in OPTIMIZERS)], start, noise)
        state, trajectory = from_start(race, 25)
        assert_in_bounds(race, trajectory)
        assert state.endings.any()


@pytest.mark.parametrize("surface", SURFACES.values(), ids=name_of)
def test_the_highest_rate_on_every_surface(surface):
    race = Race(surface, [Racer(name, 1000.0) for name in OPTIMIZERS])
    state, trajectory = from_start(race, 15)
    assert_in_bounds(race, trajectory)
    assert state.endings[list(OPTIMIZERS).index("lion")] == Ending.LEFT


def test_all_rules_for_500_steps():
    race = Race(ACKLEY, [*OPTIMIZERS, *(Racer(name, 1000.0) for name in OPTIMIZERS)], (0.0, 0.0), 0.5)
    state, trajectory = from_start(race, 500)
    assert_in_bounds(race, trajectory)
    assert np.all(state.ended == 1)
    race = Race(ACKLEY, OPTIMIZERS, noise=0.5)
    _, trajectory = from_start(race, 500)
    assert_in_bounds(race, trajectory)


# What is refused


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ("sdg", ["optimizer", "sgd, momentum", "'sdg'"]),
        ({"optimizer": 7}, ["optimizer", "7"]),
        ({"learning_rate": 1001}, ["learning_rate", "0 and 1000", "1001"]),
        ({"learning_rate": np.nan}, ["learning_rate", "nan"]),
        ({"learning_rate": [1, 2]}, ["learning_rate", "[1, 2]"]),
        ({"learning_rate": "fast"}, ["learning_rate", "'fast'"]),
        ({"rate": 1}, ["learning_rate", "'rate'"]),
        ({"optimizer": "momentum", "hyperparameters": {"momentum": 1}}, ["momentum", "0.999", "1"]),
        ({"hyperparameters": {"momentum": 0.5}}, ["sgd", "no hyperparameter 'momentum'"]),
        ({"hyperparameters": 0.9}, ["sgd", "mapping", "0.9"]),
        ({"optimizer": "adam", "hyperparameters": {"beta1": [0.5, 0.9]}}, ["beta1", "[0.5, 0.9]"]),
        ({"schedule": "slow"}, ["schedule", "constant", "'slow'"]),
        ({"schedule": "step", "schedule_params": {"every": 0.5}}, ["every", "whole", "0.5"]),
        ({"schedule_params": {"decay": 0.5}}, ["schedule constant", "'decay'"]),
        ({"momentum_schedule": "none"}, ["momentum schedule", "staged", "'none'"]),
        ({"momentum_schedule": "staged", "momentum_schedule_params": {"first": -1}}, ["first", "-1"]),
        (7, ["racer", "7"]),
        (None, ["racer", "None"]),
        ("x" * 10_000, ["optimizer"]),
        ({1: 2}, ["racer", "[1]"]),
    ],
)
def test_what_is_no_racer(given, parts):
    with pytest.raises(ValueError, match=one_sentence(*parts)) as refusal:
        as_racer(given)
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ({"racers": []}, ["at least one"]), ({"racers": ["sgd", "sdg"]}, ["optimizer", "'sdg'"]),
        ({"surface": "bowel"}, ["surface", "bowl", "'bowel'"]), ({"surface": None}, ["surface", "None"]),
        ({"start": (5, 0)}, ["start", "-4 to 4", "(5, 0)"]), ({"start": (0, -4.1)}, ["start", "-4 to 4", "-4.1"]),
        ({"start": (np.nan, 0)}, ["start", "nan"]), ({"start": (0, -np.inf)}, ["start", "inf"]),
        ({"start": (1, 2, 3)}, ["start", "two numbers", "(1, 2, 3)"]), ({"start": 1}, ["start", "two numbers", "1"]),
        ({"start": "12"}, ["start", "two numbers", "'12'"]), ({"start": ("1", 2)}, ["start", "two numbers", "'1'"]),
        ({"start": [[1], [2]]}, ["start", "two numbers"]), ({"start": [1, [2]]}, ["start", "two numbers"]),
        ({"start": (1j, 0)}, ["start", "two numbers"]), ({"start": (None, 0)}, ["start", "two numbers", "None"]),
        ({"noise": -0.1}, ["noise", "0 and 100", "-0.1"]), ({"noise": 101}, ["noise", "101"]),
        ({"noise": np.nan}, ["noise", "nan"]), ({"noise": [0.1, 0.2]}, ["noise", "[0.1, 0.2]"]),
        ({"noise": None}, ["noise", "None"]), ({"seed": -1}, ["seed", "-1"]), ({"seed": 0.5}, ["seed", "0.5"]),
        ({"seed": 2**32}, ["seed", "4294967295"]),
    ],
)  # fmt: skip
def test_what_is_no_race(given, parts):
    with pytest.raises(ValueError, match=one_sentence(*parts)):
        Race(**{"surface": "bowl", "racers": ["sgd"], **given})


def test_a_racer_is_complete():
    adam = as_racer({"optimizer": "adam", "hyperparameters": {"beta1": 0.5}, "schedule": "step"})
    assert dict(adam.hyperparameters) == {
        "beta1": 0.5,
        "beta2": 0.999,
        "epsilon": OPTIMIZERS["adam"].hyperparameters[2].default,
    }
    assert dict(adam.schedule_params) == {
        hyperparameter.name: hyperparameter.default for hyperparameter in SCHEDULES["step"].hyperparameters
    }
    assert adam.learning_rate == 0.03
    assert as_racer("newton").learning_rate == 1.0
    assert as_racer(adam) is adam
    with pytest.raises(TypeError):
        adam.hyperparameters["beta1"] = 0.9


def test_a_race_starts_where_it_is_told():
    assert Race("valley", ["sgd"]).start == VALLEY.start
    for start in ((1, -2), [1.0, -2.0], np.array([1, -2])):
        assert Race("valley", ["sgd"], start).start == (1.0, -2.0)
    assert Race("valley", ["sgd"], (4, -4)).start == (4.0, -4.0)
