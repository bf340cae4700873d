"""Activation layers: a function applied unit by unit; one with a learned parameter; the largest of several pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from engine.activations import Activation
from engine.arrays import Array, Shape
from engine.layers.base import Group, Layer, LayerBuffers


@dataclass(frozen=True, slots=True)
class Activate(Layer):
    """An activation function, element by element; ``values`` are its hyperparameters in the entry's order."""

    activation: Activation
    values: tuple[float, ...] = ()

    @property
    def pieces_per_unit(self) -> int:
        """How many of the inputs belong to one unit."""
        return 1

    def curve(self, p: Any, z: Array) -> tuple[Array, Array]:
        """f and its derivative at the places ``z`` (n,)."""
        a = self.activation.f(z, np.empty_like(z), *self.values)
        return a, self.activation.df(z, a, np.empty_like(z), *self.values)

    def slopes(self, p: Any, buffers: LayerBuffers) -> Array | None:
        """The derivative (..., B, n) at the pre-activations of a forward pass; None of a choice between pieces."""
        return self.activation.df(buffers.x, buffers.y, np.empty_like(buffers.y), *self.values)

    def forward(self, p: Any, buffers: LayerBuffers) -> None:
        self.activation.f(buffers.x, buffers.y, *self.values)

    def backward(self, p: Any, buffers: LayerBuffers, dy: Array, g: Any, dx: Array | None) -> None:
        assert dx is not None, "an activation follows a layer"
        self.activation.df(buffers.x, buffers.y, dx, *self.values)
        np.multiply(dx, dy, out=dx)


@dataclass(frozen=True, slots=True)
class LearnedActivate(Activate):
    """An activation whose hyperparameter is only where each unit's own, learned parameter begins."""

    def groups(self) -> tuple[Group, ...]:
        return (Group("slopes", (self.width,)),)

    def init(self, rng: np.random.Generator) -> Array:
        return np.full(self.width, self.values[0])

    def views(self, flat: Array) -> Array:
        return flat[..., None, :]

    def extra(self, batch_shape: Shape, batch: int, dtype: Any, statistics: Array) -> Array:
        return np.empty((*batch_shape, batch, self.width), dtype)

    def curve(self, p: Array, z: Array) -> tuple[Array, Array]:
        """The function of the mean parameter: each unit has its own."""
        return Activate(self.width, self.activation, (float(p.mean()),)).curve(None, z)

    def slopes(self, p: Array, buffers: LayerBuffers) -> Array | None:
        return self.activation.df(buffers.x, buffers.y, np.empty_like(buffers.y), p)

    def forward(self, p: Array, buffers: LayerBuffers) -> None:
        self.activation.f(buffers.x, buffers.y, p)

    def backward(self, p: Array, buffers: LayerBuffers, dy: Array, g: Array, dx: Array | None) -> None:
        assert dx is not None
        assert self.activation.learned is not None
        own = self.activation.learned(buffers.x, buffers.y, buffers.extra, p)
        np.multiply(own, dy, out=own)
        np.add.reduce(own, axis=-2, keepdims=True, out=g)
        self.activation.df(buffers.x, buffers.y, dx, p)
        np.multiply(dx, dy, out=dx)


class Pieces(NamedTuple):
    """won: where a piece is the largest, (..., B, n); free: no piece before it was."""

    won: Array
    free: Array


@dataclass(frozen=True, slots=True)
class Maxout(Activate):
    """The largest of ``pieces`` pre-activations (Goodfellow et al. 2013); x holds all units' first pieces, then all
    their second ones, and so on. Where pieces tie, the first of them gets the gradient."""

    pieces: int = 2

    @property
    def pieces_per_unit(self) -> int:
        return self.pieces

    def slopes(self, p: Any, buffers: LayerBuffers) -> Array | None:
        return None

    def extra(self, batch_shape: Shape, batch: int, dtype: Any, statistics: Array) -> Pieces:
        shape = (*batch_shape, batch, self.width)
        return Pieces(np.empty(shape, bool), np.empty(shape, bool))

    def _parts(self, x: Array) -> list[Array]:
        return [x[..., start : start + self.width] for start in range(0, self.pieces * self.width, self.width)]

    def forward(self, p: Any, buffers: LayerBuffers) -> None:
        first, *others = self._parts(buffers.x)
        np.copyto(buffers.y, first)
        for part in others:
            np.maximum(buffers.y, part, out=buffers.y)

    def backward(self, p: Any, buffers: LayerBuffers, dy: Array, g: Any, dx: Array | None) -> None:
        assert dx is not None, "an activation follows a layer"
        won, free = buffers.extra
        free[...] = True
        for part, slope in zip(self._parts(buffers.x), self._parts(dx), strict=True):
            np.equal(part, buffers.y, out=won)
            np.logical_and(won, free, out=won)
            np.logical_xor(free, won, out=free)
            np.multiply(dy, won, out=slope)


def activation_layer(entry: Activation, width: int, hyperparameters: Mapping[str, float]) -> Activate:
    """The layer that applies an entry to ``width`` units."""
    values = tuple(hyperparameters[hyperparameter.name] for hyperparameter in entry.hyperparameters)
    pieces = entry.pieces(*values)
    if pieces > 1:
        return Maxout(width, entry, values, pieces)
    return (LearnedActivate if entry.learned else Activate)(width, entry, values)
