"""FrameComposer: from what is looked at, how far training is, and what was sent before, to what is sent next."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine import Evaluation, Trainer
from engine.landscape import LossLandscape
from engine.look import Frame, FrameRequest, LayerDetail, Unit, Viewer, plane_of
from playground.network_page.distributions import HeatMap
from playground.network_page.memory import Memory
from playground.network_page.pictures import PICTURES, Looked
from playground.network_page.progress import Progress
from playground.network_page.scene import GRID, is_strip, tile_side
from playground.network_page.sections import Section, Sections, sections
from playground.network_page.selection import TARGETS, Selection


class Detail(NamedTuple):
    """One layer, and how its distribution changed; both None where no layer is seen in detail."""

    layer_detail: LayerDetail | None
    heat_map: HeatMap | None


class Composed(NamedTuple):
    """The sections of a picture, and what is remembered once it is on its way."""

    sections: Sections
    memory: Memory


class FrameComposer:
    """Composes pictures of one trainer's network. Composing changes nothing: the same again gives the same.

    Parameters
    ----------
    trainer : Trainer
    columns : (column, column), optional
        Of data with more than two columns, those that the square shows; see ``engine.look.plane_of``.
    """

    def __init__(self, trainer: Trainer, columns: tuple[int | str, int | str] | None = None) -> None:
        self.trainer = trainer
        self.strip = is_strip(trainer.network)
        self.viewer = Viewer(trainer, GRID, tile_side(trainer.network), plane_of(trainer.data, columns))
        self._landscape = LossLandscape(trainer)

    def compose(
        self, selection: Selection, progress: Progress, memory: Memory, still: bool, fine: bool = False
    ) -> Composed:
        """One picture.

        Parameters
        ----------
        selection : Selection
            What is looked at.
        progress : Progress
            How far training is.
        memory : Memory
            What the pictures before have left behind.
        still : bool
            Whether no other picture follows soon.
        fine : bool
            Whether a large network's boundary may take longer.
        """
        memory = memory.of(self.trainer, progress.path)
        # Eyes follow bars at 20 changes a second as well as at 60, and the page keeps those before. A strip has nothing
        # else, and changes less often anyway.
        turn = (memory.turn + 1) % (2 if self.strip else 3)
        request = self._request(selection, memory.blank or still or not turn, fine)
        frame = self.viewer.look(progress.state, request, progress.evaluation, memory.frame)
        picture = PICTURES[selection.picture]
        looked = Looked(self.trainer, self.viewer.plane, self._landscape, progress, selection, memory.blank)
        own, left = picture.compose(looked, memory.pictures.get(picture.name))
        parts = sections(frame) | own
        shown = (selection.quantities, selection.log_counts)
        if shown != memory.first_shown or memory.blank:
            parts |= self._first_histograms(progress, frame, selection)
        has_histograms = frame.heights is not None
        return Composed(
            parts,
            replace(
                memory,
                blank=False,
                turn=turn,
                scale=frame.scale,
                first_shown=shown,
                pictures={**memory.pictures, picture.name: left},
                frame=frame if has_histograms else memory.frame,
                distributions=memory.distributions.after(frame) if has_histograms else memory.distributions,
            ),
        )

    def close_up(self, selection: Selection, progress: Progress, memory: Memory) -> tuple[Detail, Memory]:
        """The layer seen in detail."""
        memory, layer = memory.of(self.trainer, progress.path), self.layer_in_detail(selection.layer_detail)
        if not layer:
            return Detail(None, None), memory
        shown = self.viewer.close_up(progress.state, layer, selection.quantities[0], memory.detail)
        return Detail(shown, memory.distributions.heat_map(layer, 0)), replace(memory, detail=shown)

    def layer_in_detail(self, layer: int) -> int:
        """The layer seen in detail; 0 for none, or when the network has no such layer any more."""
        return layer if layer <= len(self.trainer.network.blocks) else 0

    def can_be_finer(self, picture: str) -> bool:
        """Whether a second picture at rest shows more than the first; ``picture`` is a key of PICTURES."""
        return PICTURES[picture].is_boundary and self.viewer.can_be_finer

    def _request(self, selection: Selection, inside: bool, fine: bool) -> FrameRequest:
        """What the engine is to look at; ``inside`` stands for the histograms."""
        focus = selection.pointed.focus
        return FrameRequest(
            view=selection.view,
            focus=Unit(focus.layer, focus.i) if TARGETS[focus.kind].has_map else None,
            quantities=selection.quantities,
            log=selection.log_counts,
            curve=selection.pointed.watched or None,
            boundary=PICTURES[selection.picture].is_boundary,
            maps=not self.strip,
            histograms=inside,
            profile=self.strip and inside,
            fine=fine,
        )

    def _first_histograms(self, progress: Progress, frame: Frame, selection: Selection) -> Sections:
        """The histograms of the run's first State, which this Frame may happen to show."""
        if progress.state is not progress.first or frame.heights is None:
            quantities, log = selection.quantities, selection.log_counts
            request = FrameRequest(quantities=quantities, log=log, boundary=False, maps=False)
            frame = self.viewer.look(progress.first, request, _UNSEEN)
        assert frame.heights is not None
        assert frame.ranges is not None, "both were asked for"
        return {Section.FIRST_HISTOGRAMS: frame.heights, Section.FIRST_STATS: frame.ranges}


_UNSEEN = Evaluation(*[np.array(np.nan)] * 5)
"""Stands in where nobody asks how good a State is."""
