"""The large pictures at the right: one entry for each, with all that Python knows of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from engine import Registry, Trainer
from engine import hidden_space as hidden
from engine.landscape import LossLandscape
from engine.look import DataPlane
from playground.network_page import landscape_view
from playground.network_page.landscape_view import LandscapeView
from playground.network_page.progress import Progress
from playground.network_page.sections import Section, Sections
from playground.network_page.selection import Selection
from playground.runtime.options import Option

M = TypeVar("M")


class Looked(NamedTuple):
    """What a large picture is composed of; ``blank`` as in Memory."""

    trainer: Trainer
    plane: DataPlane
    landscape: LossLandscape
    progress: Progress
    selection: Selection
    blank: bool


@dataclass(frozen=True, slots=True)
class Picture(Generic[M]):
    """One thing that the large picture can be.

    Parameters
    ----------
    name, label, doc : str
        The key; what a person reads; one sentence for a tooltip.
    sections : tuple of Section
        What the page must have before it can paint it.
    compose : callable ``(looked, before) -> (sections, memory)``
        Its own sections; ``before`` is the memory that it left the last time, None the first time. It is a value.
    is_boundary : bool
        Whether it is the prediction over the square, which the engine draws with the rest of a Frame, and which may
        be finer at rest.
    """

    name: str
    label: str
    doc: str
    sections: tuple[Section, ...]
    compose: Callable[[Looked, M | None], tuple[Sections, M | None]]
    is_boundary: bool = False


@dataclass(frozen=True, slots=True)
class Axes(Option):
    """One choice of the axes of a hidden space: two chosen units, or else the principal axes."""

    of_units: bool = False


AXES = Registry(
    "axes",
    [
        Axes("principal", "Principal axes", "The two directions in which the layer's outputs vary most."),
        Axes("units", "Two units", "The outputs of two units of the layer.", of_units=True),
    ],
)


def _output(looked: Looked, before: None) -> tuple[Sections, None]:
    return {}, None


def _hidden_space(looked: Looked, before: hidden.HiddenSpace | None) -> tuple[Sections, hidden.HiddenSpace]:
    trainer, selection = looked.trainer, looked.selection
    layer, units = shown_units(trainer, selection.hidden_layer, selection.hidden_units)
    chosen = units if AXES[selection.hidden_axes].of_units else None
    space = hidden.look(trainer, looked.progress.state, layer, chosen, before, plane=looked.plane)
    line = np.zeros((0, 3), "<f4") if space.line is None else space.line.astype("<f4")
    return {Section.MESH: space.mesh, Section.HIDDEN_POINTS: space.points, Section.LINE: line}, space


def shown_units(trainer: Trainer, layer: int, units: Sequence[int]) -> tuple[int, tuple[int, int]]:
    """The layer that is shown, and two of its units, from 0.

    The network may not have the layer that was chosen, and the layer may have only one of the chosen ``units``, which
    count from 1; then the nearest ones are shown.
    """
    widths = (trainer.network.inputs, *(block.units for block in trainer.network.blocks[:-1]))
    layer = min(layer, len(widths) - 1)
    first, second = (min(unit, widths[layer]) - 1 for unit in units)
    return layer, (first, (first + 1) % widths[layer] if first == second else second)


def _landscape(looked: Looked, before: LandscapeView | None) -> tuple[Sections, LandscapeView]:
    return landscape_view.look(looked.landscape, looked.progress, looked.selection, looked.blank, before)


PICTURES: Registry[Picture[Any]] = Registry(
    "picture",
    [
        Picture("output", "Output", "The network's answer for every point of the plane.",
                (Section.BOUNDARY,), _output, is_boundary=True),
        Picture("hidden", "Hidden space",
                "Where a layer puts the points, and how it bends the square they come from.",
                (Section.MESH, Section.HIDDEN_POINTS, Section.LINE), _hidden_space),
        Picture("landscape", "Loss landscape",
                "The training loss on a plane through the present weights, with the path that led there.",
                (Section.HEIGHTS, Section.LANDSCAPE_VIEW, Section.PATH), _landscape),
    ],
)  # fmt: skip
