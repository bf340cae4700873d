"""The network of eleven lines from the first lecture, step for step by the engine's own parts.

Three inputs, the last of which is always 1 and stands in for the biases; 4 hidden sigmoid units, 1 sigmoid output;
half the squared error, summed over the four samples; learning rate 1, all samples in every step.
"""

from itertools import pairwise

import numpy as np
import pytest
from helpers import assert_close

from engine import ACTIVATIONS, LOSSES, OPTIMIZERS
from engine.layers import Activate, Dense, Draw, LayerBuffers

X = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])
STEPS = 5000


def eleven_lines(first, second):
    """The weights of both layers after every step, (STEPS, 12) and (STEPS, 4)."""
    path = []
    for _ in range(STEPS):
        hidden = 1 / (1 + np.exp(-(X @ first)))
        output = 1 / (1 + np.exp(-(hidden @ second)))
        d_output = (Y - output) * output * (1 - output)
        d_hidden = d_output @ second.T * hidden * (1 - hidden)
        second = second + hidden.T @ d_output
        first = first + X.T @ d_hidden
        path.append((first.ravel(), second.ravel()))
    return [np.array(weights) for weights in zip(*path, strict=True)]


def engine_parts(first, second):
    """The same path, from the engine."""
    undrawn = Draw(None, None)
    layers = [Dense(4, 3, undrawn, bias=False), Activate(4, ACTIVATIONS["sigmoid"]), Dense(1, 4, undrawn, bias=False)]
    loss, sgd = LOSSES["squared_error"].forms["binary"], OPTIMIZERS["sgd"]
    flat = np.concatenate([first.ravel(), second.ravel()])
    gradient = np.empty_like(flat)
    parts = [slice(0, 12), slice(12, 12), slice(12, 16)]
    weights, slopes = ([layers[k].views(vector[parts[k]]) for k in range(3)] for vector in (flat, gradient))
    signals = [X, np.empty((4, 4)), np.empty((4, 4)), np.empty((4, 1))]
    back = [None, *(np.empty_like(signal) for signal in signals[1:])]
    buffers = [LayerBuffers(x, y, "train") for x, y in pairwise(signals)]
    optimizer_state, path = sgd.init(flat), []
    for step in range(STEPS):
        for k in (0, 1, 2):
            layers[k].forward(weights[k], buffers[k])
        loss.gradient(signals[-1], Y, back[-1])
        for k in (2, 1, 0):
            layers[k].backward(weights[k], buffers[k], back[k + 1], slopes[k], back[k])
        # The lecture sums over the four samples, the engine takes the mean: the same step has four times the rate.
        change, optimizer_state = sgd.update(gradient, optimizer_state, flat, step, {"learning_rate": 4.0})
        flat += change
        path.append(flat.copy())
    return np.split(np.array(path), [12], axis=1)


@pytest.mark.parametrize("seed", [1, 2])
def test_five_thousand_steps_are_the_same(seed):
    rng = np.random.default_rng(seed)
    first, second = 2 * rng.random((3, 4)) - 1, 2 * rng.random((4, 1)) - 1
    expected = eleven_lines(first, second)
    # 1e-10 of each weight; of one that passes through zero, 1e-10 of a thousandth.
    for found, lines in zip(engine_parts(first.copy(), second.copy()), expected, strict=True):
        assert found.shape == (STEPS, lines.shape[1])
        assert_close(found, lines, rtol=1e-10, atol=1e-13)
    # And it learns: exclusive or, which no network without a hidden layer can.
    last, out = (weights[-1] for weights in expected)
    output = 1 / (1 + np.exp(-(1 / (1 + np.exp(-(X @ last.reshape(3, 4)))) @ out)))
    assert np.abs(output - Y[:, 0]).max() < 0.1
