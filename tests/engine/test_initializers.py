import math
from itertools import product

import numpy as np
import pytest
from helpers import assert_close, assert_same, case, name_of

from engine import (
    ACTIVATIONS,
    BIAS_INITIALIZERS,
    INITIALIZERS,
    Config,
    HiddenLayer,
    Initialization,
    Trainer,
    dense_stack,
)
from engine.arrays import with_ones
from engine.streams import Purpose, stream

ENTRIES = [*INITIALIZERS.values(), *BIAS_INITIALIZERS.values()]
every = pytest.mark.parametrize("entry", ENTRIES, ids=name_of)
every_adapting = pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.adapt], ids=name_of)
TANH = ACTIVATIONS["tanh"]


def hyperparameters_of(entry, **chosen):
    return {hyperparameter.name: hyperparameter.default for hyperparameter in entry.hyperparameters} | chosen


def draw(entry, rng, shape, activation=TANH, **chosen):
    return entry.sample(rng, *shape, activation, hyperparameters_of(entry, **chosen))


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if not entry.adapt], ids=name_of)
@pytest.mark.parametrize("shape", [(2, 8), (8, 3), (1, 1), (64, 64)], ids=str)
def test_moments(entry, shape, rng):
    calls = min(1 + 100_000 // (shape[0] * shape[1]), 2_000)
    draws = np.stack([draw(entry, rng, shape) for _ in range(calls)])
    assert draws.shape[1:] == shape
    spread = entry.variance(*shape, TANH, hyperparameters_of(entry)) ** 0.5
    if spread == 0.0:
        assert np.ptp(draws, axis=0).max() == 0.0, "every draw is the same"
        return
    # n draws: the mean is known to spread/sqrt(n) and the variance to a share of sqrt(2/n); four times that is allowed.
    assert abs(draws.mean()) <= 4 * spread / draws.size**0.5
    assert draws.var() == pytest.approx(spread**2, rel=4 * (2 / draws.size) ** 0.5)


@every
def test_the_generator_decides(entry):
    first, again = (draw(entry, stream(3, Purpose.WEIGHTS), (4, 5)) for _ in range(2))
    assert_same(first, again)


@every
def test_every_hyperparameter_works_at_its_bounds(entry, rng):
    for end, shape in product(("low", "high"), ((1, 1), (1, 64), (64, 1))):
        bounds = {hyperparameter.name: getattr(hyperparameter, end) for hyperparameter in entry.hyperparameters}
        with case(end, shape):
            weights = draw(entry, rng, shape, **bounds)
            assert weights.shape == shape
            assert weights.dtype == np.float64
            assert np.isfinite(weights).all()


@pytest.mark.parametrize(
    ("name", "chosen", "variance"),
    [
        ("zeros", {}, 0.0), ("constant", {"value": 3.0}, 0.0), ("identity", {"gain": 2.0}, 0.0),
        ("small_normal", {}, 1e-4),
        ("small_normal", {"spread": 0.5}, 0.25), ("uniform", {"edge": 0.6}, 0.12), ("lecun_normal", {}, 0.25),
        ("xavier_normal", {}, 0.2), ("xavier_uniform", {}, 0.2), ("he_normal", {}, 0.5), ("he_uniform", {}, 0.5),
        ("orthogonal", {}, 1 / 6), ("orthogonal", {"gain": 3.0}, 1.5),
    ],
)  # fmt: skip
def test_known_variances(name, chosen, variance):
    entry = INITIALIZERS[name]
    assert_close(entry.variance(4, 6, TANH, hyperparameters_of(entry, **chosen)), variance)


@pytest.mark.parametrize(
    ("registry", "name", "chosen", "value"),
    [
        (INITIALIZERS, "zeros", {}, 0.0),
        (INITIALIZERS, "constant", {"value": -2.5}, -2.5),
        (BIAS_INITIALIZERS, "zeros", {}, 0.0),
        (BIAS_INITIALIZERS, "constant", {}, 0.1),
        (BIAS_INITIALIZERS, "constant", {"value": -2.5}, -2.5),
    ],
)
def test_constants(registry, name, chosen, value, rng):
    assert_same(draw(registry[name], rng, (1, 4), **chosen), np.full((1, 4), value))


@pytest.mark.parametrize(("name", "edge"), [("uniform", 0.5), ("xavier_uniform", 0.1), ("he_uniform", 0.02**0.5)])
def test_uniform_fills_its_interval_and_no_more(name, edge, rng):
    draws = draw(INITIALIZERS[name], rng, (300, 300))
    assert 0.999 * edge < np.abs(draws).max() <= edge
    assert np.abs(np.histogram(draws, 10, (-edge, edge))[0] - 9000).max() < 500


# Orthogonal


@pytest.mark.parametrize("shape", [(5, 5), (7, 3), (3, 7), (1, 4), (4, 1), (1, 1)], ids=str)
@pytest.mark.parametrize("gain", [1.0, 2.5])
def test_orthogonal_rows_or_columns(shape, gain, rng):
    weights = draw(INITIALIZERS["orthogonal"], rng, shape, gain=gain)
    tall = weights if shape[0] >= shape[1] else weights.T
    assert_close(tall.T @ tall, gain**2 * np.eye(min(shape)))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_orthogonal_is_uniform_over_the_orthogonal_matrices(size, rng):
    """There the trace has mean 0 and variance 1, as a sum over irreducible representations. QR alone would not do."""
    traces = np.array([np.trace(draw(INITIALIZERS["orthogonal"], rng, (size, size))) for _ in range(5000)])
    # Four standard errors: 1/71 for the mean, and at most sqrt(2)/71 for the mean square.
    assert abs(traces.mean()) < 4 / 71
    assert abs(np.mean(traces**2) - 1) < 4 * 2**0.5 / 71


def test_orthogonal_has_both_orientations(rng):
    turns = [np.linalg.det(draw(INITIALIZERS["orthogonal"], rng, (3, 3))) > 0 for _ in range(1000)]
    assert abs(np.mean(turns) - 0.5) < 4 * 0.5 / 1000**0.5


# Identity


@pytest.mark.parametrize(
    ("shape", "matrix"),
    [
        ((3, 3), [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
        ((2, 4), [[1, 0, 0, 0], [0, 1, 0, 0]]),
        ((3, 1), [[1], [0], [0]]),
        ((1, 1), [[1]]),
    ],
    ids=str,
)
@pytest.mark.parametrize("gain", [1.0, 1.2, 0.0])
def test_identity_by_hand(shape, matrix, gain, rng):
    assert_same(draw(INITIALIZERS["identity"], rng, shape, gain=gain), gain * np.array(matrix, dtype=float))


@pytest.mark.parametrize(("fan_in", "units"), [(3, 3), (2, 4), (3, 2)], ids=str)
def test_identity_gives_both_pieces_of_maxout_the_same(fan_in, units, rng):
    weights = draw(INITIALIZERS["identity"], rng, (fan_in, 2 * units), ACTIVATIONS["maxout"], gain=1.5)
    assert_same(weights, 1.5 * np.hstack([np.eye(fan_in, units)] * 2))


def test_a_deep_linear_network_of_identities_passes_its_inputs_on(rng):
    network = dense_stack(2, [HiddenLayer(4, "linear")] * 9, 2, Initialization("identity", {"gain": 1.0}))
    inputs = with_ones(rng.normal(size=(5, 2)))
    tape = network.forward(network.bind(network.init(0)), inputs, network.tape("evaluate", (), 5))
    assert_same(tape.scores.copy(), inputs[:, :2].copy())


# Random walk

# Worked by hand: g^2/n with g = exp(1/(2n)) for linear, sqrt(2) exp(1.2/(max(n, 6) - 2.4)) for ReLU, and
# (5/3) exp(1/(2n)) for tanh.
WALKS = [
    ("linear", 4, math.exp(0.25) / 4),
    ("linear", 1, math.exp(1.0)),
    ("relu", 6, 2 * math.exp(2 / 3) / 6),
    ("relu", 2, 2 * math.exp(2 / 3) / 2),
    ("relu", 12, 2 * math.exp(0.25) / 12),
    ("tanh", 4, 25 / 9 * math.exp(0.25) / 4),
]


@pytest.mark.parametrize(("activation", "fan_in", "variance"), WALKS)
def test_random_walk_by_hand(activation, fan_in, variance):
    assert_close(INITIALIZERS["random_walk"].variance(fan_in, 9, ACTIVATIONS[activation], {}), variance)


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=name_of)
def test_random_walk_knows_every_activation_and_widens_narrow_layers_more(activation, rng):
    entry = INITIALIZERS["random_walk"]
    narrow, wide, endless = (n * entry.variance(n, n, activation, {}) for n in (8, 16, 10**9))
    assert narrow > wide > endless
    assert_close(endless, activation.gain**2, rtol=1e-8)  # in theory, and 1/n of it is left at a billion
    assert np.isfinite(draw(entry, rng, (1, 3), activation)).all()


def test_random_walk_keeps_the_log_of_a_linear_signal_where_lecun_lets_it_drift(rng):
    """The claim of the paper: without the gain the mean of log |Wx|^2/|x|^2 is about -1/n."""
    n, x = 10, np.full(10, 10**-0.5)
    drift = {}
    for name in ("random_walk", "lecun_normal"):
        walks = [draw(INITIALIZERS[name], rng, (n, n), ACTIVATIONS["linear"]) for _ in range(20_000)]
        drift[name] = np.mean(np.log(np.sum((x @ np.array(walks)) ** 2, axis=-1)))
    # One log has a deviation of about sqrt(2/n), so the mean of 20,000 is known to 0.0032; the gain leaves 1/(3 n^2).
    assert drift["random_walk"] == pytest.approx(0.0, abs=0.015)
    assert drift["lecun_normal"] == pytest.approx(-1 / n, abs=0.015)


# Those that look at the data


def layer(entry, rng, rows=50, shape=(6, 4)):
    """Inputs, weights and biases of a layer; the inputs are far from standardised."""
    inputs = rng.normal(rng.normal(0.0, 3.0, shape[0]), rng.uniform(0.1, 5.0, shape[0]), (rows, shape[0]))
    return inputs, draw(entry, rng, shape), rng.normal(size=shape[1])


@every_adapting
@pytest.mark.parametrize("biased", [False, True])
def test_pre_activations_have_unit_variance_after_one_adaptation(entry, biased, rng):
    inputs, weights, bias = layer(entry, rng)
    bias *= biased
    z = inputs @ weights + bias
    before = z.copy()
    scale, shift = entry.adapt(z)
    adapted = inputs @ (weights * scale) + (bias * scale + shift)
    assert_close(adapted.std(), 1.0)
    assert_same(z, before)
    again, still = entry.adapt(adapted)
    assert_close(again, 1.0)
    assert_close(still, 0.0)


@every_adapting
def test_what_is_drawn_before_data_are_seen_is_of_usual_size(entry, rng):
    assert entry.variance(60, 50, TANH, hyperparameters_of(entry)) is None
    assert draw(entry, rng, (60, 50)).var() == pytest.approx(1 / 60, rel=0.2)


def test_lsuv_scales_an_orthogonal_layer_as_a_whole(rng):
    inputs, weights, _ = layer(INITIALIZERS["lsuv"], rng)
    scale, shift = INITIALIZERS["lsuv"].adapt(inputs @ weights)
    assert shift == 0.0
    assert_close((weights * scale).T @ (weights * scale), scale**2 * np.eye(4))
    assert INITIALIZERS["lsuv"].adapt(np.array([[1.0, 3.0], [5.0, 7.0]]))[0] == pytest.approx(5**-0.5)


def test_data_dependent_normalises_every_unit(rng):
    inputs, weights, bias = layer(INITIALIZERS["data_dependent"], rng)
    scale, shift = INITIALIZERS["data_dependent"].adapt(inputs @ weights + bias)
    adapted = inputs @ (weights * scale) + (bias * scale + shift)
    assert_close(adapted.mean(axis=0), 0.0)
    assert_close(adapted.var(axis=0), 1.0)
    # By hand: (1, 5) has mean 3 and deviation 2, (2, 2) does not vary.
    scale, shift = INITIALIZERS["data_dependent"].adapt(np.array([[1.0, 2.0], [5.0, 2.0]]))
    assert_close([scale, shift], [[0.5, 1.0], [-1.5, -2.0]])


@every_adapting
@pytest.mark.parametrize("rows", [1, 3, 50])
@pytest.mark.parametrize("value", [0.0, 0.1, -1e6 - 0.1])
def test_a_signal_that_does_not_vary_is_not_blown_up(entry, rows, value):
    scale, shift = entry.adapt(np.full((rows, 3), value))
    assert_same(np.broadcast_to(scale, 3), np.ones(3))
    assert np.isfinite(shift).all()


@pytest.mark.parametrize("name", ["lsuv", "data_dependent"])
def test_starts_from_the_data_use_all_training_points(name):
    trainer = Trainer(Config(dataset="spiral", samples=3000, train_fraction=1, hidden=(6, 4), initializer=name))
    tape = trainer.forward(trainer.init().params, np.zeros(0), trainer.data.inputs)
    spread = tape.buffers[0].y
    assert_close(np.var(spread) if name == "lsuv" else np.var(spread, axis=0), 1.0)
