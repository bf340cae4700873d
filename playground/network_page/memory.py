"""Memory: what pictures that were sent have left behind, so that the next one can follow on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine import Trainer
from engine.look import Frame, LayerDetail
from engine.parameter_history import ParameterHistory
from playground.network_page.distributions import Distributions


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """A value: composing a picture gives another one, which counts once the picture is on its way.

    Parameters
    ----------
    blank : bool
        Whether the page has nothing yet that it could keep.
    trainer, path : Trainer, ParameterHistory
        Whose pictures these were, and of which run.
    turn : int
        Counts pictures, of which not all have histograms.
    scale : float
        What the last boundary's brightest byte stands for.
    frame : Frame or None
        The last one with histograms: the next ones keep their edges as long as they fit.
    first_shown : tuple or None
        Of what the histograms of the first State have been sent.
    pictures : mapping
        What the large pictures need to follow on, by name.
    detail : LayerDetail or None
        The layer seen in detail the last time.
    distributions : Distributions
        The histograms shown on the way.
    """

    blank: bool = True
    trainer: Trainer | None = None
    path: ParameterHistory | None = None
    turn: int = 0
    scale: float = 1.0
    frame: Frame | None = None
    first_shown: tuple[tuple[str, str], bool] | None = None
    pictures: Mapping[str, object] = field(default_factory=dict)
    detail: LayerDetail | None = None
    distributions: Distributions = field(default_factory=Distributions)

    def of(self, trainer: Trainer, path: ParameterHistory) -> Memory:
        """What of it still holds: the record in the same run, nothing of the pictures with another trainer."""
        same_trainer, same_run = trainer is self.trainer, path is self.path
        if same_trainer and same_run:
            return self
        kept = Memory(self.blank, trainer, path)
        if same_trainer or same_run:
            kept = replace(kept, turn=self.turn, detail=self.detail)
        return replace(kept, distributions=self.distributions) if same_run else kept
