"""Selection: what somebody looks at of a network. A value; only commands and settings lead to another one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from engine import Network, Registry
from engine.arrays import Array
from engine.registry import Refusal, brief


class Part(NamedTuple):
    """One thing in a network: a key of TARGETS, and its place; of a link also where it comes from."""

    kind: str = "none"
    layer: int = 0
    i: int = 0
    j: int = 0


NOTHING = Part()


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of thing in a network that can be looked at closely.

    Parameters
    ----------
    name : str
    positions : callable ``(network, layer, i, j) -> indices`` or None
        Where in the flat parameter vector its weight or bias is; raises ValueError where there is no such thing; None
        for nothing at all.
    has_map : bool
        Whether it can take the place of the large picture.
    """

    name: str
    positions: Callable[[Network, int, int, int], Array | None]
    has_map: bool = False


def _unit(network: Network, layer: int, i: int, j: int) -> Array:
    """Its bias; an input has none."""
    if layer != 0:
        return network.bias_position(layer, i)
    if not 0 <= i < network.inputs:
        raise Refusal(f"There are {network.inputs} inputs; not input {i}.")
    return np.empty(0, int)


TARGETS = Registry(
    "kind",
    [
        Target("none", lambda network, layer, i, j: None),
        Target("unit", _unit, has_map=True),
        Target("link", lambda network, layer, i, j: network.weight_position(layer, i, j)),
        Target("bias", lambda network, layer, i, j: network.bias_position(layer, i)),
    ],
)
"""What can be looked at closely, in the order of the frame's code."""


def position(network: Network, kind: str, layer: int, i: int, j: int) -> Array:
    """Indices in the flat parameter vector of a link's weight, or of a bias.

    Raises
    ------
    ValueError
        When there is no such thing in this network.
    """
    found = TARGETS[kind].positions(network, layer, i, j)
    assert found is not None, "nothing has no place"
    return found


@dataclass(frozen=True, slots=True)
class Pointed:
    """What a page points at, beside its settings.

    Parameters
    ----------
    focus : Part
        What is looked at closely.
    watched : int
        The hidden layer, from 1, whose activation is looked at; 0 for none.
    redraws : int
        How often somebody has asked for the loss landscape as it is now.
    """

    focus: Part = NOTHING
    watched: int = 0
    redraws: int = 0

    def at(self, network: Network, kind: str, layer: int, i: int, j: int) -> Pointed:
        """Look closely at something.

        Raises
        ------
        ValueError
            When there is no such thing in this network.
        """
        if not isinstance(kind, str) or kind not in TARGETS:
            raise Refusal(f"kind must be one of {', '.join(TARGETS)}; not {brief(kind)}.")
        is_something = TARGETS[kind].positions(network, layer, i, j) is not None
        return replace(self, focus=Part(kind, layer, i, j) if is_something else NOTHING)

    def watching(self, network: Network, layer: int) -> Pointed:
        """Look at the activation of a hidden layer, from 1; 0 for none.

        Raises
        ------
        ValueError
            When there is no such layer.
        """
        count = len(network.blocks) - 1
        if not 0 <= layer <= count:
            raise Refusal(f"There are {count} hidden layers; not layer {layer}.")
        return replace(self, watched=layer)

    def asking_to_redraw(self) -> Pointed:
        """Ask for the loss landscape as it is now."""
        return replace(self, redraws=self.redraws + 1)


@dataclass(frozen=True, slots=True)
class Selection:
    """All that decides what is seen of a network.

    Parameters
    ----------
    pointed : Pointed
    view : str
        Key of VIEWS.
    quantities : (str, str)
        Keys of QUANTITIES: what the upper and the lower histograms show.
    log_counts : bool
        Whether their heights are logarithms.
    layer_detail : int
        The layer seen in detail, from 1; 0 for none.
    picture : str
        Key of PICTURES: what the large picture is.
    hidden_layer : int
        Whose hidden space is shown, at most the last.
    hidden_axes : str
        Key of AXES.
    hidden_units : (int, int)
        The two units, from 1, that may be its axes.
    directions : str
        Key of DIRECTIONS: the plane of the loss landscape.
    landscape_every : int
        Steps until the landscape is drawn anew; 0 for only when asked.
    """

    pointed: Pointed
    view: str
    quantities: tuple[str, str]
    log_counts: bool
    layer_detail: int
    picture: str
    hidden_layer: int
    hidden_axes: str
    hidden_units: tuple[int, int]
    directions: str
    landscape_every: int


def value_of(part: Part, network: Network, params: Array) -> float:
    """The exact weight or bias of a part; NaN where it has none."""
    found = TARGETS[part.kind].positions(network, part.layer, part.i, part.j)
    return float(params[found].mean()) if found is not None and found.size else math.nan
