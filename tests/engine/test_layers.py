import inspect
import statistics

import numpy as np
import pytest
from helpers import assert_close, assert_same, name_of

from engine import ACTIVATIONS, HiddenLayer, dense_stack, layers
from engine.arrays import with_ones
from engine.layers import (
    Activate,
    BatchNorm,
    Dense,
    Draw,
    DropConnect,
    Dropout,
    LayerBuffers,
    LearnedActivate,
    Maxout,
    Noise,
    activation_layer,
)


def one_pass(layer, x, flat=(), dy=None, mode="batch"):
    """The cell of a layer after a pass, its flat gradient, and dL/dx."""
    x, flat = np.array(x, dtype=float), np.array(flat, dtype=float)
    batch_shape, rows = x.shape[:-2], x.shape[-2]
    buffers = LayerBuffers(
        x, np.empty((*batch_shape, rows, layer.width)), mode, layer.extra(batch_shape, rows, float, np.zeros(0))
    )
    layer.forward(layer.views(flat), buffers)
    slope, dx = np.zeros_like(flat), np.empty((*batch_shape, rows, x.shape[-1] - layer.reads_ones))
    if dy is not None:
        layer.backward(layer.views(flat), buffers, np.array(dy, dtype=float), layer.views(slope), dx)
    return buffers, slope, dx


def network_of(units=(3,), activation="tanh", inputs=2, noise=0.0, **choices):
    return dense_stack(inputs, [HiddenLayer(width, activation, **choices) for width in units], 1, input_noise=noise)


# Kinds

CLASSES = [part for part in vars(layers).values() if inspect.isclass(part) and issubclass(part, layers.Layer)]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_no_layer_is_made_by_overriding_another(kind):
    """A layer is either an abstract base, or final: what it does stands in one class."""
    assert inspect.isabstract(kind) != getattr(kind, "__final__", False)
    assert all(inspect.isabstract(base) for base in kind.__mro__[1:] if issubclass(base, layers.Layer))


# Dense


def numbered(width=2, fan_in=3, **more):
    """A dense layer that begins with weights 1 and biases 2."""
    draw = Draw(lambda rng, rows, blocks: np.full((rows, blocks), 1.0), lambda rng, rows, blocks: [[2.0] * blocks])
    return Dense(width, fan_in, draw, **more)


def test_a_dense_layer_by_hand():
    layer = numbered()
    assert (layer.size, layer.reads_ones) == (8, True)
    assert layer.init(np.random.default_rng(0)).tolist() == [1, 1, 1, 1, 1, 1, 2, 2]
    # Weights (1, 2), (3, 4), (5, 6) and biases (7, 8).
    buffers, slope, dx = one_pass(layer, [[1.0, 0.0, -1.0, 1.0]], np.arange(1.0, 9.0), [[1.0, 10.0]])
    assert buffers.y.tolist() == [[1 - 5 + 7, 2 - 6 + 8]]
    assert slope.tolist() == [1, 10, 0, 0, -1, -10, 1, 10]
    assert dx.tolist() == [[21, 43, 65]]


def test_a_dense_layer_without_a_bias_by_hand():
    layer = numbered(bias=False)
    assert (layer.size, layer.reads_ones) == (6, False)
    assert layer.init(np.random.default_rng(0)).tolist() == [1] * 6
    buffers, slope, dx = one_pass(layer, [[1.0, 0.0, -1.0]], np.arange(1.0, 7.0), [[1.0, 10.0]])
    assert buffers.y.tolist() == [[-4, -4]]
    assert slope.tolist() == [1, 10, 0, 0, -1, -10]
    assert dx.tolist() == [[21, 43, 65]]


# Activations

POINTS = [[-2.0, 0.5], [0.25, -1.0], [3.0, 0.0]]


@pytest.mark.parametrize("entry", ACTIVATIONS.values(), ids=name_of)
def test_every_activation_has_its_layer(entry):
    layer = activation_layer(
        entry, 4, {hyperparameter.name: hyperparameter.default for hyperparameter in entry.hyperparameters}
    )
    kind = LearnedActivate if entry.learned else Maxout if entry.name == "maxout" else Activate
    assert type(layer) is kind
    assert (layer.width, layer.size) == (4, 4 if entry.learned else 0)
    assert layer.values == tuple(hyperparameter.default for hyperparameter in entry.hyperparameters)
    z = np.linspace(-3.0, 3.0, 7)
    f, df = layer.curve(layer.views(layer.init(np.random.default_rng(0))), z)
    assert_same(f, entry.f(z, np.empty(7), *layer.values))
    assert_same(df, entry.df(z, f, np.empty(7), *layer.values))


