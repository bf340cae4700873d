"""The dense layer, y = x W + b, and what it has in common with DropConnect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.layers.base import Group, Layer, LayerBuffers, Role
from engine.registry import check_count


class DenseViews(NamedTuple):
    """affine: weights over the bias row, (..., n_in + 1, n_out); turned: weights transposed, (..., n_out, n_in)."""

    affine: Array
    turned: Array


class Draw(NamedTuple):
    """How a dense layer's initial parameters are drawn.

    weights, bias : ``(rng, rows, width) -> (rows, width) array``
    adapt : ``(z) -> (scale, shift)``, from the outputs (B, width) for training inputs to what the weights are then
    multiplied by, and what is added to the biases, which are multiplied too; None for no such change
    """

    weights: Callable[[np.random.Generator, int, int], ArrayLike]
    bias: Callable[[np.random.Generator, int, int], ArrayLike]
    adapt: Callable[[Array], tuple[float | Array, float | Array]] | None = None


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
        Whether there is a bias.
    """

    fan_in: int
    draw_first: Draw
    bias: bool = True

    def __post_init__(self) -> None:
        Layer.__post_init__(self)
        check_count("fan_in", self.fan_in)

    @property
    def takes(self) -> int:
        """The fan-in."""
        return self.fan_in

    def groups(self) -> tuple[Group, ...]:
        """Weights (n_in, n_out) and, if there are any, biases (n_out,)."""
        weights = Group("weights", (self.fan_in, self.width), Role.WEIGHT)
        return (weights, Group("biases", (self.width,), Role.SHIFT)) if self.bias else (weights,)

    @property
    def reads_ones(self) -> bool:
        """Whether there is a bias: the column of ones multiplies it."""
        return self.bias

    def init(self, rng: np.random.Generator) -> Array:
        """Draw the weights, then the biases, row by row of one matrix."""
        affine = np.empty((self.fan_in + self.bias, self.width))
        affine[: self.fan_in] = self.draw_first.weights(rng, self.fan_in, self.width)
        if self.bias:
            affine[self.fan_in :] = self.draw_first.bias(rng, 1, self.width)
        return affine.ravel()

    @property
    def adapts(self) -> bool:
        """Whether the initialiser scales the weights by the layer's outputs."""
        return self.draw_first.adapt is not None

    def adapt(self, p: DenseViews, y: Array) -> None:
        """``W <- scale W``, ``b <- scale b + shift``, with scale and shift from the outputs ``y``."""
        assert self.draw_first.adapt is not None
        scale, shift = self.draw_first.adapt(y)
        p.affine[...] *= scale
        if self.bias:
            p.affine[-1] += shift

    def views(self, flat: Array) -> DenseViews:
        """The matrix (..., n_in + 1, n_out) with the biases as last row, and the weights transposed."""
        affine = flat.reshape(*flat.shape[:-1], self.fan_in + self.bias, self.width)
        return DenseViews(affine, affine[..., : self.fan_in, :].swapaxes(-1, -2))

    def as_affine(self, p: DenseViews) -> Array:
        """The matrix itself, with a last row of zeros if there is no bias."""
        return p.affine if self.bias else np.concatenate([p.affine, np.zeros_like(p.affine[:1])])


@final
@dataclass(frozen=True, slots=True)
class Dense(Affine):
    """y = x W + b."""

    def forward(self, p: DenseViews, buffers: LayerBuffers) -> None:
        """``y = x W + b``."""
        np.matmul(buffers.x, p.affine, out=buffers.y)

    def backward(self, p: DenseViews, buffers: LayerBuffers, dy: Array, g: DenseViews, dx: Array | None) -> None:
        """``dL/dW = x^T dy``, ``dL/db = sum of dy over the batch``, ``dL/dx = dy W^T``."""
        np.matmul(buffers.x.swapaxes(-1, -2), dy, out=g.affine)
        if dx is not None:
            np.matmul(dy, p.turned, out=dx)
