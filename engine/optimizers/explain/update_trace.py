"""What goes on inside one update: its steps in words, formulas and numbers, and what a picture may draw of it.

The update rules are written for speed. The explanations are written straight from the papers' formulas and compute
every number again, from the optimizer state before the update. Tests compare the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import OptimizerState
from engine.optimizers.explain.numbers import shown

Role: TypeAlias = Literal["gradient", "velocity", "change", "state"]
S = TypeVar("S", bound=OptimizerState)


@dataclass(frozen=True, slots=True, eq=False)
class UpdateInput(Generic[S]):
    """One update of one network, or of one racer on a surface, without leading axes.

    Parameters
    ----------
    gradient, params : (P,) arrays
        As the rule received them.
    before, after : NamedTuple of arrays
        Optimizer state before and after the update.
    change : (P,) array
        What the rule returned.
    step : int
        From 0.
    hyperparameters : mapping of str to float
        As the rule received them: ``learning_rate`` after its schedule, momentum after its own.
    value : float
        Loss at ``params``.
    hessian : (P, P) array, optional
        Second derivatives at ``params``, for a rule that needs them and a caller that has them.
    """

    gradient: Array
    before: S
    after: S
    params: Array
    change: Array
    step: int
    hyperparameters: Mapping[str, float]
    value: float
    hessian: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TraceLine:
    """One line of the computation.

    Parameters
    ----------
    title : str
        A few words.
    formula : str
        In the letters of the field, as plain Unicode.
    numbers : str
        The same with the present numbers in it: three digits, four for hyperparameters.
    says : str
        One short sentence: what this line does.
    role : "gradient", "velocity", "change" or "state"
        What ``value`` is: the gradient; the displacement that the velocity stands for; the displacement that the rule
        makes; or for any other line a displacement on the way to it. There is one gradient, the first line, and one
        change.
    value : (P,) array or None
        What a picture may draw at ``params``; None if there is nothing to draw.
    """

    title: str
    formula: str
    numbers: str
    says: str
    role: Role = "state"
    value: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """What a picture may draw of an update; None if the rule has no such thing.

    Parameters
    ----------
    velocity : (P,) array or None
        What earlier gradients add to the change; the rest of the change comes from the newest gradient and from weight
        decay. For momentum -η μ v, with v from before the update (for the classic form μ v, for Nesterov's rule
        -η μ² v); for Adam, AdamW and NAdam the share of β₁ m, over a √v̂ that contains the newest gradient.
    home : (P,) array or None
        Only for Nesterov's rule, whose parameters are the looked-ahead point: the point from which they look ahead,
        w + η μ v with v from before the update, at the present hyperparameters.
    rates : (P,) array or None
        Learning rate of each parameter: the factor on the gradient that is subtracted, or for Adam, AdamW and NAdam
        the factor on the corrected mean gradient.
    model : (P, P) array or None
        Symmetric and positive definite B of the parabola f(w) + gᵀd + dᵀBd / 2. Its lowest point d = -B⁻¹g gives the
        direction of the step.
    """

    velocity: Array | None = None
    home: Array | None = None
    rates: Array | None = None
    model: Array | None = None


class UpdateTrace(NamedTuple):
    """The lines of an update, in the order of the computation, and what a picture may draw."""

    lines: tuple[TraceLine, ...]
    overlay: Overlay


Explain: TypeAlias = Callable[[UpdateInput[Any]], UpdateTrace]

NOTHING = Overlay()


def update_trace(inputs: UpdateInput[Any], change: Array, *inner: TraceLine, overlay: Overlay = NOTHING) -> UpdateTrace:
    """Put the lines in between with what every rule begins and ends with: the gradient and the new point."""
    g, w = inputs.gradient, inputs.params
    gradient = TraceLine(
        "Gradient", "g = ∇f(w)", f"g = {shown(g)}", "Points in the direction of steepest ascent.", "gradient", g
    )
    digits = _digits(w, change)
    numbers = f"w ← {shown(w, digits)} + {shown(change)} = {shown(w + change, digits)}"
    point = TraceLine("New point", "w ← w + Δw", numbers, "The change is added to the parameters.")
    return UpdateTrace((gradient, *inner, point), overlay)


def _digits(w: Array, change: Array) -> int:
    """Enough to see the parameters change: three, more if the change is small, at most nine."""
    sizes = np.abs(w).max(), np.abs(change).max()
    ratio = sizes[0] / sizes[1] if sizes[1] else 1.0
    return int(np.clip(np.floor(np.log10(ratio)) + 3, 3, 9)) if 0.0 < ratio < np.inf else 3


def changed(formula: str, numbers: str, says: str, change: Array) -> TraceLine:
    """The line of the change; ``numbers`` is what stands between Δw and the result."""
    return TraceLine("Change", f"Δw = {formula}", f"Δw = {numbers} = {shown(change)}", says, "change", change)
