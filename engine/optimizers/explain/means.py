"""Decaying means, which many rules keep."""

from __future__ import annotations

from engine.arrays import Array
from engine.optimizers.explain.numbers import setting, shown
from engine.optimizers.explain.update_trace import TraceLine


def mean(letter: str, share: float, m: Array, g: Array) -> tuple[Array, TraceLine]:
    """The mean gradient m after the update, and its line; ``letter`` is the hyperparameter's."""
    new = share * m + (1.0 - share) * g
    numbers = f"m ← {setting(share)} · {shown(m)} + {setting(1.0 - share)} · {shown(g)} = {shown(new)}"
    says = "The average gradient; older gradients count less and less."
    return new, TraceLine("Mean gradient", f"m ← {letter} m + (1 − {letter}) g", numbers, says)


def mean_square(letter: str, share: float, v: Array, g: Array) -> tuple[Array, TraceLine]:
    """The mean square v of the gradient after the update, and its line; ``letter`` is the hyperparameter's."""
    new = share * v + (1.0 - share) * g**2
    numbers = f"v ← {setting(share)} · {shown(v)} + {setting(1.0 - share)} · {shown(g)}² = {shown(new)}"
    says = "The average of the squared gradient; older gradients count less and less."
    return new, TraceLine("Mean square", f"v ← {letter} v + (1 − {letter}) g²", numbers, says)
