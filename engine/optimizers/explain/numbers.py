"""Numbers written for a person."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from engine.arrays import Array

Value: TypeAlias = float | Array


def shown(value: Value, digits: int = 3) -> str:
    """A number, a vector or a matrix for a person: 0.0312, 24200, −1.2e−5, (0.1, −3), ((1, 0), (0, 1)).

    Parameters
    ----------
    value : float or array
    digits : int
        Significant digits; the rest of a whole number is filled with zeros.
    """
    if isinstance(value, np.ndarray) and value.ndim:
        return f"({', '.join(shown(part, digits) for part in value)})"
    rounded = f"{float(value) + 0.0:.{digits}g}"  # + 0.0 takes the sign off a zero
    size = abs(float(rounded))
    if size < 1e5:
        rounded = f"{float(rounded):.{max(digits, 5)}g}" if size >= 1.0 else rounded
    mantissa, e, exponent = rounded.partition("e")
    return f"{mantissa}{e}{int(exponent) if e else ''}".replace("-", "−").replace("inf", "∞")


def setting(value: Value) -> str:
    """A hyperparameter for a person: one digit more, so that 0.9999 does not look like 1."""
    return shown(value, 4)


def powered(base: float, exponent: float) -> str:
    """A hyperparameter to the power of a count: 0.9^3."""
    return f"{setting(base)}^{exponent:.0f}"
