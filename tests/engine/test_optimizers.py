"""What holds for every update rule."""

import numpy as np
import pytest
from descent import SurfaceProbe, descend, flat, hyperparameters_of
from helpers import assert_close, assert_same, name_of

from engine import OPTIMIZERS, SURFACES

every = pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=name_of)

MENU = [
    "sgd", "momentum", "momentum_classic", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "adamw", "nadam",
    "lion", "delta_bar_delta", "newton", "bfgs", "lbfgs",
]  # fmt: skip
RATES = {"adadelta": 1.0, "lion": 0.003, "newton": 1.0, "bfgs": 1.0, "lbfgs": 1.0}
ANNEALED = {
    # Adam's correction takes beta 1 for a constant; NAdam's is made of the momenta that there were.
    "momentum": "momentum", "momentum_classic": "momentum", "nesterov": "momentum", "nadam": "beta1",
}  # fmt: skip
SEARCHING = ["newton", "bfgs", "lbfgs"]


def first_optimizer_state(name, batch_shape):
    """What optimizer state start with where it is not zero, for two parameters."""
    return {
        "nadam": {"mu": np.ones((*batch_shape, 1))},
        "delta_bar_delta": {"k": np.ones((*batch_shape, 2))},
        "bfgs": {"H": np.broadcast_to(np.eye(2), (*batch_shape, 2, 2))},
    }.get(name, {})


def test_menu():
    assert list(OPTIMIZERS) == MENU
    assert {name: entry.usual_rate for name, entry in OPTIMIZERS.items() if entry.usual_rate != 0.03} == RATES
    assert {name: entry.momentum for name, entry in OPTIMIZERS.items() if entry.momentum} == ANNEALED
    assert [name for name, entry in OPTIMIZERS.items() if entry.probes] == SEARCHING
    assert [name for name, entry in OPTIMIZERS.items() if entry.full_batch] == SEARCHING
    assert [name for name, entry in OPTIMIZERS.items() if entry.most_parameters] == ["newton", "bfgs"]


@every
def test_momentum_annealing_has_a_hyperparameter_to_drive(entry):
    assert entry.momentum in ("", *(hyperparameter.name for hyperparameter in entry.hyperparameters))


def test_optimizer_state_of_one_type_mean_the_same():
    """Where the optimizer changes and the type of the optimizer state does not, a trainer keeps them."""
    kinds = {}
    for name, entry in OPTIMIZERS.items():
        kinds.setdefault(type(entry.init(np.zeros(2))), []).append(name)
    shared = [names for names in kinds.values() if len(names) > 1]
    assert shared == [["sgd", "newton"], ["momentum", "nesterov"], ["adam", "adamw"]]


@every
def test_goes_down_rosenbrock(entry):
    surface = SURFACES["rosenbrock"]
    rate = surface.reach.get(entry.name, entry.usual_rate)
    heights = surface.f(descend(entry, surface, 1000, hyperparameters_of(entry, rate)))
    assert heights[-1] < 0.5 * heights[0]


@every
@pytest.mark.parametrize("name", ["valley", "rosenbrock"])
def test_hyperparameters_may_differ_along_a_leading_axis(entry, name):
    rates = np.array([0.2, 0.7, 1.0]) * entry.usual_rate * (1.0 if entry.probes else 0.05)
    numbers = {
        hyperparameter.name: np.array([hyperparameter.high, hyperparameter.low, hyperparameter.high])
        if hyperparameter.integer
        else np.linspace(hyperparameter.default, hyperparameter.default / 2, 3)
        for hyperparameter in entry.hyperparameters
    }
    start = np.array([[1.0, 2.0], [-1.2, 0.5], [0.2, -0.1]])
    columns = {name: value[:, None] for name, value in {"learning_rate": rates, **numbers}.items()}
    together = descend(entry, SURFACES[name], 20, columns, start)
    assert np.abs(together[-1] - start).max() > 1e-4
    for k in range(3):
        own = {"learning_rate": rates[k], **{name: value[k] for name, value in numbers.items()}}
        assert_close(together[:, k], descend(entry, SURFACES[name], 20, own, start[k]))