def test_hyperparameters_reach_the_function():
    layer = activation_layer(ACTIVATIONS["leaky_relu"], 2, {"slope": 0.5})
    buffers, _, dx = one_pass(layer, POINTS, (), np.full((3, 2), 10.0))
    assert buffers.y.tolist() == [[-1, 0.5], [0.25, -0.5], [3, 0]]
    assert dx.tolist() == [[5, 10], [10, 5], [10, 5]]


def test_a_learned_slope_by_hand():
    layer = activation_layer(ACTIVATIONS["prelu"], 2, {"slope": 0.125})
    assert layer.init(np.random.default_rng(0)).tolist() == [0.125, 0.125]
    buffers, slope, dx = one_pass(layer, POINTS, [0.5, -2.0], [[1, 10], [100, 1000], [10000, 100000]])
    assert buffers.y.tolist() == [[-1, 0.5], [0.25, 2], [3, 0]]
    assert dx.tolist() == [[0.5, 10], [100, -2000], [10000, -200000]]
    # The sum over the samples below zero of z times what comes back.
    assert slope.tolist() == [-2, -1000]


def test_the_curve_of_a_learned_activation_is_that_of_the_mean():
    layer = activation_layer(ACTIVATIONS["prelu"], 2, {"slope": 0.25})
    f, df = layer.curve(layer.views(np.array([0.5, 1.5])), np.array([-2.0, -1.0, 1.0]))
    assert f.tolist() == [-2, -1, 1]
    assert df.tolist() == [1, 1, 1]


def test_maxout_by_hand():
    layer = activation_layer(ACTIVATIONS["maxout"], 2, {"k": 3})
    # First, second and third pieces of two units.
    x = [[1, 5, 2, 4, 0, 6], [-1, -2, -3, -1, -2, -3]]
    buffers, _, dx = one_pass(layer, x, (), [[10, 20], [30, 40]])
    assert buffers.y.tolist() == [[2, 6], [-1, -1]]
    assert dx.tolist() == [[0, 0, 10, 0, 0, 20], [30, 0, 0, 40, 0, 0]]


def test_of_equal_pieces_the_first_learns():
    layer = activation_layer(ACTIVATIONS["maxout"], 1, {"k": 4})
    _, _, dx = one_pass(layer, [[1, 2, 2, 2], [0, 0, 0, 0], [3, 4, 1, 4]], (), [[10], [20], [30]])
    assert dx.tolist() == [[0, 10, 0, 0], [20, 0, 0, 0], [0, 30, 0, 0]]


# Batch norm


def normalise(x, mode="train", running_stats=None):
    """The cell of a batch norm with gamma 1 and beta 0 after one pass."""
    x = np.array(x, dtype=float)
    layer = BatchNorm(x.shape[-1])
    in_use = (
        np.zeros((*x.shape[:-2], layer.statistics)) if running_stats is None else np.array(running_stats, dtype=float)
    )
    buffers = LayerBuffers(x, np.empty_like(x), mode, layer.extra(x.shape[:-2], x.shape[-2], float, in_use))
    layer.forward(layer.views(layer.init(np.random.default_rng(0))), buffers)
    return buffers, in_use


def test_batch_norm_gives_mean_0_and_variance_1(rng):
    buffers, _ = normalise(rng.normal(5.0, 100.0, (3, 40, 2)))
    assert_close(buffers.y.mean(axis=-2), 0.0)
    assert_close(buffers.y.var(axis=-2), 1.0, rtol=1e-7)  # epsilon against a variance of 10,000


@pytest.mark.parametrize("mode", ["train", "batch"])
def test_batch_norm_by_hand(mode):
    buffers, in_use = normalise([[1.0, 10.0], [3.0, 10.0]], mode)
    assert_same(in_use, np.array([2.0, 10.0, 1.0, 0.0]))
    assert_close(buffers.y, [[-0.9999950000374997, 0.0], [0.9999950000374997, 0.0]])


