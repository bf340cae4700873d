import numpy as np
import pytest
from helpers import assert_same, name_of

from engine import STOPPINGS
from engine.stopping import EpochSummary

every = pytest.mark.parametrize("entry", STOPPINGS.values(), ids=name_of)
UNKNOWN = np.array(np.nan)


def hyperparameters_of(entry, **chosen):
    return {hyperparameter.name: hyperparameter.default for hyperparameter in entry.hyperparameters} | chosen


def stopping_state(name, chosen, *, params=None, train=None, test=None, epochs=None, start=(0.0, 0.0)):
    """Whether one network should stop, epoch by epoch; what is not given stands still or is unknown."""
    entry = STOPPINGS[name]
    length = epochs or len(params or train or test)
    memory, met = entry.memory(np.array(start)), []
    for k in range(length):
        summary = EpochSummary(
            np.array(params[k] if params else start, dtype=float),
            k + 1,
            np.array(train[k]) if train else UNKNOWN,
            np.array(test[k]) if test else UNKNOWN,
        )
        done, memory = entry.judge(summary, memory, hyperparameters_of(entry, **chosen))
        met.append(bool(done))
    return met


def walk(rng, batch_shape, epochs=60):
    """What might be seen in training: parameters that settle, losses that fall and rise again."""
    params = rng.normal(size=(epochs, *batch_shape, 5)) * np.exp(-0.3 * np.arange(epochs)).reshape(
        -1, *[1] * (len(batch_shape) + 1)
    )
    noise = rng.uniform(0.0, 0.2, (2, epochs, *batch_shape))
    train = np.exp(-0.1 * np.arange(epochs)).reshape(-1, *[1] * len(batch_shape)) + noise[0]
    test = np.abs(np.linspace(-1, 1, epochs)).reshape(-1, *[1] * len(batch_shape)) + noise[1]
    return [EpochSummary(params[k], k + 1, train[k, ...], test[k, ...]) for k in range(epochs)]


def judged(entry, sights, start, **chosen):
    """Every judgement and every memory."""
    memory = entry.memory(start)
    steps = []
    for summary in sights:
        met, memory = entry.judge(summary, memory, hyperparameters_of(entry, **chosen))
        steps.append((met, memory))
    return steps


@every
@pytest.mark.parametrize("batch_shape", [(), (1,), (3,), (2, 3)], ids=str)
def test_shapes(entry, batch_shape, rng):
    start = rng.normal(size=(*batch_shape, 5))
    memory = entry.memory(start)
    for met, later in judged(entry, walk(rng, batch_shape), start):
        assert isinstance(met, np.ndarray)
        assert met.shape == batch_shape
        assert met.dtype == bool
        assert type(later) is type(memory)
        for first, now in zip(memory, later, strict=True):
            assert isinstance(now, np.ndarray)
            assert now.shape[: len(batch_shape)] == batch_shape
            assert now.shape == first.shape


@every
def test_each_network_is_judged_by_itself(entry, rng):
    start, sights = rng.normal(size=(3, 5)), walk(rng, (3,))
    together = [met for met, _ in judged(entry, sights, start)]
    for k in range(3):
        alone = [
            EpochSummary(s.params[k], s.epoch, np.array(s.train_loss[k]), np.array(s.test_loss[k])) for s in sights
        ]
        assert [bool(met[k]) for met in together] == [bool(met) for met, _ in judged(entry, alone, start[k])]


@every
def test_pure_and_holding_on_to_nothing_it_was_shown(entry, rng):
    """The caller may go on in the same buffer: what is remembered must not move along."""
    start, sights = rng.normal(size=(3, 5)), walk(rng, (3,), epochs=4)
    expected = judged(entry, sights, start)
    memory, buffer = entry.memory(start.copy()), np.empty((3, 5))
    for summary, (met, later) in zip(sights, expected, strict=True):
        buffer[...] = summary.params
        before = [part.copy() for part in memory]
        for part in memory:
            part.flags.writeable = False
        now, new = entry.judge(summary._replace(params=buffer), memory, hyperparameters_of(entry))
        for part, kept in zip(memory, before, strict=True):
            assert_same(part, kept)
        buffer[...] = np.nan
        assert_same(now, met)
        for part, wanted in zip(new, later, strict=True):
            assert_same(part, wanted)
        memory = new


