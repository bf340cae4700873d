"""Input features: functions of a point (x1, x2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.registry import Registry


@dataclass(frozen=True, slots=True)
class Feature:
    """One input; ``f`` maps coordinates x1 (n,) and x2 (n,) to values (n,)."""

    name: str
    label: str
    f: Callable[[Array, Array], Array]
    formula: str
    doc: str


FEATURES = Registry(
    "feature",
    [
        Feature("x1", "x₁", lambda x1, x2: x1, r"x_1", "The horizontal coordinate."),
        Feature("x2", "x₂", lambda x1, x2: x2, r"x_2", "The vertical coordinate."),
        Feature("x1_squared", "x₁²", lambda x1, x2: x1 * x1, r"x_1^2", "The square of x1."),
        Feature("x2_squared", "x₂²", lambda x1, x2: x2 * x2, r"x_2^2", "The square of x2."),
        Feature("x1_x2", "x₁x₂", lambda x1, x2: x1 * x2, r"x_1 x_2", "The product of x1 and x2."),
        Feature("sin_x1", "sin x₁", lambda x1, x2: np.sin(x1), r"\sin x_1", "The sine of x1."),
        Feature("sin_x2", "sin x₂", lambda x1, x2: np.sin(x2), r"\sin x_2", "The sine of x2."),
        Feature("cos_x1", "cos x₁", lambda x1, x2: np.cos(x1), r"\cos x_1", "The cosine of x1."),
        Feature("cos_x2", "cos x₂", lambda x1, x2: np.cos(x2), r"\cos x_2", "The cosine of x2."),
    ],
)


def columns(names: Sequence[str], points: Array) -> Array:
    """Evaluate features.

    Parameters
    ----------
    names : sequence of str
        Keys of FEATURES.
    points : (n, 2) array

    Returns
    -------
    (n, len(names)) array
    """
    x1, x2 = points[:, 0], points[:, 1]
    return np.stack([FEATURES[name].f(x1, x2) for name in names], axis=1)
