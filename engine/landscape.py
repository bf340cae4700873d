"""Landscape: the training loss of a network on a two-dimensional slice through its current parameters.

A Plane is the slice: where it lies and how far one looks. Its heights are the loss of many networks, one at each point
of a grid, run as one batch along a leading axis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array, frozen
from engine.limits import LIMITS
from engine.network import Network
from engine.registry import Hyperparameter, Refusal, Registry, brief
from engine.state import State
from engine.streams import Purpose, stream
from engine.tape import Parameters, Tape
from engine.trainer import Trainer

SIDE = Hyperparameter("side", 31, 2, 201, "Points on a side of the grid.", "Side", integer=True)
ROWS = Hyperparameter("rows", 500, 1, 100_000, "Training points that the loss is the mean of.", "Points", integer=True)
LEAST_SIDE, LEAST_ROWS = 11, 32
"""However large the network."""

WORK = 4e8
"""Multiplications that one picture may take, about 0.1 s."""

_MARGIN = 0.25
_NARROWEST, _FINEST = 0.1, 1e-4
"""Least width of a window against its height or the other way round, and against the size of the parameters: float32
tells apart a thousand steps of the latter."""
_VAST = 1e300
"""Beyond it a window might overflow."""
_STRAIGHT = 1e-12
"""A path whose spread (squared) along its second axis is less of that along its first is a line, up to rounding."""
_CACHED, _MOST_SCRATCH, _FEW = 4_000_000, 64_000_000, 8
"""Bytes of scratch for networks that are run together: more leave the cache. But fewer than a few networks cost more in
calls, so these may take what is the most for anything but a single one."""
_PER_VALUE = 4
"""Multiplications that take as long as computing one value of a layer (a tanh less, a GELU more)."""
_BLOCK = 65_536
"""Numbers that are projected at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """A window in a plane of parameters: ``origin + a axes[0] + b axes[1]``. Arrays are read-only.

    Attributes
    ----------
    origin : (P,) array
        The parameters at (0, 0).
    axes : (2, P) array
        What a step of 1 to the right, and of 1 upwards, adds to them.
    low, high : (2,) arrays
        Coordinates (a, b) of the window's lower left and upper right corner.
    kind : str
        Key of DIRECTIONS: what the axes are, which may be another than was asked for.
    """

    origin: Array
    axes: Array
    low: Array
    high: Array
    kind: str

    def grid(self, side: int) -> Array:
        """Coordinates (side, side, 2) of points that cover the window, edges included; row 0 is the highest."""
        a, b = (np.linspace(low, high, side) for low, high in zip(self.low, self.high, strict=True))
        return np.stack(np.meshgrid(a, b[::-1]), axis=-1)


@dataclass(frozen=True, slots=True)
class Direction:
    """One choice of the two axes.

    Parameters
    ----------
    name, label : str
        The key, and what a person reads.
    span : callable ``(network, origin, path, seed) -> Plane``
        The plane through ``origin`` (P,), given the ``path`` (n, P) that led there, n from 0 on.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from.
    """

    name: str
    label: str
    span: Callable[[Network, Array, Array, int], Plane]
    formula: str
    doc: str
    source: str


def _norm(vectors: Array, axis: int = -1) -> Array:
    """Euclidean norm along an axis, kept as an axis of one; squares of large numbers do not overflow."""
    peak = np.abs(vectors).max(axis=axis, keepdims=True)
    unit = np.where(peak > 0.0, peak, 1.0)
    return unit * np.sqrt(np.sum((vectors / unit) ** 2, axis=axis, keepdims=True))


def _random(network: Network, origin: Array, path: Array, seed: int) -> Plane:
    axes = np.zeros((2, network.size))
    for which, axis in enumerate(axes):
        for place, positions in enumerate(network.weight_positions):
            # Of each unit, and each piece, the incoming weights lie along the first axis.
            normal = stream(seed, Purpose.DIRECTIONS, which, place).standard_normal(positions.shape)
            axis[positions] = normal / _norm(normal, axis=0) * _norm(origin[positions], axis=0)
    return Plane(origin, frozen(axes), frozen(np.full(2, -1.0)), frozen(np.full(2, 1.0)), "random")


def _path(network: Network, origin: Array, path: Array, seed: int) -> Plane:
    steps = path - origin if len(path) else np.zeros((0, network.size))
    steps = steps[(np.abs(steps).max(axis=1) <= _VAST) & steps.any(axis=1)]
    # The origin is a point of the path too: two others make three.
    if not (steps != steps[:1]).any():
        return _random(network, origin, path, seed)
    peak = np.abs(steps).max()
    steps /= peak
    axes = _principal_axes(steps, seed)
    low, high = _window(steps @ axes.T * peak, min(_norm(origin).item(), _VAST))
    return Plane(origin, frozen(axes), frozen(low), frozen(high), "path")


