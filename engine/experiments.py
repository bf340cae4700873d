"""Prepared experiments: choices that show one claim of the lectures, and what we measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engine.registry import Registry

Choice: TypeAlias = str | float | list[int] | dict[str, float]
Choices: TypeAlias = dict[str, Choice]
"""Keywords of Config, as JSON has them."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """One prepared experiment.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    claims : tuple of int
        Numbers of the lectures' claims that it shows.
    notice : str
        One sentence: what to notice, with our measured number where it has one.
    choices : mapping of str to JSON value
        Keywords of Config that differ from the page's defaults; ``dataset`` and ``hidden`` are always named.
    source : str
        Which lectures, or which paper, make the claim.
    """

    name: str
    label: str
    claims: tuple[int, ...]
    notice: str
    choices: Mapping[str, Choice]
    source: str

    @property
    def doc(self) -> str:
        """What to notice, by the name that all entries have for their one sentence."""
        return self.notice


_WIDE = [64] * 10
_PATH = [1] * 50


def _alike(initializer: str, **hyperparameters: float) -> Choices:
    """A small network whose initial weights are all the same; full batches, so that there is no noise."""
    return {
        "dataset": "circle",
        "hidden": [4, 4],
        "initializer": initializer,
        "initializer_params": hyperparameters,
        "learning_rate": 0.1,
        "batch_size": 250,
    }


def _deep(activation: str, initializer: str, **more: Choice) -> Choices:
    """Ten wide layers, which show what each layer does to signal and gradient."""
    return {"dataset": "circle", "hidden": _WIDE, "activation": activation, "initializer": initializer, **more}


def _linear(gain: float) -> Choices:
    """As many linear layers as a page can show, each the identity times a gain; narrow, because width adds nothing."""
    return {
        "dataset": "circle",
        "hidden": _PATH,
        "activation": "linear",
        "initializer": "identity",
        "initializer_params": {"gain": gain},
        "learning_rate": 0.03,
    }


def _bold(activation: str) -> Choices:
    """One layer, and a learning rate far above the usual 0.03."""
    return {"dataset": "circle", "hidden": [16], "activation": activation, "learning_rate": 5, "batch_size": 25}


def _normed(initializer: str, learning_rate: float, batch_norm: str) -> Choices:
    """Ten wide layers of ReLU, with or without batch norm."""
    return _deep("relu", initializer, learning_rate=learning_rate, batch_norm=batch_norm, batch_size=50)


def _five_classes(**more: Choice) -> Choices:
    """Five classes and scores that begin near zero."""
    return {"dataset": "blobs5", "hidden": [16, 16], "initializer": "small_normal", **more}


EXPERIMENTS = Registry(
    "experiment",
    [
        Experiment(
            "zero_weights", "Zero weights", (1,),
            "The lectures say that the output stays at 0.5; no weight changes, but the bias of the output learns "
            "0.49, the share of blue points.",
            _alike("zeros"), "lectures 1 and 5",
        ),
        Experiment(
            "constant_weights", "Constant weights", (1,),
            "All units of a layer stay the same, so that each layer works like one unit; still, 66% of the points are "
            "right after 1000 steps, while the lectures say that it does no better than zeros.",
            _alike("constant", value=0.5), "lectures 1 and 5",
        ),
        Experiment(
            "deep_tanh_small", "Deep tanh, weights too small", (2,),
            "At the start each layer keeps 8% of the signal's spread, and a ten-billionth is left at layer 10; in "
            "training only the biases grow, and the loss stays at 0.69.",
            _deep("tanh", "small_normal"), "lectures 1 and 3",
        ),
        Experiment(
            "deep_tanh_large", "Deep tanh, weights too large", (2,),
            "From layer 2 on, more than half of the outputs are saturated; but the gradient does not vanish, it "
            "grows 3600 times on its way back.",
            _deep("tanh", "small_normal", initializer_params={"spread": 1.0}), "lectures 1 and 3",
        ),
        Experiment(
            "deep_tanh_xavier", "Deep tanh, Xavier", (2,),
            "The lectures say that Xavier keeps the spread of the signal; at layer 10 we measured 37% of the spread"
            " of layer 1, which is enough to learn in 300 steps.",
            _deep("tanh", "xavier_normal"), "lectures 1 and 3",
        ),
        Experiment(
            "deep_relu_xavier", "Deep ReLU, Xavier", (3,),
            "Each layer halves the mean square of the signal, so that 4% of its size is left at layer 10; the ten "
            "layers learn in spite of this.",
            _deep("relu", "xavier_normal"), "He et al. 2015",
        ),
        Experiment(
            "deep_relu_he", "Deep ReLU, He", (3,),
            "At layer 10 the signal has 83% of its size at layer 1, with Xavier only 4%; the ten layers learn with "
            "both.",
            _deep("relu", "he_normal"), "He et al. 2015",
        ),
        Experiment(
            "linear_growth", "50 linear layers of 1.2", (4,),
            "Each layer multiplies signal and gradient by exactly 1.2, so by 9100 after 50 layers, and training "
            "diverges at once.",
            _linear(1.2), "lecture 5",
        ),
        Experiment(
            "linear_decay", "50 linear layers of 0.5", (4,),
            "Each layer halves signal and gradient exactly, to 9e-16 after 50 layers: only the biases of the last "
            "layers learn.",
            _linear(0.5), "lecture 5",
        ),
        Experiment(
            "sigmoid_saturated", "Saturated sigmoid", (5,),
            "Half of the slopes are below 4.5e-5, where Xavier weights give 0.23 of at most 0.25; the network still"
            " learns, through its output layer.",
            {"dataset": "circle", "hidden": [16], "activation": "sigmoid", "initializer": "uniform",
             "initializer_params": {"edge": 10.0}, "learning_rate": 0.03},
            "lecture 1",
        ),
        Experiment(
            "sigmoid_deep", "Deep sigmoid", (5,),
            "The gradient of each layer is about a quarter of the gradient of the next layer, two millionths at "
            "layer 1, so that the loss stays at 0.69.",
            _deep("sigmoid", "xavier_normal", learning_rate=0.3), "lecture 1",
        ),
        Experiment(
            "dying_relu", "Dying ReLU", (7,),
            "After 500 steps at a learning rate of 5 most of the 16 units, 15 when we measured, are zero for all "
            "points, and they stay zero.",
            _bold("relu"), "lecture 1",
        ),
        Experiment(
            "leaky_relu", "Leaky ReLU survives", (7,),
            "At the same learning rate of 5 no unit dies, and after 500 steps all points are right.",
            _bold("leaky_relu"), "lecture 1",
        ),
        Experiment(
            "bad_start", "Bad start", (9,),
            "No signal gets through ten layers with such small weights: the loss stays at ln 2 = 0.69, also at ten "
            "times the learning rate.",
            _normed("small_normal", 0.1, "off"), "lectures 1 and 5",
        ),
        Experiment(
            "bad_start_batch_norm", "Bad start, batch norm", (9,),
            "With the same small weights and learning rate more than 90% of the points are right after 100 steps, "
            "also at ten times the learning rate.",
            _normed("small_normal", 0.1, "before"), "lectures 1 and 5",
        ),
        Experiment(
            "high_rate", "Rate 10 times", (9,),
            "At a learning rate of 0.1 this network learns well; at 1 it diverges within five steps.",
            _normed("he_normal", 1, "off"), "lectures 1 and 5",
        ),
        Experiment(
            "high_rate_batch_norm", "Rate 10 times, batch norm", (9,),
            "At the same learning rate of 1 all points are right after 100 steps.",
            _normed("he_normal", 1, "before"), "lectures 1 and 5",
        ),
        Experiment(
            "dropout", "Dropout", (10,),
            "The mean prediction over masks, shown here, is near the evaluation, but even with 10,000 masks it is "
            "0.03 off on average, because layer 2 is not linear; for layer 1 the means agree.",
            {"dataset": "moons", "noise": 10, "hidden": [32, 32], "activation": "relu", "initializer": "he_normal",
             "dropout": 0.5},
            "lectures 1 and 5",
        ),
        Experiment(
            "first_loss", "First loss: ln C", (19,),
            "With small weights all five classes are equally likely at first, so that the first loss is ln 5 = "
            "1.609; with Xavier weights it is 20% off.",
            _five_classes(), "lecture 1",
        ),
        Experiment(
            "first_loss_regularization", "First loss with regularization", (19,),
            "The first loss on the data is still ln 5 = 1.609; regularization adds exactly 0.174 to it.",
            _five_classes(regularization="l2", regularization_rate=10), "lecture 1",
        ),
        Experiment(
            "overfit_20", "20 points learned by heart", (19,),
            "After 600 steps the loss on these 20 points is below 0.001, but only about half of new points are "
            "right, as by tossing a coin.",
            {"dataset": "spiral", "noise": 50, "samples": 50, "train_fraction": 0.4, "hidden": [64, 64],
             "optimizer": "adam", "learning_rate": 0.03, "batch_size": 20},
            "lecture 1",
        ),
    ],
)  # fmt: skip
"""In the order of the claims."""
