"""Layers: frozen descriptions that compute into arrays of others; one file a layer.

A layer has ``size`` parameters in the flat vector and ``statistics`` running averages beside it. ``forward`` reads
``buffers.x`` and writes ``buffers.y``; ``backward`` turns dL/dy into dL/dx and fills the layer's slice of the gradient.
Nothing is stored on a layer, and code reduces over the axes -1 (units) and -2 (samples) only, so leading axes are free.
"""

from engine.layers.activation import Activate, ActivationLayer, LearnedActivate
from engine.layers.activation_layer import activation_layer
from engine.layers.base import Group, Layer, LayerBuffers, Mode, Role, Shared, Views
from engine.layers.batch_norm import BatchNorm
from engine.layers.dense import Affine, Dense, Draw
from engine.layers.drop_connect import DropConnect
from engine.layers.dropout import Dropout
from engine.layers.maxout import Maxout
from engine.layers.noise import Noise

__all__ = [
    "Activate",
    "ActivationLayer",
    "Affine",
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
    "Views",
    "activation_layer",
]
