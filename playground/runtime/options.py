"""Options: named choices that are no part of the engine, and how a menu in the browser is told of any entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypedDict

import param

from engine import Hyperparameter


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


class Tunable(Described, Protocol):
    """An entry with hyperparameters."""

    @property
    def hyperparameters(self) -> tuple[Hyperparameter, ...]:
        """Its numbers."""


class Entry(TypedDict):
    """An entry that can be chosen, as a menu needs it."""

    name: str
    label: str
    doc: str


class NumberField(Entry):
    """A hyperparameter as a field in the browser needs it."""

    default: float
    low: float
    high: float
    integer: bool


class TunableEntry(Entry):
    """An entry with numbers of its own."""

    hyperparameters: list[NumberField]


def described(entry: Described) -> Entry:
    """One entry of a registry as a menu needs it, ready for JSON."""
    return {"name": entry.name, "label": entry.label, "doc": entry.doc}


def tunable(entry: Tunable) -> TunableEntry:
    """The same with its hyperparameters."""
    return {**described(entry), "hyperparameters": [number(one) for one in entry.hyperparameters]}


def number(hyperparameter: Hyperparameter) -> NumberField:
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


def labelled(group: type[param.Parameterized], name: str) -> Entry:
    """One setting as a control in the browser needs it: its name, what a person reads, and a tooltip."""
    parameter = group.param[name]
    return {"name": name, "label": str(parameter.label), "doc": str(parameter.doc)}
