"""Any network trains: convolution and pooling, a recurrence, a tied autoencoder, by the very same Trainer.

The layers are in own_layers.py, which only imports what anybody's own layer would. Nothing in ``engine`` knows them.
"""

from dataclasses import replace

import numpy as np
import pytest
from helpers import (
    assert_close,
    assert_same,
    assert_same_state,
    assert_slope,
    central_differences,
    name_of,
    one_sentence,
)
from own_layers import Convolution, MaxPool, TanhRecurrence, TiedDecoder

from engine import (
    ACTIVATIONS,
    AVERAGINGS,
    CLIPPINGS,
    DIRECTIONS,
    OPTIMIZERS,
    STOPPINGS,
    DataConfig,
    Network,
    Problem,
    Trainer,
    TrainingConfig,
    dense,
    load,
)
from engine.gradient_check import check, verdict
from engine.hidden_space import look as look_hidden
from engine.landscape import affordable, heights, plane
from engine.layers import Activate, BatchNorm, Dropout
from engine.look import QUANTITIES, VIEWS, FrameRequest, Viewer

TANH = ACTIVATIONS["tanh"]


def images(rng):
    """8 x 8 images of a bar that lies or stands."""
    pictures, labels = rng.normal(scale=0.3, size=(40, 8, 8)), np.arange(40) % 2
    for picture, stands, at in zip(pictures, labels, rng.integers(1, 7, 40), strict=True):
        picture[:, at] += stands
        picture[at] += 1 - stands
    return pictures.reshape(40, 64), np.where(labels, "standing", "lying")


def sequences(rng):
    """12 numbers; what counts is the sign of the tenth."""
    values = rng.normal(size=(60, 12))
    return values, values[:, 9] > 0


def patterns(rng):
    """16 numbers that four others decide, to be given back."""
    values = np.tanh(rng.normal(size=(40, 4)) @ rng.normal(size=(4, 16)))
    return values, values


def convolutional():
    return [
        Convolution(6 * 6 * 2, 8, 3, 2), Activate(72, TANH), MaxPool(3 * 3 * 2, 6, 2, 2), Dropout(18, 0.2),
        dense(4, 18), BatchNorm(4), Activate(4, TANH), dense(1, 4),
    ]  # fmt: skip


def recurrent():
    return [TanhRecurrence(5, 12, 1), dense(1, 5)]


def autoencoder():
    encoder = dense(4, 16)
    return [encoder, Activate(4, TANH), TiedDecoder(16, encoder)]


class Case:
    """Data and layers for one kind of network; what of its parameters is shared, recurrent or convolved differs."""

    def __init__(self, name, draw, layers, loss="cross_entropy", size=0):
        self.name, self._draw, self._layers, self._loss, self.size = name, draw, layers, loss, size

    def problem(self, **objective):
        data = load(DataConfig(train_fraction=0.8), self._draw(np.random.default_rng(5)))
        return Problem.of(data, Network(data.width, self._layers()), self._loss, **objective)

    def trainer(self, objective=None, **training):
        return Trainer(TrainingConfig(**training), problem=self.problem(**(objective or {})))


CASES = [
    Case("images", images, convolutional, size=(9 * 2 + 2) + (18 * 4 + 4) + 8 + (4 + 1)),
    Case("sequences", sequences, recurrent, size=(5 + 25 + 5) + (5 + 1)),
    Case("autoencoder", patterns, autoencoder, "squared_error", size=(16 * 4 + 4) + 16),
]
each_case = pytest.mark.parametrize("case", CASES, ids=name_of)
REGULARIZED = {"regularization": "elastic", "regularization_rate": 0.05}


@each_case
def test_the_flat_vector_holds_every_number_once(case):
    network = case.problem().network
    assert network.size == case.size
    assert np.concatenate([group.positions.ravel() for group in network.groups]).tolist() == list(range(case.size))
    # Only weights are regularized, those that are shared once.
    weights = {"images": 18 + 72 + 4, "sequences": 5 + 25 + 5, "autoencoder": 64}
    assert network.is_weight.sum() == weights[case.name]


