"""The loss around the present weights, as the page shows it: when it is drawn anew, and what is sent of it."""

from __future__ import annotations

import numpy as np

from engine import DIRECTIONS, State, Trainer
from engine.landscape import LossLandscape, Plane, affordable, plane, project
from engine.parameter_history import ParameterHistory
from playground.network_page.sections import LandscapeNumbers, Section
from playground.runtime.coding import HEIGHTS

_DECADES = 4.0
"""A landscape is drawn up to so many powers of ten above its lowest point."""


class LandscapeView:
    """The landscape of one trainer's network.

    Parameters
    ----------
    trainer : Trainer
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._surveyor = LossLandscape(trainer)
        self._side, self._rows = affordable(trainer)
        self._plane: Plane | None = None
        self._chosen = ""
        self._step = 0
        self._sent = -1
        self._picture: dict[int, np.ndarray] = {}

    def forget(self) -> None:
        """Draw anew when next asked."""
        self._plane = None

    def sections(
        self, state: State, path: ParameterHistory, directions: str, every: int, blank: bool
    ) -> dict[int, np.ndarray]:
        """What is to be sent: the heights, and where on the plane training is and was.

        Parameters
        ----------
        state : State
        path : ParameterHistory
            Where training came from.
        directions : str
            Key of DIRECTIONS.
        every : int
            Steps after which the landscape is drawn anew; 0 for only when asked.
        blank : bool
            Whether the page has no path yet.
        """
        due = every > 0 and not self._step <= state.step < self._step + every
        if self._plane is None or due or directions != self._chosen:
            self._draw(state, path, directions)
        assert self._plane is not None
        here, distance = project(self._plane, state.params)
        parts = {Section.LANDSCAPE_VIEW: self._numbers(state, here, float(distance))}
        if path.version != self._sent or blank:
            self._sent = path.version
            parts[Section.PATH] = project(self._plane, path.params)[0].astype("<f4")
        return {**self._picture, **parts}

    def _draw(self, state: State, path: ParameterHistory, directions: str) -> None:
        self._plane = plane(self._trainer, state, directions, path.params, self._trainer.config.seed)
        self._chosen, self._step, self._sent = directions, state.step, -1
        losses = self._surveyor.heights(self._plane, self._side, self._rows)
        finite = losses[np.isfinite(losses)]
        low = float(max(finite.min(initial=np.inf), 1e-12)) if finite.size else 1e-12
        self._low = low
        self._high = float(min(finite.max(initial=low), low * 10.0**_DECADES)) if finite.size else low
        reach = max(np.log(self._high / low), 1e-6)
        share = np.log(np.clip(np.where(np.isfinite(losses), losses, low), low, self._high) / low) / reach
        codes = np.where(np.isfinite(losses), 1 + HEIGHTS * share, 0).astype(np.uint8)
        self._picture = {Section.HEIGHTS: codes}

    def _numbers(self, state: State, here: np.ndarray, distance: float) -> np.ndarray:
        assert self._plane is not None
        low, high, kind = self._plane.low, self._plane.high, list(DIRECTIONS).index(self._plane.kind)
        window = (low[0], high[0], low[1], high[1])
        return np.array(LandscapeNumbers(self._low, self._high, *window, *here, distance, self._step, kind), float)
