"""The lectures' claims about depth, first weights, activations, batch norm, dropout and the first loss, measured.

Each is measured where the page shows it: in the prepared experiments. Where a measurement disagrees with the lectures,
a comment says so, and so does what the experiment asks a person to notice.
"""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_close, assert_same, name_of

from engine import ACTIVATIONS, EXPERIMENTS, Config, HiddenLayer, Initialization, Trainer, dense_stack
from engine.layers import BatchNorm, LayerBuffers

SEEDS = range(6)
"""Of the first weights; 0 is the page's."""
LAYERS = 10
DIVERGING = {"linear_growth", "high_rate"}
CLAIMS = {1, 2, 3, 4, 5, 7, 9, 10, 19}


def trainer_of(name, **changes):
    return Trainer(Config(**{**EXPERIMENTS[name].choices, **changes}))


def begun(name, seeds=SEEDS, **changes):
    trainer = trainer_of(name, **changes)
    return trainer, trainer.init(seeds)


def trained(name, steps, seeds=SEEDS, **changes):
    trainer, state = begun(name, seeds, **changes)
    return trainer, trainer.run(state, steps)


def signals(name, state=None, **changes):
    """Tape and gradients of all training points as one batch; the first passes if there is no State."""
    trainer, first = begun(name, **changes, batch_size="all")
    return trainer.inspect(first if state is None else replace(state, cursor=0))


def hidden(name):
    """The outputs of the hidden layers at the start, each (seeds, points, units)."""
    return [signal.post for signal in signals(name)[0].layers[:-1]]


def spread(values):
    """For each seed."""
    return values.std(axis=(-1, -2))


def size(values):
    """Root mean square, for each seed."""
    return np.sqrt(np.square(values).mean(axis=(-1, -2)))


def says(name, *measured):
    """Whether what a person is asked to notice has these numbers."""
    return all(number in EXPERIMENTS[name].notice for number in measured)


# Claim 1: weights that are all the same


@pytest.mark.parametrize("name", ["zero_weights", "constant_weights"])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_units_that_begin_alike_stay_alike(name, activation):
    _, state = trained(name, 300, None, activation=activation)
    tape, _ = signals(name, state, activation=activation)
    for signal in tape.layers[:-1]:
        assert_same(signal.post, np.repeat(signal.post[..., :1], 4, axis=-1))


@pytest.mark.parametrize("seed", SEEDS)
def test_all_zero_weights_never_move_and_the_output_becomes_the_share_of_a_class(seed):
    # The lectures say that the output stays at 0.5. It does for balanced classes; else the output's bias learns their
    # share, 0.468 to 0.508 here.
    trainer = trainer_of("zero_weights", seed=seed)
    first = trainer.init()
    assert_same(trainer.predict(first, trainer.data.points), np.full((500, 1), 0.5))
    state = trainer.run(first, 1000)
    weights = trainer.network.is_weight > 0
    assert_same(state.params[weights], np.zeros(weights.sum()))
    share = trainer.data.labels[: trainer.data.train].mean()
    assert_close(trainer.predict(state, trainer.data.points), np.full((500, 1), share), rtol=1e-6)
    assert says("zero_weights", "0.5", "0.49")
    assert seed or round(share, 2) == 0.49


def test_constant_weights_are_no_better_than_one_unit_in_each_layer():
    # They do learn, against "no better than zeros": as much as one unit can, two of three points.
    accuracy = {
        (start, units): float(trainer.evaluate(state).train_accuracy)
        for start in ("constant", "xavier_normal")
        for units in (1, 4)
        for trainer, state in [
            trained("constant_weights", 1000, None, initializer=start, initializer_params={}, hidden=[units] * 2)
        ]
    }
    assert accuracy["constant", 4] == pytest.approx(accuracy["constant", 1], abs=0.05)
    assert 0.6 < accuracy["constant", 4] < 0.75
    assert accuracy["xavier_normal", 4] == 1
    assert says("constant_weights", f"{accuracy['constant', 4]:.0%}")


# Claims 2 and 3: the spread of the signal in depth


def test_small_weights_let_the_signal_of_deep_tanh_layers_collapse():
    outputs = hidden("deep_tanh_small")
    kept = spread(outputs[-1]) / spread(outputs[0])
    assert np.all(kept < 1e-8)
    # Where tanh is nearly the identity a layer keeps deviation times root of units: 0.01 * 8.
    assert_close((kept ** (1 / (LAYERS - 1))).mean(), 0.08, rtol=0.03)
    assert np.all((kept > 5e-11) & (kept < 5e-10))
    assert says("deep_tanh_small", "8%", "ten-billionth")


