"""Dropout: outputs set to zero at random while the network trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from engine.arrays import Array, DType, Shape
from engine.layers.base import Layer, LayerBuffers, Mode
from engine.layers.masks import draw_mask


@final
@dataclass(frozen=True, slots=True)
class Dropout(Layer):
    """Inverted dropout (Srivastava et al. 2014).

    Kept outputs are divided by 1 - rate in training, so that the expected output is that of evaluation, where no output
    is set to zero.
    """

    rate: float

    @property
    def takes(self) -> int:
        """As many inputs as outputs."""
        return self.width

    def acts_in(self, mode: Mode) -> bool:
        """Only in the modes with masks."""
        return mode in ("train", "masked")

    def extra(self, batch_shape: Shape, batch: int, dtype: DType, statistics: Array) -> Array:
        """The mask ``m``, (..., B, n)."""
        return np.ones((*batch_shape, batch, self.width), dtype)

    def draw(self, rngs: Sequence[np.random.Generator], buffers: LayerBuffers, shared: bool = False) -> None:
        """Each value's mask is 0 with probability ``rate``, else ``1 / (1 - rate)``."""
        draw_mask(rngs, buffers.extra, self.rate, shared)

    def silenced(self, buffers: LayerBuffers) -> Array:
        """Which outputs (n,) of the first sample have a mask of 0."""
        return buffers.extra[0] == 0.0

    def forward(self, p: None, buffers: LayerBuffers) -> None:
        """``y = m x``, element by element."""
        np.multiply(buffers.x, buffers.extra, out=buffers.y)

    def backward(self, p: None, buffers: LayerBuffers, dy: Array, g: None, dx: Array | None) -> None:
        """``dL/dx = m dL/dy``, element by element."""
        if dx is not None:
            np.multiply(dy, buffers.extra, out=dx)
