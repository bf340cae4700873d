"""Regularization: terms of the loss that keep weights small. They do not apply to biases, nor to batch norm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.registry import Hyperparameter, Hyperparameters, Registry


@dataclass(frozen=True, slots=True)
class Regularizer:
    """One regularization term; training minimises data loss + rate x regularization term.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    value : callable ``(weights, hyperparameters) -> (...) array``
        The term for (..., W) weights; ``hyperparameters`` maps names to numbers.
    gradient : callable ``(weights, hyperparameters) -> (..., W) array``
        Its derivative, a new array.
    active : bool
        False for the entry that does nothing, so that a step does not compute it.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from.
    hyperparameters : tuple of Hyperparameter
        All that ``hyperparameters`` contains.
    """

    name: str
    label: str
    value: Callable[[Array, Hyperparameters], Array]
    gradient: Callable[[Array, Hyperparameters], Array]
    active: bool
    formula: str
    doc: str
    source: str
    hyperparameters: tuple[Hyperparameter, ...] = ()


def _zero(weights: Array, hyperparameters: Hyperparameters) -> Array:
    return np.zeros(weights.shape[:-1])


def _no_pull(weights: Array, hyperparameters: Hyperparameters) -> Array:
    return np.zeros_like(weights)


def _absolute(weights: Array, hyperparameters: Hyperparameters) -> Array:
    return np.abs(weights).sum(axis=-1)


def _sign(weights: Array, hyperparameters: Hyperparameters) -> Array:
    return np.sign(weights)


def _half_squares(weights: Array, hyperparameters: Hyperparameters) -> Array:
    return 0.5 * np.einsum("...w,...w->...", weights, weights)


def _itself(weights: Array, hyperparameters: Hyperparameters) -> Array:
    return np.positive(weights)


def _elastic(weights: Array, hyperparameters: Hyperparameters) -> Array:
    mix = hyperparameters["mix"]
    return mix * _absolute(weights, hyperparameters) + (1.0 - mix) * _half_squares(weights, hyperparameters)


def _elastic_pull(weights: Array, hyperparameters: Hyperparameters) -> Array:
    mix = hyperparameters["mix"]
    pull = np.multiply(weights, 1.0 - mix)
    return np.add(pull, mix * np.sign(weights), out=pull)


REGULARIZERS = Registry(
    "regularization",
    [
        Regularizer("none", "None", _zero, _no_pull, False, r"0", "The loss is that on the data alone.", "none"),
        Regularizer(
            "l1", "L1", _absolute, _sign, True, r"\sum_w |w|",
            "Pulls every weight towards zero with the same force, so that useless weights become zero.",
            "Tibshirani 1996; the subgradient at 0 is 0, and a weight that reaches zero may leave it again",
        ),
        Regularizer(
            "l2", "L2", _half_squares, _itself, True, r"\tfrac{1}{2} \sum_w w^2",
            "Pulls large weights most strongly towards zero, so that the boundary stays smooth.",
            "Krogh and Hertz 1992; with the factor 1/2, added to the gradient (not decoupled from it)",
        ),
        Regularizer(
            "elastic", "Elastic", _elastic, _elastic_pull, True,
            r"m \sum_w |w| + \tfrac{1}{2} (1 - m) \sum_w w^2",
            "L1 and L2 together: useless weights become zero, and similar inputs get similar weights.",
            "Zou and Hastie 2005, the naive form (weights are not rescaled afterwards); m is the share of L1, and L2 "
            "has its factor 1/2",
            (Hyperparameter("mix", 0.5, 0.0, 1.0, "Share of L1: 0 is L2 alone, 1 is L1 alone.", "Mix"),),
        ),
    ],
)  # fmt: skip
