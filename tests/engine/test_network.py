from itertools import pairwise

import naive
import numpy as np
import pytest
from helpers import assert_close, assert_same, one_sentence

from engine import Network
from engine.arrays import with_ones
from engine.layers import Dropout

ROWS = 5
SHAPES = {
    "no hidden layer": (2, (), 1, (), (), ()),
    "the default": (2, (4, 2), 1, ("tanh", "tanh"), (False, False), (0.0, 0.0)),
    "batch norm first": (2, (3, 2), 2, ("sigmoid", "relu"), (True, False), (0.0, 0.0)),
    "dropout last": (1, (3, 4), 3, ("relu", "leaky_relu"), (False, False), (0.0, 0.5)),
    "all at once": (3, (4, 3, 2), 3, ("relu", "tanh", "linear"), (True, True, True), (0.3, 0.0, 0.5)),
    "one unit wide": (1, (1, 1, 1), 1, ("linear", "leaky_relu", "sigmoid"), (False, True, False), (0.0, 0.2, 0.0)),
}
each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))


def make(shape):
    return Network(*shape, "xavier_normal")


def masks_on(network, tape):
    """The masks drawn, one for each hidden layer, None where nothing is dropped."""
    drawn = {
        k: cell.extra.tolist()
        for k, cell in zip(tape.chain, tape.cells, strict=True)
        if isinstance(network.layers[k], Dropout)
    }
    return [drawn.get(column.last) for column in network.columns[:-1]]


