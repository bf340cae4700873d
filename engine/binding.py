"""Binding: the layers' views of one flat vector, of which some layers may share parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.arrays import Array
from engine.layers import Layer, Shared, Views
from engine.registry import Refusal
from engine.tape import Parameters, SharedGradient


class Binding:
    """Views of flat vectors.

    Parameters
    ----------
    layers : sequence of Layer
    slices : sequence of slice
        Each layer's part of the flat vector.

    Raises
    ------
    ValueError
        If a layer shares the parameters of one that is not before it, or that shares another's itself.
    """

    def __init__(self, layers: Sequence[Layer], slices: Sequence[slice]) -> None:
        self._layers, self._slices = layers, slices
        self._owners = {k: _owner(layers, k) for k, layer in enumerate(layers) if layer.shares is not None}

    def bind(self, flat: Array) -> Parameters:
        """Let every layer see its part of a flat vector (..., P)."""
        views = [layer.views(flat[..., part]) for layer, part in zip(self._layers, self._slices, strict=True)]
        if self._owners:
            for k, owner in self._owners.items():
                views[k] = Shared(views[k], views[owner])
        return Parameters(flat, tuple(views))

    def bind_gradient(self, flat: Array) -> tuple[Parameters, tuple[SharedGradient, ...]]:
        """Let every layer see its part of a gradient (..., P).

        What a layer adds to the gradient of another goes to scratch, because each layer fills its own part.
        """
        parameters, shared = self.bind(flat), []
        views = list(parameters.views)
        for k, owner in self._owners.items():
            part = flat[..., self._slices[owner]]
            shared.append(SharedGradient(part, np.zeros_like(part)))
            views[k] = Shared(views[k].own, self._layers[owner].views(shared[-1].scratch))
        return Parameters(flat, tuple(views)), tuple(shared)

    def with_layer(self, parameters: Parameters, index: int, own: Array) -> tuple[Views, ...]:
        """All views of the parameters, but of one layer's slice those of ``own`` (..., size)."""
        views, seen = list(parameters.views), self._layers[index].views(own)
        views[index] = Shared(seen, views[index].shared) if index in self._owners else seen
        for k, owner in self._owners.items():
            if owner == index:
                views[k] = Shared(views[k].own, seen)
        return tuple(views)


def _owner(layers: Sequence[Layer], index: int) -> int:
    """Index of the layer whose parameters the layer of this index shares."""
    wanted = layers[index].shares
    found = [k for k in range(index) if layers[k] is wanted and layers[k].shares is None]
    if not found:
        raise Refusal(
            f"Layer number {index} must share the parameters of a layer before it that has its own; "
            f"not of {type(wanted).__name__}."
        )
    return found[0]
