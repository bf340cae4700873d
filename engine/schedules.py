"""Schedules: the factor on the learning rate, as a function of the step alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.registry import Knob, Registry


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule; ``factor(step, knobs)`` is 1 at step 0."""

    name: str
    label: str
    factor: Callable[[int, Mapping[str, Any]], float]
    knobs: tuple[Knob, ...]
    formula: str
    doc: str
    source: str


def _constant(step: int, knobs: Mapping[str, Any]) -> float:
    return 1.0


def _exponential(step: int, knobs: Mapping[str, Any]) -> float:
    return math.exp(-knobs["decay"] * step)


SCHEDULES = Registry(
    "schedule",
    [
        Schedule("constant", "Constant", _constant, (), r"1", "The learning rate stays as it is.", "none"),
        Schedule(
            "exponential", "Exponential", _exponential,
            (Knob("decay", 1e-3, 0.0, 1.0, "Decay per step.", "Decay"),),
            r"e^{-k t}", "Falls by the same share at every step.", "classic; t counts steps, not epochs",
        ),
    ],
)  # fmt: skip
