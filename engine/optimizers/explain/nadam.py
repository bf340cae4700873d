"""NAdam, step by step."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.optimizers.adam import ScheduledMoments
from engine.optimizers.explain.means import mean, mean_square
from engine.optimizers.explain.numbers import setting, shown
from engine.optimizers.explain.update_trace import Overlay, TraceLine, UpdateInput, UpdateTrace, changed, update_trace


@np.errstate(all="ignore")
def explain_nadam(inputs: UpdateInput[ScheduledMoments]) -> UpdateTrace:
    """Both means, momenta, look ahead, change."""
    before = inputs.before
    eta, beta1, beta2, floor = (inputs.hyperparameters[name] for name in ("learning_rate", "beta1", "beta2", "epsilon"))
    m, first = mean("β₁", beta1, before.m, inputs.gradient)
    v, second = mean_square("β₂", beta2, before.v, inputs.gradient)
    says = "The average gradient and the average of its square; older gradients count less and less."
    means = TraceLine("Means", f"{first.formula}, {second.formula}", f"{first.numbers}, {second.numbers}", says)
    momenta, momenta_line = _momenta(inputs)
    mixed, for_mean, look_ahead = _look_ahead(inputs.gradient, m, momenta)
    v_hat = v / (1.0 - beta2 ** (float(before.t[0]) + 1.0))
    size = np.sqrt(v_hat) + floor
    change = -eta * mixed / size
    numbers = f"−{setting(eta)} · {shown(mixed)} / (√{shown(v_hat)} + {setting(floor)})"
    says = "The looked-ahead gradient divided by the gradient's usual size; v̂ = v / (1 − β₂ᵗ)."
    step = changed("−η m̄ / (√v̂ + ε)", numbers, says, change)
    overlay = Overlay(velocity=-eta * for_mean * beta1 * before.m / size, rates=eta / size)
    return update_trace(inputs, change, means, momenta_line, look_ahead, step, overlay=overlay)


class _Momenta(NamedTuple):
    """The momentum of this step, of the next one, and the product of all momenta up to this step."""

    now: float
    ahead: float
    product: float


def _momenta(inputs: UpdateInput[ScheduledMoments]) -> tuple[_Momenta, TraceLine]:
    t, mu = float(inputs.before.t[0]) + 1.0, float(inputs.before.mu[0])
    beta1, psi = inputs.hyperparameters["beta1"], inputs.hyperparameters["momentum_decay"]
    now, ahead = (beta1 * (1.0 - 0.96 ** (at * psi) / 2.0) for at in (t, t + 1.0))
    product = mu * now
    numbers = f"μₜ = {setting(now)}, μₜ₊₁ = {setting(ahead)}, Π = {shown(mu)} · {setting(now)} = {shown(product)}"
    says = "The momentum of this step and of the next: it rises from half of β₁ to β₁."
    line = TraceLine("Momenta", "μₜ = β₁ (1 − ½ 0.96^(t ψ)), Π = μ₁ ⋯ μₜ", numbers, says)
    return _Momenta(now, ahead, product), line


def _look_ahead(g: Array, m: Array, momenta: _Momenta) -> tuple[Array, float, TraceLine]:
    """The mix of gradient and mean, the weight of the mean in it, and its line."""
    now, ahead, product = momenta
    for_gradient, for_mean = (1.0 - now) / (1.0 - product), ahead / (1.0 - product * ahead)
    mixed = for_gradient * g + for_mean * m
    numbers = f"m̄ = {shown(for_gradient)} · {shown(g)} + {shown(for_mean)} · {shown(m)} = {shown(mixed)}"
    says = "Mixes the newest gradient with the mean gradient, weighted with the next step's momentum."
    return mixed, for_mean, TraceLine("Look ahead", "m̄ = (1 − μₜ) g / (1 − Π) + μₜ₊₁ m / (1 − Π μₜ₊₁)", numbers, says)


EXPLANATIONS = {"nadam": explain_nadam}
