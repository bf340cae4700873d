"""Layers: frozen descriptions that compute into arrays which others own.

A layer has ``size`` parameters in the flat vector and ``statistics`` running averages beside it. ``forward`` reads
``buffers.x`` and writes ``buffers.y``; ``backward`` turns dL/dy into dL/dx and fills the layer's slice of the gradient.
Nothing is stored on a layer, and code reduces over the axes -1 (units) and -2 (samples) only, so leading axes are free.
"""

from engine.layers.activate import Activate, LearnedActivate, Maxout, activation_layer
from engine.layers.base import Group, Layer, LayerBuffers, Mode, Role, Shared
from engine.layers.dense import Dense, Draw, DropConnect
from engine.layers.noise import Dropout, Noise
from engine.layers.norm import BatchNorm

__all__ = [
    "Activate",
    "BatchNorm",
    "Dense",
    "Draw",
    "DropConnect",
    "Dropout",
    "Group",
    "Layer",
    "LayerBuffers",
    "LearnedActivate",
    "Maxout",
    "Mode",
    "Noise",
    "Role",
    "Shared",
    "activation_layer",
]  # fmt: skip
