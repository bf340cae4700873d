"""What is minimised: a network's loss on a batch, or a toy surface. The same optimizers serve both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.losses import Form
from engine.network import Gradients, Network, Parameters, Tape
from engine.penalties import Penalty
from engine.surfaces import Surface


@dataclass(frozen=True, slots=True)
class NetworkObjective:
    """Mean loss over a batch plus ``rate`` times the penalty on the weights.

    Parameters
    ----------
    network : Network
    form : Form
        The loss, for the task at hand.
    penalty : Penalty
    rate : float
        0 or more.
    """

    network: Network
    form: Form
    penalty: Penalty
    rate: float

    @property
    def penalised(self) -> bool:
        return self.penalty.active and self.rate > 0

    def data_loss(self, tape: Tape, targets: Array) -> Array:
        """Mean loss (...) of the scores on a tape against targets (B, C)."""
        return self.form.value(tape.scores, targets)

    def penalty_loss(self, flat: Array) -> Array:
        """Rate times penalty, (...), of parameters (..., P)."""
        if not self.penalised:
            return np.zeros(flat.shape[:-1])
        return self.rate * self.penalty.value(flat * self.network.is_weight)

    def gradient(
        self, parameters: Parameters, inputs: Array, targets: Array, tape: Tape, gradients: Gradients
    ) -> Array:
        """Derivative (..., P) of the objective on a batch; fills ``tape`` and ``gradients`` on the way."""
        self.network.forward(parameters, inputs, tape)
        self.form.gradient(tape.scores, targets, gradients.scores)
        self.network.backward(parameters, tape, gradients)
        flat = gradients.flat
        if self.penalised:
            pull = self.penalty.gradient(parameters.flat) * self.network.is_weight
            pull *= self.rate
            flat += pull
        return flat

    def value_and_gradient(
        self, parameters: Parameters, inputs: Array, targets: Array, tape: Tape, gradients: Gradients
    ) -> tuple[Array, Array]:
        """Objective (...) and its derivative (..., P) on a batch."""
        flat = self.gradient(parameters, inputs, targets, tape, gradients)
        return self.data_loss(tape, targets) + self.penalty_loss(parameters.flat), flat


@dataclass(frozen=True, slots=True)
class SurfaceObjective:
    """A toy surface, seen as an optimizer sees it."""

    surface: Surface

    def value_and_gradient(self, params: Array) -> tuple[Array, Array]:
        """Height (...) and slope (..., 2) at parameters (..., 2)."""
        return self.surface.f(params), self.surface.gradient(params)
