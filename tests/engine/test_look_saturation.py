"""Saturation: saturated values, dead units, and how signal and gradient fare through depth."""

from dataclasses import replace

import naive
import numpy as np
import pytest
from helpers import assert_close, assert_same
from looking import CHANCES, NUMBERS, passes, trained

from engine import ACTIVATIONS, PLACEMENTS, Config, Trainer
from engine.look import FrameRequest, Viewer
from engine.look.layer_snapshot import LEAST_ROWS, Sampler

PROFILE = FrameRequest(boundary=False, maps=False, histograms=False, profile=True)
JUDGED = [name for name, entry in ACTIVATIONS.items() if name not in ("maxout", "step")]
"""Activations with one slope for each value."""


def saturation(trainer, state):
    return Viewer(trainer).look(state, NUMBERS).saturation


def edited(state, *changes):
    """The State with numbers of its flat vector replaced: pairs of position or positions, and value."""
    params = state.params.copy()
    for place, value in changes:
        params[place] = value
    return replace(state, params=params)


# Saturated values


def values_of(trainer, state, layer):
    """Of each hidden unit the hyperparameters of its activation."""
    entry, block = ACTIVATIONS[trainer.config.activation[layer]], trainer.network.blocks[layer]
    if entry.learned:
        return [(float(own),) for own in state.params[trainer.network.slices[block.activate]]]
    return [tuple(hyperparameter.default for hyperparameter in entry.hyperparameters)] * block.units


@pytest.mark.parametrize("norm", PLACEMENTS)
@pytest.mark.parametrize("name", JUDGED)
def test_the_share_of_saturated_values_is_counted(name, norm):
    trainer, state = trained(activation=name, batch_norm=norm, dropout=0.0)
    # Weights, or the scales of batch norm, so large that there is something to count.
    state = edited(state, (slice(None), 7.0 * state.params))
    found, tape = saturation(trainer, state)[:, 0], passes(trainer, state)[0]
    assert np.isnan(found[[0, -1]]).all()
    entry, df = ACTIVATIONS[name], naive.FUNCTIONS[name][1]
    defaults = tuple(hyperparameter.default for hyperparameter in entry.hyperparameters)
    steepest = max(abs(df(z / 100, *defaults)) for z in range(-1000, 1001))
    for layer, share in enumerate(found[1:-1]):
        slopes = np.array(
            [
                [df(z, *own) for z, own in zip(row, values_of(trainer, state, layer), strict=True)]
                for row in tape.layers[layer].pre.tolist()
            ]
        )
        assert share == np.float32(np.mean(np.abs(slopes) < 0.01 * steepest))
    if name not in ("linear", "leaky_relu", "prelu"):
        assert 0.05 < found[1:-1].max() <= 1


@pytest.mark.parametrize("name", ["maxout", "step"])
def test_saturation_of_what_has_no_slope_of_its_own_is_not_told(name):
    trainer, state = trained(activation=name)
    assert np.isnan(saturation(trainer, state)[:, 0]).all()
    assert np.isnan(Viewer(trainer).thresholds).all()


def threshold(name, hyperparameters=None):
    trainer = Trainer(Config(dataset="circle", hidden=(4,), activation=name, activation_params=hyperparameters or {}))
    found = Viewer(trainer).thresholds
    assert np.isnan(found[[0, 2]]).all()
    return found[1]


def test_a_layer_is_in_trouble_halfway_from_the_usual_share_to_all():
    assert abs(threshold("relu") - 0.75) < 0.002
    assert abs(threshold("leaky_relu", {"slope": 0.0}) - 0.75) < 0.002
    # 1 - tanh(z)^2 is below 0.01 from |z| = 2.993 on: 0.28 % of a standard normal distribution.
    assert abs(threshold("tanh") - 0.5014) < 0.002
    # s(1 - s) is below a hundredth of a quarter from |z| = 5.98 on.
    assert threshold("sigmoid") == 0.5
    for never in ("linear", "leaky_relu", "prelu", "softplus"):
        assert threshold(never) == 0.5
    for name in JUDGED:
        assert 0.5 <= threshold(name) < 0.76


def test_the_learned_slope_decides_not_the_first_one():
    trainer, state = trained({"hidden": (3,), "activation": "prelu", "samples": 40})
    learned = trainer.network.slices[trainer.network.blocks[0].activate]
    assert saturation(trainer, state)[1, 0] == 0
    state = edited(state, (learned, 0.005))
    assert saturation(trainer, state)[1, 0] == np.float32(np.mean(passes(trainer, state)[0].layers[0].pre <= 0))


def test_saturated_values_of_huge_weights():
    trainer, state = trained({"hidden": (4, 3), "activation": ("tanh", "relu"), "samples": 40})
    found = saturation(trainer, edited(state, (slice(None), 1e200 * state.params)))
    assert found[1, 0] == 1
    assert np.isfinite(found[1:-1]).all()


# Dead units


def silent(trainer, state):
    """Of each hidden layer the share of units that no training point gives a gradient to, one point at a time."""
    data, network = trainer.data, trainer.network
    tape, bound = network.tape("batch", (), 1), network.bind(state.params)
    gradients, alive = network.gradients(tape, ()), [np.zeros(block.units, bool) for block in network.blocks[:-1]]
    for k in range(data.train):
        point = slice(k, k + 1)
        trainer.objective.gradient(bound, data.inputs[point], data.targets[point], tape, gradients)
        for units, slope, block in zip(alive, gradients.layers, network.blocks, strict=False):
            units |= (slope.pre != 0).reshape(block.pieces, block.units).any(axis=0)
    return [np.float32(np.mean(~units)) for units in alive]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("activation", ["relu", "maxout", "step"])