@every
def test_a_leading_axis_of_one_changes_nothing(entry):
    hyperparameters, surface = hyperparameters_of(entry, entry.usual_rate), SURFACES["valley"]
    assert_close(
        descend(entry, surface, 20, hyperparameters, [surface.start])[:, 0],
        descend(entry, surface, 20, hyperparameters),
    )


@every
@pytest.mark.parametrize("batch_shape", [(), (3,)], ids=str)
def test_is_pure(entry, batch_shape, rng):
    surface, hyperparameters = (
        SURFACES["valley"],
        hyperparameters_of(entry, 0.5 * entry.usual_rate),
    )  # half, or Newton would be there
    params = rng.normal(size=(*batch_shape, 2))
    optimizer_state = entry.init(params)
    for step in range(2):  # so that BFGS has seen a pair, and sees another one
        arguments = surface.gradient(params), optimizer_state, params, step, hyperparameters
        inputs = (arguments[0], params, *optimizer_state)
        before = [array.copy() for array in inputs]
        for array in inputs:
            array.flags.writeable = False
        (change, after), (again, _) = (
            entry.update(*arguments, *([SurfaceProbe(surface, params)] if entry.probes else [])) for _ in range(2)
        )
        assert_same(change, again)
        assert change.any()
        for array, copy in zip(inputs, before, strict=True):
            assert_same(array, copy)
            assert not any(np.shares_memory(array, out) for out in (change, *after))
        assert not any(np.shares_memory(change, array) for array in after)
        params, optimizer_state = params + change, after


@every
@pytest.mark.parametrize("batch_shape", [(), (4,), (2, 3)], ids=str)
def test_optimizer_state_begin_with_the_leading_axes_and_at_zero(entry, batch_shape):
    params = np.full((*batch_shape, 2), 3.0)
    optimizer_state = entry.init(params)
    assert isinstance(optimizer_state, tuple)
    special = first_optimizer_state(entry.name, batch_shape)
    for name, array in optimizer_state._asdict().items():
        assert_same(array, special.get(name, np.zeros(array.shape)))
    _, after = entry.update(
        params, optimizer_state, params, 0, hyperparameters_of(entry), *([flat(params)] if entry.probes else [])
    )
    assert type(after) is type(optimizer_state)
    for old, new in zip(optimizer_state, after, strict=True):
        assert old.ndim > len(batch_shape)
        assert old.shape[: len(batch_shape)] == batch_shape
        assert new.shape == old.shape


@every
@pytest.mark.parametrize("end", ["low", "high"])
def test_every_hyperparameter_works_at_its_bounds(entry, end):
    chosen = {hyperparameter.name: getattr(hyperparameter, end) for hyperparameter in entry.hyperparameters}
    assert np.isfinite(descend(entry, SURFACES["bowl"], 50, hyperparameters_of(entry, 0.01, **chosen))).all()


@every
@pytest.mark.parametrize("batch_shape", [(), (2,)], ids=str)
def test_no_gradient_no_change(entry, batch_shape):
    """But for decoupled weight decay, whose whole point it is."""
    params = np.ones((*batch_shape, 3))
    decays = any(hyperparameter.name == "weight_decay" for hyperparameter in entry.hyperparameters)
    optimizer_state = entry.init(params)
    for step in range(3):
        arguments = np.zeros_like(params), optimizer_state, params, step
        probe = [flat(params)] if entry.probes else []
        hyperparameters = hyperparameters_of(entry, **({"weight_decay": 0.0} if decays else {}))
        change, optimizer_state = entry.update(*arguments, hyperparameters, *probe)
        assert not change.any()
        if decays:
            shrinking, _ = entry.update(*arguments, hyperparameters_of(entry, weight_decay=0.5))
            assert_close(shrinking, -0.1 * 0.5 * params)


@every
@pytest.mark.parametrize("batch_shape", [(), (2,)], ids=str)
def test_a_learning_rate_of_zero_changes_nothing(entry, batch_shape, rng):
    params = rng.normal(size=(*batch_shape, 2))
    assert_same(descend(entry, SURFACES["valley"], 3, hyperparameters_of(entry, 0.0), params), np.array([params] * 4))
