"""Activation layers: a function applied to each unit, fixed or with a parameter that is learned."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import final

import numpy as np

from engine.activations import Activation
from engine.arrays import Array, DType, Shape
from engine.layers.base import Group, Layer, LayerBuffers, Views


def curve(activation: Activation, values: tuple[float, ...], z: Array) -> tuple[Array, Array]:
    """An activation and its derivative at the pre-activations ``z`` (n,)."""
    a = activation.f(z, np.empty_like(z), *values)
    return a, activation.df(z, a, np.empty_like(z), *values)


@dataclass(frozen=True, slots=True)
class ActivationLayer(Layer):
    """What all activation layers have in common; ``values`` are the hyperparameters in the entry's order."""

    activation: Activation
    values: tuple[float, ...] = ()

    @property
    def takes(self) -> int:
        """The pieces of all units."""
        return self.pieces_per_unit * self.width

    @property
    def pieces_per_unit(self) -> int:
        """How many of the inputs belong to one unit."""
        return 1

    @abstractmethod
    def curve(self, p: Views, z: Array) -> tuple[Array, Array]:
        """The function of one unit, and its derivative, at the pre-activations ``z`` (n,)."""

    @abstractmethod
    def slopes(self, p: Views, buffers: LayerBuffers) -> Array | None:
        """The derivative (..., B, n) at the pre-activations of a forward pass; None if there are several pieces."""


@final
@dataclass(frozen=True, slots=True)
class Activate(ActivationLayer):
    """An activation function, applied to each unit."""

    def curve(self, p: Views, z: Array) -> tuple[Array, Array]:
        """``f(z)`` and ``f'(z)``."""
        return curve(self.activation, self.values, z)

    def slopes(self, p: Views, buffers: LayerBuffers) -> Array:
        """``f'(x)``, (..., B, n)."""
        return self.activation.df(buffers.x, buffers.y, np.empty_like(buffers.y), *self.values)

    def forward(self, p: Views, buffers: LayerBuffers) -> None:
        """``y = f(x)``."""
        self.activation.f(buffers.x, buffers.y, *self.values)

    def backward(self, p: Views, buffers: LayerBuffers, dy: Array, g: Views, dx: Array | None) -> None:
        """``dL/dx = f'(x) dL/dy``, element by element."""
        if dx is not None:
            self.activation.df(buffers.x, buffers.y, dx, *self.values)
            np.multiply(dx, dy, out=dx)


@final
@dataclass(frozen=True, slots=True)
class LearnedActivate(ActivationLayer):
    """An activation with one learned parameter for each unit; its hyperparameter is the initial value."""

    def groups(self) -> tuple[Group, ...]:
        """One slope for each unit."""
        return (Group("slopes", (self.width,)),)

    def init(self, rng: np.random.Generator) -> Array:
        """The hyperparameter's value for every unit, (n,)."""
        return np.full(self.width, self.values[0])

    def views(self, flat: Array) -> Array:
        """The slopes ``p`` as one row, (..., 1, n), the same for all samples."""
        return flat[..., None, :]

    def extra(self, batch_shape: Shape, batch: int, dtype: DType, statistics: Array) -> Array:
        """An array (..., B, n) for the derivative with respect to the slopes."""
        return np.empty((*batch_shape, batch, self.width), dtype)

    def curve(self, p: Array, z: Array) -> tuple[Array, Array]:
        """The function with the mean of all units' parameters."""
        return curve(self.activation, (float(p.mean()),), z)

    def slopes(self, p: Array, buffers: LayerBuffers) -> Array:
        """``df/dx`` with each unit's own slope, (..., B, n)."""
        return self.activation.df(buffers.x, buffers.y, np.empty_like(buffers.y), p)

    def forward(self, p: Array, buffers: LayerBuffers) -> None:
        """``y = f(x, p)``, with one ``p`` for each unit."""
        self.activation.f(buffers.x, buffers.y, p)

    def backward(self, p: Array, buffers: LayerBuffers, dy: Array, g: Array, dx: Array | None) -> None:
        """``dL/dp = sum over the batch of df/dp dL/dy``, ``dL/dx = df/dx dL/dy``."""
        assert self.activation.learned is not None
        own = self.activation.learned(buffers.x, buffers.y, buffers.extra, p)
        np.multiply(own, dy, out=own)
        np.add.reduce(own, axis=-2, keepdims=True, out=g)
        if dx is not None:
            self.activation.df(buffers.x, buffers.y, dx, p)
            np.multiply(dx, dy, out=dx)
