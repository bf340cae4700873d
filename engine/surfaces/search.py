"""Search for the global minima of a surface: local minima of a grid, made exact by Newton's method."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.surfaces.base import Point, Surface

GRID = 200
"""Points of the grid per axis. Minima that are nearer to each other than a cell count as one."""

MOST = 256
"""Number of local minima of the grid, the lowest ones, from which the search goes on."""

ROUNDS = 60
"""Largest number of rounds of descent: a cell that is halved so often is below the precision of float64."""

PATIENCE = 4
"""After so many rounds without a lower point the descent ends."""

SAME = 1e-9
"""Heights that differ by less are equal: a share of the rise of the surface within a cell of its lowest point."""

_AROUND = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)], dtype=float)
_SHARES = np.array([1.0, 0.25, 0.0625, 0.015625])[:, None]


@np.errstate(all="ignore")
def minima_in_box(surface: Surface) -> tuple[Point, ...]:
    """All global minima in a surface's box.

    Parameters
    ----------
    surface : Surface
        Its own ``minima`` are not used. Points where it is not finite count as infinitely high.

    Returns
    -------
    tuple of (x, y)
        From left to right. Empty if no height is finite, if the lowest point is on the border of the box or at a pole,
        or if the lowest points form a line or an area.
    """
    low, high = np.array(surface.box, dtype=float).T
    cell = (high - low) / (GRID - 1)
    x, y = np.linspace(low, high, GRID).T
    grid = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    heights = _heights(surface, grid)
    points = _sharpened(surface, _descended(surface, _hollows(grid, heights), cell), cell)
    points = _rounded(surface, points, cell)
    points = points[np.all((points > low) & (points < high), axis=-1)]
    found = _heights(surface, points)
    border = min(edge.min() for edge in (heights[0], heights[-1], heights[:, 0], heights[:, -1]))
    if not points.size or border <= found.min():
        return ()
    lowest = points[found.argmin()]
    rise = _heights(surface, lowest + cell * _AROUND).max() - found.min()
    equal = found.min() + SAME * rise + 1e-15 * abs(found.min())
    points = _distinct(points[found <= equal], cell)
    if border <= equal or not _are_minima(surface, points, cell, rise):
        return ()
    return tuple((float(a), float(b)) for a, b in points[np.lexsort(points.T[::-1])])


def _heights(surface: Surface, points: Array) -> Array:
    """Heights (...) at points (..., 2), infinite where they are not finite."""
    heights = surface.f(points)
    return np.where(np.isfinite(heights), heights, np.inf)


def _hollows(grid: Array, heights: Array) -> Array:
    """The points (n, 2) of a grid that have no lower neighbour, the lowest first."""
    count_x, count_y = heights.shape
    padded = np.pad(heights, 1, constant_values=np.inf)
    hollow = np.isfinite(heights)
    for a, b in _AROUND.astype(int):
        hollow &= heights <= padded[1 + a : 1 + a + count_x, 1 + b : 1 + b + count_y]
    order = np.argsort(heights[hollow], kind="stable")[:MOST]
    return grid[hollow][order]


def _newton(surface: Surface, points: Array, cell: Array) -> Array:
    """Steps (n, 2) to the minimum of the quadratic that fits at each point, at most a cell along each axis."""
    slope, bend = surface.gradient(points), surface.hessian(points)
    slope = np.where(np.isfinite(slope), slope, 0.0)
    size, axes = np.linalg.eigh(np.where(np.isfinite(bend), bend, 0.0))
    # As in the optimizer: the absolute value leads down where the quadratic has no minimum.
    size = np.maximum(np.abs(size), 1e-12 * np.abs(size).max(axis=-1, keepdims=True) + np.finfo(float).tiny)
    step = -(axes @ ((slope[:, None] @ axes)[:, 0] / size)[..., None])[..., 0]
    step = step / np.maximum(1.0, (np.abs(step) / cell).max(axis=-1, keepdims=True))
    return np.where(np.isfinite(step), step, 0.0)


def _descended(surface: Surface, points: Array, cell: Array) -> Array:
    """Points (n, 2), each moved down: by Newton's step, or a part of it, or to a lower point around.

    The points around are for kinks and sharp tips, where Newton's step does not lead down.
    """
    points, rests, radius = points.copy(), np.zeros(len(points), dtype=int), cell
    for _ in range(ROUNDS):
        moving = np.flatnonzero(rests < PATIENCE)
        if not moving.size:
            break
        here = points[moving]
        steps = _newton(surface, here, cell)[:, None] * _SHARES
        around = np.broadcast_to(radius * _AROUND, (len(here), *_AROUND.shape))
        trials = here[:, None] + np.concatenate([np.zeros_like(steps[:, :1]), steps, around], axis=1)
        best = _heights(surface, trials).argmin(axis=1)
        points[moving] = trials[np.arange(len(here)), best]
        rests[moving] = np.where(best == 0, rests[moving] + 1, 0)
        radius = radius / 2
    return points


def _sharpened(surface: Surface, points: Array, cell: Array) -> Array:
    """Points (n, 2) after a few more Newton steps, where these make the slope smaller.

    Heights cannot distinguish points that are nearer than the root of the rounding error; slopes can.
    """
    for _ in range(5):
        trials = points + _newton(surface, points, 1e-6 * cell)
        less = [np.linalg.norm(surface.gradient(own), axis=-1) for own in (trials, points)]
        points = np.where((less[0] < less[1])[:, None], trials, points)
    return points


def _rounded(surface: Surface, points: Array, cell: Array) -> Array:
    """Points (n, 2), rounded to few digits where these are as good: 0 for 1e-17."""
    digits = 10 - np.floor(np.log10(cell)).astype(int)
    trials = np.stack([np.round(points[:, k], digits[k]) for k in range(2)], axis=-1) + 0.0  # no minus before zeros
    worse = [np.linalg.norm(surface.gradient(own), axis=-1) for own in (trials, points)]
    height = _heights(surface, points)
    higher = _heights(surface, trials) > height + 1e-15 * np.abs(height)
    # At a sharp tip there is no slope to compare.
    return np.where((higher | (worse[0] > worse[1]))[:, None], points, trials)


def _distinct(points: Array, cell: Array) -> Array:
    """The points (n, 2) without those that are within a tenth of a cell of an earlier one."""
    kept: list[Array] = []
    for point in points:
        if all((np.abs(point - other) > 0.1 * cell).any() for other in kept):
            kept.append(point)
    return np.array(kept).reshape(-1, 2)


def _are_minima(surface: Surface, points: Array, cell: Array, rise: float) -> bool:
    """Whether each of the lowest points (n, 2) is the only one near by, and not a pole.

    Every descent from around must lead back to it, and very near to it the surface must not be much higher.
    """
    around = points[:, None] + 0.5 * cell * _AROUND
    back = _descended(surface, around.reshape(-1, 2), cell).reshape(around.shape)
    height = surface.f(points)[:, None]
    foot = surface.f(points[:, None] + 1e-9 * cell * _AROUND) - height
    returned = np.abs(back - points[:, None]) < 0.1 * cell
    return bool(returned.all() and np.all(foot <= 1e-3 * rise + 1e-15 * np.abs(height)))
