import math
from contextlib import nullcontext
from dataclasses import FrozenInstanceError, replace

import naive
import numpy as np
import pytest
from helpers import assert_close, assert_same, assert_same_state, neighbours, one_sentence
from hypothesis import given
from hypothesis import strategies as st

from engine import DATASETS, OPTIMIZERS, Config, Refusal, Trainer

# 29 training points in batches of 6: the last batch of each epoch is short.
SMALL = {"dataset": "circle", "samples": 58, "batch_size": 6, "hidden": (4, 3)}
RICH = {
    **SMALL, "batch_norm": (True, False), "dropout": (0.0, 0.3), "optimizer": "adam", "regularization": "l2",
    "regularization_rate": 0.01, "schedule": "exponential",
}  # fmt: skip
VARIANTS = {
    "plain": SMALL,
    "all at once": RICH,
    "batch norm": {**SMALL, "batch_norm": True},
    "dropout": {**SMALL, "dropout": 0.5},
    "no hidden layer": {**SMALL, "hidden": ()},
    "classes": {**SMALL, "dataset": "blobs5", "optimizer": "nesterov"},
    "values": {**SMALL, "dataset": "multi_gauss", "optimizer": "momentum", "loss": "squared_error"},
}
each_variant = pytest.mark.parametrize("choices", VARIANTS.values(), ids=list(VARIANTS))


def make(choices=SMALL, data=None, **more):
    return Trainer(Config(**{**choices, **more}), data)


def trained(trainer, steps=20, seeds=None):
    return trainer.run(trainer.init(seeds), steps)


def copies(state):
    return [array.copy() for array in (state.params, state.running_stats, *state.optimizer_state)]


# The same again


@each_variant
def test_same_config_same_state(choices):
    assert_same_state(trained(make(choices)), trained(make(choices)))


@given(st.lists(st.integers(0, 30), max_size=8), st.sampled_from(list(VARIANTS.values())))
def test_grouping_of_steps_does_not_matter(groups, choices):
    trainer = make(choices)
    state = trainer.init()
    for steps in groups:
        state = trainer.run(state, steps)
    assert_same_state(state, trained(make(choices), sum(groups)))


@given(st.lists(st.sampled_from("abe"), max_size=30), st.sampled_from(list(VARIANTS.values())))
def test_states_do_not_disturb_each_other(turns, choices):
    """Two States, one an epoch and more ahead, take turns on one Trainer that is also looked through."""
    trainer = make(choices)
    start = {"a": trainer.init(), "b": trained(trainer, 13)}
    states = dict(start)
    for turn in turns:
        if turn in states:
            states[turn] = trainer.step(states[turn])
        else:
            trainer.evaluate(states["a"])
            trainer.inspect(states["b"])
            trainer.predict(states["a"], [[0.0, 1.0]])
    assert_same_state(states["a"], make(choices).run(start["a"], turns.count("a")))
    assert_same_state(states["b"], make(choices).run(start["b"], turns.count("b")))


@each_variant
@pytest.mark.parametrize("seeds", [None, (0, 1)])
def test_a_state_never_changes(choices, seeds):
    trainer = make(choices)
    state, other = trained(trainer, 7, seeds), trained(trainer, 3, seeds)
    kept = copies(state)
    for array in (state.params, state.running_stats, *state.optimizer_state):
        assert not array.flags.writeable
    later = trainer.run(state, 20)
    trainer.run(other, 20)
    trainer.evaluate(later)
    trainer.inspect(state)
    for array, copy in zip((state.params, state.running_stats, *state.optimizer_state), kept, strict=True):
        assert_same(array, copy)
    assert not np.shares_memory(state.params, later.params)
    with pytest.raises(FrozenInstanceError):
        state.step = 0


def test_no_steps_no_change():
    trainer = make()
    state = trainer.init()
    assert trainer.run(state, 0) is state


@pytest.mark.parametrize("steps", [-1, 2.5, None, "3", float("nan"), True])
def test_steps_are_a_whole_number(steps):
    trainer = make()
    with pytest.raises(Refusal, match=one_sentence("steps", "a whole number between 0 and", repr(steps))):
        trainer.run(trainer.init(), steps)


