"""What holds whatever is chosen: hypothesis draws Configs from the registries, so new entries join by themselves."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_same, assert_same_state
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import (
    ACTIVATIONS,
    AVERAGINGS,
    BIAS_INITIALIZERS,
    CLIPPINGS,
    DATASETS,
    FEATURES,
    INITIALIZERS,
    LOSSES,
    MOMENTUM_SCHEDULES,
    OPTIMIZERS,
    PLACEMENTS,
    PREPROCESSORS,
    REGULARIZERS,
    SCHEDULES,
    STOPPINGS,
    Config,
    Trainer,
)
from engine.data import training_points
from engine.streams import Purpose, stream

CHOSEN = {
    "dataset": DATASETS, "initializer": INITIALIZERS, "bias_initializer": BIAS_INITIALIZERS, "loss": LOSSES,
    "regularization": REGULARIZERS, "optimizer": OPTIMIZERS, "clipping": CLIPPINGS, "schedule": SCHEDULES,
    "momentum_schedule": MOMENTUM_SCHEDULES, "preprocessing": PREPROCESSORS, "stopping": STOPPINGS,
    "averaging": AVERAGINGS,
}  # fmt: skip


def values_of(hyperparameter):
    """Values in a hyperparameter's range; of whole numbers the small ones, with which something happens within a few
    steps."""
    if hyperparameter.integer:
        return st.integers(int(hyperparameter.low), min(int(hyperparameter.high), int(hyperparameter.low) + 20))
    if hyperparameter.log and hyperparameter.low > 0:
        return st.floats(math.log10(hyperparameter.low), math.log10(hyperparameter.high)).map(
            lambda power: min(max(10**power, hyperparameter.low), hyperparameter.high)
        )
    return st.floats(hyperparameter.low, hyperparameter.high)


def hyperparameters_of(entry):
    """Some of an entry's hyperparameters; the others take their defaults."""
    return st.fixed_dictionaries(
        {},
        optional={
            hyperparameter.name: values_of(hyperparameter) for hyperparameter in getattr(entry, "hyperparameters", ())
        },
    )


@st.composite
def choices(draw, allowed=None, steady=False, norm=True):
    """Keywords of a valid Config, small enough to train in a moment.

    ``allowed`` narrows registries to some of their names; ``steady`` leaves out what is drawn for each sample, and
    ``norm`` False batch norm.
    """
    pools = {keyword: list(registry) for keyword, registry in {**CHOSEN, "activation": ACTIVATIONS}.items()}
    pools |= allowed or {}
    pools["dataset"] = [name for name in pools["dataset"] if losses_for(name, pools["loss"])]
    if all(CLIPPINGS[name].active for name in pools["clipping"]):
        pools["optimizer"] = [name for name in pools["optimizer"] if not OPTIMIZERS[name].probes]

    names = {}
    for keyword, registry in CHOSEN.items():
        pool = pools[keyword]
        if keyword == "loss":
            pool = losses_for(names["dataset"], pool)
        if keyword == "averaging" and names["stopping"] == "back_to_best":
            pool = [name for name in pool if not AVERAGINGS[name].active]
        if keyword == "clipping" and OPTIMIZERS[names["optimizer"]].probes:
            pool = [name for name in pool if not CLIPPINGS[name].active]
        names[keyword] = draw(st.sampled_from(pool), label=keyword)
        if any(getattr(entry, "hyperparameters", ()) for entry in registry.values()):
            names[f"{keyword}_params"] = draw(hyperparameters_of(registry[names[keyword]]))
    rule = OPTIMIZERS[names["optimizer"]]
    samples, fraction = draw(st.integers(6, 40)), draw(st.floats(0.3, 0.8))
    train = training_points(samples, fraction)
    # Rules that look around are slow: their networks are the smallest.
    hidden = draw(st.lists(st.integers(1, 4), max_size=1 if rule.probes else 3), label="hidden")
    layers = [draw(st.sampled_from(pools["activation"])) for _ in hidden]
    placements = [entry.plain for entry in PLACEMENTS.values() if norm or not entry.active]
    norms = [draw(st.sampled_from(placements)) for _ in hidden]
    batch = st.just("all") if rule.full_batch else st.sampled_from(["all", *batch_sizes(train, any(norms))])
    chance = st.just(0.0) | st.floats(0.05, 0.6)
    of_samples = st.just(0.0) if steady else chance
    return {
        **names,
        "samples": samples,
        "train_fraction": fraction,
        "noise": draw(st.floats(0, 50)),
        "features": draw(st.lists(st.sampled_from(list(FEATURES)), min_size=1, max_size=4, unique=True)),
        "hidden": hidden,
        "activation": layers,
        "activation_params": [draw(hyperparameters_of(ACTIVATIONS[name])) for name in layers],
        "batch_norm": norms,
        "dropout": [draw(of_samples) for _ in hidden],
        "drop_connect": [draw(chance) for _ in hidden],
        "input_noise": draw(of_samples),
        "regularization_rate": draw(st.just(0.0) | st.floats(0, 0.1)),
        "learning_rate": rule.usual_rate * draw(st.floats(0.1, 3)),
        "batch_size": draw(batch, label="batch_size"),
        "shuffle": draw(st.booleans()),
        "seed": draw(st.integers(0, 2**32 - 1)),
    }


