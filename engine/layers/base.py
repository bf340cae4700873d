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
from engine.registry import check_count

Mode: TypeAlias = Literal["train", "batch", "evaluate", "masked"]
"""train: noise, masks and batch statistics; batch: batch statistics alone; evaluate: given statistics, the running
averages; masked: masks and given statistics."""


Views: TypeAlias = Any
"""What a layer's ``views`` returns: its parameters, or their gradient, as the arrays that this kind of layer uses."""


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

    WEIGHT : multiply the inputs; regularization applies to them, and pictures show them as links
    SHIFT : are added to a unit's weighted sum
    OTHER : anything else
    """

    WEIGHT = "weight"
    SHIFT = "shift"
    OTHER = "other"


class Group(NamedTuple):
    """Parameters of one kind.

    name : for example "weights" or "biases"
    shape : of their array, row by row; the last axis of weights is the unit that they lead to
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
    """The views of a layer that shares another layer's parameters: its own, and that layer's."""

    own: Views
    shared: Views


@dataclass(frozen=True, slots=True)
class Layer(ABC):
    """One layer; ``width`` is the number of its outputs.

    Signals between layers are flat, (..., B, width): a layer for images or sequences has their geometry in its own
    fields. ``buffers.x`` of the first layer, and parameters that all networks share, have fewer leading axes than
    ``buffers.y``: they broadcast. A new kind of layer needs ``forward`` and ``backward``; ``groups``, ``init`` and
    ``views`` if it has parameters; and the other methods where the default does not fit.
    """

    width: int

    def __post_init__(self) -> None:
        check_count("width", self.width)

    @property
    def takes(self) -> int | None:
        """Number of inputs, without the column of ones; None if any number will do."""
        return None

    def groups(self) -> tuple[Group, ...]:
        """The kinds of parameters, in the order of the layer's slice of the flat vector."""
        return ()

    @property
    def size(self) -> int:
        """Number of parameters."""
        return sum(group.size for group in self.groups())

    @property
    def shares(self) -> Layer | None:
        """An earlier layer of the network, the same object, whose parameters this layer uses too.

        ``forward`` and ``backward`` then get ``Shared`` views; ``backward`` fills both parts of the gradient, and the
        network adds the second one to the other layer's.
        """
        return None

    @property
    def opens_block(self) -> bool:
        """Whether the layer begins a block: it has weights, and the layers after it work on its units."""
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
        """Factors (statistics,) that turn the statistics of a batch into unbiased estimates."""
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
        """Whether ``draw`` must be called before a pass in a mode with random numbers: wherever it is defined."""
        return type(self).draw is not Layer.draw

    def acts_in(self, mode: Mode) -> bool:
        """Whether the layer does anything in this mode; if not, it is left out of the chain."""
        return True

    def init(self, rng: np.random.Generator) -> Array:
        """Draw the (size,) initial parameters."""
        return np.zeros(0)

    @property
    def adapts(self) -> bool:
        """Whether ``adapt`` must be called after the initial parameters are drawn."""
        return False

    def adapt(self, p: Views, y: Array) -> None:  # noqa: B027 - most layers do not look at data
        """Change the initial parameters in place, by their outputs (B, n_out) for training inputs; here not at all."""

    def views(self, flat: Array) -> Views:
        """See the layer's slice (..., size) of the flat vector as the arrays it works with."""
        return None

    def extra(self, batch_shape: Shape, batch: int, dtype: DType, statistics: Array) -> Any:
        """Allocate ``LayerBuffers.extra``; ``statistics`` is the layer's slice (..., statistics)."""
        return None

    def draw(  # noqa: B027 - most layers have no random numbers
        self, rngs: Sequence[np.random.Generator], buffers: LayerBuffers, shared: bool = False
    ) -> None:
        """Draw the random numbers of the next pass, from one generator for each network; here there are none.

        With ``shared`` all samples of a batch get the same mask: one network with masks, evaluated at many points.
        """

    def silenced(self, buffers: LayerBuffers) -> Array | None:
        """Which outputs (width,) of the first sample a mask sets to zero; None for a layer without such masks."""
        return None

    def as_affine(self, p: Views) -> Array | None:
        """The layer as one matrix (n_in + 1, n_out), the last row the biases; None for a layer that is not affine."""
        return None

    def scale_and_shift(self, p: Views) -> tuple[Array, Array] | None:
        """What a layer that normalises its inputs multiplies them by, and adds to them, (n,) each; None for others.

        The statistics of such a layer are the means (n,) of its inputs, and then their variances (n,).
        """
        return None

    @abstractmethod
    def forward(self, p: Views, buffers: LayerBuffers) -> None:
        """Compute ``buffers.y`` from ``buffers.x`` and the parameter views ``p``."""

    @abstractmethod
    def backward(self, p: Views, buffers: LayerBuffers, dy: Array, g: Views, dx: Array | None) -> None:
        """From ``dy`` fill the gradient views ``g`` and, unless it is None, ``dx``."""