def test_large_weights_saturate_deep_tanh_layers():
    tape, gradients = signals("deep_tanh_large")
    # Saturated: with a slope below 1 % of the steepest.
    flat = np.array([(1 - np.square(signal.post) < 0.01).mean(axis=(-1, -2)) for signal in tape.layers[:-1]])
    assert np.all((flat[1:] > 0.5) & (flat[1:] < 0.75))
    # For all that the gradient does not vanish: large weights make more of it than flat slopes take away.
    first, last = (size(gradients.layers[place].pre) for place in (0, LAYERS - 1))
    assert np.all(first > 1000 * last)
    assert says("deep_tanh_large", "more than half", "3600 times")
    assert (first / last)[0] == pytest.approx(3600, rel=0.02)


def test_xavier_keeps_the_spread_of_deep_tanh_layers():
    # Not quite: tanh bends the signal a little in each layer. A third to a half of the spread is left at layer 10.
    outputs = hidden("deep_tanh_xavier")
    kept = spread(outputs[-1]) / spread(outputs[0])
    assert np.all((kept > 1 / 3) & (kept < 1))
    assert says("deep_tanh_xavier", f"{kept[0]:.0%}")


def test_only_with_xavier_do_deep_tanh_layers_learn():
    names = ("deep_tanh_small", "deep_tanh_large", "deep_tanh_xavier")
    small, large, xavier = (run[0].evaluate(run[1]).train_loss for run in (trained(name, 200) for name in names))
    assert np.all(small > 0.68)
    assert np.all(large > 0.5)
    assert np.all(xavier < 0.3)


def test_with_relu_xavier_halves_the_signal_of_each_layer_and_he_keeps_it():
    # What is halved is the mean square; the size falls to 0.71.
    kept = {
        name: size(outputs[-1]) / size(outputs[0])
        for name in ("deep_relu_xavier", "deep_relu_he")
        for outputs in [hidden(name)]
    }
    a_layer = {name: (ratio ** (2 / (LAYERS - 1))).mean() for name, ratio in kept.items()}
    assert a_layer["deep_relu_xavier"] == pytest.approx(0.5, rel=0.05)
    assert a_layer["deep_relu_he"] == pytest.approx(1, rel=0.05)
    assert np.all((kept["deep_relu_xavier"] > 0.02) & (kept["deep_relu_xavier"] < 0.1))
    assert np.all((kept["deep_relu_he"] > 0.5) & (kept["deep_relu_he"] < 2))
    for name, ratio in kept.items():
        assert says(name, f"{ratio[0]:.0%}")


def test_with_relu_ten_layers_learn_from_xavier_weights_too():
    # What is lost of the signal does not yet keep ten layers from learning.
    for name in ("deep_relu_xavier", "deep_relu_he"):
        trainer, state = trained(name, 200)
        assert np.all(trainer.evaluate(state).train_accuracy > 0.8)


# Claim 4: linear layers multiply


@pytest.mark.parametrize(("name", "gain", "said"), [("linear_growth", 1.2, "9100"), ("linear_decay", 0.5, "9e-16")])
def test_linear_layers_multiply_signal_and_gradient(name, gain, said):
    tape, gradients = signals(name)
    inputs = tape.layers[0].post / gain
    for place, (signal, slope) in enumerate(zip(tape.layers[:-1], gradients.layers, strict=False), start=1):
        assert_close(signal.post, inputs * gain**place, atol=0)
        assert_close(slope.pre, gradients.scores * gain ** (51 - place), atol=0)
    assert says(name, said)
    assert gain**50 == pytest.approx(float(said), rel=0.02)


@pytest.mark.parametrize(("gain", "product"), [(1.2, 6.859e15), (0.5, 6.223e-61)])
def test_two_hundred_linear_layers_give_gradients_of_the_two_hundredth_power(gain, product):
    network = dense_stack(2, [HiddenLayer(8, "linear")] * 200, 1, Initialization("identity", {"gain": gain}))
    parameters = network.bind(network.init(0))
    tape = network.forward(parameters, np.array([[1.0, 1.0, 1.0]]), network.tape("train", (), 1))
    gradients = network.gradients(tape, ())
    gradients.scores[...] = 1.0
    network.backward(parameters, tape, gradients)
    gradient = gradients.layers[0].pre[0, 0]
    assert_close(gradient, gain**200, atol=0)
    assert gradient == pytest.approx(product, rel=1e-3)


