"""Layers that the engine does not have: a convolution, max pooling, a recurrence, and a decoder that shares weights.

They live here to prove that a new kind of layer is one file and nothing else. All keep the contract of
``engine.layers``: leading axes are free, and what passes between layers is flat.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from engine.layers import Dense, Group, Layer, LayerBuffers, Role


class Filters(NamedTuple):
    """weights: (..., patch, filters); bias: (..., 1, filters)."""

    weights: np.ndarray
    bias: np.ndarray


@dataclass(frozen=True, slots=True)
class Convolution(Layer):
    """Valid convolution of square images (side, side) with one channel; out come filters, pixel by pixel.

    ``width`` is places * filters, places (side - kernel + 1) ** 2.
    """

    side: int
    kernel: int
    filters: int

    @property
    def places(self) -> int:
        return (self.side - self.kernel + 1) ** 2

    def groups(self) -> tuple[Group, ...]:
        shape = (self.kernel**2, self.filters)
        return Group("weights", shape, Role.WEIGHT), Group("biases", (self.filters,), Role.SHIFT)

    @property
    def work(self) -> int:
        return self.places * self.kernel**2 * self.filters

    def init(self, rng: np.random.Generator) -> np.ndarray:
        weights = rng.normal(0.0, 1.0 / self.kernel, (self.kernel**2, self.filters))
        return np.concatenate([weights.ravel(), np.zeros(self.filters)])

    def views(self, flat: np.ndarray) -> Filters:
        patch, batch_shape = self.kernel**2, flat.shape[:-1]
        weights = flat[..., : patch * self.filters].reshape(*batch_shape, 1, patch, self.filters)
        return Filters(weights, flat[..., None, None, patch * self.filters :])

    def _patches(self) -> np.ndarray:
        """Indices (places, patch) of the pixels under the kernel."""
        inside = range(self.side - self.kernel + 1)
        return np.array(
            [
                [(r + i) * self.side + c + j for i in range(self.kernel) for j in range(self.kernel)]
                for r in inside
                for c in inside
            ]
        )

    def extra(self, batch_shape: Any, batch: int, dtype: Any, statistics: np.ndarray) -> np.ndarray:
        return self._patches()

    def forward(self, p: Filters, buffers: LayerBuffers) -> None:
        seen = buffers.x[..., buffers.extra] @ p.weights + p.bias
        # Neither the first layer's x nor, at times, p has the leading axes of y.
        buffers.y[...] = seen.reshape(*seen.shape[:-2], self.width)

    def backward(self, p: Filters, buffers: LayerBuffers, dy: np.ndarray, g: Filters, dx: np.ndarray | None) -> None:
        seen = buffers.x[..., buffers.extra]
        slopes = dy.reshape(*dy.shape[:-1], self.places, self.filters)
        g.weights[...] = np.einsum("...blk,...blf->...kf", seen, slopes)[..., None, :, :]
        g.bias[...] = slopes.sum(axis=(-2, -3))[..., None, None, :]
        if dx is not None:
            back = slopes @ p.weights.swapaxes(-1, -2)
            dx[...] = 0.0
            for place, pixels in enumerate(buffers.extra):
                dx[..., pixels] += back[..., place, :]


@dataclass(frozen=True, slots=True)
class MaxPool(Layer):
    """The largest of each square of pixels, filter by filter; takes what Convolution gives."""

    side: int
    pool: int
    filters: int

    def _squares(self) -> np.ndarray:
        """Indices (width, pool ** 2) of the inputs under each output."""
        steps = range(0, self.side, self.pool)
        return np.array(
            [
                [((r + i) * self.side + c + j) * self.filters + f for i in range(self.pool) for j in range(self.pool)]
                for r in steps
                for c in steps
                for f in range(self.filters)
            ]
        )

    def extra(self, batch_shape: Any, batch: int, dtype: Any, statistics: np.ndarray) -> np.ndarray:
        return self._squares()

    def forward(self, p: None, buffers: LayerBuffers) -> None:
        buffers.x[..., buffers.extra].max(axis=-1, out=buffers.y)

    def backward(self, p: None, buffers: LayerBuffers, dy: np.ndarray, g: None, dx: np.ndarray | None) -> None:
        assert dx is not None
        dx[...] = 0.0
        winners = buffers.x[..., buffers.extra].argmax(axis=-1)
        places = buffers.extra[np.arange(self.width), winners]
        np.put_along_axis(dx, places, dy, axis=-1)


class Recurrent(NamedTuple):
    """inner: (..., F, H) from inputs; again: (..., H, H) from the step before; bias: (..., 1, H)."""

    inner: np.ndarray
    again: np.ndarray
    bias: np.ndarray


@dataclass(frozen=True, slots=True)
class TanhRecurrence(Layer):
    """h_t = tanh(x_t U + h_(t-1) W + b) over all steps, from h_0 = 0; gives the last h, of ``width`` units."""

    steps: int
    features: int

    def groups(self) -> tuple[Group, ...]:
        n, f = self.width, self.features
        return (
            Group("weights", (f, n), Role.WEIGHT), Group("recurrent", (n, n), Role.WEIGHT),
            Group("biases", (n,), Role.SHIFT),
        )  # fmt: skip

    @property
    def work(self) -> int:
        return self.steps * self.size

    def init(self, rng: np.random.Generator) -> np.ndarray:
        n, f = self.width, self.features
        inner, again = rng.normal(0.0, f**-0.5, (f, n)), np.linalg.qr(rng.normal(size=(n, n)))[0]
        return np.concatenate([inner.ravel(), again.ravel(), np.zeros(n)])

    def views(self, flat: np.ndarray) -> Recurrent:
        n, f, lead = self.width, self.features, flat.shape[:-1]
        inner, again, bias = flat[..., : f * n], flat[..., f * n : (f + n) * n], flat[..., None, (f + n) * n :]
        return Recurrent(inner.reshape(*lead, f, n), again.reshape(*lead, n, n), bias)

    def extra(self, batch_shape: Any, batch: int, dtype: Any, statistics: np.ndarray) -> np.ndarray:
        """All h, (steps + 1, ..., B, H)."""
        return np.zeros((self.steps + 1, *batch_shape, batch, self.width), dtype)

    def _at(self, x: np.ndarray, step: int) -> np.ndarray:
        return x[..., step * self.features : (step + 1) * self.features]

    def forward(self, p: Recurrent, buffers: LayerBuffers) -> None:
        states = buffers.extra
        for t in range(self.steps):
            states[t + 1] = np.tanh(self._at(buffers.x, t) @ p.inner + states[t] @ p.again + p.bias)
        buffers.y[...] = states[-1]

    def backward(
        self, p: Recurrent, buffers: LayerBuffers, dy: np.ndarray, g: Recurrent, dx: np.ndarray | None
    ) -> None:
        states, d = buffers.extra, dy
        for part in g:
            part[...] = 0.0
        for t in reversed(range(self.steps)):
            pre = d * (1.0 - states[t + 1] ** 2)
            g.inner[...] += self._at(buffers.x, t).swapaxes(-1, -2) @ pre
            g.again[...] += states[t].swapaxes(-1, -2) @ pre
            g.bias[...] += pre.sum(axis=-2, keepdims=True)
            if dx is not None:
                self._at(dx, t)[...] = pre @ p.inner.swapaxes(-1, -2)
            d = pre @ p.again.swapaxes(-1, -2)


@dataclass(frozen=True, slots=True)
class TiedDecoder(Layer):
    """y = x W^T + c, with the W of the dense layer that encoded, and a bias of its own."""

    encoder: Dense

    @property
    def shares(self) -> Layer:
        return self.encoder

    def groups(self) -> tuple[Group, ...]:
        return (Group("biases", (self.width,), Role.SHIFT),)

    @property
    def work(self) -> int:
        return self.encoder.size

    def init(self, rng: np.random.Generator) -> np.ndarray:
        return np.zeros(self.width)

    def views(self, flat: np.ndarray) -> np.ndarray:
        return flat[..., None, :]

    def forward(self, p: Any, buffers: LayerBuffers) -> None:
        np.matmul(buffers.x, p.shared.turned, out=buffers.y)
        buffers.y[...] += p.own

    def backward(self, p: Any, buffers: LayerBuffers, dy: np.ndarray, g: Any, dx: np.ndarray | None) -> None:
        g.own[...] = dy.sum(axis=-2, keepdims=True)
        g.shared.turned[...] = buffers.x.swapaxes(-1, -2) @ dy
        if dx is not None:
            np.matmul(dy, p.shared.affine[..., : self.encoder.fan_in, :], out=dx)
