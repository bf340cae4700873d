"""Progress: how far the training of a network has come, as its viewers see it."""

from __future__ import annotations

from typing import NamedTuple

from engine import Evaluation, State
from engine.parameter_history import ParameterHistory


class Progress(NamedTuple):
    """A run as it is now.

    first : State, where it began; a trainer that has been exchanged since has adopted it
    state : State
    evaluation : Evaluation, what ``Trainer.evaluate`` says of ``state``
    path : ParameterHistory, the parameters on the way; another run has another one
    """

    first: State
    state: State
    evaluation: Evaluation
    path: ParameterHistory
