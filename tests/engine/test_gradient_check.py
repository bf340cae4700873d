from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_close, assert_same, assert_same_state, one_sentence, pairwise
from looking import OF_TASK

from engine import ACTIVATIONS, LOSSES, PLACEMENTS, REGULARIZERS, Config, Refusal, Trainer
from engine.gradient_check import DOUBTFUL, RIGHT, check, spread, verdict
from engine.layers import BatchNorm, Dense, LearnedActivate

SMALL = {"dataset": "circle", "samples": 60, "hidden": (4, 3), "bias_initializer": "constant"}
CHANCES = {"dropout": 0.2, "drop_connect": 0.2, "input_noise": 0.3}
# Every kind of group: weights, biases, slopes, scale and shift, twice.
ALL_GROUPS = {**SMALL, "activation": "prelu", "batch_norm": "after"}
# Everything that a pass may depend on.
EVERYTHING = {
    **ALL_GROUPS,
    **CHANCES,
    "activation": ("tanh", "prelu"),
    "regularization": "l2",
    "regularization_rate": 0.1,
}


def trained(choices, steps=4, data=None, **more):
    """After four steps of ten of the 30 training points: the second batch of an epoch comes next."""
    trainer = Trainer(Config(**{**choices, **more}), data)
    return trainer, trainer.run(trainer.init(), steps)


def with_params(state, value):
    return replace(state, params=np.full_like(state.params, value))


def names_of(checks, said):
    return [(one.layer, one.group) for one in checks if verdict(one.worst) == said]


def assert_right(trainer, state):
    checks = check(trainer, state)
    assert names_of(checks, "right") == [(one.layer, one.group) for one in checks], max(
        checks, key=lambda one: one.worst
    )
    assert max(abs(one.analytic) for one in checks) > 1e-3, "there is something to check"


LEARNING = [name for name, entry in ACTIVATIONS.items() if not entry.forward_only]


@pytest.mark.parametrize(("activation", "batch_norm", "kind"), pairwise(LEARNING, PLACEMENTS, ["alone", "chances"]))
def test_right_for_every_activation_and_place_of_batch_norm(activation, batch_norm, kind):
    chances = CHANCES if kind == "chances" else {}
    assert_right(*trained(SMALL, activation=activation, batch_norm=PLACEMENTS[batch_norm].plain, **chances))


@pytest.mark.parametrize(("loss", "task"), [(loss.name, task) for loss in LOSSES.values() for task in loss.forms])
def test_right_for_every_loss(loss, task):
    assert_right(*trained(SMALL, loss=loss, **OF_TASK[task]))


@pytest.mark.parametrize("regularization", REGULARIZERS)
def test_right_for_every_regularization(regularization):
    assert_right(*trained(EVERYTHING, regularization=regularization, regularization_rate=0.5))


def test_the_regularization_is_part_of_what_is_checked():
    plain, pulled = (
        check(trainer, trainer.init())
        for trainer in (
            Trainer(Config(**SMALL)),
            Trainer(Config(**SMALL, regularization="l2", regularization_rate=100)),
        )
    )
    assert abs(pulled[0].numerical) > 10 * abs(plain[0].numerical)


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_the_next_batch_is_checked_be_it_short(steps):
    trainer, state = trained(EVERYTHING, steps, samples=46, batch_size=10)  # batches of 10, 10, 3
    assert_right(trainer, state)
    _, gradients = trainer.inspect(state)
    for one in check(trainer, state):
        assert one.analytic == gradients.flat[one.position]


def test_numerical_is_the_difference_of_the_objective_of_whole_networks():
    trainer, state = trained(EVERYTHING)
    inputs, targets = trainer.batches.epoch(state.epoch)
    batch, h = slice(state.cursor, state.cursor + trainer.batch_size), 1e-4

    def objective(params):
        buffers = trainer.buffers.allocate((), trainer.batch_size)
        trainer.network.draw_masks(buffers.tape, state.seeds, state.step)
        trainer.network.forward(trainer.network.bind(params), inputs[batch], buffers.tape)
        return trainer.objective.data_loss(buffers.tape, targets[batch]) + trainer.objective.regularization_loss(params)

    for one in check(trainer, state, h=h):
        shift = np.zeros_like(state.params)
        shift[one.position] = h
        slope = (objective(state.params + shift) - objective(state.params - shift)) / (2 * h)
        assert_close(one.numerical, slope, rtol=1e-7, atol=1e-10)  # rounding of a loss of size 1, divided by h


