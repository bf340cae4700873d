"""What a layer is: a frozen description that computes into arrays of others."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Array, DType, Shape

Mode: TypeAlias = Literal["train", "batch", "evaluate", "masked"]
"""train: noise, masks and batch statistics; batch: batch statistics alone; evaluate: given statistics, the running
averages; masked: masks and given statistics."""


@dataclass(slots=True)
class LayerBuffers:
    """The arrays of one layer for one batch; scratch that the next forward pass overwrites.

    x : (..., B, n_in) input, with a column of ones where the layer asks for one
    y : (..., B, n_out) output
    mode : the purpose of this pass
    extra : what the layer needs in the backward pass
    """

    x: Array
    y: Array
    mode: Mode
    extra: Any = None


class Role(Enum):
    """What parameters do.

    WEIGHT : multiply what comes in; the regularization term counts them, and pictures draw them as links
    SHIFT : are added to a unit's sum
    OTHER : anything else
    """

    WEIGHT = "weight"
    SHIFT = "shift"
    OTHER = "other"


class Group(NamedTuple):
    """Parameters of one kind.

    name : what they are called, as in "weights", "biases"
    shape : of the array that they fill, row by row; the last axis of weights is the unit that they lead to
    role : what they do
    """

    name: str
    shape: Shape
    role: Role = Role.OTHER

    @property
    def size(self) -> int:
        """How many there are."""
        return math.prod(self.shape)


class Shared(NamedTuple):
    """The views of a layer that shares another's parameters: its own ones, and that layer's."""

    own: Any
    lent: Any


@dataclass(frozen=True, slots=True)
class Layer(ABC):
    """One layer; ``width`` is the number of its outputs.

    What passes between layers is flat, (..., B, width): a layer that sees images or sequences keeps their geometry in
    fields of its own. A new kind of layer needs ``forward`` and ``backward``, ``groups``, ``init`` and ``views`` if it
    has parameters, and of the rest what is not as below.
    """

    width: int

    def groups(self) -> tuple[Group, ...]:
        """The kinds of parameters, in the order of the layer's slice of the flat vector."""
        return ()

    @property
    def size(self) -> int:
        """Number of parameters."""
        return sum(group.size for group in self.groups())

    @property
    def shares(self) -> Layer | None:
        """An earlier layer of the network, the very same object, whose parameters this one reads as well.

        ``forward`` and ``backward`` then get ``Shared`` views; ``backward`` fills both parts of the gradient, and the
        network adds the second one to the other layer's.
        """
        return None

    @property
    def opens_block(self) -> bool:
        """Whether the layer begins what is looked at as one: it has weights, and those after it work on its units."""
        return self.shares is not None or any(group.role is Role.WEIGHT for group in self.groups())

    @property
    def work(self) -> int:
        """Multiplications for one sample, roughly."""
        return self.size

    @property
    def statistics(self) -> int:
        """Number of running averages."""
        return 0

    def init_statistics(self) -> Array:
        """The (statistics,) running averages before the first batch."""
        return np.zeros(self.statistics)

    def unbiased(self, batch: int) -> Array:
        """Factors (statistics,) that make of the statistics of a batch estimates of those of all points."""
        return np.ones(self.statistics)

    def statistic_rate(self, batch: int) -> float:
        """The share of a new batch in the running averages, 0 to 1."""
        return 0.0

    @property
    def reads_ones(self) -> bool:
        """Whether ``buffers.x`` must end in a column of ones."""
        return False

    @property
    def draws(self) -> bool:
        """Whether ``draw`` must be called before a pass in a mode with random numbers."""
        return False

    def acts_in(self, mode: Mode) -> bool:
        """Whether the layer does anything in this mode; if not, it is left out of the chain."""
        return True

    def init(self, rng: np.random.Generator) -> Array:
        """Draw the (size,) initial parameters."""
        return np.zeros(0)

    @property
    def adapts(self) -> bool:
        """Whether ``adapt`` must be called once the first parameters are drawn."""
        return False

    def adapt(self, p: Any, y: Array) -> None:
        """Change the first parameters, in place, by the outputs (B, n_out) that they make of training inputs."""
        raise NotImplementedError

    def views(self, flat: Array) -> Any:
        """See the layer's slice (..., size) of the flat vector as the arrays it works with."""
        return None

    def extra(self, batch_shape: Shape, batch: int, dtype: DType, statistics: Array) -> Any:
        """Allocate ``LayerBuffers.extra``; ``statistics`` is the layer's slice (..., statistics)."""
        return None

    def draw(self, rngs: Sequence[np.random.Generator], buffers: LayerBuffers, shared: bool = False) -> None:
        """Draw the random numbers of the next pass, from one generator for each network.

        With ``shared`` all samples of a batch get the same mask: one network with masks, evaluated at many points.
        """
        raise NotImplementedError

    def silenced(self, buffers: LayerBuffers) -> Array | None:
        """Which outputs (width,) of the first sample a mask makes zero; None of a layer without masks of outputs."""
        return None

    def as_affine(self, p: Any) -> Array | None:
        """The whole layer as one matrix (n_in + 1, n_out), the last row added; None of a layer that is none."""
        return None

    @abstractmethod
    def forward(self, p: Any, buffers: LayerBuffers) -> None:
        """Compute ``buffers.y`` from ``buffers.x`` and the parameter views ``p``."""

    @abstractmethod
    def backward(self, p: Any, buffers: LayerBuffers, dy: Array, g: Any, dx: Array | None) -> None:
        """From ``dy`` fill the gradient views ``g`` and, unless it is None, ``dx``."""