def test_growing_gradients_diverge_and_fading_ones_leave_all_but_the_last_layers():
    trainer, state = begun("linear_growth")
    assert trainer.run(state, 2).finite
    assert not np.isfinite(trainer.run(state, 3).params).all(axis=-1).any()
    trainer, first = begun("linear_decay")
    change = np.abs(trainer.run(first, 300).params - first.params)
    layers = [change[:, trainer.network.slices[block.opener]].max(axis=-1) for block in trainer.network.blocks]
    assert np.all(layers[-1] > 1e-2)
    assert np.max(layers[:40]) < 1e-4
    assert np.max(layers[:10]) < 1e-12


# Claim 5: the slope of the sigmoid


def test_the_slope_of_the_sigmoid_is_a_quarter_at_most_and_nothing_far_out():
    sigmoid, z = ACTIVATIONS["sigmoid"], np.linspace(-10, 10, 2001)
    slopes = sigmoid.df(z, sigmoid.f(z, np.empty_like(z)), np.empty_like(z))
    assert slopes.argmax() == 1000
    assert slopes[1000] == 0.25
    # exp(-10) / (1 + exp(-10))^2
    assert_close(slopes[[0, -1]], 4.5395807735951673e-05, rtol=1e-12)


def test_large_weights_put_units_where_the_sigmoid_is_flat():
    def slopes(**changes):
        tape, gradients = signals("sigmoid_saturated", **changes)
        ratio = np.abs(gradients.layers[0].pre / gradients.layers[0].post)
        assert_close(ratio, tape.layers[0].post * (1 - tape.layers[0].post), atol=1e-9)
        return np.median(ratio, axis=(-1, -2))

    saturated, usual = slopes(), slopes(initializer="xavier_normal", initializer_params={})
    assert np.all(saturated < 2e-4)
    assert np.all((usual > 0.2) & (usual < 0.25))
    assert says("sigmoid_saturated", f"{usual[0]:.2f}", "4.5e-5")
    assert saturated[0] < 4.5e-5


def test_a_saturated_layer_learns_by_the_output_alone():
    # Against what one may expect, faster at first than from Xavier weights: its random edges are features already.
    losses = [
        trainer.evaluate(state).train_loss.mean()
        for changes in ({}, {"initializer": "xavier_normal", "initializer_params": {}})
        for trainer, state in [trained("sigmoid_saturated", 1000, **changes)]
    ]
    assert losses[0] < 0.6 < losses[1]


def test_the_gradient_of_deep_sigmoid_layers_is_quartered_in_each():
    # Not at most a quarter, for weights stretch as well: 0.20 to 0.28 with Xavier.
    _, gradients = signals("sigmoid_deep")
    sizes = np.array([size(slope.pre) for slope in gradients.layers[:-1]])
    ratios = sizes[:-1] / sizes[1:]
    assert np.all((ratios > 0.15) & (ratios < 0.35))
    assert ratios.mean() == pytest.approx(0.235, rel=0.05)
    assert np.all(sizes[0] / sizes[-1] < 4e-6)
    trainer, state = trained("sigmoid_deep", 100)
    assert np.all(trainer.evaluate(state).train_loss > 0.68)


# Claim 7: ReLU dies


def dead(name, state):
    """Units that are silent, and without gradient, for every training point; (seeds, units)."""
    tape, gradients = signals(name, state)
    silent = np.all(tape.layers[0].post == 0, axis=-2)
    assert_same(silent, np.all(gradients.layers[0].pre == 0, axis=-2))
    return silent


def test_relu_dies_of_a_large_rate_and_never_comes_back():
    trainer, state = trained("dying_relu", 500)
    killed = dead("dying_relu", state)
    assert np.all(killed.sum(axis=-1) >= 3)
    assert killed.mean() > 0.4
    assert says("dying_relu", "15", "16")
    assert killed[0].sum() >= 12
    assert np.all(dead("dying_relu", trainer.run(state, 500))[killed])


def test_leaky_relu_survives_the_same_rate():
    trainer, state = trained("leaky_relu", 500)
    assert not dead("leaky_relu", state).any()
    assert np.all(trainer.evaluate(state).train_accuracy > 0.98)
    changed = {**EXPERIMENTS["leaky_relu"].choices, "activation": "relu"}
    assert changed == EXPERIMENTS["dying_relu"].choices


