"""LossLandscape: the loss of many networks, one at each point of a grid in a plane, run as one batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.landscape.planes import Plane
from engine.network import Network
from engine.registry import Hyperparameter, Refusal, check_kind
from engine.tape import Parameters, Tape
from engine.trainer import Trainer

SIDE = Hyperparameter("side", 31, 2, 201, "Number of points on a side of the grid.", "Side", integer=True)
ROWS = Hyperparameter("rows", 500, 1, 100_000, "Number of training points for the loss.", "Points", integer=True)
LEAST_SIDE, LEAST_ROWS = 11, 32
"""For the largest network."""

WORK = 4e8
"""Multiplications that one picture may take, about 0.1 s."""

_CACHED, _MOST_SCRATCH, _FEW = 4_000_000, 64_000_000, 8
"""Networks that run together may take so many bytes of scratch, because more would leave the cache. But fewer than a
few networks cost more in calls, so that these may take the second number; a single network may take any."""
_PER_VALUE = 4
"""Multiplications that take as long as computing one value of a layer (a tanh less, a GELU more)."""


@dataclass(frozen=True, slots=True, eq=False)
class _Scratch:
    """Arrays, float32, for some networks at a time: their parameters, the forward pass, inputs and targets."""

    parameters: Parameters
    tape: Tape
    inputs: Array
    targets: Array


class LossLandscape:
    """Computes the landscape of one Trainer's network; holds nothing but scratch arrays for that.

    Parameters
    ----------
    trainer : Trainer
    """

    def __init__(self, trainer: Trainer) -> None:
        check_kind("trainer", trainer, Trainer)
        self.trainer = trainer
        self._scratch: dict[tuple[int, int], _Scratch] = {}

    def heights(self, plane: Plane, side: int = 31, rows: int = 500) -> Array:
        """Mean loss over the first training points, see ``heights``."""
        check_kind("plane", plane, Plane)
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
        # The last group may be larger than what is left of the grid: it is filled with networks at the origin.
        points = np.zeros((-(-count // len(flat)) * len(flat), 3), np.float32)
        points[:count, :2] = plane.grid(side).reshape(-1, 2)
        points[:, 2] = 1.0
        frame = np.concatenate([plane.axes, plane.origin[None]]).astype(np.float32)
        losses = np.empty(len(points))
        for start in range(0, len(points), len(flat)):
            part = slice(start, start + len(flat))
            np.matmul(points[part], frame, out=flat)
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
    """How many of ``count`` networks run at a time: groups of about the same size that stay in the cache."""
    # Parameters, with masks of weights; and for each layer its output, a one, and what batch norm or maxout keep.
    size = 4 * (3 * network.size + rows * sum(2 * layer.width + 1 for layer in network.layers))
    most = max(_CACHED // size, min(_FEW, _MOST_SCRATCH // size), 1)
    groups = -(-count // most)
    return -(-count // groups)


def heights(trainer: Trainer, plane: Plane, side: int = 31, rows: int = 500) -> Array:
    """Compute the training loss on a grid in a plane.

    Parameters
    ----------
    trainer : Trainer
    plane : Plane
    side : int
        Points on a side of the grid, 2 to 201; see ``affordable``.
    rows : int
        The loss is the mean over the first so many training points, or over all if there are fewer.

    Returns
    -------
    (side, side) array
        float64, computed in float32. Row 0 has the highest second coordinate; see ``Plane.grid``. The loss on the data
        alone, without regularization, masks and noise. Batch norm computes its statistics from those points, because
        the running averages belong to other weights. Infinite or NaN where numbers overflow.

    Raises
    ------
    ValueError
        If the plane is another network's, or a number is not allowed.
    """
    return LossLandscape(trainer).heights(plane, side, rows)


def affordable(trainer: Trainer, work: float = WORK) -> tuple[int, int]:
    """Choose ``side`` and ``rows`` for a network so that a picture takes no more than ``work`` multiplications.

    Parameters
    ----------
    trainer : Trainer
    work : float
        Largest number of multiplications: side^2 rows P for the weights, and what the values of all layers take. The
        smallest side and rows may take more.

    Returns
    -------
    side : int
        11 to 31, odd, so that the origin can be in the middle.
    rows : int
        32 to 500, or fewer if there are fewer training points. For a large network the points of the grid and the
        training points are reduced alike.
    """
    size = trainer.network.work + _PER_VALUE * sum(layer.width for layer in trainer.network.layers)
    most = min(int(ROWS.default), trainer.data.train)
    least, widest = min(LEAST_ROWS, most), int(SIDE.default)
    share = min(work / (widest**2 * most * size), 1.0)
    rows = np.clip(most * share**0.5, least, most)
    side = int(np.clip((work / (rows * size)) ** 0.5, LEAST_SIDE, widest) + 1) // 2 * 2 - 1
    return side, int(np.clip(work // (side**2 * size), least, most))
