"""LayerSnapshot: signals and gradients of training points in a network, at one State."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import Array
from engine.blocks import PlacedGroup
from engine.layers import ActivationLayer
from engine.state import State
from engine.tape import Gradients, Tape
from engine.trainer import Trainer

MOST_ROWS = 500
LEAST_ROWS = 64
_WORK = 1.3e7
"""Multiplications for one sample, times samples, that one pass may take; a network of 50 layers of 64 is then seen
through 64 samples."""


@dataclass(frozen=True, eq=False)
class LayerSnapshot:
    """Both passes over training points, with batch statistics and without masks, in scratch of a Sampler.

    Reading changes nothing in it, so it may be read in any order, until the Sampler takes the next one.

    trainer, state : of what
    inputs : (B, F + 1)
    tape : the signals
    gradients : derivatives of each sample's own loss; with respect to parameters, the sum over samples
    weights : where each block's weights are in the flat vector; None where it has none of its own
    """

    trainer: Trainer
    state: State
    inputs: Array
    tape: Tape
    gradients: Gradients
    weights: tuple[slice | Array | None, ...]

    @property
    def samples(self) -> int:
        """How many samples the pass was made with."""
        return self.tape.batch

    @cached_property
    def change(self) -> Array:
        """The change of the parameters in the next step, (P,)."""
        after = self.trainer.step(self.trainer.resume(self.state))
        return after.params - self.state.params


class Sampler:
    """Takes LayerSnapshots of the States of one Trainer; holds the scratch arrays for them.

    Parameters
    ----------
    trainer : Trainer
    """

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        network, train = trainer.network, trainer.data.train
        rows = int(np.clip(_WORK / network.work, LEAST_ROWS, MOST_ROWS))
        self.rows = min(train, rows)
        self._scratch = self._make_scratch()
        self._weights = tuple(_whole(block.weight_groups) for block in network.blocks)

    def snapshot(self, state: State) -> LayerSnapshot:
        """Both passes over the first training points. The next snapshot overwrites it, and nothing else does."""
        self.trainer.check(state)
        state.check_single()
        return self._passes(state, 0, *self._scratch)

    def rest(self, state: State) -> Iterator[LayerSnapshot]:
        """Both passes over the training points that ``snapshot`` does not show, part by part.

        Each part overwrites the one before. The last one may show some points again.
        """
        for start in self.starts()[1:]:
            yield self._passes(state, start, *self._second_scratch)

    def starts(self) -> list[int]:
        """Where parts must start to show every training point; the last one may overlap the one before."""
        train = self.trainer.data.train
        return [*range(0, train - self.rows, self.rows), train - self.rows]

    @cached_property
    def _second_scratch(self) -> tuple[Tape, Gradients]:
        return self._make_scratch()

    def _make_scratch(self) -> tuple[Tape, Gradients]:
        network = self.trainer.network
        tape = network.tape("batch", (), self.rows)
        return tape, network.gradients(tape, ())

    def _passes(self, state: State, start: int, tape: Tape, gradients: Gradients) -> LayerSnapshot:
        trainer, part = self.trainer, slice(start, start + self.rows)
        inputs, targets = trainer.data.inputs[part], trainer.data.targets[part]
        parameters = trainer.network.bind(state.params)
        trainer.network.forward(parameters, inputs, tape)
        trainer.objective.form.gradient(tape.scores, targets, gradients.scores)
        # The loss is a mean over the batch; a histogram over samples shows each sample's own derivative.
        np.multiply(gradients.scores, tape.batch, out=gradients.scores)
        trainer.network.backward(parameters, tape, gradients)
        return LayerSnapshot(trainer, state, inputs, tape, gradients, self._weights)


def _whole(groups: Sequence[PlacedGroup]) -> slice | Array | None:
    """All positions of a block's weights: a slice where they lie side by side, which costs no copy."""
    if not groups:
        return None
    start, stop = groups[0].start, groups[-1].span.stop
    if stop - start == sum(group.size for group in groups):
        return slice(start, stop)
    return np.concatenate([group.positions.ravel() for group in groups])


def activation_of(trainer: Trainer, block: int) -> ActivationLayer | None:
    """The activation of a block, counted from 0; None where it has no layer of that kind."""
    at = trainer.network.blocks[block].activate
    layer = None if at is None else trainer.network.layers[at]
    assert layer is None or isinstance(layer, ActivationLayer)
    return layer