@each_case
@pytest.mark.parametrize("objective", [{}, REGULARIZED], ids=["plain", "regularized"])
def test_the_gradient_is_that_of_differences(case, objective, rng):
    """Every number of it, against central differences that pass through the whole network anew."""
    problem = case.problem(**objective)
    network, rows = problem.network, slice(0, 12)
    tape = network.tape("batch", (), 12)
    params = network.init(3) + rng.normal(scale=0.1, size=network.size)
    batch = (problem.data.inputs[rows], problem.data.targets[rows], tape, network.gradients(tape, ()))
    _, gradient = problem.objective.value_and_gradient(network.bind(params), *batch)
    analytic = gradient.copy()
    assert_slope(analytic, central_differences(_value_at(problem, rows), params))


def _value_at(problem, rows):
    network = problem.network

    def value(params):
        batch_shape = params.shape[:-1]
        tape = network.tape("batch", batch_shape, rows.stop - rows.start)
        network.forward(network.bind(params), problem.data.inputs[rows], tape)
        loss = problem.objective.data_loss(tape, problem.data.targets[rows])
        return loss + problem.objective.regularization_loss(params)

    return value


@each_case
def test_the_gradient_check_finds_it_right(case):
    trainer = case.trainer(REGULARIZED)
    for state in (trainer.init(), trainer.run(trainer.init(), 20)):
        checks = check(trainer, state)
        assert sum(one.size for one in checks) == case.size
        assert {verdict(one.worst) for one in checks} == {"right"}
        assert sum(one.kinks for one in checks) < 3


def test_the_gradient_check_sees_a_share_that_is_forgotten(monkeypatch):
    """It shifts the encoder's weights, and the decoder must feel that; without its gradient they are wrong."""
    trainer = CASES[2].trainer()
    monkeypatch.setattr(TiedDecoder, "backward", _forgetful(TiedDecoder.backward))
    checks = check(trainer, trainer.init())
    assert [(one.layer, one.group) for one in checks if verdict(one.worst) == "wrong"] == [(1, "weights")]


def _forgetful(backward):
    def forget(self, p, buffers, dy, g, dx):
        backward(self, p, buffers, dy, g, dx)
        g.shared.affine[...] = 0.0

    return forget


@each_case
@pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=name_of)
def test_every_optimizer_lowers_the_loss(case, entry):
    trainer = case.trainer(optimizer=entry.name, learning_rate=entry.usual_rate, batch_size="all")
    state = trainer.init()
    before, after = trainer.evaluate(state), trainer.evaluate(trainer.run(state, 25))
    assert after.train_loss < before.train_loss


@each_case
def test_it_learns(case):
    trainer = case.trainer(optimizer="adam", learning_rate=0.02)
    state = trainer.init()
    first, found = trainer.evaluate(state), trainer.evaluate(trainer.run(state, 1500))
    assert found.train_loss < 0.2 * first.train_loss
    if trainer.task.accuracy:
        assert found.train_accuracy > 0.95


@each_case
@pytest.mark.parametrize("groups", [[3, 4, 6], [13], [1] * 13], ids=str)
def test_the_same_state_however_the_steps_are_grouped(case, groups):
    trainer = case.trainer(optimizer="adam", averaging="exponential")
    state = trainer.init()
    for steps in groups:
        state = trainer.run(state, steps)
    again = case.trainer(optimizer="adam", averaging="exponential")
    assert_same_state(state, again.run(again.init(), 13))


