"""Noise on the inputs while the network trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from engine.arrays import Array, DType, Shape
from engine.layers.base import Layer, LayerBuffers, Mode


@final
@dataclass(frozen=True, slots=True)
class Noise(Layer):
    """Normal noise on the inputs of every training step: the network never sees the same input twice.

    For small noise this regularizes the slope of the network (Bishop 1995, "Training with noise is equivalent to
    Tikhonov regularization").
    """

    std: float

    @property
    def takes(self) -> int:
        """As many inputs as outputs."""
        return self.width

    def acts_in(self, mode: Mode) -> bool:
        """Only in training."""
        return mode == "train"

    def extra(self, batch_shape: Shape, batch: int, dtype: DType, statistics: Array) -> Array:
        """The noise, (..., B, n)."""
        return np.zeros((*batch_shape, batch, self.width), dtype)

    def draw(self, rngs: Sequence[np.random.Generator], buffers: LayerBuffers, shared: bool = False) -> None:
        """Noise from a normal distribution with mean 0 and standard deviation ``std``."""
        noise: Array = buffers.extra
        for rng, rows in zip(rngs, noise.reshape(len(rngs), *noise.shape[-2:]), strict=True):
            rng.standard_normal(out=rows, dtype=rows.dtype)
        np.multiply(noise, self.std, out=noise)

    def forward(self, p: None, buffers: LayerBuffers) -> None:
        """``y = x + noise``."""
        np.add(buffers.x, buffers.extra, out=buffers.y)

    def backward(self, p: None, buffers: LayerBuffers, dy: Array, g: None, dx: Array | None) -> None:
        """``dL/dx = dL/dy``."""
        if dx is not None:
            np.copyto(dx, dy)
