"""Stopping: criteria for the end of training, checked at the end of every epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Array
from engine.registry import Hyperparameter, Hyperparameters, Registry

Memory: TypeAlias = NamedTuple
Judgement: TypeAlias = tuple[Array, Memory]


class EpochSummary(NamedTuple):
    """What a criterion can use at the end of an epoch.

    params : (..., P) array
    epoch : number of completed passes through the training data
    train_loss, test_loss : (...) arrays, the mean loss on the data alone; NaN if there was no evaluation
    step : number of completed updates
    """

    params: Array
    epoch: int
    train_loss: Array
    test_loss: Array
    step: int = 0


@dataclass(frozen=True, slots=True)
class Stopping:
    """One criterion.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    active : bool
        False for the entry that never stops, so that an epoch does not call it.
    evaluates : bool
        Whether it uses the losses.
    memory : callable ``(params) -> memory``
        The memory at the start, for networks with (..., P) parameters: a NamedTuple of arrays, each of which begins
        with the leading axes.
    judge : callable ``(summary, memory, hyperparameters) -> (met, memory)``
        Pure. ``met`` (...) is True for the networks that should stop. NaN is never below a limit, so that a network
        that diverged goes on, except with criteria that count epochs.
    reason : str
        The end of the sentence that says why training stopped.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from and which variant it is.
    hyperparameters : tuple of Hyperparameter
    needs_test : bool
        Whether it looks at the test loss, and so must have test points.
    """

    name: str
    label: str
    active: bool
    evaluates: bool
    memory: Callable[[Array], Memory]
    judge: Callable[[EpochSummary, Any, Hyperparameters], Judgement]
    reason: str
    formula: str
    doc: str
    source: str
    hyperparameters: tuple[Hyperparameter, ...] = ()
    needs_test: bool = False


class Nothing(NamedTuple):
    """The memory of criteria that need none."""


class Before(NamedTuple):
    """params: the parameters (..., P) one epoch ago."""

    params: Array


class Count(NamedTuple):
    """epochs: number (...) of epochs so far."""

    epochs: Array


class Best(NamedTuple):
    """loss: the lowest test loss (...) so far; waited: epochs (...) since it was found."""

    loss: Array
    waited: Array


class Kept(NamedTuple):
    """The lowest test loss (...) so far, epochs (...) waited since, and where it was: step (...), params (..., P).

    A network whose criterion has this memory goes back there when it stops.
    """

    loss: Array
    waited: Array
    step: Array
    params: Array


def _nothing(params: Array) -> Nothing:
    return Nothing()


def _never(summary: EpochSummary, memory: Nothing, hyperparameters: Hyperparameters) -> Judgement:
    return np.zeros(summary.params.shape[:-1], dtype=bool), memory


def _here(params: Array) -> Before:
    return Before(params.copy())


def _hardly_moved(summary: EpochSummary, memory: Before, hyperparameters: Hyperparameters) -> Judgement:
    change = np.abs(summary.params - memory.params).max(axis=-1)
    return np.asarray(change < hyperparameters["goal"]), _here(summary.params)


def _on_target(summary: EpochSummary, memory: Nothing, hyperparameters: Hyperparameters) -> Judgement:
    return np.asarray(summary.train_loss <= hyperparameters["target"]), memory


def _none_yet(params: Array) -> Count:
    return Count(np.zeros(params.shape[:-1], dtype=int))


def _enough(summary: EpochSummary, memory: Count, hyperparameters: Hyperparameters) -> Judgement:
    epochs = np.asarray(memory.epochs + 1)
    return np.asarray(epochs >= hyperparameters["n"]), Count(epochs)


def _no_best(params: Array) -> Best:
    batch_shape = params.shape[:-1]
    return Best(np.full(batch_shape, np.inf), np.zeros(batch_shape, dtype=int))


def _out_of_patience(summary: EpochSummary, memory: Best, hyperparameters: Hyperparameters) -> Judgement:
    better = summary.test_loss < memory.loss - hyperparameters["margin"]
    waited = np.where(better, 0, memory.waited + 1)
    best = np.where(better, summary.test_loss, memory.loss)
    return np.asarray(waited >= hyperparameters["patience"]), Best(best, waited)


def _none_kept(params: Array) -> Kept:
    best = _no_best(params)
    return Kept(best.loss, best.waited, np.zeros(params.shape[:-1], dtype=int), params.copy())


def _out_of_patience_with_best(summary: EpochSummary, memory: Kept, hyperparameters: Hyperparameters) -> Judgement:
    met, best = _out_of_patience(summary, Best(memory.loss, memory.waited), hyperparameters)
    loss, waited = best
    found = np.asarray(waited == 0)
    step = np.where(found, summary.step, memory.step)
    return met, Kept(loss, waited, step, np.where(found[..., None], summary.params, memory.params))


def best_step(memory: Memory) -> int | None:
    """The step to which a single network that stopped went back; None if it did not."""
    return int(memory.step) if isinstance(memory, Kept) and np.isfinite(memory.loss) else None


_PATIENCE = (
    Hyperparameter(
        "patience", 20, 1, 100_000, "Number of epochs to wait without improvement.", "Patience", log=True, integer=True
    ),
    Hyperparameter("margin", 0.0, 0.0, 1.0, "An improvement must lower the best loss by more than this.", "Margin"),
)

STOPPINGS = Registry(
    "stopping",
    [
        Stopping(
            "never",
            "Never",
            False,
            False,
            _nothing,
            _never,
            "it was asked to",
            r"\text{---}",
            "Training goes on until it is paused.",
            "none",
        ),
        Stopping(
            "parameter_change",
            "Parameters at rest",
            True,
            False,
            _here,
            _hardly_moved,
            "no parameter changed by as much as the goal in an epoch",
            r"\max_i |w_i - w_i'| < \delta",
            "Stops when every parameter has changed very little in an epoch.",
            "textbook gradient descent; the largest change over a whole epoch, not over a step",
            (Hyperparameter("goal", 1e-3, 1e-12, 1.0, "A change below this counts as no change.", "Goal", log=True),),
        ),
        Stopping(
            "target_loss",
            "Target loss",
            True,
            True,
            _nothing,
            _on_target,
            "the training loss has reached the target",
            r"L_{train} \le L^*",
            "Stops when the training loss is low enough.",
            "classic; the loss on the data, without regularization",
            (Hyperparameter("target", 0.05, 0.0, 100.0, "The training loss at which to stop.", "Target", log=True),),
        ),
        Stopping(
            "epochs",
            "Epochs",
            True,
            False,
            _none_yet,
            _enough,
            "the number of epochs is reached",
            r"\text{epochs} \ge n",
            "Stops after a number of passes through the training data.",
            "classic; counted from when the criterion was chosen",
            (
                Hyperparameter(
                    "n", 100, 1, 1e6, "Number of passes through the training data.", "Epochs", log=True, integer=True
                ),
            ),
        ),
        Stopping(
            "no_improvement",
            "No improvement",
            True,
            True,
            _no_best,
            _out_of_patience,
            "the test loss has not fallen for as many epochs as patience allows",
            r"L_{test} \ge L_{best} - m \text{ for } p \text{ epochs}",
            "Early stopping: stops when the test loss no longer falls.",
            "Goodfellow et al. 2016, algorithm 7.1, with a margin; judged on the test points, because there is no "
            "third set, and without going back to the best parameters",
            _PATIENCE,
            needs_test=True,
        ),
        Stopping(
            "back_to_best",
            "No improvement, back to the best",
            True,
            True,
            _none_kept,
            _out_of_patience_with_best,
            "the test loss has not fallen for as many epochs as patience allows",
            r"L_{test} \ge L_{best} - m \text{ for } p \text{ epochs}; w \leftarrow w_{best}",
            "Early stopping that ends with the parameters of the lowest test loss, and names their step.",
            "Goodfellow et al. 2016, algorithm 7.1, with a margin; judged on the test points, because there is no "
            "third set; batch norm's averages become those of all training points with the best parameters",
            _PATIENCE,
            needs_test=True,
        ),
    ],
)
