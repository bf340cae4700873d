"""Limits of the numbers that are no entry's own knobs."""

from __future__ import annotations

from engine.registry import Knob, Registry

MOST_LAYERS = 50
MOST_UNITS = 64

LIMITS = Registry(
    "setting",
    [
        Knob("samples", 500, 2, 100_000, "Number of points, training and test together.", "Samples", integer=True),
        Knob("noise", 0, 0, 50, "How far the points are scattered.", "Noise", unit="%"),
        Knob("train_fraction", 0.5, 0.01, 0.99, "Share of the points that the network learns from.", "Train share"),
        Knob("learning_rate", 0.03, 0, 1000, "Length of a step along the gradient.", "Learning rate", log=True),
        Knob("penalty_rate", 0, 0, 100, "Weight of the penalty against the data loss.", "Penalty rate", log=True),
        Knob("batch_size", 10, 1, 100_000, "Points that are averaged for one step.", "Batch size", integer=True),
        Knob("dropout", 0, 0, 0.95, "Share of the layer's outputs that are silenced in each step.", "Dropout"),
        Knob("drop_connect", 0, 0, 0.95, "Share of the layer's weights that are silenced in each step.", "DropConnect"),
        Knob("input_noise", 0, 0, 5, "Deviation of the noise that training adds to the inputs.", "Input noise"),
        Knob("units", 2, 1, MOST_UNITS, "Units in a layer.", "Units", integer=True),
        Knob("seed", 0, 0, 2**32 - 1, "Decides data, initial weights, batch order and masks.", "Seed", integer=True),
    ],
)

ALL = "all"
"""The batch size of full-batch training."""
