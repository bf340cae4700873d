import statistics

import numpy as np
import pytest
from helpers import assert_close, assert_same

from engine import Network
from engine.arrays import with_ones
from engine.layers import BatchNorm, Cell, Dropout


def normalise(x, mode="train", running=None):
    """The cell of a batch norm with gamma 1 and beta 0 after one pass."""
    x = np.array(x, dtype=float)
    layer = BatchNorm(x.shape[-1])
    in_use = np.zeros((*x.shape[:-2], layer.statistics)) if running is None else np.array(running, dtype=float)
    cell = Cell(x, np.empty_like(x), mode, layer.extra(x.shape[:-2], x.shape[-2], float, in_use))
    layer.forward(layer.views(layer.init(np.random.default_rng(0))), cell)
    return cell, in_use


def test_batch_norm_gives_mean_0_and_variance_1(rng):
    cell, _ = normalise(rng.normal(5.0, 100.0, (3, 40, 2)))
    assert_close(cell.y.mean(axis=-2), 0.0)
    assert_close(cell.y.var(axis=-2), 1.0, rtol=1e-7)  # epsilon against a variance of 10,000


def test_batch_norm_by_hand():
    cell, in_use = normalise([[1.0, 10.0], [3.0, 10.0]])
    assert_same(in_use, np.array([2.0, 10.0, 1.0, 0.0]))
    assert_close(cell.y, [[-0.9999950000374997, 0.0], [0.9999950000374997, 0.0]])


def test_batch_norm_evaluates_with_the_running_averages():
    cell, in_use = normalise([[3.0]], "evaluate", running=[1.0, 4.0])
    assert_same(in_use, np.array([1.0, 4.0]))
    assert_close(cell.y, [[0.9999987500023437]])


def test_running_averages_take_a_tenth_of_the_unbiased_variance(rng):
    network = Network(2, [3], 1, ["tanh"], [True], [0.0], "xavier_normal")
    parameters = network.bind(network.init(0))
    running = network.init_statistics()
    means, variances = [0.0] * 3, [1.0] * 3
    assert_same(running, np.array(means + variances))
    for batch in (2, 5, 3):
        tape = network.tape("train", (), batch)
        inputs = with_ones(rng.normal(size=(batch, 2)))
        running = network.average_statistics(running, network.forward(parameters, inputs, tape))
        for j, column in enumerate((inputs[:, :2] @ parameters.flat[:6].reshape(2, 3)).T.tolist()):
            means[j] = 0.9 * means[j] + 0.1 * statistics.mean(column)
            variances[j] = 0.9 * variances[j] + 0.1 * statistics.variance(column)
        assert_close(running, means + variances)


def test_a_single_sample_has_no_spread():
    network = Network(2, [3], 1, ["tanh"], [True], [0.0], "xavier_normal")
    tape, parameters = network.tape("train", (), 1), network.bind(network.init(0) + 0.25)
    gradients = network.gradients(tape, ())
    network.forward(parameters, np.array([[2.0, -1.0, 1.0]]), tape)
    assert_close(tape.layers[0].pre, 0.25)
    gradients.scores[...] = 1.0
    network.backward(parameters, tape, gradients)
    first, beta = network.columns[0], network.bias_slice(network.columns[0])
    assert not gradients.flat[network.weight_slice(first)].any()
    assert gradients.flat[beta].all()
    running = network.init_statistics()
    assert network.average_statistics(running, tape) is running


def dropping(rate=0.4, lead=(), rows=50, width=8):
    network = Network(2, [width], 1, ["linear"], [False], [rate], "xavier_normal")
    return network, network.tape("train", lead, rows)


def mask(network, tape, seeds=(0,), step=0):
    network.draw_masks(tape, seeds, step)
    return next(
        cell.extra.copy()
        for k, cell in zip(tape.chain, tape.cells, strict=True)
        if isinstance(network.layers[k], Dropout)
    )


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.95])
def test_dropout_is_inverted(rate):
    drawn = mask(*dropping(rate, rows=2500))
    kept = drawn[drawn > 0]
    assert_close(kept, 1 / (1 - rate))
    assert len(kept) / drawn.size == pytest.approx(1 - rate, abs=4 * (rate * (1 - rate) / drawn.size) ** 0.5)


def test_the_expected_output_is_that_of_evaluation(rng):
    network, tape = dropping(0.3, rows=4)
    parameters, inputs = network.bind(network.init(0)), with_ones(rng.normal(size=(4, 2)))
    total = np.zeros((4, 1))
    for step in range(4000):
        network.draw_masks(tape, [0], step)
        total += network.forward(parameters, inputs, tape).scores
    still = network.forward(parameters, inputs, network.tape("evaluate", (), 4)).scores
    assert_close(total / 4000, still, rtol=0, atol=0.1)  # 4000 draws with a standard deviation of about 1


def test_masks_differ_by_step_and_seed_and_repeat():
    network, tape = dropping()
    first = mask(network, tape, [0], 0)
    assert np.mean(first != mask(network, tape, [0], 1)) > 0.3
    assert np.mean(first != mask(network, tape, [1], 0)) > 0.3
    assert_same(first, mask(network, tape, [0], 0))


def test_each_replica_draws_the_masks_of_its_own_seed():
    network, tape = dropping(lead=(3,))
    together = mask(network, tape, [5, 6, 7], 9)
    for k, seed in enumerate((5, 6, 7)):
        assert_same(together[k], mask(*dropping(), [seed], 9))


def test_masks_of_two_layers_are_not_the_same():
    network = Network(2, [8, 8], 1, ["linear"] * 2, [False] * 2, [0.5] * 2, "xavier_normal")
    tape = network.tape("train", (), 50)
    network.draw_masks(tape, [0], 0)
    first, second = (
        c.extra for k, c in zip(tape.chain, tape.cells, strict=True) if isinstance(network.layers[k], Dropout)
    )
    assert np.mean(first != second) > 0.3


@pytest.mark.parametrize("mode", ["batch", "evaluate"])
def test_nothing_is_dropped_outside_training(mode, rng):
    inputs = with_ones(rng.normal(size=(4, 2)))
    scores = []
    for rate in (0.0, 0.9):
        network = Network(2, [8], 1, ["tanh"], [False], [rate], "xavier_normal")
        parameters = network.bind(np.linspace(-1, 1, network.size))
        scores.append(network.forward(parameters, inputs, network.tape(mode, (), 4)).scores)
    assert_same(*scores)
