"""Maxout: each unit takes the largest of several pre-activations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np

from engine.arrays import Array, DType, Shape
from engine.layers.activation import ActivationLayer, curve
from engine.layers.base import LayerBuffers, Views


class Pieces(NamedTuple):
    """won: where a piece is the largest, (..., B, n); free: where no piece before it was the largest."""

    won: Array
    free: Array


@final
@dataclass(frozen=True, slots=True)
class Maxout(ActivationLayer):
    """The largest of ``pieces`` pre-activations (Goodfellow et al. 2013).

    x holds the first pieces of all units, then the second pieces of all units, and so on. Where pieces are equal, the
    first of them gets the gradient.
    """

    pieces: int = 2

    @property
    def pieces_per_unit(self) -> int:
        """How many pre-activations one unit has."""
        return self.pieces

    def curve(self, p: Views, z: Array) -> tuple[Array, Array]:
        """One piece, ``z`` itself, and its derivative 1."""
        return curve(self.activation, self.values, z)

    def slopes(self, p: Views, buffers: LayerBuffers) -> None:
        """None: the pieces of a unit have no common derivative."""

    def extra(self, batch_shape: Shape, batch: int, dtype: DType, statistics: Array) -> Pieces:
        """Masks (..., B, n) for the backward pass."""
        shape = (*batch_shape, batch, self.width)
        return Pieces(np.empty(shape, bool), np.empty(shape, bool))

    def _parts(self, x: Array) -> list[Array]:
        return [x[..., start : start + self.width] for start in range(0, self.pieces * self.width, self.width)]

    def forward(self, p: Views, buffers: LayerBuffers) -> None:
        """``y = max(x_1, ..., x_k)`` over the pieces of each unit."""
        first, *others = self._parts(buffers.x)
        np.copyto(buffers.y, first)
        for part in others:
            np.maximum(buffers.y, part, out=buffers.y)

    def backward(self, p: Views, buffers: LayerBuffers, dy: Array, g: Views, dx: Array | None) -> None:
        """``dL/dx_i = dL/dy`` for the first piece ``i`` that is the largest, 0 for all others."""
        if dx is None:
            return
        won, free = buffers.extra
        free[...] = True
        for part, slope in zip(self._parts(buffers.x), self._parts(dx), strict=True):
            np.equal(part, buffers.y, out=won)
            np.logical_and(won, free, out=won)
            np.logical_xor(free, won, out=free)
            np.multiply(dy, won, out=slope)
