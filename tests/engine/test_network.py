from typing import NamedTuple

import naive
import numpy as np
import pytest
from helpers import assert_close, assert_same, case, central_differences, name_of, one_sentence, pairwise

from engine import ACTIVATIONS, BIAS_INITIALIZERS, INITIALIZERS, HiddenLayer, Initialization, Network, dense_stack
from engine.arrays import with_ones
from engine.dense_stack import XAVIER, dense
from engine.layers import Affine, BatchNorm, DropConnect, Dropout, Noise, activation_layer
from engine.registry import complete

ROWS = 5


class Shape(NamedTuple):
    """What a Network is made of."""

    inputs: int
    hidden: tuple[HiddenLayer, ...]
    outputs: int
    noise: float = 0.0


def layers(units, activation="tanh", hyperparameters=None, **more):
    """Hidden layers that differ in their units only."""
    return tuple(HiddenLayer(width, activation, hyperparameters or {}, **more) for width in units)


SHAPES = {
    "no hidden layer": Shape(2, (), 1),
    "the default": Shape(2, layers((4, 2)), 1),
    **{f"{name} alone": Shape(2, layers((3,), name), 2) for name in ACTIVATIONS},
    **{
        f"{name} with {hyperparameters}": Shape(2, layers((3, 2), name, hyperparameters), 1)
        for name, hyperparameters in [
            ("leaky_relu", {"slope": 0.3}), ("prelu", {"slope": -0.5}), ("elu", {"alpha": 0.4}), ("swish", {"beta": 3}),
            ("maxout", {"k": 3}), ("maxout", {"k": 5}),
        ]
    },
    "batch norm before": Shape(2, layers((3, 2), "sigmoid", batch_norm="before"), 2),
    "batch norm after": Shape(2, layers((3, 2), "sigmoid", batch_norm="after"), 2),
    "dropout alone": Shape(1, layers((3, 4), "swish", dropout=0.5), 3),
    "DropConnect alone": Shape(3, layers((3, 4), "gelu", drop_connect=0.4), 1),
    "input noise alone": Shape(3, layers((2,)), 1, 0.5),
    "noise and no hidden layer": Shape(2, (), 3, 0.5),
    "noise before batch norm": Shape(2, layers((3,), batch_norm="before"), 1, 0.5),
    "maxout with batch norm before": Shape(2, layers((3, 2), "maxout", {"k": 3}, batch_norm="before"), 1),
    "maxout with batch norm after": Shape(2, layers((3, 2), "maxout", {"k": 3}, batch_norm="after"), 1),
    "PReLU with batch norm before": Shape(2, layers((3, 2), "prelu", batch_norm="before"), 1),
    "PReLU with batch norm after": Shape(2, layers((3, 2), "prelu", batch_norm="after"), 1),
    "masks on both sides": Shape(2, layers((3, 2), "maxout", dropout=0.3, drop_connect=0.3), 1),
    "DropConnect without a bias": Shape(2, layers((4, 3), batch_norm="before", drop_connect=0.4), 1),
    "one unit wide": Shape(
        1,
        (HiddenLayer(1, "linear"), HiddenLayer(1, "prelu", batch_norm="before", dropout=0.2),
         HiddenLayer(1, "maxout", batch_norm="after", drop_connect=0.2)),
        1, 0.1,
    ),
    "all at once": Shape(
        3,
        (
            HiddenLayer(4, "prelu", {"slope": 0.5}, "before", 0.3, 0.3),
            HiddenLayer(3, "maxout", {"k": 3}, "after", 0.5, 0.2),
            HiddenLayer(3, "elu", {"alpha": 2.0}, "off", 0.2, 0.4),
            HiddenLayer(2, "prelu", {}, "after", 0.0, 0.3),
            HiddenLayer(3, "maxout", {}, "before", 0.3, 0.0),
        ),
        3, 0.3,
    ),
}  # fmt: skip
each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
MODES = ["train", "batch", "evaluate", "masked"]


def make(shape, start=XAVIER):
    return dense_stack(shape.inputs, shape.hidden, shape.outputs, start, shape.noise)


def numbers(layer):
    """The hyperparameters of a layer's activation, in their order."""
    return tuple(complete(ACTIVATIONS[layer.activation].hyperparameters, layer.hyperparameters, "activation").values())


