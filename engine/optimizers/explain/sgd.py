"""SGD, step by step."""

from __future__ import annotations

import numpy as np

from engine.optimizers.base import NoOptimizerState
from engine.optimizers.explain.numbers import setting, shown
from engine.optimizers.explain.update_trace import UpdateInput, UpdateTrace, changed, update_trace


@np.errstate(all="ignore")
def explain_sgd(inputs: UpdateInput[NoOptimizerState]) -> UpdateTrace:
    """Gradient, change, new point."""
    g, eta = inputs.gradient, inputs.hyperparameters["learning_rate"]
    change = -eta * g
    says = "Moves down the gradient, by the gradient times the learning rate."
    return update_trace(inputs, change, changed("−η g", f"−{setting(eta)} · {shown(g)}", says, change))


EXPLANATIONS = {"sgd": explain_sgd}
