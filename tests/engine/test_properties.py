"""What holds whatever is chosen: hypothesis draws Configs from the registries, so new entries join by themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers import assert_same_state
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
    PENALTIES,
    PLACEMENTS,
    PREPROCESSORS,
    SCHEDULES,
    STOPPINGS,
    Config,
    Trainer,
)
from engine.data import training_points

CHOSEN = {
    "dataset": DATASETS, "initializer": INITIALIZERS, "bias_initializer": BIAS_INITIALIZERS, "loss": LOSSES,
    "penalty": PENALTIES, "optimizer": OPTIMIZERS, "clipping": CLIPPINGS, "schedule": SCHEDULES,
    "momentum_schedule": MOMENTUM_SCHEDULES, "preprocessing": PREPROCESSORS, "stopping": STOPPINGS,
    "averaging": AVERAGINGS,
}  # fmt: skip


def values_of(knob):
    """Values in a knob's range, which for whole numbers without a near end is where things happen within a few steps."""
    if knob.integer:
        return st.integers(int(knob.low), min(int(knob.high), int(knob.low) + 20))
    if knob.log and knob.low > 0:
        return st.floats(math.log10(knob.low), math.log10(knob.high)).map(
            lambda power: min(max(10**power, knob.low), knob.high)
        )
    return st.floats(knob.low, knob.high)


def knobs_of(entry):
    """Some of an entry's knobs; the others take their defaults."""
    return st.fixed_dictionaries({}, optional={knob.name: values_of(knob) for knob in getattr(entry, "knobs", ())})


CHANCE = ("dropout", "drop_connect", "input_noise")


@st.composite
def choices(draw, allowed=None, steady=False, norm=True):
    """Keywords of a valid Config, small enough to train in a moment.

    ``allowed`` narrows registries to some of their names; ``steady`` leaves chance out, ``norm`` False batch norm.
    """
    allowed = allowed or {}

    def name_of(keyword, names):
        return draw(st.sampled_from([name for name in allowed.get(keyword, names) if name in names]), label=keyword)

    names = {}
    for keyword, registry in CHOSEN.items():
        pool = list(registry)
        if keyword == "loss":
            pool = [name for name in pool if DATASETS[names["dataset"]].task in LOSSES[name].forms]
        if keyword == "clipping" and OPTIMIZERS[names["optimizer"]].probes:
            pool = [name for name in pool if not CLIPPINGS[name].active]
        names[keyword] = name_of(keyword, pool)
        knobs = draw(knobs_of(registry[names[keyword]]))
        if knobs:
            names[f"{keyword}_knobs"] = knobs
    rule = OPTIMIZERS[names["optimizer"]]
    samples, fraction = draw(st.integers(6, 40)), draw(st.floats(0.3, 0.8))
    train = training_points(samples, fraction)
    hidden = draw(st.lists(st.integers(1, 4), max_size=3))
    layers = [name_of("activation", list(ACTIVATIONS)) for _ in hidden]
    placements = [entry.plain for entry in PLACEMENTS.values() if norm or not entry.active]
    batch_norm = [draw(st.sampled_from(placements)) for _ in hidden]
    batch = st.just("all") if rule.full_batch else st.just("all") | st.integers(min(2, train), train)
    chance = st.just(0.0) if steady else st.just(0.0) | st.floats(0.05, 0.6)
    return {
        **names,
        "samples": samples,
        "train_fraction": fraction,
        "noise": draw(st.floats(0, 50)),
        "features": draw(st.lists(st.sampled_from(list(FEATURES)), min_size=1, max_size=4, unique=True)),
        "hidden": hidden,
        "activation": layers,
        "activation_knobs": [draw(knobs_of(ACTIVATIONS[name])) for name in layers],
        "batch_norm": batch_norm,
        "dropout": [draw(chance) for _ in hidden],
        "drop_connect": [draw(chance) for _ in hidden],
        "input_noise": draw(chance),
        "penalty_rate": draw(st.just(0.0) | st.floats(0, 0.1)),
        "learning_rate": rule.usual_rate * draw(st.floats(0.1, 3)),
        "batch_size": draw(batch, label="batch_size"),
        "shuffle": draw(st.booleans()),
        "seed": draw(st.integers(0, 2**32 - 1)),
    }


ENTRIES = [
    *((keyword, name) for keyword, registry in CHOSEN.items() for name in registry),
    *(("activation", name) for name in ACTIVATIONS),
]
each_entry = pytest.mark.parametrize(("keyword", "name"), ENTRIES)
each_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS)

STEPS = 8
"""More than an epoch of most batches, and few enough that nothing grows much."""


def make(chosen, **more):
    return Trainer(Config(**{**chosen, **more}))