@pytest.mark.parametrize("mode", ["evaluate", "masked"])
def test_batch_norm_evaluates_with_the_running_averages(mode):
    buffers, in_use = normalise([[3.0]], mode, running_stats=[1.0, 4.0])
    assert_same(in_use, np.array([1.0, 4.0]))
    assert_close(buffers.y, [[0.9999987500023437]])


def test_before_the_activation_batch_norm_takes_the_place_of_the_bias(rng):
    """A bias would shift the mean, which batch norm takes out again; its beta shifts what is left."""
    plain, before = network_of(), network_of(batch_norm="before")
    assert before.size - plain.size == 2 * 3 - 3
    parameters, inputs = before.bind(rng.normal(size=before.size)), rng.normal(size=(50, 2))
    signal = before.forward(parameters, with_ones(inputs), before.tape("batch", (), 50)).layers[0]
    weights, gamma, beta = parameters.flat[:6].reshape(2, 3), parameters.flat[6:9], parameters.flat[9:12]
    assert_same(parameters.flat[before.bias_positions[0][:, 0]], beta)
    sums = inputs @ weights
    assert_close(signal.pre, gamma * (sums - sums.mean(axis=0)) / np.sqrt(sums.var(axis=0) + 1e-5) + beta)
    assert_close(signal.post, np.tanh(signal.pre))


def test_after_the_activation_batch_norm_leaves_the_bias(rng):
    plain, after = network_of(), network_of(batch_norm="after")
    assert after.size - plain.size == 2 * 3
    parameters, inputs = after.bind(rng.normal(size=after.size)), rng.normal(size=(50, 2))
    signal = after.forward(parameters, with_ones(inputs), after.tape("batch", (), 50)).layers[0]
    weights, bias, gamma, beta = np.split(parameters.flat[:15], [6, 9, 12])
    assert_same(parameters.flat[after.bias_positions[0][:, 0]], bias)
    assert_close(signal.pre, inputs @ weights.reshape(2, 3) + bias)
    own = np.tanh(signal.pre)
    assert_close(signal.post, gamma * (own - own.mean(axis=0)) / np.sqrt(own.var(axis=0) + 1e-5) + beta)


@pytest.mark.parametrize("place", ["before", "after"])
def test_running_averages_take_a_tenth_of_the_unbiased_variance(place, rng):
    network = network_of(batch_norm=place)
    parameters = network.bind(network.init(0))
    running_stats = network.init_statistics()
    means, variances = [0.0] * 3, [1.0] * 3
    assert_same(running_stats, np.array(means + variances))
    for batch in (2, 5, 3):
        tape = network.tape("train", (), batch)
        inputs = with_ones(rng.normal(size=(batch, 2)))
        running_stats = network.average_statistics(running_stats, network.forward(parameters, inputs, tape))
        sums = inputs[:, :2] @ parameters.flat[:6].reshape(2, 3)
        for j, block in enumerate((sums if place == "before" else np.tanh(sums)).T.tolist()):
            means[j] = 0.9 * means[j] + 0.1 * statistics.mean(block)
            variances[j] = 0.9 * variances[j] + 0.1 * statistics.variance(block)
        assert_close(running_stats, means + variances)


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_single_sample_has_no_spread(place):
    network = network_of(batch_norm=place)
    tape, parameters = network.tape("train", (), 1), network.bind(network.init(0) + 0.25)
    gradients = network.gradients(tape, ())
    network.forward(parameters, np.array([[2.0, -1.0, 1.0]]), tape)
    assert_close(tape.layers[0].pre if place == "before" else tape.layers[0].post, 0.25)
    gradients.scores[...] = 1.0
    network.backward(parameters, tape, gradients)
    first = network.blocks[0]
    assert not gradients.flat[network.slices[first.opener]].any()
    norm = first.opener + 1 if place == "before" else first.last
    gamma, beta = np.split(gradients.flat[network.slices[norm]], 2)
    assert not gamma.any()
    assert beta.all()
    running_stats = network.init_statistics()
    assert network.average_statistics(running_stats, tape) is running_stats


# What chance does: masks of units and weights, noise


