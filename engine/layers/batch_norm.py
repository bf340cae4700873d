"""Batch normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np

from engine.arrays import Array, DType, Shape
from engine.layers.base import Group, Layer, LayerBuffers, Role


class ScaleShift(NamedTuple):
    """gamma, beta: (..., 1, n); flat_gamma: the same gamma, (..., n)."""

    gamma: Array
    beta: Array
    flat_gamma: Array


class Normalised(NamedTuple):
    """The arrays of one pass, and views that save calls: for small networks a call costs more than its arithmetic.

    mean, variance : (..., 1, n) views of the statistics in use
    flat_variance : the same variance, (..., n)
    spread : sqrt(variance + epsilon), (..., 1, n)
    hat : the normalised input, (..., B, n)
    turned : the same, (..., n, B)
    ones : (1, B); a product with it sums over the batch
    average : (1, B), 1/B each
    share : 1/B
    """

    mean: Array
    variance: Array
    flat_variance: Array
    spread: Array
    hat: Array
    turned: Array
    ones: Array
    average: Array
    share: float


GIVEN = ("evaluate", "masked")
"""Modes in which mean and variance are given, and not those of the batch."""


@final
@dataclass(frozen=True, slots=True)
class BatchNorm(Layer):
    """Batch normalisation (Ioffe and Szegedy 2015).

    y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with the variance of the batch taken with 1/B. The running
    variance is the average of the unbiased one (1/(B-1)), as in PyTorch. ``RATE`` is PyTorch's "momentum" of 0.1: the
    share of each new batch in the running averages; it has nothing to do with an optimizer's momentum.
    A batch of one sample has no variance: it trains beta alone and does not change the running averages.
    """

    EPSILON = 1e-5
    RATE = 0.1

    @property
    def takes(self) -> int:
        """As many inputs as outputs."""
        return self.width

    def groups(self) -> tuple[Group, ...]:
        """A scale gamma and a shift beta for each unit."""
        return Group("scale", (self.width,)), Group("shift", (self.width,), Role.SHIFT)

    @property
    def statistics(self) -> int:
        """A mean and a variance for each unit: ``2 width``."""
        return 2 * self.width

    def init_statistics(self) -> Array:
        """Means 0, then variances 1."""
        return np.repeat([0.0, 1.0], self.width)

    def unbiased(self, batch: int) -> Array:
        """1 for the means, ``B / (B - 1)`` for the variances."""
        return np.repeat([1.0, batch / max(batch - 1, 1)], self.width)

    def statistic_rate(self, batch: int) -> float:
        """``RATE``; 0 for a batch of one sample, which has no variance."""
        return self.RATE if batch > 1 else 0.0

    def init(self, rng: np.random.Generator) -> Array:
        """Scales 1, then shifts 0."""
        return np.repeat([1.0, 0.0], self.width)

    def views(self, flat: Array) -> ScaleShift:
        """Gamma and beta as rows (..., 1, n), and gamma as (..., n)."""
        rows = flat[..., None, :]
        return ScaleShift(rows[..., : self.width], rows[..., self.width :], flat[..., : self.width])

    def extra(self, batch_shape: Shape, batch: int, dtype: DType, statistics: Array) -> Normalised:
        """Views of the statistics, and arrays for the normalised input."""
        rows = statistics[..., None, :]
        hat = np.empty((*batch_shape, batch, self.width), dtype)
        return Normalised(
            rows[..., : self.width],
            rows[..., self.width :],
            statistics[..., self.width :],
            np.empty((*batch_shape, 1, self.width), dtype),
            hat,
            hat.swapaxes(-1, -2),
            np.ones((1, batch), dtype),
            np.full((1, batch), 1.0 / batch, dtype),
            1.0 / batch,
        )

    def scale_and_shift(self, p: ScaleShift) -> tuple[Array, Array]:
        """Gamma and beta."""
        return p.gamma.ravel(), p.beta.ravel()

    def forward(self, p: ScaleShift, buffers: LayerBuffers) -> None:
        """``y = gamma x_hat + beta`` with ``x_hat = (x - mean) / sqrt(variance + epsilon)``."""
        mean, variance, flat_variance, spread, hat, turned, _, average, share = buffers.extra
        if buffers.mode in GIVEN:
            np.subtract(buffers.x, mean, hat)
        else:
            np.matmul(average, buffers.x, mean)
            np.subtract(buffers.x, mean, hat)
            np.vecdot(turned, turned, flat_variance)
            np.multiply(variance, share, variance)
        np.add(variance, self.EPSILON, spread)
        np.sqrt(spread, spread)
        np.divide(hat, spread, hat)
        np.multiply(hat, p.gamma, buffers.y)
        np.add(buffers.y, p.beta, buffers.y)

    def backward(self, p: ScaleShift, buffers: LayerBuffers, dy: Array, g: ScaleShift, dx: Array | None) -> None:
        """Sums over the batch ``dL/dgamma = sum dy x_hat`` and ``dL/dbeta = sum dy``, and then ``dL/dx``.

        With given statistics ``dL/dx = gamma / spread dy``, with ``spread = sqrt(variance + epsilon)``. With those of
        the batch ``dL/dx = gamma / spread (dy - (x_hat dL/dgamma + dL/dbeta) / B)``.
        """
        _, _, _, spread, hat, turned, ones, _, share = buffers.extra
        np.matmul(ones, dy, g.beta)
        np.vecdot(dy.mT, turned, g.flat_gamma)
        if dx is None:
            return
        scale = p.gamma / spread
        if buffers.mode in GIVEN:
            np.multiply(dy, scale, dx)
        else:
            # The batch's mean and variance depend on x too: their part of the gradient is subtracted.
            np.multiply(hat, g.gamma, dx)
            np.add(dx, g.beta, dx)
            np.multiply(dx, share, dx)
            np.subtract(dy, dx, dx)
            np.multiply(dx, scale, dx)
