"""Preprocessing of the feature columns, fitted on the training rows only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.registry import Registry


@dataclass(frozen=True, slots=True)
class Preprocessor:
    """One preprocessing step.

    Parameters
    ----------
    name, label : str
        The key, and what a person reads.
    fit : callable ``(train) -> transform``
        From training columns (n, f) to a function on columns (m, f), which returns (m, f).
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from.
    """

    name: str
    label: str
    fit: Callable[[Array], Callable[[Array], Array]]
    formula: str
    doc: str
    source: str


def _fit_nothing(train: Array) -> Callable[[Array], Array]:
    return lambda columns: columns


def _fit_standard(train: Array) -> Callable[[Array], Array]:
    mean, spread = train.mean(axis=0), train.std(axis=0)
    # A column that does not vary carries nothing: centred it is zero, whatever the divisor.
    spread = np.where(spread > 1e-12 * np.abs(mean), spread, 1.0)
    return lambda columns: (columns - mean) / spread


PREPROCESSORS = Registry(
    "preprocessing",
    [
        Preprocessor("none", "None", _fit_nothing, r"x", "Features as they are.", "none"),
        Preprocessor(
            "standardise", "Standardise", _fit_standard, r"\frac{x - \mu}{\sigma}",
            "Mean 0 and standard deviation 1 in every column.", "LeCun et al. 1998; sigma with 1/n",
        ),
    ],
)  # fmt: skip
