"""Where a surface is lowest: local minima of a grid, made exact by Newton's method."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.surfaces.base import Point, Surface

GRID = 200
"""Points of the grid per axis. Minima closer together than its cells are not told apart."""

MOST = 256
"""Local minima of the grid that are followed, the lowest ones."""

ROUNDS = 60
"""Rounds of the way down, at most: a cell, halved as often, is no longer a difference in float64."""

PATIENCE = 4
"""Rounds without a lower place after which a point has arrived."""

SAME = 1e-9
"""Heights that differ by less are equal: a share of how far the surface rises within a cell of its lowest point."""

_AROUND = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)], dtype=float)
_SHARES = np.array([1.0, 0.25, 0.0625, 0.015625])[:, None]


@np.errstate(all="ignore")
def minima_in_box(surface: Surface) -> tuple[Point, ...]:
    """All global minima in a surface's box.

    Parameters
    ----------
    surface : Surface
        Its own ``minima`` are not looked at. Places where it is not finite count as infinitely high.

    Returns
    -------
    tuple of (x, y)
        From left to right. Empty if nothing is finite, if it is lowest on the border of the box or in a pole, and if
        the lowest places are a line or an area.
    """
    low, high = np.array(surface.box, dtype=float).T
    buffers = (high - low) / (GRID - 1)
    x, y = np.linspace(low, high, GRID).T
    places = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    heights = _heights(surface, places)
    points = _sharpened(surface, _descended(surface, _hollows(places, heights), buffers), buffers)
    points = _rounded(surface, points, buffers)
    points = points[np.all((points > low) & (points < high), axis=-1)]
    found = _heights(surface, points)
    border = min(edge.min() for edge in (heights[0], heights[-1], heights[:, 0], heights[:, -1]))
    if not points.size or border <= found.min():
        return ()
    lowest = points[found.argmin()]
    rise = _heights(surface, lowest + buffers * _AROUND).max() - found.min()
    equal = found.min() + SAME * rise + 1e-15 * abs(found.min())
    points = _distinct(points[found <= equal], buffers)
    if border <= equal or not _are_minima(surface, points, buffers, rise):
        return ()
    return tuple((float(a), float(b)) for a, b in points[np.lexsort(points.T[::-1])])


def _heights(surface: Surface, places: Array) -> Array:
    """Heights (...) at places (..., 2), infinite where they are no numbers."""
    heights = surface.f(places)
    return np.where(np.isfinite(heights), heights, np.inf)


def _hollows(places: Array, heights: Array) -> Array:
    """The places (n, 2) of a grid that no neighbour is below, the lowest first."""
    count_x, count_y = heights.shape
    padded = np.pad(heights, 1, constant_values=np.inf)
    hollow = np.isfinite(heights)
    for a, b in _AROUND.astype(int):
        hollow &= heights <= padded[1 + a : 1 + a + count_x, 1 + b : 1 + b + count_y]
    order = np.argsort(heights[hollow], kind="stable")[:MOST]
    return places[hollow][order]


def _newton(surface: Surface, points: Array, buffers: Array) -> Array:
    """Steps (n, 2) to the minimum of the quadratic that fits at each point, no longer than a cell along any axis."""
    slope, bend = surface.gradient(points), surface.hessian(points)
    slope = np.where(np.isfinite(slope), slope, 0.0)
    size, axes = np.linalg.eigh(np.where(np.isfinite(bend), bend, 0.0))
    # As in the optimizer: the absolute value leads down where the quadratic has no minimum.
    size = np.maximum(np.abs(size), 1e-12 * np.abs(size).max(axis=-1, keepdims=True) + np.finfo(float).tiny)
    step = -(axes @ ((slope[:, None] @ axes)[:, 0] / size)[..., None])[..., 0]
    step = step / np.maximum(1.0, (np.abs(step) / buffers).max(axis=-1, keepdims=True))
    return np.where(np.isfinite(step), step, 0.0)


def _descended(surface: Surface, points: Array, buffers: Array) -> Array:
    """Points (n, 2), each moved down: by Newton's step, or part of it, or to a place around where that is lower.

    The places around are for kinks and points, in which Newton's step leads nowhere.
    """
    points, rests, radius = points.copy(), np.zeros(len(points), dtype=int), buffers
    for _ in range(ROUNDS):
        moving = np.flatnonzero(rests < PATIENCE)
        if not moving.size:
            break
        here = points[moving]
        steps = _newton(surface, here, buffers)[:, None] * _SHARES
        around = np.broadcast_to(radius * _AROUND, (len(here), *_AROUND.shape))
        trials = here[:, None] + np.concatenate([np.zeros_like(steps[:, :1]), steps, around], axis=1)
        best = _heights(surface, trials).argmin(axis=1)
        points[moving] = trials[np.arange(len(here)), best]
        rests[moving] = np.where(best == 0, rests[moving] + 1, 0)
        radius = radius / 2
    return points


def _sharpened(surface: Surface, points: Array, buffers: Array) -> Array:
    """Points (n, 2) after some more of Newton's steps, where these make the slope less.

    Heights cannot tell places apart that are nearer than the root of the rounding; slopes can.
    """
    for _ in range(5):
        trials = points + _newton(surface, points, 1e-6 * buffers)
        less = [np.linalg.norm(surface.gradient(places), axis=-1) for places in (trials, points)]
        points = np.where((less[0] < less[1])[:, None], trials, points)
    return points


def _rounded(surface: Surface, points: Array, buffers: Array) -> Array:
    """Points (n, 2), with few digits where these do as well: 0 for 1e-17."""
    digits = 10 - np.floor(np.log10(buffers)).astype(int)
    trials = np.stack([np.round(points[:, k], digits[k]) for k in range(2)], axis=-1) + 0.0  # no minus before zeros
    worse = [np.linalg.norm(surface.gradient(places), axis=-1) for places in (trials, points)]
    height = _heights(surface, points)
    higher = _heights(surface, trials) > height + 1e-15 * np.abs(height)
    # Where a surface comes to a point there is no slope to compare.
    return np.where((higher | (worse[0] > worse[1]))[:, None], points, trials)


def _distinct(points: Array, buffers: Array) -> Array:
    """The points (n, 2) without those that are within a tenth of a cell of an earlier one."""
    kept: list[Array] = []
    for point in points:
        if all((np.abs(point - other) > 0.1 * buffers).any() for other in kept):
            kept.append(point)
    return np.array(kept).reshape(-1, 2)


def _are_minima(surface: Surface, points: Array, buffers: Array, rise: float) -> bool:
    """Whether each of the lowest points (n, 2) is the only one near by, and no pole.

    All ways down from around must lead back to it, and at its foot the surface must not be much higher.
    """
    around = points[:, None] + 0.5 * buffers * _AROUND
    back = _descended(surface, around.reshape(-1, 2), buffers).reshape(around.shape)
    height = surface.f(points)[:, None]
    foot = surface.f(points[:, None] + 1e-9 * buffers * _AROUND) - height
    returned = np.abs(back - points[:, None]) < 0.1 * buffers
    return bool(returned.all() and np.all(foot <= 1e-3 * rise + 1e-15 * np.abs(height)))
