"""Blocks: groups of layers that belong together, and where their parameters are in the flat vector."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from engine.arrays import Array, Shape
from engine.layers import ActivationLayer, Layer, Role
from engine.layout import Layout


class PlacedGroup(NamedTuple):
    """A group of parameters and where it is.

    layer : number of the block, 1 for the first; the last is the output
    name, role : what the group is
    layer_index : of its layer in ``Network.layers``
    start : of its first number in the flat vector; all others follow
    shape : of the group
    """

    layer: int
    name: str
    role: Role
    layer_index: int
    start: int
    shape: Shape

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return math.prod(self.shape)

    @property
    def span(self) -> slice:
        """Where it is in the flat vector."""
        return slice(self.start, self.start + self.size)

    @property
    def positions(self) -> Array:
        """The same as an array of indices, of the group's shape."""
        return np.arange(self.start, self.start + self.size).reshape(self.shape)


# Positions are made when they are first asked for: of a large network they take longer than all else.
@dataclass(frozen=True, eq=False)
class Block:
    """A layer with weights and those after it that work on its units.

    Attributes
    ----------
    first, last : int
        Its layers, both included; the first block may begin with layers without weights.
    opener : int
        The layer with weights.
    activate : int or None
        Its activation; None if there is no such layer.
    units : int
        Number of outputs.
    pieces : int
        Pre-activations of each unit of the activation, more than one for maxout.
    groups : tuple of PlacedGroup
        Its parameters, in the order of the flat vector.
    shift : PlacedGroup or None
        What is added last before the activation: biases, or the shift of batch norm, which replaces them.
    """

    first: int
    last: int
    opener: int
    activate: int | None
    units: int
    pieces: int
    groups: tuple[PlacedGroup, ...]
    shift: PlacedGroup | None

    @property
    def weight_groups(self) -> list[PlacedGroup]:
        """Its groups of weights: one in most blocks, none if the layer uses another's."""
        return [group for group in self.groups if group.role is Role.WEIGHT]

    @cached_property
    def weights(self) -> tuple[Array, ...]:
        """Positions of each group of weights in the flat vector, (fan_in, units, pieces)."""
        parts = (group.positions for group in self.weight_groups)
        return tuple(part.reshape(-1, self.pieces, part.shape[-1] // self.pieces).swapaxes(-1, -2) for part in parts)

    @cached_property
    def biases(self) -> Array:
        """Positions (units, pieces) of the shift; (0, 1) if there is none."""
        return np.empty((0, 1), int) if self.shift is None else self.shift.positions.reshape(self.pieces, -1).T


def blocks_of(layers: Sequence[Layer], slices: Sequence[slice]) -> tuple[Block, ...]:
    """Find the blocks in a list of layers, each of which has a slice of the flat vector."""
    openers = [k for k, layer in enumerate(layers) if layer.opens_block]
    if not openers:
        return ()
    starts, ends = [0, *openers[1:]], [*openers[1:], len(layers)]
    blocks: list[Block] = []
    for first, opener, stop in zip(starts, openers, ends, strict=True):
        groups = _groups(layers, slices, range(first, stop), len(blocks) + 1)
        blocks.append(_block(layers, first, opener, stop - 1, tuple(groups)))
    return tuple(blocks)


def layout_of(layers: Sequence[Layer], blocks: Sequence[Block]) -> Layout:
    """What two lists of layers must have in common for their networks to exchange States."""
    groups = [group for block in blocks for group in block.groups]
    statistics = tuple(layer.statistics for layer in layers if layer.statistics)
    return Layout(
        tuple((group.layer, group.name, group.shape) for group in groups),
        statistics,
        (sum(group.size for group in groups), sum(statistics)),
    )


def _groups(layers: Sequence[Layer], slices: Sequence[slice], indices: range, number: int) -> Iterator[PlacedGroup]:
    for k in indices:
        start = slices[k].start
        for group in layers[k].groups():
            yield PlacedGroup(number, group.name, group.role, k, start, group.shape)
            start += group.size


def _block(layers: Sequence[Layer], first: int, opener: int, last: int, groups: tuple[PlacedGroup, ...]) -> Block:
    at, pieces = None, 1
    for k in range(opener, last + 1):
        layer = layers[k]
        if isinstance(layer, ActivationLayer):
            at, pieces = k, layer.pieces_per_unit
            break
    before = range(opener, (last if at is None else at) + 1)
    shifts = [group for group in groups if group.role is Role.SHIFT and group.layer_index in before]
    return Block(first, last, opener, at, layers[last].width, pieces, groups, shifts[-1] if shifts else None)
