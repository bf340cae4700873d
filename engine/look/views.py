"""Views: how the network is evaluated for the pictures of its output and its units."""

from __future__ import annotations

from dataclasses import dataclass

from engine.layers import Mode
from engine.registry import Registry

MEMBERS = 64
"""Number of networks with different masks whose predictions are compared."""


@dataclass(frozen=True, slots=True)
class View:
    """How the boundary and the unit maps are made.

    Parameters
    ----------
    name, label, doc : str
        The key, the name on the screen, and one sentence for a tooltip.
    batch : bool
        Whether batch norm uses the statistics of the training points as one batch, and not its running averages.
    masked : bool
        Whether the masks of dropout are on, the same for the whole picture.
    members : int
        Number of networks with different masks for the boundary; 0 for one network without.
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
        """The mode of the passes for the pictures."""
        return "masked" if self.masked else "evaluate"


VIEWS = Registry(
    "view",
    [
        View("evaluate", "Evaluation", "As the network is used: running averages, no masks, and the average of the"
             " parameters if there is one."),
        View("batch", "Batch statistics", "Batch norm with the present mean and spread of the training points.",
             batch=True),
        View("train", "Training", "As in training: batch statistics and masks; the masks change in every step, and are"
             " the same for the whole picture.", batch=True, masked=True),
        View("mean", f"Mean, {MEMBERS} masks", f"The mean prediction of {MEMBERS} networks with different masks"
             " (Gal and Ghahramani 2016).", members=MEMBERS),
        View("spread", f"Spread, {MEMBERS} masks", f"The standard deviation of the predictions of {MEMBERS}"
             " networks with different masks: large where the network is not sure.", members=MEMBERS, spread=True),
    ],
)  # fmt: skip
