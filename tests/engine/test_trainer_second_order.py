"""Newton, BFGS and L-BFGS in training."""

import numpy as np
import pytest
from helpers import assert_close

from engine import OPTIMIZERS, Config, Trainer

NET = {"dataset": "circle", "samples": 500, "hidden": (4, 2), "seed": 1}
CURVED = [name for name, entry in OPTIMIZERS.items() if entry.full_batch]


def loss_after(steps, **choices):
    trainer = Trainer(Config(**{**NET, **choices}))
    return float(trainer.evaluate(trainer.run(trainer.init(), steps)).train_loss)


def test_which_rules_these_are():
    assert CURVED == ["newton", "bfgs", "lbfgs"]


SEEDS = range(4)
RATES = (0.03, 0.3, 1.0, 3.0)


@pytest.fixture(scope="module")
def descent():
    """The loss after 60 steps of SGD on the full batch, (rates, seeds)."""
    return np.array(
        [[loss_after(60, batch_size="all", learning_rate=rate, seed=seed) for seed in SEEDS] for rate in RATES]
    )


@pytest.mark.parametrize("name", CURVED)
def test_a_2_4_2_1_network_on_the_full_batch_far_below_gradient_descent(name, descent):
    """In the same number of steps: every run at SGD's usual rate, and the typical run even at SGD's best one.

    Not every run at the best rate: BFGS is quick to reach a minimum, but it may be a poor one.
    """
    ends = [loss_after(60, batch_size="all", optimizer=name, learning_rate=1.0, seed=seed) for seed in SEEDS]
    assert np.max(ends / descent[0]) < 1 / 3
    assert np.median(ends) < np.median(descent, axis=1).min() / 5


@pytest.mark.parametrize("name", CURVED)
def test_with_a_search_the_loss_never_rises_on_the_full_batch(name):
    trainer = Trainer(Config(**NET, batch_size="all", optimizer=name, learning_rate=1.0, shuffle=False))
    state = trainer.init()
    losses = [float(trainer.evaluate(state).train_loss)]
    for _ in range(40):
        state = trainer.step(state)
        losses.append(float(trainer.evaluate(state).train_loss))
    assert np.diff(losses).max() <= 1e-12  # rounding of the mean
    assert losses[-1] < losses[0] / 10


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_lbfgs_is_excellent_on_the_full_batch_and_poor_on_mini_batches(seed):
    """Claim 16 of the syllabus. The mini-batches see as many points, in 25 times as many steps, and gain little."""
    full = loss_after(60, batch_size="all", optimizer="lbfgs", learning_rate=1.0, seed=seed)
    small = loss_after(1500, batch_size=10, optimizer="lbfgs", learning_rate=1.0, seed=seed)
    assert full < 0.05
    assert not small < 0.4  # nor if it is not even a number; knowing nothing costs ln 2 = 0.69


@pytest.mark.parametrize("name", CURVED)
def test_several_networks_search_side_by_side(name):
    """Each as it would alone; on a single unit, where no rounding is made larger by what follows."""
    trainer = Trainer(
        Config(
            dataset="gauss",
            noise=30,
            hidden=(),
            samples=60,
            batch_size="all",
            optimizer=name,
            learning_rate=1.0,
            regularization="l2",
            regularization_rate=0.01,
        )
    )
    together = trainer.run(trainer.init(range(3)), 6)
    for k in range(3):
        # Searches choose by comparing losses; the sums of a batch are rounded differently for three than for one.
        assert_close(together.params[k], trainer.run(trainer.init([k]), 6).params[0], rtol=1e-6, atol=1e-8)
    # And they meet, at the one least loss of a convex problem.
    last = trainer.run(together, 60).params
    assert_close(last, np.broadcast_to(last[0], last.shape), rtol=1e-5, atol=1e-6)
