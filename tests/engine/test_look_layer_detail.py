"""One layer in detail: its distribution, the curve of its activation, and what batch norm does to it."""

from dataclasses import dataclass, fields, replace

import naive
import numpy as np
import pytest
from helpers import assert_close, assert_same, name_of, one_sentence
from looking import CHANCES, passes, trained

from engine import ACTIVATIONS, Config, Network, Problem, Trainer, TrainingConfig, dense
from engine.layers import BatchNorm, Layer
from engine.look import BINS, CURVE_POINTS, QUANTITIES, FrameRequest, Viewer

EPSILON = naive.EPSILON


def curve_of(trainer, state, layer):
    request = FrameRequest(boundary=False, maps=False, histograms=False, curve=layer)
    return Viewer(trainer).look(state, request).curve


# The activation


@pytest.mark.parametrize("entry", ACTIVATIONS.values(), ids=name_of)
@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.parametrize("norm", ["off", "before"])
def test_the_curve_is_the_function_and_its_slope(entry, layer, norm):
    trainer, state = trained(activation=entry.name, batch_norm=norm, dropout=0.0)
    curve = curve_of(trainer, state, layer)
    assert curve.layer == layer
    assert curve.low < 0 < curve.high
    z = np.linspace(curve.low, curve.high, CURVE_POINTS)
    values = tuple(hyperparameter.default for hyperparameter in entry.hyperparameters)
    if entry.learned:
        places = trainer.network.slices[trainer.network.blocks[layer - 1].activate]
        assert not np.allclose(state.params[places], values[0], atol=1e-3), "something was learned"
        values = (state.params[places].mean(),)
    f = entry.f(z, np.empty_like(z), *values)
    assert_same(curve.f, f.astype(np.float32))
    assert_same(curve.df, entry.df(z, f, np.empty_like(z), *values).astype(np.float32))

    pre = passes(trainer, state)[0].layers[layer - 1].pre
    assert curve.low <= pre.min() <= pre.max() <= curve.high
    counts, _ = np.histogram(pre, BINS, (curve.low, curve.high))
    assert_same(curve.heights, (counts * 255 // counts.max()).astype(np.uint8))


def test_the_curve_has_the_layers_own_hyperparameters():
    trainer, state = trained(activation=("leaky_relu", "elu"), activation_params=({"slope": 0.5}, {"alpha": 2.0}))
    leaky, elu = (curve_of(trainer, state, layer) for layer in (1, 2))
    assert_close(leaky.f[0], 0.5 * leaky.low, rtol=1e-6)  # single precision
    assert_close(leaky.df[0], 0.5)
    assert_close(elu.df[0], 2.0 * np.exp(elu.low), rtol=1e-6)


# LayerDetails


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_a_layer_detail_is_of_the_layer_and_the_quantity_asked_for(quantity):
    trainer, state = trained(CHANCES)
    viewer = Viewer(trainer)
    found = [viewer.close_up(state, layer, quantity) for layer in (1, 2, 3)]
    # Weights: 3 x 4, 4 x 3 pieces of two, 3. Units: as many, times the training points.
    sizes = {1: (12, 4, 4), 2: (24, 6, 3), 3: (3, 1, 1)}
    for layer, layer_detail in enumerate(found, start=1):
        assert (layer_detail.layer, layer_detail.quantity) == (layer, quantity)
        weights, pieces, units = sizes[layer]
        per_point = units if quantity == "activation" else pieces
        of_weights = quantity in ("weight", "weight_gradient", "update_ratio")
        assert layer_detail.distribution.counts.sum() == (weights if of_weights else per_point * trainer.data.train)
        assert len(layer_detail.distribution.counts) == 48
        assert layer_detail.distribution.nonfinite == 0
        assert (layer_detail.curve is None) == (layer_detail.normalisation is None) == (layer == 3)
        if layer_detail.curve:
            for one, other in zip(layer_detail.curve, curve_of(trainer, state, layer), strict=True):
                assert_same(one, other)


@pytest.mark.parametrize("layer", [0, -1, 4])
def test_a_layer_that_is_not_there_is_refused(layer):
    trainer, state = trained()
    with pytest.raises(ValueError, match=one_sentence("layer must be a whole number between 1 and 3", str(layer))):
        Viewer(trainer).close_up(state, layer, "activation")


def test_an_unknown_quantity_is_refused():
    trainer, state = trained()
    with pytest.raises(ValueError, match=one_sentence("quantity", *QUANTITIES, "'nonsense'")):
        Viewer(trainer).close_up(state, 1, "nonsense")


# Batch norm


@pytest.mark.parametrize("activation", ["tanh", "prelu", "maxout"])
@pytest.mark.parametrize("placement", ["before", "after"])
def test_what_batch_norm_does(placement, activation):
    trainer, state = trained(batch_norm=placement, activation=activation, dropout=0.5, steps=40)
    viewer, (tape, _) = Viewer(trainer), passes(trainer, state)
    x, n = trainer.data.inputs[: trainer.data.train, :-1], trainer.data.train
    for layer, pieces in ((1, 4), (2, 3)):
        norm = viewer.close_up(state, layer, "weight").normalisation
        width = pieces * (2 if activation == "maxout" and placement == "before" else 1)
        signal, own = tape.layers[layer - 1], trainer.network.weight_positions[layer - 1]
        # Before the activation: the weighted sums, pieces of all units first; after it: what the activation makes.
        W = np.moveaxis(state.params[own], -1, 1).reshape(len(own), -1)
        entered = x @ W if placement == "before" else activated(trainer, state, layer, signal.pre)
        left = signal.pre if placement == "before" else signal.post
        assert_close(norm.batch_mean, entered.mean(axis=0))
        assert_close(norm.batch_std, entered.std(axis=0))
        scaled = (entered - entered.mean(axis=0)) / np.sqrt(entered.var(axis=0) + EPSILON)
        assert_close(norm.gamma * scaled + norm.beta, left)
        assert norm.gamma.shape == norm.beta.shape == norm.running_mean.shape == (width,)
        for found, values in ((norm.before, entered), (norm.after, left)):
            counts, _ = np.histogram(values, BINS, (found.low, found.high))
            assert found.counts.sum() == n * width
            assert np.abs(np.cumsum(found.counts) - np.cumsum(counts)).max() <= 1
            assert_close([found.mean, found.std], [values.mean(), values.std()], atol=1e-7)
        x = signal.post


def activated(trainer, state, layer, pre):
    """What the activation makes of pre-activations."""
    name = trainer.config.activation[layer - 1]
    if name == "maxout":
        return np.maximum(*np.split(pre, 2, axis=1))
    if name == "tanh":
        return np.tanh(pre)
    own = state.params[trainer.network.slices[trainer.network.blocks[layer - 1].activate]]
    return np.maximum(pre, 0) + own * np.minimum(pre, 0)


def test_running_averages_are_those_of_the_state_and_lag_behind_the_batch():
    trainer, state = trained(batch_norm=True, dropout=0.0, steps=3)
    viewer = Viewer(trainer)
    first, second = (viewer.close_up(state, layer, "weight").normalisation for layer in (1, 2))
    # Means then variances, of 4 units and then of 3.
    parts = np.split(state.running_stats, [4, 8, 11])
    assert_close(first.running_mean, parts[0])
    assert_close(first.running_std, np.sqrt(parts[1]))
    assert_close(second.running_mean, parts[2])
    assert_close(second.running_std, np.sqrt(parts[3]))
    # Three steps of 0.1 towards the batches' variance: the rest is still the 1 of the beginning.
    assert_close(second.running_std**2, 0.9**3 + (1 - 0.9**3) * second.batch_std**2, rtol=0.3)
    moved = viewer.close_up(replace(state, running_stats=2.0 * state.running_stats), 1, "weight").normalisation
    assert_close(moved.running_mean, 2.0 * first.running_mean)
    assert_same(moved.batch_mean, first.batch_mean)


def test_without_batch_norm_there_is_nothing_to_tell_of_it():
    trainer, state = trained(batch_norm=(True, False), dropout=0.5)
    viewer = Viewer(trainer)
    found = [viewer.close_up(state, layer, "activation").normalisation is None for layer in (1, 2, 3)]
    assert found == [False, True, True]


def test_a_unit_without_spread_is_normalised_to_its_shift():
    trainer, state = trained(hidden=(3,), batch_norm=True, dropout=0.0)
    params = state.params.copy()
    params[trainer.network.weight_positions[0][:, 1].ravel()] = 0.0
    norm = Viewer(trainer).close_up(replace(state, params=params), 1, "pre_activation").normalisation
    assert (norm.batch_mean[1], norm.batch_std[1]) == (0.0, 0.0)
    assert norm.after.low <= norm.beta[1] <= norm.after.high


@dataclass(frozen=True, slots=True)
class OwnNorm(Layer):
    """Batch norm, but none of the engine's own layers."""

    EPSILON, RATE = BatchNorm.EPSILON, BatchNorm.RATE
    takes, groups, init, views, extra = (
        BatchNorm.takes, BatchNorm.groups, BatchNorm.init, BatchNorm.views, BatchNorm.extra
    )  # fmt: skip
    statistics, init_statistics, statistic_rate = (
        BatchNorm.statistics, BatchNorm.init_statistics, BatchNorm.statistic_rate
    )  # fmt: skip
    unbiased, scale_and_shift = BatchNorm.unbiased, BatchNorm.scale_and_shift
    forward, backward = BatchNorm.forward, BatchNorm.backward


def test_a_layer_of_ones_own_that_normalises_is_seen_as_one():
    data = Trainer(Config(samples=40)).data
    details = []
    for norm in (BatchNorm, OwnNorm):
        network = Network(2, [dense(4, 2), norm(4), dense(1, 4)])
        trainer = Trainer(TrainingConfig(), problem=Problem.of(data, network))
        state = trainer.run(trainer.init(), 20)
        details.append(Viewer(trainer).close_up(state, 1, "activation").normalisation)
    for field in fields(details[0]):
        one, other = (getattr(detail, field.name) for detail in details)
        assert_same(*(part.heights if field.name in ("before", "after") else part for part in (one, other)))