def _principal_axes(steps: Array, seed: int) -> Array:
    """The two leading right singular vectors (2, P) of differences (n, P), so turned that the first lies lower left.

    They come from the eigenvectors of the n x n matrix of inner products. Of points on a line the second axis is a
    random one, at right angles.
    """
    squares, vectors = np.linalg.eigh(steps @ steps.T)
    axes = vectors[:, :-3:-1].T @ steps
    axes[0] /= _norm(axes[0])
    if squares[-2] <= _STRAIGHT * squares[-1]:
        # Streams 0 and 1 are those of the random directions.
        axes[1] = stream(seed, Purpose.DIRECTIONS, 2).standard_normal(axes.shape[1])
    # An axis much shorter than the other is at right angles only up to rounding enlarged as much.
    axes[1] -= (axes[0] @ axes[1]) * axes[0]
    axes[1] /= _norm(axes[1])
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
            "Two random directions, in each of which every unit's weights change by as much as they are large.",
            "Li et al. 2018, Visualizing the Loss Landscape of Neural Nets: filter normalisation, a filter being the "
            "incoming weights of a unit, of maxout of a piece; all else stays as it is",
        ),
        Direction(
            "path", "Path", _path,
            r"\theta_k - \theta_{\text{now}} \approx a_k v_1 + b_k v_2,\ v_i \cdot v_j = \delta_{ij}",
            "The two directions in which training has moved the most, seen from where it is now.",
            "Li et al. 2018, section 7.2: principal components of the differences from the last parameters, not from "
            "their mean, scaled to length 1; random directions as long as the path has fewer than three points",
        ),
    ],
)  # fmt: skip


def plane(trainer: Trainer, state: State, kind: str = "random", path: Array | None = None, seed: int = 0) -> Plane:
    """Lay a plane through the current parameters.

    Parameters
    ----------
    trainer : Trainer
    state : State
        Of one network.
    kind : str
        Key of DIRECTIONS.
    path : (n, P) array, optional
        Earlier parameters, oldest first (``Path.params``); those that are not finite are passed over. The current ones
        count as its end, whether they are there or not.
    seed : int
        Of what is random, 0 to 2**32 - 1; the same gives the same directions.

    Returns
    -------
    Plane
        Of random directions its window is -1 to 1 both ways. On a path, where axes have length 1, it holds all points
        and the current parameters with a margin of a quarter of their extent on every side, and is no narrower than a
        tenth of its other side.

    Raises
    ------
    ValueError
        When the State has leading axes, the path another number of parameters, or a choice is not allowed.
    """
    entry, size = DIRECTIONS[kind], trainer.network.size
    LIMITS["seed"].check_one(seed)
    state.check_single()
    trainer.check(state)
    points = np.empty((0, size)) if path is None else np.asarray(path)
    if points.dtype.kind not in "iuf":
        raise Refusal(f"path must be numbers; not {brief(path)}.")
    if points.ndim != 2 or (len(points) and points.shape[1] != size):
        raise Refusal(f"path must be of shape (n, {size}); not {points.shape}.")
    with np.errstate(all="ignore"):
        return entry.span(trainer.network, state.params, points, int(seed))


