"""Layout: how a network's parameters and running averages lie in their flat vectors."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from engine.arrays import Shape
from engine.registry import brief


@dataclass(frozen=True, slots=True)
class Layout:
    """What two networks must have in common to exchange States. Layouts are compared as values.

    Attributes
    ----------
    groups : tuple of (layer, name, shape)
        Each group of parameters, in the order of the flat vector; layer 1 is the first with weights.
    statistics : tuple of int
        How many running averages each layer has that has any, in their order.
    sizes : (parameters, running averages)
        How long the two vectors are.
    """

    groups: tuple[tuple[int, str, Shape], ...]
    statistics: tuple[int, ...]
    sizes: tuple[int, int]

    def difference(self, other: Layout) -> str:
        """The first thing that is not the same in another layout, as the end of a refusal."""
        for own, found in zip_longest(self.groups, other.groups):
            if own != found:
                return f"{_words(own)}; not {_words(found)}"
        return f"layers with {brief(self.statistics)} running averages; not {brief(other.statistics)}"


def _words(group: tuple[int, str, Shape] | None) -> str:
    return "nothing more" if group is None else f"{group[1]} of shape {group[2]} in layer {group[0]}"
