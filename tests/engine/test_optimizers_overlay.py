"""What a picture may draw of an update: velocities, points looked ahead from, rates and parabolas."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from descent import hyperparameters_of
from dissection import ROSENBROCK, VALLEY, change_of, inputs_of_run, quadratic, typical
from helpers import assert_close, assert_same, name_of

from engine import OPTIMIZERS
from engine.optimizers.explain import explain
from engine.optimizers.lbfgs import inverse_times

every = pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=name_of)
searching = pytest.mark.parametrize("name", ["bfgs", "lbfgs"])

CARRIERS = {"momentum": "v", "momentum_classic": "v", "nesterov": "v", "adam": "m", "adamw": "m", "nadam": "m"}
RATED = ["adagrad", "rmsprop", "adadelta", "adam", "adamw", "nadam", "delta_bar_delta"]
MODELS = ["newton", "bfgs", "lbfgs"]


@every
def test_only_rules_that_have_it_show_it(entry):
    *_, inputs = typical(entry)
    _, overlay = explain(entry, inputs)
    shows = {field: getattr(overlay, field) is not None for field in ("velocity", "home", "rates", "model")}
    assert shows == {
        "velocity": entry.name in CARRIERS,
        "home": entry.name == "nesterov",
        "rates": entry.name in RATED,
        "model": entry.name in MODELS,
    }


@pytest.mark.parametrize("name", CARRIERS)
def test_velocity_is_the_part_of_the_change_that_memory_brings(name):
    """The same update with an empty memory makes the rest of the change."""
    entry = OPTIMIZERS[name]
    for inputs in typical(entry)[1:]:
        _, overlay = explain(entry, inputs)
        emptied = inputs.before._replace(**{CARRIERS[name]: np.zeros(2)})
        rest, _ = entry.update(inputs.gradient, emptied, inputs.params, inputs.step, inputs.hyperparameters)
        assert overlay.velocity.any()
        assert_close(overlay.velocity, inputs.change - rest)


@pytest.mark.parametrize(
    ("name", "displacement"),
    [
        ("momentum", lambda inputs: -inputs.hyperparameters["learning_rate"] * inputs.after.v),
        ("momentum_classic", lambda inputs: inputs.after.v),
        ("nesterov", lambda inputs: -inputs.hyperparameters["learning_rate"] * inputs.after.v),
    ],
)
def test_the_line_of_the_velocity_is_a_displacement(name, displacement):
    for inputs in typical(OPTIMIZERS[name]):
        (value,) = [line.value for line in explain(OPTIMIZERS[name], inputs).lines if line.role == "velocity"]
        assert_close(value, displacement(inputs))


def corrected(inputs):
    """Adam's mean gradient, from the optimizer state after the update."""
    return inputs.after.m / (1.0 - inputs.hyperparameters["beta1"] ** inputs.after.t)


@pytest.mark.parametrize(
    ("name", "multiplied"),
    [
        ("adagrad", lambda inputs: inputs.gradient), ("rmsprop", lambda inputs: inputs.gradient),
        ("adadelta", lambda inputs: inputs.gradient), ("delta_bar_delta", lambda inputs: inputs.gradient),
        ("adam", corrected), ("adamw", corrected),
    ],
)  # fmt: skip
def test_rates_times_what_they_multiply_is_the_change(name, multiplied):
    decay = {"weight_decay": 0.0} if name == "adamw" else {}
    for inputs in typical(OPTIMIZERS[name], **decay):
        _, overlay = explain(OPTIMIZERS[name], inputs)
        assert_close(inputs.change, -overlay.rates * multiplied(inputs))


def test_nadam_has_the_rates_of_adam():
    *_, inputs = typical(OPTIMIZERS["nadam"])
    optimizer_state = (
        OPTIMIZERS["adam"].init(inputs.params)._replace(m=inputs.before.m, v=inputs.before.v, t=inputs.before.t)
    )
    as_adam = replace(inputs, before=optimizer_state)
    assert_close(explain(OPTIMIZERS["nadam"], inputs).overlay.rates, explain(OPTIMIZERS["adam"], as_adam).overlay.rates)


def test_nesterovs_ball_is_at_home_and_its_parameters_are_ahead():
    """Sutskever et al. 2013: V' = mu V - eta grad f(theta + mu V), theta' = theta + V'."""
    eta, mu = 0.05, 0.8
    hyperparameters = hyperparameters_of(OPTIMIZERS["nesterov"], eta, momentum=mu)
    theta, V = np.array(VALLEY.start), np.zeros(2)
    for inputs in inputs_of_run(OPTIMIZERS["nesterov"], VALLEY, 20, hyperparameters):
        _, overlay = explain(OPTIMIZERS["nesterov"], inputs)
        assert_close(overlay.home, theta)
        assert_close(inputs.params, theta + mu * V)
        V = mu * V - eta * VALLEY.gradient(theta + mu * V)
        theta = theta + V