def averages(network, statistics):
    """(means, variances) of each normed layer."""
    parts = [statistics[part] for part in network.statistic_slices if part.stop > part.start]
    return [(part[: len(part) // 2].tolist(), part[len(part) // 2 :].tolist()) for part in parts]


@each_shape
@pytest.mark.parametrize("mode", ["train", "batch", "evaluate"])
def test_both_passes_against_plain_loops(shape, mode, rng):
    network = make(shape)
    flat, x = rng.normal(size=network.size), rng.normal(size=(ROWS, shape[0]))
    tape = network.tape(mode, (), ROWS)
    network.draw_masks(tape, [3], 0)
    running = rng.uniform(0.5, 2.0, network.statistics)
    if mode == "evaluate":
        tape.statistics[...] = running
    gradients = network.gradients(tape, ())
    parameters = network.bind(flat)
    network.forward(parameters, with_ones(x), tape)
    gradients.scores[...] = rng.normal(size=tape.scores.shape)
    d_scores = gradients.scores.tolist()
    network.backward(parameters, tape, gradients)

    inputs, hidden, outputs, activation, norm, _ = shape
    layers = naive.build(flat, inputs, hidden, outputs, activation, norm)
    masks = masks_on(network, tape) if mode == "train" else None
    used = averages(network, running) if mode == "evaluate" else None
    assert_close(tape.scores, naive.forward(layers, x.tolist(), masks, used))
    assert_close(gradients.flat, naive.backward(layers, d_scores, masks, running=used is not None))
    for layer, signal, slope in zip(layers, tape.layers, gradients.layers, strict=True):
        assert_close(signal.pre, layer.pre)
        assert_close(signal.post, layer.post)
        assert_close(slope.pre, layer.d_pre)
        assert_close(slope.post, layer.d_post)
    for layer, (mean, variance) in zip(
        (la for la in layers if la.gamma), averages(network, tape.statistics), strict=True
    ):
        assert_close(mean, layer.mean)
        assert_close(variance, layer.variance)


@each_shape
@pytest.mark.parametrize("mode", ["train", "evaluate"])
def test_a_leading_axis_is_several_networks(shape, mode, rng):
    network = make(shape)
    flat, inputs = rng.normal(size=(3, network.size)), with_ones(rng.normal(size=(ROWS, shape[0])))
    running = rng.uniform(0.5, 2.0, (3, network.statistics))

    def passes(lead, flat, running, seeds):
        tape = network.tape(mode, lead, ROWS)
        if mode == "evaluate":
            tape.statistics[...] = running
        network.draw_masks(tape, seeds, 4)
        gradients, parameters = network.gradients(tape, lead), network.bind(flat)
        network.forward(parameters, inputs, tape)
        gradients.scores[...] = tape.scores - 1.0
        network.backward(parameters, tape, gradients)
        return tape, gradients

    tape, gradients = passes((3,), flat, running, [0, 1, 2])
    for k in range(3):
        one, slope = passes((), flat[k], running[k], [k])
        assert_close(tape.scores[k], one.scores)
        assert_close(tape.statistics[k], one.statistics)
        assert_close(gradients.flat[k], slope.flat)


@each_shape
def test_slices_cover_the_vector_once(shape):
    network = make(shape)
    named = np.zeros(network.size, int)
    for column in network.columns:
        named[network.weight_slice(column)] += 1
        named[network.bias_slice(column)] += 10
    gammas = sum(width for width, norm in zip(shape[1], shape[4], strict=True) if norm)
    assert np.sum(named == 0) == gammas
    assert_same(network.is_weight, (named == 1).astype(float))
    assert sorted(set(named) | {0, 1, 10}) == [0, 1, 10]


@each_shape
def test_positions_find_every_weight_and_bias(shape):
    network = make(shape)
    sizes = [shape[0], *shape[1], shape[2]]
    for layer, (fan_in, width) in enumerate(pairwise(sizes), start=1):
        column = network.columns[layer - 1]
        weights = [network.weight_position(layer, i, j) for i in range(fan_in) for j in range(width)]
        biases = [network.bias_position(layer, j) for j in range(width)]
        assert weights == list(range(network.size))[network.weight_slice(column)]
        assert biases == list(range(network.size))[network.bias_slice(column)]


@pytest.mark.parametrize("place", [(0, 0, 0), (4, 0, 0), (-1, 0, 0), (1, 2, 0), (1, 0, 4), (1, -1, 0), (1, 0, -1)])
def test_positions_of_nothing_are_refused(place):
    network = make(SHAPES["the default"])
    with pytest.raises(ValueError, match=one_sentence("not")):
        network.weight_position(*place)
    if place != (1, 2, 0) and place != (1, -1, 0):
        with pytest.raises(ValueError, match=one_sentence("not")):
            network.bias_position(place[0], place[2])


@each_shape
def test_initial_biases_are_0_and_scales_1(shape):
    network = make(shape)
    flat = network.init(7)
    for column in network.columns:
        assert flat[network.weight_slice(column)].all()
        assert not flat[network.bias_slice(column)].any()
    rest = np.ones(network.size, bool)
    for column in network.columns:
        rest[network.weight_slice(column)] = rest[network.bias_slice(column)] = False
    assert np.all(flat[rest] == 1.0)


def test_layers_draw_from_streams_of_their_own():
    small, large = (
        Network(2, hidden, 1, ["tanh"] * 2, [False] * 2, [0.0] * 2, "he_normal") for hidden in ((4, 2), (4, 3))
    )
    first = small.weight_slice(small.columns[0])
    assert_same(small.init(1)[first], large.init(1)[first])
    assert not np.any(small.init(1)[first] == small.init(2)[first])
    first, second = (small.init(1)[small.weight_slice(column)] for column in small.columns[:2])
    assert not set(first) & set(second)


def test_views_follow_the_flat_vector():
    network = make(SHAPES["the default"])
    parameters = network.bind(np.zeros((2, network.size)))
    before = network.forward(parameters, np.ones((1, 3)), network.tape("evaluate", (2,), 1)).scores.copy()
    parameters.flat[1] += 0.5
    after = network.forward(parameters, np.ones((1, 3)), network.tape("evaluate", (2,), 1)).scores
    assert_same(before[0], after[0])
    assert before[1] != after[1]


def test_nothing_is_stored_on_the_network(rng):
    network = make(SHAPES["all at once"])
    parameters, inputs = network.bind(network.init(0)), with_ones(rng.normal(size=(2, ROWS, 3)))
    first, second = network.tape("batch", (), ROWS), network.tape("batch", (), ROWS)
    kept = network.forward(parameters, inputs[0], first).scores.copy()
    network.forward(parameters, inputs[1], second)
    assert_same(first.scores, kept)
    assert not np.shares_memory(first.scores, second.scores)


def test_the_order_of_hidden_units_does_not_matter(rng):
    network = make((2, (4,), 1, ("tanh",), (False,), (0.0,)))
    flat, order = rng.normal(size=network.size), rng.permutation(4)
    swapped = flat.copy()
    swapped[:12] = flat[:12].reshape(3, 4)[:, order].ravel()
    swapped[12:16] = flat[12:16][order]
    inputs = with_ones(rng.normal(size=(ROWS, 2)))
    one, other = (
        network.forward(network.bind(f), inputs, network.tape("batch", (), ROWS)).scores for f in (flat, swapped)
    )
    assert_close(one, other)


def test_pictures_may_be_computed_in_single_precision(rng):
    network = make(SHAPES["all at once"])
    flat, inputs = network.init(0), with_ones(rng.normal(size=(ROWS, 3)))
    exact = network.forward(network.bind(flat), inputs, network.tape("batch", (), ROWS)).scores
    tape = network.tape("batch", (), ROWS, np.float32)
    rough = network.forward(network.bind(flat.astype(np.float32)), inputs.astype(np.float32), tape).scores
    assert rough.dtype == np.float32
    assert_close(rough, exact, rtol=1e-4, atol=1e-5)  # single precision