def batch_sizes(train, norm):
    """Batch sizes from two on; with batch norm those that leave no single point for the last batch."""
    return [size for size in range(2, train + 1) if not norm or train % size != 1]


def losses_for(dataset, names):
    """Those of some losses that fit a data set's task."""
    return [name for name in names if DATASETS[dataset].task in LOSSES[name].forms]


ENTRIES = [
    *((keyword, name) for keyword, registry in CHOSEN.items() for name in registry),
    *(("activation", name) for name in ACTIVATIONS),
]
each_entry = pytest.mark.parametrize(("keyword", "name"), ENTRIES)
each_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS)


def make(chosen, **more):
    return Trainer(Config(**{**chosen, **more}))


def few(chosen):
    """Steps enough for more than an epoch of many batches; fewer where each is made of many evaluations."""
    return 3 if OPTIMIZERS[chosen["optimizer"]].probes else 8


# Grouping


@each_entry
@settings(max_examples=1)  # each of the 91 draws all other choices too
@given(data=st.data())
def test_grouping_of_steps_does_not_matter(keyword, name, data):
    chosen = data.draw(choices({keyword: [name]}))
    groups = data.draw(st.lists(st.integers(0, 6), min_size=2, max_size=5), label="groups")
    seeds = data.draw(st.none() | st.just([2, 9]), label="seeds")
    trainer, again = make(chosen), make(chosen)
    state = trainer.init(seeds)
    for steps in groups:
        state = trainer.run(state, steps)
    # If all have stopped before, further groups change nothing.
    assert_same_state(state, again.run(again.init(seeds), sum(groups)))


# Several networks at once


@each_optimizer
@settings(max_examples=6)
@given(data=st.data())
def test_a_leading_axis_of_one_is_one_network(optimizer, data):
    chosen = data.draw(choices({"optimizer": [optimizer]}))
    trainer = make(chosen)
    one = trainer.run(trainer.init([chosen["seed"]]), few(chosen))
    assert one.batch_shape == (1,)
    assert_same_state(one.replica(0), trainer.run(trainer.init(), few(chosen)))


def arrays_of(state):
    """All arrays of a State, by name."""
    named = {name: getattr(state, name) for name in ("params", "running_stats", "average", "stopped")}
    for name in ("optimizer_state", "stopping_state"):
        optimizer_state = getattr(state, name)
        named |= {f"{name}.{field}": array for field, array in optimizer_state._asdict().items()}
    return named


SEEDS = [3, 1, 4, 1, 3]


@each_entry
@settings(max_examples=1)  # each of the 91 draws all other choices too
@given(data=st.data())
def test_five_networks_at_once_are_five_runs(keyword, name, data):
    """Bit for bit, for NumPy hands BLAS the matrices of each network by themselves, and sums each by itself.

    No tolerance could stand in for that: in eight steps one last digit grows to 1e-3 of the weights or more where a
    rule divides by the size of the gradient (Adam, at gradients near zero), where a sign decides (Lion, the kinks of
    L1 and of the perceptron's loss), and a million times through Newton's Hessian of differences.
    """
    chosen = data.draw(choices({keyword: [name]}))
    trainer = make(chosen)
    together = trainer.run(trainer.init(SEEDS), few(chosen))
    alone = {seed: trainer.run(trainer.init([seed]), few(chosen)).replica(0) for seed in set(SEEDS)}
    for k, seed in enumerate(SEEDS):
        for field, expected in arrays_of(alone[seed]).items():
            assert_same(arrays_of(together.replica(k))[field], expected)


