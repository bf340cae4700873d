import numpy as np
import pytest
from helpers import assert_close, assert_same, name_of

from engine import OPTIMIZERS, SURFACES, SurfaceObjective

every = pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=name_of)


def knobs_of(entry, learning_rate=0.1, **chosen):
    return {"learning_rate": learning_rate, **{knob.name: knob.default for knob in entry.knobs}, **chosen}


def descend(entry, surface, steps, knobs, start=None):
    """The path (steps + 1, ..., 2) over a surface."""
    objective = SurfaceObjective(surface)
    params = np.array(surface.start if start is None else start, dtype=float)
    slots, path = entry.init(params), [params]
    for step in range(steps):
        _, gradient = objective.value_and_gradient(params)
        change, slots = entry.update(gradient, slots, params, step, knobs)
        params = params + change
        path.append(params)
    return np.array(path)


# Worked by hand on f(w) = w^2 / 2, where the gradient is w itself, from w = 1 with learning rate 0.1 and the knobs
# given. Momentum: v1 = 1, w1 = 1 - 0.1; v2 = 0.5 + 0.9 = 1.4, w2 = 0.9 - 0.14; v3 = 0.7 + 0.76 = 1.46.
# Nesterov: v1 = 1, w1 = 1 - 0.1 (1 + 0.5); v2 = 0.5 + 0.85 = 1.35, w2 = 0.85 - 0.1 (0.85 + 0.675);
# v3 = 0.675 + 0.6975 = 1.3725, w3 = 0.6975 - 0.1 (0.6975 + 0.68625).
BY_HAND = [
    ("sgd", {}, [1.0, 0.9, 0.81, 0.729]),
    ("momentum", {"momentum": 0.5}, [1.0, 0.9, 0.76, 0.614]),
    ("momentum", {"momentum": 0.0}, [1.0, 0.9, 0.81, 0.729]),
    ("nesterov", {"momentum": 0.5}, [1.0, 0.85, 0.6975, 0.559125]),
    ("nesterov", {"momentum": 0.0}, [1.0, 0.9, 0.81, 0.729]),
]


@pytest.mark.parametrize(("name", "chosen", "path"), BY_HAND)
def test_first_steps_by_hand(name, chosen, path):
    entry = OPTIMIZERS[name]
    walked = descend(entry, SURFACES["bowl"], 3, knobs_of(entry, **chosen), start=(1.0, 0.0))
    assert_close(walked[:, 0], path)
    assert_close(walked[:, 1], 0.0)


def test_adam_by_hand():
    # beta1 = 0.5, beta2 = 0.75, epsilon = 1, rate 0.1, gradients 2 and then 4.
    # 1: m = 1, v = 1, corrected 1/0.5 = 2 and 1/0.25 = 4, so the change is -0.1 * 2 / (2 + 1).
    # 2: m = 2.5, v = 4.75, corrected 2.5/0.75 = 10/3 and 4.75/0.4375 = 76/7, so -0.1 * (10/3) / (sqrt(76/7) + 1).
    entry = OPTIMIZERS["adam"]
    knobs = knobs_of(entry, beta1=0.5, beta2=0.75, epsilon=1.0)
    slots = entry.init(np.zeros(1))
    change, slots = entry.update(np.array([2.0]), slots, np.zeros(1), 0, knobs)
    assert_close(change, [-0.06666666666666667])
    assert_close([slots.m, slots.v], [[1.0], [1.0]])
    change, slots = entry.update(np.array([4.0]), slots, np.zeros(1), 1, knobs)
    assert_close(change, [-0.07760930043160189])
    assert_close([slots.m, slots.v], [[2.5], [4.75]])


def test_adams_first_step_is_the_learning_rate_whatever_the_gradient():
    entry = OPTIMIZERS["adam"]
    gradient = np.array([1e-3, -1.0, 1e6])
    change, _ = entry.update(gradient, entry.init(np.zeros(3)), np.zeros(3), 0, knobs_of(entry))
    assert_close(change, [-0.1, 0.1, -0.1], rtol=1e-4)  # epsilon is 1e-5 of the smallest gradient


def test_adam_counts_its_own_updates():
    # Taken up at step 500, as after a change of optimizer, the correction still starts afresh.
    entry = OPTIMIZERS["adam"]
    first, late = (entry.update(np.ones(2), entry.init(np.zeros(2)), np.zeros(2), step, knobs_of(entry))[0]
                   for step in (0, 500))  # fmt: skip
    assert_same(first, late)


@every
@pytest.mark.parametrize("surface", [SURFACES["bowl"], SURFACES["valley"]], ids=name_of)
def test_reaches_the_minimum(entry, surface):
    end = descend(entry, surface, 2000, knobs_of(entry, 0.05))[-1]
    assert np.abs(end - surface.minima[0]).max() < 1e-3


@every
def test_goes_down_rosenbrock(entry):
    surface = SURFACES["rosenbrock"]
    heights = surface.f(descend(entry, surface, 5000, knobs_of(entry, 5e-4)))
    assert heights[-1] < heights[2500] < 0.9 * heights[0]


@every
def test_knobs_may_differ_along_a_leading_axis(entry):
    rates = np.array([0.01, 0.05, 0.2])
    numbers = {knob.name: np.linspace(knob.default, knob.default / 2, 3) for knob in entry.knobs}
    start = np.array([[1.0, 2.0], [-3.0, 0.5], [0.2, -0.1]])
    columns = {name: value[:, None] for name, value in {"learning_rate": rates, **numbers}.items()}
    together = descend(entry, SURFACES["valley"], 20, columns, start)
    for k in range(3):
        own = {"learning_rate": rates[k], **{name: value[k] for name, value in numbers.items()}}
        assert_close(together[:, k], descend(entry, SURFACES["valley"], 20, own, start[k]))


@every
def test_is_pure(entry, rng):
    params, gradient = rng.normal(size=(2, 3, 5))
    _, slots = entry.update(gradient, entry.init(params), params, 0, knobs_of(entry))
    inputs = (gradient, params, *slots)
    before = [array.copy() for array in inputs]
    for array in inputs:
        array.flags.writeable = False
    change, after = entry.update(gradient, slots, params, 1, knobs_of(entry))
    again, _ = entry.update(gradient, slots, params, 1, knobs_of(entry))
    assert_same(change, again)
    for array, copy in zip(inputs, before, strict=True):
        assert_same(array, copy)
        assert not any(np.shares_memory(array, out) for out in (change, *after))


@every
def test_slots_broadcast_against_the_parameters_and_start_at_zero(entry):
    slots = entry.init(np.ones((4, 7)))
    assert isinstance(slots, tuple)
    for slot in slots:
        assert np.broadcast_shapes(slot.shape, (4, 7)) == (4, 7)
        assert not slot.any()


@every
@pytest.mark.parametrize("end", ["low", "high"])
def test_every_knob_works_at_its_bounds(entry, end):
    chosen = {knob.name: getattr(knob, end) for knob in entry.knobs}
    assert np.isfinite(descend(entry, SURFACES["bowl"], 50, knobs_of(entry, 0.01, **chosen))).all()


@every
def test_no_gradient_no_change(entry):
    params = np.ones(3)
    change, _ = entry.update(np.zeros(3), entry.init(params), params, 0, knobs_of(entry))
    assert not change.any()