# Claim 9: batch norm


def after(name, steps=100, **changes):
    trainer, state = trained(name, steps, range(5), **changes)
    return trainer.evaluate(state)


def assert_stuck(measured):
    assert np.all(np.abs(measured.train_loss - math.log(2)) < 0.01)


def assert_learned(measured):
    assert np.all(measured.train_loss < 0.3)
    assert np.all(measured.train_accuracy > 0.9)


def test_batch_norm_trains_from_a_bad_start():
    # With tanh in place of ReLU it takes the larger rate of 1 for that.
    assert_stuck(after("bad_start"))
    assert_learned(after("bad_start_batch_norm"))


def test_batch_norm_trains_from_a_bad_start_at_ten_times_the_rate():
    rate = 10 * EXPERIMENTS["bad_start"].choices["learning_rate"]
    assert_stuck(after("bad_start", learning_rate=rate))
    assert_learned(after("bad_start_batch_norm", learning_rate=rate))


def test_batch_norm_bears_ten_times_a_rate_that_is_good_without():
    rate = EXPERIMENTS["high_rate"].choices["learning_rate"]
    assert_learned(after("high_rate", learning_rate=rate / 10))
    trainer, state = begun("high_rate")
    assert trainer.run(state, 4).finite
    assert not np.isfinite(trainer.run(state, 5).params[0]).all(), "the page's, in the fifth step"
    assert not np.isfinite(trainer.run(state, 20).params).all(axis=-1).any()
    assert_learned(after("high_rate_batch_norm"))


@pytest.mark.parametrize("pair", [("bad_start", "bad_start_batch_norm"), ("high_rate", "high_rate_batch_norm")])
def test_only_batch_norm_makes_the_difference(pair):
    plain, normed = (EXPERIMENTS[name].choices for name in pair)
    assert {**plain, "batch_norm": "before"} == normed


def test_batch_norm_makes_the_bias_redundant(rng):
    layer, scale_shift = BatchNorm(5), rng.normal(1, 0.5, size=10)
    z, shift = rng.normal(size=(20, 5)), rng.normal(0, 10, size=5)

    def normalised(x):
        buffers = LayerBuffers(x, np.empty_like(x), "train", layer.extra((), 20, float, np.empty(10)))
        layer.forward(layer.views(scale_shift), buffers)
        return buffers.y

    assert_close(normalised(z + shift), normalised(z))


def test_a_bias_before_batch_norm_would_get_no_gradient_and_is_dropped():
    plain, normed = (trainer_of(name).network for name in ("high_rate", "high_rate_batch_norm"))
    # Without the biases of ten layers, with a scale and a shift for each of their units.
    assert normed.size == plain.size - 640 + 2 * 640
    assert [normed.layers[block.opener].bias for block in normed.blocks] == [False] * LAYERS + [True]
    tape, gradients = signals("high_rate_batch_norm")
    for block in normed.blocks[:-1]:
        sums = gradients.outputs[tape.chain.index(block.opener)]
        assert np.all(np.abs(sums.sum(axis=-2)) < 1e-9 * np.abs(sums).sum(axis=-2) + 1e-15)
    _, gradients = signals("high_rate", learning_rate=0)
    sums = gradients.layers[0].pre
    assert np.any(np.abs(sums.sum(axis=-2)) > 0.1 * np.abs(sums).sum(axis=-2))


# Claim 10: dropout

MASKS = 10_000


def over_masks(**changes):
    """For 5 points: the passes with 10,000 masks, and the one of evaluation; outputs (seeds, masks or 1, units)."""
    trainer, state = trained("dropout", 500, range(3), **changes)
    network, parameters = trainer.network, trainer.network.bind(state.params)
    tape = network.tape("masked", state.batch_shape, MASKS)
    for point in range(5):
        inputs = trainer.data.inputs[point : point + 1]
        network.draw(tape, [np.random.default_rng([seed, point]) for seed in state.seeds])
        network.forward(parameters, np.repeat(inputs, MASKS, axis=0), tape)
        yield trainer, tape, trainer.forward(state.params, state.running_stats, inputs)


def errors(masked, plain):
    """How many standard errors the mean over masks is off; where masks change nothing it must agree."""
    spread, off = masked.std(axis=-2), np.abs(masked.mean(axis=-2) - plain[..., 0, :])
    varies = spread > 0
    assert np.all(off[~varies] == 0)
    return off[varies] / spread[varies] * math.sqrt(MASKS)


