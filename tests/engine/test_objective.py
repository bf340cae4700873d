"""What is minimised. That gradients are right is the business of test_gradients."""

import numpy as np
import pytest
from helpers import assert_close, assert_same, assert_slope, central_differences, name_of

from engine import (
    LOSSES,
    PLACEMENTS,
    REGULARIZERS,
    SURFACES,
    TASKS,
    HiddenLayer,
    NetworkObjective,
    SurfaceObjective,
    dense_stack,
)
from engine.arrays import with_ones
from engine.objective import hessian_by_differences
from engine.registry import complete

RATE = 0.3
ROWS = 6
MASKED = {"dropout": 0.4, "drop_connect": 0.3}


class Problem:
    """A small net with a batch, two classes, and masks drawn for one step."""

    def __init__(
        self,
        regularization="none",
        rate=RATE,
        batch_shape=(),
        units=(3, 2),
        loss="cross_entropy",
        task="binary",
        **more,
    ):
        rng = np.random.default_rng(1)
        choices = {"activation": "prelu", **more}
        self.network = dense_stack(2, [HiddenLayer(width, **choices) for width in units], 1, input_noise=0.1)
        entry, hyperparameters = (
            REGULARIZERS[regularization],
            complete(REGULARIZERS[regularization].hyperparameters, {}, "regularization"),
        )
        self.objective = NetworkObjective(self.network, LOSSES[loss].forms[task], entry, rate, hyperparameters)
        self.inputs = with_ones(rng.normal(size=(ROWS, 2)))
        labels = rng.normal(size=ROWS) if task == "regression" else np.arange(ROWS) % 2
        self.targets = TASKS[task].targets(labels, 1)
        self.params = rng.normal(size=(*batch_shape, self.network.size))
        self.tape = self.network.tape("train", batch_shape, ROWS)
        self.network.draw_masks(self.tape, range(5, 5 + (batch_shape[0] if batch_shape else 1)), step=0)
        self.gradients = self.network.gradients(self.tape, batch_shape)

    @property
    def batch(self):
        return self.inputs, self.targets, self.tape, self.gradients

    def both(self, params):
        return self.objective.value_and_gradient(self.network.bind(params), *self.batch)

    def weights(self):
        """The weights alone, layer by layer."""
        return [self.params[..., places.ravel()] for places in self.network.weight_positions]


@pytest.mark.parametrize("entry", REGULARIZERS.values(), ids=name_of)
@pytest.mark.parametrize("norm", PLACEMENTS)
@pytest.mark.parametrize("activation", ["tanh", "prelu", "maxout"])
def test_only_weights_are_regularized(entry, norm, activation):
    problem = Problem(entry.name, batch_shape=(2,), batch_norm=norm, activation=activation)
    expected = sum(RATE * entry.value(part, problem.objective.hyperparameters) for part in problem.weights())
    assert_close(problem.objective.regularization_loss(problem.params), expected)
    value, gradient = problem.both(problem.params)
    assert_close(value, expected + problem.objective.data_loss(problem.tape, problem.targets))
    free = Problem(batch_shape=(2,), batch_norm=norm, activation=activation)
    pull = gradient - free.both(problem.params)[1]
    others = problem.network.is_weight == 0
    assert_same(pull[:, others], np.zeros_like(pull[:, others]))
    assert np.all(pull[:, ~others] != 0) == entry.active


def test_regularizers_have_hyperparameters():
    problem = Problem("elastic", units=())
    network, weights = problem.network, problem.weights()[0]
    for mix, expected in ((1.0, np.abs(weights).sum()), (0.0, 0.5 * np.sum(weights**2))):
        objective = NetworkObjective(network, problem.objective.form, REGULARIZERS["elastic"], 2.0, {"mix": mix})
        assert_close(objective.regularization_loss(problem.params), 2.0 * expected)


@pytest.mark.parametrize(("regularization", "rate"), [("l2", 0.0), ("none", 1.0)])
def test_no_rate_or_no_regularization_costs_nothing(regularization, rate):
    problem, free = Problem(regularization, rate, (2,)), Problem(batch_shape=(2,))
    assert not problem.objective.regularized
    assert_same(problem.objective.regularization_loss(problem.params), np.zeros(2))
    for one, other in zip(problem.both(problem.params), free.both(problem.params), strict=True):
        assert_same(one, other)