def dealt(flat, shape):
    """A flat vector, dealt out to the layers of the second opinion."""
    hidden = shape.hidden
    return naive.build(
        flat,
        shape.inputs,
        [layer.units for layer in hidden],
        shape.outputs,
        [layer.activation for layer in hidden],
        [layer.batch_norm for layer in hidden],
        [numbers(layer) for layer in hidden],
    )


def chances(network, tape):
    """What was drawn for a pass: input noise (0.0 for none), masks, and masks of weights, None where there is none."""
    drawn = {k: buffers.extra for k, buffers in zip(tape.chain, tape.buffers, strict=True) if network.layers[k].draws}
    noise = drawn[0] if 0 in drawn and isinstance(network.layers[0], Noise) else 0.0
    masks, silenced = [], []
    for block in network.blocks[:-1]:
        masked = block.last in drawn and isinstance(network.layers[block.last], Dropout)
        masks.append(drawn[block.last].tolist() if masked else None)
        thinned = isinstance(network.layers[block.opener], DropConnect) and tape.mode in ("train", "masked")
        fan_in = network.layers[block.opener].fan_in
        silenced.append(drawn[block.opener].mask[:fan_in].tolist() if thinned else None)
    return noise, masks, silenced


def averages(network, statistics):
    """(means, variances) of each normed layer."""
    parts = [statistics[part] for part in network.statistic_slices if part.stop > part.start]
    return [(part[: len(part) // 2].tolist(), part[len(part) // 2 :].tolist()) for part in parts]


@each_shape
def test_both_passes_against_plain_loops(shape, rng):
    for mode in MODES:
        with case(mode):
            assert_as_plain_loops(shape, mode, rng)


def assert_as_plain_loops(shape, mode, rng):
    network = make(shape)
    flat, x = rng.normal(size=network.size), rng.normal(size=(ROWS, shape.inputs))
    tape = network.tape(mode, (), ROWS)
    network.draw_masks(tape, [3], 0)
    running_stats = rng.uniform(0.5, 2.0, network.statistics)
    given = mode in ("evaluate", "masked")
    if given:
        tape.statistics[...] = running_stats
    gradients = network.gradients(tape, ())
    parameters = network.bind(flat)
    network.forward(parameters, with_ones(x), tape)
    gradients.scores[...] = rng.normal(size=tape.scores.shape)
    d_scores = gradients.scores.tolist()
    network.backward(parameters, tape, gradients)

    noise, masks, silenced = chances(network, tape)
    blocks = dealt(flat, shape)
    scores = naive.forward(
        blocks, (x + noise).tolist(), masks, averages(network, running_stats) if given else None, silenced
    )
    assert_close(tape.scores, scores)
    assert_close(gradients.flat, naive.backward(blocks, d_scores))
    for block, signal, slope in zip(blocks, tape.layers, gradients.layers, strict=True):
        assert_close(signal.pre, block.pre)
        assert_close(signal.post, block.post)
        assert_close(slope.pre, block.d_pre)
        assert_close(slope.post, block.d_post)
    normed = [block for block in blocks if block.gamma]
    for block, (mean, variance) in zip(normed, averages(network, tape.statistics), strict=True):
        assert_close(mean, block.mean)
        assert_close(variance, block.variance)


@each_shape
def test_chance_plays_its_part_in_training(shape):
    """What the plain loops were given was drawn: no mask of ones, no noise of zeros."""
    for mode in ("train", "masked"):
        with case(mode):
            assert_drawn(shape, mode)


def assert_drawn(shape, mode):
    network = make(shape)
    tape = network.tape(mode, (), 50)
    network.draw_masks(tape, [3], 0)
    noise, masks, silenced = chances(network, tape)
    assert np.any(noise) == (shape.noise > 0 and mode == "train")
    for layer, mask, thinned in zip(shape.hidden, masks, silenced, strict=True):
        assert (mask is None) == (layer.dropout == 0)
        assert mask is None or np.any(np.array(mask) == 0)
        assert (thinned is None) == (layer.drop_connect == 0)
    assert network.draws == bool(shape.noise or any(layer.dropout or layer.drop_connect for layer in shape.hidden))


@each_shape
def test_a_leading_axis_is_several_networks(shape, rng):
    for mode in MODES:
        with case(mode):
            assert_several_are_each_alone(shape, mode, rng)


def assert_several_are_each_alone(shape, mode, rng):
    network = make(shape)
    flat, inputs = rng.normal(size=(3, network.size)), with_ones(rng.normal(size=(ROWS, shape.inputs)))
    running_stats = rng.uniform(0.5, 2.0, (3, network.statistics))

    def passes(batch_shape, flat, running_stats, seeds):
        tape = network.tape(mode, batch_shape, ROWS)
        if mode in ("evaluate", "masked"):
            tape.statistics[...] = running_stats
        network.draw_masks(tape, seeds, 4)
        gradients, parameters = network.gradients(tape, batch_shape), network.bind(flat)
        network.forward(parameters, inputs, tape)
        gradients.scores[...] = tape.scores - 1.0
        network.backward(parameters, tape, gradients)
        return tape, gradients

    tape, gradients = passes((3,), flat, running_stats, [0, 1, 2])
    for k in range(3):
        one, slope = passes((), flat[k], running_stats[k], [k])
        assert_close(tape.scores[k], one.scores)
        assert_close(tape.statistics[k], one.statistics)
        assert_close(gradients.flat[k], slope.flat)


# Where things are in the flat vector


@each_shape
def test_positions_find_every_weight_and_bias(shape):
    """In the vector 0, 1, 2, ... each number is its own position."""
    network = make(shape)
    weights, biases = [], []
    for place, own in enumerate(dealt(range(network.size), shape), start=1):
        starts = range(0, len(own.bias), own.units)
        shifts = own.beta if own.norm == "before" else own.bias
        for j in range(own.units):
            for i, row in enumerate(own.weights):
                assert network.weight_position(place, i, j).tolist() == [row[start + j] for start in starts]
            assert network.bias_position(place, j).tolist() == [shifts[start + j] for start in starts]
        weights.append(np.array(own.weights, int).reshape(-1, len(starts), own.units).swapaxes(1, 2))
        biases.append(np.array(shifts, int).reshape(len(starts), own.units).T)
    for found, expected in ((network.weight_positions, weights), (network.bias_positions, biases)):
        for one, other in zip(found, expected, strict=True):
            assert_same(one, other)
    marks = np.zeros(network.size)
    marks[np.concatenate([part.ravel() for part in weights])] = 1.0
    assert_same(network.is_weight, marks)


@pytest.mark.parametrize("place", [(0, 0, 0), (4, 0, 0), (-1, 0, 0), (1, 2, 0), (1, 0, 4), (1, -1, 0), (1, 0, -1)])
@pytest.mark.parametrize("activation", ["tanh", "maxout"])
def test_positions_of_nothing_are_refused(place, activation):
    network = make(Shape(2, layers((4, 2), activation), 1))
    with pytest.raises(ValueError, match=one_sentence("not")):
        network.weight_position(*place)
    if place != (1, 2, 0) and place != (1, -1, 0):
        with pytest.raises(ValueError, match=one_sentence("not")):
            network.bias_position(place[0], place[2])


# The first parameters


@each_shape
def test_initial_biases_are_0_and_scales_1(shape):
    network = make(shape)
    for choice, own in zip([*shape.hidden, None], dealt(network.init(7), shape), strict=True):
        assert np.all(own.weights)
        assert not np.any(own.bias)
        assert own.gamma is None or set(own.gamma) == {1.0}
        assert own.beta is None or set(own.beta) == {0.0}
        assert choice is None or set(own.hyperparameters) == {numbers(choice)}
    widths = [len(own.gamma) for own in dealt(network.init(7), shape) if own.gamma]
    statistics = [number for width in widths for number in [0.0] * width + [1.0] * width]
    assert_same(network.init_statistics(), np.array(statistics))


def test_initialisers_know_what_they_draw_for():
    """Fan-in, fan-out and the activation decide the spread of the random walk and of Xavier."""
    shape = Shape(30, layers((40, 20), "maxout", {"k": 4}), 10)
    for name, expected in [
        ("xavier_normal", [2 / (30 + 160), 2 / (40 + 80), 2 / (20 + 10)]),
        ("random_walk", [np.exp(1 / 30) / 30, np.exp(1 / 40) / 40, np.exp(1 / 20) / 20]),
    ]:
        network = make(shape, Initialization(name))
        found = [network.init(0)[part].var() for part in network.weight_positions]
        # The variance of n normal draws is known to sqrt(2/n): 10 per cent for the 200 of the output.
        assert_close(found, expected, rtol=0.4)
    walks = [make(Shape(6, layers((1000,), name), 1), Initialization("random_walk")) for name in ("linear", "relu")]
    found = [walk.init(0)[walk.weight_positions[0]].var() for walk in walks]
    assert_close(found, [np.exp(1 / 6) / 6, 2 * np.exp(2 / 3) / 6], rtol=0.1)


def test_biases_have_an_initialiser_of_their_own():
    shape = SHAPES["all at once"]
    start = Initialization("constant", {"value": 0.25}, "constant", {"value": -3.0})
    for own in dealt(make(shape, start).init(0), shape):
        assert np.all(np.array(own.weights) == 0.25)
        assert set(own.bias) == ({0.0} if own.norm == "before" else {-3.0})
        assert own.beta is None or set(own.beta) == {0.0}


def test_layers_draw_from_streams_of_their_own():
    small, large = (make(Shape(2, layers(units), 1), Initialization("he_normal")) for units in ((4, 2), (4, 3)))
    first, second = (part.ravel() for part in small.weight_positions[:2])
    assert_same(small.init(1)[first], large.init(1)[first])
    assert not np.any(small.init(1)[first] == small.init(2)[first])
    assert not set(small.init(1)[first]) & set(small.init(1)[second])


@pytest.mark.parametrize("change", [{"dropout": 0.5}, {"drop_connect": 0.5}, {"activation": "sigmoid"}], ids=str)
def test_masks_and_activations_do_not_change_the_draw(change):
    plain, other = (make(Shape(2, layers((4, 2), **more), 1, noise)) for more, noise in (({}, 0.0), (change, 0.5)))
    assert_same(plain.init(3), other.init(3))


def descend(network, flat, inputs, targets, steps=30, rate=0.5):
    """Plain gradient descent on the cross-entropy of one sigmoid."""
    tape = network.tape("batch", flat.shape[:-1], len(inputs))
    gradients, parameters = network.gradients(tape, flat.shape[:-1]), network.bind(flat.copy())
    for _ in range(steps):
        network.forward(parameters, inputs, tape)
        gradients.scores[...] = (1 / (1 + np.exp(-tape.scores)) - targets) / len(inputs)
        network.backward(parameters, tape, gradients)
        parameters.flat[...] -= rate * gradients.flat
    return parameters.flat, tape


def differences(shape, flat):
    """By how much the hidden units of a layer differ in anything that they own."""
    sizes = []
    for own in dealt(flat, shape)[:-1]:
        owned = [*own.weights, own.bias, own.gamma or [], own.beta or []]
        by_piece = [row[start : start + own.units] for row in owned for start in range(0, len(row), own.units)]
        sizes.append(max(np.ptp(row) for row in [*by_piece, *zip(*own.hyperparameters, strict=True)]))
    return np.array(sizes)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("norm", ["off", "before", "after"])
def test_units_that_start_alike_stay_alike(activation, norm, rng):
    """Symmetry is never broken by gradient descent; a random start breaks it at once."""
    shape = Shape(2, layers((4, 3), activation, batch_norm=norm), 1)
    inputs, targets = with_ones(rng.normal(size=(8, 2))), np.array([[0.0, 1, 1, 1, 0, 1, 1, 1]]).T
    for start in (
        Initialization("zeros"),
        Initialization("constant"),
        Initialization("constant", bias="constant"),
        Initialization("zeros", {}, "constant"),
    ):
        network = make(shape, start)
        before = network.init(0)
        after, _ = descend(network, before, inputs, targets)
        assert not np.array_equal(before, after), "something is learned, if only the bias of the output"
        assert_close(differences(shape, after), 0.0)
    network = make(shape)
    assert np.all(differences(shape, descend(network, network.init(0), inputs, targets)[0]) > 0.01)


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_from_zeros_the_output_stays_at_one_half(activation, rng):
    network = make(Shape(2, layers((4, 3), activation), 1), Initialization("zeros"))
    inputs, targets = with_ones(rng.normal(size=(8, 2))), np.repeat([[0.0], [1.0]], 4, axis=0)
    after, tape = descend(network, network.init(0), inputs, targets)
    assert not after.any()
    assert not tape.scores.any()


ADAPTING = [entry for entry in INITIALIZERS.values() if entry.adapt]
every_adapting = pytest.mark.parametrize("entry", ADAPTING, ids=name_of)


def sums(network, flat, inputs):
    """What each dense layer makes of inputs, and whether it has a bias."""
    tape = network.tape("batch", (), len(inputs))
    network.forward(network.bind(flat), inputs, tape)
    pairs = [(network.layers[k], buffers.y) for k, buffers in zip(tape.chain, tape.buffers, strict=True)]
    return [(z.copy(), layer.bias) for layer, z in pairs if isinstance(layer, Affine)]


def test_two_initialisers_look_at_the_data():
    assert [entry.name for entry in ADAPTING] == ["lsuv", "data_dependent"]


@pytest.mark.parametrize(("entry", "bias", "shape"), pairwise(ADAPTING, BIAS_INITIALIZERS, SHAPES), ids=name_of)
def test_data_driven_initialisers_give_every_layer_unit_variance(entry, bias, shape, rng):
    shape = SHAPES[shape]
    network = make(shape, Initialization(entry.name, {}, bias))
    inputs = with_ones(rng.normal(3.0, 0.2, (200, shape.inputs)))
    per_unit = entry.name == "data_dependent"
    for z, biased in sums(network, network.init(1, inputs), inputs):
        varies = np.ptp(z, axis=0) > 0  # a unit behind dead units, or behind steps that never change, has no spread
        assert varies.any() or "step" in {layer.activation for layer in shape.hidden}
        if per_unit:
            assert_close(z.std(axis=0)[varies], 1.0)
            assert not biased or np.abs(z.mean(axis=0)).max() < 1e-9
        elif varies.any():
            assert_close(z.std(), 1.0)


@every_adapting
def test_data_are_needed_to_adapt(entry, rng):
    network = make(SHAPES["the default"], Initialization(entry.name))
    inputs = with_ones(rng.normal(3.0, 0.2, (50, 2)))
    drawn, adapted = network.init(1), network.init(1, inputs)
    assert not np.any(drawn[network.is_weight > 0] == adapted[network.is_weight > 0])
    assert max(abs(z.std() - 1) for z, _ in sums(network, drawn, inputs)) > 0.5
    assert_same(adapted, network.init(1, inputs))


@pytest.mark.parametrize("entry", [entry for entry in INITIALIZERS.values() if not entry.adapt], ids=name_of)
def test_other_initialisers_do_not_look_at_the_data(entry, rng):
    network = make(SHAPES["all at once"], Initialization(entry.name))
    assert_same(network.init(1), network.init(1, with_ones(rng.normal(3.0, 0.2, (50, 3)))))


# Other properties


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


@each_shape
def test_a_pass_leaves_inputs_and_parameters_alone(shape, rng):
    network = make(shape)
    flat, inputs = rng.normal(size=network.size), with_ones(rng.normal(size=(ROWS, shape.inputs)))
    kept = flat.copy(), inputs.copy()
    tape = network.tape("train", (), ROWS)
    network.draw_masks(tape, [0], 0)
    gradients, parameters = network.gradients(tape, ()), network.bind(flat)
    network.forward(parameters, inputs, tape)
    gradients.scores[...] = 1.0
    signals = [signal.pre.copy() for signal in tape.layers]
    network.backward(parameters, tape, gradients)
    assert_same(flat, kept[0])
    assert_same(inputs, kept[1])
    for signal, copy in zip(tape.layers, signals, strict=True):
        assert_same(signal.pre, copy)


@pytest.mark.parametrize("activation", ["tanh", "prelu", "maxout"])
def test_the_order_of_hidden_units_does_not_matter(activation, rng):
    shape = Shape(2, layers((4,), activation, batch_norm="after"), 1)
    network = make(shape)
    flat, order = rng.normal(size=network.size), rng.permutation(4)
    swapped = flat.copy()
    places = dealt(range(network.size), shape)
    pieces = range(0, len(places[0].bias), 4)
    owned = [row[start : start + 4] for row in (*places[0].weights, places[0].bias) for start in pieces]
    owned += [places[0].gamma, places[0].beta, [row[0] for row in places[1].weights]]
    if activation == "prelu":
        owned.append([slope for (slope,) in places[0].hyperparameters])
    for row in np.array(owned, int):
        swapped[row] = flat[row[order]]
    inputs = with_ones(rng.normal(size=(ROWS, 2)))
    one, other = (
        network.forward(network.bind(f), inputs, network.tape("batch", (), ROWS)).scores for f in (flat, swapped)
    )
    assert_close(one, other)
    assert not np.array_equal(flat, swapped)


@pytest.mark.parametrize("mode", MODES)
def test_pictures_may_be_computed_in_single_precision(mode, rng):
    network = make(SHAPES["all at once"])
    flat, inputs = network.init(0), with_ones(rng.normal(size=(ROWS, 3)))
    exact, rough = network.tape(mode, (), ROWS), network.tape(mode, (), ROWS, np.float32)
    network.draw_masks(exact, [0], 0)
    for k, buffers, other in zip(exact.chain, exact.buffers, rough.buffers, strict=True):
        if network.layers[k].draws:  # the two precisions would draw other numbers
            drawn, same = (getattr(one.extra, "mask", one.extra) for one in (buffers, other))
            same[...] = drawn
    for tape in (exact, rough):
        tape.statistics[...] = network.init_statistics()
    network.forward(network.bind(flat), inputs, exact)
    network.forward(network.bind(flat.astype(np.float32)), inputs.astype(np.float32), rough)
    assert rough.scores.dtype == np.float32
    for signal, other in zip(rough.layers, exact.layers, strict=True):
        assert signal.pre.dtype == signal.post.dtype == np.float32
        assert_close(signal.post, other.post, rtol=1e-4, atol=1e-4)  # single precision


# Lists of layers


def gradient_by_differences(network, flat, inputs):
    """The gradient of the sum of squared scores, and the same by differences."""
    parameters, tape = network.bind(flat), network.tape("batch", (), len(inputs))
    gradients = network.gradients(tape, ())

    def value(params):
        scores = network.forward(network.bind(params), inputs, network.tape("batch", (), len(inputs))).scores
        return 0.5 * np.sum(scores**2)

    network.forward(parameters, inputs, tape)
    np.copyto(gradients.scores, tape.scores)
    network.backward(parameters, tape, gradients)
    return gradients.flat, central_differences(value, flat)


FIRST = {
    "activation": lambda: activation_layer(ACTIVATIONS["tanh"], 3, {}),
    "learned activation": lambda: activation_layer(ACTIVATIONS["prelu"], 3, {"slope": 0.3}),
    "batch norm": lambda: BatchNorm(3),
    "dropout": lambda: Dropout(3, 0.5),
    "noise": lambda: Noise(3, 0.5),
}


@pytest.mark.parametrize("first", FIRST)
def test_any_layer_may_be_the_first(first, rng):
    network = Network(3, [FIRST[first](), dense(2, 3)])
    inputs = with_ones(rng.normal(size=(7, 3)))
    gradient, numeric = gradient_by_differences(network, network.init(0), inputs)
    assert_close(gradient, numeric, rtol=1e-6, atol=1e-8)


def test_maxout_may_be_the_first(rng):
    network = Network(6, [activation_layer(ACTIVATIONS["maxout"], 3, {"k": 2}), dense(2, 3)])
    gradient, numeric = gradient_by_differences(network, network.init(0), with_ones(rng.normal(size=(7, 6))))
    assert_close(gradient, numeric, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(
    ("inputs", "layers"),
    [
        (3, lambda: [dense(2, 32)]),
        (2, lambda: [dense(3, 2), dense(1, 4)]),
        (2, lambda: [dense(3, 2), BatchNorm(4), dense(1, 4)]),
        (2, lambda: [dense(1, 2), activation_layer(ACTIVATIONS["tanh"], 3, {})]),
        (2, lambda: [dense(3, 2), activation_layer(ACTIVATIONS["maxout"], 2, {"k": 2}), dense(1, 2)]),
        (2, lambda: [dense(3, 2), Dropout(2, 0.5), dense(1, 2)]),
    ],
)
def test_layers_that_do_not_fit_are_refused(inputs, layers):
    with pytest.raises(ValueError, match=one_sentence("Layer", "inputs", "not")):
        Network(inputs, layers())


@pytest.mark.parametrize("layers", [[3], ["dense"], [None, dense(1, 2)], 3])
def test_what_is_no_layer_is_refused(layers):
    with pytest.raises(ValueError, match=one_sentence("layers must be", "not")):
        Network(2, layers)


def test_a_layer_twice_is_refused_for_it_would_not_be_shared():
    layer = dense(2, 2)
    with pytest.raises(ValueError, match=one_sentence("twice", "shares")):
        Network(2, [layer, layer])


def test_layers_may_come_one_by_one():
    assert Network(2, iter([dense(3, 2), dense(1, 3)])).size == 13
