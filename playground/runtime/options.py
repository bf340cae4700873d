"""Options: named choices that are no part of the engine, and how a menu in the browser is told of any entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from engine import Hyperparameter
from playground.runtime.json_value import Json


class Described(Protocol):
    """An entry of any registry that a menu can show."""

    @property
    def name(self) -> str:
        """The key."""

    @property
    def label(self) -> str:
        """What a person reads."""

    @property
    def doc(self) -> str:
        """One sentence for a tooltip."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the key, what a person reads, and one sentence for a tooltip."""

    name: str
    label: str
    doc: str


def described(entry: Described) -> dict[str, Json]:
    """One entry of a registry as a menu needs it, with its hyperparameters, ready for JSON."""
    hyperparameters = [_number(hyperparameter) for hyperparameter in getattr(entry, "hyperparameters", ())]
    return {"name": entry.name, "label": entry.label, "doc": entry.doc, "hyperparameters": hyperparameters}


def _number(hyperparameter: Hyperparameter) -> dict[str, Json]:
    return {
        "name": hyperparameter.name,
        "label": hyperparameter.label or hyperparameter.name,
        "doc": hyperparameter.doc,
        "default": hyperparameter.default,
        "low": hyperparameter.low,
        "high": hyperparameter.high,
        "integer": hyperparameter.integer,
    }
