"""Tape and Gradients: the arrays that the two passes through a network fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from engine.arrays import Array
from engine.layers import LayerBuffers, Mode


class Signal(NamedTuple):
    """One column of units, forward: ``pre`` enters the activation, ``post`` leaves the column; (..., B, n) each."""

    pre: Array
    post: Array


class SignalGradient(NamedTuple):
    """The derivatives of the mean loss with respect to a Signal's ``pre`` and ``post``."""

    pre: Array
    post: Array


class Parameters(NamedTuple):
    """A flat vector (..., P) and each layer's views of it."""

    flat: Array
    views: tuple[Any, ...]


@dataclass(slots=True)
class Tape:
    """What one forward pass computed.

    Attributes
    ----------
    layers : tuple of Signal
        Each hidden layer, then the output, whose ``pre`` and ``post`` are both the scores.
    scores : (..., B, C) array
        The last pre-activation, before the task's link.
    statistics : (..., R) array
        Batch norm's means and variances in use: the batch's, or in mode "evaluate" the running averages.
    """

    mode: Mode
    batch: int
    chain: tuple[int, ...]
    buffers: tuple[LayerBuffers, ...]
    statistics: Array
    layers: tuple[Signal, ...]

    @property
    def scores(self) -> Array:
        return self.buffers[-1].y


class Loan(NamedTuple):
    """Shared parameters: their part (..., n) of the gradient, and what a layer that uses them too adds to it."""

    part: Array
    scratch: Array


@dataclass(slots=True)
class Gradients:
    """What one backward pass computed: dL/d(flat parameters), and dL/d(signal) for every block of the Tape."""

    parameters: Parameters
    outputs: tuple[Array, ...]
    layers: tuple[SignalGradient, ...]
    loans: tuple[Loan, ...] = ()

    @property
    def flat(self) -> Array:
        return self.parameters.flat

    @property
    def scores(self) -> Array:
        return self.outputs[-1]
