"""What an update rule is, and what it may ask of the loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np

from engine.arrays import Array
from engine.registry import Hyperparameter

OptimizerState: TypeAlias = NamedTuple
"""What a rule remembers from one step to the next: a NamedTuple of arrays."""
Hyperparameters: TypeAlias = Mapping[str, float | Array]
"""Numbers, or arrays (..., 1) with one value for each network."""
Update: TypeAlias = Callable[..., tuple[Array, OptimizerState]]


class Probe(Protocol):
    """The loss on one batch, for rules that need more than the gradient.

    A probe may return arrays that its next call overwrites, and the gradient of the step may be such an array too: copy
    what is needed for longer.
    """

    @property
    def value(self) -> Array:
        """Loss (...) at the parameters of the step."""

    def at(self, params: Array) -> tuple[Array, Array]:
        """Loss (...) and gradient (..., P) at other parameters (..., P)."""

    def hessian(self, params: Array) -> Array:
        """Second derivatives (..., P, P), symmetric."""


@dataclass(frozen=True, slots=True)
class Optimizer:
    """One update rule.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    init : callable ``(params) -> optimizer_state``
        The optimizer state for (..., P) parameters: a NamedTuple of arrays, each of which begins with the parameters'
        leading axes.
    update : callable ``(gradient, optimizer_state, params, step, hyperparameters[, probe])``
        Returns the change of the parameters, and the optimizer state after it; pure. ``hyperparameters`` holds
        ``learning_rate`` (after the schedule) and the entry's own hyperparameters: numbers, or arrays (..., 1) with
        one value for each network.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where the rule comes from and which variant it is.
    hyperparameters : tuple of Hyperparameter
        All but the learning rate.
    probes : bool
        Whether ``update`` takes a Probe on the same batch as its last argument.
    full_batch : bool
        Whether the rule needs the gradient of all training points; with mini-batches it works poorly.
    most_parameters : int or None
        The largest network for which a step is fast enough.
    usual_rate : float
        The default learning rate.
    momentum : str
        The hyperparameter that a momentum schedule changes; empty if there is none.
    """

    name: str
    label: str
    init: Callable[[Array], OptimizerState]
    update: Update
    formula: str
    doc: str
    source: str
    hyperparameters: tuple[Hyperparameter, ...] = ()
    probes: bool = False
    full_batch: bool = False
    most_parameters: int | None = None
    usual_rate: float = 0.03
    momentum: str = ""


class NoOptimizerState(NamedTuple):
    """The rule remembers nothing."""


def no_optimizer_state(params: Array) -> NoOptimizerState:
    """The state of a rule that remembers nothing."""
    return NoOptimizerState()


def no_updates(params: Array) -> Array:
    """A count of updates (..., 1), one for each network, that begins at zero."""
    return np.zeros((*params.shape[:-1], 1))


def counted(t: Array) -> float | Array:
    """A count of updates, ready for a bias correction.

    A number if all networks have made the same number of updates, which is faster; else the counts (..., 1).
    """
    first: float = t.item(0)
    return first if t.size == 1 or bool((t == first).all()) else t


def epsilon(default: float) -> Hyperparameter:
    """The small number in a denominator."""
    return Hyperparameter(
        "epsilon",
        default,
        1e-12,
        1.0,
        "Keeps the division finite where the gradient is zero.",
        "Epsilon",
        log=True,
        minor=True,
    )
