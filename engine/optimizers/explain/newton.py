"""Newton's method, step by step."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.optimizers.base import NoOptimizerState
from engine.optimizers.explain.numbers import setting, shown
from engine.optimizers.explain.step_length import with_step_length
from engine.optimizers.explain.update_trace import TraceLine, UpdateInput, UpdateTrace, changed, update_trace


@np.errstate(all="ignore")
def explain_newton(inputs: UpdateInput[NoOptimizerState]) -> UpdateTrace:
    """Curvature, direction, step length, change; without the Hessian only the change, as the rule made it."""
    if inputs.hessian is None:
        says = "Moves to the lowest point of the parabola, or part of the way."
        step = changed("−t Q max(|Λ|, λ)⁻¹ Qᵀ g", "t d", says, inputs.change)
        return update_trace(inputs, inputs.change, step)
    g, eta = inputs.gradient, inputs.hyperparameters["learning_rate"]
    bends, Q, curvature = _curvature(inputs.hessian, inputs.hyperparameters["damping"])
    d = -sum(q * (q @ g) / bend for q, bend in zip(Q.T, bends, strict=True))
    numbers = f"d = −Q {shown(1.0 / bends)} Qᵀ {shown(g)} = {shown(d)}"
    says = "Points to the lowest point of the parabola."
    direction = TraceLine("Direction", "d = −Q max(|Λ|, λ)⁻¹ Qᵀ g", numbers, says, "state", d)
    return with_step_length(inputs, d, eta, curvature, direction, model=(Q * bends) @ Q.T)


def _curvature(hessian: Array, damping: float) -> tuple[Array, Array, TraceLine]:
    """The curvatures that are used, (P,), the axes along which they are measured, (P, P), and their line."""
    usable = bool(np.isfinite(hessian).all())
    eigenvalues, Q = np.linalg.eigh(hessian if usable else np.eye(len(hessian)))
    bends = np.maximum(np.abs(eigenvalues), damping)
    numbers = f"∇²f = {shown(hessian)}, Λ = {shown(eigenvalues)}, max(|Λ|, {setting(damping)}) = {shown(bends)}"
    fitted = "Fits a parabola to the loss, and makes it open upwards along every axis."
    says = fitted if usable else "The Hessian is not finite, so the identity matrix is used instead."
    return bends, Q, TraceLine("Curvature", "∇²f = Q Λ Qᵀ, B = Q max(|Λ|, λ) Qᵀ", numbers, says)


EXPLANATIONS = {"newton": explain_newton}
