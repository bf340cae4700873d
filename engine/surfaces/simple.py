"""Surfaces that show one thing each: a slope, a valley, a saddle, a plateau, two wells."""

from __future__ import annotations

from engine.registry import Hyperparameter
from engine.surfaces.base import square, written

SIMPLE = (
    written(
        "bowl",
        "Bowl",
        "(x^2 + y^2) / 2",
        square(4.0),
        (-3.0, 2.0),
        ((0.0, 0.0),),
        "Round: the gradient points at the minimum.",
        "quadratic",
        reach={
            "sgd": 0.1,
            "momentum": 0.1,
            "momentum_classic": 0.1,
            "nesterov": 0.1,
            "adagrad": 1.0,
            "rmsprop": 0.0008,
            "adadelta": 0.5,
            "adam": 0.03,
            "adamw": 0.03,
            "nadam": 0.03,
            "lion": 0.0004,
            "delta_bar_delta": 0.1,
            "newton": 1.0,
            "bfgs": 1.0,
            "lbfgs": 1.0,
        },
    ),
    written(
        "valley",
        "Valley",
        "x^2 / condition + y^2",
        square(4.0),
        (-3.5, 1.5),
        ((0.0, 0.0),),
        "Steep across and shallow along: gradient descent jitters and crawls.",
        "quadratic",
        hyperparameters=(
            Hyperparameter(
                "condition", 20, 1, 1000, "Curvature across, over curvature along.", "Condition number", log=True
            ),
        ),
        reach={
            "sgd": 0.1,
            "momentum": 0.1,
            "momentum_classic": 0.1,
            "nesterov": 0.1,
            "adagrad": 1.0,
            "rmsprop": 0.0008,
            "adadelta": 0.5,
            "adam": 0.03,
            "adamw": 0.03,
            "nadam": 0.03,
            "lion": 0.00045,
            "delta_bar_delta": 0.1,
            "newton": 1.0,
            "bfgs": 1.0,
            "lbfgs": 1.0,
        },
    ),
    written(
        "plane",
        "Tilted plane",
        "0.3x + 0.1y",
        square(4.0),
        (3.2, 1.5),
        (),
        "The same slope everywhere and no minimum: shows how fast a rule becomes.",
        "linear",
    ),
    written(
        "saddle",
        "Saddle",
        "x^2 - y^2",
        square(2.0),
        (-1.5, 0.001),
        (),
        "Down along x and, once a rule is off the ridge, down without end along y.",
        "quadratic",
    ),
    written(
        "monkey_saddle",
        "Monkey saddle",
        "x^3 - 3x y^2",
        square(1.5),
        (1.2, 0.01),
        (),
        "Three ways down from a point without any curvature.",
        "cubic; Hilbert and Cohn-Vossen 1932, Anschauliche Geometrie",
    ),
    written(
        "plateau",
        "Plateau",
        "1 - exp(-(x^2 + y^2) / 2)",
        square(4.0),
        (-3.2, 2.2),
        ((0.0, 0.0),),
        "A basin in a plain on which the gradient is tiny, though never zero.",
        "Gaussian",
    ),
)

SCENES = (
    written(
        "hills", "Gaussian hills",
        "exp(-(x + 2.5)^2 - (y + 1.5)^2) - exp(-(x + 1)^2 - (y + 0.5)^2) - 2exp(-((x - 1.5)^2 + (y - 1)^2) / 2)",
        square(4.0), (-2.0, -1.3), ((1.4994896659467585, 0.9996937995898973),),
        "Two wells: the shallow one is ahead of the start, and behind it the deep one, the global minimum.",
        "sum of Gaussians",
    ),
    written(
        "banana", "Distill's banana", "(1 - x)^2 + 20(3y - x^2)^2", ((-2.0, 2.0), (-0.6, 1.4)), (-1.21, 0.853),
        ((1.0, 1 / 3),), "Rosenbrock's valley, less steep, with a start on its far side.",
        "Goh 2017, Why Momentum Really Works, Distill; box a little higher",
    ),
)  # fmt: skip
