"""How the network is used for the pictures of its output and its units."""

from __future__ import annotations

from dataclasses import dataclass

from engine.layers import Mode
from engine.registry import Registry

MEMBERS = 64
"""Thinned networks whose answers are compared to see how sure a network is."""


@dataclass(frozen=True, slots=True)
class View:
    """How the boundary and the unit maps are made.

    Parameters
    ----------
    name, label, doc : str
        The key, what a person reads, and one sentence for a tooltip.
    batch : bool
        Whether batch norm uses the statistics of the training points as one batch, and not its running averages.
    masked : bool
        Whether the masks of dropout are on, the same for the whole picture.
    members : int
        Number of networks with masks of their own that the boundary is made of; 0 for one network.
    spread : bool
        Whether the boundary is the standard deviation over the members, and not their mean.
    """

    name: str
    label: str
    doc: str
    batch: bool = False
    masked: bool = False
    members: int = 0
    spread: bool = False

    @property
    def mode(self) -> Mode:
        """The mode of the passes that pictures are made of."""
        return "masked" if self.masked else "evaluate"


VIEWS = Registry(
    "view",
    [
        View("evaluate", "Evaluation", "As it is used: running averages, no masks, the stored average of weights if"
             " there is one."),
        View("batch", "Batch statistics", "Batch norm with mean and spread of the training points as they are now.",
             batch=True),
        View("train", "Training", "As training sees it: batch statistics, and masks on, other ones in every step, the"
             " same for the whole picture.", batch=True, masked=True),
        View("mean", f"Mean, {MEMBERS} masks", f"What {MEMBERS} networks, each with masks of its own, answer on"
             " average (Gal and Ghahramani 2016).", members=MEMBERS),
        View("spread", f"Spread, {MEMBERS} masks", f"How far the answers of {MEMBERS} networks, each with masks of"
             " its own, lie apart: where the network is not sure.", members=MEMBERS, spread=True),
    ],
)  # fmt: skip
