"""The function that an optimizer minimises: a network's loss on a batch, or a toy surface."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.arrays import Array
from engine.blocks import PlacedGroup
from engine.losses import Form
from engine.network import Network
from engine.optimizers import Probe
from engine.registry import Refusal, brief, check_kind
from engine.regularization import Regularizer
from engine.surfaces import Surface
from engine.tape import Gradients, Parameters, Tape


@dataclass(frozen=True, slots=True)
class NetworkObjective:
    """Mean loss over a batch plus ``rate`` times the regularization term of the weights.

    Parameters
    ----------
    network : Network
    form : Form
        The loss, in its form for the task.
    regularization : Regularizer
    rate : float
        0 or more.
    hyperparameters : mapping of str to float
        Of the regularization.
    frozen : tuple of str or (layer, name)
        Groups of parameters that are not trained, their gradient is 0: by name in all layers, or in one of them.

    Attributes
    ----------
    trainable : (P,) array or None
        1 where parameters are trained, else 0; None if all are trained.
    """

    network: Network
    form: Form
    regularization: Regularizer
    rate: float
    hyperparameters: Mapping[str, float] = field(default_factory=dict)
    frozen: tuple[str | tuple[int, str], ...] = ()
    trainable: Array | None = field(init=False)

    def __post_init__(self) -> None:
        for name, kind in (("network", Network), ("form", Form), ("regularization", Regularizer)):
            check_kind(name, getattr(self, name), kind)
        # A frozen dataclass can set its fields only in this way.
        object.__setattr__(self, "trainable", _trainable(self.network, self.frozen))

    def trains(self, group: PlacedGroup) -> bool:
        """Whether a group of parameters is trained."""
        return self.trainable is None or bool(self.trainable[group.span].all())

    @property
    def regularized(self) -> bool:
        """Whether a regularization term is added to the loss."""
        return self.regularization.active and self.rate > 0

    def data_loss(self, tape: Tape, targets: Array) -> Array:
        """Mean loss (...) of the scores on a tape against targets (B, C)."""
        return self.form.value(tape.scores, targets)

    def regularization_loss(self, flat: Array) -> Array:
        """Rate times regularization term, (...), of parameters (..., P)."""
        if not self.regularized:
            return np.zeros(flat.shape[:-1])
        return self.rate * self.regularization.value(flat * self.network.is_weight, self.hyperparameters)

    def gradient(
        self, parameters: Parameters, inputs: Array, targets: Array, tape: Tape, gradients: Gradients
    ) -> Array:
        """Derivative (..., P) of the objective on a batch; fills ``tape`` and ``gradients`` too."""
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
        """The Probe of a batch, for a line search.

        Parameters
        ----------
        value : (...) array
            The objective at the start of the search.
        trial : Parameters
            A buffer for the parameters that are tried.
        inputs, targets : arrays
            The batch.
        tape, gradients : Tape, Gradients
            The tape keeps the masks of the step, so that they are the same for all trials.
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
        # Rows of frozen parameters are 0 and columns are not, so that half of each would be left.
        return hessian * self.trainable * self.trainable[:, None]


def _trainable(network: Network, frozen: tuple[str | tuple[int, str], ...]) -> Array | None:
    """0 in the groups that are meant, else 1, (P,); None if all parameters are trained."""
    if not frozen:
        return None
    marks = np.ones(network.size)
    for choice in frozen:
        found = [group for group in network.groups if choice in (group.name, (group.layer, group.name))]
        if not found:
            raise Refusal(
                f"frozen must name groups of this network, {', '.join(_names(network))}, or a group of one layer as "
                f"(layer, name) with a layer from 1 to {len(network.blocks)}; not {brief(choice)}."
            )
        for group in found:
            marks[group.span] = 0.0
    return marks


def _names(network: Network) -> Iterable[str]:
    """The names of its groups of parameters, each once."""
    return dict.fromkeys(group.name for group in network.groups)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A Probe (see engine.optimizers) made of functions."""

    value: Array
    at: Callable[[Array], tuple[Array, Array]]
    hessian: Callable[[Array], Array]


H = 1e-5
"""Half the distance of the differences for a Hessian; the rounding error is then about 1e-11 of the gradient."""


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
    """A toy surface, as an optimizer uses it.

    Parameters
    ----------
    surface : Surface
    tilt : (2,) array, optional
        Added to every gradient, and its product with w to the height at w: to first order, the difference between the
        loss of a mini-batch and that of all points.
    """

    surface: Surface
    tilt: Array | None = None

    def value_and_gradient(self, params: Array) -> tuple[Array, Array]:
        """Height (...) and slope (..., 2) at parameters (..., 2)."""
        value, gradient = self.surface.value_and_gradient(params)
        return (value, gradient) if self.tilt is None else (value + params @ self.tilt, gradient + self.tilt)

    def probe(self, params: Array, value: Array | None = None) -> Probe:
        """The Probe at ``params``, for a line search; ``value`` is the height there, if it is known already."""
        value = self.value_and_gradient(params)[0] if value is None else value
        return Surroundings(value, self.value_and_gradient, self.surface.hessian)