def chance(kind, rate=0.4, batch_shape=(), rows=50, mode="train"):
    """A network with one layer of chance, wide enough to count in, and a tape for it."""
    choices = {
        Dropout: {"dropout": rate},
        DropConnect: {"drop_connect": rate},
        Noise: {"inputs": 8, "noise": rate},
    }[kind]
    network = network_of((8,), "linear", **choices)
    return network, network.tape(mode, batch_shape, rows)


KINDS = [Dropout, DropConnect, Noise]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def drawn(network, tape, seeds=(0,), step=0, shared=False):
    """What the layer of chance draws; of DropConnect the mask of the weights."""
    network.draw_masks(tape, seeds, step, shared)
    kinds = (Dropout, DropConnect, Noise)
    found = [c for k, c in zip(tape.chain, tape.buffers, strict=True) if isinstance(network.layers[k], kinds)]
    return getattr(found[0].extra, "mask", found[0].extra).copy()


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.95])
def test_dropout_is_inverted(rate):
    mask = drawn(*chance(Dropout, rate, rows=2500))
    kept = mask[mask > 0]
    assert_close(kept, 1 / (1 - rate))
    assert len(kept) / mask.size == pytest.approx(1 - rate, abs=4 * (rate * (1 - rate) / mask.size) ** 0.5)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.95])
def test_drop_connect_is_inverted_and_keeps_biases(rate):
    network = network_of((64,), "linear", inputs=200, drop_connect=rate)
    mask = drawn(network, network.tape("train", (), 3))
    assert mask.shape == (201, 64), "one mask for the batch"
    assert_same(mask[200], np.ones(64))
    weights = mask[:200]
    assert_close(weights[weights > 0], 1 / (1 - rate))
    assert np.mean(weights > 0) == pytest.approx(1 - rate, abs=4 * (rate * (1 - rate) / weights.size) ** 0.5)


def test_silenced_weights_do_not_learn_but_biases_do(rng):
    network, tape = chance(DropConnect, 0.5)
    mask = drawn(network, tape)
    parameters, gradients = network.bind(rng.normal(size=network.size)), network.gradients(tape, ())
    network.forward(parameters, with_ones(rng.normal(size=(50, 2))), tape)
    gradients.scores[...] = rng.normal(size=(50, 1))
    network.backward(parameters, tape, gradients)
    weights, biases = (
        gradients.flat[places[0][..., 0]] for places in (network.weight_positions, network.bias_positions)
    )
    assert_same(weights == 0, mask[:2] == 0)
    assert 0 < np.sum(weights == 0) < weights.size
    assert biases.all()


def test_drop_connect_without_a_bias_has_weights_alone_in_its_mask():
    network = network_of((8,), batch_norm="before", drop_connect=0.5)
    assert drawn(network, network.tape("train", (), 3)).shape == (2, 8)


def test_noise_has_its_deviation_and_reaches_inputs_alone(rng):
    network, tape = chance(Noise, 0.3, rows=2500)
    noise = drawn(network, tape)
    # Four standard errors of the 20,000: sigma / sqrt(n), and sigma / sqrt(2n) for the deviation.
    assert noise.mean() == pytest.approx(0.0, abs=4 * 0.3 / noise.size**0.5)
    assert noise.std() == pytest.approx(0.3, abs=4 * 0.3 / (2 * noise.size) ** 0.5)
    inputs = with_ones(rng.normal(size=(2500, 8)))
    network.forward(network.bind(network.init(0)), inputs, tape)
    dense = tape.buffers[1]
    assert_same(dense.x, with_ones(inputs[:, :8] + noise))


def test_the_gradient_goes_through_noise_as_it_is(rng):
    """In a network nothing asks for it: noise stands before all that learns."""
    dy = rng.normal(size=(5, 2))
    buffers, _, dx = one_pass(Noise(2, 0.5), np.ones((5, 2)), (), dy)
    assert_same(buffers.y, np.ones((5, 2)) + buffers.extra)
    assert_same(dx, dy)