@pytest.mark.parametrize("numbers", [1, 1000])
def test_short_of_memory_the_result_is_the_same(monkeypatch, numbers):
    trainer, state = trained(EVERYTHING)
    plenty = check(trainer, state)
    monkeypatch.setattr("engine.gradient_check._MOST_NUMBERS", numbers)
    for one, other in zip(plenty, check(trainer, state), strict=True):
        assert one[:4] == other[:4]
        assert other.worst < RIGHT


def break_backward(monkeypatch, kind, target, spoil):
    """Let ``spoil(g, dx)`` loose on what the backward pass of one layer has computed."""
    sound = kind.backward

    def backward(self, p, buffers, dy, g, dx):
        sound(self, p, buffers, dy, g, dx)
        if self is target:
            spoil(g, dx)

    monkeypatch.setattr(kind, "backward", backward)


def scale(array, factor=1.01):
    array *= factor


@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.parametrize(
    ("group", "offset", "kind", "spoil"),
    [
        ("weights", 0, Dense, lambda g, dx: scale(g.affine[:-1])),
        ("biases", 0, Dense, lambda g, dx: scale(g.affine[-1])),
        ("slopes", 1, LearnedActivate, lambda g, dx: scale(g)),
        ("scale", 2, BatchNorm, lambda g, dx: scale(g.gamma)),
        ("shift", 2, BatchNorm, lambda g, dx: scale(g.beta)),
    ],
)
def test_a_broken_gradient_is_found_in_its_group_and_nowhere_else(monkeypatch, layer, group, offset, kind, spoil):
    trainer, state = trained(ALL_GROUPS)
    block = trainer.network.blocks[layer - 1]
    break_backward(monkeypatch, kind, trainer.network.layers[block.opener + offset], spoil)
    checks = check(trainer, state)
    assert names_of(checks, "wrong") == [(layer, group)]
    (found,) = (one for one in checks if one.worst > RIGHT)
    assert_close(found.worst, 1 - 1 / 1.01, rtol=1e-4)


def test_one_broken_number_is_found_at_its_place(monkeypatch):
    trainer, state = trained(SMALL)
    block = trainer.network.blocks[1]

    def spoil(g, dx):
        g.affine[2, 1] += 1.0

    break_backward(monkeypatch, Dense, trainer.network.layers[block.opener], spoil)
    (found,) = (one for one in check(trainer, state) if one.worst > RIGHT)
    assert [found.position] == trainer.network.weight_position(2, 2, 1).tolist()
    assert_close(found.analytic - found.numerical, 1.0, rtol=1e-6)  # what a difference can tell


def test_a_signal_broken_on_the_way_back_spoils_the_layers_before(monkeypatch):
    trainer, state = trained(SMALL)
    dense = trainer.network.layers[trainer.network.blocks[1].opener]
    break_backward(monkeypatch, Dense, dense, lambda g, dx: scale(dx))
    assert names_of(check(trainer, state), "wrong") == [(1, "weights"), (1, "biases")]


@pytest.mark.parametrize("choices", [SMALL, ALL_GROUPS, EVERYTHING, {**SMALL, "activation": "maxout"},
                                     {**SMALL, "batch_norm": "before"}, {**SMALL, "hidden": ()}])  # fmt: skip
def test_every_number_belongs_to_exactly_one_group(choices):
    network = Trainer(Config(**choices)).network
    groups = network.groups
    assert np.concatenate([one.positions.ravel() for one in groups]).tolist() == list(range(network.size))
    for index, (layer, part) in enumerate(zip(network.layers, network.slices, strict=True)):
        assert sum(group.size for group in layer.groups()) == layer.size
        assert sum(one.size for one in groups if one.layer_index == index) == layer.size
        own = [number for one in groups if one.layer_index == index for number in one.positions.ravel().tolist()]
        assert own == list(range(part.start, part.stop))


def test_groups_are_called_what_the_network_says_they_are():
    network = Trainer(Config(**ALL_GROUPS)).network
    groups = network.groups
    kinds = ["weights", "biases", "slopes", "scale", "shift"]
    assert [(one.layer, one.name) for one in groups] == [
        *((layer, name) for layer in (1, 2) for name in kinds),
        (3, "weights"),
        (3, "biases"),
    ]
    for kind, positions in (("weights", network.weight_positions), ("biases", network.bias_positions)):
        for one, own in zip((one for one in groups if one.name == kind), positions, strict=True):
            assert set(one.positions.ravel().tolist()) == set(own.ravel().tolist())
    first = network.init(0)
    values = {one.name: set(first[one.positions].tolist()) for one in groups[2:5]}
    assert values == {"slopes": {0.25}, "scale": {1.0}, "shift": {0.0}}


