"""What the large picture at the right can be, and along which axes it shows a hidden space."""

from __future__ import annotations

from dataclasses import dataclass

from engine import Registry


@dataclass(frozen=True, slots=True)
class Picture:
    """One choice: the key, what a person reads, and one sentence for a tooltip."""

    name: str
    label: str
    doc: str


PICTURES = Registry(
    "picture",
    [
        Picture("output", "Output", "The network's answer for every point of the plane."),
        Picture("hidden", "Hidden space", "Where a layer puts the points, and how it bends the square they come from."),
        Picture("landscape", "Loss landscape", "The training loss on a plane through the present weights, with the path"
                " that led there."),
    ],
)  # fmt: skip

AXES = Registry(
    "axes",
    [
        Picture("principal", "Principal axes", "The two directions in which the layer's outputs vary most."),
        Picture("units", "Two units", "The outputs of two units of the layer."),
    ],
)
