"""Divergence: the step at which training diverged, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.optimizers import OPTIMIZERS
from engine.regularization import REGULARIZERS
from engine.state import Evaluation, State
from engine.trainer import Trainer

LOWER = "Lower the learning rate and press Reset."
"""The advice where no other cause is known."""


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
    advice : str
        What to do, by the cause.
    """

    step: int
    learning_rate: float
    gradient_norm: float
    last: State
    advice: str = LOWER

    def __str__(self) -> str:
        return (
            f"Training has diverged since step {self.step:,}: learning rate {self.learning_rate:g} "
            f"with gradient norm {self.gradient_norm:.0e}. {self.advice}"
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
            return Divergence(after.step, rate, norm, state, _advice(trainer, rate))
        state = after
    return None


def _advice(trainer: Trainer, rate: float) -> str:
    """What to do about a run that diverged at a learning rate; the causes that can be told for certain come first."""
    objective = trainer.objective
    product = rate * objective.rate
    chosen = OPTIMIZERS[trainer.training.optimizer], objective.regularization
    if chosen == _EXACT and product > _LIMIT:
        return (
            f"The penalty does this: the learning rate times the rate of L2 is {product:g}, and above {_LIMIT} every "
            "step turns the weights round and makes them larger. Lower either rate and press Reset."
        )
    if trainer.batch_size == 2 and trainer.network.statistics:
        return "Batch norm divides by the spread of only two points; choose larger batches and press Reset."
    sizes = np.sqrt(np.mean(trainer.data.inputs[: trainer.data.train, :-1] ** 2, axis=0))
    largest = int(np.argmax(sizes))
    if sizes[largest] > _LARGE:
        return (
            f"The input {trainer.data.names[largest]} is large, {sizes[largest]:.3g} in size: standardise the inputs "
            "(preprocessing), or lower the learning rate, and press Reset."
        )
    return LOWER


_LIMIT = 2
"""Gradient descent multiplies a weight by 1 - product; beyond 2 that is below -1."""

_LARGE = 5.0
"""Root of the mean square above which an input counts as large; standardised ones have 1, built-in coordinates 3.5."""

_EXACT = (OPTIMIZERS["sgd"], REGULARIZERS["l2"])
"""The choices for which that limit holds exactly."""
