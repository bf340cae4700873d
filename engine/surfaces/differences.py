"""A Python function, with derivatives by central differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.formula.formula import UNWRITTEN
from engine.registry import Refusal, brief

_WANTED = "The function must take arrays x and y of one shape and return numbers of that shape"

_CROSS = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
_CORNERS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
"""Points around a point, in steps of the differences."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Heights of a Python function, with derivatives by central differences.

    Parameters
    ----------
    function : callable ``(x, y) -> heights``
    reach : (2,) array
        Half the sides of the box, the unit of the steps of the differences.
    """

    function: Callable[[Array, Array], ArrayLike]
    reach: Array
    text: str = UNWRITTEN
    latex: str = UNWRITTEN

    @np.errstate(all="ignore")
    def f(self, w: Array) -> Array:
        """Heights (...) at (..., 2).

        Raises
        ------
        ValueError
            One sentence, if the function fails, or does not return a number for each point.
        """
        x, y = np.array(w[..., 0]), np.array(w[..., 1])  # copies, because the function may overwrite them
        try:
            heights = np.asarray(self.function(x, y))
        except Exception as error:
            raise Refusal(f"{_WANTED}; not {brief(error)}.") from error
        if heights.shape != x.shape or heights.dtype.kind not in "iuf":
            raise Refusal(f"{_WANTED}; not {heights.dtype} of shape {heights.shape} for {x.shape}.")
        return heights.astype(float)

    @np.errstate(all="ignore")
    def gradient(self, w: Array) -> Array:
        """Derivatives (..., 2); error 1e-10 of the third derivative, with the box as the unit."""
        step = 1e-5 * self.reach
        around = self.f(w[..., None, :] + step * _CROSS)
        return np.stack([around[..., 0] - around[..., 1], around[..., 2] - around[..., 3]], axis=-1) / (2 * step)

    @np.errstate(all="ignore")
    def hessian(self, w: Array) -> Array:
        """Second derivatives (..., 2, 2); error 1e-8 of the fourth, with the box as the unit."""
        step = 2e-4 * self.reach
        centre = self.f(w)
        right, left, up, down = np.moveaxis(self.f(w[..., None, :] + step * _CROSS), -1, 0)
        a, b, c, d = np.moveaxis(self.f(w[..., None, :] + step * _CORNERS), -1, 0)
        mixed = (a - b - c + d) / 4
        rows = np.stack([right - 2 * centre + left, mixed, mixed, up - 2 * centre + down], axis=-1)
        return rows.reshape(*w.shape, 2) / np.outer(step, step)

    def value_and_gradient(self, w: Array) -> tuple[Array, Array]:
        """Heights (...) and derivatives (..., 2)."""
        return self.f(w), self.gradient(w)
