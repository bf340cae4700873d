"""Divergence: the step at which training diverged, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.state import Evaluation, State
from engine.trainer import Trainer


@dataclass(frozen=True, slots=True, eq=False)
class Divergence:
    """The step at which a run diverged.

    Attributes
    ----------
    step : int
        The first step after which parameters or loss are not within bounds.
    learning_rate, gradient_norm : float
        Learning rate, and norm of the gradient, of that step.
    last : State
        The last good State, before that step.
    """

    step: int
    learning_rate: float
    gradient_norm: float
    last: State

    def __str__(self) -> str:
        return (
            f"Training has diverged since step {self.step:,}: learning rate {self.learning_rate:g} "
            f"with gradient norm {self.gradient_norm:.0e}. Lower the learning rate, or press Reset."
        )


LOST = 1e12
"""A training loss above this counts as diverged; pictures, in float32, would soon overflow."""


def is_sound(state: State, evaluation: Evaluation) -> bool:
    """Whether parameters are finite and the training loss is a number within bounds."""
    return state.finite and bool((np.abs(evaluation.train_loss) < LOST).all())


def find(trainer: Trainer, before: State, steps: int) -> Divergence | None:
    """Repeat ``steps`` steps from a good State and return where they diverged; None if they did not.

    Training gives the same bits again, so that the step is the same.
    """
    state = before
    for _ in range(steps):
        after = trainer.step(state)
        if not is_sound(after, trainer.evaluate(after)):
            _, gradients = trainer.inspect(state)
            with np.errstate(over="ignore"):
                norm = float(np.linalg.norm(np.nan_to_num(gradients.flat, posinf=1e300, neginf=-1e300)))
            factor = trainer.schedule.factor(state.step, trainer.training.schedule_params)
            rate = float(np.max(trainer.training.learning_rate)) * factor
            return Divergence(after.step, rate, norm, state)
        state = after
    return None