# Batches


def assert_within(actual, expected, share, least=0.0):
    """The same up to a share of the largest number, or of ``least``; what is not finite is in the same places."""
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(actual[~finite], expected[~finite])
    scale = np.abs(expected[finite]).max(initial=least)
    np.testing.assert_allclose(actual[finite], expected[finite], rtol=0.0, atol=share * scale)


def full_of(chosen):
    """Number of training points."""
    return training_points(chosen["samples"], chosen["train_fraction"])


def at_short_batch(chosen, data):
    """A trainer with a batch size that leaves a short last batch, and the State before that batch."""
    train = full_of(chosen)
    sizes = [size for size in batch_sizes(train, any(chosen["batch_norm"])) if train % size]
    assume(sizes)
    size = data.draw(st.sampled_from(sizes), label="batch_size")
    trainer = make(chosen, batch_size=size)
    state = trainer.run(trainer.init(), train // size)
    assert state.cursor == train - train % size
    return trainer, state


def gradient_of(trainer, state, inputs, targets):
    """Gradient of a batch on a tape of its own."""
    buffers = trainer.buffers.allocate(state.batch_shape, len(inputs))
    if trainer.network.draws:
        trainer.network.draw_masks(buffers.tape, state.seeds, state.step)
    parameters = trainer.network.bind(state.params)
    with np.errstate(all="ignore"):
        return trainer.objective.gradient(parameters, inputs, targets, buffers.tape, buffers.gradients).copy()


def rest_of(trainer, state):
    """Inputs and targets of what is left of the epoch."""
    return tuple(part[state.cursor :] for part in trainer.batches.epoch(state.epoch))


PLAIN = {"optimizer": ["sgd"], "clipping": ["none"], "stopping": ["never"]}
"""A step is then minus the rate times the gradient, and nothing ends it."""


@settings(max_examples=60)
@given(choices(PLAIN, steady=True, norm=False), st.data())
def test_a_short_last_batch_is_the_mean_over_its_own_samples(chosen, data):
    trainer, state = at_short_batch(chosen, data)
    assume(state.finite)
    inputs, targets = rest_of(trainer, state)
    assert len(inputs) < trainer.batch_size
    own = [gradient_of(trainer, state, inputs[k : k + 1], targets[k : k + 1]) for k in range(len(inputs))]
    rate = trainer.config.learning_rate * trainer.schedule.factor(state.step, trainer.config.schedule_params)
    after = trainer.step(state)
    assert (after.epoch, after.cursor) == (1, 0)
    assert_within(after.params, state.params - rate * np.mean(own, axis=0), 1e-12)


# Each batch norm divides by a spread that may be sqrt(1e-5), and so makes rounding up to 316 times as large; in 500
# Configs up to 1e-11 was measured. Where terms of order one cancel, rounding is a share of these, not of what is left.
NORMED = {"share": 1e-9, "least": 1.0}
FIRST_ORDER = [name for name, rule in OPTIMIZERS.items() if not rule.full_batch]


@settings(max_examples=60)
@given(choices({"optimizer": FIRST_ORDER, "stopping": ["never"]}, steady=True), st.data())
def test_a_short_last_batch_twice_over_has_the_same_gradient(chosen, data):
    """A mean does not count its samples; not even through batch norm, where they cannot be taken one by one."""
    trainer, state = at_short_batch(chosen, data)
    inputs, targets = rest_of(trainer, state)
    doubled = gradient_of(trainer, state, np.repeat(inputs, 2, axis=0), np.repeat(targets, 2, axis=0))
    assert_within(doubled, trainer.inspect(state)[1].flat, **NORMED)


# Order


def reordered(trainer):
    """A trainer of the same data, whose training points come in another order."""
    data, config = trainer.data, trainer.config
    # A class that no point has would be unknown to whoever sees the points alone.
    assume(not data.classes or len(np.unique(data.labels)) == data.classes)
    rng = np.random.default_rng(config.seed)
    order = np.concatenate([rng.permutation(data.train), np.arange(data.train, len(data.points))])
    # With a test set of its own only training points are shuffled: undone here, that leads back to the order wanted.
    back = np.argsort(stream(config.seed, Purpose.SPLIT).permutation(data.train))
    points, labels = data.points[order], data.labels[order]
    own = points[: data.train][back], labels[: data.train][back], points[data.train :], labels[data.train :]
    other = Trainer(config, data=own)
    assert_same(other.data.points, data.points[order])
    return other


def is_linear(rule):
    """Whether the changes for a sum of gradients are the sum of the changes for each, three steps long.

    Then small gradients are not blown up, and no sign decides, as for the gains of delta-bar-delta: where a gradient
    is zero but for rounding, its sign is chance.
    """
    if rule.probes:
        return False
    hyperparameters = {"learning_rate": 0.1} | {
        hyperparameter.name: hyperparameter.default for hyperparameter in rule.hyperparameters
    }
    first = np.array([[1.0, -1e-3], [-2.0, 5.0], [0.3, 0.7]])
    second = np.array([[-1.5, 0.2], [0.4, 0.1], [3.0, -2.0]])

    def changes(gradients):
        params = np.zeros(2)
        optimizer_state, made = rule.init(params), []
        for step, gradient in enumerate(gradients):
            change, optimizer_state = rule.update(gradient, optimizer_state, params, step, hyperparameters)
            made.append(change)
        return np.array(made)

    return np.allclose(changes(first + second), changes(first) + changes(second), rtol=1e-12, atol=1e-14)


def pieces_of(activation):
    return activation.pieces(*(hyperparameter.default for hyperparameter in activation.hyperparameters))


LINEAR = [name for name, rule in OPTIMIZERS.items() if is_linear(rule)]
SMOOTH = {
    "optimizer": LINEAR,
    "clipping": [name for name, entry in CLIPPINGS.items() if not entry.active],
    "loss": [name for name in LOSSES if name not in ("hinge", "perceptron")],
    "regularization": [name for name in REGULARIZERS if name not in ("l1", "elastic")],
    "activation": [name for name, entry in ACTIVATIONS.items() if not entry.kinks and pieces_of(entry) == 1],
    "stopping": ["never"],
}
"""Without kinks, at which rounding decides between two slopes, and rules that divide by the size of the gradient."""


@settings(max_examples=60)
@given(choices({"stopping": ["never"], "activation": SMOOTH["activation"], "loss": SMOOTH["loss"]}, steady=True))
def test_the_order_of_a_full_batch_does_not_matter(chosen):
    """Nor do preprocessing and data-driven initialisers, which see the same points, mind it."""
    trainer = make(chosen, batch_size="all")
    other = reordered(trainer)
    state, again = trainer.init(), other.init()
    # From a few points that nearly agree, a data-driven initialiser makes vast weights, and vast rounding.
    assume(np.abs(state.params).max() < 100.0)
    assert_within(again.params, state.params, 1e-12)
    assert_within(other.inspect(again)[1].flat, trainer.inspect(state)[1].flat, **NORMED)
    assert_within(other.evaluate(again).train_loss, trainer.evaluate(state).train_loss, **NORMED)


@settings(max_examples=60)
@given(choices(SMOOTH, steady=True))
def test_nor_does_it_along_the_way(chosen):
    trainer = make(chosen, batch_size="all")
    other = reordered(trainer)
    state, again = trainer.run(trainer.init(), 5), other.run(other.init(), 5)
    assert again.epoch == 5
    # How far rounding grows on this very path: from a start that is off by 1e-12, ten thousand roundings.
    start = trainer.init()
    nudged = trainer.run(replace(start, params=start.params * (1.0 + 1e-12)), 5)
    allowed = 1e-9 * max(1.0, np.abs(state.params).max()) + np.abs(nudged.params - state.params).max()
    assume(allowed < 1e-3)
    assert np.abs(again.params - state.params).max() <= allowed
