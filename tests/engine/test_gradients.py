"""The gradient check: what the backward pass says against central differences, for every entry of the registries.

One table of layer kinds, and the registries themselves, drive it: a new activation, loss, regularizer or place of batch
norm is checked the day it lands. All the shifted parameters of a check go through the network in one call, on a leading
axis, with the masks and the noise of the pass that is checked.
"""

from typing import NamedTuple

import numpy as np
import pytest
from helpers import STEP, pairwise

from engine import ACTIVATIONS, LOSSES, PLACEMENTS, REGULARIZERS, TASKS, HiddenLayer, NetworkObjective, dense_stack
from engine.arrays import with_ones
from engine.registry import complete

UNITS, ROWS, SEED = (4, 3), 7, 0
SEEDS = {"multilabel": 11}
"""Where another is needed to stand clear of all kinks."""
OUTPUTS = {"multiclass": 3, "multilabel": 2}
RATE = 0.3


class Kind(NamedTuple):
    """What the layers have beside their activation; ``noise`` is that of the inputs."""

    batch_norm: str = "off"
    dropout: float = 0.0
    drop_connect: float = 0.0
    noise: float = 0.0


ALONE = {
    "plain": Kind(),
    "dropout": Kind(dropout=0.3),
    "DropConnect": Kind(drop_connect=0.3),
    "input noise": Kind(noise=0.5),
    **{f"batch norm {entry.label}": Kind(entry.name) for entry in PLACEMENTS.values() if entry.active},
}
TOGETHER = {f"all together, batch norm {entry.label}": Kind(entry.name, 0.2, 0.2, 0.5) for entry in PLACEMENTS.values()}
KINDS = ALONE | TOGETHER
FORMS = [(loss.name, task) for loss in LOSSES.values() for task in loss.forms]


class Problem:
    """An objective at random parameters, on a batch; with masks and noise drawn where the mode wants them."""

    def __init__(self, activation, kind, loss, task, regularization="none", batch_shape=(), mode="train"):
        seed = SEEDS.get(task, SEED)
        rng = np.random.default_rng(seed)
        outputs = OUTPUTS.get(task, 1)
        hidden = [HiddenLayer(units, activation, {}, *kind[:3]) for units in UNITS]
        self.network = dense_stack(2, hidden, outputs, input_noise=kind.noise)
        entry = REGULARIZERS[regularization]
        form, hyperparameters = LOSSES[loss].forms[task], complete(entry.hyperparameters, {}, "regularization")
        self.objective = NetworkObjective(self.network, form, entry, RATE, hyperparameters)
        labels = np.arange(ROWS * outputs).reshape(ROWS, -1) % 2
        if TASKS[task].classes:
            labels = np.arange(ROWS) % max(outputs, 2)
        elif not TASKS[task].probabilities:
            labels = np.linspace(-1, 1, ROWS)
        self.inputs = with_ones(rng.normal(size=(ROWS, 2)))
        self.targets = TASKS[task].targets(labels, outputs)
        # Not far from where training begins: far away, units saturate, and nothing is left to compare.
        self.params = self.network.init(seed) + rng.normal(scale=0.3, size=(*batch_shape, self.network.size))
        self.mode = mode
        # What learns in any case: the weights of every layer, or of the output alone where nothing comes back.
        weights = [part.ravel() for part in self.network.weight_positions]
        self.learning = weights[-1:] if ACTIVATIONS[activation].forward_only else weights
        self.tape = self.network.tape(mode, batch_shape, ROWS)
        self.network.draw_masks(self.tape, range(batch_shape[0] if batch_shape else 1), step=0)
        self.tape.statistics[...] = rng.uniform(0.5, 2.0, self.tape.statistics.shape)

    def at(self, params, tape):
        """Value (...) and gradient (..., P) at parameters (..., P)."""
        gradients = self.network.gradients(tape, params.shape[:-1])
        return self.objective.value_and_gradient(self.network.bind(params), self.inputs, self.targets, tape, gradients)

    def wide_tape(self, batch_shape):
        """A tape with more leading axes, on which all is given as it is on the problem's own."""
        tape = self.network.tape(self.mode, batch_shape, ROWS)
        tape.statistics[...] = self.tape.statistics
        for k, buffers, own in zip(tape.chain, tape.buffers, self.tape.buffers, strict=True):
            if self.network.layers[k].draws:
                wide, drawn = (getattr(one.extra, "mask", one.extra) for one in (buffers, own))
                wide[...] = drawn
        return tape

    def check(self):
        """The gradient against differences, number by number."""
        size = self.network.size
        steps = STEP * np.concatenate([np.eye(size), -np.eye(size)])
        shifted = self.params + np.expand_dims(steps, tuple(range(1, self.params.ndim)))
        value, gradient = self.at(self.params, self.tape)
        values, gradients = self.at(shifted, self.wide_tape(shifted.shape[:-1]))
        jump = np.abs(gradients - gradient).max()
        assert jump < 1e-3, f"a kink is nearer than {STEP}, the gradient jumps by {jump:.1e}: choose another SEED"
        numeric = np.moveaxis(values[:size] - values[size:], 0, -1) / (2 * STEP)
        assert value.shape == self.params.shape[:-1]
        for learning in self.learning:
            assert np.abs(numeric[..., learning]).max() > 1e-3, "every layer learns"
        # 1e-6 of each number. Values of size 1 are rounded to 1e-16, which leaves 1e-10 of a difference: 5e-9 is safe.
        np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=5e-9)


@pytest.mark.parametrize(("activation", "kind", "form"), pairwise(ACTIVATIONS, KINDS, FORMS))
def test_gradient_of_every_layer_activation_and_loss(activation, kind, form):
    kind, (loss, task) = KINDS[kind], form
    for batch_shape in ((), (2,)):
        Problem(activation, kind, loss, task, batch_shape=batch_shape).check()


@pytest.mark.parametrize(("activation", "kind", "regularization"), pairwise(ACTIVATIONS, KINDS, REGULARIZERS))
def test_gradient_with_every_regularization(activation, kind, regularization):
    Problem(activation, KINDS[kind], "cross_entropy", "binary", regularization, (2,)).check()


@pytest.mark.parametrize(
    ("activation", "kind", "mode"), pairwise(ACTIVATIONS, TOGETHER, ["batch", "evaluate", "masked"])
)
def test_gradient_in_the_other_modes(activation, kind, mode):
    Problem(activation, TOGETHER[kind], "cross_entropy", "multiclass", "l2", (3,), mode).check()
