"""Landscape: the training loss of a network on a two-dimensional slice through its current parameters.

A Plane is the slice: where it lies, and how much of it is seen. Its heights are the loss of many networks, one at each
point of a grid, run as one batch along a leading axis.
"""

from engine.landscape.directions import DIRECTIONS, Direction, plane
from engine.landscape.loss_landscape import LossLandscape, affordable, heights
from engine.landscape.planes import Plane, project

__all__ = ["DIRECTIONS", "Direction", "LossLandscape", "Plane", "affordable", "heights", "plane", "project"]
