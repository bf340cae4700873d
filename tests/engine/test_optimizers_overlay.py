"""What a picture may draw of an update: velocities, points looked ahead from, rates and parabolas."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from descent import hyperparameters_of
from dissection import ROSENBROCK, VALLEY, change_of, given_inputs, quadratic, typical
from helpers import assert_close, assert_same, name_of

from engine import OPTIMIZERS
from engine.optimizers.second_order import inverse_times

every = pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=name_of)
searching = pytest.mark.parametrize("name", ["bfgs", "lbfgs"])

CARRIERS = {"momentum": "v", "momentum_classic": "v", "nesterov": "v", "adam": "m", "adamw": "m", "nadam": "m"}
RATED = ["adagrad", "rmsprop", "adadelta", "adam", "adamw", "nadam", "delta_bar_delta"]
MODELS = ["newton", "bfgs", "lbfgs"]


@every
def test_only_rules_that_have_it_show_it(entry):
    *_, given = typical(entry)
    _, overlay = entry.explain(given)
    shows = {field: getattr(overlay, field) is not None for field in ("velocity", "home", "rates", "model")}
    assert shows == {
        "velocity": entry.name in CARRIERS, "home": entry.name == "nesterov", "rates": entry.name in RATED,
        "model": entry.name in MODELS,
    }  # fmt: skip


@pytest.mark.parametrize("name", CARRIERS)
def test_velocity_is_the_part_of_the_change_that_memory_brings(name):
    """The same update with an empty memory makes the rest of the change."""
    entry = OPTIMIZERS[name]
    for given in typical(entry)[1:]:
        _, overlay = entry.explain(given)
        emptied = given.before._replace(**{CARRIERS[name]: np.zeros(2)})
        rest, _ = entry.update(given.gradient, emptied, given.params, given.step, given.hyperparameters)
        assert overlay.velocity.any()
        assert_close(overlay.velocity, given.change - rest)


@pytest.mark.parametrize(
    ("name", "displacement"),
    [
        ("momentum", lambda given: -given.hyperparameters["learning_rate"] * given.after.v),
        ("momentum_classic", lambda given: given.after.v),
        ("nesterov", lambda given: -given.hyperparameters["learning_rate"] * given.after.v),
    ],
)
def test_the_phase_of_the_velocity_is_a_displacement(name, displacement):
    for given in typical(OPTIMIZERS[name]):
        (value,) = [line.value for line in OPTIMIZERS[name].explain(given).lines if line.role == "velocity"]
        assert_close(value, displacement(given))


def corrected(given):
    """Adam's mean gradient, from the optimizer state after the update."""
    return given.after.m / (1.0 - given.hyperparameters["beta1"] ** given.after.t)


@pytest.mark.parametrize(
    ("name", "multiplied"),
    [
        ("adagrad", lambda given: given.gradient), ("rmsprop", lambda given: given.gradient),
        ("adadelta", lambda given: given.gradient), ("delta_bar_delta", lambda given: given.gradient),
        ("adam", corrected), ("adamw", corrected),
    ],
)  # fmt: skip
def test_rates_times_what_they_multiply_is_the_change(name, multiplied):
    decay = {"weight_decay": 0.0} if name == "adamw" else {}
    for given in typical(OPTIMIZERS[name], **decay):
        _, overlay = OPTIMIZERS[name].explain(given)
        assert_close(given.change, -overlay.rates * multiplied(given))


def test_nadam_has_the_rates_of_adam():
    *_, given = typical(OPTIMIZERS["nadam"])
    optimizer_state = (
        OPTIMIZERS["adam"].init(given.params)._replace(m=given.before.m, v=given.before.v, t=given.before.t)
    )
    as_adam = replace(given, before=optimizer_state)
    assert_close(OPTIMIZERS["nadam"].explain(given).overlay.rates, OPTIMIZERS["adam"].explain(as_adam).overlay.rates)


def test_nesterovs_ball_is_at_home_and_its_parameters_are_ahead():
    """Sutskever et al. 2013: V' = mu V - eta grad f(theta + mu V), theta' = theta + V'."""
    eta, mu = 0.05, 0.8
    hyperparameters = hyperparameters_of(OPTIMIZERS["nesterov"], eta, momentum=mu)
    theta, V = np.array(VALLEY.start), np.zeros(2)
    for given in given_inputs(OPTIMIZERS["nesterov"], VALLEY, 20, hyperparameters):
        _, overlay = OPTIMIZERS["nesterov"].explain(given)
        assert_close(overlay.home, theta)
        assert_close(given.params, theta + mu * V)
        V = mu * V - eta * VALLEY.gradient(theta + mu * V)
        theta = theta + V


