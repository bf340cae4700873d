"""Explanations of the update rules, step by step; one file for each family of rules.

The rules know nothing of their explanations: ``explain`` finds them by the optimizer's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.optimizers.base import Optimizer
from engine.optimizers.explain import (
    adadelta,
    adagrad,
    adam,
    delta_bar_delta,
    lion,
    momentum,
    nadam,
    newton,
    quasi_newton,
    sgd,
)
from engine.optimizers.explain.update_trace import (
    Explain,
    Overlay,
    Role,
    TraceLine,
    UpdateInput,
    UpdateTrace,
    changed,
    update_trace,
)

__all__ = ["EXPLANATIONS", "Overlay", "Role", "TraceLine", "UpdateInput", "UpdateTrace", "explain"]

_FAMILIES = (sgd, momentum, adagrad, adadelta, adam, nadam, lion, delta_bar_delta, newton, quasi_newton)

EXPLANATIONS: Mapping[str, Explain] = MappingProxyType(
    {name: explanation for family in _FAMILIES for name, explanation in family.EXPLANATIONS.items()}
)
"""By the name of the optimizer."""


def explain(optimizer: Optimizer, inputs: UpdateInput[Any]) -> UpdateTrace:
    """What goes on inside one update of a rule.

    A rule without an explanation of its own gets its formula and the change that it made. Nothing here warns: numbers
    may overflow.
    """
    return EXPLANATIONS.get(optimizer.name, _unexplained)(inputs)


@np.errstate(all="ignore")
def _unexplained(inputs: UpdateInput[Any]) -> UpdateTrace:
    step = changed("u(g, w, memory)", "u", "The change that the rule made.", inputs.change)
    return update_trace(inputs, inputs.change, step)