def project(plane: Plane, params: Array) -> tuple[Array, Array]:
    """Find the points of a plane that are nearest to some parameters.

    Parameters
    ----------
    plane : Plane
    params : (..., P) array

    Returns
    -------
    coordinates : (..., 2) array
        By least squares, since axes need not be at right angles.
    distance : (...) array
        Euclidean, to that point. NaN, as the coordinates, where numbers are not finite.

    Raises
    ------
    ValueError
        When the parameters are of another number.
    """
    given, size = np.asarray(params), plane.origin.size
    if given.shape[-1:] != (size,):
        raise Refusal(f"params must be of shape (..., {size}); not {given.shape}.")
    rows = given.reshape(-1, size)
    coordinates, distance = np.full((len(rows), 2), np.nan), np.full(len(rows), np.nan)
    with np.errstate(all="ignore"):
        if np.isfinite(plane.axes).all():
            left, lengths, basis = np.linalg.svd(plane.axes, full_matrices=False)
            # Axes of no length, or along the same line, span less than a plane.
            whole = lengths > 1e-12 * lengths[0]
            basis, back = basis[whole], (left[:, whole] / lengths[whole]).T
            block = max(_BLOCK // size, 1)
            for start in range(0, len(rows), block):
                part = slice(start, start + block)
                rest = rows[part] - plane.origin
                along = rest @ basis.T
                rest -= along @ basis
                coordinates[part], distance[part] = along @ back, _norm(rest)[:, 0]
    return coordinates.reshape(*given.shape[:-1], 2), distance.reshape(given.shape[:-1])


@dataclass(frozen=True, slots=True, eq=False)
class _Scratch:
    """Arrays, float32, for some networks at a time: their parameters, the pass, and what is passed."""

    parameters: Parameters
    tape: Tape
    inputs: Array
    targets: Array


class LossLandscape:
    """Measures the landscape of one Trainer's network; holds scratch arrays for that, nothing else.

    Parameters
    ----------
    trainer : Trainer
    """

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self._scratch: dict[tuple[int, int], _Scratch] = {}

    def heights(self, plane: Plane, side: int = 31, rows: int = 500) -> Array:
        """Mean loss over the first training points, see ``heights``."""
        SIDE.check_one(side)
        ROWS.check_one(rows)
        size = self.trainer.network.size
        if plane.origin.size != size:
            raise Refusal(f"plane must be of {size} parameters; not {plane.origin.size}.")
        with np.errstate(all="ignore"):
            return self._heights(plane, int(side), min(int(rows), self.trainer.data.train))

    def _heights(self, plane: Plane, side: int, rows: int) -> Array:
        network, objective = self.trainer.network, self.trainer.objective
        count = side * side
        scratch = self._scratch_for(count, rows)
        flat = scratch.parameters.flat
        # The last group may reach beyond the grid: it is filled up with networks at the origin.
        places = np.zeros((-(-count // len(flat)) * len(flat), 3), np.float32)
        places[:count, :2] = plane.grid(side).reshape(-1, 2)
        places[:, 2] = 1.0
        frame = np.concatenate([plane.axes, plane.origin[None]]).astype(np.float32)
        losses = np.empty(len(places))
        for start in range(0, len(places), len(flat)):
            part = slice(start, start + len(flat))
            np.matmul(places[part], frame, out=flat)
            network.forward(scratch.parameters, scratch.inputs, scratch.tape)
            losses[part] = objective.data_loss(scratch.tape, scratch.targets)
        return losses[:count].reshape(side, side)

    def _scratch_for(self, count: int, rows: int) -> _Scratch:
        if (count, rows) not in self._scratch:
            self._scratch.clear()
            network, data = self.trainer.network, self.trainer.data
            batch_shape = (_together(network, count, rows),)
            self._scratch[count, rows] = _Scratch(
                network.bind(np.empty((*batch_shape, network.size), np.float32)),
                network.tape("batch", batch_shape, rows, np.float32),
                data.inputs[:rows].astype(np.float32),
                data.targets[:rows].astype(np.float32),
            )
        return self._scratch[count, rows]


def _together(network: Network, count: int, rows: int) -> int:
    """How many of ``count`` networks are run at a time: groups of about one size that stay in the cache."""
    # Parameters, with masks of connections; of each layer its output, a one, and what batch norm or maxout remember.
    size = 4 * (3 * network.size + rows * sum(2 * layer.width + 1 for layer in network.layers))
    most = max(_CACHED // size, min(_FEW, _MOST_SCRATCH // size), 1)
    groups = -(-count // most)
    return -(-count // groups)


def heights(trainer: Trainer, plane: Plane, side: int = 31, rows: int = 500) -> Array:
    """Measure the training loss on a grid in a plane.

    Parameters
    ----------
    trainer : Trainer
    plane : Plane
    side : int
        Points on a side of the grid, 2 to 201; see ``affordable``.
    rows : int
        The loss is the mean over so many training points, the first ones, or all if there are fewer.

    Returns
    -------
    (side, side) array
        float64, computed in float32. Row 0 has the highest second coordinate; see ``Plane.grid``. The data loss alone,
        without penalty, masks and noise; batch norm takes its statistics from those points, since running averages
        belong to other weights. Infinite or NaN where numbers overflow.

    Raises
    ------
    ValueError
        When the plane is another network's, or a number is not allowed.
    """
    return LossLandscape(trainer).heights(plane, side, rows)


def affordable(trainer: Trainer, work: float = WORK) -> tuple[int, int]:
    """Choose ``side`` and ``rows`` for a network so that a picture takes no more than ``work`` multiplications.

    Parameters
    ----------
    trainer : Trainer
    work : float
        Most multiplications: side^2 rows times those of a sample, and what it takes to compute the values of all
        layers.
        Only the least side and rows may take more.

    Returns
    -------
    side : int
        11 to 31, odd, so that a window around the origin has it in the middle.
    rows : int
        32 to 500, or fewer where there are fewer training points. What a large network makes too much is cut from
        the points on the grid and the training points alike.
    """
    size = trainer.network.work + _PER_VALUE * sum(layer.width for layer in trainer.network.layers)
    most = min(int(ROWS.default), trainer.data.train)
    least, widest = min(LEAST_ROWS, most), int(SIDE.default)
    share = min(work / (widest**2 * most * size), 1.0)
    rows = np.clip(most * share**0.5, least, most)
    side = int(np.clip((work / (rows * size)) ** 0.5, LEAST_SIDE, widest) + 1) // 2 * 2 - 1
    return side, int(np.clip(work // (side**2 * size), least, most))
