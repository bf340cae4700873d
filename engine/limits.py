"""Limits of the numbers that are no entry's own hyperparameters."""

from __future__ import annotations

from engine.registry import Hyperparameter, Registry

MOST_LAYERS = 50
MOST_UNITS = 64

LIMITS = Registry(
    "setting",
    [
        Hyperparameter(
            "samples", 500, 2, 100_000, "Number of points, training and test together.", "Samples", integer=True
        ),
        Hyperparameter("noise", 0, 0, 50, "How far the points are scattered.", "Noise", unit="%"),
        Hyperparameter(
            "train_fraction", 0.5, 0.01, 1.0, "Share of the points that the network learns from.", "Train share"
        ),
        Hyperparameter(
            "learning_rate", 0.03, 0, 1000, "Length of a step along the gradient.", "Learning rate", log=True
        ),
        Hyperparameter(
            "regularization_rate",
            0,
            0,
            100,
            "Weight of the penalty against the data loss.",
            "Regularizer rate",
            log=True,
        ),
        Hyperparameter(
            "batch_size", 10, 1, 100_000, "Points that are averaged for one step.", "Batch size", integer=True
        ),
        Hyperparameter(
            "dropout", 0, 0, 0.95, "Share of the layer's outputs that are silenced in each step.", "Dropout"
        ),
        Hyperparameter(
            "drop_connect", 0, 0, 0.95, "Share of the layer's weights that are silenced in each step.", "DropConnect"
        ),
        Hyperparameter(
            "input_noise", 0, 0, 5, "Deviation of the noise that training adds to the inputs.", "Input noise"
        ),
        Hyperparameter("units", 2, 1, MOST_UNITS, "Units in a layer.", "Units", integer=True),
        Hyperparameter(
            "seed", 0, 0, 2**32 - 1, "Decides data, initial weights, batch order and masks.", "Seed", integer=True
        ),
    ],
)

ALL = "all"
"""The batch size of full-batch training."""
