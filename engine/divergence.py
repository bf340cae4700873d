"""Where and why training ran away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.state import Evaluation, State
from engine.trainer import Trainer


@dataclass(frozen=True, slots=True, eq=False)
class Divergence:
    """The step that broke a run.

    Attributes
    ----------
    step : int
        The first step after which parameters or loss are beyond all bounds.
    learning_rate, gradient_norm : float
        What that step was made of.
    last : State
        The State before it, the last good one.
    """

    step: int
    learning_rate: float
    gradient_norm: float
    last: State

    def __str__(self) -> str:
        return (
            f"The loss runs away to infinity since step {self.step:,}: learning rate {self.learning_rate:g} "
            f"with gradient norm {self.gradient_norm:.0e}. Lower the rate, or press Reset."
        )


LOST = 1e12
"""A training loss above this is on its way to infinity; pictures, in float32, would not survive the rest of it."""


def is_sound(state: State, evaluation: Evaluation) -> bool:
    """Whether parameters are finite and the training loss is a number within bounds."""
    return state.finite and bool((np.abs(evaluation.train_loss) < LOST).all())


def find(trainer: Trainer, before: State, steps: int) -> Divergence | None:
    """Replay ``steps`` steps from a sound State and return where they broke; None if they did not.

    Training is repeatable to the bit, so the replay meets the same step.
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