@pytest.mark.parametrize("most", [1, 2, 7, 48])
def test_most_is_respected(most):
    trainer, state = trained(SMALL, hidden=(20, 9))
    for one, group in zip(check(trainer, state, most), trainer.network.groups, strict=True):
        assert one.size == group.size
        assert one.checked == min(one.size, most)
        assert one.position in spread(group.positions, most)


def test_there_is_one_position_in_each_of_as_many_equal_parts():
    for group in Trainer(Config(hidden=(64, 33, 48, 64))).network.groups:
        positions, size = spread(group.positions, 48), group.size
        count = min(size, 48)
        assert len(positions) == count
        assert len(np.unique(positions)) == count
        # A part of which the edge is no whole number may lend its neighbour one position.
        parts = (positions - group.positions.min()) * count / size
        assert np.all((parts > np.arange(count) - count / size) & (parts < np.arange(1, count + 1)))


@pytest.mark.parametrize("rows", [2, 47, 48, 63, 64])
@pytest.mark.parametrize("width", [3, 32, 48, 64])
def test_no_column_is_met_again_and_again(rows, width):
    group = Trainer(Config(hidden=(rows, width))).network.groups[2]
    assert group.positions.shape == (rows, width)
    assert len(np.unique((spread(group.positions, 48) - group.positions.min()) % width)) > min(width, 48) / 2


def test_a_network_of_zeros_is_right_and_its_dead_groups_exactly_so():
    trainer = Trainer(Config(**SMALL))
    state = with_params(trainer.init(), 0.0)
    checks = check(trainer, state)
    assert {verdict(one.worst) for one in checks} == {"right"}
    assert [one.worst for one in checks[:-1]] == [0.0] * (len(checks) - 1)
    assert checks[-1].numerical != 0  # the output's bias learns


def test_dead_units_agree_on_zero():
    trainer = Trainer(Config(**{**SMALL, "activation": "relu"}))
    state = trainer.edit(trainer.init(), trainer.network.bias_positions[0].ravel(), -100.0)
    dead = check(trainer, state)[:3]  # the first layer, and the weights that only hear from it
    assert [(one.worst, one.analytic, one.numerical) for one in dead] == [(0.0, 0.0, 0.0)] * 3


def test_the_step_has_no_slope_where_it_does_not_jump():
    trainer, state = trained(SMALL, activation="step")
    before_output = check(trainer, state)[:-2]
    assert [(one.analytic, one.numerical) for one in before_output] == [(0.0, 0.0)] * len(before_output)
    assert {verdict(one.worst) for one in check(trainer, state)} == {"right"}


def test_what_rounding_makes_of_a_large_loss_is_no_error():
    # The units are saturated, their derivatives small; the loss is large, and rounded to what matters to them.
    trainer, state = trained(SMALL, 0)
    for position, value in zip(trainer.network.bias_positions, (6.0, 0.1, 300.0), strict=True):
        state = trainer.edit(state, position.ravel(), value)
    bias = check(trainer, state)[1]
    assert abs(bias.analytic - bias.numerical) > 10 * RIGHT * abs(bias.analytic)
    assert verdict(bias.worst) == "right"


def test_what_batch_norm_makes_of_rounding_is_no_error():
    # It takes a bias before it out again, so the derivative is zero; but it divides rounding by a small spread.
    choices = {"hidden": (5, 4), "activation": "softplus", "batch_norm": "after", "seed": 1}
    trainer = Trainer(Config(**choices, dropout=0.3, drop_connect=0.2, input_noise=0.3))
    bias = check(trainer, trainer.init())[1]
    assert abs(bias.analytic) < 1e-13
    assert abs(bias.numerical) > 1e-9
    assert verdict(bias.worst) == "right"


def test_what_curvature_makes_of_a_difference_is_no_error():
    # At the minimum of (tanh(b) - tanh(1/2))^2 / 2 the slope is zero, the third derivative is not.
    points, values = np.zeros((4, 2)), np.full(4, np.tanh(0.5))
    trainer = Trainer(Config(hidden=(1,), loss="squared_error"), data=(points, values))
    network, state = trainer.network, with_params(trainer.init(), 0.0)
    for position, value in ((network.bias_position(1, 0), 0.5), (network.weight_position(2, 0, 0), 1.0)):
        state = trainer.edit(state, position, value)
    bias = check(trainer, state)[1]
    assert bias.analytic == 0.0
    assert 1e-12 < abs(bias.numerical) < 1e-10
    assert verdict(bias.worst) == "right"


