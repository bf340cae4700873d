"""The gradient check: every combination that the registries allow, every coordinate, on a tiny net."""

from itertools import product

import numpy as np
import pytest
from helpers import STEP, assert_close, assert_slope, central_differences, name_of

from engine import ACTIVATIONS, LOSSES, PENALTIES, TASKS, Network, NetworkObjective
from engine.arrays import with_ones
from engine.layers import Activate

RATE = 0.3
HIDDEN, ROWS = (3, 2), 6
OUTPUTS = {"multiclass": 3}


class Problem:
    """A tiny net at a point where no pre-activation is near a kink, with a batch and drawn masks."""

    def __init__(self, activation, loss, task, norm, dropout, penalty, lead=(), mode="train"):
        outputs = OUTPUTS.get(task, 1)
        self.network = Network(2, HIDDEN, outputs, [activation] * 2, [norm] * 2, [dropout] * 2, "xavier_normal")
        self.objective = NetworkObjective(self.network, LOSSES[loss].forms[task], PENALTIES[penalty], RATE)
        self.tape = self.network.tape(mode, lead, ROWS)
        self.gradients = self.network.gradients(self.tape, lead)
        labels = np.linspace(-1, 1, ROWS) if task == "regression" else np.arange(ROWS) % max(outputs, 2)
        self.targets = TASKS[task].targets(labels, outputs)
        # 2, so that the masks of this little net leave something to learn
        self.network.draw_masks(self.tape, range(2, 2 + (lead[0] if lead else 1)), step=0)
        rng = np.random.default_rng(1)
        if mode == "evaluate":
            self.tape.statistics[...] = rng.uniform(0.5, 2.0, self.tape.statistics.shape)
        while True:
            self.inputs = with_ones(rng.normal(size=(ROWS, 2)))
            self.params = rng.normal(size=(*lead, self.network.size))
            self.value(self.params)
            if self.distance_to_kinks() > 100 * STEP:
                return

    def distance_to_kinks(self):
        activations = [layer.activation for layer in self.network.layers if isinstance(layer, Activate)]
        return min(
            (float(np.abs(signal.pre - kink).min())
             for signal, activation in zip(self.tape.layers[:-1], activations, strict=True)
             for kink in activation.kinks),
            default=np.inf,
        )  # fmt: skip

    def both(self, params):
        bound = self.network.bind(params)
        return self.objective.value_and_gradient(bound, self.inputs, self.targets, self.tape, self.gradients)

    def value(self, params):
        return self.both(params)[0]

    def check(self, lead):
        value, slope = self.both(self.params)
        slope = slope.copy()
        assert value.shape == lead
        assert np.abs(slope).max() > 0.01, "something is learned"
        assert_slope(slope, central_differences(self.value, self.params))


COMBINATIONS = [
    pytest.param(*combination, id="-".join(map(str, combination)))
    for combination in product(ACTIVATIONS, LOSSES, TASKS, (False, True), (0.0, 0.4), PENALTIES)
]


@pytest.mark.parametrize(("activation", "loss", "task", "norm", "dropout", "penalty"), COMBINATIONS)
def test_gradient_against_differences(activation, loss, task, norm, dropout, penalty):
    for lead in ((), (2,)):
        Problem(activation, loss, task, norm, dropout, penalty, lead).check(lead)


@pytest.mark.parametrize("mode", ["batch", "evaluate"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("norm", [False, True])
def test_gradient_in_the_other_modes(activation, mode, norm):
    Problem(activation, "cross_entropy", "binary", norm, 0.4, "l2", (3,), mode).check((3,))


@pytest.mark.parametrize("entry", PENALTIES.values(), ids=name_of)
@pytest.mark.parametrize("norm", [False, True])
def test_only_weights_are_penalised(entry, norm):
    problem = Problem("tanh", "cross_entropy", "binary", norm, 0.0, entry.name, (2,))
    weights = [problem.params[:, problem.network.weight_slice(column)] for column in problem.network.columns]
    expected = sum(RATE * entry.value(part) for part in weights)
    assert_close(problem.objective.penalty_loss(problem.params), expected)
    assert_close(problem.value(problem.params), expected + problem.objective.data_loss(problem.tape, problem.targets))


def test_a_rate_of_zero_is_no_penalty():
    problem = Problem("tanh", "cross_entropy", "binary", False, 0.0, "l2")
    free = NetworkObjective(problem.network, problem.objective.form, PENALTIES["l2"], 0.0)
    assert free.penalty_loss(problem.params) == 0.0
