"""BFGS and L-BFGS, step by step.

The step length is what the search found; it is read off the change. Everything else is computed from the optimizer
state before the update, for L-BFGS as if it kept the whole matrix: BFGS's formula, pair by pair, not algorithm 7.4.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from engine.arrays import Array
from engine.optimizers.bfgs import InverseHessian
from engine.optimizers.explain.numbers import shown
from engine.optimizers.explain.step_length import with_step_length
from engine.optimizers.explain.update_trace import TraceLine, UpdateInput, UpdateTrace
from engine.optimizers.lbfgs import MEMORY, Pairs
from engine.optimizers.quasi_newton import LEAST_CURVATURE

_Either: TypeAlias = UpdateInput[InverseHessian] | UpdateInput[Pairs]


@np.errstate(all="ignore")
def explain_bfgs(inputs: UpdateInput[InverseHessian]) -> UpdateTrace:
    """Newest pair, direction, step length, change."""
    H, seen, pair = inputs.before.H, float(inputs.before.pairs[0]), _newest_pair(inputs)
    if pair.good:
        H = _learn(H * (1.0 if seen else pair.scale), pair)
    return _with_matrix(inputs, H, pair, int(seen) + pair.good)


@np.errstate(all="ignore")
def explain_lbfgs(inputs: UpdateInput[Pairs]) -> UpdateTrace:
    """The same as BFGS, with a matrix that is built from the pairs that are kept."""
    newest, before = _newest_pair(inputs), inputs.before
    kept = [_Pair(s, y, s @ y) for s, y in zip(before.S, before.Y, strict=True) if s @ y]
    pairs = [*kept, newest][-MEMORY:] if newest.good else kept
    H = np.eye(inputs.params.size) * (pairs[-1].scale if pairs else 1.0)
    for pair in pairs:
        H = _learn(H, pair)
    return _with_matrix(inputs, H, newest, len(pairs))


class _Pair(NamedTuple):
    """s, y: change of the parameters, and of the gradient along it, (P,); curvature: s'y; good: whether H learns it."""

    s: Array
    y: Array
    curvature: float
    good: bool = True
    numbers: str = ""
    says: str = ""

    @property
    def scale(self) -> float:
        """``s'y / y'y``, an inverse curvature."""
        return float(self.curvature / (self.y @ self.y))


def _newest_pair(inputs: _Either) -> _Pair:
    s, y = inputs.params - inputs.before.w, inputs.gradient - inputs.before.g
    curvature, size = float(s @ y), float(np.sqrt(s @ s) * np.sqrt(y @ y))
    if not inputs.before.t[0]:
        return _Pair(s, y, curvature, False, "none yet", "Curvature shows only between two points.")
    least = LEAST_CURVATURE * (size if inputs.hyperparameters["line_search"] else 1.0)
    good = bool(curvature > least and np.isfinite(size))
    says = "How the gradient changed along the last step." if good else "Left out: it shows no positive curvature."
    return _Pair(s, y, curvature, good, f"s = {shown(s)}, y = {shown(y)}, sᵀy = {shown(curvature)}", says)


def _learn(H: Array, pair: _Pair) -> Array:
    """BFGS's formula, as it is written in the papers."""
    s, y, curvature = pair.s, pair.y, pair.curvature
    left = np.eye(s.size) - np.outer(s, y) / curvature
    return left @ H @ left.T + np.outer(s, s) / curvature


def _with_matrix(inputs: _Either, H: Array, newest: _Pair, learned: int) -> UpdateTrace:
    """Both rules, once they have their matrix, which has ``learned`` from that many pairs."""
    g, eta = inputs.gradient, inputs.hyperparameters["learning_rate"]
    pair = TraceLine("Newest pair", "s = w − w₋₁, y = g − g₋₁", f"{newest.numbers}, pairs: {learned}", newest.says)
    d = -H @ g
    down = bool(d @ g < 0.0)
    d, direction = _direction(g, H, d, bool(learned)) if down else _steepest_descent(g)
    first = eta if down and inputs.before.t[0] else eta / max(float(np.abs(g).sum()), 1.0)
    return with_step_length(inputs, d, first, pair, direction, model=_inverse(H) if down and learned else None)


def _direction(g: Array, H: Array, d: Array, learned: bool) -> tuple[Array, TraceLine]:
    numbers = f"d = −{shown(H)} {shown(g)} = {shown(d)}"
    lowest = "Points to the lowest point of the parabola that H describes."
    says = lowest if learned else "Straight down the gradient, because nothing is known of the curvature yet."
    return d, TraceLine("Direction", "d = −H g", numbers, says, "state", d)


def _steepest_descent(g: Array) -> tuple[Array, TraceLine]:
    says = "Straight down the gradient, because −H g does not lead down."
    return -g, TraceLine("Direction", "d = −g", f"d = {shown(-g)}", says, "state", -g)


def _inverse(H: Array) -> Array | None:
    """The matrix B whose inverse is H; None if there is none."""
    try:
        B = np.linalg.inv(H)
    except np.linalg.LinAlgError:
        return None
    return 0.5 * (B + B.T) if np.isfinite(B).all() else None


EXPLANATIONS = {"bfgs": explain_bfgs, "lbfgs": explain_lbfgs}
