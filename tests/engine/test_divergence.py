from dataclasses import replace

import numpy as np
import pytest
from helpers import assert_same_state

from engine import Config, Trainer
from engine.divergence import find, is_sound

WILD = {"dataset": "plane", "activation": "relu", "hidden": (8, 8), "learning_rate": 10.0, "seed": 1}


def make(**more):
    return Trainer(Config(**{**WILD, **more}))


def sound(trainer, state):
    return is_sound(state, trainer.evaluate(state))


def test_finds_the_step_that_broke_the_run():
    trainer = make()
    before = trainer.run(trainer.init(), 1)
    found = find(trainer, before, 500)
    assert sound(trainer, found.last)
    assert not sound(trainer, trainer.step(found.last))
    assert found.step == found.last.step + 1
    assert_same_state(found.last, make().run(make().init(), found.last.step))


def test_what_the_step_was_made_of():
    trainer = make()
    found = find(trainer, trainer.init(), 500)
    slope = trainer.inspect(found.last)[1].flat
    assert found.learning_rate == 10.0
    assert found.gradient_norm == pytest.approx(np.sqrt(np.sum(slope**2)))
    for part in (f"since step {found.step}:", "learning rate 10 ", "gradient norm", "e+"):
        assert part in str(found)


def test_the_rate_is_that_of_the_step_after_the_schedule():
    trainer = make(schedule="exponential", schedule_params={"decay": 0.001}, seed=2)
    found = find(trainer, trainer.init(), 500)
    assert found.learning_rate == pytest.approx(10.0 * np.exp(-0.001 * found.last.step))


def test_a_sound_run_has_none():
    trainer = Trainer(Config())
    assert find(trainer, trainer.init(), 20) is None
    assert sound(trainer, trainer.init())


def test_one_of_several_networks_is_enough():
    trainer = make(learning_rate=[0.01, 10.0])
    found = find(trainer, trainer.init(seeds=[1, 1]), 500)
    assert found.learning_rate == 10.0
    assert np.isfinite(found.last.params).all()


def test_gradients_beyond_all_numbers():
    """With warnings and NumPy's errors as exceptions."""
    trainer = Trainer(
        Config(dataset="circle", activation="relu", learning_rate=1000.0, regularization="l2", regularization_rate=100)
    )
    found = find(trainer, trainer.init(), 100)
    assert sound(trainer, found.last)
    assert str(found).endswith(".")


def test_the_penalty_is_named_where_its_product_with_the_rate_is_above_its_limit():
    chosen = {"regularization": "l2", "regularization_rate": 10.0, "learning_rate": 0.3}
    trainer = Trainer(Config(**chosen))
    found = find(trainer, trainer.init(), 2000)
    for part in ("rate of L2 is 3,", "above 2", "Lower either rate and press Reset."):
        assert part in str(found)
    below = Trainer(Config(**{**chosen, "learning_rate": 0.19}))
    assert find(below, below.init(), 300) is None


def test_otherwise_the_rate_is_to_be_lowered_and_reset_to_be_pressed():
    trainer = make()
    assert str(find(trainer, trainer.init(), 500)).endswith("Lower the learning rate and press Reset.")


def test_large_inputs_are_named():
    trainer = Trainer(Config(dataset="plane", hidden=(), features=("x1", "x2", "x1_squared"), loss="squared_error"))
    found = find(trainer, trainer.init(), 100)
    for part in ("input x1_squared is large", "standardise", "press Reset."):
        assert part in str(found)
    tame = Trainer(replace(trainer.config, preprocessing="standardise"))
    assert find(tame, tame.init(), 100) is None


def test_batch_norm_of_two_points_is_named():
    trainer = make(batch_norm=True, batch_size=2, samples=40, learning_rate=1000.0)
    assert "spread of only two points" in str(find(trainer, trainer.init(), 500))
