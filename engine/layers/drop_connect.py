"""DropConnect: a dense layer with single weights set to zero at random while it trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np

from engine.arrays import Array, DType, Shape
from engine.layers.base import LayerBuffers
from engine.layers.dense import Affine, DenseViews
from engine.layers.masks import draw_mask


class Connections(NamedTuple):
    """mask, kept: (..., n_in + 1, n_out); the mask of a step, and weights and biases times the mask."""

    mask: Array
    kept: Array


@final
@dataclass(frozen=True, slots=True)
class DropConnect(Affine):
    """A dense layer that sets single weights to zero at random (Wan et al. 2013), never biases.

    There is one mask for the whole batch of a step. Kept weights are divided by 1 - rate, as in inverted dropout, so
    that evaluation uses the weights as they are. Wan et al. draw a mask for each sample, and approximate the average
    over all masks by a normal distribution.
    """

    rate: float = 0.5

    def extra(self, batch_shape: Shape, batch: int, dtype: DType, statistics: Array) -> Connections:
        """The mask ``M`` and the masked matrix, each (..., n_in + 1, n_out)."""
        shape = (*batch_shape, self.fan_in + self.bias, self.width)
        return Connections(np.ones(shape, dtype), np.zeros(shape, dtype))

    def draw(self, rngs: Sequence[np.random.Generator], buffers: LayerBuffers, shared: bool = False) -> None:
        """Each weight's mask is 0 with probability ``rate``, else ``1 / (1 - rate)``; that of biases is 1."""
        mask = buffers.extra.mask
        draw_mask(rngs, mask, self.rate)
        mask[..., self.fan_in :, :] = 1.0

    def forward(self, p: DenseViews, buffers: LayerBuffers) -> None:
        """``y = x (W * M) + b`` with masks, else ``y = x W + b``."""
        if buffers.mode in ("train", "masked"):
            np.multiply(p.affine, buffers.extra.mask, out=buffers.extra.kept)
        else:
            buffers.extra.kept[...] = p.affine
        np.matmul(buffers.x, buffers.extra.kept, out=buffers.y)

    def backward(self, p: DenseViews, buffers: LayerBuffers, dy: Array, g: DenseViews, dx: Array | None) -> None:
        """``dL/dW = (x^T dy) * M``, ``dL/dx = dy (W * M)^T``; without masks ``M = 1``."""
        np.matmul(buffers.x.swapaxes(-1, -2), dy, out=g.affine)
        if buffers.mode in ("train", "masked"):
            np.multiply(g.affine, buffers.extra.mask, out=g.affine)
        if dx is not None:
            np.matmul(dy, buffers.extra.kept[..., : self.fan_in, :].swapaxes(-1, -2), out=dx)
