"""Dense layers: y = x W + b, whole or with connections dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from engine.arrays import Array, Shape
from engine.layers.base import Group, Layer, LayerBuffers, Role
from engine.layers.noise import draw_mask


class DenseViews(NamedTuple):
    """affine: weights over the bias row, (..., n_in + 1, n_out); turned: weights transposed, (..., n_out, n_in)."""

    affine: Array
    turned: Array


class Draw(NamedTuple):
    """How a dense layer's parameters begin.

    weights, bias : ``(rng, rows, width) -> (rows, width) array``
    adapt : ``(z) -> (scale, shift)``, from the outputs (B, width) for training inputs to what the weights are then
    multiplied by, and what is added to the biases, which are multiplied too; None for no such change
    """

    weights: Callable[[np.random.Generator, int, int], Any]
    bias: Callable[[np.random.Generator, int, int], Any]
    adapt: Callable[[Array], tuple[Any, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Dense(Layer):
    """y = x W + b, as one product: the bias is the last row of the block, and x ends in a column of ones.

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

    def groups(self) -> tuple[Group, ...]:
        weights = Group("weights", (self.fan_in, self.width), Role.WEIGHT)
        return (weights, Group("biases", (self.width,), Role.SHIFT)) if self.bias else (weights,)

    @property
    def reads_ones(self) -> bool:
        return self.bias

    def init(self, rng: np.random.Generator) -> Array:
        affine = np.empty((self.fan_in + self.bias, self.width))
        affine[: self.fan_in] = self.draw_first.weights(rng, self.fan_in, self.width)
        if self.bias:
            affine[self.fan_in :] = self.draw_first.bias(rng, 1, self.width)
        return affine.ravel()

    @property
    def adapts(self) -> bool:
        return self.draw_first.adapt is not None

    def adapt(self, p: DenseViews, y: Array) -> None:
        assert self.draw_first.adapt is not None
        scale, shift = self.draw_first.adapt(y)
        p.affine[...] *= scale
        if self.bias:
            p.affine[-1] += shift

    def views(self, flat: Array) -> DenseViews:
        affine = flat.reshape(*flat.shape[:-1], self.fan_in + self.bias, self.width)
        return DenseViews(affine, affine[..., : self.fan_in, :].swapaxes(-1, -2))

    def affine(self, p: DenseViews) -> Array | None:
        return p.affine if self.bias else np.concatenate([p.affine, np.zeros_like(p.affine[:1])])

    def forward(self, p: DenseViews, buffers: LayerBuffers) -> None:
        np.matmul(buffers.x, p.affine, out=buffers.y)

    def backward(self, p: DenseViews, buffers: LayerBuffers, dy: Array, g: DenseViews, dx: Array | None) -> None:
        np.matmul(buffers.x.swapaxes(-1, -2), dy, out=g.affine)
        if dx is not None:
            np.matmul(dy, p.turned, out=dx)


class Connections(NamedTuple):
    """mask, kept: (..., n_in + 1, n_out); the mask of a step and the block times it."""

    mask: Array
    kept: Array


@dataclass(frozen=True, slots=True)
class DropConnect(Dense):
    """A dense layer of which single weights are silenced at random (Wan et al. 2013), never biases.

    One mask for the whole batch of a step, and inverted scaling as in dropout, so that evaluation takes the weights as
    they are; Wan et al. draw a mask for each sample and approximate the average of all masks by a normal distribution.
    """

    rate: float = 0.5

    @property
    def draws(self) -> bool:
        return True

    def extra(self, batch_shape: Shape, batch: int, dtype: Any, statistics: Array) -> Connections:
        shape = (*batch_shape, self.fan_in + self.bias, self.width)
        return Connections(np.ones(shape, dtype), np.zeros(shape, dtype))

    def draw(self, rngs: Sequence[np.random.Generator], buffers: LayerBuffers, shared: bool = False) -> None:
        mask = buffers.extra.mask
        draw_mask(rngs, mask, self.rate)
        mask[..., self.fan_in :, :] = 1.0

    def forward(self, p: DenseViews, buffers: LayerBuffers) -> None:
        if buffers.mode in ("train", "masked"):
            np.multiply(p.affine, buffers.extra.mask, out=buffers.extra.kept)
        else:
            buffers.extra.kept[...] = p.affine
        np.matmul(buffers.x, buffers.extra.kept, out=buffers.y)

    def backward(self, p: DenseViews, buffers: LayerBuffers, dy: Array, g: DenseViews, dx: Array | None) -> None:
        np.matmul(buffers.x.swapaxes(-1, -2), dy, out=g.affine)
        if buffers.mode in ("train", "masked"):
            np.multiply(g.affine, buffers.extra.mask, out=g.affine)
        if dx is not None:
            np.matmul(dy, buffers.extra.kept[..., : self.fan_in, :].swapaxes(-1, -2), out=dx)
