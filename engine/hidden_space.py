"""Hidden space: the square of inputs and the data in the space of a layer's outputs, on a plane through it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.arrays import Array, with_ones
from engine.data import Data
from engine.datasets import EXTENT
from engine.look.plane import DataPlane, plane_of
from engine.registry import Hyperparameter, Refusal, brief, check_kind
from engine.state import State
from engine.trainer import Trainer

SIDE = Hyperparameter("side", 21, 2, 1000, "Number of grid lines in each direction.", integer=True)
MOST = Hyperparameter(
    "most", 500, 1, 100_000, "Number of training points, and of test points, that are shown.", integer=True
)

_LARGEST = float(np.finfo(np.float32).max)
_ROUNDING = float(np.finfo(np.float32).eps)
"""Outputs that vary by a smaller share of their size count as constant: the pass is in single precision."""


@dataclass(frozen=True, slots=True, eq=False)
class HiddenSpace:
    """A plane through the outputs of one layer, in evaluation mode.

    Attributes
    ----------
    layer : int
        0 for the inputs (features, preprocessed), 1 for the first hidden layer.
    units : (int, int) or None
        The two units that were chosen; None for principal axes.
    axes : (2, units) array
        Unit vectors, the directions of the two coordinates u and v; the second is zero if the layer has one unit.
    centre : (units,) array
        Mean output of the training points that are shown.
    shares : (2,) array
        Share of their variance along each axis, 0 to 1; NaN for chosen units.
    mesh : (side, side, 2) float32 array
        The points of a square grid of inputs, from corner to corner of the square; first row at the top.
    points : (n, 2) float32 array
        The data, training points first.
    train : int
        How many of ``points`` are training points.
    line : (C, 3) array or None
        For the last hidden layer (the inputs, if there is none) the score of each output on the plane,
        ``line[c, 0] * u + line[c, 1] * v + line[c, 2]``; None for other layers, and where the output is more than
        one dense layer. If the layer has more than two
        units, the plane goes through the centre, and this is the line where it cuts the separating surfaces.
    """

    layer: int
    units: tuple[int, int] | None
    axes: Array
    centre: Array
    shares: Array
    mesh: Array
    points: Array
    train: int
    line: Array | None


class _Plane(NamedTuple):
    """axes: (2, units); origin: (units,), the outputs at u = v = 0; shares: (2,)."""

    axes: Array
    origin: Array
    shares: Array


def look(
    trainer: Trainer,
    state: State,
    layer: int,
    units: tuple[int, int] | None = None,
    before: HiddenSpace | None = None,
    side: int = 21,
    most: int = 500,
    plane: DataPlane | None = None,
) -> HiddenSpace:
    """Show the input square and the data in the space of the outputs of one layer.

    Parameters
    ----------
    trainer : Trainer
    state : State
        Of one network; use ``State.replica`` to pick one out of several.
    layer : int
        0 for the inputs, up to the number of hidden layers.
    units : (int, int), optional
        Two units whose outputs are the coordinates; they may be the same in a layer of one unit. Without
        them the coordinates are the two first principal components (Pearson 1901) of the training points' outputs.
    before : HiddenSpace, optional
        The result for an earlier State: principal axes then keep their order and signs where they can. Without it the
        largest component of each is positive.
    side : int
        Number of grid lines in each direction, 2 to 1000.
    most : int
        Number of training points, and of test points, to show: the first ones, 1 to 100,000 of each.
    plane : DataPlane, optional
        What the square of inputs is; see ``engine.look.plane.plane_of``, which is used without this.

    Returns
    -------
    HiddenSpace
        All its numbers are finite (except the shares of chosen units): NaN becomes 0, and numbers too large for single
        precision become the largest one.

    Raises
    ------
    ValueError
        If the State has leading axes, or a layer, unit or number is not allowed.
    """
    check_kind("trainer", trainer, Trainer)
    trainer.check(state)
    plane = plane_of(trainer.data) if plane is None else plane
    check_kind("plane", plane, DataPlane)
    if before is not None:
        check_kind("before", before, HiddenSpace)
    state.check_single()
    last = len(trainer.network.blocks) - 1
    for hyperparameter, value in (
        (SIDE, side),
        (MOST, most),
        (Hyperparameter("layer", 0, 0, last, "", integer=True), layer),
    ):
        hyperparameter.check_one(value)
    side, layer = int(side), int(layer)
    with np.errstate(all="ignore"):
        params, running_stats = trainer.evaluated(state)
        inputs, train = _seen(trainer.data, plane, side, int(most))
        outputs = _finite(_outputs(trainer, params, running_stats, inputs, layer))
        known = outputs[side * side : side * side + train]
        centre = known.mean(axis=0)
        if units is None:
            view = _principal(known - centre, centre, _axes_of(before, layer, len(centre)))
        else:
            units = _checked(units, len(centre), layer)
            view = _chosen(units, centre)
        plane_points = _finite((outputs - view.origin) @ view.axes.T).astype(np.float32)
        mesh, points = plane_points[: side * side].reshape(side, side, 2), plane_points[side * side :]
        line = _line(trainer, params, view) if layer == last else None
    return HiddenSpace(layer, units, view.axes, centre, view.shares, mesh, points, train, line)


def _seen(data: Data, plane: DataPlane, side: int, most: int) -> tuple[Array, int]:
    """Inputs (n, F + 1) of the grid, the training points and the test points, and how many are training points."""
    lines = np.linspace(-EXTENT, EXTENT, side)
    x1, x2 = np.meshgrid(lines, lines[::-1])
    grid = data.inputs_at(plane.rows(np.stack([x1.ravel(), x2.ravel()], axis=1)))
    train = min(data.train, most)
    parts = [grid, data.inputs[:train], data.inputs[data.train : data.train + most]]
    return np.concatenate(parts).astype(np.float32), train


def _outputs(trainer: Trainer, params: Array, running_stats: Array, inputs: Array, layer: int) -> Array:
    """The outputs (n, units) of a layer for inputs (n, F + 1)."""
    if layer == 0:
        return inputs[:, :-1]
    return trainer.forward(params, running_stats, inputs).layers[layer - 1].post


def _finite(values: Array) -> Array:
    """In double precision; NaN becomes 0, and numbers too large for single precision its largest one."""
    return np.clip(np.nan_to_num(values.astype(float)), -_LARGEST, _LARGEST)


def _principal(centred: Array, centre: Array, before: Array | None) -> _Plane:
    """The plane of the two first principal axes of centred outputs (n, units)."""
    rows, width = centred.shape
    variances, vectors = np.linalg.eigh(centred.T @ centred / rows)
    total = float(np.maximum(variances, 0.0).sum())
    axes, shares = np.zeros((2, width)), np.zeros(2)
    if total <= width * (_ROUNDING * np.abs(centre).max()) ** 2:
        return _Plane(np.eye(2, width), centre, shares)
    leading = slice(None, -3, -1)  # the two largest come last in eigh
    count = min(width, 2)
    axes[:count] = vectors.T[leading]
    shares[:count] = np.maximum(variances[leading], 0.0) / total
    axes, shares = _with_signs(axes, shares) if before is None else _aligned(axes, shares, before)
    return _Plane(axes, centre, shares)


def _with_signs(axes: Array, shares: Array) -> tuple[Array, Array]:
    """Axes whose largest component is positive; of several that are equal up to rounding, the first."""
    sizes = np.abs(axes)
    first = np.argmax(sizes >= (1.0 - 1e-6) * sizes.max(axis=1, keepdims=True), axis=1)
    return axes * np.copysign(1.0, np.take_along_axis(axes, first[:, None], axis=1)), shares


def _aligned(axes: Array, shares: Array, before: Array) -> tuple[Array, Array]:
    """Axes in the order and with the signs that are most similar to those before."""
    overlap = axes @ before.T
    sizes = np.abs(overlap)
    if sizes[0, 1] + sizes[1, 0] > sizes[0, 0] + sizes[1, 1]:
        axes, shares, overlap = axes[::-1], shares[::-1], overlap[::-1]
    return axes * np.where(np.diag(overlap) < 0.0, -1.0, 1.0)[:, None], shares


def _axes_of(before: HiddenSpace | None, layer: int, width: int) -> Array | None:
    """The principal axes of the same layer in an earlier result, if it has them."""
    if before is None or before.units is not None or (before.layer, before.axes.shape[1]) != (layer, width):
        return None
    return before.axes


def _checked(units: tuple[int, int], width: int, layer: int) -> tuple[int, int]:
    """The numbers of two units in a layer of that width."""
    given = tuple(units) if np.iterable(units) else ()
    whole = all(isinstance(unit, (int, np.integer)) and not isinstance(unit, bool) for unit in given)
    if len(given) != 2 or not whole or min(given) < 0 or max(given) >= width:
        raise Refusal(f"units must be two whole numbers between 0 and {width - 1}; not {brief(units)}.")
    first, second = map(int, given)
    if first == second and width > 1:
        raise Refusal(f"units must be two different ones of the {width} in layer {layer}; not {brief(units)}.")
    return first, second


def _chosen(units: tuple[int, int], centre: Array) -> _Plane:
    """The plane of two units' outputs; all other units are at their mean."""
    axes, origin = np.zeros((2, len(centre))), centre.copy()
    for axis, unit in zip(axes, dict.fromkeys(units), strict=False):
        axis[unit], origin[unit] = 1.0, 0.0
    return _Plane(axes, origin, np.full(2, np.nan))


def _line(trainer: Trainer, params: Array, plane: _Plane) -> Array | None:
    """The output on a plane, (C, 3), if it is one affine layer."""
    network = trainer.network
    block = network.blocks[-1]
    affine = network.layers[block.opener].as_affine(network.bind(params).views[block.opener])
    if affine is None or block.last > block.opener:
        return None
    return _finite(np.concatenate([plane.axes @ affine[:-1], with_ones(plane.origin[None]) @ affine]).T)