def test_reset_returns_to_the_same_weights_and_a_new_seed_to_others():
    trainer = make(RICH)
    first = trainer.init()
    trained(trainer)
    assert_same_state(first, trainer.init())
    assert not np.array_equal(first.params, make(RICH, seed=1).init().params)


@pytest.mark.parametrize(
    "change", [{"dropout": 0.5}, {"dropout": (0.5, 0.0)}, {"activation": "relu"}, {"learning_rate": 1.0}], ids=str
)
def test_reset_after_a_live_change_returns_to_the_same_weights(change):
    """Only data, inputs, shape and initialisation may lead to other initial weights."""
    assert_same(make().retune(Config(**{**SMALL, **change})).init().params, make().init().params)


# Several networks at once


@each_variant
def test_a_leading_axis_of_one_is_one_network(choices):
    trainer = make(choices)
    one = trained(trainer, 30, seeds=[0])
    assert one.batch_shape == (1,)
    assert_same_state(one.replica(0), trained(trainer, 30))


@each_variant
def test_replicas_are_separate_runs(choices):
    trainer, seeds = make(choices), [0, 7, 3, 1, 7]
    together = trained(trainer, 40, seeds)
    for k, seed in enumerate(seeds):
        alone = trained(make(choices), 40, [seed]).replica(0)
        assert_close(together.replica(k).params, alone.params, rtol=1e-12)
        assert_close(together.replica(k).running_stats, alone.running_stats, rtol=1e-12)
        for field, value in enumerate(trainer.evaluate(alone)):
            assert_close(trainer.evaluate(together)[field][k], value)
    assert_same(together.params[1], together.params[4])
    assert not np.any(together.params[0] == together.params[1])


@pytest.mark.parametrize("index", [0, 2, -1])
def test_a_replica_goes_on_as_it_would_have(index):
    trainer = make(RICH)
    several = trained(trainer, 9, range(3))
    alone = trainer.run(several.replica(index), 11)
    assert_close(alone.params, trainer.run(several, 11).replica(index).params, rtol=1e-12)
    assert alone.seeds == (range(3)[index],)


