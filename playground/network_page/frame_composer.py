"""The lens: what is looked at of one network in training, and what must be remembered to show it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from engine import Evaluation, State, Trainer
from engine import hidden_space as hidden
from engine.look import Frame, FrameRequest, LayerDetail, Unit, Viewer
from engine.parameter_history import ParameterHistory
from engine.registry import Refusal, brief
from playground.network_page.distributions import Distributions, HeatMap
from playground.network_page.landscape_view import LandscapeView
from playground.network_page.scene import GRID, is_strip, tile_side
from playground.network_page.sections import KINDS, Focus, Section, sections
from playground.network_page.settings import Settings

NOTHING = ("none", 0, 0, 0)

Parts = dict[int, np.ndarray]


class Detail(NamedTuple):
    """One layer, and how its distribution changed; both None where no layer is seen in detail."""

    layer_detail: LayerDetail | None
    heat_map: HeatMap | None


class FrameComposer:
    """Looks at the States of one run as the settings say.

    Parameters
    ----------
    settings : Settings
    trainer : Trainer

    Attributes
    ----------
    scale : float
        What the last boundary's brightest byte stands for.
    """

    def __init__(self, settings: Settings, trainer: Trainer) -> None:
        self._display = settings.display
        self._focus, self._watched = NOTHING, 0
        self._asked, self._turn = False, 0
        self._path = ParameterHistory()
        self._first: State | None = None
        self._seen: LayerDetail | None = None
        self.distributions = Distributions()
        self.fit(trainer)

    def fit(self, trainer: Trainer) -> None:
        """Look at the States of another trainer of the same network."""
        self.trainer = trainer
        if self._first is not None:
            # It may be looked at again, and must then have what this trainer's optimizer remembers.
            self._first = trainer.adopt(self._first)
        self.strip = is_strip(trainer.network)
        self.viewer = Viewer(trainer, GRID, tile_side(trainer.network))
        self._forget()

    def begin(self, state: State) -> None:
        """A run begins, or begins anew, at this State."""
        self._first = state
        self._path.clear()
        self._path.record(state)
        self.distributions.clear()
        self._forget()

    def pass_by(self, state: State) -> None:
        """A State on the way: remember the place; nothing is computed."""
        self._path.record(state)

    def _forget(self) -> None:
        """What was remembered of the pictures before."""
        self.scale = 1.0
        self._landscape_view: LandscapeView | None = None
        self._space: hidden.HiddenSpace | None = None
        self._frame: Frame | None = None
        self._first_shown: tuple[str, str, bool] | None = None

    # What somebody points at

    def watch(self, layer: int) -> None:
        """Look at the activation of a hidden layer, from 1, in detail; 0 for none.

        Raises
        ------
        ValueError
            When there is no such layer.
        """
        count = len(self.trainer.config.hidden)
        if not 0 <= layer <= count:
            raise Refusal(f"There are {count} hidden layers; not layer {layer}.")
        self._watched = layer

    def focus(self, kind: str, layer: int, i: int, j: int) -> None:
        """Choose what is looked at closely.

        Raises
        ------
        ValueError
            When there is no such thing in this network.
        """
        if kind not in KINDS:
            raise Refusal(f"kind must be one of {', '.join(KINDS)}; not {brief(kind)}.")
        if kind == "unit" and layer == 0 and not 0 <= i < self.trainer.network.inputs:
            raise Refusal(f"There are {self.trainer.network.inputs} inputs; not input {i}.")
        if kind in ("link", "bias") or (kind == "unit" and layer != 0):
            self.position(kind, layer, i, j)
        self._focus = NOTHING if kind == "none" else (kind, layer, i, j)

    def position(self, kind: str, layer: int, i: int, j: int) -> np.ndarray:
        """Indices in the flat parameter vector of a link's weight, or else of a unit's bias."""
        network = self.trainer.network
        return network.weight_position(layer, i, j) if kind == "link" else network.bias_position(layer, i)

    def redraw_landscape(self) -> None:
        """Draw the loss landscape anew with the next picture."""
        self._asked = True

    # What is sent

    def parts(self, state: State, evaluation: Evaluation, blank: bool, still: bool, fine: bool = False) -> Parts:
        """The sections of one picture.

        Parameters
        ----------
        state : State
        evaluation : Evaluation
            What ``Trainer.evaluate`` says of it.
        blank : bool
            Whether the page has nothing yet that it could keep.
        still : bool
            Whether no other picture follows soon.
        fine : bool
            Whether a large network's boundary may take longer.
        """
        display = self._display
        frame = self.viewer.look(state, self._wish(blank or still, fine), evaluation, self._frame)
        if frame.heights is not None:
            self._frame = frame
            self.distributions.record(frame)
        self.scale = frame.scale
        parts = sections(frame)
        if display.picture == "hidden":
            parts |= self._hidden_space(state)
        elif display.picture == "landscape":
            parts |= self._landscape(state, blank)
        return parts | self._first_histograms(state, frame, blank)

    def focused(self, state: State) -> np.ndarray:
        """What is looked at closely: code of its kind, layer, i, j, and its exact weight or bias (NaN for an input)."""
        kind, layer, i, j = self._focus
        value = math.nan
        if layer > 0:
            value = float(state.params[self.position(kind, layer, i, j)].mean())
        return np.array(Focus(KINDS.index(kind), layer, i, j, value), float)

    def close_up(self, state: State) -> Detail:
        """The layer seen in detail; see ``layer_detail``."""
        if not self.layer_detail:
            return Detail(None, None)
        shown = self._seen = self.viewer.close_up(state, self.layer_detail, self._display.upper, self._seen)
        return Detail(shown, self.distributions.heat_map(self.layer_detail, 0))

    @property
    def layer_detail(self) -> int:
        """The layer seen in detail; 0 for none, or when the network has no such layer any more."""
        layer = int(self._display.layer_detail)
        return layer if layer <= len(self.trainer.network.blocks) else 0

    @property
    def can_be_finer(self) -> bool:
        """Whether a second picture at rest shows more than the first."""
        return self._display.picture == "output" and self.viewer.can_be_finer

    def _wish(self, inside: bool, fine: bool) -> FrameRequest:
        display, (kind, layer, i, _) = self._display, self._focus
        # Eyes follow bars at 20 changes a second as well as at 60, and the page keeps those before. A strip has nothing
        # else, and changes less often anyway.
        self._turn = (self._turn + 1) % (2 if self.strip else 3)
        return FrameRequest(
            view=display.view,
            focus=Unit(layer, i) if kind == "unit" else None,
            quantities=(display.upper, display.lower),
            log=display.log_counts,
            curve=self._watched or None,
            boundary=display.picture == "output",
            maps=not self.strip,
            histograms=inside or not self._turn,
            profile=self.strip and (inside or not self._turn),
            fine=fine,
        )

    def _first_histograms(self, state: State, frame: Frame, blank: bool) -> Parts:
        """The histograms of the run's first State, when the page cannot have them."""
        display = self._display
        shown = (display.upper, display.lower, display.log_counts)
        if shown == self._first_shown and not blank:
            return {}
        assert self._first is not None, "a run has begun"
        self._first_shown = shown
        if state is not self._first or frame.heights is None:
            request = FrameRequest(quantities=shown[:2], log=shown[2], boundary=False, maps=False)
            frame = self.viewer.look(self._first, request, _UNSEEN)
        return {Section.FIRST_HISTOGRAMS: frame.heights, Section.FIRST_STATS: frame.ranges}

    def _hidden_space(self, state: State) -> Parts:
        display, config = self._display, self.trainer.config
        layer = min(int(display.hidden_layer), len(config.hidden))
        width = config.hidden[layer - 1] if layer else self.trainer.network.inputs
        first, second = (min(int(unit), width) - 1 for unit in display.hidden_units)
        if first == second:
            # A narrower layer may have only one of the two; the same rule stands in picture_controls.js.
            second = (first + 1) % width
        chosen = (first, second) if display.hidden_axes == "units" else None
        space = self._space = hidden.look(self.trainer, state, layer, chosen, self._space)
        line = np.zeros((0, 3), "<f4") if space.line is None else space.line.astype("<f4")
        return {Section.MESH: space.mesh, Section.PLACES: space.points, Section.LINE: line}

    def _landscape(self, state: State, blank: bool) -> Parts:
        display = self._display
        if self._landscape_view is None:
            self._landscape_view = LandscapeView(self.trainer)
        if self._asked:
            self._landscape_view.forget()
            self._asked = False
        return self._landscape_view.sections(state, self._path, display.directions, int(display.landscape_every), blank)


_UNSEEN = Evaluation(*[np.array(np.nan)] * 5)
"""Stands in where nobody asks how good a State is."""
