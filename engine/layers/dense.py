"""The dense layer, y = x W + b, and what it has in common with DropConnect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, final

import numpy as np

from engine.arrays import Array
from engine.layers.base import Group, Layer, LayerBuffers


class DenseViews(NamedTuple):
    """affine: weights over the bias row, (..., n_in + 1, n_out); turned: weights transposed, (..., n_out, n_in)."""

    affine: Array
    turned: Array


class Draw(NamedTuple):
    """How a dense layer's parameters begin: each draws (rows, width) numbers."""

    weights: Any
    bias: Any


@dataclass(frozen=True, slots=True)
class Affine(Layer):
    """What layers of the form y = x W + b have in common: their parameters, and where these are in the flat vector.

    The bias is the last row of one matrix, and x ends in a column of ones, so that the layer is one product.

    Parameters
    ----------
    width, fan_in : int
        Outputs and inputs.
    draw_first : Draw
        ``weights(rng, fan_in, width)`` and ``bias(rng, 1, width)`` return the initial values of that shape.
    bias : bool
        Whether there is one.
    """

    fan_in: int
    draw_first: Draw
    bias: bool = True

    @property
    def size(self) -> int:
        return (self.fan_in + self.bias) * self.width

    def groups(self) -> tuple[Group, ...]:
        weights, biases = Group("weights", self.fan_in * self.width), Group("biases", self.width)
        return (weights, biases) if self.bias else (weights,)

    @property
    def reads_ones(self) -> bool:
        return self.bias

    def init(self, rng: np.random.Generator) -> Array:
        affine = np.empty((self.fan_in + self.bias, self.width))
        affine[: self.fan_in] = self.draw_first.weights(rng, self.fan_in, self.width)
        if self.bias:
            affine[self.fan_in :] = self.draw_first.bias(rng, 1, self.width)
        return affine.ravel()

    def views(self, flat: Array) -> DenseViews:
        affine = flat.reshape(*flat.shape[:-1], self.fan_in + self.bias, self.width)
        return DenseViews(affine, affine[..., : self.fan_in, :].swapaxes(-1, -2))


@final
@dataclass(frozen=True, slots=True)
class Dense(Affine):
    """y = x W + b."""

    def forward(self, p: DenseViews, buffers: LayerBuffers) -> None:
        np.matmul(buffers.x, p.affine, out=buffers.y)

    def backward(self, p: DenseViews, buffers: LayerBuffers, dy: Array, g: DenseViews, dx: Array | None) -> None:
        np.matmul(buffers.x.swapaxes(-1, -2), dy, out=g.affine)
        if dx is not None:
            np.matmul(dy, p.turned, out=dx)
