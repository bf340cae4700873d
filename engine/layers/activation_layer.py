"""From an activation's entry to the layer that applies it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.activations import Activation
from engine.layers.activation import Activate, ActivationLayer, LearnedActivate
from engine.layers.maxout import Maxout


def activation_layer(entry: Activation, width: int, hyperparameters: Mapping[str, float]) -> ActivationLayer:
    """The layer that applies an entry to ``width`` units."""
    values = tuple(hyperparameters[hyperparameter.name] for hyperparameter in entry.hyperparameters)
    pieces = entry.pieces(*values)
    if pieces > 1:
        return Maxout(width, entry, values, pieces)
    return (LearnedActivate if entry.learned else Activate)(width, entry, values)