@every
def test_active_means_that_it_can_stop(entry, rng):
    """The walk settles, gets low, gets long and turns worse: there is no other reason to stop."""
    start, sights = rng.normal(size=5), walk(rng, (), epochs=200)
    assert any(met for met, _ in judged(entry, sights, start)) == entry.active


@every
def test_losses_are_needed_only_by_those_that_say_so(entry, rng):
    start, sights = rng.normal(size=5), walk(rng, (), epochs=200)
    blind = [summary._replace(train_loss=UNKNOWN, test_loss=UNKNOWN) for summary in sights]
    seeing = [bool(met) for met, _ in judged(entry, sights, start)]
    assert entry.evaluates or seeing == [bool(met) for met, _ in judged(entry, blind, start)]


@every
@pytest.mark.parametrize("end", ["low", "high"])
def test_every_hyperparameter_works_at_its_bounds(entry, end, rng):
    bounds = {hyperparameter.name: getattr(hyperparameter, end) for hyperparameter in entry.hyperparameters}
    assert len(judged(entry, walk(rng, (2,)), rng.normal(size=(2, 5)), **bounds)) == 60


@every
def test_the_reason_ends_a_sentence(entry):
    assert entry.reason
    assert entry.reason[0].islower()
    assert not entry.reason.endswith(".")
    assert "\n" not in entry.reason


def test_never():
    assert not any(stopping_state("never", {}, epochs=1000))


def test_parameter_change():
    # The largest change from epoch to epoch: 0.5 from the start, then 0.125 in the second, then 0.25 down, then none.
    path = [(0.5, -0.0625), (0.5, 0.0625), (0.25, 0.0625), (0.25, 0.0625)]
    assert stopping_state("parameter_change", {"goal": 0.2}, params=path) == [False, True, False, True]
    # Below the goal, not at it.
    assert stopping_state("parameter_change", {"goal": 0.125}, params=path) == [False, False, False, True]
    assert stopping_state("parameter_change", {"goal": 0.6}, params=path) == [True, True, True, True]


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_parameters_that_are_no_numbers_are_not_at_rest(broken):
    with np.errstate(all="ignore"):  # as in training
        assert not any(stopping_state("parameter_change", {"goal": 1.0}, params=[(broken, 0.0)] * 3))


def test_target_loss():
    met = stopping_state("target_loss", {"target": 0.5}, train=[0.6, 0.5, 0.51, 0.4, np.nan, np.inf], test=[0.0] * 6)
    assert met == [False, True, False, True, False, False]


def test_epochs():
    assert stopping_state("epochs", {"n": 3}, epochs=5) == [False, False, True, True, True]
    assert stopping_state("epochs", {"n": 1}, epochs=1) == [True]


def test_epochs_are_counted_from_when_watching_began():
    entry = STOPPINGS["epochs"]
    late = [EpochSummary(np.zeros(2), epoch, UNKNOWN, UNKNOWN) for epoch in (101, 102, 103)]
    assert [bool(met) for met, _ in judged(entry, late, np.zeros(2), n=2)] == [False, True, True]


def test_no_improvement():
    # Best 1.0; 0.875 is less, but not by more than the margin of 0.25, nor is 0.75; 0.5 is, and begins anew.
    losses = [1.0, 0.875, 0.75, 0.5, 0.25, 0.5, 0.3]
    met = stopping_state("no_improvement", {"patience": 3, "margin": 0.25}, test=losses, train=[0.0] * 7)
    assert met == [False, False, False, False, False, False, True]
    met = stopping_state("no_improvement", {"patience": 2, "margin": 0.25}, test=losses)
    assert met == [False, False, True, False, False, True, True]
    # Without a margin every new lowest counts, and an equal one does not.
    met = stopping_state("no_improvement", {"patience": 2, "margin": 0.0}, test=[1.0, 0.9, 0.9, 0.8, 0.8, 0.8])
    assert met == [False, False, False, False, False, True]


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_a_loss_that_is_no_number_is_no_improvement(broken):
    chosen = {"patience": 2, "margin": 0.0}
    assert stopping_state("no_improvement", chosen, test=[broken, broken, 1.0]) == [False, True, False]
    assert stopping_state("no_improvement", chosen, test=[1.0, broken, broken]) == [False, False, True]