def test_the_mean_over_the_batch_is_by_hand():
    """One unit without hidden layers: the gradient of the cross-entropy is the mean of (prediction - target) input."""
    problem = Problem("l2", 0.5, units=())
    tape = problem.network.tape("evaluate", (), ROWS)
    gradients = problem.network.gradients(tape, ())
    value, gradient = problem.objective.value_and_gradient(
        problem.network.bind(problem.params), problem.inputs, problem.targets, tape, gradients
    )
    scores = problem.inputs @ problem.params
    predictions = 1 / (1 + np.exp(-scores))
    truth = problem.targets[:, 0]
    costs = -np.log(np.where(truth == 1, predictions, 1 - predictions))
    regularization = 0.5 * 0.5 * np.sum(problem.params[:2] ** 2)
    assert_close(value, costs.mean() + regularization)
    expected = (predictions - truth) @ problem.inputs / ROWS
    assert_close(gradient, expected + 0.5 * np.append(problem.params[:2], 0.0))


# What a search along a line may ask


def probe_of(problem):
    """A probe from the problem's own parameters, with buffers for the places looked at."""
    trial = problem.network.bind(np.zeros_like(problem.params))
    value, gradient = problem.both(problem.params)
    slopes = problem.network.gradients(problem.tape, problem.params.shape[:-1])
    probe = problem.objective.probe(value, trial, problem.inputs, problem.targets, problem.tape, slopes)
    return probe, value, gradient


@pytest.mark.parametrize("batch_shape", [(), (2,)], ids=str)
@pytest.mark.parametrize("norm", PLACEMENTS)
def test_a_probe_sees_the_batch_through_the_masks_of_the_step(batch_shape, norm):
    problem, same = (Problem("l2", batch_shape=batch_shape, batch_norm=norm, **MASKED) for _ in range(2))
    probe, value, gradient = probe_of(problem)
    kept = problem.params.copy(), gradient.copy()
    assert_same(probe.value, value)
    there = problem.params + 0.1
    for place in (there, problem.params, there):
        for found, expected in zip(probe.at(place), same.both(place), strict=True):
            assert_same(found, expected)
    assert_same(problem.params, kept[0])
    assert_same(gradient, kept[1])


@pytest.mark.parametrize("batch_shape", [(), (2,)], ids=str)
def test_the_hessian_of_a_linear_unit_by_hand(batch_shape):
    """Half the mean squared error of x w: the mean of x x^T, and the rate on the diagonal of the weights."""
    problem = Problem("l2", 0.5, batch_shape, (), "squared_error", "regression")
    noise = problem.tape.buffers[0].extra
    x = with_ones(problem.inputs[:, :2] + noise)
    expected = x.swapaxes(-1, -2) @ x / ROWS + 0.5 * np.diag([1.0, 1.0, 0.0])
    # Rounding of the gradient, 1e-16, over twice H.
    assert_close(probe_of(problem)[0].hessian(problem.params), expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("batch_shape", [(), (2,)], ids=str)
def test_the_hessian_of_a_network_is_the_slope_of_its_gradient(batch_shape):
    problem = Problem("l2", batch_shape=batch_shape, activation="tanh", batch_norm="before", **MASKED)
    hessian = probe_of(problem)[0].hessian(problem.params)
    size = problem.network.size
    assert hessian.shape == (*batch_shape, size, size)
    assert_same(hessian, hessian.swapaxes(-1, -2))
    for k in range(size):
        numeric = central_differences(lambda w, k=k: problem.both(w)[1][..., k].copy(), problem.params)
        assert_slope(hessian[..., k, :], numeric)


def test_a_hessian_by_differences_by_hand():
    """f = x^2 y + y^3: gradient (2xy, x^2 + 3y^2), second derivatives (2y, 2x; 2x, 6y)."""
    at = np.array([[1.0, 2.0], [-3.0, 0.5]])
    hessian = hessian_by_differences(
        lambda w: np.stack([2 * w[:, 0] * w[:, 1], w[:, 0] ** 2 + 3 * w[:, 1] ** 2], -1), at
    )
    # Exact but for rounding of numbers of size 10, 1e-15, over twice H.
    assert_close(hessian, [[[4, 2], [2, 12]], [[1, -6], [-6, 3]]], rtol=0, atol=1e-9)


@pytest.mark.parametrize("surface", SURFACES.values(), ids=name_of)
def test_a_surface_is_an_objective_too(surface):
    objective = SurfaceObjective(surface)
    at = np.array([[0.3, -0.4], [1.1, 0.7]])
    value, gradient = objective.value_and_gradient(at)
    assert_same(value, surface.f(at))
    assert_same(gradient, surface.gradient(at))
    probe = objective.probe(at)
    assert_same(probe.value, value)
    for found, expected in zip(probe.at(at + 0.1), objective.value_and_gradient(at + 0.1), strict=True):
        assert_same(found, expected)
    assert_same(probe.hessian(at), surface.hessian(at))
    for k in range(2):
        assert_slope(probe.hessian(at)[..., k], central_differences(lambda w, k=k: probe.at(w)[1][..., k], at))
