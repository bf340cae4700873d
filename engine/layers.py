"""Layers: frozen descriptions that compute into arrays which others own.

A layer has ``size`` parameters in the flat vector and ``statistics`` running averages beside it. ``forward`` reads
``cell.x`` and writes ``cell.y``; ``backward`` turns dL/dy into dL/dx and fills the layer's slice of the gradient.
Nothing is stored on a layer, and code reduces over the axes -1 (units) and -2 (samples) only, so leading axes are free.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from engine.activations import Activation
from engine.arrays import Array, Shape
from engine.initializers import Initializer

Mode: TypeAlias = Literal["train", "batch", "evaluate"]
"""train: masks and batch statistics; batch: batch statistics, no masks; evaluate: running averages, no masks."""


@dataclass(slots=True)
class Cell:
    """The arrays of one layer for one batch; scratch that the next forward pass overwrites.

    x : (..., B, n_in) input, with a column of ones where the layer asks for one
    y : (..., B, n_out) output
    mode : what this pass is for
    extra : what the layer itself needs to remember until the backward pass
    """

    x: Array
    y: Array
    mode: Mode
    extra: Any = None


@dataclass(frozen=True, slots=True)
class Layer(ABC):
    """One layer; ``width`` is the number of its outputs."""

    width: int

    @property
    def size(self) -> int:
        """Number of parameters."""
        return 0

    @property
    def statistics(self) -> int:
        """Number of running averages."""
        return 0

    @property
    def reads_ones(self) -> bool:
        """Whether ``cell.x`` must end in a column of ones."""
        return False

    def acts_in(self, mode: Mode) -> bool:
        """Whether the layer does anything in this mode; where not, it is left out of the chain."""
        return True

    def init(self, rng: np.random.Generator) -> Array:
        """Draw the (size,) initial parameters."""
        return np.zeros(0)

    def views(self, flat: Array) -> Any:
        """See the layer's slice (..., size) of the flat vector as the arrays it works with."""
        return None

    def extra(self, lead: Shape, batch: int, dtype: Any, statistics: Array) -> Any:
        """Allocate ``Cell.extra``; ``statistics`` is the layer's slice (..., statistics)."""
        return None

    @abstractmethod
    def forward(self, p: Any, cell: Cell) -> None:
        """Compute ``cell.y`` from ``cell.x`` and the parameter views ``p``."""

    @abstractmethod
    def backward(self, p: Any, cell: Cell, dy: Array, g: Any, dx: Array | None) -> None:
        """From ``dy`` fill the gradient views ``g`` and, unless it is None, ``dx``."""


class DenseViews(NamedTuple):
    """block: weights over the bias row, (..., n_in + 1, n_out); turned: weights transposed, (..., n_out, n_in)."""

    block: Array
    turned: Array


@dataclass(frozen=True, slots=True)
class Dense(Layer):
    """y = x W + b, as one product: the bias is the last row of the block, and x ends in a column of ones."""

    fan_in: int
    initializer: Initializer
    bias: bool = True

    @property
    def size(self) -> int:
        return (self.fan_in + self.bias) * self.width

    @property
    def reads_ones(self) -> bool:
        return self.bias

    def init(self, rng: np.random.Generator) -> Array:
        block = np.zeros((self.fan_in + self.bias, self.width))
        block[: self.fan_in] = self.initializer.sample(rng, self.fan_in, self.width)
        return block.ravel()

    def views(self, flat: Array) -> DenseViews:
        block = flat.reshape(*flat.shape[:-1], self.fan_in + self.bias, self.width)
        return DenseViews(block, block[..., : self.fan_in, :].swapaxes(-1, -2))

    def forward(self, p: DenseViews, cell: Cell) -> None:
        np.matmul(cell.x, p.block, out=cell.y)

    def backward(self, p: DenseViews, cell: Cell, dy: Array, g: DenseViews, dx: Array | None) -> None:
        np.matmul(cell.x.swapaxes(-1, -2), dy, out=g.block)
        if dx is not None:
            np.matmul(dy, p.turned, out=dx)


class ScaleShift(NamedTuple):
    """gamma, beta: (..., 1, n)."""

    gamma: Array
    beta: Array


class Normalised(NamedTuple):
    """mean, variance: (..., 1, n) views of the statistics in use; inverse: 1/std; hat: normalised input (..., B, n)."""

    mean: Array
    variance: Array
    inverse: Array
    hat: Array


