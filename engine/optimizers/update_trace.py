"""What goes on inside one update: its phases in words, formulas and numbers, and what a picture may draw of it.

The update rules are written for speed; the explanations beside them are written straight from the papers' formulas and
work every number out again, from the optimizer state before the update. Tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Array

Role: TypeAlias = Literal["gradient", "velocity", "change", "state"]


@dataclass(frozen=True, slots=True, eq=False)
class UpdateInput:
    """One update of one network, or of one racer on a surface, without leading axes.

    Parameters
    ----------
    gradient, params : (P,) arrays
        As the rule was given them.
    before, after : NamedTuple of arrays
        OptimizerState before and after the update.
    change : (P,) array
        What the rule returned.
    step : int
        From 0.
    hyperparameters : mapping of str to float
        As the rule was given them: ``learning_rate`` after its schedule, momentum after its own.
    value : float
        Loss at ``params``.
    hessian : (P, P) array, optional
        Second derivatives at ``params``, for a rule that asks for them and a caller who has them.
    """

    gradient: Array
    before: Any
    after: Any
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
        The same with the present numbers in it, to three digits, hyperparameters to four.
    says : str
        One short sentence: what this does.
    role : "gradient", "velocity", "change" or "state"
        What ``value`` is: the slope; the displacement that the velocity stands for; the displacement that the rule
        makes; or for any other line a displacement on the way to it. There is one gradient, the first phase, and one
        change.
    value : (P,) array or None
        What a picture may draw at ``params``; None where there is nothing to draw.
    """

    title: str
    formula: str
    numbers: str
    says: str
    role: Role = "state"
    value: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """What a picture may draw of an update; None where the rule has no such thing.

    Parameters
    ----------
    velocity : (P,) array or None
        What the memory of former gradients adds to the change; the rest of it comes from the newest gradient, and from
        weight decay. For momentum -η μ v, with v from before the update (for the classic form μ v, for Nesterov's rule
        -η μ² v); for Adam and its kin the share of β₁ m, over a √v̂ in which the newest gradient counts.
    home : (P,) array or None
        Nesterov's rule only, whose parameters are the looked-ahead point: where the ball itself is, from which they
        look ahead, w + η μ v with v from before the update, at the present hyperparameters.
    rates : (P,) array or None
        Learning rate of each parameter: the factor on the gradient, or on the corrected mean gradient of Adam and its
        kin, that is subtracted.
    model : (P, P) array or None
        Symmetric and positive definite B of the parabola f(w) + gᵀd + dᵀBd / 2, whose lowest point d = -B⁻¹g gives the
        direction of the step.
    """

    velocity: Array | None = None
    home: Array | None = None
    rates: Array | None = None
    model: Array | None = None


class UpdateTrace(NamedTuple):
    """The phases of an update, in the order of the computation, and what a picture may draw."""

    lines: tuple[TraceLine, ...]
    overlay: Overlay


Explain: TypeAlias = Callable[[UpdateInput], UpdateTrace]

NOTHING = Overlay()


def update_trace(given: UpdateInput, change: Array, *inner: TraceLine, overlay: Overlay = NOTHING) -> UpdateTrace:
    """The phases in between, with what every rule begins and ends with: the gradient and the new point."""
    g, w = given.gradient, given.params
    gradient = TraceLine(
        "Gradient", "g = ∇f(w)", f"g = {shown(g)}", "Points the steepest way up.", "gradient", g,
    )  # fmt: skip
    digits = _digits(w, change)
    point = TraceLine(
        "New point", "w ← w + Δw", f"w ← {shown(w, digits)} + {shown(change)} = {shown(w + change, digits)}",
        "The parameters move by the change.",
    )  # fmt: skip
    return UpdateTrace((gradient, *inner, point), overlay)


def _digits(w: Array, change: Array) -> int:
    """As many as it takes to see the parameters change: three, and more where the change is small, but at most nine."""
    sizes = np.abs(w).max(), np.abs(change).max()
    ratio = sizes[0] / sizes[1] if sizes[1] else 1.0
    return int(np.clip(np.floor(np.log10(ratio)) + 3, 3, 9)) if 0.0 < ratio < np.inf else 3


def changed(formula: str, numbers: str, says: str, change: Array) -> TraceLine:
    """The phase of the change; ``numbers`` is what goes between Δw and the result."""
    return TraceLine("Change", f"Δw = {formula}", f"Δw = {numbers} = {shown(change)}", says, "change", change)


def shown(value: Any, digits: int = 3) -> str:
    """A number, a vector or a matrix for a person: 0.0312, 24200, −1.2e−5, (0.1, −3), ((1, 0), (0, 1)).

    Parameters
    ----------
    value : float or array
    digits : int
        That count; zeros fill the rest of a whole number.
    """
    if np.ndim(value):
        return f"({', '.join(shown(part, digits) for part in value)})"
    rounded = f"{float(value) + 0.0:.{digits}g}"  # + 0.0 takes the sign off a zero
    size = abs(float(rounded))
    if size < 1e5:
        rounded = f"{float(rounded):.{max(digits, 5)}g}" if size >= 1.0 else rounded
    mantissa, e, exponent = rounded.partition("e")
    return f"{mantissa}{e}{int(exponent) if e else ''}".replace("-", "−").replace("inf", "∞")


def setting(value: Any) -> str:
    """A hyperparameter for a person: a digit more, so that a memory of 0.9999 does not look like 1."""
    return shown(value, 4)


def powered(base: float, exponent: float) -> str:
    """A hyperparameter to the power of a count: 0.9^3."""
    return f"{setting(base)}^{exponent:.0f}"