@each_case
@pytest.mark.parametrize("optimizer", ["sgd", "adam", "lbfgs"])
def test_leading_axes_are_separate_networks(case, optimizer):
    trainer = case.trainer(optimizer=optimizer, learning_rate=OPTIMIZERS[optimizer].usual_rate)
    together = trainer.run(trainer.init(seeds=[4, 0, 4]), 25)
    for k, seed in enumerate((4, 0, 4)):
        alone = trainer.run(trainer.init(seeds=[seed]), 25)
        assert_close(together.params[k], alone.params[0], rtol=1e-8, atol=1e-9)  # sums in another order, 25 steps
        assert_close(trainer.evaluate(together).train_loss[k], trainer.evaluate(alone).train_loss[0], rtol=1e-7)
    assert_same(together.params[0], together.params[2])


@each_case
@pytest.mark.parametrize("entry", STOPPINGS.values(), ids=name_of)
def test_every_criterion_stops_it(case, entry):
    soon = {
        "parameter_change": {"goal": 1.0}, "target_loss": {"target": 100.0}, "epochs": {"n": 2},
        "no_improvement": {"patience": 1, "margin": 1.0},
        "back_to_best": {"patience": 1, "margin": 1.0},
    }  # fmt: skip
    trainer = case.trainer(stopping=entry.name, stopping_params=soon.get(entry.name, {}))
    state = trainer.run(trainer.init(seeds=[0, 1]), 60)
    assert state.is_stopped == entry.active


@each_case
@pytest.mark.parametrize("entry", AVERAGINGS.values(), ids=name_of)
def test_every_average_is_evaluated(case, entry):
    hyperparameters = {"checkpoints": {"every": 5}}.get(entry.name, {})
    trainer = case.trainer(averaging=entry.name, averaging_params=hyperparameters)
    state = trainer.run(trainer.init(), 20)
    assert (state.averaged > 0) == entry.active
    plain = trainer.evaluate(replace(state, averaged=0)).train_loss
    assert (trainer.evaluate(state).train_loss != plain) == entry.active


@each_case
@pytest.mark.parametrize("entry", CLIPPINGS.values(), ids=name_of)
def test_every_clipping(case, entry):
    trainer = case.trainer(clipping=entry.name)
    assert trainer.run(trainer.init(), 20).finite


@each_case
@pytest.mark.parametrize("view", VIEWS)
def test_all_that_can_be_seen(case, view):
    trainer = case.trainer()
    state = trainer.run(trainer.init(), 10)
    viewer, blocks = Viewer(trainer, 20, 8), len(trainer.network.blocks)
    frame = viewer.look(state, FrameRequest(view=view, quantities=tuple(QUANTITIES), curve=1, profile=True))
    assert frame.boundary.shape == (20, 20)
    assert frame.heights.shape == (blocks + 1, len(QUANTITIES), 32)
    has = frame.heights.any(axis=-1)
    assert has[1:-1].all(), "every hidden layer has every quantity"
    assert np.isfinite(frame.profile[1:]).all()
    assert len(frame.maps) == sum(block.units for block in trainer.network.blocks)
    assert (frame.curve is None) == (trainer.network.blocks[0].activate is None)


@each_case
def test_histograms_hold_every_value(case):
    trainer = case.trainer()
    state = trainer.run(trainer.init(), 10)
    viewer, network = Viewer(trainer), trainer.network
    tape = network.tape("batch", (), trainer.data.train)
    network.forward(network.bind(state.params), trainer.data.inputs[: trainer.data.train], tape)
    for number, (block, signal) in enumerate(zip(network.blocks, tape.layers, strict=True), start=1):
        seen = viewer.close_up(state, number, "pre_activation").distribution
        assert seen.counts.sum() == signal.pre.size
        assert_close(seen.mean, signal.pre.mean())
        if block.weights:
            own = np.concatenate([part.ravel() for part in block.weights])
            assert viewer.close_up(state, number, "weight").distribution.counts.sum() == own.size
        else:
            with pytest.raises(ValueError, match=one_sentence("layer", "weight", str(number))):
                viewer.close_up(state, number, "weight")


