"""Layers of chance: masks that silence, noise that blurs. In evaluation they are not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.arrays import Array, Shape
from engine.layers.base import Layer, LayerBuffers, Mode


def draw_mask(rngs: Sequence[np.random.Generator], mask: Array, rate: float, shared: bool = False) -> None:
    """Fill ``mask`` (..., rows, columns) with 0, at the given rate, and 1 / (1 - rate).

    One generator for each network of the leading axes; with ``shared`` all rows are alike.
    """
    for rng, rows in zip(rngs, mask.reshape(len(rngs), *mask.shape[-2:]), strict=True):
        if shared:
            rows[...] = rng.random(rows.shape[-1])
        else:
            rng.random(out=rows, dtype=rows.dtype)
    np.greater_equal(mask, rate, out=mask)
    np.divide(mask, 1.0 - rate, out=mask)


@dataclass(frozen=True, slots=True)
class Dropout(Layer):
    """Inverted dropout (Srivastava et al. 2014): kept outputs are divided by 1 - rate while training, so that the
    expected output is that of evaluation, where nothing is dropped."""

    rate: float

    @property
    def draws(self) -> bool:
        return True

    def acts_in(self, mode: Mode) -> bool:
        return mode in ("train", "masked")

    def extra(self, batch_shape: Shape, batch: int, dtype: Any, statistics: Array) -> Array:
        return np.ones((*batch_shape, batch, self.width), dtype)

    def draw(self, rngs: Sequence[np.random.Generator], buffers: LayerBuffers, shared: bool = False) -> None:
        draw_mask(rngs, buffers.extra, self.rate, shared)

    def silenced(self, buffers: LayerBuffers) -> Array | None:
        return buffers.extra[0] == 0.0

    def forward(self, p: None, buffers: LayerBuffers) -> None:
        np.multiply(buffers.x, buffers.extra, out=buffers.y)

    def backward(self, p: None, buffers: LayerBuffers, dy: Array, g: None, dx: Array | None) -> None:
        assert dx is not None, "dropout follows a layer"
        np.multiply(dy, buffers.extra, out=dx)


@dataclass(frozen=True, slots=True)
class Noise(Layer):
    """Normal noise on the inputs of every training step: no point is ever seen twice at the same place.

    For small noise this is a penalty on the slope of the network (Bishop 1995, "Training with noise is equivalent to
    Tikhonov regularization").
    """

    std: float

    @property
    def draws(self) -> bool:
        return True

    def acts_in(self, mode: Mode) -> bool:
        return mode == "train"

    def extra(self, batch_shape: Shape, batch: int, dtype: Any, statistics: Array) -> Array:
        return np.zeros((*batch_shape, batch, self.width), dtype)

    def draw(self, rngs: Sequence[np.random.Generator], buffers: LayerBuffers, shared: bool = False) -> None:
        noise: Array = buffers.extra
        for rng, rows in zip(rngs, noise.reshape(len(rngs), *noise.shape[-2:]), strict=True):
            rng.standard_normal(out=rows, dtype=rows.dtype)
        np.multiply(noise, self.std, out=noise)

    def forward(self, p: None, buffers: LayerBuffers) -> None:
        np.add(buffers.x, buffers.extra, out=buffers.y)

    def backward(self, p: None, buffers: LayerBuffers, dy: Array, g: None, dx: Array | None) -> None:
        if dx is not None:
            np.copyto(dx, dy)
