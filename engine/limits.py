"""Limits of all numbers that are not hyperparameters of an entry."""

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
        Hyperparameter("noise", 0, 0, 50, "How far the points are moved at random.", "Noise", unit="%"),
        Hyperparameter(
            "train_fraction", 0.5, 0.01, 1.0, "Share of the points that are used for training.", "Train share"
        ),
        Hyperparameter(
            "learning_rate", 0.03, 0, 1000, "Factor on the gradient in each step.", "Learning rate", log=True
        ),
        Hyperparameter(
            "regularization_rate",
            0,
            0,
            100,
            "Factor on the regularization term in the loss.",
            "Penalty rate",
            log=True,
        ),
        Hyperparameter(
            "batch_size",
            10,
            1,
            100_000,
            "Number of points that each step uses.",
            "Batch size",
            integer=True,
        ),
        Hyperparameter(
            "dropout", 0, 0, 0.95, "Share of the layer's outputs that are set to zero in each step.", "Dropout"
        ),
        Hyperparameter(
            "drop_connect", 0, 0, 0.95, "Share of the layer's weights that are set to zero in each step.", "DropConnect"
        ),
        Hyperparameter(
            "input_noise", 0, 0, 5, "Standard deviation of the noise that training adds to the inputs.", "Input noise"
        ),
        Hyperparameter("units", 2, 1, MOST_UNITS, "Number of units in a layer.", "Units", integer=True),
        Hyperparameter(
            "seed", 0, 0, 2**32 - 1, "Determines data, initial weights, batch order and masks.", "Seed", integer=True
        ),
    ],
)

ALL = "all"
"""The batch size of full-batch training."""
