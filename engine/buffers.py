"""Buffers: arrays for passes through a network, kept from step to step; they do not influence results."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Shape
from engine.network import Network
from engine.tape import Gradients, Parameters, Tape

_MOST_SHAPES = 4
"""Number of shapes that are kept: a full and a short batch, before and after some networks have stopped."""


@dataclass(slots=True)
class Buffers:
    """Scratch for batches of one size through networks of one leading shape.

    tape, gradients : the passes of a step
    trial, slopes : parameters and gradients for trials of a line search; if there is none, slopes are the gradients
    """

    tape: Tape
    gradients: Gradients
    trial: Parameters
    slopes: Gradients


class BufferPool:
    """Buffers of one network, by their shape.

    Parameters
    ----------
    network : Network
    probes : bool
        Whether the optimizer evaluates other parameters too, as in a line search.
    """

    def __init__(self, network: Network, probes: bool) -> None:
        self._network, self._probes = network, probes
        self._buffers: dict[tuple[Shape, int], Buffers] = {}
        self._tapes: dict[tuple[Shape, int], Tape] = {}

    def of(self, batch_shape: Shape, batch: int) -> Buffers:
        """The buffers for ``batch`` samples through ``batch_shape`` networks; the next call returns the same."""
        buffers = self._buffers.get((batch_shape, batch))
        if buffers is None:
            if len(self._buffers) >= _MOST_SHAPES:
                self._buffers.clear()
            buffers = self._buffers[batch_shape, batch] = self.allocate(batch_shape, batch)
        return buffers

    def allocate(self, batch_shape: Shape, batch: int) -> Buffers:
        """New buffers, for the caller to keep."""
        network = self._network
        tape = network.tape("train", batch_shape, batch)
        gradients = network.gradients(tape, batch_shape)
        trial = network.bind(np.empty((*batch_shape, network.size)))
        slopes = network.gradients(tape, batch_shape) if self._probes else gradients
        return Buffers(tape, gradients, trial, slopes)

    def evaluation(self, batch_shape: Shape, rows: int) -> Tape:
        """A tape in mode "evaluate"; the next call returns the same."""
        tape = self._tapes.get((batch_shape, rows))
        if tape is None:
            if len(self._tapes) >= _MOST_SHAPES:
                self._tapes.clear()
            tape = self._tapes[batch_shape, rows] = self._network.tape("evaluate", batch_shape, rows)
        return tape