def test_the_mean_activation_over_masks_is_the_one_of_evaluation():
    for _, tape, plain in over_masks(hidden=[32]):
        assert errors(tape.layers[0].post, plain.layers[0].post).max() < 5
        # The score is a weighted sum of these, so it has the same mean.
        assert errors(tape.scores, plain.scores).max() < 5


def test_the_mean_prediction_over_masks_comes_near_the_one_of_evaluation():
    # Near, not equal: behind the first layer means go through activations that are not linear.
    off, most = [], []
    for trainer, tape, plain in over_masks():
        assert errors(tape.layers[0].post, plain.layers[0].post).max() < 5
        most.append(errors(tape.layers[1].post, plain.layers[1].post).max())
        off.append(np.abs(trainer.link.f(tape.scores).mean(axis=-2) - trainer.link.f(plain.scores)[..., 0, :]))
    assert 0.01 < np.mean(off) < 0.08
    assert np.max(off) < 0.2
    assert min(most) > 20


# Claim 19: the first loss

CLASSES = {"circle": 2, "blobs3": 3, "blobs5": 5}


@pytest.mark.parametrize("dataset", CLASSES)
def test_the_first_loss_is_the_log_of_the_number_of_classes(dataset):
    trainer, state = begun("first_loss", dataset=dataset)
    assert_close(trainer.evaluate(state).train_loss, math.log(CLASSES[dataset]), rtol=1e-3)


def test_the_first_loss_from_xavier_weights_is_not():
    trainer, state = begun("first_loss", initializer="xavier_normal")
    off = trainer.evaluate(state).train_loss / math.log(5) - 1
    assert np.abs(off).min() > 0.01
    assert np.abs(off).max() > 0.15
    assert says("first_loss", f"{abs(off[0]):.0%}", f"{math.log(5):.3f}")


def test_a_regularization_raises_the_first_loss_by_itself():
    losses = []
    for name in ("first_loss", "first_loss_regularization"):
        trainer, state = begun(name, batch_size="all")
        buffers = trainer.buffers.allocate(state.batch_shape, trainer.data.train)
        batch = (*trainer.batches.epoch(0), buffers.tape, buffers.gradients)
        losses.append(trainer.objective.value_and_gradient(trainer.network.bind(state.params), *batch)[0])
    regularization = 10 * 0.5 * np.square(state.params * trainer.network.is_weight).sum(axis=-1)
    assert_close(losses[1] - losses[0], regularization)
    assert_close(trainer.evaluate(state).regularization, regularization)
    assert np.all(regularization > 0.1)
    assert says("first_loss_regularization", f"{regularization[0]:.3f}", f"{math.log(5):.3f}")


def test_twenty_points_are_learned_by_heart():
    assert trainer_of("overfit_20").data.train == 20
    trainer, state = trained("overfit_20", 600)
    measured = trainer.evaluate(state)
    assert np.all(measured.train_loss < 1e-3)
    assert np.all(measured.train_accuracy == 1)
    assert np.all(measured.test_accuracy < 0.7)


# All experiments


def test_every_claim_is_covered():
    assert {claim for entry in EXPERIMENTS.values() for claim in entry.claims} == CLAIMS
    labels = [entry.label for entry in EXPERIMENTS.values()]
    assert len(set(labels)) == len(labels)
    assert all(entry.source for entry in EXPERIMENTS.values())


@pytest.mark.parametrize("entry", EXPERIMENTS.values(), ids=name_of)
def test_what_to_notice_is_one_short_sentence(entry):
    assert entry.notice.endswith(".")
    assert ". " not in entry.notice
    assert len(entry.notice) <= 200
    assert 1 <= len(entry.label) <= 40
    assert entry.name.isidentifier()
    assert entry.name.islower()


@pytest.mark.parametrize("entry", EXPERIMENTS.values(), ids=name_of)
def test_choices_can_be_sent_and_make_a_config(entry):
    sent = json.loads(json.dumps(dict(entry.choices)))
    assert sent == entry.choices, "lists, not tuples, which come back as lists"
    config = Config(**sent)
    assert list(config.hidden) == entry.choices["hidden"]
    assert config.dataset == entry.choices["dataset"], "the page's default is not the engine's"


@pytest.mark.parametrize("entry", EXPERIMENTS.values(), ids=name_of)
def test_all_run_and_only_those_diverge_that_shall(entry):
    trainer = trainer_of(entry.name)
    assert trainer.run(trainer.init(), 20).finite == (entry.name not in DIVERGING)
