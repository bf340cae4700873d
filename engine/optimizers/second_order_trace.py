"""What goes on inside one update of Newton's method, BFGS and L-BFGS.

The length of a step is what the search found; it is read off the change. All else is worked out from the optimizer
state before the update, L-BFGS as if it kept the whole matrix: BFGS's formula, pair by pair, in place of algorithm 7.4.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.line_search import C1, C2
from engine.optimizers.pairs import LEAST_CURVATURE, MEMORY
from engine.optimizers.update_trace import (
    Overlay,
    TraceLine,
    UpdateInput,
    UpdateTrace,
    changed,
    setting,
    shown,
    update_trace,
)


@np.errstate(all="ignore")
def explain_newton(given: UpdateInput) -> UpdateTrace:
    """Without the Hessian only the change is known, as the rule made it."""
    g, hessian, damping = given.gradient, given.hessian, given.hyperparameters["damping"]
    if hessian is None:
        step = changed(
            "−t Q max(|Λ|, λ)⁻¹ Qᵀ g", "t d", "To the lowest point of the parabola, or part of it.",
            given.change,
        )  # fmt: skip
        return update_trace(given, given.change, step)
    usable = bool(np.isfinite(hessian).all())
    eigenvalues, Q = np.linalg.eigh(hessian if usable else np.eye(g.size))
    bends = np.maximum(np.abs(eigenvalues), damping)
    curvature = TraceLine(
        "Curvature", "∇²f = Q Λ Qᵀ, B = Q max(|Λ|, λ) Qᵀ",
        f"∇²f = {shown(hessian)}, Λ = {shown(eigenvalues)}, max(|Λ|, {setting(damping)}) = {shown(bends)}",
        "A parabola is fitted to the loss, turned to open upwards along every axis." if usable
        else "The Hessian is not finite, and the identity takes its place.",
    )  # fmt: skip
    d = -sum(q * (q @ g) / bend for q, bend in zip(Q.T, bends, strict=True))
    direction = TraceLine(
        "Direction", "d = −Q max(|Λ|, λ)⁻¹ Qᵀ g", f"d = −Q {shown(1.0 / bends)} Qᵀ {shown(g)} = {shown(d)}",
        "Leads to the lowest point of the parabola.", "state", d,
    )  # fmt: skip
    return _walked(given, d, given.hyperparameters["learning_rate"], curvature, direction, model=(Q * bends) @ Q.T)


@np.errstate(all="ignore")
def explain_bfgs(given: UpdateInput) -> UpdateTrace:
    H, seen, pair = given.before.H, float(given.before.pairs[0]), _newest_pair(given)
    if pair.good:
        H = _learn(H * (1.0 if seen else pair.scale), pair)
    return _explained(given, H, pair, int(seen) + pair.good)


@np.errstate(all="ignore")
def explain_lbfgs(given: UpdateInput) -> UpdateTrace:
    newest, before = _newest_pair(given), given.before
    kept = [_Pair(s, y, s @ y) for s, y in zip(before.S, before.Y, strict=True) if s @ y]
    pairs = [*kept, newest][-MEMORY:] if newest.good else kept
    H = np.eye(given.params.size) * (pairs[-1].scale if pairs else 1.0)
    for pair in pairs:
        H = _learn(H, pair)
    return _explained(given, H, newest, len(pairs))


class _Pair(NamedTuple):
    """s, y: a way and the change of the gradient along it, (P,); curvature: s'y."""

    s: Array
    y: Array
    curvature: float
    good: bool = True
    numbers: str = ""
    says: str = ""

    @property
    def scale(self) -> float:
        """s'y / y'y, an inverse curvature."""
        return float(self.curvature / (self.y @ self.y))


def _newest_pair(given: UpdateInput) -> _Pair:
    s, y = given.params - given.before.w, given.gradient - given.before.g
    curvature, size = float(s @ y), float(np.sqrt(s @ s) * np.sqrt(y @ y))
    if not given.before.t[0]:
        return _Pair(s, y, curvature, False, "none yet", "It takes two points to see a bend.")
    least = LEAST_CURVATURE * (size if given.hyperparameters["line_search"] else 1.0)
    good = bool(curvature > least and np.isfinite(size))
    says = "How the slope changed along the last step." if good else "Left out, for it shows no upward bend."
    return _Pair(s, y, curvature, good, f"s = {shown(s)}, y = {shown(y)}, sᵀy = {shown(curvature)}", says)


def _learn(H: Array, pair: _Pair) -> Array:
    """BFGS's formula, as it is written."""
    s, y, curvature = pair.s, pair.y, pair.curvature
    left = np.eye(s.size) - np.outer(s, y) / curvature
    return left @ H @ left.T + np.outer(s, s) / curvature


def _explained(given: UpdateInput, H: Array, newest: _Pair, learned: int) -> UpdateTrace:
    """BFGS and L-BFGS, once they have their matrix, which has ``learned`` from that many pairs."""
    g, eta = given.gradient, given.hyperparameters["learning_rate"]
    pair = TraceLine("Newest pair", "s = w − w₋₁, y = g − g₋₁", f"{newest.numbers}, pairs: {learned}", newest.says)
    d = -H @ g
    down = bool(d @ g < 0.0)
    if down:
        direction = TraceLine(
            "Direction", "d = −H g", f"d = −{shown(H)} {shown(g)} = {shown(d)}",
            "Leads to the lowest point of the parabola that H stands for." if learned
            else "Down the gradient, for nothing is known of the bend yet.", "state", d,
        )  # fmt: skip
    else:
        d = -g
        direction = TraceLine(
            "Direction", "d = −g", f"d = {shown(d)}", "Down the gradient, for H does not lead down.", "state", d,
        )  # fmt: skip
    first = eta if down and given.before.t[0] else eta / max(float(np.abs(g).sum()), 1.0)
    return _walked(given, d, first, pair, direction, model=_inverse(H) if down and learned else None)


def _inverse(H: Array) -> Array | None:
    """B, of which H is the inverse; None where there is none."""
    try:
        B = np.linalg.inv(H)
    except np.linalg.LinAlgError:
        return None
    return 0.5 * (B + B.T) if np.isfinite(B).all() else None


def _walked(given: UpdateInput, d: Array, first: float, *inner: TraceLine, model: Array | None) -> UpdateTrace:
    """The length of the step, of which ``first`` is tried first, and the change."""
    eta, slope = given.hyperparameters["learning_rate"], f"gᵀd = {shown(given.gradient @ d)}"
    if given.hyperparameters["line_search"]:
        longest = int(np.argmax(np.abs(d)))
        t = float(given.change[longest] / d[longest]) if d[longest] else 0.0
        length = TraceLine(
            "Length of step", "f(w + t d) ≤ f(w) + c₁ t gᵀd, ∇f(w + t d)ᵀd ≥ c₂ gᵀd",
            f"f(w) = {shown(given.value)}, {slope}, c₁ = {setting(C1)}, c₂ = {setting(C2)}, "
            f"first t = {shown(first)}, t = {shown(t)}",
            "Halved or doubled until the loss is lower and the slope flatter." if t
            else "Stays, for no step was found that lowers the loss.",
        )  # fmt: skip
    else:
        t = first
        length = TraceLine(
            "Length of step", "t = η" if first == eta else "t = η / ‖g‖₁", f"{slope}, t = {shown(t)}",
            "Taken unseen, without a search.",
        )  # fmt: skip
    change = t * d
    step = changed("t d", f"{shown(t)} · {shown(d)}", "The direction, times the length.", change)
    return update_trace(given, change, *inner, length, step, overlay=Overlay(model=model))