def test_newtons_parabola():
    entry = OPTIMIZERS["newton"]
    bent = [-0.1, 1.5]  # the Hessian of Rosenbrock's function is indefinite there
    for start, definite in [(ROSENBROCK.start, True), (bent, False)]:
        (inputs,) = inputs_of_run(entry, ROSENBROCK, 1, hyperparameters_of(entry, 1.0, line_search=0), start)
        _, overlay = explain(entry, inputs)
        assert np.allclose(overlay.model, inputs.hessian, rtol=1e-12) == definite
        assert_close(overlay.model @ inputs.change, -inputs.gradient)
        assert_close(np.linalg.eigvalsh(overlay.model), np.sort(np.abs(np.linalg.eigvalsh(inputs.hessian))), rtol=1e-9)


def test_newtons_curvature_is_at_least_the_damping():
    entry = OPTIMIZERS["newton"]
    (inputs,) = inputs_of_run(entry, VALLEY, 1, hyperparameters_of(entry, 1.0, damping=0.5))
    assert_close(explain(entry, inputs).overlay.model, np.diag([0.5, 2.0]))


def test_newton_without_a_hessian():
    entry = OPTIMIZERS["newton"]
    (inputs,) = inputs_of_run(entry, VALLEY, 1, hyperparameters_of(entry, 1.0))
    lines, overlay = explain(entry, replace(inputs, hessian=None))
    assert_same(change_of(lines), inputs.change)
    assert overlay.model is None
    assert len(lines) == 3


@searching
def test_the_learned_parabola_leads_along_the_change(name):
    entry = OPTIMIZERS[name]
    run = inputs_of_run(entry, ROSENBROCK, 15, hyperparameters_of(entry, 1.0))
    assert explain(entry, run[0]).overlay.model is None
    for inputs in run[1:]:
        model = explain(entry, inputs).overlay.model
        assert_same(model, model.T)
        lowest = -np.linalg.solve(model, inputs.gradient)
        cosine = lowest @ inputs.change / np.linalg.norm(lowest) / np.linalg.norm(inputs.change)
        assert cosine == pytest.approx(1.0, abs=1e-12)
        # The secant equation: the parabola's slope changes along the last step as the loss's did.
        s, y = inputs.params - inputs.before.w, inputs.gradient - inputs.before.g
        assert np.linalg.norm(model @ s - y) <= 1e-9 * np.linalg.norm(y)


@searching
def test_the_learned_parabola_becomes_a_quadratic_loss(name):
    entry = OPTIMIZERS[name]
    errors = [
        np.linalg.norm(explain(entry, inputs).overlay.model - inputs.hessian) / np.linalg.norm(inputs.hessian)
        for inputs in inputs_of_run(entry, quadratic(2), 10, hyperparameters_of(entry, 1.0))[1:]
    ]
    assert errors[0] > 0.1
    assert errors[3] < 1e-2
    assert errors[-1] < 1e-6


def test_lbfgs_as_if_it_kept_a_matrix():
    """The two loops of algorithm 7.4, applied to the unit vectors, give the same matrix; after 12 steps some pairs are
    forgotten."""
    entry = OPTIMIZERS["lbfgs"]
    *_, inputs = inputs_of_run(entry, ROSENBROCK, 14, hyperparameters_of(entry, 1.0))
    H = np.array([inverse_times(inputs.after.S, inputs.after.Y, unit) for unit in np.eye(2)])
    assert inputs.after.S[0].any()
    model = explain(entry, inputs).overlay.model
    assert np.abs(model @ H - np.eye(2)).max() < 1e-8


@searching
def test_a_pair_without_positive_curvature_is_named(name):
    entry = OPTIMIZERS[name]
    dome = SimpleNamespace(
        f=lambda w: -0.5 * np.vecdot(w, w), gradient=lambda w: -w, hessian=lambda w: -np.eye(2), start=(1.0, 0.5)
    )
    first, second = inputs_of_run(entry, dome, 2, hyperparameters_of(entry, 0.1, line_search=0))
    assert "none yet" in explain(entry, first).lines[1].numbers
    lines, overlay = explain(entry, second)
    assert "no positive curvature" in lines[1].says
    assert overlay.model is None
    assert_close(change_of(lines), second.change)
