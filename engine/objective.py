"""What is minimised: a network's loss on a batch, or a toy surface. The same optimizers serve both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.arrays import Array
from engine.losses import Form
from engine.network import Network
from engine.optimizers import Probe
from engine.registry import Refusal, brief
from engine.regularization import Regularizer
from engine.surfaces import Surface
from engine.tape import Gradients, Parameters, Tape


@dataclass(frozen=True, slots=True)
class NetworkObjective:
    """Mean loss over a batch plus ``rate`` times the penalty on the weights.

    Parameters
    ----------
    network : Network
    form : Form
        The loss, for the task at hand.
    regularization : Regularizer
    rate : float
        0 or more.
    hyperparameters : mapping of str to float
        The penalty's.
    frozen : tuple of str
        Names of groups of parameters that are not trained: the gradient is 0 there.

    Attributes
    ----------
    trainable : (P,) array or None
        1 where parameters are trained, 0 where not; None where all are.
    """

    network: Network
    form: Form
    regularization: Regularizer
    rate: float
    hyperparameters: Mapping[str, float] = field(default_factory=dict)
    frozen: tuple[str, ...] = ()
    trainable: Array | None = field(init=False)

    def __post_init__(self) -> None:
        # A frozen dataclass may still complete itself while it is made.
        object.__setattr__(self, "trainable", _trainable(self.network, self.frozen))

    @property
    def regularized(self) -> bool:
        return self.regularization.active and self.rate > 0

    def data_loss(self, tape: Tape, targets: Array) -> Array:
        """Mean loss (...) of the scores on a tape against targets (B, C)."""
        return self.form.value(tape.scores, targets)

    def regularization_loss(self, flat: Array) -> Array:
        """Rate times penalty, (...), of parameters (..., P)."""
        if not self.regularized:
            return np.zeros(flat.shape[:-1])
        return self.rate * self.regularization.value(flat * self.network.is_weight, self.hyperparameters)

    def gradient(
        self, parameters: Parameters, inputs: Array, targets: Array, tape: Tape, gradients: Gradients
    ) -> Array:
        """Derivative (..., P) of the objective on a batch; fills ``tape`` and ``gradients`` on the way."""
        self.network.forward(parameters, inputs, tape)
        self.form.gradient(tape.scores, targets, gradients.scores)
        self.network.backward(parameters, tape, gradients)
        flat = gradients.flat
        if self.regularized:
            pull = self.regularization.gradient(parameters.flat, self.hyperparameters) * self.network.is_weight
            pull *= self.rate
            flat += pull
        if self.trainable is not None:
            flat *= self.trainable
        return flat

    def value_and_gradient(
        self, parameters: Parameters, inputs: Array, targets: Array, tape: Tape, gradients: Gradients
    ) -> tuple[Array, Array]:
        """Objective (...) and its derivative (..., P) on a batch."""
        flat = self.gradient(parameters, inputs, targets, tape, gradients)
        return self.data_loss(tape, targets) + self.regularization_loss(parameters.flat), flat

    def probe(
        self, value: Array, trial: Parameters, inputs: Array, targets: Array, tape: Tape, gradients: Gradients
    ) -> Probe:
        """What a search along a line may ask of a batch.

        Parameters
        ----------
        value : (...) array
            The objective where the search starts.
        trial : Parameters
            A buffer for the places looked at.
        inputs, targets : arrays
            The batch.
        tape, gradients : Tape, Gradients
            The tape keeps the masks of the step, so all places are seen through the same ones.
        """

        def at(params: Array) -> tuple[Array, Array]:
            np.copyto(trial.flat, params)
            return self.value_and_gradient(trial, inputs, targets, tape, gradients)

        return Surroundings(value, at, lambda params: self._hessian(lambda w: at(w)[1], params))

    def _hessian(self, gradient: Callable[[Array], Array], params: Array) -> Array:
        """Second derivatives (..., P, P); 0 for what is not trained."""
        hessian = hessian_by_differences(gradient, params)
        if self.trainable is None:
            return hessian
        # Of what is frozen the rows are 0 and the columns are not, so that half of each is left: none is meant.
        return hessian * self.trainable * self.trainable[:, None]


def _trainable(network: Network, frozen: tuple[str, ...]) -> Array | None:
    """1 where the flat vector (P,) is trained and 0 in the groups of these names; None where all is trained."""
    known = dict.fromkeys(group.name for group in network.groups)
    unknown = [name for name in frozen if name not in known]
    if unknown:
        raise Refusal(f"frozen must name groups of this network, {', '.join(known)}; not {brief(unknown[0])}.")
    if not frozen:
        return None
    marks = np.ones(network.size)
    for group in network.groups:
        if group.name in frozen:
            marks[group.positions] = 0.0
    return marks


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A Probe (see engine.optimizers) made of functions."""

    value: Array
    at: Callable[[Array], tuple[Array, Array]]
    hessian: Callable[[Array], Array]


H = 1e-5
"""Half the distance of the differences that make a Hessian: rounding then costs about 1e-11 of the gradient."""


def hessian_by_differences(gradient: Callable[[Array], Array], params: Array) -> Array:
    """Second derivatives (..., P, P), symmetric, by central differences of a gradient (..., P)."""
    size = params.shape[-1]
    rows = np.empty((*params.shape, size))
    for k in range(size):
        shift = np.zeros(size)
        shift[k] = H
        rows[..., k, :] = gradient(params + shift)
        rows[..., k, :] -= gradient(params - shift)
    rows /= 2.0 * H
    return 0.5 * (rows + rows.swapaxes(-1, -2))


@dataclass(frozen=True, slots=True)
class SurfaceObjective:
    """A toy surface, seen as an optimizer sees it.

    Parameters
    ----------
    surface : Surface
    tilt : (2,) array, optional
        What is added to every gradient, and to the height at w its product with w: as a mini-batch's loss differs from
        the loss of all points, to first order.
    """

    surface: Surface
    tilt: Array | None = None

    def value_and_gradient(self, params: Array) -> tuple[Array, Array]:
        """Height (...) and slope (..., 2) at parameters (..., 2)."""
        value, gradient = self.surface.value_and_gradient(params)
        return (value, gradient) if self.tilt is None else (value + params @ self.tilt, gradient + self.tilt)

    def probe(self, params: Array, value: Array | None = None) -> Probe:
        """What a search along a line may ask; ``value`` is the height at the parameters, if it is known already."""
        value = self.value_and_gradient(params)[0] if value is None else value
        return Surroundings(value, self.value_and_gradient, self.surface.hessian)