def test_a_difference_is_divided_by_the_distance_left_after_rounding():
    trainer = Trainer(Config(**{**SMALL, "batch_size": 1}))
    wrong = 1.0 - 2.0 * trainer.batches.epoch(0)[1][0, 0]
    state = trainer.edit(with_params(trainer.init(), 0.0), trainer.network.bias_position(3, 0), 1000.0 * wrong)
    # So sure and so wrong, the loss is the score; and 1000 + 1e-9 is off by a hundred thousandth of the 1e-9.
    assert (1000.0 + 1e-9) - (1000.0 - 1e-9) != 2e-9
    assert check(trainer, state, h=1e-9)[-1].numerical == wrong


def test_at_a_kink_there_is_no_derivative_to_compare_with():
    trainer = Trainer(Config(**{**SMALL, "activation": "relu", "hidden": (1,), "batch_size": 1}))
    state = trainer.edit(with_params(trainer.init(), 0.0), trainer.network.weight_position(2, 0, 0), 1.0)
    bias = check(trainer, state)[1]
    assert bias.analytic == 0.0
    assert (bias.kinks, bias.worst) == (1, 0.0)
    target = trainer.batches.epoch(0)[1][0, 0]
    assert_close(bias.numerical, 0.5 * (0.5 - target), rtol=1e-4)  # half the slope of the right side, but for h


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "maxout"])
def test_a_right_gradient_is_not_called_wrong_for_its_kinks(activation, seed):
    trainer = Trainer(Config(activation=activation, seed=seed))
    for state in trainer.init(), trainer.run(trainer.init(), 50):
        assert all(verdict(group.worst) != "wrong" for group in check(trainer, state))


@pytest.mark.parametrize("value", [1e12, 1e160, 1e308, np.inf, np.nan])
@pytest.mark.parametrize("choices", [SMALL, EVERYTHING, {**SMALL, "activation": "relu"}])
def test_beyond_all_bounds_there_is_an_answer_and_no_warning(choices, value):
    trainer = Trainer(Config(**choices))
    checks = check(trainer, with_params(trainer.init(), value))
    assert len(checks) == len(trainer.network.groups)
    if not np.isfinite(value):
        assert set(names_of(checks, "wrong")) == {(one.layer, one.group) for one in checks}
        assert not np.isfinite([one.worst for one in checks]).any()


def test_a_gradient_that_is_no_number_is_found_though_all_others_are(monkeypatch):
    trainer, state = trained(SMALL)

    def spoil(g, dx):
        g.affine[1, 0] = np.nan

    break_backward(monkeypatch, Dense, trainer.network.layers[0], spoil)
    (found,) = (one for one in check(trainer, state) if not one.worst < RIGHT)
    assert np.isnan(found.worst)
    assert [found.position] == trainer.network.weight_position(1, 1, 0).tolist()


def test_checking_changes_nothing():
    trainer, state = trained(EVERYTHING)
    kept = state.params.copy(), state.running_stats.copy()
    first = check(trainer, state)
    later = trainer.run(state, 10)
    assert check(trainer, state) == first
    assert_same(state.params, kept[0])
    assert_same(state.running_stats, kept[1])
    untouched, same = trained(EVERYTHING)
    assert_same_state(later, untouched.run(same, 10))


def test_clipping_comes_after_what_is_checked():
    assert_right(*trained(SMALL, clipping="norm", clipping_params={"limit": 1e-3}))


def test_one_of_several_networks_is_checked_as_if_it_were_alone():
    trainer = Trainer(Config(**EVERYTHING))
    states = trainer.run(trainer.init([5, 0]), 4)
    alone = Trainer(Config(**EVERYTHING))
    assert check(trainer, states.replica(1)) == check(alone, alone.run(alone.init(), 4))


def test_leading_axes_are_refused():
    trainer = Trainer(Config(**SMALL))
    for seeds in ([0], [0, 1]):
        with pytest.raises(Refusal, match=one_sentence("state must be", "leading axes", f"({len(seeds)},)")):
            check(trainer, trainer.init(seeds))


@pytest.mark.parametrize(("name", "value"), [("most", 0), ("most", 1.5), ("most", "all"), ("h", 0.0), ("h", np.nan)])
def test_numbers_out_of_range_are_refused(name, value):
    trainer = Trainer(Config(**SMALL))
    with pytest.raises(Refusal, match=one_sentence(f"{name} must be", repr(value))):
        check(trainer, trainer.init(), **{name: value})


@pytest.mark.parametrize(
    ("worst", "said"),
    [
        (0.0, "right"), (0.99 * RIGHT, "right"), (RIGHT, "doubtful"), (0.99 * DOUBTFUL, "doubtful"),
        (DOUBTFUL, "wrong"), (2.0, "wrong"), (np.inf, "wrong"), (np.nan, "wrong"),
    ],
)  # fmt: skip
def test_verdict(worst, said):
    assert verdict(worst) == said
