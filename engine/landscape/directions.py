"""Directions: how the two axes of a plane through the current parameters are chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array, frozen
from engine.landscape.planes import Plane, norm
from engine.limits import LIMITS
from engine.network import Network
from engine.registry import Refusal, Registry, brief, check_kind
from engine.state import State
from engine.streams import Purpose, stream
from engine.trainer import Trainer

_MARGIN = 0.25
_NARROWEST, _FINEST = 0.1, 1e-4
"""Smallest width of a window relative to its height, or the other way round; and relative to the size of the
parameters, of which float32 can distinguish a thousand steps."""
_VAST = 1e300
"""A window larger than this might overflow."""
_STRAIGHT = 1e-12
"""A path is a line, up to rounding, if its squared extent along the second axis is a smaller share of that along the
first."""


@dataclass(frozen=True, slots=True)
class Direction:
    """One choice of the two axes.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    span : callable ``(network, origin, path, seed) -> Plane``
        The plane through ``origin`` (P,), given the ``path`` (n, P) that led there; n may be 0.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from.
    """

    name: str
    label: str
    span: Callable[[Network, Array, Array, int], Plane]
    formula: str
    doc: str
    source: str


def _random(network: Network, origin: Array, path: Array, seed: int) -> Plane:
    axes = np.zeros((2, network.size))
    for which, axis in enumerate(axes):
        for block, positions in enumerate(network.weight_positions):
            # The incoming weights of each unit, and of each piece, lie along the first axis.
            normal = stream(seed, Purpose.DIRECTIONS, which, block).standard_normal(positions.shape)
            axis[positions] = normal / norm(normal, axis=0) * norm(origin[positions], axis=0)
    return Plane(origin, frozen(axes), frozen(np.full(2, -1.0)), frozen(np.full(2, 1.0)), "random")


def _path(network: Network, origin: Array, path: Array, seed: int) -> Plane:
    steps = path - origin if len(path) else np.zeros((0, network.size))
    steps = steps[(np.abs(steps).max(axis=1) <= _VAST) & steps.any(axis=1)]
    # The origin is a point of the path too: with two others there are three.
    if not (steps != steps[:1]).any():
        return _random(network, origin, path, seed)
    peak = np.abs(steps).max()
    steps /= peak
    axes = _principal_axes(steps, seed)
    low, high = _window(steps @ axes.T * peak, min(norm(origin).item(), _VAST))
    return Plane(origin, frozen(axes), frozen(low), frozen(high), "path")


def _principal_axes(steps: Array, seed: int) -> Array:
    """The two leading right singular vectors (2, P) of differences (n, P), with the first difference at the lower left.

    They come from the eigenvectors of the n x n matrix of inner products. If the points lie on a line, the second axis
    is random, at right angles to the first.
    """
    squares, vectors = np.linalg.eigh(steps @ steps.T)
    axes = vectors[:, :-3:-1].T @ steps
    axes[0] /= norm(axes[0])
    if squares[-2] <= _STRAIGHT * squares[-1]:
        # Streams 0 and 1 are those of the random directions.
        axes[1] = stream(seed, Purpose.DIRECTIONS, 2).standard_normal(axes.shape[1])
    # If one axis is much shorter than the other, rounding errors grow in the same proportion: correct the angle.
    axes[1] -= (axes[0] @ axes[1]) * axes[0]
    axes[1] /= norm(axes[1])
    axes[axes @ steps[0] > 0.0] *= -1.0
    return axes


def _window(points: Array, size: float) -> tuple[Array, Array]:
    """Corners of a window around points (n, 2) and (0, 0), for parameters of norm ``size``."""
    low, high = np.minimum(points.min(axis=0), 0.0), np.maximum(points.max(axis=0), 0.0)
    extent = (1.0 + 2.0 * _MARGIN) * (high - low)
    extent = np.maximum(extent, max(_NARROWEST * extent.max(), _FINEST * size))
    middle = low + 0.5 * (high - low)
    return middle - 0.5 * extent, middle + 0.5 * extent


DIRECTIONS = Registry(
    "direction",
    [
        Direction(
            "random", "Random", _random,
            r"d_i \leftarrow \frac{d_i}{\lVert d_i \rVert} \lVert w_i \rVert,\ d_i \sim \mathcal{N}(0, I)",
            "Two random directions; in each, the change of every unit's weights is as large as the weights.",
            "Li et al. 2018, Visualizing the Loss Landscape of Neural Nets: filter normalisation; a filter is the "
            "incoming weights of a unit, or with maxout of a piece; all other parameters stay as they are",
        ),
        Direction(
            "path", "Path", _path,
            r"\theta_k - \theta_{\text{now}} \approx a_k v_1 + b_k v_2,\ v_i \cdot v_j = \delta_{ij}",
            "The two directions in which training has moved most, seen from the current parameters.",
            "Li et al. 2018, section 7.2: principal components of the differences from the last parameters, not from "
            "their mean, scaled to length 1; random directions as long as the path has fewer than three points",
        ),
    ],
)  # fmt: skip


def plane(trainer: Trainer, state: State, kind: str = "random", path: Array | None = None, seed: int = 0) -> Plane:
    """Choose a plane through the current parameters.

    Parameters
    ----------
    trainer : Trainer
    state : State
        Of one network.
    kind : str
        Key of DIRECTIONS.
    path : (n, P) array, optional
        Earlier parameters, oldest first (``ParameterHistory.params``); those that are not finite are left out. The
        current parameters always count as its end.
    seed : int
        For random directions, 0 to 2**32 - 1.

    Returns
    -------
    Plane
        For random directions the window is -1 to 1 both ways. For a path, where axes have length 1, it contains all
        points and the current parameters with a margin of a quarter of their extent on every side, and no side is
        shorter than a tenth of the other.

    Raises
    ------
    ValueError
        If the State has leading axes, the path has a different number of parameters, or a choice is not allowed.
    """
    check_kind("trainer", trainer, Trainer)
    entry, size = DIRECTIONS[kind], trainer.network.size
    LIMITS["seed"].check_one(seed)
    trainer.check(state)
    state.check_single()
    points = np.empty((0, size)) if path is None else np.asarray(path)
    if points.dtype.kind not in "iuf":
        raise Refusal(f"path must be numbers; not {brief(path)}.")
    if points.ndim != 2 or (len(points) and points.shape[1] != size):
        raise Refusal(f"path must be of shape (n, {size}); not {points.shape}.")
    with np.errstate(all="ignore"):
        return entry.span(trainer.network, state.params, points, int(seed))
