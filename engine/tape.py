"""Tape and Gradients: the arrays that the two passes through a network fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from engine.arrays import Array
from engine.layers import LayerBuffers, Mode, Views


class Signal(NamedTuple):
    """The forward signals of one block: before the activation, and at the end of the block; (..., B, n) each."""

    pre: Array
    post: Array


class SignalGradient(NamedTuple):
    """The derivatives of the mean loss with respect to a Signal's ``pre`` and ``post``."""

    pre: Array
    post: Array


class Parameters(NamedTuple):
    """A flat vector (..., P) and each layer's views of it."""

    flat: Array
    views: tuple[Views, ...]


@dataclass(slots=True)
class Tape:
    """The results of one forward pass.

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
        """The last pre-activation, (..., B, C), before the task's link."""
        return self.buffers[-1].y


class SharedGradient(NamedTuple):
    """Shared parameters: their part (..., n) of the gradient, and scratch for what another layer adds to it."""

    part: Array
    scratch: Array


@dataclass(slots=True)
class Gradients:
    """The results of one backward pass: dL/d(flat parameters), and dL/d(signal) for every block of the Tape."""

    parameters: Parameters
    outputs: tuple[Array, ...]
    layers: tuple[SignalGradient, ...]
    shared: tuple[SharedGradient, ...] = ()

    @property
    def flat(self) -> Array:
        """``dL/d(flat parameters)``, (..., P)."""
        return self.parameters.flat

    @property
    def scores(self) -> Array:
        """``dL/d(scores)``, (..., B, C)."""
        return self.outputs[-1]
