"""What an activation function is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.arrays import Array
from engine.registry import Hyperparameter

INFINITY = float("inf")


def always(low: float, high: float) -> Callable[..., tuple[float, float]]:
    """A range that no hyperparameter changes."""
    return lambda *values: (low, high)


def _one(*values: float) -> int:
    return 1


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation function, and what a picture or a check needs to know of it.

    Parameters
    ----------
    name, label : str
        The key, and the name on the screen.
    f : callable ``(z, out, *values) -> a``
        The function; ``z`` and ``out`` have the same shape, any leading axes. ``values`` are those of
        ``hyperparameters``, in their order.
    df : callable ``(z, a, out, *values) -> slope``
        The derivative with respect to ``z``, given ``a = f(z)``. ``out`` is never one of the other arrays.
    range : callable ``(*values) -> (float, float)``
        Infimum and supremum of ``f``; if the hyperparameter is learned, over all values that it can reach.
    kinks : tuple of float
        Where ``df`` (or ``f`` itself) jumps, except where a hyperparameter removes the jump; at a kink ``df`` is the
        derivative from the left.
    gain : float
        Factor on weights of variance 1/n_in that keeps the spread of the signal, with the hyperparameters at their
        defaults; initialisers use it. For unbounded functions, and for the step, from the condition of He et al. 2015,
        gain^2 E[f(z)^2] = 1 for standard normal z; 5/3 for tanh and 1 for sigmoid by convention.
    formula : str
        LaTeX.
    doc, source : str
        One sentence for a tooltip; where it comes from.
    hyperparameters : tuple of Hyperparameter
        Numbers that change the function.
    walk_gain : callable ``(width) -> float`` or None
        Gain of a random-walk initialisation for a layer of that many units; None stands for the general gain,
        exp(1 / (2 width)).
    pieces : callable ``(*values) -> int``
        Number of pre-activations of each unit. If there are several, the output is the largest of them, and ``f`` and
        ``df`` apply to that one.
    learned : callable ``(z, a, out, value) -> slope`` or None
        For a function whose only hyperparameter is learned: the derivative of ``f`` with respect to it, element by
        element. ``value`` is then (..., 1, n), one number for each unit, and the hyperparameter is the initial value.
    forward_only : bool
        True if ``df`` is zero everywhere, so that nothing before it can learn.
    """

    name: str
    label: str
    f: Callable[..., Array]
    df: Callable[..., Array]
    range: Callable[..., tuple[float, float]]
    kinks: tuple[float, ...]
    gain: float
    formula: str
    doc: str
    source: str
    hyperparameters: tuple[Hyperparameter, ...] = ()
    walk_gain: Callable[[int], float] | None = None
    pieces: Callable[..., int] = _one
    learned: Callable[..., Array] | None = None
    forward_only: bool = False