def test_a_unit_is_dead_when_no_point_gives_it_a_gradient(seed, activation):
    trainer = Trainer(
        Config(
            dataset="circle",
            hidden=(12, 12, 6),
            activation=activation,
            samples=40,
            seed=seed,
            bias_initializer="constant",
            bias_initializer_params={"value": -0.3},
        )
    )
    state = trainer.init()
    found = saturation(trainer, state)[1:-1, 1]
    assert_same(found, np.array(silent(trainer, state)))
    if activation == "relu":
        assert 0 < found.max() < 1


def test_in_a_network_of_zeros_all_units_are_dead():
    trainer = Trainer(Config(dataset="circle", hidden=(4, 3), initializer="zeros"))
    found = saturation(trainer, trainer.init())
    assert found[1:-1].tolist() == [[0, 1], [0, 1]], "no value of tanh is saturated at 0"
    assert np.isnan(found[[0, -1]]).all()


@pytest.mark.parametrize("norm", PLACEMENTS)
def test_with_batch_norm_dead_is_what_the_activation_lets_nothing_through_of(norm):
    trainer, state = trained(activation="relu", batch_norm=norm, dropout=0.0)
    found = saturation(trainer, edited(state, (trainer.network.bias_position(1, 2), -100.0)))
    assert found[1, 1] == saturation(trainer, state)[1, 1] + 0.25


def test_a_dropped_unit_is_not_dead():
    trainer, state = trained(CHANCES)
    assert saturation(trainer, state)[1:-1, 1].tolist() == [0, 0]


def late_corner(inputs, first):
    """A direction in which one point behind the ``first`` is farthest; its distance there, and the runner-up's."""
    for angle in np.linspace(0, 2 * np.pi, 60):
        along = inputs @ [np.cos(angle), np.sin(angle)]
        if along.argmax() >= first:
            runner_up, top = np.sort(along)[-2:]
            if top - runner_up > 1e-3:
                return np.array([np.cos(angle), np.sin(angle)]), runner_up, top
    raise AssertionError("no such point")


def test_a_unit_that_a_single_late_point_keeps_alive_is_not_dead():
    """Of the largest network a LayerSnapshot shows 64 training points; the last LayerSnapshot overlaps the one
    before."""
    trainer = Trainer(
        Config(
            dataset="circle",
            hidden=(64,) * 50,
            activation=("relu", *["linear"] * 49),
            initializer="orthogonal",
            samples=300,
        )
    )
    sampler, train = Sampler(trainer), trainer.data.train
    assert sampler.rows == LEAST_ROWS < train == 150
    seen = [row for start in sampler.starts() for row in range(start, start + sampler.rows)]
    assert set(seen) == set(range(train))
    direction, runner_up, top = late_corner(trainer.data.inputs[:train, :2], 2 * LEAST_ROWS)
    network, alive, dead = trainer.network, 5, 6
    changes = [(network.bias_position(1, unit), 100.0) for unit in range(64)]
    for unit, bias in [(alive, -(runner_up + top) / 2), (dead, -top - 1e-6)]:
        changes.append((network.bias_position(1, unit), bias))
        changes += [(network.weight_position(1, k, unit), direction[k]) for k in range(2)]
    state = edited(trainer.init(), *changes)
    post = passes(trainer, state)[0].layers[0].post
    assert (np.count_nonzero(post[:, alive]), post[:, dead].any()) == (1, False)
    found = Viewer(trainer, grid=4, tile=2).look(state, NUMBERS).saturation
    assert found[1, 1] == 1 / 64
    assert not found[2:-1, 1].any()


# Signal and gradient


@pytest.mark.parametrize("choices", [{}, {"dataset": "blobs3"}, {"dataset": "multi_gauss"}, {"activation": "maxout"}])
def test_the_profile_is_the_spread_of_signals_and_the_size_of_gradients(choices):
    trainer, state = trained(**choices)
    found, (tape, gradients) = Viewer(trainer).look(state, PROFILE).profile, passes(trainer, state)
    n = trainer.data.train
    assert np.isnan(found[0, 1])
    assert_close(found[0, 0], np.std(trainer.data.inputs[:n, :-1]))
    assert_close(found[1:, 0], [np.std(signal.post) for signal in tape.layers])
    norms = [[np.linalg.norm(n * row) for row in slope.pre] for slope in gradients.layers]
    assert_close(found[1:, 1], [np.mean(np.square(own)) ** 0.5 for own in norms])


def test_orthogonal_layers_keep_the_signal_and_the_gradient():
    """Of a square orthogonal matrix times a gain g, over k layers: g^k forward, and as much backward."""
    for gain in (1.0, 1.1, 0.8):
        trainer = Trainer(
            Config(
                dataset="circle",
                hidden=(2,) * 20,
                activation="linear",
                initializer="orthogonal",
                preprocessing="standardise",
            )
        )
        state = trainer.init()
        weights = np.concatenate([own.ravel() for own in trainer.network.weight_positions[1:-1]])
        found = Viewer(trainer).look(edited(state, (weights, gain * state.params[weights])), PROFILE).profile
        assert_close(found[0, 0], 1.0)
        assert_close(found[2:-1, 0] / found[1:-2, 0], gain)
        assert_close(found[1:-2, 1] / found[2:-1, 1], gain)


def test_the_profile_of_vast_weights_is_not_finite_but_warns_of_nothing():
    trainer, state = trained({"hidden": (4, 3), "activation": "relu", "samples": 40})
    found = Viewer(trainer).look(edited(state, (slice(None), 1e200 * state.params)), PROFILE).profile
    assert not np.isfinite(found[2, 0])
    assert np.isfinite(found[0, 0])
