"""The picture of a surface: heights over its box as bytes, so scaled that low ground shows its shape."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.surfaces import Surface
from playground.runtime.coding import HEIGHTS

SIZE = 300
NOWHERE = 0
"""The byte where a surface has no finite height."""

_LOW_SHARE = 0.02
"""Share of the map that lies below the unit of the logarithm: up to there heights are shown as they are."""


class Scale(NamedTuple):
    """What a byte stands for, with t = (byte - 1) / 254.

    height = low + unit (exp(t span) - 1), or low + t span for a unit of 0.
    """

    low: float
    unit: float
    span: float


class Contour(NamedTuple):
    """The heights of a surface as bytes, and what the bytes stand for.

    heights : bytes (300, 300) from 1 to 255, 0 where not finite; the top row first, the outer ones on the box's rim
    scale : what a byte stands for
    """

    heights: Array
    scale: Scale


def contour(surface: Surface, log: bool) -> Contour:
    """The heights of a surface over its box.

    Parameters
    ----------
    surface : Surface
    log : bool
        Whether low ground gets more of the bytes: by the logarithm of 1 + (height - lowest) / unit.
    """
    (left, right), (bottom, top) = surface.box
    w = np.empty((SIZE, SIZE, 2))
    w[..., 0] = np.linspace(left, right, SIZE)
    w[..., 1] = np.linspace(top, bottom, SIZE)[:, None]
    heights = surface.f(w)
    finite = np.isfinite(heights)
    if not finite.any():
        return Contour(np.zeros((SIZE, SIZE), np.uint8), Scale(0.0, 0.0, 0.0))
    known = heights[finite]
    low = float(known.min())
    reach = float(known.max()) - low  # infinite where NumPy's ptp would warn
    if not np.isfinite(reach) or reach == 0.0:
        return Contour(np.where(finite, 1, NOWHERE).astype(np.uint8), Scale(low, 0.0, 0.0))
    rise = np.where(finite, heights - low, 0.0)
    # A sample will do, and sorting all would take longer than the rest.
    unit = max(float(np.quantile(known[::17] - low, _LOW_SHARE)), 1e-9 * reach) if log else 0.0
    share = np.log1p(rise / unit) / np.log1p(reach / unit) if log else rise / reach
    scale = Scale(low, unit, float(np.log1p(reach / unit)) if log else reach)
    return Contour(np.where(finite, np.rint(1.0 + HEIGHTS * share), NOWHERE).astype(np.uint8), scale)
