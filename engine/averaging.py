"""Averages of the parameters over the steps; evaluation uses the average in place of the parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.arrays import Array
from engine.registry import Hyperparameter, Hyperparameters, Registry


@dataclass(frozen=True, slots=True)
class Averaging:
    """One kind of average.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    active : bool
        False for the entry that averages nothing, so that a step does not call it.
    due : callable ``(step, hyperparameters) -> bool``
        Whether the parameters after ``step`` updates enter the average.
    update : callable ``(mean, params, count, hyperparameters) -> (..., P) array``
        The new average, a new array. ``mean`` is the average of ``count`` sets of parameters; if 0, it is not read.
    formula, doc, source : str
        LaTeX; one sentence for a tooltip; where it comes from and which variant it is.
    hyperparameters : tuple of Hyperparameter
    """

    name: str
    label: str
    active: bool
    due: Callable[[int, Hyperparameters], bool]
    update: Callable[[Array, Array, int, Hyperparameters], Array]
    formula: str
    doc: str
    source: str
    hyperparameters: tuple[Hyperparameter, ...] = ()


def _not_at_all(step: int, hyperparameters: Hyperparameters) -> bool:
    return False


def _now_and_then(step: int, hyperparameters: Hyperparameters) -> bool:
    return step % hyperparameters["every"] == 0


def _always(step: int, hyperparameters: Hyperparameters) -> bool:
    return True


def _as_it_is(mean: Array, params: Array, count: int, hyperparameters: Hyperparameters) -> Array:
    return params.copy()


def _equal_shares(mean: Array, params: Array, count: int, hyperparameters: Hyperparameters) -> Array:
    return mean + (params - mean) / (count + 1) if count else params.copy()


def _fading_shares(mean: Array, params: Array, count: int, hyperparameters: Hyperparameters) -> Array:
    return mean + (params - mean) * (1.0 - hyperparameters["decay"]) if count else params.copy()


AVERAGINGS = Registry(
    "averaging",
    [
        Averaging("none", "None", False, _not_at_all, _as_it_is, r"w_t", "The parameters themselves.", "none"),
        Averaging(
            "checkpoints", "Of checkpoints", True, _now_and_then, _equal_shares,
            r"\bar w \leftarrow \bar w + \frac{w_t - \bar w}{n + 1}",
            "The mean of parameters stored during training; the loss is often flatter there than at any of them.",
            "Polyak and Juditsky 1992; Izmailov et al. 2018 (stochastic weight averaging), from the first checkpoint "
            "on and with any schedule",
            (Hyperparameter("every", 100, 1, 1e6, "Steps between two checkpoints.", "Every", log=True, integer=True),),
        ),
        Averaging(
            "exponential", "Running", True, _always, _fading_shares,
            r"\bar w \leftarrow d \bar w + (1 - d) w_t",
            "A running mean that slowly forgets old parameters, and so follows training more smoothly.",
            "as in PyTorch's AveragedModel: the first parameters are copied, so that no bias correction is needed",
            (Hyperparameter("decay", 0.99, 0.0, 0.9999, "Share of the average that is kept at each step.", "Decay"),),
        ),
    ],
)  # fmt: skip
