"""Buffers: the arrays that passes through a network write, kept from step to step. None of them influences a result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Shape
from engine.network import Network
from engine.tape import Gradients, Parameters, Tape

_MOST_SHAPES = 4
"""Buffers for so many shapes are kept: a full and a short batch, alone and after some of several networks stopped."""


@dataclass(slots=True)
class Buffers:
    """Scratch for batches of one size through networks of one leading shape.

    tape, gradients : the passes of a step
    trial, slopes : parameters and their gradients for looking around without losing where one stands; the slopes are
    the gradients once more where the optimizer does not look around
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
    looks_around : bool
        Whether steps look at other parameters than those they begin with.
    """

    def __init__(self, network: Network, looks_around: bool) -> None:
        self._network, self._looks_around = network, looks_around
        self._buffers: dict[tuple[Shape, int], Buffers] = {}
        self._tapes: dict[tuple[Shape, int], Tape] = {}

    def of(self, batch_shape: Shape, batch: int) -> Buffers:
        """The buffers for ``batch`` samples through ``batch_shape`` networks; whoever asks next gets the same."""
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
        slopes = network.gradients(tape, batch_shape) if self._looks_around else gradients
        return Buffers(tape, gradients, trial, slopes)

    def evaluation(self, batch_shape: Shape, rows: int) -> Tape:
        """A tape in mode "evaluate"; whoever asks next gets the same."""
        tape = self._tapes.get((batch_shape, rows))
        if tape is None:
            if len(self._tapes) >= _MOST_SHAPES:
                self._tapes.clear()
            tape = self._tapes[batch_shape, rows] = self._network.tape("evaluate", batch_shape, rows)
        return tape
