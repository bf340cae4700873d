"""Pictures over the square of inputs: the boundary and the maps of the units.

Computed in float32 and returned as one byte a pixel: 1 to 255 stand for -1 to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.arrays import Array
from engine.datasets import EXTENT
from engine.look.frame import Unit
from engine.look.histograms import VAST
from engine.look.plane import DataPlane
from engine.look.views import MEMBERS, View
from engine.registry import check_index
from engine.state import State
from engine.streams import Purpose, stream
from engine.tape import Parameters, Tape
from engine.trainer import Trainer

ZERO, REACH = 128, 127
"""The byte for zero, and how much more or less is 1 and -1."""

_CERTAINTIES = 32
"""Degrees in which a byte tells how certain a class is, of up to 8 classes."""

_BLOCK = 2500
_MEMBER_SIDE = 40
"""Largest side, in pixels, of a boundary of many networks."""
_LEAST_SIDE = 8
_LEAST_SPREAD = 0.01
_WHOLE = 1.1e4
"""Multiplications for one point up to which a boundary has all its pixels; of larger networks it is coarser, and so
takes hardly longer."""
_COARSER = 0.6
_WHOLE_FINE = 6e4
_COARSER_FINE = 0.5
"""The same if it may take longer, about 50 ms."""
_WORK = 1.2e8
"""These times pixels times members that one boundary of many masks may take."""


def _side(grid: int, share: float) -> int:
    """A share of a side in pixels, not more than the whole, and at least a few pixels."""
    return min(grid, max(round(grid * share), _LEAST_SIDE))


def grid_points(side: int) -> Array:
    """Pixel centres of a ``side`` x ``side`` picture of the square, (side^2, 2), row by row from the top left."""
    centres = ((np.arange(side) + 0.5) / side * 2.0 - 1.0) * EXTENT
    x1, x2 = np.meshgrid(centres, centres[::-1])
    return np.stack([x1.ravel(), x2.ravel()], axis=1)


def certainties(classes: int) -> int:
    """How many degrees of certainty a byte has room for beside so many classes: 32 with up to 8, 12 with 20.

    The byte is this times the class, plus the certainty from 0 on.
    """
    return min(_CERTAINTIES, 256 // max(classes, 1))


def to_bytes(values: Array) -> Array:
    """Code -1 to 1 as 1 to 255, zero as 128; values outside are clipped, NaN becomes zero."""
    scaled = np.nan_to_num(np.clip(values, -1.0, 1.0))
    scaled *= REACH
    scaled += ZERO + 0.5
    return scaled.astype(np.uint8)


@dataclass(slots=True, eq=False)
class Canvas:
    """The inputs of all pixels of one picture, and scratch to compute some of them at a time."""

    inputs: Array
    tape: Tape

    @property
    def side(self) -> int:
        """Pixels on a side."""
        return int(len(self.inputs) ** 0.5)


class Painter:
    """Computes the pictures of the States of one Trainer; holds nothing but scratch arrays for that.

    Parameters
    ----------
    trainer : Trainer
    plane : DataPlane
        What the square shows.
    grid : int
        Side of the boundary in pixels; for a very large network it is smaller.
    tile : int
        Side of the unit maps in pixels.
    """

    def __init__(self, trainer: Trainer, plane: DataPlane, grid: int, tile: int) -> None:
        self.trainer, self.plane, self.tile = trainer, plane, tile
        # Probabilities of a single class each are drawn as -1 to 1.
        self._classes = trainer.task.exclusive
        self._signed = trainer.task.probabilities and not self._classes
        size = trainer.network.work
        self.grid = _side(grid, (_WHOLE / size) ** _COARSER)
        self.fine_grid = _side(grid, (_WHOLE_FINE / size) ** _COARSER_FINE)
        members = int((_WORK / MEMBERS / size) ** 0.5)
        self._member_grid = int(np.clip(members, _LEAST_SIDE, min(grid, _MEMBER_SIDE)))
        self._canvases: dict[tuple[str, int, int], Canvas] = {}

    def boundary(
        self, params: Array, statistics: Array, state: State, view: View, focus: Unit | None, fine: bool = False
    ) -> tuple[Array, float]:
        """The prediction, or one unit, over the square as bytes, and its scale; see Frame.

        Parameters
        ----------
        params, statistics : arrays (P,), (R,)
            Parameters, and batch norm's statistics, of the view.
        state : State
            The State whose masks are drawn.
        """
        if focus is not None:
            self._check(focus)
        side = self.fine_grid if fine else self.grid
        if focus is not None and focus.layer == 0:
            return self._picture(self._inputs(side)[:, focus.number, None])
        members = view.members if focus is None else 0
        canvas = self._canvas("masked" if members else view.mode, self._member_grid if members else side, members)
        if view.masked:
            self.trainer.network.draw_masks(canvas.tape, state.seeds, state.step, shared=True)
        values = self._values(self._bound(params), statistics, canvas, partial(self._shown, focus))
        if members:
            return self._answers(values, view)
        return self._coloured(values, focus)

    def _check(self, focus: Unit) -> None:
        """Refuse a unit that is not there."""
        network = self.trainer.network
        widths = [network.inputs, *(block.units for block in network.blocks)]
        check_index("layer", focus.layer, len(widths))
        check_index("unit", focus.number, widths[focus.layer])

    def maps(self, params: Array, statistics: Array, state: State, view: View) -> tuple[Array, Array]:
        """The maps of all hidden and output units, (units, T, T), and which of them are set to zero, (units,)."""
        canvas = self._canvas(view.mode, self.tile, 0)
        tape = canvas.tape
        if view.masked:
            self.trainer.network.draw_masks(tape, state.seeds, state.step, shared=True)
        values = self._values(self._bound(params), statistics, canvas, self._all_units).T
        return to_bytes(values / _peak(values, axis=1)).reshape(-1, self.tile, self.tile), self._silenced(tape)

    def _silenced(self, tape: Tape) -> Array:
        """1 for every unit whose output a mask of the tape makes zero."""
        buffers = dict(zip(tape.chain, tape.buffers, strict=True))
        marks = []
        for block in self.trainer.network.blocks:
            last = self.trainer.network.layers[block.last]
            off = last.silenced(buffers[block.last]) if block.last in buffers else None
            marks.append(np.zeros(block.units, bool) if off is None else off)
        return np.concatenate(marks).astype(np.uint8)

    def _inputs(self, side: int) -> Array:
        return self.trainer.data.inputs_at(self.plane.rows(grid_points(side))).astype(np.float32)

    def _bound(self, params: Array) -> Parameters:
        return self.trainer.network.bind(params.astype(np.float32))

    def _canvas(self, mode: str, side: int, members: int) -> Canvas:
        """Scratch for a picture; masks of several networks are drawn once, so that it does not flicker."""
        key = (mode, side, members)
        if key not in self._canvases:
            network = self.trainer.network
            rows = min(max(_BLOCK // max(members, 1), 1), side**2)
            while side**2 % rows:
                rows -= 1
            tape = network.tape(mode, (members,) if members else (), rows, np.float32)  # type: ignore[arg-type]
            if members:
                seed = self.trainer.training.seed
                network.draw(tape, [stream(seed, Purpose.MEMBERS, k) for k in range(members)], shared=True)
            self._canvases[key] = Canvas(self._inputs(side), tape)
        return self._canvases[key]

    def _values(
        self, parameters: Parameters, statistics: Array, canvas: Canvas, shown: Callable[[Tape], Array]
    ) -> Array:
        """The values of each pixel, (..., side^2, channels), computed in blocks that stay in the cache."""
        tape = canvas.tape
        tape.statistics[...] = statistics
        blocks = []
        for start in range(0, len(canvas.inputs), tape.batch):
            self.trainer.network.forward(parameters, canvas.inputs[start : start + tape.batch], tape)
            blocks.append(np.array(shown(tape)))
        return np.concatenate(blocks, axis=-2)

    def _shown(self, focus: Unit | None, tape: Tape) -> Array:
        """The columns of the tape for the large picture."""
        if focus is None or focus.layer == len(tape.layers):
            shown = self._prediction(tape.scores)
            if focus is None and self._classes:
                return shown
            # Of several outputs that are no classes the first stands for all, until one is chosen.
            return shown[..., focus.number if focus else 0, None]
        return tape.layers[focus.layer - 1].post[..., focus.number, None]

    def _all_units(self, tape: Tape) -> Array:
        """The outputs of all hidden and output units, side by side."""
        return np.concatenate([*(signal.post for signal in tape.layers[:-1]), self._prediction(tape.scores)], axis=-1)

    def _prediction(self, scores: Array) -> Array:
        """From scores to values that are drawn: a single probability becomes -1 to 1."""
        predicted = self.trainer.link.f(scores)
        if self._signed:
            predicted *= 2.0
            predicted -= 1.0
        return predicted

    def _coloured(self, values: Array, focus: Unit | None) -> tuple[Array, float]:
        """Bytes of one network's predictions (side^2, channels), and their scale."""
        if focus is None and values.shape[-1] > 1:
            return square(_classes(values)), 1.0
        return self._picture(values)

    def _answers(self, values: Array, view: View) -> tuple[Array, float]:
        """Bytes of several networks' predictions (members, side^2, channels): their mean or their spread."""
        mean = values.mean(axis=0)
        if not view.spread:
            return self._coloured(mean, None)
        # For several classes the probability of the likeliest one; for two, -1 to 1 is twice a probability.
        likeliest = mean.argmax(axis=-1)[:, None]
        spread = np.take_along_axis(values, likeliest[None], axis=-1).std(axis=0)
        spread /= 2.0 if self._signed else 1.0
        scale = float(np.clip(np.nan_to_num(spread).max(), _LEAST_SPREAD, VAST))
        return square(to_bytes(spread / scale)), scale

    @staticmethod
    def _picture(values: Array) -> tuple[Array, float]:
        """Bytes, divided by the largest absolute value if that is above 1, and this scale."""
        scale = _peak(values, axis=None).item()
        return square(to_bytes(values / scale)), scale


def square(pixels: Array) -> Array:
    """Pixels in rows, (side, side)."""
    side = int(pixels.size**0.5)
    return pixels.reshape(side, side)


def _peak(values: Array, axis: int | None) -> Array:
    """The largest absolute value along an axis, kept as an axis of one; at least 1, and finite."""
    return np.clip(np.nan_to_num(np.abs(values)).max(axis=axis, keepdims=True), 1.0, VAST)


def _classes(probabilities: Array) -> Array:
    """Code the likeliest class, and how certain it is."""
    winner, degrees = probabilities.argmax(axis=1), certainties(probabilities.shape[1])
    chance = 1.0 / probabilities.shape[1]
    certainty = (probabilities.max(axis=1) - chance) / (1.0 - chance)
    most = degrees - 1
    return (winner * degrees + np.clip(certainty * most + 0.5, 0.0, most).astype(int)).astype(np.uint8)
