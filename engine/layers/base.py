"""What every layer is: a frozen description that computes into arrays which others own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Array, DType, Shape

Mode: TypeAlias = Literal["train", "batch", "evaluate", "masked"]
"""train: noise, masks and batch statistics; batch: batch statistics alone; evaluate: the statistics given, the running
averages; masked: masks, and the statistics given."""


@dataclass(slots=True)
class LayerBuffers:
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


class Group(NamedTuple):
    """Parameters of one kind: what they are called, and how many a layer has of them."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Layer(ABC):
    """One layer; ``width`` is the number of its outputs."""

    width: int

    @property
    def size(self) -> int:
        """Number of parameters."""
        return 0

    def groups(self) -> tuple[Group, ...]:
        """The kinds of parameters, in the order of the layer's slice of the flat vector."""
        return ()

    @property
    def statistics(self) -> int:
        """Number of running averages."""
        return 0

    @property
    def reads_ones(self) -> bool:
        """Whether ``buffers.x`` must end in a column of ones."""
        return False

    @property
    def draws(self) -> bool:
        """Whether ``draw`` must be called before a pass in a mode where chance plays a part."""
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

    def extra(self, batch_shape: Shape, batch: int, dtype: DType, statistics: Array) -> Any:
        """Allocate ``LayerBuffers.extra``; ``statistics`` is the layer's slice (..., statistics)."""
        return None

    def draw(self, rngs: Sequence[np.random.Generator], buffers: LayerBuffers, shared: bool = False) -> None:
        """Draw the chances of the next pass, from one generator for each network.

        With ``shared`` all samples of a batch get the same: one thinned network, seen at many points.
        """
        raise NotImplementedError

    @abstractmethod
    def forward(self, p: Any, buffers: LayerBuffers) -> None:
        """Compute ``buffers.y`` from ``buffers.x`` and the parameter views ``p``."""

    @abstractmethod
    def backward(self, p: Any, buffers: LayerBuffers, dy: Array, g: Any, dx: Array | None) -> None:
        """From ``dy`` fill the gradient views ``g`` and, unless it is None, ``dx``."""
