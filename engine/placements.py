"""Where in a layer batch normalisation comes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.registry import Refusal, Registry, brief


@dataclass(frozen=True, slots=True)
class Placement:
    """One position of batch norm, or none.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    plain : bool or str
        Its value in a Config: False, True, or the name.
    before, after : bool
        Whether batch norm comes directly before, or directly after, the activation.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from.
    """

    name: str
    label: str
    plain: bool | str
    before: bool
    after: bool
    formula: str
    doc: str
    source: str

    @property
    def active(self) -> bool:
        """Whether there is batch norm at all."""
        return self.before or self.after


PLACEMENTS = Registry(
    "batch norm",
    [
        Placement("off", "off", False, False, False, r"a = f(x W + b)", "No normalisation.", "none"),
        Placement(
            "before", "before", True, True, False,
            r"a = f(\gamma \hat z + \beta),\ \hat z = \frac{z - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}},\ z = x W",
            "Each pre-activation gets mean 0 and variance 1 over the batch, then a learned scale and shift; no bias.",
            "Ioffe and Szegedy 2015; epsilon 1e-5, running averages with a rate of 0.1, their variance unbiased "
            "(PyTorch's)",
        ),
        Placement(
            "after", "after", "after", False, True,
            r"y = \gamma \hat a + \beta,\ \hat a = \frac{a - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}},\ a = f(x W + b)",
            "Each unit's output gets mean 0 and variance 1 over the batch, then a learned scale and shift.",
            "a common variant; all else is the same as before the activation",
        ),
    ],
)  # fmt: skip


def placed(value: object) -> Placement:
    """The entry that a choice stands for: its key, or True for "before" and False for "off".

    Raises
    ------
    ValueError
        For anything else.
    """
    if isinstance(value, (bool, np.bool_)):
        return PLACEMENTS["before" if value else "off"]
    if not isinstance(value, str) or value not in PLACEMENTS:
        raise Refusal(f"batch_norm must be True, False or one of {', '.join(PLACEMENTS)}; not {brief(value)}.")
    return PLACEMENTS[value]
