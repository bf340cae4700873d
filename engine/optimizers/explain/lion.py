"""Lion, step by step."""

from __future__ import annotations

import numpy as np

from engine.optimizers.explain.means import mean
from engine.optimizers.explain.numbers import setting, shown
from engine.optimizers.explain.update_trace import TraceLine, UpdateInput, UpdateTrace, changed, update_trace
from engine.optimizers.lion import Mean


@np.errstate(all="ignore")
def explain_lion(inputs: UpdateInput[Mean]) -> UpdateTrace:
    """Blend, change, mean gradient."""
    g, m, w = inputs.gradient, inputs.before.m, inputs.params
    eta, beta1, beta2, decay = (
        inputs.hyperparameters[name] for name in ("learning_rate", "beta1", "beta2", "weight_decay")
    )
    c = beta1 * m + (1.0 - beta1) * g
    numbers = f"c = {setting(beta1)} · {shown(m)} + {setting(1.0 - beta1)} · {shown(g)} = {shown(c)}"
    says = "A weighted average of the mean gradient and the newest gradient."
    blend = TraceLine("Blend", "c = β₁ m + (1 − β₁) g", numbers, says)
    change = -eta * (np.sign(c) + decay * w)
    numbers = f"−{setting(eta)} · ({shown(np.sign(c))} + {setting(decay)} · {shown(w)})"
    says = "Every parameter moves by the learning rate, up or down; with λ it also shrinks."
    step = changed("−η (sign(c) + λ w)", numbers, says, change)
    _, memory = mean("β₂", beta2, m, g)
    return update_trace(inputs, change, blend, step, memory)


EXPLANATIONS = {"lion": explain_lion}
