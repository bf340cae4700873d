"""Penalties on the size of the weights. Biases, and batch norm's scale and shift, go free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.registry import Registry


@dataclass(frozen=True, slots=True)
class Penalty:
    """One penalty per unit of rate; the loss that is minimised is data loss + rate x penalty.

    Parameters
    ----------
    name, label : str
        The key, and what a person reads.
    value : callable ``(weights) -> (...) array``
        Penalty of (..., W) weights.
    gradient : callable ``(weights) -> (..., W) array``
        Its derivative.
    active : bool
        False for the entry that does nothing, so that a step need not compute it.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from.
    """

    name: str
    label: str
    value: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    active: bool
    formula: str
    doc: str
    source: str


def _zero(weights: Array) -> Array:
    return np.zeros(weights.shape[:-1])


def _absolute(weights: Array) -> Array:
    return np.abs(weights).sum(axis=-1)


def _half_squares(weights: Array) -> Array:
    return 0.5 * np.einsum("...w,...w->...", weights, weights)


PENALTIES = Registry(
    "penalty",
    [
        Penalty("none", "None", _zero, np.zeros_like, False, r"0", "The loss on the data alone.", "none"),
        Penalty(
            "l1", "L1", _absolute, np.sign, True, r"\sum_w |w|",
            "Pulls every weight to zero with the same force, so useless ones vanish.",
            "Tibshirani 1996; the subgradient at 0 is 0, and a weight that reaches zero may leave it again",
        ),
        Penalty(
            "l2", "L2", _half_squares, np.positive, True, r"\tfrac{1}{2} \sum_w w^2",
            "Pulls large weights hardest, so the boundary stays smooth.",
            "Krogh and Hertz 1992; with the factor 1/2, added to the gradient (not decoupled from it)",
        ),
    ],
)  # fmt: skip
