"""What the page shows of an experiment: the engine's entries say what is trained, this table what to look at."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_WEIGHTS = {"upper": "weight", "lower": "weight_gradient"}
_SUMS = {"upper": "pre_activation", "lower": "gradient"}
_STEPS = {"upper": "activation", "lower": "update_ratio"}

EXPERIMENT_VIEWS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "zero_weights": _WEIGHTS,
        "constant_weights": _WEIGHTS,
        "linear_growth": _SUMS,
        "linear_decay": _SUMS,
        "sigmoid_saturated": _SUMS,
        "sigmoid_deep": _SUMS,
        "dropout": {"view": "mean"},
        "overfit_20": _STEPS,
    }
)
"""By the name of the experiment, the settings that differ from the page's defaults; an experiment without an entry
shows the defaults."""