@each_case
def test_landscape_and_hidden_space(case):
    trainer = case.trainer()
    state = trainer.run(trainer.init(), 10)
    side, rows = affordable(trainer)
    assert (side, rows) == (31, trainer.data.train)
    for kind in DIRECTIONS:
        found = heights(trainer, plane(trainer, state, kind), 11)
        # In single precision, and batch norm takes its statistics from these very points.
        middle = case.problem().judge(_scores(trainer, state), state.params).train_loss
        assert_close(found[5, 5], middle, rtol=1e-4)
    for layer in range(len(trainer.network.blocks)):
        space = look_hidden(trainer, state, layer)
        assert space.points.shape == (len(trainer.data.rows), 2)
    assert (space.line is None) == (case.name == "autoencoder")


def _scores(trainer, state):
    """Of all points, with the statistics of the training points."""
    statistics = trainer.problem.statistics_of(state.params) / trainer.network.unbiased(trainer.data.train)
    return trainer.forward(state.params, statistics, trainer.data.inputs).scores


@each_case
def test_frozen_groups_stay_and_all_others_move(case):
    for optimizer in ("adamw", "lbfgs"):
        trainer = case.trainer({"frozen": ("weights",)}, optimizer=optimizer, learning_rate=0.1)
        first = trainer.init()
        moved = trainer.run(first, 10).params != first.params
        for group in trainer.network.groups:
            assert moved[group.positions].any() == (group.name != "weights"), group.name


def test_shared_weights_get_both_shares_of_the_gradient(rng):
    """The tied network is one with two matrices, of which one is the other turned over: the gradients add up."""
    tied = CASES[2].problem()
    free = Network(16, [dense(4, 16), Activate(4, TANH), dense(16, 4)])
    inputs, slopes = tied.data.inputs[:10], rng.normal(size=(10, 16))
    params = tied.network.init(1) + rng.normal(scale=0.1, size=84)
    weights, bias, other = np.split(params, [64, 68])
    both = np.concatenate([weights, bias, weights.reshape(16, 4).T.ravel(), other])
    flats = []
    for network, flat in ((tied.network, params), (free, both)):
        tape = network.tape("train", (), 10)
        gradients, parameters = network.gradients(tape, ()), network.bind(flat)
        network.forward(parameters, inputs, tape)
        for _ in range(2):  # what is left of a pass before must not count twice
            gradients.scores[...] = slopes
            network.backward(parameters, tape, gradients)
        flats.append(gradients.flat)
    summed = flats[1][:64].reshape(16, 4) + flats[1][68 : 68 + 64].reshape(4, 16).T
    assert_close(flats[0][:64].reshape(16, 4), summed)
    assert_close(flats[0][64:], np.concatenate([flats[1][64:68], flats[1][132:]]))


def test_a_layer_can_only_share_what_stands_before_it():
    encoder = dense(4, 16)
    for layers in ([TiedDecoder(16, encoder), encoder], [dense(4, 16), TiedDecoder(16, encoder)]):
        with pytest.raises(ValueError, match=one_sentence("share", "before it")):
            Network(16, layers)


def test_a_network_has_weights():
    with pytest.raises(ValueError, match=one_sentence("layers", "weights")):
        Network(2, [Activate(2, TANH)])


def test_a_network_fits_its_data():
    data = load(DataConfig(), sequences(np.random.default_rng(0)))
    with pytest.raises(ValueError, match=one_sentence("network", "12 inputs", "1 outputs", "(12, 3)")):
        Problem.of(data, Network(12, [dense(3, 12)]))


@each_case
def test_a_problem_stays_when_the_way_to_train_it_changes(case):
    trainer = case.trainer()
    state = trainer.run(trainer.init(), 5)
    tuned = trainer.retune(TrainingConfig(optimizer="adam", learning_rate=0.01))
    assert tuned.problem is trainer.problem
    assert tuned.run(tuned.adopt(state), 5).step == 10