def test_the_order_of_seeds_does_not_matter():
    trainer = make(RICH)
    forwards, backwards = trained(trainer, 20, [4, 5, 6]), trained(trainer, 20, [6, 5, 4])
    assert_close(forwards.params, backwards.params[::-1], rtol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_network_may_have_a_learning_rate_and_hyperparameters_of_its_own(name):
    rates = [0.0, 0.01, 0.3]
    hyperparameters = {
        hyperparameter.name: [
            hyperparameter.default,
            0 if hyperparameter.integer else hyperparameter.default / 2,
            hyperparameter.default,
        ]
        for hyperparameter in OPTIMIZERS[name].hyperparameters
    }
    trainer = make(optimizer=name, learning_rate=rates, optimizer_params=hyperparameters)
    together = trained(trainer, 20, seeds=range(3))
    for k, rate in enumerate(rates):
        own = {hyperparameter: values[k] for hyperparameter, values in hyperparameters.items()}
        alone = trained(make(optimizer=name, learning_rate=rate, optimizer_params=own), 20, seeds=[k])
        assert_close(together.params[k], alone.params[0], rtol=1e-12)
    assert_same(together.params[0], trainer.init(range(3)).params[0])


@pytest.mark.parametrize("seeds", [None, range(3)])
def test_learning_rates_must_fit_the_networks(seeds):
    with pytest.raises(ValueError, match="learning_rate must be one number, or one for each network"):
        trained(make(learning_rate=[0.1, 0.2]), 1, seeds)


@pytest.mark.parametrize("seeds", [[], [-1], [0.5], ["a"]], ids=repr)
def test_bad_seeds_are_refused(seeds):
    with pytest.raises(ValueError, match="seed"):
        make().init(seeds)


# One step, against others


@pytest.mark.parametrize("dataset", ["circle", "xor", "moons"])
def test_eleven_lines(dataset):
    """The well-known network in eleven lines of NumPy, with biases; all points in one batch."""
    trainer = make(
        dataset=dataset,
        samples=20,
        hidden=(4,),
        activation="sigmoid",
        loss="squared_error",
        batch_size="all",
        learning_rate=2.0,
    )
    state = trainer.init()
    X, y = trainer.data.inputs[:10, :2], trainer.data.targets[:10]
    W0, b0, W1, b1 = np.split(state.params.copy(), [8, 12, 16])
    W0, W1 = W0.reshape(2, 4), W1.reshape(4, 1)
    for _ in range(25):
        l1 = 1 / (1 + np.exp(-(X @ W0 + b0)))
        l2 = 1 / (1 + np.exp(-(l1 @ W1 + b1)))
        d2 = (l2 - y) * l2 * (1 - l2) / len(X)
        d1 = d2 @ W1.T * l1 * (1 - l1)
        W1, b1 = W1 - 2.0 * l1.T @ d2, b1 - 2.0 * d2.sum(axis=0)
        W0, b0 = W0 - 2.0 * X.T @ d1, b0 - 2.0 * d1.sum(axis=0)
        state = trainer.step(state)
    assert_close(state.params, np.concatenate([W0.ravel(), b0, W1.ravel(), b1]))


def rows_of(trainer, tape):
    """Which training points a batch holds."""
    points = trainer.data.points[: trainer.data.train].tolist()
    return [points.index(row) for row in tape.buffers[0].x[:, :2].tolist()]


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("dataset", ["circle", "blobs3"])
def test_two_epochs_of_sgd_against_plain_loops(dataset, norm):
    trainer = make(dataset=dataset, samples=29, train_fraction=0.5, batch_norm=norm, learning_rate=0.5)
    state = trainer.init()
    expected = state.params.tolist()
    for size in (6, 6, 2) * 2:
        rows = rows_of(trainer, trainer.inspect(state)[0])
        assert len(rows) == size
        outputs = trainer.data.outputs
        layers = naive.build(expected, 2, (4, 3), outputs, ("tanh", "tanh"), (norm, norm))
        scores = naive.forward(layers, trainer.data.inputs[rows, :2].tolist())
        d_scores = (trainer.task.link(np.array(scores)) - trainer.data.targets[rows]) / size
        slope = naive.backward(layers, d_scores.tolist())
        expected = [w - 0.5 * g for w, g in zip(expected, slope, strict=True)]
        state = trainer.step(state)
        assert_close(state.params, expected)


@each_variant
@pytest.mark.parametrize("seeds", [None, (2, 5)])
def test_inspect_shows_what_the_next_step_uses(choices, seeds):
    trainer = make(choices, optimizer="sgd", optimizer_params={}, schedule="constant", learning_rate=0.25)
    state = trained(trainer, 4, seeds)  # the next batch is the short one
    tape, gradients = trainer.inspect(state)
    again = trainer.inspect(state)[1]
    after = trainer.step(state)
    assert tape.batch == 5
    assert_same(gradients.flat, again.flat)
    assert_same(state.params - 0.25 * gradients.flat, after.params)
    assert_same(trainer.network.average_statistics(state.running_stats, tape), after.running_stats)


# Batches and epochs


def test_a_short_last_batch_is_a_batch():
    trainer = make()
    state, seen = trainer.init(), []
    for step, size in enumerate([6, 6, 6, 6, 5] * 2):
        assert (state.step, state.epoch, state.cursor) == (step, step // 5, 6 * (step % 5))
        rows = rows_of(trainer, trainer.inspect(state)[0])
        assert len(rows) == size
        seen += rows
        state = trainer.step(state)
    assert (state.step, state.epoch, state.cursor) == (10, 2, 0)
    assert sorted(seen[:29]) == sorted(seen[29:]) == list(range(29))
    assert seen[:29] != seen[29:]


def test_a_batch_of_all_is_the_whole_training_set():
    assert_same_state(trained(make(batch_size=29)), trained(make(batch_size="all")))
    assert trained(make(batch_size="all"), 7).epoch == 7


@pytest.mark.parametrize(("size", "refused"), [(29, False), (30, True), (1000, True)])
def test_a_batch_larger_than_the_data_is_refused(size, refused):
    refusal = pytest.raises(Refusal, match=one_sentence("batch_size", "between 1 and 29", str(size)))
    with refusal if refused else nullcontext():
        make(batch_size=size)


def test_without_shuffling_every_epoch_has_the_same_order():
    fixed = make(shuffle=False)
    epochs = []
    for steps in (0, 5, 10):
        epochs.append([rows_of(fixed, fixed.inspect(trained(fixed, steps + k))[0]) for k in range(5)])
    assert epochs[0] == epochs[1] == epochs[2]
    assert sorted(row for rows in epochs[0] for row in rows) == list(range(29))
    # It is the order of a shuffled run's first epoch.
    assert_same(trained(fixed, 5).params, trained(make(), 5).params)
    assert not np.array_equal(trained(fixed, 10).params, trained(make(), 10).params)


def test_the_default_batch_makes_do_with_fewer_points():
    assert Trainer(Config(samples=8)).batch_size == 4


def test_adding_a_unit_does_not_reshuffle_the_batches():
    small, large = make(), make(hidden=(5, 3))
    for steps in (0, 3, 8):
        first, second = (rows_of(t, t.inspect(trained(t, steps))[0]) for t in (small, large))
        assert first == second


def test_a_single_training_point_is_enough_without_batch_norm():
    for choices in VARIANTS.values():
        if any(Config(hidden=(4, 3), batch_norm=choices.get("batch_norm", False)).batch_norm):
            with pytest.raises(Refusal, match=one_sentence("batch_norm", "at least 2 training points", "1")):
                make(choices, samples=2, batch_size="all")
        else:
            assert trained(make(choices, samples=2, batch_size="all"), 10).finite


def test_the_schedule_lowers_the_rate_by_step():
    decaying = make(schedule="exponential", schedule_params={"decay": math.log(2)}, learning_rate=0.2)
    state = decaying.run(decaying.init(), 2)
    constant = make(learning_rate=0.05)
    assert_close(decaying.step(state).params, constant.step(state).params)


# Live changes


@pytest.mark.parametrize(
    "change",
    [
        {"learning_rate": 0.5},
        {"batch_size": 5},
        {"dropout": 0.4},
        {"dropout": (0.0, 0.0)},
        {"activation": "relu"},
        {"optimizer_params": {"beta1": 0.5}},
        {"regularization_rate": 1.0},
        {"regularization": "l1"},
        {"loss": "squared_error"},
        {"schedule": "constant"},
    ],
    ids=str,
)
def test_retune_keeps_the_state(change):
    trainer = make(RICH)
    state = trained(trainer, 13)
    tuned = trainer.retune(Config(**{**RICH, **change}))
    assert tuned.data is trainer.data
    assert_same_state(tuned.adopt(state), state)
    later = tuned.run(tuned.adopt(state), 17)
    assert_same_state(later, make(RICH, **change).run(state, 17))
    assert not np.array_equal(later.params, trainer.run(state, 17).params)


def test_retune_goes_on_where_the_epoch_was():
    trainer = make()
    state = trained(trainer, 3)
    tuned = trainer.retune(Config(**{**SMALL, "batch_size": 8}))
    rest = rows_of(tuned, tuned.inspect(state)[0])
    order = [row for _ in range(2) for row in rows_of(trainer, trainer.inspect(state)[0])]
    assert len(rest) == 8
    assert rest[:6] == order[:6]
    assert tuned.run(state, 2).epoch == 1


NAMES = list(OPTIMIZERS)


@pytest.mark.parametrize(("old", "new", "seeds"), [
    *((old, new, None) for old, new in neighbours(NAMES)),
    *((new, old, range(2)) for old, new in neighbours(NAMES)),
])  # fmt: skip
def test_another_optimizer_keeps_the_weights(old, new, seeds):
    trainer = make(optimizer=old)
    state = trained(trainer, 8, seeds)
    tuned = trainer.retune(Config(**SMALL, optimizer=new))
    adopted = tuned.adopt(state)
    fresh = tuned.init(seeds).optimizer_state
    assert_same(adopted.params, state.params)
    assert (adopted.step, adopted.cursor, adopted.seeds) == (state.step, state.cursor, state.seeds)
    assert type(adopted.optimizer_state) is type(fresh)
    if type(fresh) is not type(state.optimizer_state):
        for array, zero in zip(adopted.optimizer_state, fresh, strict=True):
            assert_same(array, zero)
            assert not array.flags.writeable
    assert tuned.step(adopted).finite


def test_all_optimizers_one_after_the_other_and_back_to_the_first():
    trainer = make(optimizer=NAMES[0])
    state = trained(trainer, 3)
    for name in [*NAMES[1:], NAMES[0]]:
        trainer = trainer.retune(Config(**SMALL, optimizer=name))
        params = state.params
        state = trainer.adopt(state)
        assert_same(state.params, params)
        state = trainer.run(state, 3)
        assert state.finite
    assert state.step == 3 * (len(NAMES) + 1)
    assert type(state.optimizer_state) is type(make(optimizer=NAMES[0]).init().optimizer_state)


@pytest.mark.parametrize(
    "change",
    [{"dataset": "xor"}, {"samples": 60}, {"noise": 5}, {"train_fraction": 0.6}, {"features": ("x1",)},
     {"hidden": (4, 4)}, {"initializer": "he_normal"}, {"batch_norm": True}, {"preprocessing": "standardise"},
     {"seed": 1}],
    ids=str,
)  # fmt: skip
def test_retune_refuses_a_rebuild(change):
    with pytest.raises(ValueError, match="needs a new Trainer"):
        make().retune(Config(**{**SMALL, **change}))


def test_retune_keeps_data_of_your_own(rng):
    trainer = make(data=(rng.normal(size=(30, 2)), np.arange(30) % 3))
    tuned = trainer.retune(Config(**SMALL, learning_rate=0.5))
    assert tuned.data is trainer.data
    assert tuned.predict(trained(tuned), [[0, 0]]).shape == (1, 3)


# Evaluation


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("dataset", ["circle", "blobs3"])
def test_evaluate_against_plain_loops(dataset, norm):
    trainer = make(dataset=dataset, batch_norm=norm, dropout=0.5, regularization="l2", regularization_rate=0.1)
    state = trained(trainer, 25)
    data = trainer.data
    layers = naive.build(state.params, 2, (4, 3), data.outputs, ("tanh", "tanh"), (norm, norm))
    averages = [
        (state.running_stats[part][:part_size].tolist(), state.running_stats[part][part_size:].tolist())
        for part in trainer.network.statistic_slices
        if (part_size := (part.stop - part.start) // 2)
    ]
    scores = naive.forward(layers, data.inputs[:, :2].tolist(), running_stats=averages)
    found = trainer.evaluate(state)
    train, test = slice(0, data.train), slice(data.train, None)
    assert_close(found.train_loss, naive.cross_entropy(scores[train], data.labels[train]))
    assert_close(found.test_loss, naive.cross_entropy(scores[test], data.labels[test]))
    assert_close(found.train_accuracy, naive.accuracy(scores[train], data.labels[train]))
    assert_close(found.test_accuracy, naive.accuracy(scores[test], data.labels[test]))
    assert_close(found.regularization, 0.1 * sum(w * w / 2 for layer in layers for row in layer.weights for w in row))


def test_values_have_half_the_squared_error_and_no_accuracy():
    trainer = make(VARIANTS["values"])
    state = trained(trainer)
    error = trainer.predict(state, trainer.data.points)[:, 0] - trainer.data.labels
    found = trainer.evaluate(state)
    assert_close(found.train_loss, np.mean(error[:29] ** 2) / 2)
    assert_close(found.test_loss, np.mean(error[29:] ** 2) / 2)
    assert np.isnan(found.train_accuracy)
    assert np.isnan(found.test_accuracy)


@pytest.mark.parametrize("seeds", [None, range(3)])
@pytest.mark.parametrize("dataset", DATASETS)
def test_predictions(dataset, seeds):
    trainer = make(dataset=dataset)
    state = trained(trainer, 50, seeds)
    batch_shape = () if seeds is None else (3,)
    predicted = trainer.predict(state, trainer.data.points[:7])
    assert predicted.shape == (*batch_shape, 7, DATASETS[dataset].outputs)
    if trainer.data.classes:
        assert 0 < predicted.min() < predicted.max() < 1
    if trainer.data.classes > 2:
        assert_close(predicted.sum(axis=-1), 1.0)
    assert all(np.shape(part) == batch_shape for part in trainer.evaluate(state))


def test_predicting_is_in_evaluation_mode():
    trainer = make(RICH)
    state, points = trained(trainer), trainer.data.points
    whole = trainer.predict(state, points)
    assert_same(whole, trainer.predict(state, points))
    assert_close(whole[:1], trainer.predict(state, points[:1]))
    assert_close(whole[:1], trainer.predict(state, points[0].tolist()))


def test_evaluations_are_not_overwritten():
    trainer = make()
    first = trainer.evaluate(trained(trainer, 5, range(2)))
    kept = [np.array(part) for part in first]
    trainer.evaluate(trained(trainer, 50, range(2)))
    for part, copy in zip(first, kept, strict=True):
        assert_same(part, copy)


# Divergence


def is_bounded(entry):
    """Whether a step is no longer where all is a thousand times steeper and farther out."""
    if entry.probes:
        return False  # such a rule needs the loss itself, and bounds its step by that
    hyperparameters = {
        "learning_rate": 1.0,
        **{hyperparameter.name: hyperparameter.default for hyperparameter in entry.hyperparameters},
    }
    lengths = []
    for scale in (1.0, 1e3):
        params, gradient = scale * np.array([1.0, -2.0]), scale * np.array([-0.5, 3.0])
        change, _ = entry.update(gradient, entry.init(params), params, 0, hyperparameters)
        lengths.append(np.abs(change).max())
    return bool(lengths[1] < 1.01 * lengths[0])


@pytest.mark.parametrize(
    ("name", "bounded"), [("adam", True), ("lion", True), ("sgd", False), ("nesterov", False), ("adamw", False)]
)
def test_which_rules_bound_a_step(name, bounded):
    """Those that divide by the size of the gradient or take its sign; AdamW shrinks by a share of the parameters."""
    assert is_bounded(OPTIMIZERS[name]) is bounded


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize(("norm", "seeds"), [(False, None), (True, range(2))])
def test_divergence_is_silent_and_visible(name, norm, seeds):
    """Warnings and NumPy's errors are exceptions in these tests; nothing here may raise one."""
    trainer = make(
        dataset="multi_gauss",
        activation="relu",
        loss="squared_error",
        optimizer=name,
        learning_rate=1000.0,
        regularization="l2",
        regularization_rate=100.0,
        batch_norm=norm,
        dropout=0.2,
    )
    # Those that probe must stay finite, and are slow: 40 steps are enough to see them fail.
    state = trained(trainer, 40 if OPTIMIZERS[name].probes else 130, seeds)
    trainer.evaluate(state)
    trainer.predict(state, [[0.0, 0.0]])
    trainer.inspect(state)
    assert state.finite == np.isfinite(state.params).all()
    # Regularization alone multiplies the weights by 1e5 each step, unless the rule bounds a step or tries it.
    assert state.finite == (is_bounded(OPTIMIZERS[name]) or OPTIMIZERS[name].probes)
    assert trainer.init(seeds).finite


def test_learning_rate_ten_with_relu_goes_to_infinity():
    trainer = make(dataset="plane", activation="relu", learning_rate=10.0, hidden=(8, 8))
    state = trained(trainer, 500)
    assert not state.finite
    assert not np.isfinite(trainer.evaluate(state).train_loss)


# Editing by hand


@pytest.mark.parametrize("seeds", [None, range(2)])
def test_edit_sets_one_number_and_branches(seeds):
    trainer = make(RICH)
    state = trained(trainer, 6, seeds)
    edited = trainer.edit(state, 2, -3.5)
    assert np.all(edited.params[..., 2] == -3.5)
    assert np.count_nonzero(edited.params != state.params) == np.prod(state.batch_shape, dtype=int)
    assert_same_state(replace(edited, params=state.params), state)
    with pytest.raises(ValueError, match="read-only"):
        edited.params[..., 0] = 0
    assert trainer.run(edited, 5).step == 11


@pytest.mark.parametrize("value", [1001, -1001, float("nan"), float("inf"), "1", None, True], ids=repr)
def test_edit_refuses_bad_values(value):
    trainer = make()
    with pytest.raises(ValueError, match=one_sentence("value", "between -1000 and 1000", repr(value))):
        trainer.edit(trainer.init(), 0, value)