@pytest.mark.parametrize("kind", [Dropout, DropConnect], ids=["Dropout", "DropConnect"])
def test_the_expected_output_is_that_of_evaluation(kind, rng):
    network, tape = chance(kind, 0.3, rows=4)
    parameters, inputs = network.bind(network.init(0) + 0.1), with_ones(rng.normal(size=(4, 2)))
    scores = []
    for step in range(4000):
        network.draw_masks(tape, [0], step)
        scores.append(network.forward(parameters, inputs, tape).scores.copy())
    still = network.forward(parameters, inputs, network.tape("evaluate", (), 4)).scores
    errors = np.std(scores, axis=0) / 4000**0.5
    assert np.all(np.abs(np.mean(scores, axis=0) - still) < 4 * errors)
    assert np.all(errors > 0.001), "something is dropped"


@every_kind
def test_what_is_drawn_differs_by_step_and_seed_and_repeats(kind):
    network, tape = chance(kind)
    first = drawn(network, tape, [0], 0)
    assert np.mean(first != drawn(network, tape, [0], 1)) > 0.2
    assert np.mean(first != drawn(network, tape, [1], 0)) > 0.2
    assert_same(first, drawn(network, tape, [0], 0))


@every_kind
def test_each_replica_draws_from_its_own_seed(kind):
    network, tape = chance(kind, batch_shape=(3,))
    together = drawn(network, tape, [5, 6, 7], 9)
    assert together.shape[0] == 3
    for k, seed in enumerate((5, 6, 7)):
        assert_same(together[k], drawn(*chance(kind), [seed], 9))


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.95])
def test_a_shared_mask_is_the_same_for_all_samples_but_not_for_all_units(rate):
    network = network_of((64,), "linear", dropout=rate)
    tape = network.tape("masked", (2,), 7)
    mask = drawn(network, tape, [3, 4], 1, shared=True)
    assert_same(mask, np.repeat(mask[:, :1], 7, axis=1))
    assert_close(mask[mask > 0], 1 / (1 - rate))
    assert not np.array_equal(mask[0], mask[1])
    assert np.mean(mask > 0) == pytest.approx(1 - rate, abs=4 * (rate * (1 - rate) / 128) ** 0.5)
    assert_same(mask[0, :1], drawn(network, network.tape("masked", (), 1), [3], 1, shared=True))


def test_masks_of_two_layers_are_not_the_same():
    for choices in ({"dropout": 0.5}, {"drop_connect": 0.5}):
        network = network_of((8, 8, 8), "linear", inputs=8, **choices)
        tape = network.tape("train", (), 9)
        network.draw_masks(tape, [0], 0)
        chains = zip(tape.chain, tape.buffers, strict=True)
        masks = [getattr(buffers.extra, "mask", buffers.extra)[:8] for k, buffers in chains if network.layers[k].draws]
        for first, second in ((0, 1), (0, 2), (1, 2)):
            assert np.mean(masks[first] != masks[second]) > 0.3


@every_kind
@pytest.mark.parametrize("mode", ["train", "batch", "evaluate", "masked"])
def test_chance_has_its_modes(kind, mode):
    """Masks in training and where they are asked for, noise in training; in all other modes the plain network."""
    scores = []
    for rate in (0.0, 0.9):
        network, tape = chance(kind, rate, rows=4, mode=mode)
        inputs = with_ones(np.linspace(-1, 2, 4 * network.inputs).reshape(4, -1))
        network.draw_masks(tape, [0], 0)
        scores.append(network.forward(network.bind(np.linspace(-1, 1, network.size)), inputs, tape).scores)
    at_work = mode == "train" or (mode == "masked" and kind is not Noise)
    assert np.array_equal(*scores) != at_work
    if not at_work:
        assert_same(*scores)


@every_kind
def test_the_gradient_outside_of_training_is_that_of_the_plain_network(kind):
    found = []
    for rate in (0.0, 0.9):
        network, tape = chance(kind, rate, rows=4, mode="batch")
        inputs = with_ones(np.linspace(-1, 2, 4 * network.inputs).reshape(4, -1))
        flat = np.linspace(-1, 1, network.size)
        network.draw_masks(tape, [0], 0)
        parameters, gradients = network.bind(flat), network.gradients(tape, ())
        network.forward(parameters, inputs, tape)
        gradients.scores[...] = 1.0
        found.append(network.backward(parameters, tape, gradients).flat.copy())
    assert_same(*found)
    assert found[0].any()
