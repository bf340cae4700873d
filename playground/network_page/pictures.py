"""What the large picture at the right can be, and along which axes it shows a hidden space."""

from __future__ import annotations

from engine import Registry
from playground.runtime.options import Option

PICTURES = Registry(
    "picture",
    [
        Option("output", "Output", "The network's answer for every point of the plane."),
        Option("hidden", "Hidden space", "Where a layer puts the points, and how it bends the square they come from."),
        Option("landscape", "Loss landscape", "The training loss on a plane through the present weights, with the path"
                " that led there."),
    ],
)  # fmt: skip

AXES = Registry(
    "axes",
    [
        Option("principal", "Principal axes", "The two directions in which the layer's outputs vary most."),
        Option("units", "Two units", "The outputs of two units of the layer."),
    ],
)
