"""What an update rule is, and what it may ask of the loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np

from engine.arrays import Array
from engine.optimizers.update_trace import Explain
from engine.registry import Hyperparameter

OptimizerState: TypeAlias = Any
Hyperparameters: TypeAlias = Mapping[str, Any]
Update: TypeAlias = Callable[..., tuple[Array, OptimizerState]]


class Probe(Protocol):
    """The loss on one batch, for rules that look at more than the gradient they are given.

    The arrays that a probe returns may be scratch that the next call overwrites, and so may the gradient that came
    with it: what is needed for longer must be copied.
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
        The key, and what a person reads.
    init : callable ``(params) -> optimizer_state``
        OptimizerState for (..., P) parameters: a NamedTuple of arrays, each of which begins with the parameters'
        leading axes.
    update : callable ``(gradient, optimizer_state, params, step, hyperparameters[, probe]) -> (change,
    optimizer_state)``
        Pure. ``hyperparameters`` holds ``learning_rate`` (after the schedule) and the entry's own hyperparameters:
        numbers, or arrays (..., 1) with one value per network.
    explain : callable ``(UpdateInput) -> UpdateTrace``
        What goes on inside one update (see engine.optimizers.update_trace); nothing in it warns.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from and which variant it is.
    hyperparameters : tuple of Hyperparameter
        Beside the learning rate.
    probes : bool
        Whether ``update`` takes a Probe on the same batch as its last argument.
    full_batch : bool
        Whether the rule is meant for the gradient of all training points; on mini-batches it does poorly.
    most_parameters : int or None
        Beyond which a step takes too long.
    usual_rate : float
        The learning rate to begin with.
    momentum : str
        The hyperparameter that momentum annealing drives; empty where there is none.
    """

    name: str
    label: str
    init: Callable[[Array], OptimizerState]
    update: Update
    explain: Explain
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
    return NoOptimizerState()


def no_updates(params: Array) -> Array:
    """A count of updates (..., 1) that begins at zero, for each network its own."""
    return np.zeros((*params.shape[:-1], 1))


def counted(t: Array) -> Any:
    """A count of updates for a correction: a number, which is faster, or where the networks have made different
    numbers of them, because some rested in between, the counts (..., 1)."""
    first = t.item(0)
    return first if t.size == 1 or bool((t == first).all()) else t


def epsilon(default: float) -> Hyperparameter:
    return Hyperparameter(
        "epsilon", default, 1e-12, 1.0, "Keeps the division finite at zero gradient.", "Epsilon", log=True
    )


BETA1 = Hyperparameter("beta1", 0.9, 0.0, 0.999, "Memory of the mean gradient.", "Beta 1")
BETA2 = Hyperparameter("beta2", 0.999, 0.0, 0.9999, "Memory of the mean squared gradient.", "Beta 2")
