"""A single unit: Rosenblatt's and Widrow and Hoff's rules, step by step."""

import numpy as np
import pytest
from helpers import assert_close, assert_same

from engine import Config, Trainer


def unit(loss, rate, dataset="gauss", **more):
    return Trainer(
        Config(
            dataset=dataset,
            samples=60,
            hidden=(),
            loss=loss,
            batch_size=1,
            optimizer="sgd",
            learning_rate=rate,
            **more,
        )
    )


def next_point(trainer, state):
    """The inputs (x1, x2, 1) of the next step, and whether their class is 1."""
    x = trainer.inspect(state)[0].buffers[0].x[0]
    places = np.flatnonzero((trainer.data.inputs == x).all(axis=1))
    assert len(places) == 1
    return x.copy(), int(trainer.data.labels[places[0]])


@pytest.mark.parametrize("features", [("x1", "x2"), ("x1_squared", "x2", "x1_x2")], ids=str)
@pytest.mark.parametrize("dataset", ["gauss", "circle"])
def test_rosenblatts_rule(dataset, features):
    """At a mistake, and only there, the point is added to the weights (class 1) or taken away (class 0)."""
    trainer = unit("perceptron", 1.0, dataset, features=features, noise=40)
    state = trainer.init()
    weights, mistakes = state.params.copy(), 0
    for _ in range(90):
        x, truth = next_point(trainer, state)
        answer = int(weights @ x > 0)
        if answer != truth:
            weights = weights + x if truth else weights - x
            mistakes += 1
        state = trainer.step(state)
        # Bit for bit: at a rate of one nothing but additions happens.
        assert_same(state.params, weights)
    assert 0 < mistakes < 90


def test_the_first_point_of_a_unit_of_zeros():
    """A sum of exactly 0 is answered with class 0, so that only a point of class 1 is a mistake."""
    seen = set()
    for seed in range(8):
        trainer = unit("perceptron", 1.0, initializer="zeros", seed=seed)
        state = trainer.init()
        x, truth = next_point(trainer, state)
        assert_same(trainer.step(state).params, x if truth else np.zeros(3))
        seen.add(truth)
    assert seen == {0, 1}


def test_rosenblatt_comes_to_an_end_on_classes_that_a_line_parts():
    """The perceptron's theorem: finitely many mistakes; then nothing moves any more."""
    trainer = unit("perceptron", 1.0)
    state = trainer.run(trainer.init(), 3000)
    assert trainer.evaluate(state).train_accuracy == 1.0
    assert_same(trainer.run(state, 60).params, state.params)
    assert set(np.unique(trainer.predict(state, trainer.data.points))) == {0.0, 1.0}


@pytest.mark.parametrize("dataset", ["gauss", "circle"])
def test_widrow_and_hoffs_rule(dataset):
    """Every point moves the weights, by what the sum misses of -1 or 1, before any threshold."""
    trainer = unit("adaline", 0.01, dataset)
    state = trainer.init()
    weights = state.params.copy()
    for _ in range(90):
        x, truth = next_point(trainer, state)
        weights = weights + 0.01 * ((1.0 if truth else -1.0) - weights @ x) * x
        state = trainer.step(state)
        assert_close(state.params, weights)


def test_adaline_comes_to_the_least_squares():
    """All points at once and long enough: the plane of the normal equations."""
    trainer = Trainer(
        Config(
            dataset="gauss",
            samples=60,
            hidden=(),
            loss="adaline",
            batch_size="all",
            optimizer="lbfgs",
            learning_rate=1.0,
        )
    )
    state = trainer.run(trainer.init(), 60)
    X, signs = trainer.data.inputs[:30], 2.0 * trainer.data.labels[:30] - 1.0
    # The search ends where the loss cannot be told from its least: to about the root of rounding.
    assert_close(state.params, np.linalg.lstsq(X, signs)[0], rtol=1e-6, atol=1e-8)