@dataclass(frozen=True, slots=True)
class BatchNorm(Layer):
    """Batch normalisation of the pre-activations (Ioffe and Szegedy 2015).

    y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with the variance of the batch taken with 1/B. The running
    variance is the average of the unbiased one (1/(B-1)), as in PyTorch. ``RATE`` is PyTorch's "momentum" of 0.1: the
    share that each new batch has in the running averages; it has nothing to do with an optimizer's momentum.
    A batch of one sample has no spread: it trains beta alone and leaves the running averages as they are.
    """

    EPSILON = 1e-5
    RATE = 0.1

    @property
    def size(self) -> int:
        return 2 * self.width

    @property
    def statistics(self) -> int:
        return 2 * self.width

    def init(self, rng: np.random.Generator) -> Array:
        return np.repeat([1.0, 0.0], self.width)

    def views(self, flat: Array) -> ScaleShift:
        rows = flat[..., None, :]
        return ScaleShift(rows[..., : self.width], rows[..., self.width :])

    def extra(self, lead: Shape, batch: int, dtype: Any, statistics: Array) -> Normalised:
        rows = statistics[..., None, :]
        return Normalised(
            rows[..., : self.width],
            rows[..., self.width :],
            np.empty((*lead, 1, self.width), dtype),
            np.empty((*lead, batch, self.width), dtype),
        )

    def forward(self, p: ScaleShift, cell: Cell) -> None:
        mean, variance, inverse, hat = cell.extra
        if cell.mode == "evaluate":
            np.subtract(cell.x, mean, out=hat)
        else:
            batch = cell.x.shape[-2]
            np.add.reduce(cell.x, axis=-2, keepdims=True, out=mean)
            np.divide(mean, batch, out=mean)
            np.subtract(cell.x, mean, out=hat)
            np.multiply(hat, hat, out=cell.y)
            np.add.reduce(cell.y, axis=-2, keepdims=True, out=variance)
            np.divide(variance, batch, out=variance)
        np.add(variance, self.EPSILON, out=inverse)
        np.sqrt(inverse, out=inverse)
        np.divide(1.0, inverse, out=inverse)
        np.multiply(hat, inverse, out=hat)
        np.multiply(hat, p.gamma, out=cell.y)
        np.add(cell.y, p.beta, out=cell.y)

    def backward(self, p: ScaleShift, cell: Cell, dy: Array, g: ScaleShift, dx: Array | None) -> None:
        hat, inverse = cell.extra.hat, cell.extra.inverse
        np.add.reduce(dy, axis=-2, keepdims=True, out=g.beta)
        np.add.reduce(dy * hat, axis=-2, keepdims=True, out=g.gamma)
        if dx is None:
            return
        if cell.mode == "evaluate":
            np.multiply(dy, p.gamma * inverse, out=dx)
        else:
            # The batch's mean and spread depend on x too: their share of the gradient is what is subtracted.
            np.multiply(hat, g.gamma, out=dx)
            np.add(dx, g.beta, out=dx)
            np.divide(dx, -dy.shape[-2], out=dx)
            np.add(dx, dy, out=dx)
            np.multiply(dx, p.gamma * inverse, out=dx)


@dataclass(frozen=True, slots=True)
class Activate(Layer):
    """An activation function, element by element."""

    activation: Activation

    def forward(self, p: None, cell: Cell) -> None:
        self.activation.f(cell.x, cell.y)

    def backward(self, p: None, cell: Cell, dy: Array, g: None, dx: Array | None) -> None:
        assert dx is not None, "an activation follows a layer"
        self.activation.df(cell.x, cell.y, dx)
        np.multiply(dx, dy, out=dx)


@dataclass(frozen=True, slots=True)
class Dropout(Layer):
    """Inverted dropout (Srivastava et al. 2014): kept outputs are divided by 1 - rate while training, so that the
    expected output is that of evaluation, where nothing is dropped."""

    rate: float

    def acts_in(self, mode: Mode) -> bool:
        return mode == "train"

    def extra(self, lead: Shape, batch: int, dtype: Any, statistics: Array) -> Array:
        return np.ones((*lead, batch, self.width), dtype)

    def draw(self, rngs: Sequence[np.random.Generator], cell: Cell) -> None:
        """Draw the mask of the next pass; one generator for each network."""
        mask: Array = cell.extra
        for rng, rows in zip(rngs, mask.reshape(len(rngs), -1), strict=True):
            rng.random(out=rows)
        np.greater_equal(mask, self.rate, out=mask)
        np.divide(mask, 1.0 - self.rate, out=mask)

    def forward(self, p: None, cell: Cell) -> None:
        np.multiply(cell.x, cell.extra, out=cell.y)

    def backward(self, p: None, cell: Cell, dy: Array, g: None, dx: Array | None) -> None:
        assert dx is not None, "dropout follows a layer"
        np.multiply(dy, cell.extra, out=dx)