def test_newtons_parabola():
    entry = OPTIMIZERS["newton"]
    bent = [-0.1, 1.5]  # the Hessian of Rosenbrock's function is indefinite there
    for start, definite in [(ROSENBROCK.start, True), (bent, False)]:
        (given,) = given_inputs(entry, ROSENBROCK, 1, hyperparameters_of(entry, 1.0, line_search=0), start)
        _, overlay = entry.explain(given)
        assert np.allclose(overlay.model, given.hessian, rtol=1e-12) == definite
        assert_close(overlay.model @ given.change, -given.gradient)
        assert_close(np.linalg.eigvalsh(overlay.model), np.sort(np.abs(np.linalg.eigvalsh(given.hessian))), rtol=1e-9)


def test_newtons_curvature_is_at_least_the_damping():
    entry = OPTIMIZERS["newton"]
    (given,) = given_inputs(entry, VALLEY, 1, hyperparameters_of(entry, 1.0, damping=0.5))
    assert_close(entry.explain(given).overlay.model, np.diag([0.5, 2.0]))


def test_newton_without_a_hessian():
    entry = OPTIMIZERS["newton"]
    (given,) = given_inputs(entry, VALLEY, 1, hyperparameters_of(entry, 1.0))
    lines, overlay = entry.explain(replace(given, hessian=None))
    assert_same(change_of(lines), given.change)
    assert overlay.model is None
    assert len(lines) == 3


@searching
def test_the_learned_parabola_leads_along_the_change(name):
    entry = OPTIMIZERS[name]
    run = given_inputs(entry, ROSENBROCK, 15, hyperparameters_of(entry, 1.0))
    assert entry.explain(run[0]).overlay.model is None
    for given in run[1:]:
        model = entry.explain(given).overlay.model
        assert_same(model, model.T)
        lowest = -np.linalg.solve(model, given.gradient)
        cosine = lowest @ given.change / np.linalg.norm(lowest) / np.linalg.norm(given.change)
        assert cosine == pytest.approx(1.0, abs=1e-12)
        # The secant equation: the parabola's slope changes along the last step as the loss's did.
        s, y = given.params - given.before.w, given.gradient - given.before.g
        assert np.linalg.norm(model @ s - y) <= 1e-9 * np.linalg.norm(y)


@searching
def test_the_learned_parabola_becomes_a_quadratic_loss(name):
    entry = OPTIMIZERS[name]
    errors = [
        np.linalg.norm(entry.explain(given).overlay.model - given.hessian) / np.linalg.norm(given.hessian)
        for given in given_inputs(entry, quadratic(2), 10, hyperparameters_of(entry, 1.0))[1:]
    ]
    assert errors[0] > 0.1
    assert errors[3] < 1e-2
    assert errors[-1] < 1e-6


def test_lbfgs_as_if_it_kept_a_matrix():
    """The two loops of algorithm 7.4, applied to the unit vectors, give the same matrix; after 12 steps some pairs are
    forgotten."""
    entry = OPTIMIZERS["lbfgs"]
    *_, given = given_inputs(entry, ROSENBROCK, 14, hyperparameters_of(entry, 1.0))
    H = np.array([inverse_times(given.after.S, given.after.Y, unit) for unit in np.eye(2)])
    assert given.after.S[0].any()
    model = entry.explain(given).overlay.model
    assert np.abs(model @ H - np.eye(2)).max() < 1e-8


@searching
def test_a_pair_that_shows_no_upward_bend_is_told(name):
    entry = OPTIMIZERS[name]
    dome = SimpleNamespace(
        f=lambda w: -0.5 * np.vecdot(w, w), gradient=lambda w: -w, hessian=lambda w: -np.eye(2), start=(1.0, 0.5)
    )
    first, second = given_inputs(entry, dome, 2, hyperparameters_of(entry, 0.1, line_search=0))
    assert "none yet" in entry.explain(first).lines[1].numbers
    lines, overlay = entry.explain(second)
    assert "no upward bend" in lines[1].says
    assert overlay.model is None
    assert_close(change_of(lines), second.change)
