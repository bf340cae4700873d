"""Options: named choices that are no part of the engine, and how a menu in the browser is told of any entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import param

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
    hyperparameters = [number(hyperparameter) for hyperparameter in getattr(entry, "hyperparameters", ())]
    return {"name": entry.name, "label": entry.label, "doc": entry.doc, "hyperparameters": hyperparameters}


def number(hyperparameter: Hyperparameter) -> dict[str, Json]:
    """A hyperparameter as a field in the browser needs it, ready for JSON."""
    return {
        "name": hyperparameter.name,
        "label": hyperparameter.label or hyperparameter.name,
        "doc": hyperparameter.doc,
        "default": hyperparameter.default,
        "low": hyperparameter.low,
        "high": hyperparameter.high,
        "integer": hyperparameter.integer,
    }


def labelled(group: type[param.Parameterized], name: str) -> dict[str, Json]:
    """One setting as a control in the browser needs it: its name, what a person reads, and a tooltip."""
    parameter = group.param[name]
    return {"name": name, "label": parameter.label, "doc": parameter.doc}