# Grouping


@each_entry
@settings(max_examples=4)
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
@settings(max_examples=10)
@given(data=st.data())
def test_a_leading_axis_of_one_is_one_network(optimizer, data):
    chosen = data.draw(choices({"optimizer": [optimizer]}))
    trainer = make(chosen)
    one = trainer.run(trainer.init([chosen["seed"]]), STEPS)
    assert one.lead == (1,)
    assert_same_state(one.replica(0), trainer.run(trainer.init(), STEPS))


def arrays_of(state):
    """All arrays of a State, by name."""
    named = {name: getattr(state, name) for name in ("params", "running", "average", "stopped")}
    for name in ("slots", "watch"):
        slots = getattr(state, name)
        named |= {f"{name}.{field}": array for field, array in slots._asdict().items()}
    return named


def assert_within(actual, expected, share):
    """The same up to a share of the largest number; what is not finite is in the same places."""
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(actual[~finite], expected[~finite])
    scale = np.abs(expected[finite]).max(initial=0.0)
    np.testing.assert_allclose(actual[finite], expected[finite], rtol=0.0, atol=share * scale)


SEEDS = [3, 1, 4, 1, 5]


@each_entry
@settings(max_examples=4)
@given(data=st.data())
def test_five_networks_at_once_are_five_runs(keyword, name, data):
    """Among them two with the same seed."""
    trainer = make(data.draw(choices({keyword: [name]})))
    together = trainer.run(trainer.init(SEEDS), STEPS)
    for k, seed in enumerate(SEEDS):
        alone = trainer.run(trainer.init([seed]), STEPS).replica(0)
        for field, expected in arrays_of(alone).items():
            found = arrays_of(together.replica(k))[field]
            assert found.shape == expected.shape, field
            assert_within(found, expected, 1e-12)


# Batches


def full_of(chosen):
    """Number of training points."""
    return training_points(chosen["samples"], chosen["train_fraction"])


def at_short_batch(chosen, data):
    """A trainer with a batch size that leaves a short last batch, and the State before that batch."""
    train = full_of(chosen)
    assume(train > 2)
    size = data.draw(st.sampled_from([size for size in range(2, train) if train % size]), label="batch_size")
    trainer = make(chosen, batch_size=size)
    state = trainer.run(trainer.init(), train // size)
    assert state.cursor == train - train % size
    return trainer, state


def gradient_of(trainer, state, inputs, targets):
    """Gradient of a batch on a tape of its own."""
    work = trainer.allocate(state.lead, len(inputs))
    if trainer.network.draws:
        trainer.network.draw_masks(work.tape, state.seeds, state.step)
    parameters = trainer.network.bind(state.params)
    with np.errstate(all="ignore"):
        return trainer.objective.gradient(parameters, inputs, targets, work.tape, work.gradients).copy()


def rest_of(trainer, state):
    """Inputs and targets of what is left of the epoch."""
    return tuple(part[state.cursor :] for part in trainer.epoch_data(state.epoch))


PLAIN = {"optimizer": ["sgd"], "clipping": ["none"], "stopping": ["never"]}
"""A step is then minus the rate times the gradient, and nothing ends it."""


@settings(max_examples=80)
@given(choices(PLAIN, steady=True, norm=False), st.data())
def test_a_short_last_batch_is_the_mean_over_its_own_samples(chosen, data):
    trainer, state = at_short_batch(chosen, data)
    assume(state.finite)
    inputs, targets = rest_of(trainer, state)
    assert len(inputs) < trainer.batch_size
    own = [gradient_of(trainer, state, inputs[k : k + 1], targets[k : k + 1]) for k in range(len(inputs))]
    rate = trainer.config.learning_rate * trainer.schedule.factor(state.step, trainer.config.schedule_knobs)
    after = trainer.step(state)
    assert (after.epoch, after.cursor) == (1, 0)
    assert_within(after.params, state.params - rate * np.mean(own, axis=0), 1e-12)


@settings(max_examples=80)
@given(choices(steady=True), st.data())
def test_a_short_last_batch_twice_over_has_the_same_gradient(chosen, data):
    """A mean over samples does not count them, nor does batch norm, whose samples cannot be taken one by one."""
    assume(not OPTIMIZERS[chosen["optimizer"]].full_batch)
    trainer, state = at_short_batch({**chosen, "stopping": "never", "stopping_knobs": {}}, data)
    inputs, targets = rest_of(trainer, state)
    doubled = gradient_of(trainer, state, np.repeat(inputs, 2, axis=0), np.repeat(targets, 2, axis=0))
    assert_within(doubled, trainer.inspect(state)[1].flat, 1e-9)
